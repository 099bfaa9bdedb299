/* Indicators as their producers really write them: which format, what counts, what is told of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyst/readers/refang.h"
#include "analyst/readers/rules.h"
#include "tests/unit/collect.h"

/* `more` is of the indicator read last, see collect_indicator; NULL asks for nothing. */
static void gives(const char *format, const char *bytes, const char *expected, const char *more)
{
	struct collected c;

	collect_bytes(&c, NULL, bytes, strlen(bytes));
	assert_string_equal(c.refused, "");
	assert_string_equal(c.format, format);
	assert_string_equal(text_str(&c.lines), expected);
	if (more != NULL)
		assert_string_equal(c.indicated, more);
	text_free(&c.lines);
}

#define MD5 "0123456789abcdef0123456789abcdef"
#define SHA1 "0123456789abcdef0123456789abcdef01234567"
#define SHA256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* ---- CSV ---- */

static void comments_before_a_table_may_hold_its_header_and_its_name(void **state)
{
	(void)state;
	gives("indicators-csv",
		"################################################\n"
		"# Example feed: recent - CSV format            #\n"
		"# Last updated: 2021-03-12 00:00:00 UTC        #\n"
		"################################################\n"
		"#\n"
		"# \"first_seen_utc\",\"ioc_id\",\"ioc_value\",\"ioc_type\",\"threat_type\",\"malware_alias\",\"malware_printable\",\"last_seen_utc\",\"confidence_level\"\n"
		"\"2021-03-10 01:02:03\", \"7\", \"203.0.113.4:8080\", \"ip:port\", \"botnet_cc\", \"None\", \"Examplebot\", \"\", \"80\"\n"
		"\"2021-03-11 01:02:03\", \"8\", \"a.example\", \"domain\", \"botnet_cc\", \"None\", \"None\", \"2021-03-12 00:00:00\", \"50\"\n"
		"# Number of entries: 2\n",
		"7 ip 203.0.113.4 [Examplebot; botnet_cc]\n8 domain a.example [botnet_cc]\n",
		"Example feed: recent - CSV format||50|2021-03-11 2021-03-12 - -||||");
}

static void columns_called_by_what_they_hold_are_indicators(void **state)
{
	(void)state;
	gives("indicators-csv", "Family,SHA256 hash,md5,File name,URL,Domain\n"
		"Examplebot," SHA256 "," MD5 ",a.exe,,b.example\n"
		"Examplebot,n/a,,,hxxp://c[.]example/x,c.example\n",
		"2 sha256 " SHA256 " [Examplebot]\n2 md5 " MD5 " [Examplebot]\n2 filename a.exe (context) [Examplebot]\n2 domain b.example [Examplebot]\n"
		"3 url http://c.example/x [Examplebot]\n3 domain c.example (context) [Examplebot]\n", NULL);
}

/* The same columns, with a machine beside them, are what a sensor saw. */
static void a_log_with_hashes_is_no_list(void **state)
{
	static const char *const logs[] = {
		"time,host,user,process,sha256\n2021-03-11 00:00:00,PC1,u,a.exe," SHA256 "\n",
		"timestamp,src_ip,dst_ip,url\n2021-03-11 00:00:00,10.0.0.1,203.0.113.9,http://a.example/x\n",
		"ip,domain\n203.0.113.9,a.example\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		struct collected c;

		collect_bytes(&c, NULL, logs[i], strlen(logs[i]));
		if (c.format != NULL && strcmp(c.format, "indicators-csv") == 0)
			fail_msg("log %zu is read as a list", i);
		text_free(&c.lines);
	}
}

