#include <malloc.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analyst/readers/refang.h"
#include "analyst/readers/stix_pattern.h"
#include "analyst/readers/packet.h"
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

/* ---- Suricata ---- */

static void eve_names_client_server_url_and_file(void **state)
{
	(void)state;
	gives("suricata-eve",
		"{\"timestamp\":\"2021-03-11T09:14:38.207000+0900\",\"flow_id\":1,\"event_type\":\"alert\",\"src_ip\":\"10.0.0.1\","
		"\"src_port\":5000,\"dest_ip\":\"192.0.2.1\",\"dest_port\":8080,\"alert\":{\"action\":\"allowed\",\"signature_id\":7,"
		"\"signature\":\"S\",\"severity\":2,\"metadata\":{\"signature_severity\":[\"Major\"],\"mitre_technique_id\":[\"T1105\"],"
		"\"mitre_tactic_id\":[\"TA0011\"]}},\"http\":{\"hostname\":\"Evil.example\",\"url\":\"/a.zip\"},"
		"\"files\":[{\"filename\":\"/a.zip\",\"sha256\":\"ABCDEF0000000000000000000000000000000000000000000000000000000001\"}]}\n",
		"1 alert 2021-03-11T00:14:38.207Z suricata|7|S|T1105|TA0011 sev=4 act=2 kind=0 ip/source=10.0.0.1 "
		"ip/destination=192.0.2.1 port/destination=8080 domain/destination=evil.example "
		"hash/observed=abcdef0000000000000000000000000000000000000000000000000000000001 "
		"url/destination=http://evil.example:8080/a.zip file/observed=a.zip\n");
}

static void eve_turns_the_ends_of_an_answer(void **state)
{
	(void)state;
	gives("suricata-eve",
		"{\"timestamp\":\"2021-03-11T00:00:00Z\",\"event_type\":\"alert\",\"src_ip\":\"192.0.2.1\",\"src_port\":80,"
		"\"dest_ip\":\"10.0.0.1\",\"dest_port\":5000,\"direction\":\"to_client\",\"alert\":{\"signature\":\"S\",\"severity\":1}}\n"
		"{\"timestamp\":\"2021-03-11T00:00:00Z\",\"event_type\":\"alert\",\"src_ip\":\"192.0.2.1\",\"dest_ip\":\"10.0.0.1\","
		"\"flow\":{\"src_ip\":\"10.0.0.1\",\"dest_ip\":\"::ffff:192.0.2.1\"},\"alert\":{\"signature\":\"S\",\"severity\":9}}\n",
		"1 alert 2021-03-11T00:00:00Z suricata||S|| sev=4 act=0 kind=0 ip/source=10.0.0.1 ip/destination=192.0.2.1 port/destination=80\n"
		"2 alert 2021-03-11T00:00:00Z suricata||S|| sev=1 act=0 kind=0 ip/source=10.0.0.1 ip/destination=192.0.2.1\n");
}

static void eve_counts_what_is_no_alert_and_rejects_what_is_none(void **state)
{
	const char *eve = "{\"event_type\":\"flow\",\"timestamp\":\"2021-03-11T00:00:00Z\",\"src_ip\":\"10.0.0.1\"}\n\n"
		"{\"event_type\":\"alert\",\"timestamp\":\"ts-error\",\"alert\":{\"signature\":\"S\"}}\n{\"x\":1}\n{\"event_type\":\n";
	struct collected c;

	(void)state;
	collect_bytes(&c, "suricata-eve", eve, strlen(eve));
	assert_int_equal(c.telemetry, 1);
	assert_int_equal(c.blanks, 2);
	assert_string_equal(text_str(&c.lines), "3 reject no time: 'ts-error' is none that is known\n4 reject no event_type\n"
		"5 reject the JSON is cut off\n");
	text_free(&c.lines);
}

/* ---- Wazuh ---- */

static void wazuh_prefers_the_events_own_time(void **state)
{
	(void)state;
	gives("wazuh",
		"{\"timestamp\":\"2021-03-11T00:13:12.000+0000\",\"rule\":{\"level\":12,\"description\":\"D\",\"id\":\"100201\","
		"\"mitre\":{\"id\":[\"T1505.003\"],\"tactic\":[\"Persistence\"]}},\"agent\":{\"id\":\"003\",\"name\":\"EXCH01\",\"ip\":\"10.0.0.1\"},"
		"\"data\":{\"win\":{\"system\":{\"systemTime\":\"2021-03-11T00:13:10.1234567Z\"},\"eventdata\":{\"image\":\"C:\\\\W\\\\w3wp.exe\","
		"\"hashes\":\"MD5=ABCDEF00000000000000000000000001,IMPHASH=00000000000000000000000000000001\","
		"\"targetFilename\":\"C:\\\\x\\\\A.aspx\"}}}}\n",
		"1 alert 2021-03-11T00:13:10.123Z wazuh|100201|D|T1505.003|TA0003 sev=4 act=0 kind=0 host/victim=exch01 ip/victim=10.0.0.1 "
		"path/observed=c:\\x\\a.aspx process/actor=c:\\w\\w3wp.exe hash/observed=abcdef00000000000000000000000001 file/observed=a.aspx\n");
}

static void wazuh_is_read_below_source_too(void **state)
{
	const char *hits = "{\"took\":1,\"hits\":{\"hits\":[{\"_index\":\"w\",\"_source\":{\"timestamp\":\"2021-03-11T00:00:00.000+0000\","
		"\"rule\":{\"level\":3,\"description\":\"D\",\"id\":\"5\"},\"agent\":{\"id\":\"000\",\"name\":\"manager\"},"
		"\"predecoder\":{\"hostname\":\"web1\"},\"decoder\":{\"name\":\"sshd\"},\"data\":{\"srcip\":\"192.0.2.9:22\",\"dstuser\":\"Root\"}}}]}}";

	(void)state;
	gives(NULL, hits, "1 alert 2021-03-11T00:00:00Z wazuh|5|D|| sev=1 act=0 kind=0 host/victim=web1 ip/source=192.0.2.9 "
		"port/source=22 user/target=root\n");
}

/* ---- Darktrace ---- */

static void a_breach_tells_its_device_and_what_its_filters_show(void **state)
{
	(void)state;
	gives(NULL,
		"[{\"pbid\":1,\"time\":1615421678000,\"score\":0.9,\"model\":{\"name\":\"Anomalous File::Masqueraded\",\"pid\":640,"
		"\"category\":\"Critical\"},\"device\":{\"did\":5,\"ip\":\"10.0.0.1\",\"hostname\":\"EXCH01\"},\"triggeredComponents\":["
		"{\"triggeredFilters\":[{\"filterType\":\"Destination port\",\"comparatorType\":\"display\",\"trigger\":{\"value\":\"8080\"}},"
		"{\"filterType\":\"Connection hostname\",\"comparatorType\":\"is\",\"trigger\":{\"value\":\"no.example\"}},"
		"{\"filterType\":\"Connection hostname\",\"comparatorType\":\"display\",\"trigger\":{\"value\":\"evil.example\"}},"
		"{\"filterType\":\"URI\",\"comparatorType\":\"display\",\"trigger\":{\"value\":\"/a.zip\"}}]}],"
		"\"mitreTechniques\":[{\"techniqueID\":\"T1036\"}]},\n"
		"{\"pbid\":2,\"time\":1615421679000,\"score\":0.5,\"model\":{\"then\":{\"name\":\"Antigena::Block It\"}},\"device\":{\"did\":-1,\"ip\":\"10.0.0.9\"},"
		"\"triggeredComponents\":[]}]",
		"1 alert 2021-03-11T00:14:38Z darktrace|640|Anomalous File::Masqueraded|T1036| sev=5 act=0 kind=0 host/victim=exch01 "
		"ip/victim=10.0.0.1 port/destination=8080 domain/destination=evil.example url/destination=http://evil.example:8080/a.zip "
		"file/observed=a.zip\n"
		"2 alert 2021-03-11T00:14:39Z darktrace||Antigena::Block It|| sev=0 act=3 kind=3\n");
}

