#!/usr/bin/env python3
"""Kills the program at random moments, runs several at once, and looks at what is left.

    tests/kill.py PROGRAM GENERATOR [ROUNDS]

After each kill -9 the case file must open, be sound, and hold whole batches: as many alerts as its progress says, each
with its raw record, and none behind it, from a plain file as from a folder of packed ones. Importing again must then reach the same content as an import that was left
alone. What is killed while it writes a result (analysis, report, export, chart, plan, note, a folder of all) leaves the case file sound and the result whole or
not there at all. Two imports at once, of the same file or of two, must both succeed, or say that the other one writes, and
leave the same content too. Who reads while an import or an analysis goes on is told of one state of the case file. The moments are drawn from a fixed seed; where exactly a kill strikes is up to the machine.
"""
import gzip, hashlib, json, lzma, os, random, shutil, signal, sqlite3, subprocess, sys, tempfile, time, types

program, generator = (os.path.abspath(p) for p in sys.argv[1:3])
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 20
checkout = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
alerts = 8000
chance = random.Random(20261102)


def command(case, *words):
    return [program, words[0], "--case", case, *words[1:]]


def run(case, *words):
    return subprocess.run(command(case, *words), capture_output=True)


def said(p):
    """How a program ended, for a failure that comes once in a thousand runs."""
    return f"status {p.returncode}: {(p.stdout + p.stderr).decode()}"


def fail(text):
    print("kill: FAILED: " + text)
    sys.exit(1)


def content(case):
    """What does not depend on how often the import was cut off: not row numbers of casts and alerts."""
    db = sqlite3.connect(case)
    h = hashlib.sha256()
    for sql in (
        "SELECT name, format, sha256, size, done, imported, repeated, rejected, blank, alerts, first, last FROM source ORDER BY id",
        "SELECT id, kind, value, shown FROM entity ORDER BY id",
        "SELECT * FROM rule ORDER BY id",
        "SELECT * FROM verdict ORDER BY id",
        "SELECT a.at, a.key, a.source, a.line, a.offset, a.length, a.verdict, c.members, a.native_id "
        "FROM alert a JOIN cast_list c ON c.id = a.cast_list ORDER BY a.source, a.offset",
        "SELECT kind, value, source FROM indicator ORDER BY kind, value",
        "SELECT c.source, c.line, c.offset, c.written, i.value, c.sum FROM claim c JOIN indicator i ON i.id = c.indicator ORDER BY c.source, c.offset, i.value",
        "SELECT * FROM asset ORDER BY source, offset",
        "SELECT * FROM truth", "SELECT * FROM telemetry ORDER BY hour, kind, from_end, to_end, name, source",
        "SELECT source, line, reason FROM reject ORDER BY source, offset"):
        for row in db.execute(sql):
            h.update(repr(row).encode())
    db.close()
    return h.hexdigest()


def look(case):
    """Sound, and whole batches only. Returns how many alerts are in."""
    if not os.path.exists(case) or os.path.getsize(case) == 0:
        return 0
    if run(case, "export", "rejects").returncode not in (0, 3):
        fail("the case file does not open: " + run(case, "export", "rejects").stderr.decode())
    db = sqlite3.connect(case)
    if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        fail("the case file is damaged")
    total = 0
    for source, alerts_in, taken, offset in db.execute("SELECT id, alerts, imported + (alerts = 0) * repeated, offset FROM source").fetchall():
        n, last = db.execute("SELECT count(*), coalesce(max(offset + length), 0) FROM alert WHERE source = ?", (source,)).fetchone()
        lists, end = db.execute("SELECT count(*), coalesce(max(offset), 0) FROM (SELECT offset FROM asset WHERE source = ?1 "
                                "UNION SELECT offset FROM claim WHERE source = ?1)", (source,)).fetchone()
        if n != alerts_in or n + lists != taken or max(last, end) > offset:
            fail(f"half a batch: {n} alerts to byte {last} and {lists} lines of lists to byte {end}, "
                 f"progress says {taken} to byte {offset}")
        if n and not db.execute("SELECT 1 FROM raw WHERE source = ?", (source,)).fetchone():
            fail("alerts without their raw records")
        total += n
    sums = db.execute("SELECT alerts FROM truth").fetchone()[0]
    if sums != total:
        fail(f"{total} alerts, totals say {sums}")
    counted, records = db.execute("SELECT coalesce(sum(count), 0), (SELECT telemetry FROM truth) FROM telemetry").fetchone()
    if counted != records:
        fail(f"telemetry of {counted} records, totals say {records}")
    db.close()
    return total