static void an_indicators_kind_may_stand_in_a_column_called_indicator(void **state)
{
	(void)state;
	gives("indicators-csv", "Indicator_type,Data,Note\nsha256,SHA256: " SHA256 ",loader\ndomain,a.example/,C2\nip,203.0.113.9\xC2\xA0,C2\n"
		"sha256,0123456789abcdef,cut off\nmd5," MD5 ",Legitimate tool\n",
		"2 sha256 " SHA256 " [loader]\n3 domain a.example [C2]\n4 ip 203.0.113.9 [C2]\n"
		"5 text 0123456789abcdef (context) [cut off]\n6 md5 " MD5 " (context) [Legitimate tool]\n",
		"||-1|- - - -||||legitimate, says its source");
	gives("indicators-csv", "Indicator,Data,Notes\nsha1," SHA1 "x,odd\nsha1," SHA1 ",\n", "2 text " SHA1 "x (context) [odd]\n3 sha1 " SHA1 " []\n", NULL);
}

static void rows_may_say_their_kind_without_a_header(void **state)
{
	(void)state;
	gives("indicators-csv", "URL,hxxp://a[.]example/x\nHost,b.example\nSHA256," SHA256 ",dropper\n",
		"1 url http://a.example/x []\n2 domain b.example []\n3 sha256 " SHA256 " [dropper]\n", NULL);
}

static void misps_table_says_what_is_for_detection(void **state)
{
	(void)state;
	gives("indicators-csv", "uuid,event_id,category,type,value,comment,to_ids,date\n"
		"u1,1,Network activity,domain,\"a.example\",\"C2\",1,20210311\n"
		"u2,1,Network activity,domain,\"b.example\",\"decoy\",0,20210311\n"
		"u3,1,Payload delivery,filename|sha256,\"x.exe|" SHA256 "\",\"\",1,20210311\n"
		"u4,1,Network activity,ip-dst|port,\"203.0.113.9|443\",\"\",1,20210311\n"
		"u5,1,External analysis,link,\"https://blog.example/post\",\"\",1,20210311\n",
		"2 domain a.example [C2]\n3 domain b.example (context) [decoy]\n4 filename x.exe (context) []\n4 sha256 " SHA256 " []\n"
		"5 ip 203.0.113.9 []\n6 url https://blog.example/post (context) []\n", "||-1|- - - -||||a link to what others wrote");
}

/* ---- JSON ---- */

static void lists_by_number_are_read_through(void **state)
{
	(void)state;
	gives("indicators-json",
		"{\"17\":[{\"ioc_value\":\"a.example\",\"ioc_type\":\"domain\",\"malware_printable\":\"Examplebot\",\"confidence_level\":75,\"first_seen_utc\":\"2021-03-10 00:00:00\"}],\n"
		"\"16\":[{\"ioc_value\":\"" MD5 "\",\"ioc_type\":\"md5_hash\",\"malware_printable\":null}]}",
		"1 domain a.example [Examplebot]\n1 md5 " MD5 " []\n", NULL);
	gives("indicators-json", "{\"5\":[{\"dateadded\":\"2021-03-10 00:00:00 UTC\",\"url\":\"http://203.0.113.9/x\",\"url_status\":\"offline\",\"threat\":\"malware_download\"}]}",
		"1 url http://203.0.113.9/x [malware_download]\n", "||-1|2021-03-10 - - -||||");
}

static void objects_may_name_their_value_by_its_kind(void **state)
{
	(void)state;
	gives("indicators-json", "[{\"ip_address\":\"203.0.113.9\",\"port\":443,\"status\":\"offline\",\"first_seen\":\"2021-03-10 00:00:00\",\"last_online\":\"2021-03-11\",\"malware\":\"Examplebot\"}]",
		"1 ip 203.0.113.9 [Examplebot]\n", NULL);
	gives("indicators-json", "{\"query_status\":\"ok\",\"data\":[{\"sha256_hash\":\"" SHA256 "\",\"sha1_hash\":\"" SHA1 "\",\"md5_hash\":\"" MD5 "\",\"reporter\":\"r\",\"signature\":\"Examplebot\"}]}",
		"1 sha256 " SHA256 " [Examplebot]\n1 sha1 " SHA1 " [Examplebot]\n1 md5 " MD5 " [Examplebot]\n", NULL);
}

static void an_array_of_indicators_needs_no_more_than_kinds(void **state)
{
	(void)state;
	gives("indicators-json", "[{\"indicator\":\"a.example\",\"type\":\"Domain\"},{\"indicator\":\"" SHA1 "\",\"type\":\"FileHash-SHA1\"}]",
		"1 domain a.example []\n1 sha1 " SHA1 " []\n", NULL);
}

