/* Readers of what sensors on the network and on hosts write, in the shapes that genuine records have: Snort, OSSEC, Zeek,
 * Suricata, gateways in CEF and LEEF, Windows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/collect.h"

/* Told by its content, as that format, with the file last written in April 2026. */
static void gives(const char *format, const char *bytes, const char *expected)
{
	struct collected c;

	assert_true(instant_parse(&collect_written, NULL, "2026-04-01T00:00:00Z", 20, 0));
	collect_bytes(&c, NULL, bytes, strlen(bytes));
	collect_written = 0;
	assert_string_equal(c.refused, "");
	assert_string_equal(c.format, format);
	assert_string_equal(text_str(&c.lines), expected);
	text_free(&c.lines);
}

/* ---- Snort ---- */

static void snorts_fast_log_says_no_year(void **state)
{
	(void)state;
	gives("fast-log",
	      "03/04-13:55:05.224939  [**] [1:527:8] BAD-TRAFFIC same SRC/DST [**] [Classification: Potentially Bad Traffic] "
	      "[Priority: 2] {UDP} 192.0.2.7:1029 -> 10.0.0.5:53\n"
	      "12/30-14:09:21.1 [drop] [**] [1:1000001:1]  <eth1> \"Probe\" [**] [Classification: (null)] [Priority: 3] [AppID: ICMP] "
	      "{ICMP} 192.0.2.7 -> 10.0.0.5\n"
	      "12/30-14:09:22.1 [WDrop] [**] [1:1000001:1] \"Probe\" [**] [Priority: 3] {ICMP} 192.0.2.7 -> 10.0.0.5\n",
	      "1 alert 2026-03-04T13:55:05.224Z snort|527|BAD-TRAFFIC same SRC/DST|| sev=3 act=0 kind=0 ip/source=192.0.2.7 "
	      "ip/destination=10.0.0.5 port/destination=53\n"
	      "2 alert 2025-12-30T14:09:21.100Z snort|1000001|Probe|| sev=2 act=3 kind=0 ip/source=192.0.2.7 ip/destination=10.0.0.5\n"
	      "3 alert 2025-12-30T14:09:22.100Z snort|1000001|Probe|| sev=2 act=0 kind=0 ip/source=192.0.2.7 ip/destination=10.0.0.5\n");
}

static void a_year_nobody_says_is_asked_for(void **state)
{
	static const char line[] = "03/04-13:55:05.2  [**] [1:527:8] Same [**] [Priority: 2] {UDP} 192.0.2.7:1029 -> 10.0.0.5:53\n";
	struct collected c;

	(void)state;
	collect_bytes(&c, NULL, line, strlen(line));
	assert_string_equal(text_str(&c.lines), "1 reject no time: 'Mar 04 13:55:05.2' has no year: say it with --year\n");
	text_free(&c.lines);
}

/* What other daemons and the sensor itself say there is no alert and nothing broken. */
static void syslog_carries_alerts_of_sensors(void **state)
{
	struct collected c;
	static const char lines[] =
		"Mar  4 13:55:01 gate sshd[77]: Accepted publickey for ada\n"
		"Mar  4 13:55:05 gate snort[812]: [1:2024897:3] ET MALWARE Beacon [Classification: A Network Trojan was detected] "
		"[Priority: 1]: {TCP} 10.0.0.5:41334 -> 203.0.113.9:443\n"
		"<161>Mar  4 13:55:06 gate suricata[9]: [Drop] [1:2010935:2] ET SCAN 1433 [Priority: 2] {TCP} 192.0.2.7:6000 -> 10.0.0.5:1433\n"
		"Mar  4 13:55:07 gate snort[812]: Commencing packet processing\n";

	(void)state;
	gives("fast-log", lines,
	      "2 alert 2026-03-04T13:55:05Z snort|2024897|ET MALWARE Beacon|| sev=4 act=0 kind=0 ip/source=10.0.0.5 "
	      "ip/destination=203.0.113.9 port/destination=443\n"
	      "3 alert 2026-03-04T13:55:06Z suricata|2010935|ET SCAN 1433|| sev=3 act=3 kind=0 ip/source=192.0.2.7 "
	      "ip/destination=10.0.0.5 port/destination=1433\n");
	collect_bytes(&c, "fast-log", lines, strlen(lines));
	assert_int_equal(c.telemetry, 2);
	text_free(&c.lines);
}

