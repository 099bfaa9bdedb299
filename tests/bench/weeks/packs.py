"""Everyday alerts of one product each, as SOCs know them: few rules make most of it, jobs come by the clock, and every
week somebody's machine does something that looks bad once."""
import everyday
import records as r


def outsider(week, site):
    return week.chance.heavy(site.outsiders)


def defender(week, site, file="graph.json"):
    """Defender for Endpoint, for Office 365 and Entra ID, as Microsoft Graph gives them."""
    def mail(rule):
        return lambda at, h: r.graph(at, rule, "microsoftDefenderForOffice365", r.account(h.user, site.domain),
                                     r.evidence("mailbox", primaryAddress=f"{h.user}@{site.domain}"))

    def sign_in(rule):
        return lambda at, h: r.graph(at, rule, "azureAdIdentityProtection", r.account(h.user, site.domain),
                                     r.evidence("ip", ipAddress=outsider(week, site)))

    def endpoint(rule, name, command, parent):
        return lambda at, h: r.graph(at, rule, "microsoftDefenderForEndpoint", r.device(site.dns(h), h.address),
                                     r.account(h.user, site.domain), r.process(name, command, parent))

    everyday.office(week, file, site.desks, 40, mail(("Email messages containing malicious URL removed after delivery", "InitialAccess", "informational", ["T1566.002"])))
    everyday.office(week, file, site.desks, 12, mail(("Email reported by user as malware or phish", "InitialAccess", "low", ["T1566"])))
    everyday.office(week, file, site.desks, 6, sign_in(("Unfamiliar sign-in properties", "InitialAccess", "low", ["T1078.004"])))
    everyday.office(week, file, site.desks, 3, endpoint(("An active 'Presenoker' unwanted software was blocked", "UnwantedSoftware", "low", []),
                                                        "setup.exe", "setup.exe /S", "explorer.exe"))
    everyday.alone(week, file, site.desks, 7, [
        sign_in(("Atypical travel", "InitialAccess", "medium", ["T1078.004"])),
        endpoint(("Suspicious PowerShell command line", "Execution", "medium", ["T1059.001"]), "powershell.exe",
                 "powershell.exe -ExecutionPolicy Bypass -File \\\\deploy\\inventory.ps1", "ccmexec.exe"),
        sign_in(("Anonymous IP address", "InitialAccess", "medium", ["T1090"])),
        endpoint(("Suspicious process discovery", "Discovery", "low", ["T1057"]), "tasklist.exe", "tasklist /svc", "cmd.exe"),
        endpoint(("'Wacatac' malware was prevented", "Malware", "low", ["T1204.002"]), "invoice_viewer.exe", "invoice_viewer.exe", "explorer.exe"),
    ])


def sysmon(week, site, file="hayabusa.json"):
    """A Hayabusa timeline of all Windows machines."""
    def event(rule, **details):
        return lambda at, h: r.hayabusa(at, site.dns(h), rule, User=h.user or "svc_ops", **details)

    failure = ("Logon Failure (Wrong Password)", "info", "Sec", 4625, ["T1110"])
    servers = list(site.servers.values())
    everyday.office(week, file, site.desks, 90, event(failure, TgtUser="-", Type="3 - NETWORK"))
    everyday.office(week, file, site.desks, 60, event(("Suspicious Remote Thread", "low", "Sysmon", 8, ["T1055"]), SrcProc="C:\\Windows\\System32\\wbem\\WmiPrvSE.exe"))
    everyday.always(week, file, servers, 40, event(("Explicit Logon", "info", "Sec", 4648, []), TgtUser="svc_backup"))
    everyday.job(week, file, site.machines, (1,), 3, event(("Suspicious Schtasks From System Process", "med", "Sysmon", 1, ["T1053.005"]),
                                                          Cmdline="schtasks /create /tn Inventory", Proc="C:\\Windows\\System32\\schtasks.exe"))
    everyday.job(week, file, servers, range(7), 1, event(("WMI Persistence - Script Event Consumer", "low", "Sysmon", 20, ["T1546.003"])), times=2)
    everyday.rollout(week, file, site.machines, 2, event(("PUA - Remote Access Tool Execution", "med", "Sysmon", 1, ["T1219"]),
                                                         Cmdline="TeamViewer_Service.exe", Proc="C:\\Program Files\\TeamViewer\\TeamViewer_Service.exe"))
    everyday.every(week, file, servers[-1], 1, event(("Process Ran With High Privilege", "low", "Sec", 4688, []), Cmdline="monitor.exe /poll"), jitter=8)
    everyday.alone(week, file, site.desks, 6, [
        event(("User Added To Local Administrators Group", "high", "Sec", 4732, ["T1098"]), TgtUser="local_helper", SrcUser="helpdesk1"),
        event(("Whoami.EXE Execution Anomaly", "med", "Sysmon", 1, ["T1033"]), Cmdline="whoami /all", Proc="C:\\Windows\\System32\\whoami.exe"),
        event(("Suspicious Encoded PowerShell Command Line", "high", "Sysmon", 1, ["T1059.001"]), Cmdline="powershell -enc SQBuAHYAZQBuAHQA"),
    ])
    everyday.renamed(week, file, site.desks[-1], site.desks[-1].name + "N", 3, 6, event(failure, TgtUser="-"))