def with_flows(lines):
    """After every second alert a flow of one of a few pairs, so that batches share their counts."""
    for i, line in enumerate(lines):
        yield line
        if i % 2 == 0:
            yield json.dumps({"timestamp": f"2026-11-0{1 + i // 3 % 7}T{i % 24:02}:{i // 24 % 60:02}:{i % 60:02}.000000+0000",
                              "event_type": "flow", "flow_id": i, "src_ip": f"10.0.0.{i % 5}", "dest_ip": f"192.0.2.{i % 3}",
                              "flow": {"bytes_toserver": i, "bytes_toclient": 2 * i}}).encode() + b"\n"


def killed(case, long, *words):
    p = subprocess.Popen(command(case, *words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chance.random() * long)
    p.kill()
    p.wait()


def forget(case):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(case + end):
            os.unlink(case + end)


def left_alone(case, *words):
    """What an import gives that nobody kills: its content, how long it took, its export; and the case file."""
    began = time.monotonic()
    alone = run(case, *words)
    if alone.returncode != 3:
        fail("the import that is left alone: " + said(alone))
    whole = types.SimpleNamespace(words=words, long=time.monotonic() - began, content=content(case))
    shutil.copy(case, "fresh.db")
    whole.assignments = run(case, "export", "assignments").stdout
    return whole


def kill_imports(ways):
    """In turns of each way."""
    cut = set()
    for i in range(rounds):
        case, whole = f"{i}.db", ways[i % len(ways)]
        killed(case, whole.long, *whole.words)
        cut.add(look(case))
        again = run(case, *whole.words)
        if again.returncode != 3:
            fail("importing again: " + said(again))
        if content(case) != whole.content:
            fail(f"round {i}: another content than that of an import that was left alone")
        # The export analyses everything first: a few of them must do.
        if i % 7 == 0 and run(case, "export", "assignments").stdout != whole.assignments:
            fail(f"round {i}: another export of assignments")
        forget(case)
    return len(cut)


def tree(folder):
    return {name: open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)} if os.path.isdir(folder) else {}


def kill_runs(times):
    """Of what 'run' puts into its folder each file is whole or not there, whenever it ends."""
    words = ("run", "eve.json", "-o", "reports", "--lang", "en")
    start = time.monotonic()
    if run("ran.db", *words).returncode != 3:
        fail("run")
    long, good, whole = time.monotonic() - start, tree("reports"), 0
    for _ in range(times):
        forget("cut.db")
        shutil.rmtree("reports")
        killed("cut.db", long, *words)
        look("cut.db")
        left = {name: bytes_ for name, bytes_ in tree("reports").items() if ".tmp." not in name}
        if any(good.get(name) != bytes_ for name, bytes_ in left.items()):
            fail("run was killed and left half a file")
        whole += len(left)
        if run("cut.db", *words).returncode != 3 or tree("reports") != good:
            fail("run has other results after a kill")
    return whole


def kill_notes(times):
    """What people enter is there or not, never in part, and nothing else changes."""
    def entered():
        return run("cut.db", "note").stdout.decode()

    shutil.copy("good.db", "cut.db")
    before, kept = entered(), 0
    words = ("note", "1", "owner", "Yamada " * 500)
    start = time.monotonic()
    run("cut.db", *words)
    long, after = time.monotonic() - start, entered()
    if before == after:
        fail("a note is not kept")
    for _ in range(times):
        forget("cut.db")
        shutil.copy("good.db", "cut.db")
        killed("cut.db", long, *words)
        look("cut.db")
        if (now := entered()) not in (before, after):
            fail(f"note was killed and left something else: {now[:200]}")
        kept += now == after
        if run("cut.db", *words).returncode != 0 or entered() != after:
            fail("a note is not kept after a kill")
    return kept


RESULTS = (("analyze",), ("report", "weekly", "--to", "pdf", "-o", "result"), ("report", "customer", "--to", "html", "-o", "result"),
           ("export", "stix", "-o", "result"), ("export", "assignments", "-o", "result"), ("respond", "1", "--to", "cacao", "-o", "result"),
           ("chart", "attack-timeline", "--to", "png", "-o", "result"), ("chart", "week-overview", "--to", "pdf", "-o", "result"))