static void a_pulse_says_whose_its_indicators_are(void **state)
{
#define PULSE(active) "{\"results\":[{\"id\":\"5f\",\"name\":\"Servers of Example Spider\",\"author_name\":\"An Author\",\"tlp\":\"white\",\"adversary\":\"Example Spider\"," \
	"\"malware_families\":[{\"id\":\"1\",\"display_name\":\"Examplebot\"}],\"attack_ids\":[{\"id\":\"T1071\",\"name\":\"x\"}],\"modified\":\"2021-03-10T00:00:00.123000\"," \
	"\"indicators\":[{\"indicator\":\"a.example\",\"type\":\"hostname\",\"created\":\"2021-03-01T00:00:00\",\"title\":\"\",\"expiration\":null,\"is_active\":" active "}]}]}"
	(void)state;
	gives("otx", PULSE("1"), "1 domain a.example [Example Spider; Examplebot]\n",
		"Servers of Example Spider|TLP:CLEAR|-1|2021-03-01 - - 2021-03-10|T1071|An Author||");
	gives("otx", PULSE("0"), "1 domain a.example (context) [Example Spider; Examplebot]\n",
		"Servers of Example Spider|TLP:CLEAR|-1|2021-03-01 - - 2021-03-10|T1071|An Author|withdrawn|withdrawn by its source");
}

/* ---- STIX, MISP ---- */

static void observed_data_of_stix_2_0_holds_its_observables(void **state)
{
#define BUNDLE20(objects) "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"spec_version\":\"2.0\",\"objects\":[\n" objects "\n]}"
#define OBSERVED "{\"type\":\"observed-data\",\"id\":\"observed-data--1\",\"first_observed\":\"2021-03-01T00:00:00Z\",\"last_observed\":\"2021-03-02T00:00:00Z\",\"number_observed\":1," \
	"\"objects\":{\"0\":{\"type\":\"file\",\"name\":\"a, \\\"b\\\".exe\",\"hashes\":{\"MD5\":\"" MD5 "\"}}, \"1\" : {\"type\":\"ipv4-addr\",\"value\":\"203.0.113.9\"},\"2\":{\"type\":\"software\",\"name\":\"x\"}}}"
	(void)state;
	gives("stix2", BUNDLE20(OBSERVED),
		"2 md5 " MD5 " (context) []\n2 filename a, \"b\".exe (context) []\n2 ip 203.0.113.9 (context) []\n", NULL);
	gives("stix2", BUNDLE20(OBSERVED ",\n"
		"{\"type\":\"malware\",\"id\":\"malware--1\",\"name\":\"Examplebot\"},\n"
		"{\"type\":\"sighting\",\"id\":\"sighting--1\",\"sighting_of_ref\":\"malware--1\",\"observed_data_refs\":[\"observed-data--1\"]}"),
		"2 md5 " MD5 " [Examplebot]\n2 filename a, \"b\".exe (context) [Examplebot]\n2 ip 203.0.113.9 [Examplebot]\n", NULL);
}

static void a_bundle_without_a_report_is_its_producers(void **state)
{
	(void)state;
	gives("stix2", "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[\n"
		"{\"type\":\"identity\",\"id\":\"identity--1\",\"name\":\"Example CERT\",\"spec_version\":\"2.1\"},\n"
		"{\"type\":\"indicator\",\"id\":\"indicator--1\",\"created_by_ref\":\"identity--1\",\"modified\":\"2021-03-10T00:00:00Z\",\"revoked\":true,"
		"\"pattern\":\"[process:name = 'aaaa.exe' OR file:path = 'c:\\\\\\\\x\\\\\\\\y.dll']\",\"pattern_type\":\"stix\",\"valid_from\":\"2021-03-01T00:00:00Z\"}]}",
		"3 filename aaaa.exe (context) []\n3 path c:\\x\\y.dll (context) []\n",
		"Example CERT||-1|2021-03-01 - - 2021-03-10||identity--1|withdrawn|revoked by its source");
}

