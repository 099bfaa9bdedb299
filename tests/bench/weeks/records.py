"""Alerts as ten products write them; one function a product, one record a call.

A rule is a tuple whose parts the function names. Times are milliseconds since the epoch, UTC.
"""
import hashlib
import json
from datetime import datetime, timezone


def clock(at, pattern="%Y-%m-%dT%H:%M:%S", offset=0):
    return datetime.fromtimestamp(at // 1000 + offset * 3600, timezone.utc).strftime(pattern)


def iso(at):
    return f"{clock(at)}.{at % 1000:03d}Z"


def number(text, digits=16):
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def suricata(at, src, dst, rule, dport, proto="TCP", offset=0, **layers):
    """rule: signature id, signature, category, severity (1 the worst)"""
    sid, signature, category, severity = rule
    zone = f"{'+' if offset >= 0 else '-'}{abs(offset):02d}00"
    record = {"timestamp": f"{clock(at, offset=offset)}.{at % 1000 * 1000:06d}{zone}",
              "flow_id": int(number(f"{at}{src}{dst}", 12), 16), "in_iface": "mon0", "event_type": "alert",
              "src_ip": src, "src_port": 1024 + int(number(f"{src}{at}", 4), 16) % 60000, "dest_ip": dst, "dest_port": dport,
              "proto": proto, "alert": {"action": "allowed", "gid": 1, "signature_id": sid, "rev": 3, "signature": signature,
                                        "category": category, "severity": severity}}
    record.update(layers)
    return json.dumps(record)


def hayabusa(at, host, rule, **details):
    """rule: title, level, channel, event id, ATT&CK techniques"""
    title, level, channel, event, tags = rule
    return json.dumps({"Timestamp": f"{clock(at, '%Y-%m-%d %H:%M:%S')}.{at % 1000:03d} +00:00", "RuleTitle": title, "Level": level,
                       "Computer": host, "Channel": channel, "EventID": event, "RecordID": int(number(f"{host}{at}{title}", 8), 16),
                       "MitreTags": tags, "Details": details, "RuleID": number(title, 32)})


def evidence(kind, roles=(), **values):
    return {"@odata.type": f"#microsoft.graph.security.{kind}Evidence", "roles": list(roles), **values}


def graph(at, rule, service, *things):
    """rule: title, category, severity, ATT&CK techniques"""
    title, category, severity, techniques = rule
    late = at + 4 * 60000
    key = number(f"{title}{at}{things}", 32)
    return json.dumps({"id": "da" + key, "providerAlertId": key, "title": title, "category": category, "severity": severity,
                       "mitreTechniques": techniques, "serviceSource": service, "status": "new", "createdDateTime": iso(late),
                       "firstActivityDateTime": iso(at), "lastActivityDateTime": iso(at), "lastUpdateDateTime": iso(late),
                       "evidence": list(things)})


def device(host, address):
    return evidence("device", ["compromised"], deviceDnsName=host, lastIpAddress=address)


def account(user, domain):
    return evidence("user", userAccount={"accountName": user, "domainName": domain, "userPrincipalName": f"{user}@{domain}"})


def process(name, command, parent, sha=None):
    return evidence("process", processCommandLine=command, imageFile={"fileName": name, "sha256": sha or digest(name)},
                    parentProcessImageFile={"fileName": parent})


def falcon(at, host, address, user, rule, command, parent="explorer.exe", blocked=False):
    """rule: name, tactic, technique, severity 1 to 100"""
    name, tactic, technique, severity = rule
    words = ("Informational", "Low", "Medium", "High", "Critical")[min(4, severity // 20)]
    image = command.split()[0].strip('"').split("\\")[-1]
    return json.dumps({"composite_id": "cid:ind:" + number(f"{host}{at}{name}", 32), "aggregate_id": "aggind:" + number(host + user, 32),
                       "display_name": name, "name": name, "description": f"{tactic} via {name}", "severity": severity,
                       "severity_name": words, "confidence": 80, "timestamp": iso(at), "created_timestamp": iso(at + 2000),
                       "tactic": tactic, "technique_id": technique, "device": {"hostname": host, "local_ip": address},
                       "user_name": user, "cmdline": command, "filename": image, "sha256": digest(image),
                       "parent_details": {"filename": parent}, "pattern_disposition_details": {"process_blocked": blocked}})


def fortigate(at, src, dst, rule, dport, action="detected", user=None):
    """rule: attack id, attack, severity word"""
    key, attack, severity = rule
    number_of = {"info": 1, "low": 3, "medium": 5, "high": 7, "critical": 9}[severity]
    who = f" suser={user}" if user else ""
    return (f"{clock(at, '%b %d %H:%M:%S')} fw01 CEF:0|Fortinet|Fortigate|v7.2.5|16384|utm:ips signature {action}|{number_of}|"
            f"start={at} deviceExternalId=FG100F0001 FTNTFGTeventtime={at * 1000000} FTNTFGTlogid=0419016384 cat=utm:ips "
            f"src={src} dst={dst} spt={1024 + at % 60000} dpt={dport} proto=6{who} act={action} FTNTFGTseverity={severity} "
            f"FTNTFGTattack={attack} FTNTFGTattackid={key}")


def guardduty(at, rule, instance=None, key=None, remote=None, bucket=None, count=1, call=None):
    """rule: type, severity 1 to 10; instance: id and address; key: the user of an access key"""
    kind, severity = rule
    resource = {"resourceType": "AccessKey"}
    action = {"actionType": "AWS_API_CALL", "awsApiCallAction": {"api": call or "ListBuckets", "callerType": "Remote IP",
                                                                 "remoteIpDetails": {"ipAddressV4": remote}}}
    if key:
        resource["accessKeyDetails"] = {"accessKeyId": "AKIA" + number(key, 16).upper(), "userName": key, "userType": "IAMUser"}
    if bucket:
        resource.update(resourceType="S3Bucket", s3BucketDetails=[{"name": bucket}])
    if instance:
        resource.update(resourceType="Instance", instanceDetails={
            "instanceId": instance[0], "networkInterfaces": [{"privateIpAddress": instance[1]}]})
        action = {"actionType": "NETWORK_CONNECTION", "networkConnectionAction": {
            "connectionDirection": "INBOUND" if kind.startswith(("Recon", "UnauthorizedAccess:EC2/SSH")) else "OUTBOUND", "blocked": False,
            "remoteIpDetails": {"ipAddressV4": remote}, "remotePortDetails": {"port": 443}, "localPortDetails": {"port": 22}}}
    return json.dumps({"schemaVersion": "2.0", "accountId": "123456789012", "region": "ap-northeast-1", "partition": "aws",
                       "id": number(f"{kind}{at}{resource}", 32), "arn": "arn:aws:guardduty:ap-northeast-1:123456789012:detector/d/finding/f",
                       "type": kind, "resource": resource, "severity": severity, "createdAt": iso(at + 300000),
                       "updatedAt": iso(at + 300000), "title": kind.split("/")[-1], "description": kind,
                       "service": {"serviceName": "guardduty", "detectorId": "d", "action": action, "eventFirstSeen": iso(at),
                                   "eventLastSeen": iso(at + 60000), "count": count}})


def elastic(at, rule, host=None, address=None, user=None, **fields):
    """rule: name, severity word, risk score, tactic and technique or None"""
    name, severity, risk, tactic, technique = rule
    source = {"@timestamp": iso(at + 240000), "kibana.alert.original_time": iso(at), "kibana.alert.uuid": number(f"{name}{at}{host}{user}", 32),
              "kibana.alert.rule.name": name, "kibana.alert.rule.rule_id": number(name, 32), "kibana.alert.severity": severity,
              "kibana.alert.risk_score": risk}
    if technique:
        source["kibana.alert.rule.threat"] = [{"framework": "MITRE ATT&CK", "tactic": {"id": tactic}, "technique": [{"id": technique}]}]
    if host:
        source["host"] = {"name": host, "ip": [address]}
    if user:
        source["user"] = {"name": user}
    source.update(fields)
    return json.dumps({"_index": ".internal.alerts-security.alerts-default-000001", "_source": source})


def ocsf(at, rule, host=None, address=None, user=None, path=None, site=None, product="Data Guard"):
    """rule: title, severity 1 to 5, technique or None"""
    title, severity, technique = rule
    proof = {}
    if user:
        proof["actor"] = {"user": {"name": user}}
    if path:
        proof["file"] = {"name": path.replace("\\", "/").split("/")[-1], "path": path}
    if site:
        proof["dst_endpoint"] = {"domain": site, "port": 443}
    record = {"class_uid": 2004, "category_uid": 2, "activity_id": 1, "type_uid": 200401, "severity_id": severity, "time": at,
              "metadata": {"version": "1.1.0", "product": {"name": product, "vendor_name": "Example"}},
              "finding_info": {"uid": number(f"{title}{at}{user}{host}", 32), "title": title, "analytic": {"uid": number(title, 8), "name": title}},
              "evidences": [proof]}
    if technique:
        record["finding_info"]["attacks"] = [{"technique": {"uid": technique}}]
    if host:
        record["device"] = {"hostname": host, "ip": address}
    return json.dumps(record)


def wazuh(at, agent, rule, **data):
    """agent: number, name, address; rule: id, description, level, groups, techniques"""
    key, description, level, groups, techniques = rule
    return json.dumps({"timestamp": f"{clock(at)}.{at % 1000:03d}+0000", "id": f"{at // 1000}.{int(number(description + agent[1], 6), 16)}",
                       "rule": {"id": key, "description": description, "level": level, "groups": groups,
                                **({"mitre": {"id": techniques}} if techniques else {})},
                       "agent": {"id": agent[0], "name": agent[1], "ip": agent[2]}, "manager": {"name": "wazuh"},
                       "decoder": {"name": "json"}, "location": "EventChannel", "data": data})
