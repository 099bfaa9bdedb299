#!/usr/bin/env python3
"""Makes attack.xml, the names of ATT&CK and what became of ids that were revoked, from the MISP galaxy:

    attack.py RELEASE clusters/mitre-attack-pattern.json > attack.xml

The cluster file holds Enterprise and Mobile (and PRE-ATT&CK, which is left out: its ids were given up as a
whole). The same file gives the same bytes."""
import json
import sys
from xml.sax.saxutils import quoteattr

release, path = sys.argv[1:]
cluster = json.load(open(path, encoding="utf-8"))
by_uuid = {value["uuid"]: value for value in cluster["values"]}


def number(value):
    return value["meta"]["external_id"]


def name(value):
    return value["value"].rsplit(" - ", 1)[0]


def successor(value):
    for relation in value.get("related", []):
        if relation["type"] == "revoked-by":
            return by_uuid[relation["dest-uuid"]]
    return None


def is_ours(value):
    chains = value["meta"].get("kill_chain", [])
    return not all(chain.startswith("pre-attack:") for chain in chains)


techniques, revoked = {}, {}
for value in cluster["values"]:
    if not number(value).startswith("T1") or not is_ours(value):
        continue
    last = value
    while successor(last) is not None:       # T1073 -> T1574.002 -> T1574.001
        last = successor(last)
    if last is value:
        techniques[number(value)] = name(value)
    else:
        revoked[number(value)] = number(last)

print('<?xml version="1.0" encoding="UTF-8"?>')
print(f"""<!-- Made by attack.py from the MISP galaxy (clusters/mitre-attack-pattern.json, version {cluster["version"]}; CC0 or BSD-2-Clause).
     © The MITRE Corporation. ATT&amp;CK is a registered trademark of The MITRE Corporation; this work is reproduced
     and distributed with the permission of The MITRE Corporation. Names of techniques, Enterprise and Mobile;
     `revoked` says by which id one that was given up is replaced. Sorted by id. -->""".replace("&amp;", "&"))
print(f"<attack release={quoteattr(release)}>")
for key in sorted(techniques):
    print(f"  <technique id={quoteattr(key)} name={quoteattr(techniques[key])}/>")
for key in sorted(revoked):
    print(f"  <revoked id={quoteattr(key)} by={quoteattr(revoked[key])}/>")
print("</attack>")