static void a_misp_attribute_is_told_with_what_its_tags_name(void **state)
{
#define EVENT(attribute) "{\"Event\":{\"info\":\"Example case\",\"uuid\":\"e\",\"threat_level_id\":\"1\",\"Orgc\":{\"name\":\"CIRCLE\",\"uuid\":\"o\"}," \
	"\"Tag\":[{\"name\":\"tlp:amber\"},{\"name\":\"misp-galaxy:mitre-intrusion-set=\\\"Example Spider - G9999\\\"\"},{\"name\":\"misp-galaxy:target-information=\\\"Japan\\\"\"}]," \
	"\"Attribute\":[" attribute "]}}"
	(void)state;
	gives("misp", EVENT("{\"uuid\":\"a\",\"type\":\"domain\",\"value\":\"a.example\",\"to_ids\":true,\"comment\":\"C2\",\"timestamp\":\"1615334400\","
		"\"Tag\":[{\"name\":\"misp-galaxy:malpedia=\\\"Examplebot\\\"\"},{\"name\":\"misp-galaxy:rat=\\\"ExampleBot\\\"\"}]}"),
		"1 domain a.example [C2; Example Spider; Examplebot]\n", "Example case|TLP:AMBER|-1|- - - 2021-03-10||CIRCLE||");
	gives("misp", EVENT("{\"uuid\":\"a\",\"type\":\"domain\",\"value\":\"a.example\",\"to_ids\":true,\"deleted\":true,\"timestamp\":\"1615420800\"}"),
		"1 domain a.example (context) [domain; Example Spider]\n", "Example case|TLP:AMBER|-1|- - - 2021-03-11||CIRCLE|withdrawn|deleted by its source");
	gives("misp", EVENT("{\"type\":\"link\",\"value\":\"https://blog.example/x\",\"to_ids\":true}"), "1 url https://blog.example/x (context) [link; Example Spider]\n", NULL);
}

/* MISP writes indicators of STIX 1 inside an incident, and a namespace without a prefix. */
static void an_incidents_indicators_are_indicators(void **state)
{
	(void)state;
	gives("stix1", "<stix:STIX_Package xmlns:stix=\"http://stix.mitre.org/stix-1\" xmlns:i=\"i\" xmlns:c=\"c\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:=\"https://misp.example\">\n"
		"<stix:STIX_Header><stix:Title>Export</stix:Title></stix:STIX_Header><stix:Incidents><stix:Incident><i:Title>Example case</i:Title>\n"
		"<i:Related_Indicators><i:Related_Indicator><i:Indicator id=\"x:1\" timestamp=\"2021-03-10T00:00:00Z\"><i:Observable><c:Object><c:Properties xsi:type=\"F:FileObjectType\"><c:Hashes><c:Hash>\n"
		"<c:Type condition=\"Equals\">MD5</c:Type><c:Simple_Hash_Value condition=\"Equals\">" MD5 "</c:Simple_Hash_Value></c:Hash></c:Hashes></c:Properties></c:Object></i:Observable></i:Indicator></i:Related_Indicator></i:Related_Indicators>\n"
		"<i:Related_Observables><i:Observable><c:Object><c:Properties xsi:type=\"D:DomainNameObjectType\"><c:Value>told.example</c:Value></c:Properties></c:Object></i:Observable></i:Related_Observables>\n"
		"</stix:Incident></stix:Incidents></stix:STIX_Package>",
		"4 md5 " MD5 " [Export]\n5 domain told.example (context) [Export]\n", "Example case||-1|- - - -||||of an incident's story, not given as an indicator");
}

