#!/usr/bin/env python3
"""Measures the stories against labelled attacks: make score

Every scenario of ../shared/data/ait-ads is imported alone, without its label columns, into a fresh case file, and
scored by ../shared/eval/score_stories.py. Prints a table and writes it between the marks in tests/bench/README.md.
Without ../shared it says so and does nothing.
"""
import csv
import gzip
import json
import os
import resource
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.environ.get("TSUMUGI_SHARED", os.path.join(os.path.dirname(ROOT), "shared"))
README = os.path.join(ROOT, "tests", "bench", "README.md")
SCENARIOS = ("russellmitchell", "fox", "santos", "wheeler")
COLUMNS = ("intrusion_recall_top1", "step_recall_top4", "exfiltration_recall_top4", "precision_top1", "noise_kept",
           "incidents", "best_rank")


def without_labels(name, folder):
    """The scenario as the program may see it, and as it was published."""
    published, plain = os.path.join(folder, name + ".labelled.csv"), os.path.join(folder, name + ".csv")
    with gzip.open(os.path.join(SHARED, "data", "ait-ads", name + ".labelled.csv.gz"), "rt", encoding="utf-8-sig",
                   newline="") as source, open(published, "w", encoding="utf-8", newline="") as labelled, \
            open(plain, "w", encoding="utf-8", newline="") as out:
        rows, kept, whole = csv.reader(source), csv.writer(out), csv.writer(labelled)
        for row in rows:
            kept.writerow(row[:4])
            whole.writerow(row)
    return published, plain


def timed(command, **options):
    """Processor seconds (on a shared machine the clock tells little), memory in MB, and what was printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=False, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        sys.exit(f"score: {' '.join(command)} ended with status {done.returncode}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, max(before.ru_maxrss, after.ru_maxrss) // 1024, done.stdout


def measure(tsumugi, name, folder):
    published, plain = without_labels(name, folder)
    case, assignments = os.path.join(folder, name + ".db"), os.path.join(folder, name + ".assignments.csv")
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(case + suffix):
            os.remove(case + suffix)
    imported, _, _ = timed([tsumugi, "--case", case, "import", plain], stdout=subprocess.DEVNULL)
    analysed, _, _ = timed([tsumugi, "--case", case, "analyze"], stdout=subprocess.DEVNULL)
    _, _, out = timed([tsumugi, "--case", case, "export", "assignments"], stdout=subprocess.PIPE)
    with open(assignments, "wb") as handle:
        handle.write(out)
    scorer = os.path.join(SHARED, "eval", "score_stories.py")
    figures = json.loads(subprocess.check_output([sys.executable, scorer, published, assignments, "--json"]))
    if figures["records_missing"]:
        sys.exit(f"score: {name}: {figures['records_missing']} records are missing from the assignments")
    figures["import"], figures["analyze"] = imported, analysed
    return figures


def table(results):
    lines = ["| scenario | alerts | " + " | ".join(COLUMNS) + " | import cpu s | analyze cpu s |",
             "|---|---:|" + "---:|" * (len(COLUMNS) + 2)]
    for name, f in results:
        cells = [str(f[c]) if f[c] is not None else "–" for c in COLUMNS]
        lines.append(f"| {name} | {f['records']:,} | " + " | ".join(cells) + f" | {f['import']:.2f} | {f['analyze']:.2f} |")
    return "\n".join(lines)


def write_table(mark, text):
    """Puts the table between the marks in the README."""
    with open(README, encoding="utf-8") as handle:
        before, _, rest = handle.read().partition(f"<!-- {mark} -->\n")
        _, _, after = rest.partition(f"<!-- /{mark} -->\n")
    with open(README, "w", encoding="utf-8") as handle:
        handle.write(f"{before}<!-- {mark} -->\n{text}\n<!-- /{mark} -->\n{after}")


def main():
    tsumugi = os.path.abspath(sys.argv[1])
    if not os.path.isdir(os.path.join(SHARED, "data", "ait-ads")):
        print("score: skipped, no ../shared/data/ait-ads")
        return
    folder = os.path.join(ROOT, "build", "score")
    os.makedirs(folder, exist_ok=True)
    text = table([(name, measure(tsumugi, name, folder)) for name in SCENARIOS])
    print(text)
    write_table("score", text)


if __name__ == "__main__":
    main()
