#!/usr/bin/env python3
"""Lets allocations and system calls fail, one at a time, and looks at what is left.

    faults.py PROGRAM LIBRARY [TIMES]

LIBRARY is faults.c as a shared library. Of each command the k-th call of a kind fails, or it and all later ones, at
TIMES moments drawn from a fixed seed. The program must then end with a sentence and leave results whole or
not there at all, or have done what it does otherwise; and the same command must work when it is given again. At some
calls it is killed instead. Files that it was not told of it opens only where the system keeps its own.
"""
import errno, os, platform, random, shutil, sqlite3, subprocess, sys, tempfile, time

program, library = (os.path.abspath(p) for p in sys.argv[1:3])
times = int(sys.argv[3]) if len(sys.argv) > 3 else 1
checkout = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
chance = random.Random(20261103)

# From the records, from a case file that holds them, and from one that was analysed.
COMMANDS = (
    ("none", "run", "week", "-o", "out", "--lang", "en"), ("none", "import", "week"), ("read", "analyze"),
    ("told", "report", "weekly", "--to", "pdf", "-o", "out/weekly"), ("told", "report", "customer", "--to", "html", "-o", "out/customer"),
    ("told", "respond", "1", "--to", "cacao", "-o", "out/plan"), ("told", "chart", "attack-timeline", "--to", "png", "-o", "out/chart"),
    ("told", "export", "stix", "-o", "out/stix"), ("told", "note", "1", "owner", "Sato"))
# What faults.c takes for an error: the program is killed at that call, or writes half.
KILLED, HALF = 0, -1
ERRORS = {"memory": (errno.ENOMEM,), "open": (errno.EMFILE, errno.EACCES, errno.EIO), "read": (errno.EIO, errno.EINTR),
          "write": (errno.ENOSPC, errno.EIO, errno.EINTR, HALF, KILLED), "sync": (errno.EIO, errno.ENOSPC, KILLED),
          "truncate": (errno.EIO, KILLED), "rename": (errno.ENOSPC, errno.EIO, KILLED), "unlink": (errno.EIO, KILLED),
          "map": (errno.ENOMEM,)}
# Before main begins, libraries ask for memory already.
EARLY = range(1, 41)


def fail(text):
    print("faults: FAILED: " + text)
    sys.exit(1)


def command(words, **environment):
    try:
        return subprocess.run([program, words[0], "--case", "cut.db", *words[1:]], capture_output=True, timeout=120,
                              env=dict(os.environ, **environment))
    except subprocess.TimeoutExpired:
        fail(" ".join(words) + f" with {environment} does not end")


def begin(state):
    for end in ("", "-wal", "-shm", "-journal"):
        if os.path.exists("cut.db" + end):
            os.unlink("cut.db" + end)
    shutil.rmtree("out", ignore_errors=True)
    os.mkdir("out")
    if state != "none":
        shutil.copy(state + ".db", "cut.db")


def results(hidden=False):
    """Files in the folder by name; what was being written when it failed has a name of its own and is no result."""
    return {n: open(os.path.join("out", n), "rb").read() for n in os.listdir("out") if hidden or ".tmp." not in n}


def known():
    """What was read and what people entered; conclusions may be drawn anew."""
    db = sqlite3.connect("cut.db")
    if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        fail("the case file is damaged")
    rows = [db.execute(sql).fetchall() for sql in ("SELECT * FROM truth",
            "SELECT s.name, a.line, a.at, a.key FROM alert a JOIN source s ON s.id = a.source ORDER BY 1, 2",
            "SELECT kind, value FROM indicator ORDER BY kind, value", "SELECT name, done, imported, rejected FROM source ORDER BY name",
            "SELECT * FROM note")]
    db.close()
    return rows


def look_at_what_is_left():
    """A case file that a killed program left may be none yet, but is sound."""
    if os.path.exists("cut.db") and os.path.getsize("cut.db") > 0:
        known()


def moments(counts):
    """(call, k, and later ones, error): some of each call."""
    for call, errors in ERRORS.items():
        every = [(call, k, later, error) for k in range(1, counts[call] + 1) for later in (False, True) for error in errors
                 if not (later and error in (errno.EINTR, KILLED))]      # who is interrupted for ever tries for ever
        yield from chance.sample(every, min(times, len(every)))