static void an_alert_of_alert_full_is_a_block_of_lines(void **state)
{
	(void)state;
	gives("snort-full",
	      "[**] [1:1000006:0] Probe [**]\r\n"
	      "[Priority: 0] \r\n"
	      "03/04-21:42:42.860730 192.0.2.7:57263 -> 10.0.0.5:22\r\n"
	      "TCP TTL:127 TOS:0x0 ID:53730 IpLen:20 DgmLen:108 DF\r\n"
	      "\r\n"
	      "[**] [1:1882:10] ATTACK-RESPONSES id check returned root [**]\n"
	      "[Classification: Potentially Bad Traffic] [Priority: 2] \n"
	      "03/04-21:53:15.299702 10.0.0.5:80 -> 192.0.2.7:36635\n"
	      "TCP TTL:64 TOS:0x0 ID:58363 IpLen:20 DgmLen:83\n"
	      "[Xref => http://www.example.org/1]\n"
	      "\n"
	      "[**] [116:414:1] \"(ipv4) IPv4 packet\" [**]\n"
	      "[Classification: Misc] [Priority: 3] \n"
	      "03/04-21:53:16.3 2001:db8::7 -> 2001:db8::5\n"
	      "IPV6-ICMP TTL:114 TOS:0x0 ID:0 IpLen:40 DgmLen:84\n"
	      "\n"
	      "[**] [1:2:3] Without a time [**]\n"
	      "\n"
	      "[**] [1:2:3] A date over two lines [**]\n"
	      "03/\n"
	      " 4-21:53:15.299702 10.0.0.5:80 -> 192.0.2.7:36635\n",
	      "1 alert 2026-03-04T21:42:42.860Z snort|1000006|Probe|| sev=0 act=0 kind=0 ip/source=192.0.2.7 ip/destination=10.0.0.5 "
	      "port/destination=22\n"
	      "6 alert 2026-03-04T21:53:15.299Z snort|1882|ATTACK-RESPONSES id check returned root|| sev=3 act=0 kind=0 "
	      "ip/source=192.0.2.7 ip/destination=10.0.0.5 port/destination=80 ip/victim=10.0.0.5\n"
	      "12 alert 2026-03-04T21:53:16.300Z snort|414|(ipv4) IPv4 packet|| sev=2 act=0 kind=0 ip/source=2001:db8::7 "
	      "ip/destination=2001:db8::5\n"
	      "17 reject an alert without a rule's number or a time\n"
	      "19 reject an alert without a rule's number or a time\n");
}

static void snorts_csv_has_no_header(void **state)
{
	(void)state;
	gives("snort-csv",
	      "03/04-21:45:37.536335 ,1,1000006,0,\"Probe, slow\",TCP,192.0.2.7,57263,10.0.0.5,22,00:25:90:3A:05:13,00:50:56:9D:A5:BE,"
	      "0x72,***AP***,0x688F0DFC,0xBC763516,,0x80C,127,0,55665,100,102400,,,,\n"
	      "03/04/26-12:37:16.428952 ,1,2403488,68499,\"ET CINS Poor Reputation\",TCP,192.0.2.7,36847,10.0.0.5,91,54321,Misc Attack,2,"
	      "drop,Drop\n"
	      "03/04-20:33:33.603502, 8, TCP, raw, 84, S2C, 10.0.0.5:443, 192.0.2.7:50000, 1:10000001:0, would_drop\n"
	      "03/04-20:33:33.603502,8,TCP\n",
	      "1 alert 2026-03-04T21:45:37.536Z snort|1000006|Probe, slow|| sev=0 act=0 kind=0 ip/source=192.0.2.7 ip/destination=10.0.0.5 "
	      "port/destination=22\n"
	      "2 alert 2026-03-04T12:37:16.428Z snort|2403488|ET CINS Poor Reputation|| sev=3 act=3 kind=0 ip/source=192.0.2.7 "
	      "ip/destination=10.0.0.5 port/destination=91\n"
	      "3 alert 2026-03-04T20:33:33.603Z snort|10000001|Snort rule 10000001|| sev=0 act=2 kind=0 ip/source=192.0.2.7 "
	      "ip/destination=10.0.0.5 port/destination=443\n"
	      "4 reject not the columns that Snort writes unless told otherwise\n");
}

