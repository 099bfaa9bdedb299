"""Structure of each form, as its specification asks for it; figures as the queue has them."""
import csv, json, re, uuid, xml.etree.ElementTree

queue = json.load(open("queue.json"))
ids = [i["id"] for i in queue]
rows = [r for r in csv.DictReader(open("assignments.csv")) if r["incident_id"] in ids]
alerts = {}
for r in rows:
    alerts.setdefault(r["alert_id"], r)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

# ---- timelines ----
plain = list(csv.DictReader(open("timeline")))
assert {r["alert_id"] for r in plain} == set(alerts) and len(plain) == sum(i["alerts"] for i in queue)
assert [r["time_utc"] for r in plain] == sorted(r["time_utc"] for r in plain)
for r in plain:
    assert TIME.fullmatch(r["time_utc"]) and r["incident"] == alerts[r["alert_id"]]["incident_id"]
    name, line = r["evidence"].rsplit(":", 1)
    assert (name, line) in {(a["source"], a["line"]) for a in rows if a["alert_id"] == r["alert_id"]}
sketch = list(csv.DictReader(open("timesketch")))
lines = [json.loads(l) for l in open("timesketch-jsonl")]
assert len(sketch) == len(lines) == len(plain)
for a, b in zip(sketch, lines):
    for key in ("message", "datetime", "timestamp_desc"):
        assert a[key] and b[key]
    assert int(a["timestamp"]) == b["timestamp"] and a["alert_id"] == b["alert_id"] and a["incident"] in ids

iris = list(csv.DictReader(open("iris")))
assert len(iris) == len(plain)
for a, b in zip(iris, plain):
    assert list(a) == ("event_date event_tz event_title event_category event_content event_raw event_source event_assets "
                       "event_iocs event_tags").split()
    assert a["event_date"] + "Z" == b["time_utc"] and a["event_tz"] == "+00:00" and a["event_title"]
    assert not (a["event_category"] or a["event_assets"] or a["event_iocs"]) and "\n" not in "".join(a.values())
    assert a["event_tags"].split("|")[0] == b["incident"]

# ---- STIX ----
REQUIRED = {
    "report": "name published object_refs", "incident": "name", "sighting": "sighting_of_ref count first_seen last_seen",
    "observed-data": "first_observed last_observed number_observed object_refs", "identity": "name identity_class",
    "indicator": "pattern pattern_type valid_from", "attack-pattern": "name external_references",
    "relationship": "relationship_type source_ref target_ref", "attack-flow": "name start_refs scope",
    "attack-action": "name", "extension-definition": "name schema version extension_types created_by_ref",
    "ipv4-addr": "value", "domain-name": "value", "url": "value", "file": "hashes", "marking-definition": "created name",
}
OBSERVABLES = {"ipv4-addr", "ipv6-addr", "domain-name", "url", "file", "email-addr"}
SPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")

def refs(o):
    for key, value in o.items():
        if key.endswith("_ref"):
            yield value
        if key.endswith("_refs"):
            yield from value

