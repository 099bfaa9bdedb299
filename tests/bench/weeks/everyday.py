"""What a SOC sees in any week: the shapes of noise. `make(at, host)` writes one record of the kind's own products."""
from week import DAY, HOUR, MINUTE, MONDAY, Host

DAYS = 7


def office(week, file, hosts, a_day, make):
    """People at work, some much more than others, hardly anybody at the weekend."""
    for day in range(DAYS):
        for _ in range(a_day if day < 5 else a_day // 12):
            hour = 8 + (week.chance.unit() + week.chance.unit()) * 5
            at = week.moment(day, 0) + int(hour * HOUR)
            week.add(file, at, make(at, week.chance.heavy(hosts)))


def always(week, file, hosts, a_day, make):
    """Machines that never sleep."""
    for _ in range(a_day * DAYS):
        at = MONDAY - week.zone * HOUR + week.chance.below(DAYS * DAY)
        week.add(file, at, make(at, week.chance.heavy(hosts)))


def every(week, file, host, minutes, make, jitter=0):
    """A rule that is broken: it fires by the clock."""
    at = MONDAY - week.zone * HOUR + week.chance.below(minutes * MINUTE)
    while at < MONDAY - week.zone * HOUR + DAYS * DAY:
        moment = at + (week.chance.below(jitter * 1000) if jitter else 0)
        week.add(file, moment, make(moment, host))
        at += minutes * MINUTE


def job(week, file, hosts, days, hour, make, times=1, spread=20):
    """Something scheduled: every machine within the same minutes of those days."""
    for day in days:
        for host in hosts:
            for _ in range(times):
                at = week.moment(day, hour, week.chance.below(spread))
                week.add(file, at, make(at, host))


def rollout(week, file, hosts, day, make):
    """A new rule comes: from that morning on it fires where it finds something, on most machines within the first hours."""
    for host in hosts:
        for later in range(day, DAYS):
            if later == day or week.chance.below(3) == 0:
                at = week.moment(later, 9) + int(week.chance.unit() ** 2 * 6 * HOUR)
                week.add(file, at, make(at, host))


def alone(week, file, hosts, n, makes):
    """False alarms that came once each, on anybody's machine in working hours; nobody knows them from before."""
    for i in range(n):
        day, at = week.chance.below(5), 0
        at = week.moment(day, 8) + week.chance.below(10 * HOUR)
        week.add(file, at, makes[i % len(makes)](at, week.chance.pick(hosts)))


def renamed(week, file, host, name, day, a_day, make):
    """A machine that is set up again under another name, at its old address, noisy as ever."""
    for d in range(DAYS):
        now = Host(name if d >= day else host.name, host.address, host.user)
        for _ in range(a_day):
            at = week.moment(d, 9) + week.chance.below(9 * HOUR)
            week.add(file, at, make(at, now))