static void snort_3_tells_the_year_in_seconds_and_the_heading_in_dir(void **state)
{
	(void)state;
	gives("snort-json",
	      "{\"seconds\":1574352110,\"action\":\"block\",\"class\":\"Attempted Administrator Privilege Gain\",\"dir\":\"C2S\",\"dst_addr\":\"10.0.0.5\","
	      "\"dst_ap\":\"10.0.0.5:445\",\"dst_port\":445,\"gid\":1,\"msg\":\"OS-WINDOWS raw WriteAndX\",\"pkt_gen\":\"raw\",\"pkt_num\":6,\"priority\":1,"
	      "\"proto\":\"TCP\",\"rule\":\"1:50626:1\",\"sid\":50626,\"src_addr\":\"192.0.2.7\",\"src_ap\":\"192.0.2.7:50084\",\"src_port\":50084,"
	      "\"timestamp\":\"11/21-18:01:50.061909\"}\n"
	      "{\"timestamp\":\"03/04-20:33:33.6\",\"pkt_num\":8,\"proto\":\"ICMP\",\"pkt_gen\":\"raw\",\"dir\":\"S2C\",\"src_ap\":\"10.0.0.5:0\","
	      "\"dst_ap\":\"192.0.2.7:0\",\"rule\":\"1:10000001:0\",\"action\":\"allow\",\"class\":\"none\"}\n",
	      "1 alert 2019-11-21T16:01:50Z snort|50626|OS-WINDOWS raw WriteAndX|| sev=4 act=3 kind=0 ip/source=192.0.2.7 "
	      "ip/destination=10.0.0.5 port/destination=445\n"
	      "2 alert 2026-03-04T20:33:33.600Z snort|10000001|Snort rule 10000001|| sev=0 act=2 kind=0 ip/source=192.0.2.7 "
	      "ip/destination=10.0.0.5\n");
}

/* ---- OSSEC ---- */

static void alerts_log_of_ossec_and_wazuh_is_read(void **state)
{
	(void)state;
	gives("ossec-log",
	      "Nov 11 13:48:59 web01 the end of an alert before\n"
	      "\n"
	      "** Alert 1605098939.724: mail  - syslog,sshd,authentication_failed,\n"
	      "2020 Nov 11 14:48:59 (web01) 10.0.0.5->/var/log/auth.log\n"
	      "Rule: 5710 (level 5) -> 'Attempt to login using a non-existent user'\n"
	      "Src IP: 192.0.2.9\n"
	      "User: ada\n"
	      "Nov 11 14:48:59 web01 sshd[5]: Failed password for invalid user ada from 192.0.2.9 port 44032 ssh2\n"
	      "\n"
	      "** Alert 1605098940.25442: - ossec,syscheck,pci_dss_11.5,\n"
	      "2020 Nov 11 14:49:00 (db01) any->syscheck\n"
	      "Rule: 550 (level 7) -> 'Integrity checksum changed.'\n"
	      "Integrity checksum changed for: '/etc/app/hello'\n"
	      "Old md5sum was: 'e59ff97941044f85df5297e1c302d260'\n"
	      "New md5sum is : '7947eba5d9cc58d440fb06912e302949'\n"
	      "\n"
	      "** Alert 1605098941.1: - firewall,\n"
	      "2020 Nov 11 14:49:01 gate->10.0.0.1\n"
	      "Rule: 4101 (level 5) -> 'Firewall drop event.'\n"
	      "Src IP: 192.0.2.9\n"
	      "Dst IP: 10.0.0.5\n"
	      "Dst Port: 3389\n"
	      "Nov 11 14:49:01 gate kernel: DROP\n"
	      "\n"
	      "** Alert 1605098942.1: mail - ids,\n"
	      "2020 Nov 11 14:49:02 sensor->/var/log/snort/alert\n"
	      "Rule: 20101 (level 6) -> 'IDS event.'\n"
	      "11/11-14:49:02.5  [**] [1:2024897:3] Beacon [**] [Priority: 1] {TCP} 10.0.0.5:41334 -> 203.0.113.9:443\n"
	      "\n"
	      "** Alert of another kind\n"
	      "\n"
	      "** Alert \n"
	      "text\n",
	      "1 reject stands before the first alert\n"
	      "3 alert 2020-11-11T12:48:59Z ossec|5710|Attempt to login using a non-existent user|| sev=2 act=0 kind=0 "
	      "host/victim=web01 ip/victim=10.0.0.5 ip/source=192.0.2.9 user/target=ada\n"
	      "10 alert 2020-11-11T12:49:00Z wazuh|550|Integrity checksum changed.|| sev=3 act=0 kind=0 host/victim=db01 "
	      "path/observed=/etc/app/hello file/observed=hello hash/observed=7947eba5d9cc58d440fb06912e302949 "
	      "hash/observed=e59ff97941044f85df5297e1c302d260\n"
	      "17 alert 2020-11-11T12:49:01Z ossec|4101|Firewall drop event.|| sev=2 act=0 kind=0 host/observed=gate "
	      "ip/source=192.0.2.9 ip/destination=10.0.0.5 port/destination=3389\n"
	      "25 alert 2020-11-11T12:49:02.500Z snort|2024897|Beacon|| sev=4 act=0 kind=0 ip/source=10.0.0.5 "
	      "ip/destination=203.0.113.9 port/destination=443 host/observed=sensor\n"
	      "30 reject an alert without a time, a place or a rule\n"
	      "32 reject an alert without a time, a place or a rule\n");
}

