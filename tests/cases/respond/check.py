"""Every id a plan names is an alert's of that incident; figures add up; playbooks are whole; rules have what they need."""
import csv, json, re, uuid

rows = list(csv.DictReader(open("assignments.csv")))
sids = []
for i in "1234":
    plan = json.load(open(i + ".json"))
    own = {r["alert_id"] for r in rows if r["incident_id"] == plan["incident"]}
    total = plan["replay"]
    for m in plan["measures"]:
        assert m["alert_ids"] and set(m["alert_ids"]) <= own, m["title"]
        assert len(m["alert_ids"]) == m["alerts"]
        assert all(d["alert_id"] in own for d in m["done"])
        assert uuid.UUID(m["id"]).version == 5
        if m["block"] == "inside":
            assert m["targets"] and m["host"] not in m["targets"]
        elif m["block"] != "isolate":
            assert m["replay"]["alerts_stopped"] <= total["alerts_stopped"]
            assert m["replay"]["from"] > m["justified"]
            assert not m["remote"].startswith("10.")
    assert total["alerts_stopped"] + total["already_refused"] <= total["later_alerts"] <= len(own)

    book = json.load(open(i + ".cacao"))
    for key in ("type", "spec_version", "id", "name", "created_by", "created", "modified", "workflow_start", "workflow"):
        assert book[key], key
    step, seen = book["workflow_start"], []
    while step not in seen:
        seen.append(step)
        kind, _, number = step.partition("--")
        uuid.UUID(number)
        s = book["workflow"][step]
        assert s["type"] == kind
        if kind == "action":
            assert s["agent"] in book["agent_definitions"] and s["commands"][0]["type"] == "manual"
            assert all(t in book["target_definitions"] for t in s["targets"])
        step = s.get("on_completion", step)
    assert set(seen) == set(book["workflow"]) and seen[-1].startswith("end--")
    assert len(seen) == len(plan["measures"]) + 2
    assert book["markings"] == list(book["data_marking_definitions"])

    for line in open(i + ".rules"):
        if line.startswith("#"):
            continue
        assert re.fullmatch(r'drop (tcp|udp|dns|tls|http) \S+ \S+ -> \S+ \S+ \(msg:"[^";\\]+";( [a-z.]+(:"?[^;]+"?)?;)+\)\n', line), line
        sids.append(int(re.search(r"sid:(\d+);", line).group(1)))
assert len(sids) == len(set(sids)) and all(1000000 <= s < 2000000 for s in sids)