def firewall(week, site, file="fortigate.log"):
    """A FortiGate's intrusion prevention at the edge."""
    edge = [h.address for h in list(site.servers.values())[:3]]

    def inbound(rule, port, action="dropped"):
        return lambda at, h: r.fortigate(at, outsider(week, site), week.chance.pick(edge), rule, port, action)

    def outbound(rule, port, action="detected"):
        return lambda at, h: r.fortigate(at, h.address, outsider(week, site), rule, port, action)

    everyday.always(week, file, site.machines, 150, inbound((43745, "Apache.Log4j.Error.Log.Remote.Code.Execution", "critical"), 8080))
    everyday.always(week, file, site.machines, 90, inbound((29844, "PHPUnit.Eval-stdin.PHP.Remote.Code.Execution", "high"), 443))
    everyday.always(week, file, site.machines, 60, inbound((12345, "SSH.Connection.Brute.Force", "high"), 22))
    everyday.always(week, file, site.machines, 40, inbound((107347980, "Web.Server.Password.Files.Access", "medium"), 443))
    everyday.office(week, file, site.desks, 20, outbound((15722, "BitTorrent.DHT", "low"), 6881))
    everyday.office(week, file, site.desks, 10, outbound((41540, "SSL.Anonymous.Ciphers.Negotiation", "medium"), 443))
    everyday.alone(week, file, site.desks, 3, [outbound((52017, "Generic.Suspicious.DGA.Domain", "medium"), 53),
                                               inbound((51006, "Citrix.ADC.Gateway.Buffer.Overflow", "critical"), 443)])


def ids(week, site, file="eve.json", public=None, offset=9):
    """Suricata with the open rules, inside and at the edge."""
    public = public or list(site.servers.values())[:3]

    def inbound(sid, name, category, severity, port):
        return lambda at, h: r.suricata(at, outsider(week, site), week.chance.pick(public).address, (sid, name, category, severity), port, offset=offset)

    def outbound(sid, name, category, severity, port, proto="TCP"):
        return lambda at, h: r.suricata(at, h.address, outsider(week, site), (sid, name, category, severity), port, proto, offset=offset)

    servers = list(site.servers.values())
    everyday.always(week, file, site.machines, 400, inbound(2402000, "ET DROP Dshield Block Listed Source group 1", "Misc Attack", 2, 23))
    everyday.always(week, file, site.machines, 200, inbound(2001219, "ET SCAN Potential SSH Scan", "Attempted Information Leak", 2, 22))
    everyday.always(week, file, site.machines, 60, inbound(2010935, "ET SCAN Suspicious inbound to MSSQL port 1433", "Potentially Bad Traffic", 2, 1433))
    everyday.office(week, file, site.desks, 120, outbound(2027865, "ET INFO Observed DNS Query to .cloud TLD", "Potentially Bad Traffic", 2, 53, "UDP"))
    everyday.office(week, file, site.desks, 60, outbound(2033078, "ET INFO Session Traversal Utilities for NAT (STUN Binding Request)", "Attempted User Privilege Gain", 1, 3478, "UDP"))
    everyday.always(week, file, servers, 80, outbound(2013504, "ET POLICY GNU/Linux APT User-Agent Outbound likely related to package management", "Not Suspicious Traffic", 3, 80))
    everyday.every(week, file, servers[-1], 1, outbound(2210044, "SURICATA STREAM Packet with invalid timestamp", "Generic Protocol Command Decode", 3, 443), jitter=5)
    scanner = f"{site.net}.1.250"
    for sid, name in ((2009358, "ET SCAN Nmap Scripting Engine User-Agent Detected (Nmap Scripting Engine)"),
                      (2019232, "ET WEB_SERVER Possible CVE-2014-6271 Attempt in Headers"),
                      (2011042, "ET WEB_SERVER SQL Injection Select Sleep Time Delay"),
                      (2025275, "ET EXPLOIT Possible ETERNALBLUE Probe MS17-010 (MSF style)")):
        everyday.job(week, file, servers, (1, 3), 2, lambda at, h, s=sid, n=name: r.suricata(
            at, scanner, h.address, (s, n, "Web Application Attack", 1), 443, offset=offset), times=6, spread=50)
    everyday.alone(week, file, site.desks, 5, [
        outbound(2022918, "ET INFO DYNAMIC_DNS Query to *.duckdns. Domain", "Misc activity", 3, 53, "UDP"),
        outbound(2024897, "ET USER_AGENTS Go HTTP Client User-Agent", "Misc activity", 3, 80),
        outbound(2016922, "ET MALWARE Backdoor family PCRat/Gh0st CnC traffic", "Malware Command and Control Activity Detected", 1, 443),
    ])