static void ossec_tells_syslog_and_json_the_same(void **state)
{
	(void)state;
	gives("ossec-syslog",
	      "<132>Mar  4 13:55:05 manager ossec: Alert Level: 7; Rule: 552 - Integrity checksum changed again (3rd time).; "
	      "Location: web01->syscheck; classification: ossec,syscheck,; Previous MD5: 'e59ff97941044f85df5297e1c302d260'; "
	      "Current MD5: '7947eba5d9cc58d440fb06912e302949'; Size changed: from '4' to '5'; "
	      "Integrity checksum changed for: '/etc/app/hello'\n"
	      "<132>Mar  4 13:55:06 manager kernel: quiet\n"
	      "<132>Mar  4 13:55:06 manager ossec: Alert Level: 3; Rule: 18145 - Service startup; it changed.; Location: (win01) "
	      "10.0.0.7->WinEvtLog; classification:  windows,; srcip: 192.0.2.9; user: SYSTEM; 2026 Mar 04 WinEvtLog: text\n",
	      "1 alert 2026-03-04T13:55:05Z ossec|552|Integrity checksum changed again (3rd time).|| sev=3 act=0 kind=0 "
	      "host/victim=web01 path/observed=/etc/app/hello file/observed=hello hash/observed=7947eba5d9cc58d440fb06912e302949 "
	      "hash/observed=e59ff97941044f85df5297e1c302d260\n"
	      "3 alert 2026-03-04T13:55:06Z ossec|18145|Service startup; it changed.|| sev=1 act=0 kind=0 "
	      "host/victim=win01 ip/victim=10.0.0.7 ip/source=192.0.2.9 user/target=system\n");
	gives("ossec-json",
	      "{\"rule\":{\"level\":5,\"comment\":\"Certificate verification failed.\",\"sidid\":53508,\"group\":\"syslog,smtpd,\"},\"id\":\"1510376417.172\","
	      "\"TimeStamp\":1510376417000,\"location\":\"(mail01) 10.0.0.9->/var/log/maillog\",\"full_log\":\"text\",\"srcip\":\"192.0.2.9\","
	      "\"hostname\":\"(mail01) 10.0.0.9->/var/log/maillog\"}\n"
	      "{\"rule\":{\"level\":3,\"comment\":\"Server started.\",\"sidid\":502,\"groups\":[\"ossec\",\"pci_dss\"]},\"full_log\":\"text\","
	      "\"hostname\":\"web01\",\"timestamp\":\"2015 Nov 08 23:01:28\",\"location\":\"ossec-monitord\"}\n",
	      "1 alert 2017-11-11T05:00:17Z ossec|53508|Certificate verification failed.|| sev=2 act=0 kind=0 "
	      "host/victim=mail01 ip/victim=10.0.0.9 ip/source=192.0.2.9\n"
	      "2 alert 2015-11-08T23:01:28Z ossec|502|Server started.|| sev=1 act=0 kind=0 host/victim=web01\n");
}

/* ---- Wazuh 5 ---- */

static void a_finding_of_wazuh_5_is_an_event_with_its_rule(void **state)
{
	static const char documents[] =
		"{\"_index\":\".ds-wazuh-findings-v5-system-activity-000001\",\"_source\":{\"@timestamp\":\"2026-03-04T13:55:05.000Z\","
		"\"event\":{\"doc_id\":\"f3Kx\"},\"source\":{\"ip\":\"192.0.2.9\"},\"user\":{\"name\":\"ada\"},\"wazuh\":{\"agent\":{\"id\":\"003\","
		"\"name\":\"WEB01\",\"host\":{\"hostname\":\"web01\",\"ip\":[\"10.0.0.5\",\"::1\"]}},\"integration\":{\"category\":\"system-activity\","
		"\"name\":\"sshd\"},\"rule\":{\"id\":\"7a2c\",\"title\":\"Odd login\",\"level\":\"high\",\"tags\":[\"attack.t1021.004\"],\"mitre\":"
		"{\"technique\":{\"id\":[\"T1078\"]},\"tactic\":{\"id\":[\"TA0001\"]}}}}}}\n"
		"{\"_index\":\"wazuh-events-v5-system-activity\",\"_source\":{\"@timestamp\":\"2026-03-04T13:55:06.000Z\",\"wazuh\":{\"agent\":"
		"{\"id\":\"003\",\"name\":\"WEB01\"},\"integration\":{\"category\":\"system-activity\",\"name\":\"sshd\"}}}}\n";
	struct collected c;

	(void)state;
	gives("wazuh-5", documents,
	      "1 alert 2026-03-04T13:55:05Z wazuh|7a2c|Odd login|T1021.004 T1078|TA0001 sev=4 act=0 kind=0 ip/source=192.0.2.9 "
	      "host/victim=web01 ip/victim=10.0.0.5 user/actor=ada\n");
	collect_bytes(&c, "wazuh-5", documents, strlen(documents));
	assert_int_equal(c.telemetry, 1);
	text_free(&c.lines);
}

