#!/usr/bin/env python3
"""What a user would write to get CEF lines or Windows events into SQLite: load.py cef|windows FILE DATABASE."""
import re, sqlite3, sys
from xml.etree.ElementTree import iterparse

kind, path, database = sys.argv[1:4]
db = sqlite3.connect(database)


def cef():
    pair = re.compile(r"(\w+)=((?:\\.|[^\\=])*?)(?= \w+=|$)")
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            head = line[line.index("CEF:"):].rstrip("\n").split("|", 7)
            e = dict(pair.findall(head[7]))
            yield (*head[1:7], *(e.get(k) for k in ("rt", "src", "dst", "dpt", "dhost", "suser", "act", "request", "requestClientApplication", "msg")))


def windows():
    ns = "{http://schemas.microsoft.com/win/2004/08/events/event}"
    for _, event in iterparse(path):
        if event.tag != ns + "Event":
            continue
        system = event.find(ns + "System")
        data = {d.get("Name"): d.text for d in event.iter(ns + "Data")}
        yield (system.find(ns + "EventID").text, system.find(ns + "TimeCreated").get("SystemTime"), system.find(ns + "Computer").text,
               system.find(ns + "Channel").text, *(data.get(k) for k in ("Image", "CommandLine", "User", "Hashes", "ParentImage", "SourceIp",
                                                                        "DestinationIp", "DestinationHostname", "DestinationPort")))
        event.clear()


rows = cef() if kind == "cef" else windows()
first = next(rows)
db.execute(f"CREATE TABLE event({','.join(f'c{i}' for i in range(len(first)))})")
insert = f"INSERT INTO event VALUES({','.join('?' * len(first))})"
db.execute(insert, first)
db.executemany(insert, rows)
db.commit()