def falcon(week, site, file="falcon.json"):
    def detect(rule, command, parent="explorer.exe", blocked=False):
        return lambda at, h: r.falcon(at, h.name, h.address, h.user or "svc_ops", rule, command, parent, blocked)

    everyday.office(week, file, site.desks, 8, detect(("NGAVAdwarePup", "Machine Learning", "CST0007", 20), "C:\\Users\\Public\\Downloads\\pdf_tool.exe", blocked=True))
    everyday.office(week, file, site.desks, 5, detect(("PupInstall", "Execution", "T1204", 20), "C:\\Users\\Public\\Downloads\\toolbar_setup.exe"))
    everyday.job(week, file, list(site.servers.values()), range(7), 4, detect(("BackupShadowActivity", "Impact", "T1490", 40), "vssadmin.exe list shadows", "backup_agent.exe"))
    everyday.rollout(week, file, site.machines, 2, detect(("RemoteMonitoringTool", "Command and Control", "T1219", 30), "C:\\ProgramData\\rmm\\agent.exe", "services.exe"))
    everyday.alone(week, file, site.desks, 5, [
        detect(("SuspiciousScriptExecution", "Execution", "T1059.001", 50), "powershell.exe -nop -file deploy.ps1", "cmd.exe"),
        detect(("MLOnSensorHigh", "Machine Learning", "CST0007", 70), "C:\\Users\\Public\\keygen.exe", blocked=True),
        detect(("IntelDomainMedium", "Command and Control", "T1071", 50), "chrome.exe --type=utility"),
    ])


def cloud(week, site, instances, file="guardduty.json", identity="identity.json"):
    """An account at a cloud provider, and the sign-ins of its people."""
    def at_instance(rule):
        return lambda at, h: r.guardduty(at, rule, instance=week.chance.heavy(instances), remote=outsider(week, site), count=week.chance.between(1, 40))

    def by_key(rule, call):
        return lambda at, h: r.guardduty(at, rule, key=h.user, remote=outsider(week, site), call=call)

    def sign_in(title, severity, techniques):
        return lambda at, h: r.graph(at, (title, "InitialAccess", severity, techniques), "azureAdIdentityProtection",
                                     r.account(h.user, site.domain), r.evidence("ip", ipAddress=outsider(week, site)))

    everyday.always(week, file, site.desks, 25, at_instance(("Recon:EC2/PortProbeUnprotectedPort", 2)))
    everyday.always(week, file, site.desks, 12, at_instance(("UnauthorizedAccess:EC2/SSHBruteForce", 2)))
    everyday.office(week, file, site.desks[:8], 6, by_key(("Discovery:IAMUser/AnomalousBehavior", 2), "ListBuckets"))
    everyday.job(week, file, site.desks[:1], range(7), 5, by_key(("Policy:S3/BucketBlockPublicAccessDisabled", 2), "PutPublicAccessBlock"))
    everyday.office(week, identity, site.desks, 15, sign_in("Unfamiliar sign-in properties", "low", ["T1078.004"]))
    everyday.office(week, identity, site.desks, 5, sign_in("Atypical travel", "medium", ["T1078.004"]))
    everyday.office(week, identity, site.desks[3:6], 4, sign_in("Anonymous IP address", "medium", ["T1090"]))
    everyday.alone(week, identity, site.desks, 5, [sign_in("Malicious IP address", "medium", ["T1078.004"]),
                                                   sign_in("Password spray", "medium", ["T1110.003"]),
                                                   sign_in("Suspicious API traffic", "low", [])])
    everyday.alone(week, file, site.desks, 4, [by_key(("UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B", 5), "ConsoleLogin"),
                                               at_instance(("Behavior:EC2/TrafficVolumeUnusual", 5)),
                                               by_key(("Stealth:IAMUser/PasswordPolicyChange", 2), "UpdateAccountPasswordPolicy")])