def kill_results(times):
    """In turns each begins with a case file that was not analysed, so that the kill strikes the analysis, and with one that was."""
    there = 0
    for words in RESULTS:
        shutil.copy("fresh.db", "good.db")
        start = time.monotonic()
        if run("good.db", *words).returncode != 0:
            fail(" ".join(words))
        anew = time.monotonic()
        run("good.db", *words)
        turns = (("fresh.db", anew - start), ("good.db", time.monotonic() - anew))
        good = open("result", "rb").read() if "result" in words else None
        for i in range(times):
            began, long = turns[i % 2]
            forget("cut.db")
            shutil.copy(began, "cut.db")
            if os.path.exists("result"):
                os.unlink("result")
            killed("cut.db", long, *words)
            look("cut.db")
            if os.path.exists("result"):
                there += 1
                if open("result", "rb").read() != good:
                    fail(" ".join(words) + " was killed and left half a result")
            if run("cut.db", *words).returncode != 0 or (good and open("result", "rb").read() != good):
                fail(" ".join(words) + " has another result after a kill")
            if [f for f in os.listdir(".") if ".tmp." in f]:
                fail(" ".join(words) + " leaves a file beside its result")
    return there


def one_state(case, lines):
    """Asks for what can be held against itself; lines: those of all alerts. Returns how many alerts the answers knew."""
    known = []
    p = run(case, "export", "assignments")
    if p.returncode in (0, 3):
        got = [int(row.split(",")[1]) for row in p.stdout.decode().splitlines()[1:]]
        if got != lines[:len(got)]:
            fail("an export meanwhile lists other alerts than the first that were read")
        known.append(len(got))
    else:
        fail("an export meanwhile: " + p.stderr.decode())
    p = run(case, "report", "weekly", "--to", "json")
    if p.returncode in (0, 3):
        report = json.loads(p.stdout)
        counts, sources = report["counts"], report["sources"]
        parts = counts["alerts"]
        if parts["all"] != sum(s["alerts"] for s in sources) or parts["all"] != parts["queue"] + parts["below"] + parts["single"] or \
           parts["queue"] != sum(i["alerts"] for i in report["incidents"]):
            fail(f"a report meanwhile does not add up: {counts}")
        known.append(parts["all"])
    else:
        fail("a report meanwhile: " + p.stderr.decode())
    p = run(case, "incidents", "--all", "--json")
    if p.returncode not in (0, 3):
        fail("the list of incidents meanwhile: " + p.stderr.decode())
    json.loads(p.stdout)
    if known != sorted(known):
        fail(f"an answer that came later knows less: {known}")
    return known


def feed(p, lines):
    p.stdin.write(b"".join(lines))
    p.stdin.flush()


def interrupt(p, when):
    p.send_signal(signal.SIGINT)
    if p.wait(timeout=120) != 130 or b"interrupted" not in p.stderr.read():
        fail(f"an import that was interrupted {when} ends with {p.returncode}")


