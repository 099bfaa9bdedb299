#!/usr/bin/env python3
"""What one more day costs: make bench-days

Analyses each set of alerts at once, and six sevenths of it first; then imports the last seventh and analyses again, and
once more with nothing new. Processor seconds of analyze alone, medians of ROUNDS (3); writes the table between the marks
"days" in tests/bench/README.md. ALERTS=10000000 adds a larger set; without ../shared wheeler is left out.
"""
import os
import re
import statistics
import subprocess
import sys

import score


def prepared(tsumugi, case, paths, analyse):
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(case + suffix):
            os.remove(case + suffix)
    subprocess.run([tsumugi, "--case", case, "import", *paths], check=True, stdout=subprocess.DEVNULL)
    return score.timed([tsumugi, "--case", case, "analyze"], stdout=subprocess.DEVNULL) if analyse else None


def sevenths(path, header):
    """The file without its last seventh, and the last seventh."""
    with open(path, "rb") as source:
        lines = sum(1 for _ in source) - header
    first, last = path + ".first", path + ".last"
    with open(path, "rb") as source, open(first, "wb") as a, open(last, "wb") as b:
        for number, line in enumerate(source):
            if number < header:
                b.write(line)
            (a if number < header + lines * 6 // 7 else b).write(line)
    return lines, first, last


def measure(tsumugi, name, path, header, rounds):
    count, first, last = sevenths(path, header)
    figures = {"whole": [], "added": [], "nothing": []}
    case = path + ".db"
    for _ in range(rounds):
        figures["whole"].append(prepared(tsumugi, case, [first, last], True)[0])
        size = os.path.getsize(case)
        prepared(tsumugi, case, [first], True)
        subprocess.run([tsumugi, "--case", case, "import", last], check=True, stdout=subprocess.DEVNULL)
        for what in ("added", "nothing"):
            figures[what].append(score.timed([tsumugi, "--case", case, "analyze"], stdout=subprocess.DEVNULL)[0])
    copies = int(subprocess.run(["python3", "-c", "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("
                                 "'SELECT sum(length(packed)) FROM alert_block').fetchone()[0])", case],
                                check=True, stdout=subprocess.PIPE).stdout)
    whole, added, nothing = (statistics.median(figures[k]) for k in ("whole", "added", "nothing"))
    for made in (first, last, case):
        os.remove(made)
    return f"| {name}: {count:,} alerts | {whole:.2f} | {added:.2f} | {added / whole:.2f} | {nothing:.2f} | {100 * copies / size:.1f} |"


def main():
    tsumugi, rounds = os.path.abspath(sys.argv[1]), int(os.environ.get("ROUNDS", "3"))
    folder = os.path.join(os.path.dirname(tsumugi), "bench")
    os.makedirs(folder, exist_ok=True)
    rows = ["| alerts | at once, cpu s | a seventh added, cpu s | of the whole | nothing new, cpu s | copies, % of the file |",
            "|---|---:|---:|---:|---:|---:|"]
    if os.path.isdir(os.path.join(score.SHARED, "data", "ait-ads")):
        published, plain = score.without_labels("wheeler", folder)
        rows.append(measure(tsumugi, "wheeler", plain, 1, rounds))
        os.remove(published)
        os.remove(plain)
    else:
        print("days: wheeler is left out: no data beside the checkout")
    for count in sorted({1000000, int(os.environ.get("ALERTS", "1000000"))}):
        path = os.path.join(folder, f"alerts-{count}.json")
        if not os.path.exists(path):
            with open(path, "wb") as out:
                subprocess.run([os.path.join(folder, "eve"), str(count)], check=True, stdout=out)
        rows.append(measure(tsumugi, "generated", path, 0, rounds))
    print("\n".join(rows))
    text = open(score.README, encoding="utf-8").read()
    text = re.sub(r"<!-- days -->.*?<!-- /days -->", lambda _: "<!-- days -->\n" + "\n".join(rows) + "\n<!-- /days -->",
                  text, flags=re.S)
    with open(score.README, "w", encoding="utf-8") as out:
        out.write(text)


if __name__ == "__main__":
    main()
