/* Readers of logs in lines and of records inside records: Zeek, CEF, LEEF, Splunk, ClamAV,
 * YARA. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analyst/readers/lines.h"
#include "tests/unit/collect.h"
#include "tests/unit/shared.h"

static void gives(const char *format, const char *bytes, const char *expected)
{
	struct collected c;

	collect_bytes(&c, format, bytes, strlen(bytes));
	assert_string_equal(c.refused, "");
	assert_string_equal(text_str(&c.lines), expected);
	text_free(&c.lines);
}

static void is_refused(const char *bytes)
{
	struct collected c;

	collect_bytes(&c, NULL, bytes, strlen(bytes));
	if (strstr(c.refused, "no format that is known") == NULL || strchr(c.refused, '\n') != NULL)
		fail_msg("%s: read as %s (%s)", bytes, c.format != NULL ? c.format : "nothing", c.refused);
	text_free(&c.lines);
}

/* Random bytes may hold commas; a table in any encoding holds hardly any control characters. */
static void binary_files_get_no_advice_on_columns(void **state)
{
	static const char table[] = "\x93\xFA\x8E\x9E,\x8C\x8F\x96\xBC\n1,2\n", shown[] = "\x1B[31mred\x1B[0m,b\n1,2\n";
	char noise[600];
	struct collected c;

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(i % 12 == 0 ? ',' : i * 151 % 256);
	collect_bytes(&c, NULL, noise, sizeof(noise));
	assert_non_null(strstr(c.refused, "is binary"));
	assert_null(strstr(c.refused, "--map"));
	text_free(&c.lines);
	collect_bytes(&c, NULL, table, sizeof(table) - 1);
	assert_non_null(strstr(c.refused, "--map"));
	text_free(&c.lines);
	collect_bytes(&c, NULL, shown, sizeof(shown) - 1);
	assert_non_null(strstr(c.refused, "--map"));
	text_free(&c.lines);
}

/* ---- dates in words ---- */

static void dates_in_words_become_iso(void **state)
{
	static const struct { const char *said, *iso; } rows[] = {
		{ "May 11 2022 07:11:59.900 +0000", "2022-05-11T07:11:59.900 +0000" },
		{ "Nov 02 2020 20:06:56 UTC", "2020-11-02T20:06:56 UTC" },
		{ "Sat Nov 21 22:48:00 2020", "2020-11-21T22:48:00" },
		{ "Mar  1 14:05:09", "2021-03-01T14:05:09" },
		{ "Mar 16 14:05:09", "2021-03-16T14:05:09" },
		{ "Mar 17 14:05:09", "2020-03-17T14:05:09" },
		{ "Dec 31 23:59:59", "2020-12-31T23:59:59" },
		{ "Mar 11, 2021 @ 14:05:09.123", "2021-03-11T14:05:09.123" },
		{ "Mar 11, 2021, 2:05:09 PM", "2021-03-11T14:05:09" },
		{ "Mar 1, 2021 12:05:09 AM", "2021-03-01T00:05:09" },
		{ "Thu, 11 Mar 2021 14:05:09 +0000", "2021-03-11T14:05:09 +0000" },
		{ "11/Mar/2021:14:05:09 +0900", "2021-03-11T14:05:09 +0900" },
		{ "11-Mar-2021 14:05:09", "2021-03-11T14:05:09" },
		{ "Mar 11, 2021 13:05:09 PM", NULL },
		{ "11 of Mar 2021 14:05:09", NULL },
		{ "11/Mar/", NULL },
		{ "Mai 11 2022 07:11:59", NULL },
		{ "May 11", NULL },
		{ "", NULL },
	};
	instant written = instant_from_seconds(1615852800);      /* 2021-03-16T00:00:00Z */
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *iso = date_in_words(arena, rows[i].said, written);

		if (rows[i].iso == NULL)
			assert_null(iso);
		else
			assert_string_equal(iso, rows[i].iso);
	}
	assert_null(date_in_words(arena, "Mar  1 14:05:09", 0));
	arena_free(arena);
}

/* ---- Zeek ---- */

#define ZEEK_HEAD "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"

static void zeek_notices_are_read_by_their_columns(void **state)
{
	(void)state;
	gives(NULL,
		ZEEK_HEAD "#path\tnotice\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tnote\tmsg\tsrc\tp\tactions\tfile_desc\n"
		"1615421678.207000\tC1\t10.0.0.1\t5000\t192.0.2.1\t22\tSSH::Password_Guessing\tguessing \\x09 tab\t10.0.0.9\t23\t"
		"Notice::ACTION_LOG,Notice::ACTION_DROP\thttp://evil.example/a.zip\r\n"
		"1615421679.0\t-\t-\t-\t-\t-\tNew::Note\tm\t10.0.0.9\t23\t(empty)\t-\n1615421679.0\t-\n"
		"XXXX\t-\t-\t-\t-\t-\tNew::Note\tm\t10.0.0.9\t23\t(empty)\t-\n1615421679.0\t-\t-\t-\t-\t-\t-\tm\t-\t-\t-\t-\n#close\t2021\n",
		"7 alert 2021-03-11T00:14:38.207Z zeek||SSH::Password_Guessing|| sev=3 act=3 kind=0 port/destination=22 ip/source=10.0.0.1 "
		"ip/destination=192.0.2.1 ip/source=10.0.0.9 url/observed=http://evil.example/a.zip\n"
		"8 alert 2021-03-11T00:14:39Z zeek||New::Note|| sev=0 act=0 kind=0 port/destination=23 ip/source=10.0.0.9\n"
		"9 reject 2 cells where #fields names 12\n10 reject no time: 'XXXX' is none that is known\n"
		"11 reject a notice without note\n");
}