def try_one(words, state, moment, good, content):
    call, k, later, error = moment
    wish = f"{call}:{k}{'+' if later else ''}:{error}"
    what = f"{' '.join(words)} with FAULT={wish}"
    begin(state)
    p = command(words, LD_PRELOAD=library, FAULT=wish)
    said = (p.stdout + p.stderr).decode(errors="replace")
    left = results()
    if error == KILLED:
        look_at_what_is_left()
    elif p.returncode < 0 or p.returncode > 3:
        fail(f"{what} ends with {p.returncode}: {said}")
    if any(good.get(name) != bytes_ for name, bytes_ in left.items()):
        fail(f"{what} leaves half a result among {sorted(left)}: {said}")
    if p.returncode == 0 and left != good:
        fail(f"{what} says that all is done and leaves only {sorted(left)}")
    if p.returncode > 0 and not p.stderr:
        fail(f"{what} fails without a word")
    if p.returncode == 0 and known() != content:
        fail(f"{what} says that all is done, and the case file holds something else")
    again = command(words)
    if again.returncode != 0 or results(hidden=True) != good or known() != content:
        fail(f"{what}, then again without: {again.returncode}: {(again.stdout + again.stderr).decode()} {sorted(results(True))}")
    return p.returncode == 0


# What a program may open beside what it is given: libraries' own data, and what the machine says of itself.
SYSTEM = ("/usr/", "/etc/fonts", "/etc/ssl/", "/etc/localtime", "/proc/self/", "/proc/cpuinfo", "/sys/devices/system/cpu", "/dev/null",
          "/dev/urandom", "/var/cache/fontconfig/")


def opens_only_its_own(words):
    with open("opened") as opened:
        paths = set(opened.read().splitlines())
    os.unlink("opened")
    foreign = [p for p in paths if not os.path.realpath(p).startswith(os.getcwd()) and not p.startswith(SYSTEM)]
    if foreign:
        fail(f"{' '.join(words)} opens {sorted(foreign)}")


def try_all(state, *words):
    begin(state)
    p = command(words, LD_PRELOAD=library, FAULT_COUNT="counts", FAULT_OPENED="opened")
    if p.returncode != 0:
        fail(f"{' '.join(words)}: {p.stderr.decode()}")
    opens_only_its_own(words)
    good, content = results(hidden=True), known()
    with open("counts") as counted:
        counts = {call: int(n) for call, n in (line.split() for line in counted)}
    tried = list(moments(counts))
    return len(tried), sum(try_one(words, state, moment, good, content) for moment in tried)


def filters(pid):
    with open(f"/proc/{pid}/status") as status:
        return sum(int(line.split()[1]) for line in status if line.startswith("Seccomp_filters:"))


def is_confined():
    """While the program reads, the kernel filters what it asks for (render/cli/confine.h)."""
    with open("/proc/self/status") as status:
        if platform.machine() not in ("x86_64", "aarch64") or "Seccomp_filters:" not in status.read():
            return
    p = subprocess.Popen([program, "import", "--case", "cut.db", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while filters(p.pid) <= filters("self") and p.poll() is None:
        if time.monotonic() > until:
            fail("the program reads and is not confined")
        time.sleep(0.01)
    p.kill()
    p.wait()


with tempfile.TemporaryDirectory(prefix="tsumugi-faults.") as folder:
    sample = os.path.join(checkout, "samples", "proxylogon-week")
    os.chdir(folder)
    shutil.copytree(os.path.join(checkout, "templates"), "templates")
    os.mkdir("build")
    program = os.path.abspath(shutil.copy(program, "build"))
    os.mkdir("week")
    shutil.copy(os.path.join(sample, "indicators.csv"), "week")
    with open(os.path.join(sample, "suricata-eve.json")) as eve, open("week/eve.json", "w") as out:
        out.writelines([line for line in eve if '"alert"' in line and '"severity":3' not in line][:60])
    for state, words in (("read", ("import", "week")), ("told", ("analyze",))):
        if command(words).returncode != 0:
            fail(" ".join(words))
        shutil.copy("cut.db", state + ".db")
    # Which of these belong to which library is chance; all end before anything was done.
    for k in EARLY:
        p = command(("version",), LD_PRELOAD=library, FAULT=f"memory:{k}:{errno.ENOMEM}")
        if p.returncode not in (0, 1) or (p.returncode == 1 and not p.stderr):
            fail(f"version with the allocation {k} failing ends with {p.returncode}: {p.stderr.decode()}")
    is_confined()
    tried, done = map(sum, zip(*(try_all(*words) for words in COMMANDS)))
print(f"faults: {tried} calls failed in {len(COMMANDS)} commands; {done} were done all the same, the others said why; all worked again")
