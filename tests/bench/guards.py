#!/usr/bin/env python3
"""Measures what must not be mixed, and bursts of attacks at once: make score

Writes the table between the marks "guards" in tests/bench/README.md. Without ../shared it says so and does nothing.
"""
import csv
import gzip
import os
import re
import subprocess
import sys

import score

sys.path.insert(0, os.path.join(score.ROOT, "tests"))
import casefile  # noqa: E402


def case_of(tsumugi, name, paths, folder):
    case = os.path.join(folder, name + ".db")
    for path in (case, case + "-wal", case + "-shm"):
        if os.path.exists(path):
            os.remove(path)
    for command in (["import", *paths], ["analyze"]):
        score.timed([tsumugi, "--case", case] + command, stdout=subprocess.DEVNULL)
    return case


def mixed(case):
    """Of how many incidents, in the queue or below it, hold how many alerts of two files."""
    base = casefile.open(case, "ro")
    source_of, sources = dict(base.execute("SELECT id, source FROM alert")), {}
    for e in casefile.episodes(base):
        if e["incident"] is not None:
            sources.setdefault(e["incident"], set()).update(source_of[a] for a in e["alerts"])
    base.close()
    return len(sources), sum(1 for s in sources.values() if len(s) > 1)


def own_team(tsumugi, case):
    """The share of all alerts that are in an incident of the queue which holds more of their own team than of others."""
    _, _, out = score.timed([tsumugi, "--case", case, "export", "assignments"], stdout=subprocess.PIPE)
    held, total = {}, 0
    for row in csv.DictReader(out.decode("utf-8").splitlines()):
        total += 1
        if row["rank"]:
            teams = held.setdefault(row["rank"], {})
            teams[row["source"]] = teams.get(row["source"], 0) + 1
    return sum(max(teams.values()) for teams in held.values()) / total


def pairs(tsumugi, folder):
    published, plain = os.path.join(folder, "at-once.labelled.csv"), os.path.join(folder, "at-once.csv")
    with gzip.open(os.path.join(score.SHARED, "data", "ait-ads-simultaneous", "santos.labelled.csv.gz"), "rt",
                   encoding="utf-8-sig", newline="") as source, open(published, "w", encoding="utf-8", newline="") as whole, \
            open(plain, "w", encoding="utf-8", newline="") as out:
        for row in csv.reader(source):          # time, iso_time, name, ip, host, short, truth
            csv.writer(whole).writerow(row)
            csv.writer(out).writerow(row[:1] + row[2:5])
    case = case_of(tsumugi, "at-once", [plain], folder)
    _, _, assigned = score.timed([tsumugi, "--case", case, "export", "assignments"], stdout=subprocess.PIPE)
    assignments = os.path.join(folder, "at-once.assignments.csv")
    with open(assignments, "wb") as handle:
        handle.write(assigned)
    said = subprocess.check_output([sys.executable, os.path.join(score.SHARED, "eval", "score_pairs.py"), published,
                                    assignments], text=True)
    return float(re.search(r"^ALL .* f1 ([0-9.]+)", said, re.M).group(1))


def main():
    tsumugi = os.path.abspath(sys.argv[1])
    data = os.path.join(score.SHARED, "data")
    if not os.path.isdir(os.path.join(data, "ait-ads")):
        print("guards: skipped, no ../shared/data/ait-ads")
        return
    folder = os.path.join(score.ROOT, "build", "score")
    os.makedirs(folder, exist_ok=True)
    scenarios = case_of(tsumugi, "four", [score.without_labels(n, folder)[1] for n in score.SCENARIOS], folder)
    teams = case_of(tsumugi, "teams", [os.path.join(data, "suricata-splunk-cptc2017", f"NationalTeam{n}.json")
                                       for n in (5, 9)], folder)
    lines = ["| what | asked for | measured |", "|---|---:|---:|"]
    for what, case in (("the four scenarios in one case", scenarios), ("cptc2017, both teams in one case", teams)):
        count, bad = mixed(case)
        lines.append(f"| {what}: incidents, in the queue or below it, that hold alerts of two | 0 of {count} | {bad} |")
    lines.append("| cptc2017: alerts in an incident of the queue, and of their own team | 0.98 | "
                 f"{own_team(tsumugi, teams):.3f} |")
    lines.append("| ait-ads-simultaneous (score_pairs.py): F1 at episodes, benign alerts kept | 0.60 | "
                 f"{pairs(tsumugi, folder):.3f} |")
    print("\n".join(lines))
    score.write_table("guards", "\n".join(lines))


if __name__ == "__main__":
    main()