static void zeek_intel_names_what_was_seen(void **state)
{
	(void)state;
	gives(NULL,
		ZEEK_HEAD "#path\tintel\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tseen.indicator\tseen.indicator_type\tseen.where\tsources\n"
		"1615421678\tC1\t10.0.0.1\t192.0.2.53\tEvil.example\tIntel::DOMAIN\tDNS::IN_REQUEST\ta\\x2cb,c\n",
		"7 alert 2021-03-11T00:14:38Z zeek||Intel::DOMAIN in DNS::IN_REQUEST|| sev=3 act=0 kind=0 ip/source=10.0.0.1 "
		"ip/destination=192.0.2.53 domain/destination=evil.example\n");
}

static void zeek_json_is_told_apart_by_path_or_fields(void **state)
{
	static const char *const json =
		"{\"_path\":\"conn\",\"ts\":1615421678.5,\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\"}\n"
		"{\"ts\":\"2021-03-11T00:14:38.500000Z\",\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"192.0.2.1\",\"id.resp_p\":80,"
		"\"note\":\"HTTP::SQL_Injection_Attacker\",\"msg\":\"m\",\"suppress_for\":3600.0}\n"
		"{\"ts\":1615421678500,\"seen.indicator\":\"192.0.2.7\",\"seen.indicator_type\":\"Intel::ADDR\",\"seen.where\":\"Conn::IN_RESP\"}\n"
		"{\"a\":1}\n{\"_path\":\"notice\",\"ts\":1}\n";
	struct collected c;

	(void)state;
	collect_bytes(&c, NULL, json, strlen(json));
	assert_string_equal(c.format, "zeek-json");
	assert_int_equal(c.telemetry, 1);
	assert_string_equal(text_str(&c.lines),
		"2 alert 2021-03-11T00:14:38.500Z zeek||HTTP::SQL_Injection_Attacker|| sev=4 act=0 kind=0 port/destination=80 "
		"ip/source=10.0.0.1 ip/destination=192.0.2.1\n"
		"3 alert 2021-03-11T00:14:38.500Z zeek||Intel::ADDR in Conn::IN_RESP|| sev=3 act=0 kind=0 ip/observed=192.0.2.7\n"
		"4 reject neither _path nor ts\n5 reject a notice without note\n");
	text_free(&c.lines);
}

