#!/usr/bin/env python3
"""Kills imports at random moments and looks at what is left.

    tests/kill.py PROGRAM GENERATOR [ROUNDS]

After each kill -9 the case file must open, be sound, and hold whole batches: as many alerts as its progress says, each
with its raw record, and none behind it. Importing again must then reach the same content as an import that was left
alone. Lastly two imports of the same files at once must both succeed, or say that the other one writes, and leave the
same content too. The moments are drawn from a fixed seed; where exactly a kill strikes is up to the machine.
"""
import hashlib, json, os, random, sqlite3, subprocess, sys, tempfile, time

program, generator = (os.path.abspath(p) for p in sys.argv[1:3])
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 20
alerts = 8000
chance = random.Random(20261102)


def command(case, *words):
    return [program, words[0], "--case", case, *words[1:]]


def run(case, *words):
    return subprocess.run(command(case, *words), capture_output=True)


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
        "SELECT a.at, a.key, a.key2, a.source, a.line, a.offset, a.length, a.rule, c.members, a.severity, a.native_id "
        "FROM alert a JOIN cast_list c ON c.id = a.cast_list ORDER BY a.source, a.offset",
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
    for source, imported, offset in db.execute("SELECT id, imported, offset FROM source").fetchall():
        n, last = db.execute("SELECT count(*), coalesce(max(offset + length), 0) FROM alert WHERE source = ?", (source,)).fetchone()
        if n != imported or last > offset:
            fail(f"half a batch: {n} alerts to byte {last}, progress says {imported} to byte {offset}")
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


with tempfile.TemporaryDirectory(prefix="tsumugi-kill.") as folder:
    os.chdir(folder)
    with open("eve.json", "wb") as out:
        made = subprocess.run([generator, str(alerts)], stdout=subprocess.PIPE, check=True).stdout
        out.writelines(with_flows(made.splitlines(keepends=True)))
        out.write(b'{"timestamp":"2026-11-09T00:00:00+0000","event_type":"alert"\n')
    began = time.monotonic()
    if run("whole.db", "import", "eve.json").returncode != 3:
        fail("the import that is left alone")
    long = time.monotonic() - began
    whole, cut = content("whole.db"), set()
    exported = run("whole.db", "export", "assignments").stdout
    for i in range(rounds):
        case = f"{i}.db"
        p = subprocess.Popen(command(case, "import", "eve.json"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * long)
        p.kill()
        p.wait()
        cut.add(look(case))
        again = run(case, "import", "eve.json")
        if again.returncode != 3:
            fail("importing again: " + again.stderr.decode())
        if content(case) != whole:
            fail(f"round {i}: another content than that of an import that was left alone")
        # The export analyses everything first: a few of them must do.
        if i % 7 == 0 and run(case, "export", "assignments").stdout != exported:
            fail(f"round {i}: another export of assignments")
        for end in ("", "-wal", "-shm"):
            if os.path.exists(case + end):
                os.unlink(case + end)
    two = [subprocess.Popen(command("two.db", "import", "eve.json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for p in two:
        err = p.communicate()[1].decode()
        if p.returncode != 3 and "being written by another program" not in err:
            fail("one of two imports at once: " + err)
    if run("two.db", "import", "eve.json").returncode != 3 or content("two.db") != whole:
        fail("two imports at once left another content")
print(f"kill: {rounds} imports were killed, with {len(cut)} different numbers of alerts in; all reached the same content; "
      "two at once did too")