/* ---- Zeek ---- */

static void a_match_of_zeeks_signatures_is_an_alert(void **state)
{
	(void)state;
	gives("zeek-json",
	      "{\"ts\":1611852809.869245,\"uid\":\"CbjAXE4CBxJ8W7VoJg\",\"src_addr\":\"192.0.2.9\",\"src_port\":51617,\"dst_addr\":\"10.0.0.5\","
	      "\"dst_port\":445,\"note\":\"Signatures::Sensitive_Signature\",\"sig_id\":\"site-7\",\"event_msg\":\"192.0.2.9: odd SMB\"}\n",
	      "1 alert 2021-01-28T16:53:29.869Z zeek||Signatures::Sensitive_Signature|| sev=3 act=0 kind=0 ip/source=192.0.2.9 "
	      "ip/destination=10.0.0.5 port/destination=445\n");
}

/* The notice has no call beside it: what was met stands in words. */
static void a_notice_of_intelligence_names_what_was_met(void **state)
{
	(void)state;
	gives("zeek-json",
	      "{\"ts\":1611852809.5,\"note\":\"Intel::Notice\",\"msg\":\"Intel hit on bad.example.org at SMTP::IN_MESSAGE\",\"sub\":\"bad.example.org\","
	      "\"actions\":[\"Notice::ACTION_LOG\"],\"suppress_for\":3600.0}\n",
	      "1 alert 2021-01-28T16:53:29.500Z zeek||Intel::Notice|| sev=3 act=0 kind=0 domain/observed=bad.example.org\n");
}

/* ---- Suricata ---- */

static void an_export_may_leave_out_that_all_are_alerts(void **state)
{
	struct collected c;
	static const char lines[] =
		"{\"timestamp\":\"2020-01-27T21:27:10.693784+0000\",\"flow_id\":1,\"src_ip\":\"10.0.0.5\",\"src_port\":50000,\"dest_ip\":\"203.0.113.9\","
		"\"dest_port\":449,\"proto\":\"TCP\",\"alert\":{\"action\":\"allowed\",\"gid\":1,\"signature_id\":2011540,\"signature\":\"Demo CA\","
		"\"category\":\"\",\"severity\":3}}\n"
		"{\"timestamp\":\"2020-01-27T21:27:10.693784+0000\",\"flow_id\":1,\"src_ip\":\"10.0.0.5\",\"dest_ip\":\"203.0.113.9\"}\n";

	(void)state;
	collect_bytes(&c, "suricata-eve", lines, strlen(lines));
	assert_int_equal(c.alerts, 1);
	assert_int_equal(c.rejects, 1);
	text_free(&c.lines);
}

/* A backslash of a text is doubled in the columns, and stands alone in JSON. */
static void zeeks_columns_double_backslashes(void **state)
{
	struct collected c;
	static const char log[] =
		"#separator \\x09\n#set_separator\t,\n#path\tintel\n#fields\tts\tseen.indicator\tseen.indicator_type\tseen.where\n"
		"#types\ttime\tstring\tenum\tenum\n1611852809.5\ta\\\\b\\x09c\tIntel::USER_NAME\tSMB::IN\n";

	(void)state;
	collect_bytes(&c, NULL, log, strlen(log));
	assert_non_null(strstr(text_str(&c.lines), "user/observed=a\\b\tc"));
	text_free(&c.lines);
}

/* ---- scanners ---- */

/* A log begins with what the daemon says of itself, long before anything is found. */
static void clamavs_logs_are_told_by_their_dates(void **state)
{
	struct collected c;
	static const char updates[] = "Thu Nov  9 14:13:55 2023 -> ClamAV update process started at Thu Nov  9 14:13:55 2023\n";

	(void)state;
	gives("clamav",
	      "Thu Nov  9 14:13:55 2023 -> +++ Started at Thu Nov  9 14:13:55 2023\n"
	      "Thu Nov  9 14:14:10 2023 -> Loaded 8676331 signatures.\n"
	      "Thu Nov  9 14:14:10 2023 -> LOCAL: Unix socket file /var/run/clamav/clamd.ctl\n"
	      "Thu Nov  9 14:14:10 2023 -> Portable Executable support enabled.\n"
	      "Thu Nov  9 14:20:10 2023 -> /home/ada/a.com: Example.Test-1(44d88612fea8a8f36de82e1278abb02f:68) FOUND\n",
	      "5 alert 2023-11-09T14:20:10Z clamav||Example.Test-1|| sev=0 act=0 kind=0 hash/observed=44d88612fea8a8f36de82e1278abb02f "
	      "path/observed=/home/ada/a.com file/observed=a.com\n");
	gives("clamav",
	      "2023-11-09T14:20:10.5+01:00 mail clamd[812]: SelfCheck: Database status OK.\n"
	      "2023-11-09T14:20:11.5+01:00 mail clamd: /var/spool/p1: Example.Test-1 FOUND\n",
	      "2 alert 2023-11-09T13:20:11.500Z clamav||Example.Test-1|| sev=0 act=0 kind=0 host/victim=mail "
	      "path/observed=/var/spool/p1 file/observed=p1\n");
	collect_bytes(&c, NULL, updates, strlen(updates));
	assert_string_equal(c.format, "clamav");
	assert_int_equal(c.blanks, 1);
	text_free(&c.lines);
}