static void telemetry_of_zeek_names_its_ends(void **state)
{
	static const struct { const char *log, *gives; } logs[] = {
		{ "{\"_path\":\"conn\",\"ts\":1615421678.25,\"uid\":\"C\",\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"192.0.2.1\","
		  "\"orig_bytes\":12,\"resp_bytes\":34}",
		  "connection 2021-03-11T00:14:38.250Z 10.0.0.1 > 192.0.2.1 - 12 34" },
		{ "{\"_path\":\"dns\",\"ts\":1615421678,\"uid\":\"C\",\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"10.0.0.2\","
		  "\"query\":\"WWW.Sample.example.\"}",
		  "lookup 2021-03-11T00:14:38Z 10.0.0.1 > 10.0.0.2 www.sample.example -1 -1" },
		{ ZEEK_HEAD "#path\tssl\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tserver_name\n"
		  "1615421678\tC1\t10.0.0.1\t192.0.2.9\tod.lk\n",
		  "tls 2021-03-11T00:14:38Z 10.0.0.1 > 192.0.2.9 od.lk -1 -1" },
		{ "{\"_path\":\"http\",\"ts\":1615421678,\"uid\":\"C\",\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"192.0.2.1\","
		  "\"host\":\"a.example\",\"request_body_len\":5,\"response_body_len\":6}",
		  "web 2021-03-11T00:14:38Z 10.0.0.1 > 192.0.2.1 a.example 5 6" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		struct collected c;

		collect_bytes(&c, NULL, logs[i].log, strlen(logs[i].log));
		assert_string_equal(c.recorded, logs[i].gives);
		text_free(&c.lines);
	}
}

static void telemetry_of_zeek_is_counted(void **state)
{
	static const char *const logs[] = {
		ZEEK_HEAD "#path\tconn\n#fields\tts\tuid\tid.orig_h\n1615421678\tC1\t10.0.0.1\n",
		"ts\tuid\tid.orig_h\tid.resp_h\tconn_state\n1615421678\tC1\t10.0.0.1\t10.0.0.2\tS0\n",
		"#separator |\n#path|weird\n#fields|ts|uid|name\n1615421678|C1|odd\n",
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct collected c;

		collect_bytes(&c, NULL, logs[i], strlen(logs[i]));
		assert_string_equal(c.format, "zeek-tsv");
		assert_int_equal(c.telemetry, 1);
		assert_int_equal(c.alerts + c.rejects, 0);
		text_free(&c.lines);
	}
	is_refused("ts\tname\n1\ta\n");
	is_refused("{\"ts\":1615421678,\"uid\":\"x\"}\n");
}

static void many_columns_are_rejected_with_their_lines(void **state)
{
	struct text log = { 0 };
	struct collected c;

	(void)state;
	text_add(&log, "#separator \\x09\n#path\tnotice\n#fields");
	for (int i = 0; i < 2000; i++)
		text_add(&log, "\tc");
	text_add(&log, "\n1\t2\n");
	collect_bytes(&c, NULL, log.bytes, log.used);
	assert_int_equal(c.rejects, 2);
	text_free(&log);
	text_free(&c.lines);
}

/* ---- CEF ---- */

static void a_cef_value_ends_where_the_next_key_begins(void **state)
{
	(void)state;
	gives(NULL,
		"<134>1 2021-03-11T00:14:38.5Z fw CEF:0|Acme \\| Sons|Wall|1.0|47|Exploit \\\\ try|8|src=10.0.0.1 msg=see a=b c dst=192.0.2.1 "
		"dpt=80 act=Blocked request=http://192.0.2.1/x?a\\=b&c=d requestClientApplication=UA 1.0 (x; y=z) fname=A b.exe "
		"cs1Label=File Hash cs1=ABCDEF00000000000000000000000001 cs2=T1190 - Exploit cs2Label=MITRE Technique suser=\"-\" cnt=3\n",
		"1 alert 2021-03-11T00:14:38.500Z acme | sons wall|47|Exploit \\ try|T1190| sev=4 act=3 kind=0 ip/source=10.0.0.1 "
		"ip/destination=192.0.2.1 port/destination=80 file/observed=a b.exe user-agent/observed=UA 1.0 (x; y=z) "
		"hash/observed=abcdef00000000000000000000000001 url/destination=http://192.0.2.1/x?a=b&c=d\n");
}

static void cef_times_and_severities_have_many_shapes(void **state)
{
	(void)state;
	gives(NULL,
		"CEF:0|V|P|1|1|N|Very-High|rt=1615421678000 src=10.0.0.1\n"
		"CEF:1|V|P|1|1|N|3|rt=Mar 11 2021 00:14:38.250 UTC src=10.0.0.1\n"
		"CEF: 0|V|P|1|1|N|9|rt=Mar 11 2021 09:14:38 JST start=2021-03-11T09:14:37+09:00 dvchost=gw1\n"
		"CEF:0|V|P|1|1|N|11|rt=1615421678000\nCEF:0|V|P|1|1|N|Odd|rt=1615421678000\n"
		"Mar 11 00:14:38 fw CEF:0|V|P|1|1|N|5|src=10.0.0.1\nCEF:0|V|P|1|1|N\nnothing\n\n"
		"CEF:0|V|P|1|TRAFFIC|t|1|src=10.0.0.1\n",
		"1 alert 2021-03-11T00:14:38Z v p|1|N|| sev=5 act=0 kind=0 ip/source=10.0.0.1\n"
		"2 alert 2021-03-11T00:14:38.250Z v p|1|N|| sev=2 act=0 kind=0 ip/source=10.0.0.1\n"
		"3 alert 2021-03-11T00:14:37Z v p|1|N|| sev=5 act=0 kind=0 host/victim=gw1\n"
		"4 alert 2021-03-11T00:14:38Z v p|1|N|| sev=0 act=0 kind=0\n5 alert 2021-03-11T00:14:38Z v p|1|N|| sev=0 act=0 kind=0\n"
		"6 reject no time: 'Mar 11 00:14:38' has no year: say it with --year\n7 reject a CEF header of fewer than seven fields\n8 reject no CEF message\n");
}

static void darktraces_cef_is_about_its_source(void **state)
{
	(void)state;
	gives(NULL,
		"CEF:0|Darktrace|DCIP|5.1|640|Anomalous File / Masqueraded|High|externalId=7 rt=Mar 11 2021 00:14:38 UTC src=10.0.0.1 "
		"shost=EXCH01 dst=192.0.2.1 dpt=8080 darktraceUrl=https://dt.example/#modelbreach/7\n"
		"CEF:0|Darktrace|DCIP|5.1|641|Antigena / Network / Antigena Block|Low|externalId=8 rt=1615421679000 src=10.0.0.1\n",
		"1 alert 2021-03-11T00:14:38Z darktrace|640|Anomalous File::Masqueraded|| sev=4 act=0 kind=0 ip/victim=10.0.0.1 "
		"host/victim=exch01 ip/destination=192.0.2.1 port/destination=8080\n"
		"2 alert 2021-03-11T00:14:39Z darktrace|641|Antigena::Network::Antigena Block|| sev=2 act=3 kind=3 ip/victim=10.0.0.1\n");
}

/* Palo Alto counts severities from 1 to 5 and names the threat in cat; FortiGate names the kind of log and the ends of
 * the packet, as Deep Security does; Check Point's class "Log" and what a web filter let pass judge nothing. */
static void vendors_say_in_cef_what_they_mean_in_places_of_their_own(void **state)
{
	(void)state;
	gives(NULL,
		"<14>Mar 11 2021 00:14:38 fw1 CEF:0|Palo Alto Networks|PAN-OS|8.1.0|vulnerability|THREAT|5|rt=Mar 11 "
		"2021 00:14:38 GMT deviceExternalId=001 src=198.51.100.7 dst=10.0.0.5 "
		"sourceTranslatedAddress=0.0.0.0 cs1Label=Rule cs1=inbound suser= duser= app=web-browsing "
		"cs4Label=Source Zone cs4=untrust cnt=1 spt=51002 dpt=8080 flexString2Label=Direction "
		"flexString2=client-to-server proto=tcp act=reset-both request=struts.example/index.action "
		"cs2Label=URL Category cs2=unknown externalId=70 cat=Apache Struts Remote Code Execution(34221)\n"
		"<14>1 2021-03-11T00:14:39Z fw1 CEF:0|Palo Alto Networks|PAN-OS|10.1.0|Suspicious DNS Query "
		"(generic:evil.example)(109000001)|THREAT|2|rt=Mar 11 2021 00:14:39 GMT src=10.0.0.6 dst=192.0.2.53 "
		"dpt=53 act=sinkhole cat=Suspicious DNS Query (generic:evil.example)(109000001) request=evil.example\n"
		"<188>Mar 11 2021 00:14:38 FGT CEF:0|Fortinet|Fortigate|v6.0.3|16384|utm:ips signature "
		"reset|7|FTNTFGTlogid=0419016384 cat=utm:ips FTNTFGTlevel=alert FTNTFGTeventtime=1615421678 "
		"FTNTFGTseverity=info src=172.16.200.55 dst=10.1.100.11 externalId=901 act=reset proto=6 app=HTTP "
		"FTNTFGTattack=Eicar.Virus.Test.File spt=80 dpt=44362 dhost=172.16.200.55 request=/virus/eicar.com "
		"deviceDirection=0 FTNTFGTattackid=29844 duser=bob FTNTFGTincidentserialno=877326946 "
		"msg=file_transfer: Eicar.Virus.Test.File,\n"
		"<188>Mar 11 2021 00:14:38 FGT CEF:0|Fortinet|Fortigate|v7.4|8192|utm:virus infected "
		"blocked|4|cat=utm:virus FTNTFGTeventtime=1615421678123456789 FTNTFGTcrlevel=critical "
		"src=10.1.100.11 spt=60446 dst=172.16.200.55 dpt=80 act=blocked fname=eicar.com "
		"FTNTFGTvirus=EICAR_TEST_FILE FTNTFGTvirusid=2172 "
		"FTNTFGTanalyticscksum=275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f\n"
		"<188>Mar 11 2021 00:14:38 FGT CEF:0|Fortinet|Fortigate|v7.4|13312|utm:webfilter ftgd_allow "
		"passthrough|2|src=10.1.100.11 dst=1.1.1.1\n"
		"CEF:0|Check Point|VPN-1 & FireWall-1|Check Point|Log|https|Unknown|act=Accept deviceDirection=0 "
		"rt=1615421678000 src=10.0.0.1 dst=192.0.2.1 dpt=443\n"
		"CEF:0|Check Point|SmartDefense|Check Point|Web Client Enforcement Violation|SQL Servers MS-SQL "
		"Query Injection|Very-High|act=Prevent deviceDirection=0 rt=1615421678000 src=198.51.100.7 spt=40000 "
		"dst=10.0.0.5 dpt=1433\n"
		"CEF:0|Trend Micro|Apex Central|2019|AV:File quarantined|JS_EXPLOIT.SMDN|3|rt=Mar 11 2021 00:14:38 "
		"GMT+00:00 cnt=1 dhost=ApexOneClient01 duser=Admin004 act=File quarantined dvchost=OSCE01 "
		"fname=0e.js filePath=C:\\\\Temp\\\\ dst=10.8.1.1 TMCMLogDetectedHost=ApexOneClient01 "
		"TMCMLogDetectedIP=10.8.1.1\n"
		"CEF:0|Trend Micro|Deep Security Agent|20.0|1001111|Test Intrusion Prevention "
		"Rule|3|rt=1615421678000 dvchost=web01 src=72.14.204.147 dst=192.168.126.150 spt=80 dpt=49786 "
		"smac=00:50:56:F5:7F:47 dmac=00:0C:29:EB:35:DE proto=TCP cnt=1 act=IDS:Reset\n",
		"1 alert 2021-03-11T00:14:38Z palo alto networks pan-os|34221|Apache Struts Remote Code Execution|| sev=5 "
		"act=3 kind=0 ip/source=198.51.100.7 ip/destination=10.0.0.5 port/destination=8080 "
		"url/destination=struts.example/index.action\n"
		"2 alert 2021-03-11T00:14:39Z palo alto networks pan-os|109000001|Suspicious DNS Query "
		"(generic:evil.example)|| sev=2 act=3 kind=0 ip/source=10.0.0.6 ip/destination=192.0.2.53 "
		"port/destination=53\n"
		"3 alert 2021-03-11T00:14:38Z fortinet fortigate|29844|Eicar.Virus.Test.File|| sev=1 act=3 kind=0 "
		"ip/source=10.1.100.11 ip/destination=172.16.200.55 port/destination=80 user/actor=bob "
		"url/destination=http://172.16.200.55/virus/eicar.com\n"
		"4 alert 2021-03-11T00:14:38.123Z fortinet fortigate|2172|EICAR_TEST_FILE|| sev=5 act=3 kind=0 "
		"hash/observed=275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f ip/source=10.1.100.11 "
		"ip/destination=172.16.200.55 port/destination=80 file/observed=eicar.com\n"
		"7 alert 2021-03-11T00:14:38Z check point smartdefense|Web Client Enforcement Violation|SQL Servers "
		"MS-SQL Query Injection|| sev=5 act=3 kind=0 ip/source=198.51.100.7 ip/destination=10.0.0.5 "
		"port/destination=1433\n"
		"8 alert 2021-03-11T00:14:38Z trend micro apex central|AV:File quarantined|JS_EXPLOIT.SMDN|| sev=2 act=4 "
		"kind=0 host/victim=apexoneclient01 ip/victim=10.8.1.1 ip/destination=10.8.1.1 "
		"host/destination=apexoneclient01 user/target=admin004 file/observed=0e.js path/observed=c:\\temp\\\n"
		"9 alert 2021-03-11T00:14:38Z trend micro deep security agent|1001111|Test Intrusion Prevention Rule|| "
		"sev=2 act=1 kind=0 host/victim=web01 ip/source=192.168.126.150 mac/source=00:0c:29:eb:35:de "
		"ip/destination=72.14.204.147 port/destination=80 mac/destination=00:50:56:f5:7f:47\n");
}

static void windows_paths_in_cef_keep_their_backslashes(void **state)
{
	(void)state;
	gives(NULL,
		"CEF:0|V|P|1|1|N|1|rt=1615421678000 filePath=C:\\temp\\new.exe\n"
		"CEF:0|V|P|1|1|N|1|rt=1615421678000 filePath=C:\\\\temp\\\\new.exe\n",
		"1 alert 2021-03-11T00:14:38Z v p|1|N|| sev=2 act=0 kind=0 path/observed=c:\\temp\\new.exe\n"
		"2 alert 2021-03-11T00:14:38Z v p|1|N|| sev=2 act=0 kind=0 path/observed=c:\\temp\\new.exe\n");
}

static void what_only_mentions_cef_is_refused(void **state)
{
	(void)state;
	is_refused("{\"subject\":\"CEF:0|V|P|1|1|N|1|rt=1615421678000\"}\n");
	is_refused("CEF:2|V|P|1|1|N|1|rt=1615421678000\n");
	is_refused("the CEF: format\n");
	is_refused("LEEF:3.0|V|P|1|1|a=b\n");
}

/* ---- LEEF ---- */

static void both_leefs_are_parted_as_they_say(void **state)
{
	(void)state;
	gives(NULL,
		"LEEF:1.0|IBM|QRadar|1|Malware|devTime=Mar 11 2021 00:14:38 UTC\tsev=8\tsrc=10.0.0.1\tusrName=Jo Doe\tcat=a b=c\n"
		"<13>1 2021-03-11T00:14:39Z h LEEF:2.0|V|P|1|22|^|name=Scan^src=10.0.0.1^dst=192.0.2.1^dstPort=22^sev=11\n"
		"LEEF:2.0|V|P|1|22|0x7c|devTime=1615421680000|src=10.0.0.1|sev=1\n"
		"LEEF:2.0|V|P|1|22|devTime=1615421681000 src=10.0.0.1 sev=4\n"
		"LEEF:1.0|V|P|1|22|src=10.0.0.1\nLEEF:1.0|V|P\nLEEF\n",
		"1 alert 2021-03-11T00:14:38Z ibm qradar|Malware|Malware|| sev=4 act=0 kind=0 ip/source=10.0.0.1 user/actor=jo doe\n"
		"2 alert 2021-03-11T00:14:39Z v p|22|Scan|| sev=0 act=0 kind=0 ip/source=10.0.0.1 ip/destination=192.0.2.1 port/destination=22\n"
		"3 alert 2021-03-11T00:14:40Z v p|22|22|| sev=2 act=0 kind=0 ip/source=10.0.0.1\n"
		"4 alert 2021-03-11T00:14:41Z v p|22|22|| sev=3 act=0 kind=0 ip/source=10.0.0.1\n"
		"5 reject no time\n6 reject a LEEF header of fewer than five fields\n7 reject no LEEF message\n");
}

static void endless_pairs_are_bounded(void **state)
{
	struct text line = { 0 };
	struct collected c;

	(void)state;
	text_add(&line, "CEF:0|V|P|1|1|N|1|rt=1615421678000");
	for (int i = 0; i < 100000; i++)
		text_add(&line, " msg=a=b x=");
	collect_bytes(&c, NULL, line.bytes, line.used);
	assert_int_equal(c.alerts, 1);
	text_free(&line);
	text_free(&c.lines);
}

/* ---- ClamAV and YARA ---- */

static void clamav_finds_are_dated_by_their_line_or_file(void **state)
{
	(void)state;
	collect_written = instant_from_seconds(1615420800);
	gives(NULL,
		"/srv/www/a: b.aspx: Win.Trojan.Hafnium-1-0 FOUND\n/srv/www/c.txt: OK\n/srv/d: Access denied. ERROR\n\n"
		"Thu Mar 11 00:14:38 2021 -> /srv/e.zip: Eicar-Signature(44d88612fea8a8f36de82e1278abb02f:68) FOUND\n"
		"Thu Mar 11 00:14:39 2021 -> SelfCheck: Database status OK.\n"
		"Thu Mar 11 00:14:40 2021 -> stream(192.0.2.9@5000): Win.Test.EICAR_HDB-1 FOUND\n"
		"----------- SCAN SUMMARY -----------\nInfected files: 1\nwhat is this\n",
		"1 alert 2021-03-11T00:00:00Z clamav||Win.Trojan.Hafnium-1-0|| sev=0 act=0 kind=0 path/observed=/srv/www/a: b.aspx "
		"file/observed=a: b.aspx\n"
		"5 alert 2021-03-11T00:14:38Z clamav||Eicar-Signature|| sev=0 act=0 kind=0 hash/observed=44d88612fea8a8f36de82e1278abb02f "
		"path/observed=/srv/e.zip file/observed=e.zip\n"
		"7 alert 2021-03-11T00:14:40Z clamav||Win.Test.EICAR_HDB-1|| sev=0 act=0 kind=0 ip/source=192.0.2.9\n"
		"10 reject no result of ClamAV\n");
	collect_written = 0;
	gives(NULL, "/srv/a: Win.Trojan.X-1 FOUND\n", "1 reject no time\n");
	is_refused("GET /x 404: PAGE NOT FOUND\n");
	is_refused("result: OK\n");
}

static void each_rule_that_matched_is_an_alert(void **state)
{
	(void)state;
	collect_written = instant_from_seconds(1615420800);
	gives(NULL,
		"{\"path\":\"/srv/a.aspx\",\"rules\":[{\"identifier\":\"Webshell_A\",\"namespace\":\"default\",\"meta\":{\"score\":75},\"tags\":[\"T1505_003\",\"x\"]},"
		"{\"identifier\":\"Webshell_B\"}]}\n{\"path\":\"/srv/b\",\"rules\":[]}\n{\"rules\":[]}\n",
		"1 alert 2021-03-11T00:00:00Z yara||Webshell_A|T1505.003| sev=0 act=0 kind=0 path/observed=/srv/a.aspx file/observed=a.aspx\n"
		"1 alert 2021-03-11T00:00:00Z yara||Webshell_B|| sev=0 act=0 kind=0 path/observed=/srv/a.aspx file/observed=a.aspx\n"
		"3 reject no path of a file\n");
	gives("yara",
		"Webshell_A /srv/a b.aspx\ndefault:Webshell_B [web,T1505.003] [score=75,description=\"a ] b\"] /srv/[x] c\n"
		"0x12:$a: eval(\nerror scanning /srv/d: could not open file\nonly\n",
		"1 alert 2021-03-11T00:00:00Z yara||Webshell_A|| sev=0 act=0 kind=0 path/observed=/srv/a b.aspx file/observed=a b.aspx\n"
		"2 alert 2021-03-11T00:00:00Z yara||Webshell_B|T1505.003| sev=0 act=0 kind=0 path/observed=/srv/[x] c file/observed=[x] c\n"
		"5 reject no rule and path\n");
	collect_written = 0;
	is_refused("Webshell_A /srv/a.aspx\n");
	is_refused("{\"path\":\"/srv/a\",\"rules\":[]}\n");
}

/* ---- Splunk ---- */

static void records_in_raw_are_read_by_their_own_reader(void **state)
{
	static const char *const export =
		"{\"preview\":true,\"offset\":0,\"result\":{\"_raw\":\"x\",\"_time\":\"1\"}}\n"
		"{\"preview\":false,\"offset\":1,\"result\":{\"_raw\":\"{\\\"timestamp\\\":\\\"2021-03-11T00:14:38Z\\\",\\\"event_type\\\":\\\"alert\\\","
		"\\\"src_ip\\\":\\\"10.0.0.1\\\",\\\"flow_id\\\":1,\\\"alert\\\":{\\\"signature\\\":\\\"S\\\",\\\"severity\\\":1}}\",\"_time\":\"2021-03-11T09:14:38+0900\","
		"\"sourcetype\":\"suricata\",\"team\":\"Team 5\"}}\n"
		"{\"preview\":false,\"offset\":2,\"result\":{\"_raw\":\"{\\\"event_type\\\":\\\"flow\\\"}\",\"_time\":\"1\",\"sourcetype\":\"suricata\"}}\n"
		"{\"preview\":false,\"offset\":3,\"result\":{\"_raw\":\"{\\\"event_type\\\":\",\"_time\":\"1\",\"sourcetype\":\"suricata\"}}\n"
		"{\"preview\":false,\"offset\":4,\"result\":{\"_raw\":\"Mar 11 fw CEF:0|V|P|1|1|N|7|rt=1615421679000 src=10.0.0.2\",\"_time\":\"1\",\"sourcetype\":\"cef\"}}\n"
		"{\"preview\":false,\"offset\":5,\"result\":{\"_raw\":\"sshd: session opened\",\"_time\":\"2021-03-11 00:14:38.000 GMT\",\"sourcetype\":\"linux\"}}\n"
		"{\"preview\":false,\"lastrow\":true}\n{\"preview\":false,\"result\":{\"count\":\"3\"}}\n";
	struct collected c;

	(void)state;
	collect_bytes(&c, NULL, export, strlen(export));
	assert_string_equal(c.format, "splunk");
	assert_int_equal(c.telemetry, 2);
	assert_int_equal(c.blanks, 4);
	assert_string_equal(text_str(&c.lines),
		"2 alert 2021-03-11T00:14:38Z suricata||S|| sev=4 act=0 kind=0 ip/source=10.0.0.1\n"
		"4 reject _raw: the JSON is cut off\n"
		"5 alert 2021-03-11T00:14:39Z v p|1|N|| sev=4 act=0 kind=0 ip/source=10.0.0.2\n"
		"8 reject neither _raw nor _time\n");
	text_free(&c.lines);
}

static void notable_results_are_alerts(void **state)
{
	(void)state;
	gives(NULL,
		"{\"preview\":false,\"init_offset\":0,\"fields\":[\"_time\"],\"results\":[{\"_time\":\"2021-03-11 00:14:38.000 GMT\",\"_raw\":\"1, search\","
		"\"rule_name\":\"Brute Force\",\"rule_title\":\"Brute force on dc1\",\"urgency\":\"high\",\"severity\":\"medium\",\"src\":[\"10.0.0.1\",\"10.0.0.2\"],"
		"\"dest\":\"DC1\",\"user\":\"admin\",\"annotations.mitre_attack\":[\"T1110\"]},"
		"{\"_time\":\"1615421679\",\"_raw\":\"x\",\"signature\":\"A logon\"}]}",
		"1 alert 2021-03-11T00:14:38Z splunk||Brute Force|T1110| sev=4 act=0 kind=0 ip/source=10.0.0.1 ip/source=10.0.0.2 "
		"host/destination=dc1 user/actor=admin\n");
	gives(NULL,
		"{\"search_name\":\"Web shell\",\"sid\":\"1\",\"results_link\":\"https://s\",\"result\":{\"_time\":\"1615421678\",\"src\":\"10.0.0.1\"}}",
		"1 alert 2021-03-11T00:14:38Z splunk||Web shell|| sev=0 act=0 kind=0 ip/source=10.0.0.1\n");
	is_refused("{\"preview\":false,\"result\":{\"count\":\"3\"}}\n");
}

static int keep_tenant(void *ctx, const struct alert *a, const struct place *at, const char *bytes, size_t n, struct fault *f)
{
	(void)at, (void)n, (void)f;
	snprintf(ctx, 64, "%s, of %.1s", a->tenant != NULL ? a->tenant : "none", bytes);
	return 0;
}

static void teams_of_an_export_are_tenants(void **state)
{
	static const char *const rows[][2] = {
		{ "\"team\":\"Team 5\",", "Team 5, of {" }, { "\"team\":\"\",", "house, of {" },
		{ "\"team\":\"Team 5\",\"tenant\":\"Acme\",", "Acme, of {" },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct reader_options options = { .tenant = "house" };
		char got[64] = "", bytes[400];
		const struct sink sink = { got, keep_tenant, NULL, NULL, NULL, NULL, NULL, NULL };
		struct memory_bytes memory = { bytes, 0 };
		struct reading *rg;
		struct fault f = { FAULT_NONE, "" };

		memory.n = (size_t)snprintf(bytes, sizeof(bytes), "{\"result\":{%s\"_raw\":\"{\\\"timestamp\\\":\\\"2021-03-11T00:14:38Z\\\","
			"\\\"event_type\\\":\\\"alert\\\",\\\"src_ip\\\":\\\"10.0.0.1\\\",\\\"alert\\\":{\\\"signature\\\":\\\"S\\\"}}\"}}", rows[i][0]);
		assert_int_equal(reading_new(&rg, reader_named("splunk"), &options, &sink, &f), 0);
		assert_int_equal(reading_run(rg, memory_source(&memory), &f), 0);
		assert_string_equal(got, rows[i][1]);
		reading_free(rg);
	}
}

/* ---- files that none of us wrote ---- */

static const struct {
	const char *path, *format;
	size_t alerts, telemetry, rejects;
} others[] = {
	{ "data/suricata-splunk-cptc2017/NationalTeam5.json", "splunk", 1912, 0, 0 },
	{ "data/suricata-splunk-cptc2017/NationalTeam9.json", "splunk", 2233, 0, 0 },
	{ "data/cef/CitrixADC.txt", "cef", 0, 0, 6 },        /* no line says when */
	{ "data/cef/IllumioCore", "cef", 0, 2, 0 },
	{ "data/cef/barracudaWAFCEF.txt", "cef", 5, 341, 0 },
	{ "data/cef/fortiwebwafsamplelog.txt", "cef", 102, 2, 0 },
	{ "data/cef/FireEyeNX.json", "sentinel-cef", 2, 0, 0 },
	{ "data/cef/KasperskySC.csv", "sentinel-cef", 6, 0, 0 },
	{ "data/syslog/OpenVPN.txt", NULL, 0, 0, 0 },
	{ "data/syslog/barracudasamplelogs.txt", NULL, 0, 0, 0 },
	{ "data/zeek/scripts.policy.protocols.ssh.detect-bruteforcing/notice.log", "zeek-tsv", 0, 0, 1 },
	{ "data/zeek/bifs.find_all/weird.log", "zeek-tsv", 0, 1, 0 },
	{ "data/zeek/scripts.base.frameworks.logging.ascii-json/ssh.log", NULL, 0, 0, 0 },
};

static void files_of_others_give_what_they_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct collected c;

		if (!shared_has(others[i].path))
			continue;
		collect_file(&c, NULL, shared_path(others[i].path));
		if (others[i].format == NULL ? c.format != NULL : c.format == NULL || strcmp(c.format, others[i].format) != 0)
			fail_msg("%s: read as %s (%s)", others[i].path, c.format != NULL ? c.format : "nothing", c.refused);
		if (c.alerts != others[i].alerts || c.telemetry != others[i].telemetry || c.rejects != others[i].rejects)
			fail_msg("%s: %zu alerts, %zu telemetry, %zu rejects", others[i].path, c.alerts, c.telemetry, c.rejects);
		text_free(&c.lines);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binary_files_get_no_advice_on_columns),
		cmocka_unit_test(dates_in_words_become_iso),
		cmocka_unit_test(zeek_notices_are_read_by_their_columns),
		cmocka_unit_test(zeek_intel_names_what_was_seen),
		cmocka_unit_test(zeek_json_is_told_apart_by_path_or_fields),
		cmocka_unit_test(telemetry_of_zeek_is_counted),
		cmocka_unit_test(telemetry_of_zeek_names_its_ends),
		cmocka_unit_test(many_columns_are_rejected_with_their_lines),
		cmocka_unit_test(a_cef_value_ends_where_the_next_key_begins),
		cmocka_unit_test(cef_times_and_severities_have_many_shapes),
		cmocka_unit_test(darktraces_cef_is_about_its_source),
		cmocka_unit_test(vendors_say_in_cef_what_they_mean_in_places_of_their_own),
		cmocka_unit_test(windows_paths_in_cef_keep_their_backslashes),
		cmocka_unit_test(what_only_mentions_cef_is_refused),
		cmocka_unit_test(both_leefs_are_parted_as_they_say),
		cmocka_unit_test(endless_pairs_are_bounded),
		cmocka_unit_test(clamav_finds_are_dated_by_their_line_or_file),
		cmocka_unit_test(each_rule_that_matched_is_an_alert),
		cmocka_unit_test(records_in_raw_are_read_by_their_own_reader),
		cmocka_unit_test(notable_results_are_alerts),
		cmocka_unit_test(teams_of_an_export_are_tenants),
		cmocka_unit_test(files_of_others_give_what_they_hold),
	};

	return cmocka_run_group_tests_name("logs", tests, NULL, NULL);
}
