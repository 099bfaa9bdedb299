"""What tests and bench read of a case file beyond SQL: episodes, and what holds an incident together, which lie packed
(analyst/store/pack.h, kept_episodes.c, kept_incidents.c), and all that was concluded, as text.

    import casefile
    base = casefile.open("week.db")
    list = casefile.episodes(base)
    list[0]["alerts"].pop()
    casefile.put_episodes(base, list)
"""
import sqlite3
import struct

# Everything that conclusions are kept in; not alert_block, which holds what was read once more.
CONCLUDED = ("analysis", "episode_block", "incident", "beat", "beat_fact", "beat_item")
# Columns in their order, and how many bytes a value has.
EPISODE = {"first": 8, "lasts": 8, "unusual": 8, "rule": 8, "host": 8, "cast": 8, "alerts": 4, "members": 4, "incident": 4,
           "act": 4, "severity": 1, "paced": 1}
LINK = {"a": 4, "b": 4, "reason": 1, "weight": 8, "entity": 8}
FACTOR = {"points": 8, "number": 8, "asset": 8}
REALS = ("unusual", "weight", "points", "number")


def unpack(count, blob, at):
    """The numbers of one column, and where the next one begins."""
    value, planes = int.from_bytes(blob[at:at + 8], "little"), blob[at + 8]
    at += 9
    out = []
    for i in range(count):
        folded = sum(blob[at + p * count + i] << 8 * p for p in range(planes))
        value = value + ((folded >> 1) ^ -(folded & 1)) & 2**64 - 1
        out.append(value)
    return out, at + planes * count


def pack(values):
    """The same numbers again, however many planes: eight always do."""
    steps = [b - a & 2**64 - 1 for a, b in zip(values[:1] + values, values)]
    folded = [s << 1 & 2**64 - 1 ^ (2**64 - 1 if s >> 63 else 0) for s in steps]
    return (values[0] if values else 0).to_bytes(8, "little") + b"\x08" + bytes(f >> 8 * p & 255 for p in range(8) for f in folded)


def unpack_rows(columns, count, blob, at=0):
    rows = [{} for _ in range(count)]
    for name in columns:
        values, at = unpack(count, blob, at)
        for row, value in zip(rows, values):
            row[name] = struct.unpack("<d" if name in REALS else "<q", value.to_bytes(8, "little"))[0]
    return rows, at


def pack_rows(columns, rows):
    return b"".join(pack([int.from_bytes(struct.pack("<d" if name in REALS else "<q", row[name]), "little") for row in rows])
                    for name in columns)


def episodes(base):
    """In their order; alerts and members are lists of rows, and of rows of entities times 16 plus the role; incident is None
    where there is none."""
    out = []
    for count, blob in base.execute("SELECT count, packed FROM episode_block ORDER BY first"):
        rows, at = unpack_rows(EPISODE, count, blob)
        for what in ("members", "alerts"):
            values, at = unpack(sum(row[what] for row in rows), blob, at)
            for row in rows:
                row[what], values = values[:row[what]], values[row[what]:]
        for row in rows:
            row["incident"] = row["incident"] - 1 if row["incident"] > 0 else None
        out += rows
    return out


def put_episodes(base, rows):
    flat = [dict(row, alerts=len(row["alerts"]), members=len(row["members"]),
                 incident=0 if row["incident"] is None else row["incident"] + 1) for row in rows]
    blob = pack_rows(EPISODE, flat) + b"".join(pack([n for row in rows for n in row[what]]) for what in ("members", "alerts"))
    base.execute("DELETE FROM episode_block")
    base.execute("INSERT INTO episode_block VALUES (1, ?, ?)", (len(rows), blob))


def change_part(base, incident, what, position, name, value):
    """what: links or factors; value: of what is there to what shall be."""
    columns, packed = (LINK, "joined") if what == "links" else (FACTOR, "scored")
    count, blob = base.execute(f"SELECT {what}, {packed} FROM incident WHERE number = ?", (incident,)).fetchone()
    rows, at = unpack_rows(columns, count, blob)
    rows[position][name] = value(rows[position][name])
    base.execute(f"UPDATE incident SET {packed} = ? WHERE number = ?", (pack_rows(columns, rows) + blob[at:], incident))


def open(path, mode="rw"):
    return sqlite3.connect(f"file:{path}?mode={mode}", uri=True)


def concluded(path):
    base = open(path, "ro")
    lines = [f"{table} {row!r}" for table in CONCLUDED for row in base.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]
    base.close()
    return "\n".join(lines)


if __name__ == "__main__":
    import sys
    print(concluded(sys.argv[1]))
