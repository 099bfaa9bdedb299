"""A week that is being made up: its chance, its network, its calendar, and the records with what each of them is.

Deterministic: a kind and a seed give the same bytes for ever. Days count from Monday, 2 March 2026, local time.
"""
import hashlib
import os

MONDAY = 1772409600000          # 2026-03-02 00:00 UTC
MINUTE, HOUR, DAY = 60000, 3600000, 86400000
NOISE = "-"


class Chance:
    """A 64-bit LCG (Knuth's MMIX constants), the same in every Python."""

    def __init__(self, text):
        self.state = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")

    def bits(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return self.state >> 33

    def below(self, n):
        return self.bits() % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def unit(self):
        return self.bits() / float(1 << 31)

    def pick(self, items):
        return items[self.below(len(items))]

    def heavy(self, items):
        """The n-th of them one n-th as often as the first."""
        total = sum(1 / (i + 1) for i in range(len(items)))
        mark = self.unit() * total
        for i, item in enumerate(items):
            mark -= 1 / (i + 1)
            if mark <= 0:
                return item
        return items[-1]

    def some(self, items, n):
        left, out = list(items), []
        while left and len(out) < n:
            out.append(left.pop(self.below(len(left))))
        return out


class Host:
    def __init__(self, name, address, user=None):
        self.name, self.address, self.user = name, address, user


GIVEN = "aoi haruto yui ren sakura sota hina yuto mei riku emma liam olivia noah ava lucas mia leon lena paul".split()
FAMILY = "sato suzuki takahashi tanaka ito watanabe yamamoto nakamura kobayashi kato smith jones brown mueller weber rossi".split()


class Site:
    """Servers and desks of one network; outsiders are of 198.18.0.0/15, which nobody routes (RFC 2544)."""

    def __init__(self, chance, prefix, net, domain, servers, desks):
        self.chance, self.domain, self.net = chance, domain, net
        self.servers = {role: Host(f"{prefix}{role}", f"{net}.1.{10 + i}") for i, role in enumerate(servers)}
        people = chance.some([f"{g}.{f}" for g in GIVEN for f in FAMILY], desks)
        self.desks = [Host(f"{prefix}-PC{100 + i}", f"{net}.{20 + i // 200}.{10 + i % 200}", user) for i, user in enumerate(people)]
        self.outsiders = [f"198.{18 + chance.below(2)}.{chance.below(256)}.{1 + chance.below(254)}" for _ in range(400)]

    @property
    def machines(self):
        return list(self.servers.values()) + self.desks

    def dns(self, host):
        return f"{host.name.lower()}.{self.domain}"


class Week:
    def __init__(self, kind, seed, zone=9):
        self.chance = Chance(f"{kind}/{seed}")
        self.zone, self.rows = zone, {}

    def moment(self, day, hour, minute=0):
        """Local time of the site; fractions of a minute by chance."""
        return MONDAY + day * DAY + (hour - self.zone) * HOUR + minute * MINUTE + self.chance.below(MINUTE)

    def add(self, file, at, record, step=NOISE, delivered=None):
        """record: of a record's moment, as text of one line"""
        self.rows.setdefault(file, []).append((at if delivered is None else delivered, len(self.rows.get(file, ())), record, step))

    def write(self, folder):
        """Writes the files, and returns what each line is: {(file, line): step}."""
        labels = {}
        for file, rows in self.rows.items():
            path = os.path.join(folder, file)
            with open(path, "w", encoding="utf-8", newline="\n") as out:
                for line, (_, _, record, step) in enumerate(sorted(rows, key=lambda r: r[:2]), start=1):
                    out.write(record + "\n")
                    labels[file, line] = step
        return labels


class Attack:
    """One campaign: a clock that goes forward, and steps, of which sensors miss one in ten."""

    def __init__(self, week, name, at):
        self.week, self.name, self.at = week, name, at

    def wait(self, low, high):
        """minutes"""
        self.at += int((low + self.week.chance.unit() * (high - low)) * MINUTE)
        return self.at

    def step(self, file, name, make, sure=False):
        """make: record of a moment"""
        if sure or self.week.chance.below(10) > 0:
            self.week.add(file, self.at, make(self.at), f"{self.name}:{name}")
        self.at += 1000 + self.week.chance.below(20000)