def bundle(name):
    b = json.load(open(name))
    assert b["type"] == "bundle" and re.fullmatch(r"bundle--[0-9a-f-]{36}", b["id"])
    objects = {o["id"]: o for o in b["objects"]}
    assert len(objects) == len(b["objects"])
    for o in b["objects"]:
        assert o["spec_version"] == "2.1"
        kind, number = o["id"].split("--")
        assert kind == o["type"]
        for key in REQUIRED[kind].split():
            assert o[key] not in ("", []), (o["id"], key)
        for r in refs(o):
            assert r in objects, (o["id"], r)
        if kind == "marking-definition" or "2022-08-02T19:34:35.143Z" in o.get("created", ""):
            continue         # as others published it
        assert o["object_marking_refs"] == ["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"]
        if kind in OBSERVABLES:
            held = {"hashes": o["hashes"]} if kind == "file" else {"value": o["value"]}
            text = json.dumps(held, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
            assert str(uuid.uuid5(SPACE, text)) == number
            continue
        assert uuid.UUID(number).version == 5
        for key in ("created", "modified"):
            assert TIME.fullmatch(o[key])
        assert o["created"] <= o["modified"]
    return objects

stix = bundle("stix")
kinds = {}
for o in stix.values():
    kinds.setdefault(o["type"], []).append(o)
assert [o["name"] for o in kinds["incident"]] == [i["title"] for i in queue]
report = kinds["report"][0]
assert set(report["object_refs"]) == set(stix) - {report["id"], kinds["identity"][0]["id"], kinds["marking-definition"][0]["id"]}
assert {s["sighting_of_ref"] for s in kinds["sighting"]} == {i["id"] for i in kinds["indicator"]}
for o in kinds["sighting"]:
    assert o["first_seen"] <= o["last_seen"] and o["count"] > 0
for o in kinds["attack-pattern"]:
    e = o["external_references"][0]
    assert e["source_name"] == "mitre-attack" and e["url"].endswith(e["external_id"].replace(".", "/"))

flow = bundle("attack-flow")
for o in flow.values():
    if o["type"] == "attack-flow":
        step, steps = o["start_refs"][0], []
        while step:
            assert step.startswith("attack-action--") and step not in steps
            steps.append(step)
            after = flow[step].get("effect_refs", [None])[0]
            assert after is None or flow[after]["execution_start"] >= flow[step]["execution_start"]
            step = after
assert [o["name"] for o in flow.values() if o["type"] == "attack-flow"] == [queue[0]["title"]]      # one a document
definition = next(o for o in flow.values() if o["type"] == "extension-definition")
assert flow[definition["created_by_ref"]]["name"] == "MITRE Center for Threat-Informed Defense"

# ---- MISP ----
events = [e["Event"] for e in json.load(open("misp"))["response"]]
assert len(events) == len(ids)
seen = set()
for e in events:
    assert e["published"] is False and e["distribution"] == "0" and e["threat_level_id"] in "1234"
    assert e["Tag"][0]["name"] == "tlp:amber" and isinstance(e["timestamp"], str)
    for a in e["Attribute"] + e["EventReport"] + [e]:
        assert uuid.UUID(a["uuid"]) and a["uuid"] not in seen
        seen.add(a["uuid"])
    for a in e["Attribute"]:
        assert a["value"] and a["type"] and a["category"] and isinstance(a["to_ids"], bool)

# ---- indicators: of ours none ----
iocs = list(csv.DictReader(open("iocs")))
assert len(iocs) == sum(len(e["Attribute"]) for e in events)
assert len([r for r in iocs if r["detect"] == "yes"]) == len(kinds["indicator"])
assert not [r for r in iocs if r["value"].startswith("10.") or "sample-trading" in r["value"]]
listed = {v for i in queue for v in i["indicators"]}
assert {r["value"] for r in iocs if r["origin"] == "list"} <= listed

# ---- IODEF: the order of the schema ----
IODEF = "{urn:ietf:params:xml:ns:iodef-2.0}"
document = xml.etree.ElementTree.parse("iodef").getroot()
assert document.tag == IODEF + "IODEF-Document" and document.get("version") == "2.00"
assert [i.find(IODEF + "IncidentID").text for i in document] == ids
ORDER = "IncidentID StartTime EndTime GenerationTime Description Assessment Method Contact IndicatorData".split()
told = []
for i in document:
    names = [e.tag.removeprefix(IODEF) for e in i]
    assert names == sorted(names, key=ORDER.index) and i.get("purpose") == "reporting" and i.get("restriction") == "amber"
    for n in i.iter(IODEF + "Indicator"):
        assert [e.tag.removeprefix(IODEF) for e in n if not e.tag.endswith("Description")] == [
            "IndicatorID", "StartTime", "Observable", "AdditionalData"]
        told.append(n.find(".//" + IODEF + "BulkObservableList").text)
assert told == [r["value"] for r in iocs if r["detect"] == "yes"]

# ---- Navigator, OCSF ----
layer = json.load(open("navigator"))
assert layer["versions"]["layer"] == "4.5" and layer["domain"] == "enterprise-attack" and layer["name"]
assert layer["gradient"]["minValue"] < layer["gradient"]["maxValue"]
assert {t["techniqueID"] for t in layer["techniques"]} == {t for i in queue for t in i["techniques"]}
assert all(0 < t["score"] <= 100 and t["comment"] for t in layer["techniques"])
findings = [json.loads(l) for l in open("ocsf")]
assert [f["finding_info_list"][0]["uid"] for f in findings] == ids
for f in findings:
    assert f["class_uid"] == 2005 and f["type_uid"] == f["class_uid"] * 100 + f["activity_id"] and f["status_id"] == 1
    assert f["metadata"]["profiles"] == ["incident"]
    assert f["assignee_group"]["name"] and f["metadata"]["version"] and f["start_time"] <= f["end_time"]
