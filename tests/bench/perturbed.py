#!/usr/bin/env python3
"""Measures how the stories hold when the records are not as clean: make score-perturbed

Each scenario of ../shared/data/ait-ads is spoilt in one way at a time, imported alone and without labels, and scored by
../shared/eval/score_stories.py. Two scenarios at once, a day between their attacks, are one case of two sites. Prints the
worst value over the scenarios for each way and writes the table between the marks in tests/bench/README.md. Without
../shared it says so and does nothing. Chance is seeded: every run spoils the same records.
"""
import csv
import importlib.util
import os
import random
import subprocess
import sys

import score

HOUR = 3600


def load_scorer():
    spec = importlib.util.spec_from_file_location("score_stories", os.path.join(score.SHARED, "eval", "score_stories.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def product_of(row):
    return row["name"].partition(":")[0]


def lost(share, seed):
    def spoil(rows):
        chance = random.Random(seed)
        return [r for r in rows if chance.random() >= share]
    return spoil


def without(product):
    return lambda rows: [r for r in rows if product_of(r) != product]


def later(hours):
    return lambda rows: [dict(r, time=str(int(float(r["time"])) + round(hours * HOUR))) for r in rows]


def drifting(seconds, seed):
    """Every machine's clock is off by up to so many seconds."""
    def spoil(rows):
        off = {}
        chance = random.Random(seed)
        for host in sorted({r["host"] for r in rows}):
            off[host] = chance.randint(-seconds, seconds)
        return [dict(r, time=str(int(float(r["time"])) + off[r["host"]])) for r in rows]
    return spoil


def since(days):
    """The records begin only so many days after they did."""
    def spoil(rows):
        first = min(float(r["time"]) for r in rows) + days * 24 * HOUR
        return [r for r in rows if float(r["time"]) >= first]
    return spoil


def twice(share, seed):
    """A second collector sent the same again, a second later."""
    def spoil(rows):
        chance = random.Random(seed)
        return rows + [dict(r, time=str(int(float(r["time"])) + 1)) for r in rows if chance.random() < share]
    return spoil


WAYS = (
    ("as published", lambda rows: rows),
    ("20 % of the alerts lost", lost(0.2, 1)),
    ("the same, other alerts", lost(0.2, 2)),
    ("half of the alerts lost", lost(0.5, 3)),
    ("a third sent twice, 1 s later", twice(0.33, 4)),
    ("all clocks 7 h 30 min later", later(7.5)),
    ("each machine's clock off by up to 20 s", drifting(20, 5)),
    ("the first day missing", since(1)),
    ("no AMiner", without("AMiner")),
    ("no Suricata", without("Suricata")),
    ("no Wazuh", without("Wazuh")),
)
COLUMNS = (("intrusion_recall_top1", min), ("exfiltration_recall_top4", "mean"), ("precision_top1", min), ("noise_kept", max), ("incidents", max),
           ("best_rank", max))


def read(name, folder):
    published, _ = score.without_labels(name, folder)
    with open(published, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def queue_of(tsumugi, rows, folder):
    """Line number -> rank of the incident, or None; and line number -> incident."""
    plain, case = os.path.join(folder, "perturbed.csv"), os.path.join(folder, "perturbed.db")
    for path in (case, case + "-wal", case + "-shm"):
        if os.path.exists(path):
            os.remove(path)
    with open(plain, "w", encoding="utf-8", newline="") as handle:
        out = csv.DictWriter(handle, ("time", "name", "ip", "host"), extrasaction="ignore")
        out.writeheader()
        out.writerows(rows)
    for command in (["import", plain], ["analyze"]):
        score.timed([tsumugi, "--case", case] + command, stdout=subprocess.DEVNULL)
    _, _, out = score.timed([tsumugi, "--case", case, "export", "assignments"], stdout=subprocess.PIPE)
    return {int(r["line"]): int(r["rank"]) if r["rank"] else None
            for r in csv.DictReader(out.decode("utf-8").splitlines())}


def figures(scorer, rows, ranks, start=2):
    labels = {line: (r["time_label"], r["event_label"]) for line, r in enumerate(rows, start=start)}
    return scorer.score(labels, ranks)


def worst(results):
    cells = []
    for column, which in COLUMNS:
        values = [r[column] for r in results]
        # No rank at all is worse than any.
        if which == "mean":         # of the scenarios that have such alerts left
            some = [v for v in values if v is not None]
            cells.append(f"{sum(some) / len(some):.2f} (mean)" if some else "–")
        else:
            cells.append("none" if None in values else str(which(values)))
    return cells


def attack_begins(rows):
    return min(float(r["time"]) for r in rows if r["time_label"] in ("network_scans", "service_scans"))


def both(tsumugi, scorer, one, other, folder):
    """Two sites in one case, the second one's attack a day after the first one's: how each is told, and how many
    incidents hold alerts of both."""
    shift = attack_begins(one) + 24 * HOUR - attack_begins(other)
    rows = one + later(shift / HOUR)(other)
    ranks = queue_of(tsumugi, rows, folder)
    part = {}
    for line in range(2, len(rows) + 2):
        if ranks[line] is not None:
            part.setdefault(ranks[line], set()).add(line < len(one) + 2)
    found = []
    for begin, end in ((0, len(one)), (len(one), len(rows))):
        own = {line: ranks[line] for line in range(begin + 2, end + 2)}
        best = figures(scorer, rows[begin:end], own, begin + 2)["best_rank"]
        # Seen from its own site, the attack's incident is the first, and the only one.
        result = figures(scorer, rows[begin:end], {k: 1 if v is not None and v == best else None for k, v in own.items()},
                         begin + 2)
        found.append(dict(result, best_rank=best, incidents=len(part), exfiltration_recall_top4=None))
    mixed = sum(1 for sides in part.values() if len(sides) > 1)
    return found, mixed


def main():
    tsumugi = os.path.abspath(sys.argv[1])
    if not os.path.isdir(os.path.join(score.SHARED, "data", "ait-ads")):
        print("score-perturbed: skipped, no ../shared/data/ait-ads")
        return
    folder = os.path.join(score.ROOT, "build", "score")
    os.makedirs(folder, exist_ok=True)
    scorer = load_scorer()
    data = {name: read(name, folder) for name in score.SCENARIOS}
    lines = ["| spoilt | " + " | ".join(c for c, _ in COLUMNS) + " |", "|---|" + "---:|" * len(COLUMNS)]
    for way, spoil in WAYS:
        results = []
        for name in score.SCENARIOS:
            rows = spoil(data[name])
            results.append(figures(scorer, rows, queue_of(tsumugi, rows, folder)))
            if "--each" in sys.argv:
                print(way, name, *(f"{c} {results[-1][c]}" for c, _ in COLUMNS), flush=True)
        lines.append(f"| {way} | " + " | ".join(worst(results)) + " |")
        print(lines[-1], flush=True)
    results, mixed = [], 0
    for one, other in (("russellmitchell", "santos"), ("santos", "fox"), ("fox", "russellmitchell")):
        found, both_in = both(tsumugi, scorer, data[one], data[other], folder)
        results += found
        mixed += both_in
        if "--each" in sys.argv:
            print(one, other, *(f"{c} {[f[c] for f in found]}" for c, _ in COLUMNS), "mixed", both_in, flush=True)
    lines.append(f"| two sites in one case ({mixed} incidents of both) | " + " | ".join(worst(results)) + " |")
    print(lines[-1])
    score.write_table("perturbed", "\n".join(lines))


if __name__ == "__main__":
    main()
