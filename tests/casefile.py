"""What tests and bench read of a case file beyond SQL: the alerts of an episode, which lie packed in one column
(analyst/store/pack.h), and all that was concluded, as text.

    import casefile
    base = casefile.open("week.db")
    base.execute("SELECT e.id, a.value FROM episode e, json_each(alerts_of(e.alerts, e.alert_ids)) a")
"""
import json
import sqlite3

# Everything that conclusions are kept in; not alert_block, which holds what was read once more.
CONCLUDED = ("analysis", "episode", "incident", "incident_episode", "link", "factor", "beat", "beat_fact", "beat_item",
             "beat_episode")


def unpack(count, blob):
    value, planes = int.from_bytes(blob[:8], "little"), blob[8]
    out = []
    for i in range(count):
        folded = sum(blob[9 + p * count + i] << 8 * p for p in range(planes))
        value += (folded >> 1) ^ -(folded & 1)
        out.append(value)
    return out


def pack(ids):
    """The same bytes back, however many planes: eight always do."""
    steps = [b - a for a, b in zip(ids[:1] + ids, ids)]
    folded = [((s << 1) ^ (s >> 63)) & (2**64 - 1) for s in steps]
    return (ids[0] if ids else 0).to_bytes(8, "little") + b"\x08" + bytes(f >> 8 * p & 255 for p in range(8) for f in folded)


def open(path, mode="rw"):
    base = sqlite3.connect(f"file:{path}?mode={mode}", uri=True)
    base.create_function("alerts_of", 2, lambda count, blob: json.dumps(unpack(count, blob)))
    base.create_function("alerts_without", 3, lambda count, blob, gone: pack([i for i in unpack(count, blob) if i != gone]))
    return base


def concluded(path):
    base = open(path, "ro")
    lines = [f"{table} {row!r}" for table in CONCLUDED for row in base.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]
    base.close()
    return "\n".join(lines)


if __name__ == "__main__":
    import sys
    print(concluded(sys.argv[1]))