/* What equals a whole name or hash contains it, too; of a folder a part is meant. */
static void what_is_contained_as_a_whole_is_an_indicator(void **state)
{
	(void)state;
	gives("openioc", "<ioc xmlns=\"http://schemas.mandiant.com/2010/ioc\"><short_description>Example</short_description><definition><Indicator operator=\"OR\">\n"
		"<IndicatorItem condition=\"contains\"><Context search=\"Network/DNS\"/><Content>a.example</Content></IndicatorItem>\n"
		"<IndicatorItem condition=\"contains\"><Context search=\"FileItem/FullPath\"/><Content>temp\\a.exe</Content></IndicatorItem>\n"
		"<IndicatorItem condition=\"containsnot\"><Context search=\"Network/DNS\"/><Content>b.example</Content></IndicatorItem></Indicator></definition></ioc>",
		"2 domain a.example [Example]\n3 path temp\\a.exe (context) [Example]\n4 domain b.example (context) [Example]\n", NULL);
#define PATTERN(p) "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[\n{\"type\":\"indicator\",\"id\":\"indicator--1\",\"pattern\":\"" p "\"}]}"
	gives("stix2", PATTERN("[domain-name:value LIKE '%.a.example' OR domain-name:value LIKE 'b.example' OR url:value LIKE 'http://c.example/x']"),
		"2 domain a.example []\n2 domain b.example []\n2 url http://c.example/x []\n", NULL);
	gives("stix2", PATTERN("[domain-name:value = 'a.example' AND domain-name:resolves_to_refs[*].value = '203.0.113.9']"), "2 domain a.example []\n", NULL);
	gives("stix2", PATTERN("[domain-name:value LIKE '%.com' OR domain-name:value LIKE 'a%.example' OR file:name LIKE '%.dll']"),
		"2 text [domain-name:value LIKE '%.com' OR domain-name:value LIKE 'a%.example' OR file:name LIKE '%.dll'] (context) []\n", NULL);
}

/* ---- text ---- */

static void headings_say_what_stands_below(void **state)
{
	(void)state;
	gives("indicators-text",
		":toc:\n\n= Examplebot Indicators of Compromise\n\nhttps://blog.example/examplebot\n\n"
		"== C&C servers\n* `a[.]example`\n* `b[.]example` - seen in March\n\n"
		"=== Webmail services targeted by the mail module\n* `mail.example.net`\n\nOther domains\n* `c[.]example`\n",
		"5 url https://blog.example/examplebot (context) [Examplebot Indicators of Compromise]\n"
		"8 domain a.example [C&C servers]\n9 domain b.example [seen in March]\n"
		"12 domain mail.example.net (context) [Webmail services targeted by the mail module]\n"
		"15 domain c.example [Webmail services targeted by the mail module]\n",
		"Examplebot Indicators of Compromise||-1|- - - -||||");
	/* Notices are no titles. */
	gives("indicators-text", "# Copyright (c) 2021 Example developers\none.example.net\ntwo.example.net\n",
		"2 domain one.example.net []\n3 domain two.example.net []\n", "||-1|- - - -||||");
}

/* Its columns are called as an alert's might be. */
static void a_markdown_table_of_hashes_is_a_list(void **state)
{
	(void)state;
	gives("indicators-text", "|Hash|Type|Family|First_Seen|Name|\n|:--|:--|:--|:--|:--|\n"
		"|[" MD5 "](https://scanner.example/file)|EXE|Examplebot|2021-03-10 00:00:00|a.exe|\n",
		"3 md5 " MD5 " [EXE|Examplebot|2021-03-10 00:00:00|a.exe]\n", NULL);
}

static void a_reports_time_line_is_no_log(void **state)
{
	static const char log[] = "2021-03-10 00:00:01 UTC  203.0.113.9  80  one.example.net  GET /\n2021-03-10 00:00:02 UTC  203.0.113.9  80  one.example.net  GET /\n";
	struct collected c;

	(void)state;
	gives("indicators-text", "EXAMPLEBOT TRAFFIC:\n2021-03-10 00:00:01 UTC  203.0.113[.]9  80  one[.]example[.]net  GET /\n"
		"2021-03-10 00:00:02 UTC  203.0.113[.]9  80\n",
		"2 ip 203.0.113.9 [2021-03-10 00:00:01 UTC  203.0.113[.]9  80  one[.]example[.]net  GET /]\n"
		"2 domain one.example.net [2021-03-10 00:00:01 UTC  203.0.113[.]9  80  one[.]example[.]net  GET /]\n"
		"3 ip 203.0.113.9 [2021-03-10 00:00:02 UTC  203.0.113[.]9  80]\n", NULL);
	collect_bytes(&c, NULL, log, sizeof(log) - 1);
	assert_int_equal(c.indicators, 0);
	text_free(&c.lines);
}

