#!/usr/bin/env python3
"""Measures the stories on made-up weeks of other kinds than the published ones: make score-weeks

usage: score_weeks.py TSUMUGI [--work] [KIND...]

weeks/kinds.py makes each kind with eight seeds. Seeds 1 to 4 are there to work with (--work looks at no others), 5 to 8 were
fixed before anything was changed and are only measured. Writes the table of the latter between the marks "weeks" in
tests/bench/README.md; needs nothing beside the checkout.

Of each campaign: its incident is the one of the queue that holds most of its steps. `steps` is the mean share of each kind of
step that is in it, `in queue` the same over the whole queue, `precise` the share of that incident's alerts that are of the
campaign. A week with no campaign has no such figures. `mixed` counts incidents of the queue with alerts of two campaigns,
`false` those with none.
"""
import csv
import os
import subprocess
import sys
from collections import Counter, defaultdict

import score

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "weeks"))
import kinds  # noqa: E402
from week import NOISE  # noqa: E402

WORK, KEPT = (1, 2, 3, 4), (5, 6, 7, 8)


def case_of(tsumugi, kind, seed):
    """The case file of one week, analysed, and what each line of it is."""
    folder = os.path.join(score.ROOT, "build", "score", "weeks", f"{kind}-{seed}")
    subprocess.run(["rm", "-rf", folder], check=True)
    os.makedirs(folder)
    labels = kinds.make(kind, seed).write(folder)
    case = os.path.join(folder, "case.db")
    files = defaultdict(set)                  # "falcon@aster.json" is of the customer aster
    for file, _ in labels:
        files[file.partition("@")[2].split(".")[0]].add(file)
    for tenant in sorted(files):
        command = [tsumugi, "--case", case, "import"] + (["--tenant", tenant] if tenant else [])
        subprocess.run(command + sorted(files[tenant]), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([tsumugi, "--case", case, "analyze"], check=True, stdout=subprocess.DEVNULL)
    return case, labels


def measure(tsumugi, kind, seed):
    case, labels = case_of(tsumugi, kind, seed)
    out = subprocess.check_output([tsumugi, "--case", case, "export", "assignments"], text=True)
    total, held, noise = Counter(), defaultdict(Counter), Counter()
    for row in csv.DictReader(out.splitlines()):
        step, rank = labels.pop((row["source"], int(row["line"]))), int(row["rank"]) if row["rank"] else None
        if step == NOISE:
            noise[rank] += 1
        else:
            total[step] += 1
            held[rank][step] += 1
    if labels:
        sys.exit(f"score: {kind} {seed}: {len(labels)} records were not read, {next(iter(labels))} among them")
    ranks = sorted(r for r in set(noise) | set(held) if r is not None)
    figures = {"alerts": sum(total.values()) + sum(noise.values()), "incidents": len(ranks),
               "noise": sum(n for r, n in noise.items() if r is not None) / max(1, sum(noise.values())),
               "false": sum(1 for r in ranks if not held.get(r)),
               "mixed": sum(1 for r in ranks if len({s.split(":")[0] for s in held.get(r, ())}) > 1), "campaigns": []}
    for campaign, place in kinds.KINDS[kind][1].items():
        steps = [s for s in total if s.split(":")[0] == campaign]

        def share(of):
            return sum(sum(held[r][s] for r in of) / total[s] for s in steps) / len(steps)

        own = max(ranks, key=lambda r: (share([r]), -r), default=None)
        found = own is not None and share([own]) > 0
        mine = sum(held[own][s] for s in steps) if found else 0
        everything = sum(held[own].values()) + noise[own] if found else 1
        figures["campaigns"].append({"name": campaign, "steps": share([own]) if found else 0, "queue": share(ranks), "rank": own if found else None,
                                     "right": found and own <= place, "precise": mine / everything if found else None})
    return figures


def mean(values):
    values = [v for v in values if v is not None]
    return f"{sum(values) / len(values):.2f}" if values else "–"


def row(kind, place, weeks):
    """One campaign of a kind, over all its weeks."""
    first = "" if place else kind
    if not weeks[0]["campaigns"]:
        cells = [kind, "none", "–", "–", "–", "–"]
    else:
        of = [w["campaigns"][place] for w in weeks]
        cells = [first, of[0]["name"], mean([x["steps"] for x in of]), mean([x["queue"] for x in of]), mean([x["precise"] for x in of]),
                 f"{sum(x['right'] for x in of)} of {len(of)}"]
    if place == 0:
        cells += [f"{sum(w['alerts'] for w in weeks) // len(weeks):,}", mean([w["incidents"] for w in weeks]), mean([w["false"] for w in weeks]),
                  str(sum(w["mixed"] for w in weeks)), f"{100 * sum(w['noise'] for w in weeks) / len(weeks):.2f} %"]
    else:
        cells += [""] * 5
    return "| " + " | ".join(cells) + " |"


def table(tsumugi, chosen, seeds):
    lines = ["| week | campaign | steps | in queue | precise | where it should rank | alerts | incidents | false | mixed | noise kept |",
             "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for kind in chosen:
        weeks = [measure(tsumugi, kind, seed) for seed in seeds]
        for place in range(max(1, len(kinds.KINDS[kind][1]))):
            lines.append(row(kind, place, weeks))
            print(lines[-1], flush=True)
    return "\n".join(lines)


def main():
    tsumugi, rest = os.path.abspath(sys.argv[1]), sys.argv[2:]
    work = "--work" in rest
    chosen = [k for k in rest if k != "--work"]
    text = table(tsumugi, chosen or list(kinds.KINDS), WORK if work else KEPT)
    if not work and not chosen:
        score.write_table("weeks", text)


if __name__ == "__main__":
    main()
