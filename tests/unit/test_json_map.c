/* JSON read by a column map: the user's own, and those that ship. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/collect.h"

static const char map_text[] =
	"records = \"data.items\"\n"
	"only.kind = \"detection|prevention\"\n"
	"only.threat.id = \"*\"\n"
	"column.time = \"seen [UTC]|created\"\n"
	"column.id = \"threat.id\"\n"
	"constant.product = \"guard\"\n"
	"column.rule = \"threat.name\"\n"
	"column.severity = \"risk\"\n"
	"severity.calm = \"low\"\n"
	"severity.from.5 = \"medium\"\n"
	"severity.from.8 = \"critical\"\n"
	"column.action = \"kind\"\n"
	"action.prevention = \"blocked\"\n"
	"column.tactics = \"tactics\"\n"
	"column.host.victim = \"device.name|host\"\n"
	"column.hash = \"files[].sha256\"\n"
	"column.file = \"a[b|c[|.|..|[][]|\\\\\"\n";

/* What the map makes of JSON, a line a record. */
static void reads(const char *map, const char *json, const char *expected)
{
	struct collected c;
	const struct sink sink = { &c, collect_alert, collect_indicator, collect_reject, collect_blank, NULL, collect_asset, NULL };
	struct memory_bytes memory = { json, strlen(json) };
	struct reader_options options = { .head = json, .head_size = strlen(json) };
	struct arena *arena = arena_new();
	struct fault f = { FAULT_NONE, "" };
	struct csv_map *parsed;
	struct reading *rg = NULL;

	memset(&c, 0, sizeof(c));
	assert_int_equal(csv_map_parse(&parsed, "m", map, strlen(map), arena, &f), 0);
	options.map = parsed;
	assert_int_equal(reading_new(&rg, reader_named("json"), &options, &sink, &f), 0);
	assert_int_equal(reading_run(rg, memory_source(&memory), &f), 0);
	assert_string_equal(text_str(&c.lines), expected);
	reading_free(rg);
	text_free(&c.lines);
	arena_free(arena);
}

static void a_map_names_keys(void **state)
{
	(void)state;
	reads(map_text,
	      "{\"data\":{\"items\":[\n"
	      "{\"kind\":\"Detection\",\"threat\":{\"id\":\"1\",\"name\":\"Web shell\"},\"created\":\"2021-03-11T00:14:38Z\",\"risk\":8,"
	      "\"tactics\":\"DefenseEvasion, Execution\",\"host\":\"EXCH01\",\"files\":[{\"sha256\":\"" "ab00000000000000000000000000000000000000000000000000000000000001"
	      "\"}]},\n"
	      "{\"kind\":\"prevention\",\"threat\":{\"id\":\"2\",\"name\":\"Dump\"},\"seen [UTC]\":\"3/11/2021, 9:14:38.500 PM\",\"risk\":\"calm\","
	      "\"device\":{\"name\":\"\"},\"host\":\"PC-7\"},\n"
	      "{\"kind\":\"prevention\",\"threat\":{\"id\":\"3\",\"name\":\"Dump\"},\"created\":\"2021-03-11T00:00:00Z\",\"risk\":\"loud\",\"a[b\":\"x.exe\"},\n"
	      "{\"kind\":\"audit\",\"threat\":{\"id\":\"4\"}},\n"
	      "{\"kind\":\"detection\",\"threat\":{\"id\":null,\"name\":\"x\"}},\n"
	      "{\"kind\":\"detection\",\"threat\":{\"id\":\"5\",\"name\":\"x\"}}\n"
	      "]}}\n",
	      "2 alert 2021-03-11T00:14:38Z guard||Web shell||TA0002 TA0005 sev=5 act=0 kind=0 host/victim=exch01 "
	      "hash/observed=ab00000000000000000000000000000000000000000000000000000000000001\n"
	      "3 alert 2021-03-11T21:14:38.500Z guard||Dump|| sev=2 act=3 kind=0 host/victim=pc-7\n"
	      "4 alert 2021-03-11T00:00:00Z guard||Dump|| sev=0 act=3 kind=0 file/observed=x.exe\n"
	      "7 reject no time\n");
}