static void an_analyst_event_is_a_finding(void **state)
{
	(void)state;
	gives(NULL,
		"[{\"id\":\"x\",\"title\":\"Suspicious File Download\",\"summariser\":\"SFD\",\"category\":\"critical\",\"aiaScore\":94,"
		"\"createdAt\":1615422000000,\"periods\":[{\"start\":1615421671000,\"end\":1615421791000}],\"mitreTactics\":[\"initial-access\"],"
		"\"breachDevices\":[{\"hostname\":\"EXCH01\",\"ip\":\"10.0.0.1/24\"}],\"details\":[[{\"header\":\"h\",\"contents\":["
		"{\"key\":\"Endpoint\",\"type\":\"externalHost\",\"values\":[{\"hostname\":\"evil.example\",\"ip\":null}]},"
		"{\"key\":\"User agent\",\"type\":\"string\",\"values\":[\"UA/1\"]}]}]]}]",
		"1 alert 2021-03-11T00:14:31Z darktrace|SFD|Suspicious File Download||TA0001 sev=5 act=0 kind=2 host/victim=exch01 "
		"ip/victim=10.0.0.1 user-agent/observed=UA/1 domain/destination=evil.example\n");
}

/* ---- CSV ---- */

static void the_shipped_map_parts_product_and_rule(void **state)
{
	(void)state;
	gives(NULL,
		"time,name,ip,host\n1643156730,Wazuh: ClamAV database update,172.27.181.174,sanchez_mail\n"
		"1643156731,Suricata: Alert - ET SCAN X: y,10.0.0.1,Fw\n1643156732,AMiner: New,-,\nx,a: b,1.2.3.4,h\n1,2\n",
		"2 alert 2022-01-26T00:25:30Z wazuh||ClamAV database update|| sev=0 act=0 kind=0 host/victim=sanchez_mail ip/victim=172.27.181.174\n"
		"3 alert 2022-01-26T00:25:31Z suricata||ET SCAN X: y|| sev=0 act=0 kind=0 host/victim=fw ip/victim=10.0.0.1\n"
		"4 alert 2022-01-26T00:25:32Z aminer||New|| sev=0 act=0 kind=0\n"
		"5 reject no time: 'x' is none that is known\n6 reject 2 cells where the header on line 1 has 4\n");
}

static void japanese_headers_are_known(void **state)
{
	(void)state;
	gives(NULL,
		"検知日時;検知名;重要度;ホスト名;IPアドレス;送信元IP\n2021/03/11 09:14:38+09:00;不審な通信;高;PC-01;10.0.0.5;192.0.2.1\n",
		"2 alert 2021-03-11T00:14:38Z csv||不審な通信|| sev=4 act=0 kind=0 host/victim=pc-01 ip/victim=10.0.0.5 ip/source=192.0.2.1\n");
}