def read_while_importing(lines):
    """The import is fed by hand, at first a few lines: what came is told as soon as the pipe is silent. Then it is
    interrupted in that silence."""
    seen = set()
    source = open("eve.json", "rb").read().splitlines(keepends=True)
    p = subprocess.Popen(command("live.db", "import", "-"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    few, step = 4, len(source) // 5
    feed(p, source[:few])
    while not os.path.exists("live.db"):
        time.sleep(0.05)
    for at, to in zip((0, few, *range(step, 3 * step, step)), (few, *range(step, 4 * step, step))):
        if at > 0:
            feed(p, source[at:to])
        wanted = sum(line <= to for line in lines)
        until = time.monotonic() + 120
        while wanted not in seen:
            seen.update(one_state("live.db", lines))
            if time.monotonic() > until:
                fail(f"{wanted} alerts were piped in, and after two minutes {sorted(seen)} are told")
    feed(p, source[3 * step:4 * step])
    interrupt(p, "while its pipe was silent")
    look("live.db")
    p = subprocess.Popen(command("live.db", "import", "-"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(0.3)
    interrupt(p, "before a first byte came")
    return len(seen)


def rows_of(case, table):
    """How many rows of a table are in, as soon as there is a case file with tables."""
    try:
        db = sqlite3.connect(f"file:{case}?mode=ro", uri=True)
        return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def take_first_of_open_pipes():
    """What has no line feeds is in as soon as its pipe is silent, too: an array, and elements of XML."""
    alert = open("eve.json", "rb").readline().strip()
    event = (b'<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Sysmon"/>'
             b'<EventID>3</EventID><TimeCreated SystemTime="2026-11-02T02:10:06.500Z"/><Channel>Microsoft-Windows-Sysmon/Operational'
             b'</Channel><Computer>mail01</Computer></System><EventData><Data Name="SourceIp">10.0.0.1</Data></EventData></Event>')
    for first, table in ((b"[" + alert, "alert"), (b"<Events>" + event, "telemetry")):
        forget("pipe.db")
        p = subprocess.Popen(command("pipe.db", "import", "-"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        feed(p, [first])
        until = time.monotonic() + 120
        while rows_of("pipe.db", table) == 0:
            if time.monotonic() > until or p.poll() is not None:
                fail(f"the first record of an open pipe is not in: {first[:40]}")
            time.sleep(0.05)
        p.stdin.close()
        p.wait()


def read_while_analysing():
    for words in (("export", "assignments"), ("report", "weekly", "--to", "json"), ("incidents", "--all", "--json")):
        forget("asked.db")
        shutil.copy("fresh.db", "asked.db")
        analysis = subprocess.Popen(command("asked.db", "analyze"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        p = run("asked.db", *words)
        err = analysis.communicate()[1].decode()
        if analysis.returncode != 0:
            fail("an analysis that was asked meanwhile: " + err)
        if p.returncode not in (0, 3) or p.stdout != run("good.db", *words).stdout:
            fail(" ".join(words) + " while an analysis goes on: " + (p.stderr.decode() or "another answer"))


def import_at_once(whole):
    two = [subprocess.Popen(command("two.db", "import", "eve.json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for p in two:
        err = p.communicate()[1].decode()
        if p.returncode != 3 and "being written by another program" not in err:
            fail("one of two imports at once: " + err)
    if run("two.db", "import", "eve.json").returncode != 3 or content("two.db") != whole.content:
        fail("two imports at once left another content")
    # Two files: which comes first is open, what comes of it is not.
    lines = open("eve.json", "rb").read().splitlines(keepends=True)
    for name, part in (("a.json", lines[:len(lines) // 2]), ("b.json", lines[len(lines) // 2:])):
        with open(name, "wb") as out:
            out.writelines(part)
    run("turns.db", "import", "a.json", "b.json")
    two = [subprocess.Popen(command("both.db", "import", name), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for name in ("a.json", "b.json")]
    for p in two:
        err = p.communicate()[1].decode()
        if p.returncode not in (0, 3) and "being written by another program" not in err:
            fail("one of two imports of two files at once: " + err)
    run("both.db", "import", "a.json", "b.json")
    look("both.db")
    if run("both.db", "export", "assignments").stdout != run("turns.db", "export", "assignments").stdout:
        fail("two imports of two files at once left another content")


with tempfile.TemporaryDirectory(prefix="tsumugi-kill.") as folder:
    os.chdir(folder)
    # What is edited or checked out meanwhile must not change what the program reads.
    shutil.copytree(os.path.join(checkout, "templates"), "templates")
    os.mkdir("build")
    program = os.path.abspath(shutil.copy(program, "build"))
    with open("eve.json", "wb") as out:
        made = subprocess.run([generator, str(alerts)], stdout=subprocess.PIPE, check=True).stdout
        out.writelines(with_flows(made.splitlines(keepends=True)))
        out.write(b'{"timestamp":"2026-11-09T00:00:00+0000","event_type":"alert"\n')
        size = out.tell()
    os.mkdir("packed")
    with open("eve.json", "rb") as plain:
        for name, pack in (("a.json.gz", gzip.open), ("b.json.xz", lzma.open)):
            with pack(os.path.join("packed", name), "wb") as out:
                out.writelines(plain.readlines(size // 2))
        if rest := plain.read():
            with open("packed/c.json", "wb") as out:
                out.write(rest)
    with open("packed/d.csv", "w") as out:
        out.write("asset,kind,criticality,owner\n" + "".join(f"10.1.{i // 250}.{i % 250},ip,high,Team {i}\n" for i in range(2000)))
    with open("packed/e.txt", "w") as out:
        out.write("".join(f"http://c2-{i}.example/x{i}\n198.51.100.{i % 250}\n" for i in range(2000)))
    packed = left_alone("packed.db", "import", "packed")
    whole = left_alone("whole.db", "import", "eve.json")
    lines = [int(row.split(b",")[1]) for row in whole.assignments.splitlines()[1:]]
    numbers = kill_imports((whole, packed))
    there = kill_results(max(1, rounds // 25))
    notes = kill_notes(max(1, rounds // 10))
    files = kill_runs(max(1, rounds // 25))
    read_while_analysing()
    states = read_while_importing(lines)
    take_first_of_open_pipes()
    import_at_once(whole)
print(f"kill: {rounds} imports were killed, with {numbers} different numbers of alerts in; all reached the same content; "
      f"two at once did too; {len(RESULTS) * max(1, rounds // 25)} results were killed, {there} were whole by then; {notes} of {max(1, rounds // 10)} notes were kept; "
      f"runs of everything that were killed had written {files} files, each whole; "
      f"who asked during an import was told of {states} states of it")
