/* The formats of products' own JSON and tables: small files of ours, of which
 * tests/cases/vendor-formats/records says what each gives, and files of others. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analyst/readers/nested.h"
#include "tests/unit/collect.h"
#include "tests/unit/shared.h"

#define CASE "tests/cases/vendor-formats"

static const char *const ours[] = {
	"chainsaw.json", "crowdstrike.json", "crowdstrike-detects.json", "cybereason.json", "cybereason-search.json",
	"darktrace-sentinel.csv", "darktrace-sentinel.json", "defender.json", "elastic.ndjson", "graph.json",
	"graph-incidents.json", "guardduty.json", "guardduty.jsonl", "hayabusa.csv", "hayabusa.json", "misp.json",
	"misp-broken.json", "misp-search.json", "ocsf.jsonl", "sentinel.csv", "sentinel.json", "sentinel-cef.csv",
	"sentinel-cef.json", "sentinel-ossec.csv", "sentinel-portal.csv",
	"near-chainsaw.json", "near-crowdstrike.json", "near-cybereason.json",
	"near-elastic.json", "near-graph.json", "near-guardduty.json", "near-hayabusa.csv", "near-misp.json",
	"near-ocsf.json", "near-sentinel-cef.csv", NULL
};

/* UPDATE=1 writes what came out as the expectation. */
static void each_of_ours_gives_its_records(void **state)
{
	struct text all = { 0 };

	(void)state;
	for (const char *const *name = ours; *name != NULL; name++) {
		struct collected c;
		char path[200];

		snprintf(path, sizeof(path), CASE "/%s", *name);
		collect_file(&c, NULL, path);
		text_printf(&all, "== %s: %s\n%s", *name, c.format != NULL ? c.format : c.refused, text_str(&c.lines));
		text_free(&c.lines);
	}
	collect_expect(CASE "/records", text_str(&all));
	text_free(&all);
}

static void cut_and_bent_files_do_no_harm(void **state)
{
	(void)state;
	for (const char *const *name = ours; *name != NULL; name++) {
		char path[200];

		snprintf(path, sizeof(path), CASE "/%s", *name);
		collect_cut_and_bent(path, 60);
	}
}

