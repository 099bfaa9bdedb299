#!/usr/bin/env python3
"""Runs the ways to load a file in turns, and prints medians and ratios. Called by run.sh in build/bench."""
import os, shutil, statistics, sys, time

program, here, big, rounds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
small = "small.json"
FIELDS = ("timestamp flow_id src_ip dest_ip dest_port host alert.action alert.signature_id alert.signature alert.category "
          "alert.severity alert.metadata.signature_severity[0] http.hostname http.url http.http_user_agent tls.sni "
          "tls.fingerprint tls.ja3.hash dns.query[0].rrname smb.filename files[0].filename flow.bytes_toserver "
          "flow.bytes_toclient").split()
jq = "[" + ",".join("." + f.replace("[0]", "[0]?") for f in FIELDS) + "]|@csv"
extract = ",".join(f"json_extract(j,'$.{f}')" for f in FIELDS)
columns = ",".join(f"c{i}" for i in range(len(FIELDS)))
open("jq.sql", "w").write(f"CREATE TABLE alert({columns});\n.mode csv\n.import /dev/stdin alert\n")
open("functions.sql", "w").write("CREATE TABLE line(j);\n.mode ascii\n.separator \"\\001\" \"\\n\"\n.import small.json line\n"
                                 f"CREATE TABLE alert AS SELECT {extract} FROM line WHERE json_extract(j,'$.event_type')='alert';\n"
                                 "DROP TABLE line;\n")
ROWS = ("csv", "cef", "zeek", "windows")
tsumugi = f"exec {program} import --case case.db"
duck = f"exec node {here}/duck.mjs"
WAYS = [  # file, name, command, needs
    (big, "tsumugi import --no-raw", f"{tsumugi} --no-raw {big}", program),
    (big, "DuckDB read_json -> table", f"{duck} {big} duck.db", "node_modules/@duckdb"),
    (big, "tsumugi import", f"{tsumugi} {big}", program),
    (big, "DuckDB, raw line kept", f"{duck} {big} duck.db raw", "node_modules/@duckdb"),
    (small, "tsumugi import --no-raw", f"{tsumugi} --no-raw {small}", program),
    (small, "DuckDB read_json -> table", f"{duck} {small} duck.db", "node_modules/@duckdb"),
    (small, "sqlite3 .import + json_extract", "exec sqlite3 lite.db <functions.sql", shutil.which("sqlite3")),
    (small, "jq @csv into sqlite3 .import", f"jq -r '{jq}' {small} | sqlite3 lite.db -init jq.sql .quit", shutil.which("jq")),
    (small + ".gz", "tsumugi import --no-raw", f"{tsumugi} --no-raw {small}.gz", program),
    (small + ".gz", "gzip -dc", f"exec gzip -dc {small}.gz", shutil.which("gzip")),
    *((f"rows.{kind}", "tsumugi import --no-raw", f"{tsumugi} --no-raw rows.{kind}", program) for kind in ROWS),
    *((f"rows.{kind}", "DuckDB read_csv -> table", f"exec node {here}/duck_csv.mjs rows.{kind} duck.db {kind}", "node_modules/@duckdb")
      for kind in ("csv", "zeek")),
    *((f"rows.{kind}", "Python into sqlite3 (load.py)", f"exec python3 {here}/load.py {kind} rows.{kind} lite.db", sys.executable)
      for kind in ("cef", "windows")),
]


def forget():
    for name in ("case.db", "case.db-wal", "case.db-shm", "duck.db", "duck.db.wal", "lite.db"):
        if os.path.exists(name):
            os.unlink(name)


def once(command):
    """Seconds, processor seconds, megabytes of the largest process."""
    forget()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        out = os.open(os.devnull, os.O_WRONLY)
        os.dup2(out, 1)
        os.execv("/bin/sh", ["sh", "-c", command])
    _, status, use = os.wait4(child, 0)
    took = time.monotonic() - began
    if status != 0:
        sys.exit(f"bench: failed: {command}")
    return took, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024


ways = [w for w in WAYS if w[3] and os.path.exists(w[3])]
got = [[] for _ in ways]
for turn in range(rounds):
    for way, list_ in zip(ways, got):
        # The slowest once: they are slower by more than any noise.
        if turn == 0 or "sqlite3 .import" not in way[1]:
            list_.append(once(way[2]))
            print(f"{turn + 1}: {way[0]} {way[1]}: {list_[-1][0]:.2f} s", file=sys.stderr)
forget()
print("| file | way | s (median) | cpu s | MB/s | peak MB | time beside tsumugi --no-raw |\n|---|---|---:|---:|---:|---:|---:|")
first = {}
for way, list_ in sorted(zip(ways, got), key=lambda x: [w[0] for w in WAYS].index(x[0][0])):
    seconds, cpu, memory = (statistics.median(x[i] for x in list_) for i in range(3))
    file = way[0].removesuffix(".gz")
    size = os.path.getsize(file) / 1e6
    first.setdefault(way[0], list_)      # ours is the first of each file
    ratio = statistics.median(a[0] / b[0] for a, b in zip(list_, first[way[0]]))
    print(f"| {way[0]}, {size:,.0f} MB | {way[1]} | {seconds:.2f} | {cpu:.1f} | {size / seconds:.0f} | {memory:.0f} | {ratio:.2f} |")
