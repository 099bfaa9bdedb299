"""Two MISP events and a STIX bundle: c2.evil.example is marked thrice, differently; what nobody met is marked strictest."""
import json, sys

LABEL = sys.argv[1]


def misp(name, tag, value):
    uuid = "5f1a0000-0000-4000-8000-0000000000%02d" % (len(name) + 10)
    json.dump({"Event": {"uuid": uuid, "info": name, "date": "2021-03-01", "timestamp": "1614556800", "Tag": [{"name": tag}] if tag else [],
                         "Attribute": [{"uuid": uuid[:-2] + "99", "type": "domain", "category": "Network activity", "value": value, "to_ids": True,
                                        "timestamp": "1614556800"}]}}, open(name + ".json", "w"))


misp("open-list", "tlp:clear", "c2.evil.example")
misp("partners", "tlp:" + LABEL if LABEL != "none" else "", "c2.evil.example")
misp("elsewhere", "tlp:red", "not-met.example")
