/* One record of each format, made up, as 'tsumugi formats NAME' shows it: enough to be told
 * by its content, and to give something. */
#include <string.h>

#include "analyst/readers/reader.h"

static const struct { const char *name, *example; } examples[] = {
	{ "suricata-eve",
	  "{\"timestamp\":\"2021-03-11T09:14:38.207140+0900\",\"flow_id\":1959620435402694,\"in_iface\":\"eth1\",\"event_type\":\"alert\",\"src_ip\":\"192.0.2.9\",\n"
	  " \"src_port\":50000,\"dest_ip\":\"10.0.0.5\",\"dest_port\":80,\"proto\":\"TCP\",\"direction\":\"to_server\",\"app_proto\":\"http\",\"alert\":{\"action\":\"allowed\",\"gid\":1,\n"
	  " \"signature_id\":2019284,\"rev\":3,\"signature\":\"Web shell upload\",\"category\":\"A Network Trojan was detected\",\"severity\":1,\"metadata\":\n"
	  " {\"signature_severity\":[\"Major\"],\"mitre_tactic_id\":[\"TA0003\"],\"mitre_technique_id\":[\"T1505\"]}},\"http\":{\"hostname\":\"mail.example\",\n"
	  " \"url\":\"/aspnet_client/a.aspx\",\"http_user_agent\":\"python-requests/2.25.1\",\"http_method\":\"POST\",\"status\":200}}\n" },
	{ "wazuh",
	  "{\"timestamp\":\"2021-03-11T00:14:38.000+0000\",\"rule\":{\"level\":12,\"description\":\"Web shell written\",\"id\":\"100201\",\n"
	  " \"mitre\":{\"id\":[\"T1505.003\"],\"tactic\":[\"Persistence\"],\"technique\":[\"Web Shell\"]},\"firedtimes\":1,\"mail\":true,\"groups\":[\"syscheck\"]},\n"
	  " \"agent\":{\"id\":\"003\",\"name\":\"EXCH01\",\"ip\":\"10.0.0.5\"},\"manager\":{\"name\":\"wazuh1\"},\"id\":\"1615421678.1234\",\n"
	  " \"syscheck\":{\"path\":\"c:\\\\inetpub\\\\wwwroot\\\\aspnet_client\\\\shell.aspx\",\"mode\":\"realtime\",\"event\":\"added\",\"size_after\":\"2168\",\n"
	  " \"md5_after\":\"0fd9bffa49c76ee12e51e3b8ae0609ac\"},\"decoder\":{\"name\":\"syscheck_new_entry\"},\"location\":\"syscheck\"}\n" },
	{ "darktrace-breach",
	  "[{\"pbid\":1,\"time\":1615421678000,\"creationTime\":1615421690000,\"score\":0.9,\"commentCount\":0,\n"
	  " \"model\":{\"name\":\"Anomalous File::Masqueraded File Transfer\",\"pid\":640,\"priority\":4,\"category\":\"Critical\"},\n"
	  " \"device\":{\"did\":5,\"ip\":\"10.0.0.5\",\"hostname\":\"EXCH01\"},\n"
	  " \"triggeredComponents\":[{\"time\":1615421678000,\"size\":1,\"metric\":{\"name\":\"externalconnections\"},\"triggeredFilters\":[\n"
	  "  {\"filterType\":\"Connection hostname\",\"comparatorType\":\"display\",\"arguments\":{},\"trigger\":{\"value\":\"files.example\"}},\n"
	  "  {\"filterType\":\"Destination IP\",\"comparatorType\":\"display\",\"arguments\":{},\"trigger\":{\"value\":\"192.0.2.9\"}}]}],\n"
	  " \"mitreTechniques\":[{\"technique\":\"Masquerading\",\"techniqueID\":\"T1036\"}]}]\n" },
	{ "darktrace-antigena",
	  "{\"actions\":[{\"codeid\":2748,\"did\":5,\"ip\":\"10.0.0.5\",\"action\":\"connection\",\"manual\":false,\"triggerer\":null,\n"
	  " \"label\":\"Block connections to 192.0.2.9 port 443\",\"detail\":\"\",\"score\":0.8,\"pbid\":1,\n"
	  " \"model\":\"Antigena / Network / External Threat / Antigena Suspicious File Block\",\"modeluuid\":\"8b6b2a5c\",\n"
	  " \"start\":1615421700000,\"expires\":1615428900000,\"blocked\":true,\"agemail\":false,\"active\":true,\"cleared\":false}]}\n" },
	{ "darktrace-analyst",
	  "[{\"id\":\"x\",\"title\":\"Suspicious File Download\",\"summariser\":\"SuspiciousFileSummary\",\"category\":\"critical\",\"aiaScore\":94,\n"
	  " \"groupScore\":72.9,\"createdAt\":1615422000000,\"periods\":[{\"start\":1615421671000,\"end\":1615421791000}],\n"
	  " \"mitreTactics\":[\"initial-access\"],\"breachDevices\":[{\"did\":5,\"hostname\":\"EXCH01\",\"ip\":\"10.0.0.5\"}],\n"
	  " \"relatedBreaches\":[{\"modelName\":\"Anomalous File / Masqueraded File Transfer\",\"pbid\":1,\"threatScore\":90}],\n"
	  " \"details\":[[{\"header\":\"File\",\"contents\":[{\"key\":\"Endpoint\",\"type\":\"externalHost\",\"values\":[{\"hostname\":\"files.example\"}]}]}]]}]\n" },
	{ "stix2",
	  "{\"type\":\"bundle\",\"id\":\"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d\",\"objects\":[{\"type\":\"indicator\",\"spec_version\":\"2.1\",\n"
	  " \"id\":\"indicator--d81f86b9-975b-4c0b-875e-810c5ad45a4f\",\"created\":\"2021-03-02T00:00:00Z\",\"modified\":\"2021-03-02T00:00:00Z\",\n"
	  " \"pattern_type\":\"stix\",\"pattern\":\"[domain-name:value = 'evil.example']\",\"valid_from\":\"2021-03-02T00:00:00Z\"}]}\n" },
	{ "zeek-tsv",
	  "#separator \\x09\n"
	  "#set_separator\t,\n"
	  "#empty_field\t(empty)\n"
	  "#unset_field\t-\n"
	  "#path\tnotice\n"
	  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tnote\tmsg\n"
	  "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\n"
	  "1615421678.000000\tCAbc1\t192.0.2.9\t50000\t10.0.0.5\t443\tScan::Port_Scan\t192.0.2.9 scanned 40 ports\n" },
	{ "assets-csv",
	  "host,ip,network,owner,role,criticality\n"
	  "EXCH01,10.0.0.5,,Messaging team,mail server,critical\n"
	  ",,10.0.40.0/24,Facilities,guest Wi-Fi,low\n" },
	{ "zeek-json",
	  "{\"_path\":\"notice\",\"ts\":1615421678.207,\"uid\":\"CHhAvVGS1DHFjwGM9\",\"id.orig_h\":\"192.0.2.9\",\"id.orig_p\":50000,\"id.resp_h\":\"10.0.0.5\",\"id.resp_p\":80,\n"
	  " \"proto\":\"tcp\",\"note\":\"HTTP::SQL_Injection_Attacker\",\"msg\":\"An SQL injection attacker was discovered!\",\"src\":\"192.0.2.9\",\"dst\":\"10.0.0.5\",\"p\":80,\n"
	  " \"actions\":[\"Notice::ACTION_LOG\"],\"suppress_for\":3600.0}\n" },
	{ "fast-log",
	  "03/04/2026-13:55:05.224939  [**] [1:2024897:3] ET MALWARE Beacon [**] [Classification: A Network Trojan was "
	  "detected] [Priority: 1] {TCP} 10.0.0.5:41334 -> 203.0.113.9:443\n" },
	{ "snort-full",
	  "[**] [1:2024897:3] ET MALWARE Beacon [**]\n"
	  "[Classification: A Network Trojan was detected] [Priority: 1]\n"
	  "03/04-13:55:05.224939 10.0.0.5:41334 -> 203.0.113.9:443\n"
	  "TCP TTL:64 TOS:0x0 ID:58363 IpLen:20 DgmLen:83 DF\n\n" },
	{ "snort-csv",
	  "03/04/26-13:55:05.224939 ,1,2024897,3,\"ET MALWARE Beacon\",TCP,10.0.0.5,41334,203.0.113.9,443,"
	  "54321,A Network Trojan was detected,1,alert,Allow\n" },
	{ "snort-json",
	  "{\"seconds\":1772632505,\"action\":\"allow\",\"class\":\"A Network Trojan was detected\",\"dir\":\"C2S\",\"dst_ap\":\"203.0.113.9:443\",\n"
	  " \"gid\":1,\"msg\":\"ET MALWARE Beacon\",\"pkt_gen\":\"raw\",\"pkt_num\":8,\"priority\":1,\"proto\":\"TCP\",\"rev\":3,\"rule\":\"1:2024897:3\",\n"
	  " \"sid\":2024897,\"src_ap\":\"10.0.0.5:41334\",\"timestamp\":\"03/04-13:55:05.224939\"}\n" },
	{ "ossec-log",
	  "** Alert 1772632505.1127: - syslog,sshd,authentication_failed,\n"
	  "2026 Mar 04 13:55:05 (WEB01) 10.0.0.5->/var/log/auth.log\n"
	  "Rule: 5710 (level 5) -> 'Attempt to login using a non-existent user'\n"
	  "Src IP: 192.0.2.9\n"
	  "Mar  4 13:55:05 WEB01 sshd[812]: Failed password for invalid user ada from 192.0.2.9 port 44032 ssh2\n\n" },
	{ "ossec-syslog",
	  "<132>2026-03-04T13:55:05Z manager ossec: Alert Level: 5; Rule: 5710 - Attempt to login using a non-existent user; "
	  "Location: (WEB01) 10.0.0.5->/var/log/auth.log; classification:  syslog,sshd,; srcip: 192.0.2.9; user: ada; "
	  "Mar  4 13:55:05 WEB01 sshd[812]: Failed password for invalid user ada\n" },
	{ "ossec-json",
	  "{\"rule\":{\"level\":5,\"comment\":\"Attempt to login using a non-existent user\",\"sidid\":5710,\"group\":\"syslog,sshd,\"},\n"
	  " \"id\":\"1772632505.1127\",\"TimeStamp\":1772632505000,\"location\":\"(WEB01) 10.0.0.5->/var/log/auth.log\",\"srcip\":\"192.0.2.9\",\n"
	  " \"dstuser\":\"ada\",\"full_log\":\"Mar  4 13:55:05 WEB01 sshd[812]: Failed password for invalid user ada\",\"hostname\":\"WEB01\"}\n" },
	{ "wazuh-5",
	  "{\"@timestamp\":\"2026-03-04T13:55:05.000Z\",\"event\":{\"doc_id\":\"f3Kx\",\"index\":\"wazuh-events-v5-system-activity\",\"action\":\"ssh_login\"},\n"
	  " \"source\":{\"ip\":\"192.0.2.9\"},\"user\":{\"name\":\"ada\"},\"wazuh\":{\"agent\":{\"id\":\"003\",\"name\":\"WEB01\",\n"
	  " \"host\":{\"hostname\":\"web01\",\"ip\":[\"10.0.0.5\"]}},\"integration\":{\"category\":\"system-activity\",\"name\":\"sshd\"},\n"
	  " \"rule\":{\"id\":\"7a2c\",\"title\":\"SSH login by a user who never did\",\"level\":\"high\",\"mitre\":{\"technique\":{\"id\":[\"T1078\"]},\n"
	  " \"tactic\":{\"id\":[\"TA0001\"]}}}}}\n" },
	{ "iis-w3c",
	  "#Software: Microsoft Internet Information Services 10.0\n"
	  "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status time-taken\n"
	  "2021-03-11 00:14:38 10.0.0.5 POST /aspnet_client/shell.aspx - 443 - 192.0.2.9 python-requests/2.25 200 15\n" },
	{ "exchange-log",
	  "#Software: Microsoft Exchange Server\n"
	  "#Version: 15.01.2106.002\n"
	  "#Log-type: HttpProxy Logs\n"
	  "#Fields: DateTime,RequestId,UrlHost,UrlStem,AuthenticatedUser,AnchorMailbox,UserAgent,ClientIpAddress,ServerHostName,HttpStatus,Method\n"
	  "2021-03-11T00:14:38.207Z,1,mail.example,/ecp/y.js,,ServerInfo~a]@mail.example:444/ecp/proxyLogon.ecp#,python-requests/2.25,192.0.2.9,EXCH01,241,POST\n" },
	{ "cef",
	  "CEF:0|Acme|Wall|1.0|4711|Web shell upload|8|rt=1615421678000 src=192.0.2.9 dst=10.0.0.5 dpt=443 act=Blocked\n" },
	{ "leef",
	  "LEEF:2.0|Acme|Guard|2|22|^|name=Scan^devTime=Mar 11 2021 00:14:38 UTC^src=192.0.2.9^dst=10.0.0.5^sev=3\n" },
	{ "splunk",
	  "{\"preview\":false,\"result\":{\"_time\":\"2021-03-11T00:14:38.000+00:00\",\"search_name\":\"Web shell upload\",\"severity\":\"high\",\"src\":\"192.0.2.9\",\"dest\":\"10.0.0.5\"}}\n" },
	{ "sentinel",
	  "[{\"TimeGenerated\":\"2021-03-11T00:14:38.1234567Z\",\"SystemAlertId\":\"a1\",\"DisplayName\":\"Web shell written\",\"AlertName\":\"Web shell written\",\n"
	  " \"AlertSeverity\":\"High\",\"ProviderName\":\"MDATP\",\"CompromisedEntity\":\"EXCH01\"}]\n" },
	{ "graph-alerts",
	  "{\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#security/alerts_v2\",\"value\":[{\"id\":\"da1\",\"title\":\"Web shell written\",\n"
	  " \"severity\":\"high\",\"serviceSource\":\"microsoftDefenderForEndpoint\",\"createdDateTime\":\"2021-03-11T00:14:38.123Z\",\n"
	  " \"firstActivityDateTime\":\"2021-03-11T00:14:30Z\",\"evidence\":[]}]}\n" },
	{ "defender-xdr",
	  "{\"value\":[{\"incidentId\":7,\"incidentName\":\"Web shell on EXCH01\",\"createdTime\":\"2021-03-11T00:20:00Z\",\"severity\":\"High\",\n"
	  " \"alerts\":[{\"alertId\":\"da1\",\"title\":\"Web shell written\",\"severity\":\"High\",\"creationTime\":\"2021-03-11T00:14:38Z\",\"devices\":[{\"deviceDnsName\":\"EXCH01\"}]}]}]}\n" },
	{ "defender-stream",
	  "{\"time\":\"2021-03-11T00:16:02.1234567Z\",\"tenantId\":\"t1\",\"operationName\":\"Publish\",\"category\":\"AdvancedHunting-AlertInfo\",\"properties\":{\"Timestamp\":\"2021-03-11T00:14:38.1234567Z\",\"AlertId\":\"da1\",\"Title\":\"Web shell written\",\"Category\":\"Persistence\",\"Severity\":\"High\",\"ServiceSource\":\"Microsoft Defender for Endpoint\",\"AttackTechniques\":\"[\\\"Web Shell (T1505.003)\\\"]\"}}\n"
	  "{\"time\":\"2021-03-11T00:16:03.1234567Z\",\"tenantId\":\"t1\",\"operationName\":\"Publish\",\"category\":\"AdvancedHunting-AlertEvidence\",\"properties\":{\"Timestamp\":\"2021-03-11T00:14:38.1234567Z\",\"AlertId\":\"da1\",\"EntityType\":\"Machine\",\"EvidenceRole\":\"Impacted\",\"DeviceName\":\"exch01\",\"LocalIP\":\"10.0.0.5\"}}\n" },
	{ "elastic",
	  "{\"_index\":\".internal.alerts-security.alerts-default-000001\",\"_id\":\"4f0c...\",\"_source\":{\"@timestamp\":\"2021-03-11T00:16:02.113Z\",\n"
	  " \"kibana.alert.uuid\":\"4f0c...\",\"kibana.alert.rule.name\":\"Web Shell Detection: Script Process Child of Common Web Processes\",\"kibana.alert.severity\":\"high\",\n"
	  " \"kibana.alert.risk_score\":73,\"kibana.alert.original_time\":\"2021-03-11T00:14:38.207Z\",\"kibana.alert.reason\":\"process event with process cmd.exe by SYSTEM on EXCH01\",\n"
	  " \"kibana.alert.rule.threat\":[{\"framework\":\"MITRE ATT&CK\",\"tactic\":{\"id\":\"TA0003\",\"name\":\"Persistence\"},\"technique\":[{\"id\":\"T1505\",\"name\":\"Server Software Component\"}]}],\n"
	  " \"host\":{\"name\":\"EXCH01\",\"ip\":[\"10.0.0.5\"]},\"process\":{\"executable\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\",\"command_line\":\"cmd /c whoami\",\"parent\":{\"name\":\"w3wp.exe\"}}}}\n" },
	{ "ecs",
	  "{\"@timestamp\":\"2021-03-11T00:14:38.207Z\",\"ecs\":{\"version\":\"8.11.0\"},\"data_stream\":{\"type\":\"logs\",\"dataset\":\"sentinel_one.threat\"},\"event\":{\"kind\":\"alert\",\"id\":\"1234567890123456789\"},\n"
	  " \"host\":{\"name\":\"EXCH01\"},\"file\":{\"path\":\"C:\\\\inetpub\\\\a.aspx\"},\"message\":\"Threat Detected: a.aspx (malicious)\",\n"
	  " \"sentinel_one\":{\"threat\":{\"name\":\"a.aspx\",\"confidence_level\":\"malicious\",\"mitigation\":{\"status\":\"not_mitigated\"}}}}\n" },
	{ "guardduty",
	  "{\"schemaVersion\":\"2.0\",\"accountId\":\"123456789012\",\"region\":\"us-east-1\",\"id\":\"90b8...\",\"arn\":\"arn:aws:guardduty:us-east-1:123456789012:detector/d1/finding/90b8...\",\n"
	  " \"type\":\"UnauthorizedAccess:EC2/SSHBruteForce\",\"severity\":8,\"title\":\"192.0.2.9 is performing SSH brute force attacks against i-0abc.\",\n"
	  " \"createdAt\":\"2021-03-11T00:20:00.000Z\",\"updatedAt\":\"2021-03-11T00:25:00.000Z\",\"resource\":{\"resourceType\":\"Instance\",\"instanceDetails\":{\"instanceId\":\"i-0abc\",\n"
	  " \"networkInterfaces\":[{\"privateIpAddress\":\"10.0.0.5\"}]}},\"service\":{\"serviceName\":\"guardduty\",\"detectorId\":\"d1\",\"resourceRole\":\"TARGET\",\"count\":42,\n"
	  " \"eventFirstSeen\":\"2021-03-11T00:14:38Z\",\"eventLastSeen\":\"2021-03-11T00:18:00Z\",\"action\":{\"actionType\":\"NETWORK_CONNECTION\",\"networkConnectionAction\":\n"
	  " {\"connectionDirection\":\"INBOUND\",\"blocked\":false,\"localPortDetails\":{\"port\":22},\"remotePortDetails\":{\"port\":50000},\"remoteIpDetails\":{\"ipAddressV4\":\"192.0.2.9\"}}}}}\n" },
	{ "security-hub",
	  "{\"Findings\":[{\"SchemaVersion\":\"2018-10-08\",\"Id\":\"arn:aws:guardduty:us-east-1:123456789012:detector/d1/finding/90b8...\",\n"
	  " \"ProductArn\":\"arn:aws:securityhub:us-east-1::product/aws/guardduty\",\"ProductName\":\"GuardDuty\",\"GeneratorId\":\"arn:aws:guardduty:us-east-1:123456789012:detector/d1\",\n"
	  " \"AwsAccountId\":\"123456789012\",\"Types\":[\"TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce\"],\"Severity\":{\"Label\":\"HIGH\",\"Normalized\":70},\n"
	  " \"Title\":\"192.0.2.9 is performing SSH brute force attacks against i-0abc.\",\"CreatedAt\":\"2021-03-11T00:20:00.000Z\",\"FirstObservedAt\":\"2021-03-11T00:14:38Z\",\n"
	  " \"Resources\":[{\"Type\":\"AwsEc2Instance\",\"Id\":\"arn:aws:ec2:us-east-1:123456789012:instance/i-0abc\"}]}]}\n" },
	{ "crowdstrike",
	  "{\"resources\":[{\"composite_id\":\"cid:ind:aid:1\",\"timestamp\":\"2021-03-11T00:14:38.207Z\",\"created_timestamp\":\"2021-03-11T00:15:38Z\",\"name\":\"WebshellSuspiciousProcess\",\n"
	  " \"display_name\":\"WebshellSuspiciousProcess\",\"description\":\"A process associated with a web shell started\",\"severity\":70,\"severity_name\":\"High\",\"tactic\":\"Persistence\",\n"
	  " \"tactic_id\":\"TA0003\",\"technique_id\":\"T1505.003\",\"device\":{\"hostname\":\"EXCH01\",\"local_ip\":\"10.0.0.5\"},\"user_name\":\"SYSTEM\",\"cmdline\":\"cmd /c whoami\",\n"
	  " \"filename\":\"cmd.exe\",\"filepath\":\"\\\\Device\\\\HarddiskVolume2\\\\Windows\\\\System32\\\\cmd.exe\",\"parent_details\":{\"filename\":\"w3wp.exe\"},\n"
	  " \"pattern_disposition_details\":{\"process_blocked\":true}}]}\n" },
	{ "hayabusa",
	  "Timestamp,RuleTitle,Level,Computer,Channel,EventID,RecordID,Details,ExtraFieldInfo,RuleID\n"
	  "2021-03-11 09:14:38.207 +09:00,Web Shell Written,high,EXCH01,Sysmon,11,4711,Path: C:\\inetpub\\a.aspx ¦ Proc: C:\\inetpub\\w3wp.exe ¦ PID: 4,,39bd9...\n" },
	{ "misp",
	  "{\"Event\":{\"uuid\":\"5f0c1b6e-0000-4000-8000-000000000001\",\"info\":\"Weekly feed\",\"date\":\"2021-03-02\",\"threat_level_id\":\"1\",\n"
	  " \"Attribute\":[{\"type\":\"domain\",\"category\":\"Network activity\",\"value\":\"evil.example\",\"to_ids\":true}]}}\n" },
	{ "ocsf",
	  "{\"activity_id\":1,\"category_uid\":2,\"class_uid\":2004,\"type_uid\":200401,\"metadata\":{\"version\":\"1.3.0\",\"product\":{\"name\":\"Guard\",\"vendor_name\":\"Acme\"}},\n"
	  " \"time\":1615421738000,\"severity_id\":4,\"disposition_id\":2,\"finding_info\":{\"uid\":\"f1\",\"title\":\"Web shell written\",\"first_seen_time\":1615421678000,\n"
	  " \"attacks\":[{\"tactic\":{\"uid\":\"TA0003\"},\"technique\":{\"uid\":\"T1505\"},\"sub_technique\":{\"uid\":\"T1505.003\"}}]},\"device\":{\"hostname\":\"EXCH01\",\"ip\":\"10.0.0.5\"},\n"
	  " \"evidences\":[{\"process\":{\"cmd_line\":\"cmd /c whoami\",\"file\":{\"path\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\"}},\"src_endpoint\":{\"ip\":\"192.0.2.9\"}}]}\n" },
	{ "chainsaw",
	  "[{\"group\":\"Sigma\",\"kind\":\"individual\",\"name\":\"Web Shell Written to Disk\",\"timestamp\":\"2021-03-11T00:14:38.207+00:00\",\"authors\":[\"x\"],\"level\":\"high\",\n"
	  " \"source\":\"sigma\",\"status\":\"test\",\"id\":\"39bd9...\",\"logsource\":{\"product\":\"windows\"},\"tags\":[\"attack.persistence\",\"attack.t1505.003\"],\"document\":{\"kind\":\"evtx\",\n"
	  " \"path\":\"Sysmon.evtx\",\"data\":{\"Event\":{\"System\":{\"Computer\":\"EXCH01\",\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":11,\"EventRecordID\":4711},\n"
	  " \"EventData\":{\"Image\":\"C:\\\\inetpub\\\\w3wp.exe\",\"TargetFilename\":\"C:\\\\inetpub\\\\a.aspx\"}}}}}]\n" },
	{ "cybereason",
	  "{\"malops\":[{\"guid\":\"11.1\",\"@class\":\".MalopInboxModel\",\"displayName\":\"powershell.exe\",\"malopDetectionType\":\"MALICIOUS_PROCESS\",\"rootCauseElementType\":\"Process\",\n"
	  " \"creationTime\":1615421678000,\"lastUpdateTime\":1615421700000,\"severity\":\"High\",\"machines\":[{\"displayName\":\"EXCH01\"}]}]}\n" },
	{ "sentinel-cef",
	  "TimeGenerated,DeviceVendor,DeviceProduct,DeviceVersion,DeviceEventClassID,Activity,LogSeverity,SourceIP,DestinationIP,AdditionalExtensions\n"
	  "2021-03-11T00:14:38.1234567Z,Contoso,Firewall,1.0,4711,Web shell reached,8,192.0.2.9,10.0.0.5,cs1=T1505.003;cs1Label=technique\n" },
	{ "darktrace-sentinel",
	  "[{\"dtProduct\":\"Policy Breach\",\"breachTime\":\"2021-03-11 00:14:38\",\"modelName\":\"Anomalous File::Masqueraded\",\"score\":90,\n"
	  " \"hostname\":\"EXCH01\",\"sourceIP\":\"10.0.0.5\"}]\n" },
	{ "test-proxylogon",
	  "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\ECP\\Server\\ECPServer20210303-1.LOG\n" },
	{ "test-proxylogon-age",
	  "#TYPE System.Management.Automation.PSCustomObject\n"
	  "\"Oabgen\",\"Ecp\",\"AutodProxy\",\"EasProxy\",\"EcpProxy\",\"EwsProxy\",\"MapiProxy\",\"OabProxy\",\"OwaProxy\",\"OwaCalendarProxy\",\"PowershellProxy\",\"RpcHttpProxy\"\n"
	  "\"29\",\"30\",\"30\",\"30\",\"30\",\"30\",\"30\",\"30\",\"30\",\"30\",\"30\",\"30\"\n" },
	{ "clamav",
	  "Thu Mar 11 00:14:38 2021 -> /srv/www/a.aspx: Win.Webshell.Chopper-1(44d88612fea8a8f36de82e1278abb02f:68) FOUND\n" },
	{ "yara-json",
	  "{\"path\":\"/srv/www/a.aspx\",\"rules\":[{\"identifier\":\"webshell_chopper\",\"namespace\":\"default\",\"tags\":[\"T1505_003\"],\"meta\":[[\"description\",\"A web shell\"],[\"score\",75]]}]}\n" },
	{ "yara",
	  "webshell_chopper [T1505_003] [description=\"A web shell\",score=75] /srv/www/a.aspx\n" },
	{ "windows-json",
	  "{\"@timestamp\":\"2021-03-11T00:14:38.000Z\",\"Hostname\":\"EXCH01\",\"Channel\":\"Security\",\"EventID\":1102,\"SourceName\":\"Microsoft-Windows-Eventlog\",\"RecordNumber\":4711}\n" },
	{ "windows-xml",
	  "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider Name=\"Microsoft-Windows-Eventlog\"/>\n"
	  "<EventID>1102</EventID><TimeCreated SystemTime=\"2021-03-11T00:14:38.1234567Z\"/><EventRecordID>4711</EventRecordID>\n"
	  "<Channel>Security</Channel><Computer>EXCH01</Computer></System></Event>\n" },
	{ "wrapped",
	  "{\"@timestamp\":\"2021-03-11T00:14:39.002Z\",\"log\":{\"file\":{\"path\":\"/var/log/suricata/eve.json\"}},\"message\":\n"
	  " \"{\\\"timestamp\\\":\\\"2021-03-11T09:14:38.207000+0900\\\",\\\"event_type\\\":\\\"alert\\\",\\\"src_ip\\\":\\\"10.0.0.5\\\",\\\"dest_ip\\\":\\\"192.0.2.9\\\",\\\"alert\\\":{\\\"signature\\\":\\\"Web shell upload\\\",\\\"severity\\\":1}}\"}\n" },
	{ "wrapped-lines",
	  "Mar 11 09:14:38 sensor suricata[99]: {\"timestamp\":\"2021-03-11T09:14:38.207000+0900\",\"event_type\":\"alert\",\"src_ip\":\"10.0.0.5\",\"dest_ip\":\"192.0.2.9\",\"alert\":{\"signature\":\"Web shell upload\",\"severity\":1}}\n" },
	{ "idmef",
	  "<idmef:IDMEF-Message version=\"1.0\" xmlns:idmef=\"http://iana.org/idmef\"><idmef:Alert messageid=\"1\"><idmef:Analyzer name=\"sensor\"/>\n"
	  "<idmef:CreateTime>2021-03-11T00:14:38Z</idmef:CreateTime><idmef:Source><idmef:Node><idmef:Address category=\"ipv4-addr\">\n"
	  "<idmef:address>192.0.2.9</idmef:address></idmef:Address></idmef:Node></idmef:Source>\n"
	  "<idmef:Classification text=\"Port scan\"/></idmef:Alert></idmef:IDMEF-Message>\n" },
	{ "idea",
	  "{\"Format\":\"IDEA0\",\"ID\":\"x1\",\"DetectTime\":\"2021-03-11T00:14:38Z\",\"Category\":[\"Recon.Scanning\"],\"Source\":[{\"IP4\":[\"192.0.2.9\"]}],\"Target\":[{\"IP4\":[\"10.0.0.5\"]}]}\n" },
	{ "openioc",
	  "<ioc xmlns=\"http://schemas.mandiant.com/2010/ioc\" id=\"x\"><short_description>Weekly</short_description><definition><Indicator operator=\"OR\">\n"
	  "<IndicatorItem condition=\"is\"><Context search=\"Network/DNS\"/><Content type=\"string\">evil.example</Content></IndicatorItem>\n"
	  "</Indicator></definition></ioc>\n" },
	{ "stix1",
	  "<stix:STIX_Package xmlns:stix=\"http://stix.mitre.org/stix-1\" xmlns:cybox=\"http://cybox.mitre.org/cybox-2\"\n"
	  " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" version=\"1.2\"><stix:Observables><cybox:Observable><cybox:Object>\n"
	  "<cybox:Properties xsi:type=\"DomainNameObj:DomainNameObjectType\"><cybox:Value>evil.example</cybox:Value></cybox:Properties>\n"
	  "</cybox:Object></cybox:Observable></stix:Observables></stix:STIX_Package>\n" },
	{ "iodef",
	  "<IODEF-Document version=\"1.00\" lang=\"en\" xmlns=\"urn:ietf:params:xml:ns:iodef-1.0\"><Incident purpose=\"reporting\">\n"
	  "<IncidentID name=\"csirt.example\">1</IncidentID><ReportTime>2021-03-11T00:20:00Z</ReportTime><EventData><Flow><System category=\"source\">\n"
	  "<Node><Address category=\"ipv4-addr\">192.0.2.9</Address></Node></System></Flow></EventData></Incident></IODEF-Document>\n" },
	{ "otx",
	  "{\"results\":[{\"id\":\"5f00\",\"name\":\"Examplebot servers\",\"author_name\":\"Example\",\"adversary\":\"\",\"TLP\":\"green\",\"malware_families\":[\"Examplebot\"],\n"
	  "\"attack_ids\":[],\"modified\":\"2021-03-11T00:00:00\",\"indicators\":[{\"indicator\":\"evil.example\",\"type\":\"domain\",\"is_active\":1}]}]}\n" },
	{ "csv",
	  "time,rule,host,severity,src ip\n"
	  "2021-03-11T00:14:38Z,Web shell written,EXCH01,high,192.0.2.9\n" },
	{ "json",
	  "[{\"p_log_type\":\"CarbonBlack.AlertV2\",\"type\":\"CB_ANALYTICS\",\"reason\":\"The application cmd.exe was detected running\",\"reason_code\":\"T_RUN_SHELL\",\"severity\":7,\n"
	  "\"detection_timestamp\":\"2021-03-11 00:14:38\",\"device_name\":\"EXCH01\",\"process_guid\":\"A-1\",\"org_key\":\"A\"}]\n" },
	{ "indicators-csv",
	  "Indicator,IndicatorType,TLP,Comment\n"
	  "evil[.]example,domain,GREEN,command and control\n" },
	{ "indicators-json",
	  "[{\"Indicator\":\"evil.example\",\"IndicatorType\":\"domainname\",\"TLP\":\"Green\",\"Comment\":\"command and control\"}]\n" },
	{ "indicators-text",
	  "# TLP:GREEN\n"
	  "hxxp://evil[.]example/a.zip   # downloader\n"
	  "198[.]51[.]100[.]7\n" },
	{ NULL, NULL }
};