static void expressions_are_no_paths(void **state)
{
	(void)state;
	gives("indicators-text", "\\\\bin\\\\x\\.exe;80\n\\\\server\\share\\x.exe;75\n", "1 path \\\\bin\\\\x\\.exe (context) [80]\n2 path \\\\server\\share\\x.exe [75]\n", NULL);
}

static void what_its_source_calls_legitimate_is_no_indicator(void **state)
{
	static const struct { const char *comment; bool clears; } rows[] = {
		{ "Legitimate website contacted by the downloader", true }, { "connectivity check, not malicious", true }, { "false positive", true },
		{ "legitimate but compromised website", false }, { "fake update, mimics a legitimate service", false },
		{ "MALICIOUS URLS HOSTED ON LEGITIMATE DOMAINS", false }, { "C2", false }, { "", false }, { NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (comment_clears(rows[i].comment) != rows[i].clears)
			fail_msg("row %zu", i);
}

/* ---- rules ---- */

static void files_of_rules_are_told_from_lists(void **state)
{
	static const struct { const char *text, *what; } rows[] = {
		{ "// by me\nimport \"pe\"\n/* x */ private rule Example : apt\n{ meta: hash = \"" MD5 "\" strings: $a = \"x\" condition: $a }\n", "holds YARA rules" },
		{ "title: Example\nid: 1\nlogsource:\n  product: windows\ndetection:\n  selection:\n    Image: x\n  condition: selection\n", "is a Sigma rule" },
		{ "# community rules\n\nalert tcp any any -> any any \\\n\t(msg:\"Example\"; sid:1; rev:1;)\n", "holds rules of Snort or Suricata" },
		{ "a.example\nrule of thumb\n", NULL }, { "rule: never open it {\n", NULL }, { "alert the customer -> now\n", NULL }, { "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *what = rules_in(rows[i].text, strlen(rows[i].text));

		if ((what == NULL) != (rows[i].what == NULL) || (what != NULL && strncmp(what, rows[i].what, strlen(rows[i].what)) != 0))
			fail_msg("row %zu: %s", i, what != NULL ? what : "no rules");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_before_a_table_may_hold_its_header_and_its_name),
		cmocka_unit_test(columns_called_by_what_they_hold_are_indicators), cmocka_unit_test(a_log_with_hashes_is_no_list),
		cmocka_unit_test(an_indicators_kind_may_stand_in_a_column_called_indicator),
		cmocka_unit_test(rows_may_say_their_kind_without_a_header), cmocka_unit_test(misps_table_says_what_is_for_detection),
		cmocka_unit_test(lists_by_number_are_read_through), cmocka_unit_test(objects_may_name_their_value_by_its_kind),
		cmocka_unit_test(an_array_of_indicators_needs_no_more_than_kinds), cmocka_unit_test(a_pulse_says_whose_its_indicators_are), cmocka_unit_test(observed_data_of_stix_2_0_holds_its_observables),
		cmocka_unit_test(a_bundle_without_a_report_is_its_producers), cmocka_unit_test(a_misp_attribute_is_told_with_what_its_tags_name),
		cmocka_unit_test(an_incidents_indicators_are_indicators), cmocka_unit_test(what_is_contained_as_a_whole_is_an_indicator), cmocka_unit_test(headings_say_what_stands_below), cmocka_unit_test(expressions_are_no_paths), cmocka_unit_test(a_reports_time_line_is_no_log), cmocka_unit_test(a_markdown_table_of_hashes_is_a_list),
		cmocka_unit_test(what_its_source_calls_legitimate_is_no_indicator), cmocka_unit_test(files_of_rules_are_told_from_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