static void a_bad_map_names_its_line(void **state)
{
	static const struct { const char *text, *fault; } bad[] = {
		{ "column.tiem = \"t\"\n", "column map 'm': line 1: no field of that name: 'column.tiem'; 'tsumugi formats csv' lists them" },
		{ "# x\n\nwhat\n", "column map 'm': line 3: no '=': 'what'" },
		{ "column.time = \"t\"\n", "column map 'm': no column.rule" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct fault f = { FAULT_NONE, "" };
		struct csv_map *map;

		assert_int_equal(csv_map_parse(&map, "m", bad[i].text, strlen(bad[i].text), arena, &f), -1);
		assert_string_equal(f.text, bad[i].fault);
	}
	arena_free(arena);
}

static void indicator_tables_are_read_by_any_header(void **state)
{
	(void)state;
	gives(NULL,
		"DateAdded,FirstSeen,Indicator,IndicatorType,TLP\n2021-03-10,,%Temp%\\\\xx.bat,filepath,White\n",
		"2 path %temp%\\xx.bat []\n");
	gives(NULL, "IoC,コメント\nevil[.]com,C2\n192.0.2.7,走査\n", "2 domain evil.com [C2]\n3 ip 192.0.2.7 [走査]\n");
	gives(NULL,
		"value,type,notes\n\"019d4ae42f858d5ea65f3b71392dd37efec6c882,7a15cdb53c6c2a8e40a03dcf15195aef\",file,n\n,domain,\n",
		"2 sha1 019d4ae42f858d5ea65f3b71392dd37efec6c882 [n]\n2 md5 7a15cdb53c6c2a8e40a03dcf15195aef [n]\n");
}

/* ---- STIX ---- */

static const char *pattern(const char *s)
{
	static struct text out;
	struct pattern *p = malloc(sizeof(*p));
	struct arena *arena = arena_new();
	const char *why = pattern_read(p, s, arena);

	text_clear(&out);
	if (why != NULL)
		text_printf(&out, "no: %s", why);
	for (size_t i = 0; why == NULL && i < p->count; i++)
		text_printf(&out, "%s%s=%s", i > 0 ? " " : p->joined ? "all " : "", table_name(indicator_kinds, p->values[i].kind),
		            p->values[i].value);
	arena_free(arena);
	free(p);
	return text_str(&out);
}

static void patterns_are_taken_apart(void **state)
{
	static const struct { const char *pattern, *values; } rows[] = {
		{ "[ipv4-addr:value = '192.0.2.1']", "ip=192.0.2.1" },
		{ "[file:hashes.'SHA-256' = 'ab'] OR [file:hashes.MD5='cd']", "sha256=ab md5=cd" },
		{ "[domain-name:value IN ('a.example', 'b.example') OR url:value = 'http://x/\\'y\\\\']",
		  "domain=a.example domain=b.example url=http://x/'y\\" },
		{ "([domain-name:value = 'a'] FOLLOWEDBY [domain-name:value = 'b']) WITHIN 300 SECONDS", "all domain=a domain=b" },
		{ "[ipv4-addr:value ISSUBSET '192.0.2.0/24']", "cidr=192.0.2.0/24" },
		{ "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'UA']", "user-agent=UA" },
		{ "[domain-name:value = 'a'] START t'2021-01-01T00:00:00Z' STOP t'2022-01-01T00:00:00Z'", "domain=a" },
		{ "[file:name = 'a' AND file:size = 3]", "no: a pattern on file:size" },
		{ "[file:size > 3 AND file:hashes.MD5 = 'b']", "md5=b" },
		{ "[file:hashes.SSDEEP = '3:a' OR file:hashes.MD5 = 'b'] OR [url:value LIKE 'x%' OR (domain-name:value = 'c' AND url:value = 'd')]",
		  "text=file:hashes.SSDEEP = '3:a' md5=b text=url:value LIKE 'x%' text=domain-name:value = 'c' AND url:value = 'd'" },
		{ "[EXISTS file:name OR file:name NOT = 'x' OR file:name = 'a']", "text=EXISTS file:name text=file:name NOT = 'x' filename=a" },
		{ "[x509-certificate:hashes.'SHA-1' = 'a']", "certificate=a" },
		{ "[EXISTS file:name]", "no: a pattern with EXISTS" },
		{ "[file:name ~ 'a']", "no: a pattern that is not STIX patterning" },
		{ "[file:name = 'a' AND domain-name:value = 'b']", "no: a pattern that asks for several values at once" },
		{ "[domain-name:value = 'a' AND (url:value = 'b' OR url:value = 'c')]", "no: a pattern that asks for several values at once" },
		{ "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.1']", "ip=192.0.2.1" },
		{ "[(network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 443) OR domain-name:value = 'a']",
		  "ip=192.0.2.1 domain=a" },
		{ "[network-traffic:dst_port = 443]", "no: a pattern that asks for no value" },
		{ "[file:name = 'a' AND file:hashes.MD5 = 'b' AND file:hashes.'SHA-1' = 'c']", "md5=b sha1=c" },
		{ "[file:name = 'a' AND file:parent_directory_ref.path = 'C:\\\\b']", "path=C:\\b\\a" },
		{ "[file:parent_directory_ref.path = '/opt/' AND file:name = 'a']", "path=/opt/a" },
		{ "[file:name = 'a' AND file:name = 'b']", "no: a pattern that asks for several values at once" },
		{ "[file:name MATCHES 'a.*']", "no: a pattern with a comparison other than = and IN" },
		{ "[file:name NOT = 'a']", "no: a pattern with NOT" },
		{ "[process:pid = 3]", "no: a pattern on process:pid" },
		{ "[file:name = 'a'", "no: a pattern that is not STIX patterning" },
		{ "[file:name = 'a]", "no: a pattern with a broken literal" },
		{ "", "no: a pattern that is not STIX patterning" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(pattern(rows[i].pattern), rows[i].values);
}

static void a_deep_pattern_is_refused(void **state)
{
	char deep[4096];

	(void)state;
	memset(deep, '(', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	assert_string_equal(pattern(deep), "no: a pattern nested too deep");
}

/* 8 MB of alternatives once took 8 GB: each value had room for all that was behind it. */
static void a_long_pattern_takes_no_more_memory_than_it_is_long(void **state)
{
	struct text t = { 0 };
	struct pattern *p = malloc(sizeof(*p));
	struct arena *arena = arena_new();
	size_t before;

	(void)state;
	for (int i = 0; i < 50000; i++)
		text_printf(&t, "%sdomain-name:value = 'a%d.example'", i == 0 ? "[" : " OR ", i);
	before = mallinfo2().uordblks + mallinfo2().hblkhd;
	assert_string_equal(pattern_read(p, text_str(&t), arena), "a pattern of more than 512 values");
	assert_true(mallinfo2().uordblks + mallinfo2().hblkhd < before + t.used);
	arena_free(arena);
	text_free(&t);
	free(p);
}

static void revoked_and_replaced_indicators_are_context(void **state)
{
#define OBJECT(id, more) "{\"type\":\"indicator\",\"id\":\"indicator--" id "\",\"pattern_type\":\"stix\"," more "}"
	(void)state;
	gives(NULL,
		"{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[\n"
		OBJECT("1", "\"modified\":\"2021-01-01T00:00:00Z\",\"pattern\":\"[domain-name:value = 'old.example.com']\"") ",\n"
		OBJECT("1", "\"modified\":\"2021-02-01T00:00:00Z\",\"pattern\":\"[domain-name:value = 'new.example.com']\"") ",\n"
		OBJECT("2", "\"revoked\":true,\"pattern\":\"[domain-name:value = 'gone.example.com']\"") ",\n"
		OBJECT("3", "\"name\":\"n\"") "\n]}",
		"2 domain old.example.com (context) []\n3 domain new.example.com []\n4 domain gone.example.com (context) []\n"
		"5 reject an indicator without a pattern\n");
}

#define BUNDLE(objects) "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[\n" objects "\n]}"
#define STIX(type, id, more) "{\"type\":\"" type "\",\"id\":\"" type "--" id "\",\"spec_version\":\"2.1\"" more "}"
#define TIED(id, type, from, to) STIX("relationship", id, ",\"relationship_type\":\"" type "\",\"source_ref\":\"" from "\",\"target_ref\":\"" to "\"")
#define SEEKS(value) ",\"pattern\":\"[domain-name:value = '" value "']\""

static void equal_ids_of_one_time_are_no_versions(void **state)
{
	(void)state;
	gives(NULL,
		BUNDLE(STIX("indicator", "1", ",\"modified\":\"2021-01-01T00:00:00Z\"" SEEKS("a.example")) ",\n"
		       STIX("indicator", "1", ",\"modified\":\"2021-01-01T00:00:00Z\"" SEEKS("b.example"))),
		"2 domain a.example []\n3 domain b.example []\n");
}

static void what_a_bundle_says_of_an_indicator_is_told_with_it(void **state)
{
	(void)state;
	gives(NULL,
		BUNDLE(STIX("indicator", "1", ",\"name\":\"C2\"" SEEKS("a.example")) ",\n"
		       TIED("1", "indicates", "indicator--1", "malware--1") ",\n"
		       TIED("2", "indicates", "indicator--1", "threat-actor--1") ",\n"
		       STIX("relationship", "3", ",\"revoked\":true,\"source_ref\":\"indicator--1\",\"target_ref\":\"malware--2\"") ",\n"
		       STIX("malware", "1", ",\"name\":\"Rat\"") ",\n" STIX("malware", "2", ",\"name\":\"Cat\"") ",\n"
		       STIX("threat-actor", "1", ",\"name\":\"Bat\"") ",\n"
		       STIX("note", "1", ",\"content\":\"sinkholed\",\"object_refs\":[\"indicator--1\"]") ",\n"
		       STIX("indicator", "2", ",\"indicator_types\":[\"benign\"]" SEEKS("b.example"))),
		"2 domain a.example [C2; Rat; Bat; sinkholed]\n10 domain b.example (context) []\n");
}

static void observables_count_where_an_indicator_or_a_sighting_names_them(void **state)
{
	(void)state;
	gives(NULL,
		BUNDLE(STIX("domain-name", "1", ",\"value\":\"a.example\"") ",\n" STIX("domain-name", "2", ",\"value\":\"b.example\"") ",\n"
		       STIX("domain-name", "3", ",\"value\":\"c.example\"") ",\n"
		       STIX("file", "1", ",\"name\":\"x.exe\",\"hashes\":{\"MD5\":\"ABCDEF00000000000000000000000001\"}") ",\n"
		       STIX("indicator", "1", ",\"name\":\"C2\"" SEEKS("d.example")) ",\n"
		       STIX("indicator", "2", ",\"revoked\":true" SEEKS("e.example")) ",\n"
		       TIED("1", "based-on", "indicator--1", "domain-name--1") ",\n"
		       TIED("2", "based-on", "indicator--2", "domain-name--3") ",\n"
		       STIX("observed-data", "1", ",\"object_refs\":[\"domain-name--2\",\"file--1\"]") ",\n"
		       STIX("sighting", "1", ",\"sighting_of_ref\":\"indicator--1\",\"observed_data_refs\":[\"observed-data--1\"]")),
		"2 domain a.example [C2]\n3 domain b.example [C2]\n4 domain c.example (context) []\n"
		"5 md5 abcdef00000000000000000000000001 [C2]\n5 filename x.exe (context) [C2]\n6 domain d.example [C2]\n"
		"7 domain e.example (context) []\n");
}

static int keep_said(void *ctx, const struct indicator *i, const struct place *at, struct fault *f)
{
	char last[INSTANT_ROOM] = "-";

	(void)at, (void)f;
	if (i->last_seen != INSTANT_NONE)
		instant_utc(last, i->last_seen);
	text_printf(ctx, "%s %s %s %s %s\n", i->value, i->tlp != NULL ? i->tlp : "-", i->list, i->techniques != NULL ? i->techniques : "-", last);
	return 0;
}

static int pass(void *ctx, const struct place *at, enum blank why, struct fault *f)
{
	(void)ctx, (void)at, (void)why, (void)f;
	return 0;
}

static void labels_lists_and_sightings_go_with_it(void **state)
{
	static const char bundle[] =
		BUNDLE(STIX("indicator", "1", ",\"external_references\":[{\"source_name\":\"mitre-attack\",\"external_id\":\"T1071.001\"}],"
		            "\"object_marking_refs\":[\"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb\",\"marking-definition--9\"]"
		            SEEKS("a.example")) ",\n"
		       STIX("marking-definition", "9", ",\"name\":\"TLP:AMBER+STRICT\"") ",\n"
		       STIX("indicator", "2", SEEKS("b.example")) ",\n"
		       STIX("report", "1", ",\"name\":\"One\",\"object_refs\":[\"indicator--1\"]") ",\n"
		       STIX("report", "2", ",\"name\":\"Two\",\"object_refs\":[\"indicator--2\"],"
		            "\"object_marking_refs\":[\"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1\"]") ",\n"
		       STIX("sighting", "1", ",\"sighting_of_ref\":\"indicator--2\",\"last_seen\":\"2021-02-01T00:00:00Z\""));
	struct text said = { 0 };
	const struct sink sink = { .ctx = &said, .indicator = keep_said, .blank = pass };
	struct memory_bytes bytes = { bundle, sizeof(bundle) - 1 };
	const struct reader_options options = { .list = "l" };
	struct reading *rg;
	struct fault f = { FAULT_NONE, "" };

	(void)state;
	assert_int_equal(reading_new(&rg, reader_named("stix2"), &options, &sink, &f), 0);
	assert_int_equal(reading_run(rg, memory_source(&bytes), &f), 0);
	reading_free(rg);
	assert_string_equal(text_str(&said), "a.example TLP:AMBER+STRICT One T1071.001 -\nb.example TLP:RED Two - 2021-02-01T00:00:00Z\n");
	text_free(&said);
}

static void stix_comes_in_arrays_sequences_and_envelopes(void **state)
{
#define A STIX("indicator", "1", SEEKS("a.example"))
#define B STIX("indicator", "2", SEEKS("b.example"))
	(void)state;
	gives(NULL, "[" BUNDLE(A) ",\n" BUNDLE(B) "]", "2 domain a.example []\n5 domain b.example []\n");
	gives(NULL, "\x1e" "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[" A "]}\n"
		"\x1e" "{\"type\":\"bundle\",\"id\":\"bundle--2\",\"objects\":[" B "]}\n", "1 domain a.example []\n2 domain b.example []\n");
	gives(NULL, "\x1e" A "\n\x1e" B "\n", "1 domain a.example []\n2 domain b.example []\n");
	gives(NULL, "{\"more\":false,\"objects\":[" A "," B "]}", "1 domain a.example []\n1 domain b.example []\n");
	gives(NULL, A "\n" B "\n", "1 domain a.example []\n2 domain b.example []\n");
#undef A
#undef B
}

/* ---- MISP ---- */

#define MISP(tags, attributes) "{\"Event\":{\"uuid\":\"u\",\"info\":\"M\",\"threat_level_id\":\"1\",\"Tag\":[" tags "],\"Attribute\":[\n" attributes "\n]}}"
#define ATTRIBUTE(type, value, more) "{\"type\":\"" type "\",\"value\":\"" value "\",\"to_ids\":true" more "}"

static void misp_attributes_say_what_is_for_detection(void **state)
{
	(void)state;
	gives(NULL,
		MISP("", ATTRIBUTE("ip-dst|port", "198.51.100.2|8080", "") ",\n" ATTRIBUTE("filename|sha3-256", "a.exe|00", "") ",\n"
		         ATTRIBUTE("imphash", "aaec070645fe53ee3b37630593761aab", "") ",\n"
		         ATTRIBUTE("x509-fingerprint-md5", "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99", "") ",\n"
		         ATTRIBUTE("domain", "a.example", ",\"warnings\":[{\"warninglist_name\":\"top sites\"}]") ",\n"
		         ATTRIBUTE("domain", "b.example", ",\"Sighting\":[{\"type\":\"0\"},{\"type\":\"1\"},{\"type\":1}]") ",\n"
		         ATTRIBUTE("domain", "c.example", ",\"deleted\":\"1\"")),
		"2 ip 198.51.100.2 [ip-dst|port]\n3 filename a.exe (context) [filename|sha3-256]\n3 text 00 (context) [filename|sha3-256]\n"
		"4 text aaec070645fe53ee3b37630593761aab (context) [imphash]\n"
		"5 certificate aabbccddeeff00112233445566778899 [x509-fingerprint-md5]\n6 domain a.example (context) [domain]\n"
		"7 domain b.example (context) [domain]\n8 domain c.example (context) [domain]\n");
}

static void misp_searches_and_feeds_are_read(void **state)
{
	(void)state;
	gives(NULL, "{\"response\":{\"Attribute\":[\n" ATTRIBUTE("domain", "a.example", ",\"uuid\":\"1\",\"Event\":{\"info\":\"M\"}") ",\n"
		ATTRIBUTE("domain", "b.example", ",\"uuid\":\"2\",\"Event\":{\"info\":\"M\"}") "]}}",
		"2 domain a.example [domain]\n3 domain b.example [domain]\n");
	gives(NULL, "{\"5e1\":{\"info\":\"M\",\"Orgc\":{\"name\":\"o\"},\"analysis\":\"2\",\"threat_level_id\":\"1\"}}", "");
}

static void misp_labels_times_and_techniques_go_with_it(void **state)
{
	static const char event[] =
		MISP("{\"name\":\"tlp:red\"},{\"name\":\"tlp:amber\"}",
		     ATTRIBUTE("domain", "a.example", ",\"Sighting\":[{\"type\":\"0\",\"date_sighting\":\"1612137600\"}],"
		               "\"Galaxy\":[{\"GalaxyCluster\":[{\"meta\":{\"external_id\":[\"T1505.003\"]}}]}]") ",\n"
		     ATTRIBUTE("domain", "b.example", ",\"Tag\":[{\"name\":\"tlp:white\"}]"));
	struct text said = { 0 };
	const struct sink sink = { .ctx = &said, .indicator = keep_said, .blank = pass };
	struct memory_bytes bytes = { event, sizeof(event) - 1 };
	const struct reader_options options = { .list = "l" };
	struct reading *rg;
	struct fault f = { FAULT_NONE, "" };

	(void)state;
	assert_int_equal(reading_new(&rg, reader_named("misp"), &options, &sink, &f), 0);
	assert_int_equal(reading_run(rg, memory_source(&bytes), &f), 0);
	reading_free(rg);
	assert_string_equal(text_str(&said), "a.example TLP:RED M T1505.003 2021-02-01T00:00:00Z\nb.example TLP:CLEAR M - -\n");
	text_free(&said);
}

/* ---- OpenIOC and XML from strangers ---- */

#define IOC(body) "<?xml version=\"1.0\"?><ioc xmlns=\"http://schemas.mandiant.com/2010/ioc\"><short_description>T</short_description>" \
	"<definition>" body "</definition></ioc>"
#define ITEM(search, condition, value) "<IndicatorItem condition=\"" condition "\"><Context document=\"x\" search=\"" search "\"/>" \
	"<Content type=\"string\">" value "</Content></IndicatorItem>"

static void only_items_that_stand_alone_are_indicators(void **state)
{
	(void)state;
	gives(NULL,
		IOC("<Indicator operator=\"OR\">" ITEM("Network/DNS", "is", "Evil.example") ITEM("FileItem/FileName", "contains", "x")
		    "<Indicator operator=\"AND\">" ITEM("FileItem/FileName", "is", "a.exe")
		    ITEM("FileItem/Md5sum", "is", "ABCDEF00000000000000000000000001") "</Indicator></Indicator>"),
		"1 domain evil.example [T]\n1 filename x (context) [T]\n"
		"1 filename a.exe (context) [T: FileItem/FileName is 'a.exe' AND FileItem/Md5sum is 'ABCDEF00000000000000000000000001']\n"
		"1 md5 abcdef00000000000000000000000001 [T: FileItem/FileName is 'a.exe' AND FileItem/Md5sum is 'ABCDEF00000000000000000000000001']\n");
}

static void what_is_negated_is_told_so(void **state)
{
	(void)state;
	gives(NULL,
		IOC("<Indicator operator=\"AND\">" ITEM("ServiceItem/serviceDLL", "is", "C:\\a.dll")
		    "<IndicatorItem condition=\"is\" negate=\"true\"><Context document=\"x\" search=\"FileItem/Md5sum\"/>"
		    "<Content type=\"md5\">ABCDEF00000000000000000000000001</Content></IndicatorItem></Indicator>"),
		"1 path c:\\a.dll (context) [T: ServiceItem/serviceDLL is 'C:\\a.dll' AND FileItem/Md5sum not is 'ABCDEF00000000000000000000000001']\n"
		"1 md5 abcdef00000000000000000000000001 (context) "
		"[T: ServiceItem/serviceDLL is 'C:\\a.dll' AND FileItem/Md5sum not is 'ABCDEF00000000000000000000000001']\n");
}

static int keep_label(void *ctx, const struct indicator *i, const struct place *at, struct fault *f)
{
	(void)at, (void)f;
	text_printf(ctx, "%s %s %s %d\n", table_name(indicator_kinds, i->kind), i->value, i->tlp != NULL ? i->tlp : "-", i->confidence);
	return 0;
}

static void iodef_restricts_each_indicator(void **state)
{
#define SEEN(attributes, type, value, more) "<Indicator" attributes "><IndicatorID name=\"n\" version=\"1\">1</IndicatorID><Observable>" \
	"<BulkObservable type=\"" type "\"><BulkObservableList>" value "</BulkObservableList></BulkObservable></Observable>" more "</Indicator>"
	static const char document[] =
		"<?xml version=\"1.0\"?><IODEF-Document version=\"2.00\" xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">"
		"<Incident restriction=\"amber\"><IncidentID name=\"n\">1</IncidentID><IndicatorData>"
		SEEN(" restriction=\"ext-value\" ext-restriction=\"amber+strict\"", "file-path", "x.exe", "")
		SEEN("", "file-path", "C:\\x.exe", "<AdditionalData dtype=\"integer\" name=\"confidence\">85</AdditionalData>")
		SEEN(" restriction=\"white\"", "domain-name", "a.example", "<Confidence rating=\"numeric\">40</Confidence>")
		"</IndicatorData></Incident></IODEF-Document>";
	struct text said = { 0 };
	const struct sink sink = { .ctx = &said, .indicator = keep_label, .blank = pass };
	struct memory_bytes bytes = { document, sizeof(document) - 1 };
	const struct reader_options options = { .list = "l" };
	struct reading *rg;
	struct fault f = { FAULT_NONE, "" };

	(void)state;
	assert_int_equal(reading_new(&rg, reader_named("iodef"), &options, &sink, &f), 0);
	assert_int_equal(reading_run(rg, memory_source(&bytes), &f), 0);
	reading_free(rg);
	assert_string_equal(text_str(&said), "filename x.exe TLP:AMBER+STRICT -1\npath c:\\x.exe TLP:AMBER 85\ndomain a.example TLP:CLEAR 40\n");
	text_free(&said);
}

static void hostile_xml_is_refused_before_it_is_parsed(void **state)
{
	static const struct { const char *xml, *fault; } rows[] = {
		{ "<?xml version=\"1.0\"?><!DOCTYPE ioc [<!ENTITY a \"b\">]><ioc>&a;</ioc>", "document type" },
		{ "<!doctype ioc><ioc/>", "document type" },
		{ "<?xml version=\"1.0\" encoding=\"UTF-7\"?><ioc/>", "encoding 'UTF-7'" },
		{ "<ioc><a></ioc>", "broken XML" },
		{ "<ioc>&nope;</ioc>", "broken XML" },
		{ "<ioc", "not closed" },
		{ "<other/>", "no OpenIOC" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected c;

		collect_bytes(&c, "openioc", rows[i].xml, strlen(rows[i].xml));
		if (strstr(c.refused, rows[i].fault) == NULL)
			fail_msg("%s: '%s'", rows[i].xml, c.refused);
		text_free(&c.lines);
	}
}

static void much_xml_is_refused_too(void **state)
{
	static const struct { const char *repeat; size_t times; const char *fault; } rows[] = {
		{ " a=\"b\"", 300, "256 attributes" },
		{ " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 2000, "64 KiB" },
		{ "><b", 200, "128 levels" },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct text xml = { 0 };
		struct collected c;

		text_add(&xml, "<ioc");
		for (size_t n = 0; n < rows[i].times; n++)
			text_add(&xml, rows[i].repeat);
		text_add(&xml, "/>");
		collect_bytes(&c, "openioc", xml.bytes, xml.used);
		if (strstr(c.refused, rows[i].fault) == NULL)
			fail_msg("%s: '%s'", rows[i].fault, c.refused);
		text_free(&xml);
		text_free(&c.lines);
	}
}

static void stix1_takes_leaves_by_their_objects(void **state)
{
#define STIX1(header, body) "<?xml version=\"1.0\"?><!-- x --><s:STIX_Package xmlns:s=\"http://stix.mitre.org/stix-1\" " \
	"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><s:STIX_Header><s:Title>Weekly</s:Title>" header "</s:STIX_Header>" \
	body "</s:STIX_Package>"
	(void)state;
	gives(NULL, STIX1("",
		"<s:Indicators><s:Indicator><s:Title>C2</s:Title><s:Observable id=\"a\"><s:Properties xsi:type=\"A:AddressObjectType\" "
		"category=\"ipv4-addr\">\n<s:Address_Value condition=\"Equals\" apply_condition=\"ANY\">192.0.2.1##comma##192.0.2.2"
		"</s:Address_Value></s:Properties></s:Observable></s:Indicator></s:Indicators>"),
		"2 ip 192.0.2.1 [C2]\n2 ip 192.0.2.2 [C2]\n");
	gives(NULL, STIX1("",
		"<s:Indicators><s:Indicator><s:Observable><s:Properties xsi:type=\"A:FileObjectType\"><s:File_Name>a.exe</s:File_Name><s:Hashes>"
		"<s:Hash><s:Type>MD5</s:Type><s:Simple_Hash_Value>ABCDEF00000000000000000000000001</s:Simple_Hash_Value></s:Hash></s:Hashes>"
		"</s:Properties></s:Observable><s:Observable negate=\"true\"><s:Properties xsi:type=\"A:DomainNameObjectType\"><s:Value>"
		"evil[.]example</s:Value></s:Properties></s:Observable><s:Observable><s:Properties xsi:type=\"A:WindowsRegistryKeyObjectType\">"
		"<s:Hive>HKEY_LOCAL_MACHINE</s:Hive><s:Key>\\Software\\X</s:Key></s:Properties></s:Observable></s:Indicator></s:Indicators>"),
		"1 filename a.exe (context) [Weekly]\n1 md5 abcdef00000000000000000000000001 [Weekly]\n1 domain evil.example (context) [Weekly]\n"
		"1 registry hkey_local_machine\\software\\x [Weekly]\n");
}

static void stix1_keeps_what_counts_only_together(void **state)
{
	(void)state;
	gives(NULL, STIX1("",
		"<s:Observables><s:Observable id=\"a\"><s:Properties xsi:type=\"A:URIObjectType\"><s:Value>http://a.example/x</s:Value>"
		"</s:Properties></s:Observable><s:Observable><s:Observable_Composition operator=\"AND\"><s:Observable idref=\"a\"/>"
		"<s:Observable><s:Properties xsi:type=\"A:FileObjectType\"><s:File_Name condition=\"Contains\">b.exe</s:File_Name></s:Properties>"
		"</s:Observable></s:Observable_Composition></s:Observable></s:Observables>"),
		"1 url http://a.example/x (context) [Weekly: Value is 'http://a.example/x']\n"
		"1 filename b.exe (context) [Weekly: (File_Name Contains 'b.exe')]\n");
}

static void iodef_2_says_what_its_indicators_are(void **state)
{
	(void)state;
	gives(NULL,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<IODEF-Document version=\"2.00\" xml:lang=\"en\" xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n"
		"<Incident purpose=\"reporting\" restriction=\"amber\"><IncidentID name=\"csirt.example.com\">1</IncidentID><GenerationTime>2015-10-02T11:18:00-05:00</GenerationTime><Description>Bots</Description>\n"
		"<IndicatorData>\n"
		"<Indicator><IndicatorID name=\"x\" version=\"1\">G1</IndicatorID><Description>C2 domains</Description><StartTime>2014-12-02T11:18:00-05:00</StartTime><Confidence rating=\"high\"/>\n"
		"<Observable><BulkObservable type=\"fqdn\"><BulkObservableList>\n"
		"kj290023j09r34.example.com\n"
		"09ijk23jfj0k8.example.net\n"
		"</BulkObservableList></BulkObservable></Observable></Indicator>\n"
		"<Indicator><IndicatorID name=\"x\" version=\"1\">G2</IndicatorID>\n"
		"<IndicatorExpression operator=\"and\"><Observable><FileData><File><FileName>dummy.txt</FileName><HashData scope=\"file-contents\"><Hash><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</ds:DigestValue></Hash></HashData></File></FileData></Observable>\n"
		"<Observable><System category=\"source\"><Node><DomainData><Name>a.example</Name></DomainData><Address category=\"ipv4-net\">192.0.2.0/24</Address></Node></System></Observable></IndicatorExpression></Indicator>\n"
		"</IndicatorData></Incident></IODEF-Document>\n",
		"6 domain kj290023j09r34.example.com [C2 domains]\n6 domain 09ijk23jfj0k8.example.net [C2 domains]\n"
		"11 filename dummy.txt (context) [Bots]\n"
		"11 sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 (context) [Bots]\n"
		"12 domain a.example (context) [Bots]\n12 cidr 192.0.2.0/24 (context) [Bots]\n");
}

static void iodef_1_gives_the_systems_an_incident_came_from(void **state)
{
	(void)state;
	gives(NULL, "<IODEF-Document version=\"1.00\" xmlns=\"urn:ietf:params:xml:ns:iodef-1.0\"><Incident><IncidentID name=\"c\">1</IncidentID>"
		"<Description>Scans</Description><EventData><Flow><System category=\"source\"><Node><NodeName>a.example</NodeName><Address "
		"category=\"ipv4-net\">192.0.2.16/28</Address></Node></System><System category=\"target\"><Node><Address>198.51.100.1</Address>"
		"</Node></System></Flow></EventData></Incident></IODEF-Document>",
		"1 domain a.example [Scans]\n1 cidr 192.0.2.16/28 [Scans]\n");
}

static void idmef_messages_give_an_alert_each(void **state)
{
	(void)state;
	gives(NULL, "<IDMEF-Messages><i:IDMEF-Message xmlns:i=\"http://iana.org/idmef\">\n<i:Alert messageid=\"1\"><i:Analyzer model=\"Snort\"/>"
		"<i:CreateTime> 2021-03-11T00:00:00Z </i:CreateTime><i:Source><i:Node><i:Address category=\"ipv4-addr-hex\"><i:address>"
		"0xc0000201</i:address></i:Address></i:Node></i:Source><i:Target><i:Node><i:name>web1</i:name></i:Node><i:User><i:UserId "
		"type=\"user-privs\"><i:name>none</i:name></i:UserId></i:User></i:Target><i:Classification text=\"Scan\" ident=\"7\"/><i:Assessment>"
		"<i:Impact severity=\"high\"/><i:Action category=\"block-installed\"/></i:Assessment></i:Alert>\n<!-- <i:Alert> -->"
		"<i:Alert><i:CreateTime>2021-03-11T00:00:01Z</i:CreateTime></i:Alert></i:IDMEF-Message>\n"
		"<i:IDMEF-Message xmlns:i=\"http://iana.org/idmef\"><i:Heartbeat/></i:IDMEF-Message></IDMEF-Messages>",
		"2 alert 2021-03-11T00:00:00Z snort|7|Scan|| sev=4 act=3 kind=0 ip/source=192.0.2.1 host/victim=web1\n3 reject no rule name\n");
}

static void idea_knows_networks_from_machines(void **state)
{
	(void)state;
	gives(NULL, "{\"Format\":\"IDEA0\",\"ID\":\"x\",\"DetectTime\":\"2021-03-11T00:00:00Z\",\"Category\":[\"Recon.Scanning\"],\"Confidence\":0.5,"
		"\"Source\":[{\"IP4\":[\"192.0.2.1\"],\"Port\":[99]}],\"Target\":[{\"IP4\":[\"198.51.100.0/24\"],\"Hostname\":[\"a.example\"]}],"
		"\"Attach\":[{\"Hash\":[\"md5:ABCDEF00000000000000000000000001\"]}]}\n",
		"1 alert 2021-03-11T00:00:00Z idea||Recon.Scanning|| sev=0 act=0 kind=0 ip/source=192.0.2.1 port/source=99 domain/destination=a.example "
		"hash/observed=abcdef00000000000000000000000001\n");
}

/* The lines of one file that are to be found in the data, without their numbers. */
static size_t detected_in(const struct collected *c, const struct collected *other, bool *all)
{
	size_t n = 0;

	for (const char *l = text_str(&c->lines); *l != '\0'; l += strcspn(l, "\n") + 1) {
		const char *from = strchr(l, ' '), *to = strstr(l, " [");
		char row[600];

		if (from == NULL || to == NULL || memmem(l, (size_t)(to - l), "(context)", 9) != NULL)
			continue;
		snprintf(row, sizeof(row), "%.*s [", (int)(to - from), from);
		n++;
		if (strstr(text_str(&other->lines), row) == NULL) {
			printf("    only in one:%s\n", row);
			*all = false;
		}
	}
	return n;
}

static void stix1_and_openioc_of_one_report_agree(void **state)
{
	static const char *const pairs[] = { "ccapp", "duqu", "find_windows", "msbgt", "shelldc_backdoor", "stuxnet", "zeus" };

	(void)state;
	for (size_t i = 0; i < 7 && shared_has("data/stix1"); i++) {
		struct collected a, b;
		char name[100];
		bool all = true;

		snprintf(name, sizeof(name), "data/stix1/%s.stix.xml", pairs[i]);
		collect_file(&a, NULL, shared_path(name));
		snprintf(name, sizeof(name), "data/stix1/%s.ioc.xml", pairs[i]);
		collect_file(&b, NULL, shared_path(name));
		if (detected_in(&a, &b, &all) != detected_in(&b, &a, &all) || !all)
			fail_msg("%s: differs", pairs[i]);
		text_free(&a.lines);
		text_free(&b.lines);
	}
}

/* ---- choosing ---- */

static void what_nobody_knows_is_refused_with_candidates(void **state)
{
	struct collected c;
	const char *csv = "a,b,c,d\n1,2,3,4\n", *half = "{\"pbid\":1}\n";

	(void)state;
	collect_bytes(&c, NULL, csv, strlen(csv));
	assert_non_null(strstr(c.refused, "no format that is known"));
	collect_bytes(&c, NULL, half, strlen(half));
	assert_non_null(strstr(c.refused, "darktrace-breach (50)"));
	collect_bytes(&c, NULL, "<html><body>evil[.]com</body></html>", 36);
	assert_non_null(strstr(c.refused, "no format"));
}

static void every_reader_describes_itself(void **state)
{
	(void)state;
	for (const struct reader *const *r = readers; *r != NULL; r++) {
		assert_ptr_equal(reader_named((*r)->name), *r);
		assert_non_null((*r)->summary);
		assert_non_null((*r)->gives);
		assert_true((*r)->framing != FRAME_JSON || (*r)->fields != NULL);
		assert_true((*r)->probe != NULL || (*r)->clues != NULL);
	}
}

/* With a time and a name for formats that state none. */
static void every_reader_has_an_example_that_it_reads(void **state)
{
	(void)state;
	collect_written = INT64_C(1615421678) * SECOND;
	collect_name = "MAIL01-LogAgeDays.csv";
	for (const struct reader *const *r = readers; *r != NULL; r++) {
		const char *example = reader_example(*r);
		bool asked = strcmp((*r)->name, "yara") == 0;      /* weak evidence: never by content */
		struct collected c;

		if (example == NULL)
			fail_msg("%s has no example", (*r)->name);
		collect_bytes(&c, asked ? (*r)->name : NULL, example, strlen(example));
		if (c.format == NULL || strcmp(c.format, (*r)->name) != 0 || c.alerts + c.indicators + c.assets + c.telemetry == 0 || c.rejects > 0)
			fail_msg("%s: read as %s, %s%s", (*r)->name, c.format != NULL ? c.format : "nothing", c.refused, text_str(&c.lines));
		text_free(&c.lines);
	}
	collect_written = 0;
	collect_name = NULL;
}

extern const struct reader reader_template;

static void the_template_is_a_reader(void **state)
{
	static const char records[] = "{\"guard_event\":\"detection\",\"when\":\"2021-03-11T00:14:38Z\",\"rule\":{\"name\":\"Web shell\","
		"\"risk\":\"severe\",\"attack\":[\"T1505.003\"]},\"client\":{\"ip\":\"192.0.2.9\"},\"host\":\"EXCH01\",\"verdict\":\"stopped\"}\n"
		"{\"guard_event\":\"health\"}\n{\"guard_event\":\"detection\"}\n{}\n";
	struct collected c = { .format = NULL };
	const struct sink sink = { &c, collect_alert, collect_indicator, collect_reject, collect_blank, NULL, collect_asset,
	                           NULL };
	struct memory_bytes memory = { records, sizeof(records) - 1 };
	struct reader_options options = { .head = NULL };
	struct probe probe = { records, sizeof(records) - 1, true, &options };
	struct reading *rg = NULL;

	(void)state;
	assert_int_equal(reader_score(&reader_template, &probe), 80);
	assert_null(reader_named("template"));
	assert_int_equal(reading_new(&rg, &reader_template, &options, &sink, NULL), 0);
	assert_int_equal(reading_run(rg, memory_source(&memory), NULL), 0);
	assert_string_equal(text_str(&c.lines), "1 alert 2021-03-11T00:14:38Z guard||Web shell|T1505.003| sev=4 act=3 kind=0 "
		"ip/source=192.0.2.9 host/victim=exch01\n3 reject no time\n4 reject no guard_event\n");
	assert_int_equal(c.telemetry, 1);
	reading_free(rg);
	text_free(&c.lines);
}

/* ---- files that none of us wrote ---- */

struct expected {
	const char *path, *format;
	size_t alerts, indicators, rejects;
};

static const struct expected others[] = {
	{ "data/suricata-eve/first-org-conf-2015/alerts-only.json", "suricata-eve", 136, 0, 0 },
	{ "data/suricata-eve/honeypot-2018/alerts-only.json", "suricata-eve", 44, 0, 0 },
	{ "data/suricata-eve/wrccdc-2017/alerts-only.json", "suricata-eve", 161, 0, 0 },
	{ "data/suricata-eve/wrccdc-2018/alerts-only.json", "suricata-eve", 207, 0, 0 },
	{ "data/suricata-splunk-cptc2017/NationalTeam5.eve.jsonl", "suricata-eve", 1912, 0, 0 },
	{ "data/wazuh-gpl3/wazuh-alerts-GPL3/wazuh_insect_first60.jsonl", "wazuh", 60, 0, 0 },
	{ "data/ait-ads/russellmitchell.labelled.csv.gz", "csv", 45544, 0, 0 },
	{ "data/ioc-feeds/mstic/MSTICIoCs-ExchangeServerVulnerabilitiesDisclosedMarch2021.csv", "indicators-csv", 0, 152, 0 },
	{ "data/ioc-feeds/volexity/2021-03-02_exchange_marauder.csv", "indicators-csv", 0, 13, 0 },
	{ "data/ioc-feeds/volexity/2021-12-06_xegroup.csv", "indicators-csv", 0, 248, 0 },
	{ "data/ioc-feeds/maltrail/apt_hafnium.txt", "indicators-text", 0, 17, 0 },
	{ "data/ioc-feeds/eset-exchange/README.adoc", "indicators-text", 0, 40, 0 },
	{ "data/ioc-feeds/eset-exchange/samples.sha256", "indicators-text", 0, 23, 0 },
	{ "data/ioc-feeds/cisa-aa21-062a/AA21062A.yaml", "indicators-text", 0, 28, 0 },
	{ "data/stix2/oasis/poisonivy.json", "stix2", 0, 67, 0 },
	{ "data/stix2/unit42/2024-02-15-Bradesco-phishing.json", "stix2", 0, 4, 0 },
	{ "data/openioc/eeffc8e8-caee-4fe1-8ace-7a994b5d893f.ioc", "openioc", 0, 266, 0 },
	{ "data/stix1/stuxnet.ioc.xml", "openioc", 0, 17, 0 },
	{ "data/stix1/stuxnet.stix.xml", "stix1", 0, 16, 0 },
	{ "data/edge/json-test-suite/test_parsing/y_object_simple.json", NULL, 0, 0, 0 },
	{ "data/syslog/OpenVPN.txt", NULL, 0, 0, 0 },
};

static void files_of_others_give_what_they_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		const struct expected *e = &others[i];
		struct collected c;

		if (!shared_has(e->path))
			continue;
		collect_file(&c, NULL, shared_path(e->path));
		if (e->format == NULL ? c.format != NULL : c.format == NULL || strcmp(c.format, e->format) != 0)
			fail_msg("%s: read as %s (%s)", e->path, c.format != NULL ? c.format : "nothing", c.refused);
		if (c.alerts != e->alerts || c.indicators != e->indicators || c.rejects != e->rejects)
			fail_msg("%s: %zu alerts, %zu indicators, %zu rejects", e->path, c.alerts, c.indicators, c.rejects);
		text_free(&c.lines);
	}
}

static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The different indicators of a file, sorted, without line and context. */
static size_t different(struct collected *c, char **rows, size_t room)
{
	size_t n = 0, kept = 0;

	for (char *l = strtok(c->lines.bytes, "\n"); l != NULL && n < room; l = strtok(NULL, "\n")) {
		*strstr(l, " [") = '\0';
		rows[n++] = strchr(l, ' ');
	}
	qsort(rows, n, sizeof(*rows), by_line);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(rows[kept - 1], rows[i]) != 0)
			rows[kept++] = rows[i];
	return kept;
}

static void microsofts_feed_has_147_different_indicators(void **state)
{
#define FEED "data/ioc-feeds/mstic/MSTICIoCs-ExchangeServerVulnerabilitiesDisclosedMarch2021"
	struct collected csv, json;
	char *a[200], *b[200];

	(void)state;
	if (!shared_has(FEED ".csv") || !shared_has(FEED ".json"))
		return;
	collect_file(&csv, NULL, shared_path(FEED ".csv"));
	collect_file(&json, NULL, shared_path(FEED ".json"));
	assert_int_equal(json.indicators, 152);
	assert_int_equal(different(&csv, a, 200), 147);
	assert_int_equal(different(&json, b, 200), 147);
	for (size_t i = 0; i < 147; i++)
		assert_string_equal(a[i], b[i]);
	text_free(&csv.lines);
	text_free(&json.lines);
}

static void indicator_objects_are_read_by_any_name(void **state)
{
	(void)state;
	gives(NULL, "{\"data\":[{\"ioc\":\"evil[.]example:8080\",\"ioc_type\":\"ip:port\",\"confidence_level\":75,\"malware_printable\":\"X\"},"
		"{\"ioc\":\"\",\"ioc_type\":\"url\"}]}", "1 domain evil.example [X]\n1 reject no value of an indicator\n");
	gives("indicators-json", "{\"value\":\"hxxp://a[.]example/x\",\"type\":\"url\",\"comment\":\"c\"}\n", "1 url http://a.example/x [c]\n");
}

static void the_sample_week_is_read_whole(void **state)
{
	static const struct expected sample[] = {
		{ "samples/proxylogon-week/darktrace-model-breaches.json", "darktrace-breach", 275, 0, 0 },
		{ "samples/proxylogon-week/darktrace-ai-analyst.json", "darktrace-analyst", 7, 0, 0 },
		{ "samples/proxylogon-week/suricata-eve.json", "suricata-eve", 465, 0, 0 },
		{ "samples/proxylogon-week/wazuh-alerts.json", "wazuh", 544, 0, 0 },
		{ "samples/proxylogon-week/indicators.csv", "indicators-csv", 0, 9, 0 },
	};

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct collected c;

		collect_file(&c, NULL, sample[i].path);
		assert_string_equal(c.format, sample[i].format);
		assert_int_equal(c.alerts, sample[i].alerts);
		assert_int_equal(c.indicators, sample[i].indicators);
		assert_int_equal(c.rejects, 0);
		text_free(&c.lines);
	}
}

/* Who called whom where the record does not say it, and who is hit by what a packet says. */
static void packets_are_told_in_the_order_of_the_call(void **state)
{
	static const struct { struct packet packet; const char *source, *destination, *port, *victim; } rows[] = {
		/* the server says that logins failed; the caller guesses */
		{ { "10.0.0.2", "3306", "10.0.0.9", "46863", HEADING_UNTOLD, "10.0.0.2", "ET SCAN Login Failures" },
		  "10.0.0.9", "10.0.0.2", "3306", NULL },
		{ { "10.0.0.2", "3306", "10.0.0.9", "46863", HEADING_TO_SERVER, "10.0.0.2", NULL },
		  "10.0.0.2", "10.0.0.9", "46863", NULL },
		{ { "10.0.0.2", "46863", "10.0.0.9", "50000", HEADING_TO_CLIENT, "10.0.0.2", NULL },
		  "10.0.0.9", "10.0.0.2", "46863", NULL },
		/* a scan from port 53, a call between services, ports that say nothing */
		{ { "10.0.0.2", "53", "10.0.0.9", "3389", HEADING_UNTOLD, "10.0.0.2", NULL }, "10.0.0.2", "10.0.0.9", "3389", NULL },
		{ { "10.0.0.2", "80", "10.0.0.9", "11211", HEADING_UNTOLD, "10.0.0.2", NULL }, "10.0.0.2", "10.0.0.9", "11211", NULL },
		{ { "10.0.0.2", "4444", "10.0.0.9", "50000", HEADING_UNTOLD, "10.0.0.2", NULL }, "10.0.0.2", "10.0.0.9", "50000", NULL },
		{ { "10.0.0.2", NULL, "10.0.0.9", "99999", HEADING_UNTOLD, "10.0.0.2", NULL }, "10.0.0.2", "10.0.0.9", NULL, NULL },
		/* what a shell says shows its machine taken over, whoever called; a page from outside shows nothing */
		{ { "10.0.0.2", "80", "10.0.0.9", "50000", HEADING_UNTOLD, "10.0.0.2", "ET ATTACK_RESPONSE Net User" },
		  "10.0.0.9", "10.0.0.2", "80", "10.0.0.2" },
		{ { "10.0.0.2", "50000", "198.51.100.7", "4444", HEADING_TO_SERVER, "10.0.0.2", "GPL ATTACK_RESPONSE id check" },
		  "10.0.0.2", "198.51.100.7", "4444", "10.0.0.2" },
		{ { "198.51.100.7", "80", "10.0.0.9", "50000", HEADING_UNTOLD, "198.51.100.7", "ET ATTACK_RESPONSE passwd" },
		  "10.0.0.9", "198.51.100.7", "80", NULL },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct alert a;
		const struct entity *port, *victim;

		alert_clear(&a);
		packet_add(&a, arena, &rows[i].packet);
		port = alert_entity(&a, ENTITY_PORT, ROLE_DESTINATION);
		victim = alert_entity(&a, ENTITY_IP, ROLE_VICTIM);
		assert_string_equal(alert_entity(&a, ENTITY_IP, ROLE_SOURCE)->value, rows[i].source);
		assert_string_equal(alert_entity(&a, ENTITY_IP, ROLE_DESTINATION)->value, rows[i].destination);
		assert_string_equal(port != NULL ? port->value : "none", rows[i].port != NULL ? rows[i].port : "none");
		assert_string_equal(victim != NULL ? victim->value : "nobody", rows[i].victim != NULL ? rows[i].victim : "nobody");
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_told_in_the_order_of_the_call),
		cmocka_unit_test(eve_names_client_server_url_and_file),
		cmocka_unit_test(eve_turns_the_ends_of_an_answer),
		cmocka_unit_test(eve_counts_what_is_no_alert_and_rejects_what_is_none),
		cmocka_unit_test(wazuh_prefers_the_events_own_time),
		cmocka_unit_test(wazuh_is_read_below_source_too),
		cmocka_unit_test(a_breach_tells_its_device_and_what_its_filters_show),
		cmocka_unit_test(an_analyst_event_is_a_finding),
		cmocka_unit_test(the_shipped_map_parts_product_and_rule),
		cmocka_unit_test(japanese_headers_are_known),
		cmocka_unit_test(a_bad_map_names_its_line),
		cmocka_unit_test(indicator_tables_are_read_by_any_header),
		cmocka_unit_test(patterns_are_taken_apart),
		cmocka_unit_test(a_deep_pattern_is_refused),
		cmocka_unit_test(a_long_pattern_takes_no_more_memory_than_it_is_long),
		cmocka_unit_test(revoked_and_replaced_indicators_are_context),
		cmocka_unit_test(equal_ids_of_one_time_are_no_versions),
		cmocka_unit_test(what_a_bundle_says_of_an_indicator_is_told_with_it),
		cmocka_unit_test(observables_count_where_an_indicator_or_a_sighting_names_them),
		cmocka_unit_test(labels_lists_and_sightings_go_with_it),
		cmocka_unit_test(stix_comes_in_arrays_sequences_and_envelopes),
		cmocka_unit_test(misp_attributes_say_what_is_for_detection),
		cmocka_unit_test(misp_searches_and_feeds_are_read),
		cmocka_unit_test(misp_labels_times_and_techniques_go_with_it),
		cmocka_unit_test(only_items_that_stand_alone_are_indicators),
		cmocka_unit_test(what_is_negated_is_told_so),
		cmocka_unit_test(iodef_restricts_each_indicator),
		cmocka_unit_test(hostile_xml_is_refused_before_it_is_parsed),
		cmocka_unit_test(much_xml_is_refused_too),
		cmocka_unit_test(stix1_takes_leaves_by_their_objects),
		cmocka_unit_test(stix1_keeps_what_counts_only_together),
		cmocka_unit_test(iodef_2_says_what_its_indicators_are),
		cmocka_unit_test(iodef_1_gives_the_systems_an_incident_came_from),
		cmocka_unit_test(idmef_messages_give_an_alert_each),
		cmocka_unit_test(idea_knows_networks_from_machines),
		cmocka_unit_test(stix1_and_openioc_of_one_report_agree),
		cmocka_unit_test(what_nobody_knows_is_refused_with_candidates),
		cmocka_unit_test(every_reader_describes_itself),
		cmocka_unit_test(every_reader_has_an_example_that_it_reads),
		cmocka_unit_test(the_template_is_a_reader),
		cmocka_unit_test(files_of_others_give_what_they_hold),
		cmocka_unit_test(microsofts_feed_has_147_different_indicators),
		cmocka_unit_test(indicator_objects_are_read_by_any_name),
		cmocka_unit_test(the_sample_week_is_read_whole),
	};

	return cmocka_run_group_tests_name("readers", tests, NULL, NULL);
}