static void american_times_are_read_exactly(void **state)
{
	static const struct { const char *s, *utc; } rows[] = {
		{ "6/22/2022, 5:43:50.207 AM", "2022-06-22T05:43:50.207Z" },
		{ "1/5/2022, 7:26:03.915 PM", "2022-01-05T19:26:03.915Z" },
		{ "3/11/2021, 12:00:00 AM", "2021-03-11T00:00:00Z" }, { "3/11/2021, 12:00:00 PM", "2021-03-11T12:00:00Z" },
		{ "3/11/2021, 13:00:00", "2021-03-11T13:00:00Z" }, { "Jul 22nd 2020 01:16:33 UTC", "2020-07-22T01:16:33Z" },
		{ "Aug 5th 2020 02:09:34 UTC", "2020-08-05T02:09:34Z" }, { "13/11/2021, 12:00:00 AM", NULL },
		{ "3/11/2021, 13:00:00 PM", NULL }, { "3/11/2021, 1:00:00 PM JST", NULL }, { "anF 5th 2020 02:09:34 UTC", NULL },
		{ "Aug 5th 2020 02:09:34 JST", NULL }, { "Aug 5th 2020 02:09:34", NULL }, { "", NULL }, { NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char utc[INSTANT_ROOM];
		instant t;

		assert_int_equal(american_time(&t, rows[i].s), rows[i].utc != NULL);
		if (rows[i].utc == NULL)
			continue;
		instant_utc(utc, t);
		assert_string_equal(utc, rows[i].utc);
	}
}

/* Each of these is looked up beside another: a search from the first each time would take
 * minutes. */
static void a_record_of_very_many_elements_is_read_in_time(void **state)
{
	struct text record = { 0 };
	struct collected c;

	(void)state;
	text_add(&record, "{\"class_uid\":2004,\"category_uid\":2,\"severity_id\":1,\"time\":1615421678207,\"metadata\":{\"version\":\"1\","
	         "\"product\":{\"name\":\"P\"}},\"finding_info\":{\"title\":\"T\"},\"observables\":[{}");
	for (int i = 0; i < 300000; i++)
		text_add(&record, ",{\"type_id\":99,\"value\":\"v\"}");
	text_add(&record, "]}\n");
	collect_bytes(&c, "ocsf", record.bytes, record.used);
	assert_int_equal(c.alerts, 1);
	text_free(&c.lines);
	text_free(&record);
}

/* ---- files that none of us wrote ---- */

struct expected {
	const char *path, *format;
	size_t alerts, indicators, detected, rejects;
};

static const struct expected others[] = {
	{ "data/ms-securityalert/alertlist.csv", "sentinel", 189, 0, 0, 0 },
	{ "data/cloud-edr-panther/MicrosoftGraph_SecurityAlertV2.jsonl", "graph-alerts", 4, 0, 0, 0 },
	{ "data/cloud-edr-panther/AWS_GuardDuty.jsonl", "guardduty", 8, 0, 0, 0 },
	{ "data/cloud-edr-panther/Crowdstrike_DetectionSummary.jsonl", "crowdstrike", 2, 0, 0, 1 },
	{ "data/cloud-edr-panther/CarbonBlack_AlertV2.jsonl", "json", 2, 0, 0, 0 },
	{ "data/cloud-edr-panther/Wiz_Detections.jsonl", "json", 3, 0, 0, 0 },
	{ "data/darktrace/darktrace_model_alerts_CL.json", "darktrace-sentinel", 3, 0, 0, 0 },
	{ "data/darktrace/Darktrace_IngestedLogs.csv", "darktrace-sentinel", 4, 0, 0, 0 },
	{ "data/darktrace/AIA-Darktrace.csv", "sentinel-cef", 0, 0, 0, 24 },      /* no row says when */
	{ "data/misp/eset/akiva.json", "misp", 0, 5, 0, 0 },
	{ "data/misp/eset/cloudmensis.misp.json", "misp", 0, 22, 9, 0 },
	{ "data/misp/eset/misp-telebots.json", "misp", 0, 95, 69, 0 },
	{ "data/misp/eset/misp.event_2021-06-10_backdoordiplomacy.json", "misp", 0, 67, 66, 0 },
	{ "data/misp/eset/oceanlotus.misp.event.json", "misp", 0, 122, 0, 0 },
	{ "data/misp/pymisp/57c4445b-c548-4654-af0b-4be3950d210f.json", "misp", 0, 10, 5, 0 },
	{ "data/misp/pymisp/galaxy_1.json", "misp", 0, 10, 4, 0 },
	{ "data/misp/pymisp/japanese_test.json", "misp", 0, 1, 0, 0 },
	{ "data/misp/pymisp/japanese_test_heavy.json", "misp", 0, 10, 0, 0 },
	{ "data/misp/pymisp/long_event.json", "misp", 0, 462, 255, 0 },
	{ "data/misp/pymisp/mainly_objects_1.json", "misp", 0, 74, 21, 0 },
	{ "data/misp/pymisp/new_misp_event.json", "misp", 0, 0, 0, 0 },
	{ "data/misp/pymisp/sighting_1.json", "misp", 0, 5, 2, 0 },
	{ "data/edge/eset-invalid-trailing-comma.misp-event.json", "misp", 0, 0, 0, 1 },
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
		if (c.alerts != e->alerts || c.indicators != e->indicators || c.detected != e->detected || c.rejects != e->rejects)
			fail_msg("%s: %zu alerts, %zu indicators, %zu detected, %zu rejects", e->path, c.alerts, c.indicators,
			         c.detected, c.rejects);
		text_free(&c.lines);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_of_ours_gives_its_records),
		cmocka_unit_test(cut_and_bent_files_do_no_harm),
		cmocka_unit_test(a_record_of_very_many_elements_is_read_in_time),
		cmocka_unit_test(american_times_are_read_exactly),
		cmocka_unit_test(files_of_others_give_what_they_hold),
	};

	return cmocka_run_group_tests_name("vendors", tests, NULL, NULL);
}