static void words_that_no_map_has_are_refused(void **state)
{
	static const struct { const char *text, *fault; } bad[] = {
		{ "severity.2 = \"loud\"\n", "column map 'm': line 1: no severity is called that: 'severity.2'" },
		{ "severity.from.x = \"low\"\n", "column map 'm': line 1: no number: 'severity.from.x'" },
		{ "action.STOP = \"gone\"\n", "column map 'm': line 1: no action is called that: 'action.STOP'" },
		{ "records = \"a|b|c|d|e|f|g|h|i\"\n", "column map 'm': line 1: too many of them: 'records'" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fault f = { FAULT_NONE, "" };
		struct csv_map *map;

		assert_int_equal(csv_map_parse(&map, "m", bad[i].text, strlen(bad[i].text), arena, &f), -1);
		assert_string_equal(f.text, bad[i].fault);
	}
	arena_free(arena);
}

static void chosen(const char *json, const char *format, const char *lines)
{
	struct collected c;

	collect_bytes(&c, NULL, json, strlen(json));
	if (format == NULL) {
		assert_null(c.format);
		assert_non_null(strstr(c.refused, lines));
	} else {
		assert_string_equal(c.format, format);
		assert_string_equal(text_str(&c.lines), lines);
	}
	text_free(&c.lines);
}

/* The maps that ship, on records made up after what their products document. */
static void products_are_told_by_their_keys(void **state)
{
	(void)state;
	chosen("{\"data\":[{\"agentRealtimeInfo\":{\"agentComputerName\":\"PC-7\"},\"threatInfo\":{\"threatName\":\"mimi.exe\",\"confidenceLevel\":"
	       "\"malicious\",\"identifiedAt\":\"2021-03-11T00:14:38Z\",\"mitigationStatus\":\"mitigated\"},\"indicators\":[{\"tactics\":[{\"name\":"
	       "\"Credential Access\",\"techniques\":[{\"name\":\"T1003.001\"}]}]}]}]}",
	       "json", "1 alert 2021-03-11T00:14:38Z sentinelone||mimi.exe|T1003.001|TA0006 sev=4 act=3 kind=0 host/victim=pc-7\n");
	chosen("{\"items\":[{\"endpoint_id\":\"e\",\"endpoint_type\":\"computer\",\"severity\":\"medium\",\"group\":\"MALWARE\",\"threat\":\"EICAR\","
	       "\"type\":\"Event::Endpoint::Threat::CleanedUp\",\"name\":\"n\",\"when\":\"2021-03-11T00:14:38Z\",\"location\":\"PC-7\"},\n"
	       "{\"endpoint_id\":\"e\",\"endpoint_type\":\"computer\",\"severity\":\"low\",\"group\":\"UPDATING\",\"type\":\"u\",\"name\":\"n\","
	       "\"when\":\"2021-03-11T00:14:38Z\"}]}",
	       "json", "1 alert 2021-03-11T00:14:38Z sophos||EICAR|| sev=3 act=4 kind=0 host/victim=pc-7\n");
	chosen("{\"data\":[{\"event_type\":\"Threat Detected\",\"event_type_id\":1,\"connector_guid\":\"g\",\"computer\":{\"hostname\":\"PC-7\"},"
	       "\"detection\":\"W32.X\",\"severity\":\"Critical\",\"date\":\"2021-03-11T00:14:38+00:00\"}]}",
	       "json", "1 alert 2021-03-11T00:14:38Z cisco-secure-endpoint||W32.X|| sev=5 act=1 kind=0 host/victim=pc-7\n");
	chosen("{\"endpoint_id\":\"e\",\"endpoint_type\":\"computer\",\"severity\":\"low\",\"group\":\"RUNTIME_DETECTIONS\",\"type\":"
	       "\"Event::Endpoint::HmpaExploitPrevented\",\"name\":\"n\",\"end\":\"2021-03-11T00:14:38Z\",\"rt\":\"2021-03-11T00:14:40Z\","
	       "\"dhost\":\"PC-7\",\"suser\":\"amy\"}",
	       "json", "1 alert 2021-03-11T00:14:38Z sophos||Event::Endpoint::HmpaExploitPrevented|| sev=2 act=3 kind=0 host/victim=pc-7 "
	       "user/actor=amy\n");
	/* Of the log of a console what a rule of the customer's own found, and what it says of a threat. */
	chosen("{\"data\":[{\"activityType\":3608,\"agentId\":\"1\",\"threatId\":null,\"primaryDescription\":\"Alert created\",\"createdAt\":"
	       "\"2021-03-11T00:14:38Z\",\"data\":{\"rulename\":\"Odd child\",\"ruleid\":7,\"severity\":\"E_HIGH\",\"origagentname\":\"PC-7\","
	       "\"sourceprocesscommandline\":\"calc\"}},"
	       "{\"activityType\":27,\"agentId\":\"1\",\"threatId\":null,\"primaryDescription\":\"Somebody logged in\",\"createdAt\":"
	       "\"2021-03-11T00:14:39Z\"},"
	       "{\"activityType\":19,\"agentId\":\"1\",\"threatId\":\"9\",\"primaryDescription\":\"Threat detected\",\"createdAt\":"
	       "\"2021-03-11T00:14:40Z\",\"data\":{\"confidenceLevel\":\"suspicious\",\"computerName\":\"PC-8\"}}]}",
	       "json", "1 alert 2021-03-11T00:14:38Z sentinelone|7|Odd child|| sev=4 act=0 kind=0 host/victim=pc-7 command/actor=calc\n"
	       "1 alert 2021-03-11T00:14:40Z sentinelone||Threat detected|| sev=3 act=0 kind=0 host/victim=pc-8\n");
	chosen("{\"data\":[{\"alertInfo\":{\"alertId\":\"1\",\"createdAt\":\"2021-03-11T00:14:38Z\",\"dstIp\":\"192.0.2.9\"},\"ruleInfo\":{\"id\":\"7\","
	       "\"name\":\"Odd child\",\"severity\":\"Critical\"},\"agentDetectionInfo\":{\"name\":\"PC-7\"},\"sourceProcessInfo\":{\"filePath\":"
	       "\"C:\\\\a.exe\",\"user\":\"amy\"}}]}",
	       "json", "1 alert 2021-03-11T00:14:38Z sentinelone|7|Odd child|| sev=5 act=0 kind=0 host/victim=pc-7 ip/destination=192.0.2.9 "
	       "user/actor=amy process/actor=c:\\a.exe\n");
	chosen("{\"id\":\"d1\",\"severity\":\"HIGH\",\"type\":\"GENERATED_THREAT\",\"createdAt\":\"2021-03-11T00:20:00Z\",\"primaryResource\":"
	       "{\"name\":\"db-1\"},\"actors\":[{\"name\":\"ops\"}],\"triggeringEvents\":{\"nodes\":[{\"timestamp\":\"2021-03-11T00:14:38Z\"}]},"
	       "\"ruleMatch\":{\"rule\":{\"id\":\"r1\",\"name\":\"Odd access\"}}}",
	       "json", "1 alert 2021-03-11T00:14:38Z wiz|r1|Odd access|| sev=4 act=0 kind=0 host/victim=db-1 user/actor=ops\n");
	chosen("timestamp,detections,path,Event ID,Record ID,Computer,Target Username,IP Address\n"
	       "2021-03-11T00:14:38+00:00,Network Logon,/e/s.evtx,4624,7,PC-7,amy,192.0.2.9\n",
	       "csv", "2 alert 2021-03-11T00:14:38Z chainsaw||Network Logon|| sev=0 act=0 kind=0 host/victim=pc-7 user/target=amy ip/source=192.0.2.9\n");
	/* One key less is another product, and what to do about it is said. */
	chosen("{\"data\":[{\"event_type\":\"Threat Detected\",\"connector_guid\":\"g\",\"computer\":{\"hostname\":\"PC-7\"}}]}", NULL,
	       "name its keys in a map");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_map_names_keys),
		cmocka_unit_test(words_that_no_map_has_are_refused),
		cmocka_unit_test(products_are_told_by_their_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