static void yara_is_told_by_its_strings_or_meta(void **state)
{
	struct collected c;
	static const char bare[] = "Rule_1 /srv/a\nRule_2 /srv/b\n";

	(void)state;
	gives("yara", "Shell_1 /srv/www/a.aspx\n0x1c:$s1: eval(\n0x40:22:$s2: unsafe\n",
	      "1 alert 2026-04-01T00:00:00Z yara||Shell_1|| sev=0 act=0 kind=0 path/observed=/srv/www/a.aspx file/observed=a.aspx\n");
	gives("yara", "Shell_1 [webshell,T1505_003] [author=\"x\",score=80] /srv/www/a b.aspx\n",
	      "1 alert 2026-04-01T00:00:00Z yara||Shell_1|T1505.003| sev=0 act=0 kind=0 path/observed=/srv/www/a b.aspx file/observed=a b.aspx\n");
	gives("yara-json",
	      "{\n \"version\": \"1.5.0\",\n \"matches\": [\n  {\"rule\": \"Shell_1\", \"file\": \"/srv/a.aspx\", \"tags\": [\"T1505_003\"], \"meta\": "
	      "{\"score\": 80}}\n ]\n}\n",
	      "4 alert 2026-04-01T00:00:00Z yara||Shell_1|T1505.003| sev=0 act=0 kind=0 path/observed=/srv/a.aspx file/observed=a.aspx\n");
	collect_bytes(&c, NULL, bare, strlen(bare));
	assert_null(c.format);
	text_free(&c.lines);
}

/* ---- gateways ---- */

/* A sentence ends where a vendor's own key begins; otherwise hashes are lost in it. */
static void keys_of_vendors_end_sentences(void **state)
{
	(void)state;
	gives("cef",
	      "CEF:0|Trend Micro|Deep Security Agent|20|4000000|Eicar|6|rt=1615421678000 dvchost=web01 msg=Realtime, a=b "
	      "TrendMicroDsFileMD5=44D88612FEA8A8F36DE82E1278ABB02F filePath=C:\\\\\\\\Temp\\\\\\\\eicar.exe\n"
	      "CEF:0|Fortinet|Fortigate|v7|08192|utm:virus infected blocked|4|rt=1615421678000 src=10.0.0.5 dst=192.0.2.9 duser=ada "
	      "requestClientApplication=curl/7.47.0 FTNTFGTvirus=EICAR FTNTFGTanalyticscksum="
	      "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f\n",
	      "1 alert 2021-03-11T00:14:38Z trend micro deep security agent|4000000|Eicar|| sev=3 act=0 kind=0 host/victim=web01 "
	      "hash/observed=44d88612fea8a8f36de82e1278abb02f path/observed=c:\\temp\\eicar.exe\n"
	      "2 alert 2021-03-11T00:14:38Z fortinet fortigate|08192|EICAR|| sev=3 act=0 kind=0 "
	      "hash/observed=275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f ip/source=10.0.0.5 ip/destination=192.0.2.9 "
	      "user/actor=ada user-agent/observed=curl/7.47.0\n");
}