const char *reader_example(const struct reader *reader)
{
	for (size_t i = 0; examples[i].name != NULL; i++)
		if (strcmp(examples[i].name, reader->name) == 0)
			return examples[i].example;
	return NULL;
}

/* Readers that take their records apart with code of their own. */
static const struct { const char *name, *reads; } takings[] = {
	{ "cef",
	  "  rule, rule-id        name and signature id of the head\n"
	  "  product              device vendor and product of the head\n"
	  "  severity             severity of the head: 0 to 10, or a word\n"
	  "  custom fields        cs1 to cs6, c6a1 to c6a4 and the like, by their labels\n" },
	{ "leef",
	  "  product              vendor and product of the head\n"
	  "  rule-id              event id of the head\n" },
	{ "idmef",
	  "  source               Source/Node/Address/address, Node/name, User/UserId/name, Service/port, Service/WebService/url\n"
	  "  target               Target/ the same, and File/Checksum/value\n" },
	{ "test-proxylogon",
	  "  rule                 by the folder of the path: OABGeneratorLog, ECP\\Server\n"
	  "  path.observed        the line\n"
	  "  host.victim          what stands before -Cve-2021- in the file's name\n"
	  "  time                 the file's own, or --time\n" },
	{ "test-proxylogon-age",
	  "  missing data         before as many days as the log that goes back the least, of the server: told under what is not known\n"
	  "  server               what stands before -LogAgeDays in the file's name\n"
	  "  time                 when the script ran: the file's own, or --time\n" },
	{ "clamav",
	  "  rule                 the signature before FOUND\n"
	  "  path.observed        what stands before it\n"
	  "  ip.source            of what was sent to clamd: instream(192.0.2.1@5000)\n"
	  "  host.victim          the machine that syslog names\n"
	  "  hash.observed        (md5:size) of clamd\n"
	  "  time                 clamd's; else the file's own, or --time\n" },
	{ "yara",
	  "  rule                 the first word of a line\n"
	  "  category, techniques tags between brackets\n"
	  "  title, score,        of the meta between brackets: description, score, severity or threat_level,\n"
	  "    severity, techniques mitre_attack and the like\n"
	  "  path.observed        the rest of the line\n"
	  "  time                 the file's own, or --time\n" },
	{ "fast-log",
	  "  time                 what stands first, UTC or as --assume-tz says\n"
	  "  rule-id, rule        [gid:sid:rev] and what follows\n"
	  "  category, severity   Classification, Priority\n"
	  "  ip, port             before and behind the arrow\n" },
	{ "snort-full",
	  "  time                 before the ends, zone as --assume-tz says, year as --year or the file's date\n"
	  "  rule-id, rule        [gid:sid:rev] and what follows\n"
	  "  category, severity   Classification, Priority\n"
	  "  ip, port             before and behind the arrow\n" },
	{ "snort-csv",
	  "  columns              time, generator, rule-id, revision, rule, protocol, source and its port, destination and its port;\n"
	  "                       of pfSense also id, category, severity, action, disposition; of Snort 3 those of its guide\n" },
	{ "snort-json",
	  "  time                 seconds, else timestamp\n"
	  "  ip, port             src_ap and dst_ap, in the order that dir tells\n" },
	{ "ossec-log",
	  "  time, id             the number behind ** Alert\n"
	  "  rule-id, rule        Rule:, with its level as severity\n"
	  "  host.victim          the agent in parentheses, or the name before ->\n"
	  "  source, destination  Src IP:, Dst IP:, Dst Port:\n"
	  "  user.target          User:\n"
	  "  path, hash           of files that are watched\n" },
	{ "ossec-syslog",
	  "  time                 of syslog\n"
	  "  all else             Alert Level:, Rule:, Location:, srcip:, dstip:, user:\n" },
	{ "ossec-json",
	  "  time                 TimeStamp, else timestamp\n"
	  "  rule-id, rule        rule.sidid, rule.comment, with rule.level as severity\n"
	  "  host.victim          location or hostname\n" },
	{ "windows-xml",
	  "  time                 UtcTime of Sysmon, else System/TimeCreated\n"
	  "  host.victim          System/Computer\n"
	  "  id                   System/EventRecordID\n"
	  "  rule                 the rule of templates/knowledge/detections.xml that its values meet\n"
	  "  values               EventData/Data and UserData by their names\n" },
	{ "wrapped",
	  "  all                  a record of another format, as text or as an object under message, event.original, log, msg, MESSAGE,\n"
	  "                       full_message, RawData, SyslogMessage, Sns.Message, body, event, jsonPayload, json or _source\n"
	  "  time                 of records that carry none: @timestamp, TimeGenerated, time, timestamp\n"
	  "  log of Zeek          log.file.path, log_file, source, path, file, filename\n" },
	{ "wrapped-lines",
	  "  all                  a record of another format, an object or an event behind the prefix of the line\n"
	  "  time                 of records that carry none: that of the prefix\n" },
	{ "openioc",
	  "  indicator            Content of an IndicatorItem; its kind by Context/@search\n"
	  "  context              short_description; the logic, where an item counts only with others\n" },
	{ "stix1",
	  "  indicator            leaves of CybOX objects: Address_Value, Value, Simple_Hash_Value, File_Name, Full_Path, Key ...\n"
	  "  context, TLP         Title, Marking, Confidence, Valid_Time_Position\n" },
	{ "iodef",
	  "  indicator            version 2: Observable, BulkObservable; version 1: systems of category source\n"
	  "  context, TLP         IncidentID, Description, restriction, Confidence\n" },
	{ "csv",
	  "  all                  columns by a map (lines as column.time = \"When\"): --map FILE, or one of templates/maps\n" },
	{ "json",
	  "  all                  keys by a map (lines as column.time = \"event.created\"): --map FILE, or one of templates/maps\n" },
	{ "assets-csv",
	  "  machine, network     host, ip, network, account: one of them at least\n"
	  "  told of it           criticality, role, owner\n" },
	{ "indicators-csv",
	  "  indicator            Indicator, IoC, value, observable; its kind from IndicatorType, Type, else by its look;\n"
	  "                       or columns called by their kind (sha256, URL); or rows 'kind,value' without a header\n"
	  "  told of it           malware, actor, threat, Comment, TLP, first seen, last seen, valid until, source, confidence,\n"
	  "                       techniques; to_ids 0: context only\n" },
	{ "indicators-text",
	  "  indicator            addresses, networks, names, links, mail addresses, hashes, files and paths in any text\n"
	  "  context              the rest of its row, else the heading above it, or the sentence around it; TLP where a line names it\n" },
	{ NULL, NULL }
};

const char *reader_reads(const struct reader *reader)
{
	for (size_t i = 0; takings[i].name != NULL; i++)
		if (strcmp(takings[i].name, reader->name) == 0)
			return takings[i].reads;
	return NULL;
}