def loss_prevention(week, site, file="dlp.json", hosts="elastic.json"):
    """Data that leaves, and endpoints watched by Elastic's rules."""
    def leak(rule, path, where=None):
        return lambda at, h: r.ocsf(at, rule, h.name, h.address, h.user, f"{path}{week.chance.below(400)}.xlsx", where)

    def rule(name, severity, risk, tactic=None, technique=None, **fields):
        return lambda at, h: r.elastic(at, (name, severity, risk, tactic, technique), h.name, h.address, h.user, **fields)

    everyday.office(week, file, site.desks, 50, leak(("Sensitive file copied to removable media", 2, "T1052"), "C:\\Work\\report"))
    everyday.office(week, file, site.desks, 30, leak(("Document sent to personal webmail", 2, None), "C:\\Work\\minutes", "mail.example.net"))
    everyday.office(week, file, site.desks, 20, leak(("Document uploaded to external file sharing", 2, None), "C:\\Work\\drawing", "share.example.net"))
    everyday.office(week, file, site.desks, 15, leak(("Large print job of confidential documents", 1, None), "C:\\Work\\plan"))
    everyday.job(week, hosts, list(site.servers.values()), range(7), 3, rule("Unusual Number of Files Archived", "low", 21, "TA0009", "T1560",
                                                                          **{"process": {"name": "backup.exe"}}))
    everyday.office(week, hosts, site.desks, 25, rule("Unusual Parent-Child Relationship", "low", 30, "TA0004", "T1055", **{"process": {"name": "svchost.exe"}}))
    everyday.rollout(week, hosts, site.desks, 2, rule("First Time Seen Removable Device", "low", 21, "TA0001", "T1091"))
    everyday.alone(week, hosts, site.desks, 5, [rule("Suspicious PDF Reader Child Process", "low", 21, "TA0002", "T1204"),
                                                rule("Process Termination followed by Deletion", "medium", 47, "TA0005", "T1070"),
                                                rule("Access to Keychain Credentials Directories", "medium", 47, "TA0006", "T1555")])


def agents(week, site, file="wazuh.json"):
    """Wazuh's agents on every server and desk."""
    def agent(h):
        return (f"{int(h.address.split('.')[2]) * 256 + int(h.address.split('.')[3]):03d}", h.name, h.address)

    def event(key, words, level, groups, techniques=None, **data):
        return lambda at, h: r.wazuh(at, agent(h), (key, words, level, groups, techniques), **data)

    servers = list(site.servers.values())
    everyday.always(week, file, servers, 200, event("5501", "PAM: Login session opened.", 3, ["pam", "syslog", "authentication_success"], ["T1078"], dstuser="root"))
    everyday.always(week, file, servers, 100, event("550", "Integrity checksum changed.", 7, ["ossec", "syscheck"], ["T1565.001"]))
    everyday.office(week, file, site.desks, 80, event("60122", "Logon Failure - Unknown user or bad password", 5, ["windows", "authentication_failed"], ["T1078"]))
    everyday.always(week, file, servers, 50, event("31101", "Web server 400 error code.", 5, ["web", "accesslog"]))
    everyday.job(week, file, servers, range(7), 2, event("2902", "New dpkg (Debian Package) installed.", 7, ["syslog", "dpkg"], ["T1072"]), times=3)
    everyday.job(week, file, servers, range(7), 0, event("533", "Listened ports status (netstat) changed (new port opened or closed).", 7, ["ossec"]))
    everyday.rollout(week, file, site.machines, 2, event("92052", "Windows command prompt started by an abnormal process", 4, ["sysmon"], ["T1059.003"]))
    everyday.alone(week, file, servers, 5, [event("5710", "sshd: Attempt to login using a non-existent user", 5, ["sshd"], ["T1110.001"], srcip=outsider(week, site)),
                                            event("5404", "Three failed attempts to run sudo", 10, ["syslog", "sudo"], ["T1548.003"]),
                                            event("510", "Host-based anomaly detection event (rootcheck).", 7, ["rootcheck"])])