static void keys_that_mean_something_else_are_left_out(void **state)
{
	(void)state;
	gives("cef",
	      "CEF:0|Incapsula|SIEMintegration|1|1|SQL Injection|0|start=1615421678000 src=192.0.2.9 act=REQ_BLOCKED_SECURITY dproc=Browser\n"
	      "CEF:0|FireEye|MPS|10|MC|malware-callback|7|rt=1615421678000 src=10.0.0.5 dst=192.0.2.9 sproc=Windows 10 x64 cs1Label=sname "
	      "cs1=Bot.Example msg=N/A request=hxxp://bad.example.org/a\n"
	      "CEF:0|Nozomi Networks|N2OS|1|SIGN:MALWARE  | Malware detected|9|rt=1615421678000 dvc=10.0.0.1, 10.0.0.2\n"
	      "CEF:0|Example|Mail|1|1|Bad mail|5|rt=1615421678000 shost=ada@example.org dst=10.0.0.5\n"
	      "CEF:0|Cisco|ESA|14|ESA_CONSOLIDATED_LOG_EVENT|Consolidated Log Event|5|startTime=Mon Aug  1 03:30:00 2022 "
	      "endTime=Mon Aug  1 03:34:23 2022 ESAAVVerdict=POSITIVE sourceAddress=192.0.2.9\n"
	      "CEF:0||Check Point|SmartDefense|Check Point|SQL Injection|Query|Very-High|act=Drop rt=1615421678000 src=192.0.2.9\n",
	      "1 alert 2021-03-11T00:14:38Z incapsula siemintegration|1|SQL Injection|| sev=2 act=3 kind=0 ip/source=192.0.2.9\n"
	      "2 alert 2021-03-11T00:14:38Z fireeye mps|MC|malware-callback|| sev=4 act=0 kind=0 ip/source=10.0.0.5 ip/destination=192.0.2.9 "
	      "url/destination=http://bad.example.org/a\n"
	      "3 alert 2021-03-11T00:14:38Z nozomi networks n2os|SIGN:MALWARE|Malware detected|| sev=5 act=0 kind=0 ip/victim=10.0.0.1 "
	      "ip/victim=10.0.0.2\n"
	      "4 alert 2021-03-11T00:14:38Z example mail|1|Bad mail|| sev=3 act=0 kind=0 email/source=ada@example.org ip/destination=10.0.0.5\n"
	      "5 alert 2022-08-01T03:30:00Z cisco esa|ESA_CONSOLIDATED_LOG_EVENT|Consolidated Log Event|| sev=3 act=0 kind=0 "
	      "ip/source=192.0.2.9\n"
	      "6 alert 2021-03-11T00:14:38Z check point smartdefense|SQL Injection|Query|| sev=5 act=3 kind=0 ip/source=192.0.2.9\n");
}

static void what_gateways_only_note_is_telemetry(void **state)
{
	struct collected c;
	static const char lines[] =
		"CEF:0|F5|ASM|11|Successful Request|Successful Request|2|rt=1615421678000 src=192.0.2.9\n"
		"CEF:0|Incapsula|SIEMintegration|1|1|Normal|0|start=1615421678000 src=192.0.2.9\n"
		"CEF:0|SonicWall|NSa|7|537|Connection Closed|4|rt=1615421678000 src=192.0.2.9 cnt=2162123123\n"
		"CEF:0|Cyber-Ark|Vault|9|7|Logon|5|rt=1615421678000 suser=ada\n"
		"CEF:0|Check Point|URL Filtering|Check Point|News|example.org|Unknown|act=Accept rt=1615421678000 src=10.0.0.5\n"
		"CEF:0|Cisco|ESA|14|ESA_CONSOLIDATED_LOG_EVENT|Consolidated Log Event|5|startTime=Mon Aug  1 03:30:00 2022 ESAAVVerdict=NEGATIVE\n";
	static const char leef[] =
		"LEEF:1.0|WatchGuard|XTM|12|30000148|devTime=1615421678000\tdisp=Allow\tsrc=10.0.0.5\n"
		"LEEF:1.0|Palo Alto Networks|PAN-OS Syslog Integration|8|allow|cat=TRAFFIC|devTime=Sep 03 2020 14:54:59 GMT|src=10.0.0.5\n";

	(void)state;
	collect_bytes(&c, NULL, lines, strlen(lines));
	assert_string_equal(text_str(&c.lines), "");
	assert_int_equal(c.telemetry, 6);
	text_free(&c.lines);
	collect_bytes(&c, NULL, leef, strlen(leef));
	assert_string_equal(text_str(&c.lines), "");
	assert_int_equal(c.telemetry, 2);
	text_free(&c.lines);
}

static void leef_1_may_be_parted_by_bars(void **state)
{
	(void)state;
	gives("leef",
	      "LEEF:1.0|Palo Alto Networks|PAN-OS Syslog Integration|8|reset-both|cat=THREAT|devTime=Sep 03 2020 14:54:59 GMT|src=10.0.0.5"
	      "|dst=192.0.2.9|ThreatID=Example Trojan(4711)|action=reset-both\n",
	      "1 alert 2020-09-03T14:54:59Z palo alto networks pan-os syslog integration|4711|Example Trojan|| sev=0 act=3 kind=0 "
	      "ip/source=10.0.0.5 ip/destination=192.0.2.9\n");
}

/* ---- Windows ---- */

#define EVENT(provider, id, channel, data) \
	"<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider Name=\"" provider "\"/><EventID>" id \
	"</EventID><TimeCreated SystemTime=\"2026-03-11T00:14:38.5Z\"/><Channel>" channel "</Channel><Computer>WS01</Computer></System>" \
	"<EventData>" data "</EventData></Event>\n"

static void a_group_is_no_account(void **state)
{
	(void)state;
	gives("windows-xml",
	      EVENT("Microsoft-Windows-Security-Auditing", "4732", "Security",
	            "<Data Name=\"MemberName\">CN=eve,DC=example</Data><Data Name=\"TargetUserName\">Administrators</Data>"
	            "<Data Name=\"TargetSid\">S-1-5-32-544</Data><Data Name=\"SubjectUserName\">ada</Data>"),
	      "1 alert 2026-03-11T00:14:38.500Z tsumugi|admin-joined|Account added to a group of administrators|T1098.007| sev=3 act=0 kind=0 "
	      "host/victim=ws01 user/actor=ada user/target=cn=eve,dc=example\n");
}

static void what_windows_blocked_by_rule_is_an_alert(void **state)
{
	(void)state;
	gives("windows-xml",
	      EVENT("Microsoft-Windows-Windows Defender", "1121", "Microsoft-Windows-Windows Defender/Operational",
	            "<Data Name=\"Path\">C:\\Temp\\a.exe</Data>")
	      EVENT("Microsoft-Windows-Sysmon", "27", "Microsoft-Windows-Sysmon/Operational",
	            "<Data Name=\"TargetFilename\">C:\\Temp\\b.exe</Data>")
	      EVENT("Microsoft-Windows-Sysmon", "25", "Microsoft-Windows-Sysmon/Operational",
	            "<Data Name=\"Image\">C:\\Windows\\System32\\svchost.exe</Data>")
	      EVENT("Microsoft-Windows-Sysmon", "25", "Microsoft-Windows-Sysmon/Operational",
	            "<Data Name=\"Image\">C:\\Program Files\\Mozilla Firefox\\firefox.exe</Data>"),
	      "1 alert 2026-03-11T00:14:38.500Z tsumugi|defender-rule|Defender blocked what its rules forbid|| sev=3 act=3 kind=0 "
	      "host/victim=ws01 file/observed=a.exe path/observed=c:\\temp\\a.exe\n"
	      "2 alert 2026-03-11T00:14:38.500Z tsumugi|sysmon-blocked|Sysmon blocked a file that its rules forbid|| sev=3 act=3 kind=0 "
	      "host/victim=ws01 path/observed=c:\\temp\\b.exe file/observed=b.exe\n"
	      "3 alert 2026-03-11T00:14:38.500Z tsumugi|process-replaced|Suspicious process: its image was replaced while it ran|T1055.012| "
	      "sev=3 act=0 kind=0 host/victim=ws01 process/actor=c:\\windows\\system32\\svchost.exe\n");
}

/* A tool names itself before the first event; values hold what XML cannot. */
static void events_as_tools_write_them_are_read(void **state)
{
	(void)state;
	gives("windows-xml",
	      "evtxexport 20181227\n\n"
	      EVENT("Microsoft-Windows-Eventlog", "1102", "Security", "<Data Name=\"SubjectUserName\">a\x0F" "b&#x1;c&#15;</Data>"),
	      "3 alert 2026-03-11T00:14:38.500Z tsumugi|log-cleared|Event log cleared|T1685.005| sev=4 act=0 kind=0 host/victim=ws01 "
	      "user/actor=a b     c\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snorts_fast_log_says_no_year),
		cmocka_unit_test(a_year_nobody_says_is_asked_for),
		cmocka_unit_test(syslog_carries_alerts_of_sensors),
		cmocka_unit_test(an_alert_of_alert_full_is_a_block_of_lines),
		cmocka_unit_test(snorts_csv_has_no_header),
		cmocka_unit_test(snort_3_tells_the_year_in_seconds_and_the_heading_in_dir),
		cmocka_unit_test(alerts_log_of_ossec_and_wazuh_is_read),
		cmocka_unit_test(ossec_tells_syslog_and_json_the_same),
		cmocka_unit_test(a_finding_of_wazuh_5_is_an_event_with_its_rule),
		cmocka_unit_test(a_match_of_zeeks_signatures_is_an_alert),
		cmocka_unit_test(a_notice_of_intelligence_names_what_was_met),
		cmocka_unit_test(an_export_may_leave_out_that_all_are_alerts),
		cmocka_unit_test(zeeks_columns_double_backslashes),
		cmocka_unit_test(clamavs_logs_are_told_by_their_dates),
		cmocka_unit_test(yara_is_told_by_its_strings_or_meta),
		cmocka_unit_test(keys_of_vendors_end_sentences),
		cmocka_unit_test(keys_that_mean_something_else_are_left_out),
		cmocka_unit_test(what_gateways_only_note_is_telemetry),
		cmocka_unit_test(leef_1_may_be_parted_by_bars),
		cmocka_unit_test(a_group_is_no_account),
		cmocka_unit_test(what_windows_blocked_by_rule_is_an_alert),
		cmocka_unit_test(events_as_tools_write_them_are_read),
	};

	return cmocka_run_group_tests_name("sensors", tests, NULL, NULL);
}
