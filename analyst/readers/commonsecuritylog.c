/* Rows of Microsoft Sentinel's table CommonSecurityLog, as JSON or as CSV: CEF messages, each value in a column of its
 * own; and of OSSECEvent, which is made of OSSEC's CEF messages and has names of its own for the columns. The columns are put back into CEF's keys, so that a message says the same however it came. */
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/cef.h"
#include "analyst/readers/nested.h"

#define FIRST_PAIR 16

/* The first rows are the header; of the others `keys` has the CEF key, in the same order. */
static const struct field fields[] = {
	FIELD("DeviceVendor", TAKE_NOTHING), FIELD("DeviceProduct", TAKE_NOTHING), FIELD("DeviceVersion", TAKE_NOTHING),
	FIELD("DeviceEventClassID", TAKE_NOTHING), FIELD("Activity", TAKE_NOTHING), FIELD("LogSeverity", TAKE_NOTHING),
	FIELD("OriginalLogSeverity", TAKE_NOTHING), FIELD("TimeGenerated", TAKE_NOTHING),
	FIELD("TimeGenerated \\[UTC\\]", TAKE_NOTHING), FIELD("AdditionalExtensions", TAKE_NOTHING),
	FIELD("EventVendor", TAKE_NOTHING), FIELD("EventProduct", TAKE_NOTHING), FIELD("EventProductVersion", TAKE_NOTHING),
	FIELD("RuleNumber", TAKE_NOTHING), FIELD("RuleName", TAKE_NOTHING), FIELD("EventSeverity", TAKE_NOTHING),
#define PAIR(column, key) FIELD(column, TAKE_NOTHING),
#define PAIRS \
	PAIR("SourceIP", "src") PAIR("SourceHostName", "shost") PAIR("SourcePort", "spt") PAIR("SourceMACAddress", "smac") \
	PAIR("SourceUserName", "suser") PAIR("SourceProcessName", "sproc") PAIR("SourceUserID", "suid") \
	PAIR("DestinationIP", "dst") PAIR("DestinationHostName", "dhost") PAIR("DestinationPort", "dpt") \
	PAIR("DestinationMACAddress", "dmac") PAIR("DestinationUserName", "duser") PAIR("DestinationProcessName", "dproc") \
	PAIR("DestinationDnsDomain", "destinationDnsDomain") PAIR("DeviceName", "dvchost") PAIR("DeviceAddress", "dvc") \
	PAIR("DeviceAction", "act") PAIR("EventOutcome", "outcome") PAIR("Message", "msg") \
	PAIR("DeviceEventCategory", "cat") PAIR("ExtID", "externalId") PAIR("ExternalID", "externalId") \
	PAIR("EventCount", "cnt") PAIR("ReceiptTime", "rt") PAIR("StartTime", "start") PAIR("EndTime", "end") \
	PAIR("RequestURL", "request") PAIR("RequestClientApplication", "requestClientApplication") \
	PAIR("ApplicationProtocol", "app") PAIR("Protocol", "proto") PAIR("FileName", "fname") PAIR("FilePath", "filePath") \
	PAIR("FileHash", "fileHash") PAIR("SentBytes", "out") PAIR("ReceivedBytes", "in") PAIR("Reason", "reason") \
	PAIR("DeviceCustomIPv6Address2", "c6a2") PAIR("DeviceCustomIPv6Address3", "c6a3") \
	PAIR("DeviceCustomString1", "cs1") PAIR("DeviceCustomString1Label", "cs1Label") \
	PAIR("DeviceCustomString2", "cs2") PAIR("DeviceCustomString2Label", "cs2Label") \
	PAIR("DeviceCustomString3", "cs3") PAIR("DeviceCustomString3Label", "cs3Label") \
	PAIR("DeviceCustomString4", "cs4") PAIR("DeviceCustomString4Label", "cs4Label") \
	PAIR("DeviceCustomString5", "cs5") PAIR("DeviceCustomString5Label", "cs5Label") \
	PAIR("DeviceCustomString6", "cs6") PAIR("DeviceCustomString6Label", "cs6Label") \
	PAIR("FlexString1", "flexString1") PAIR("FlexString1Label", "flexString1Label") \
	PAIR("FlexString2", "flexString2") PAIR("FlexString2Label", "flexString2Label") \
	PAIR("StartTime \\[UTC\\]", "start") PAIR("EndTime \\[UTC\\]", "end") PAIR("ReceiptTime \\[UTC\\]", "rt") \
	PAIR("SrcIpAddr", "src") PAIR("SrcHostname", "shost") PAIR("SrcUserName", "suser") PAIR("DvcHostname", "dvchost") \
	PAIR("EventMessage", "msg") PAIR("Classification", "cat")
	PAIRS
#undef PAIR
	FIELDS_END
};

static const char *const keys[] = {
#define PAIR(column, key) key,
	PAIRS
#undef PAIR
};

enum { VENDOR, PRODUCT, DEVICE_VERSION, CLASS_ID, ACTIVITY, SEVERITY, ORIGINAL_SEVERITY, TIME, TIME_PORTAL, EXTENSIONS, OSSEC };

static const struct clue clues[] = {
	{ "DeviceVendor", 20 }, { "DeviceProduct", 20 }, { "DeviceEventClassID", 30 }, { "Activity", 10 }, { "LogSeverity", 20 },
	{ "AdditionalExtensions", 10 }, { "DeviceVersion", 5 }, { "SourceIP", 5 },
	{ "EventVendor", 15 }, { "EventProductVersion", 15 }, { "RuleNumber", 20 }, { "RuleName", 5 }, { "DvcHostname", 15 }, { NULL, 0 }
};

struct state {
	struct columns columns;      /* of a CSV */
	const struct record *rec;
	struct pairs pairs;
};

/* NULL for nothing, "None" and "nan" as Python writes them included; without the quotes that OSSEC puts around. */
static const char *text_of(const struct reading *rg, size_t row)
{
	const struct state *st = rg->state;
	const char *s = rg->json != NULL ? reading_text(rg, row) : columns_text(&st->columns, st->rec, row);
	size_t n = s != NULL ? strlen(s) : 0;

	if (n >= 2 && s[0] == '\'' && s[n - 1] == '\'')
		s = arena_dupn(rg->arena, s + 1, n - 2);
	return s == NULL || s[0] == '\0' || strcmp(s, "None") == 0 || strcmp(s, "nan") == 0 ? NULL : s;
}

static void add_pair(struct pairs *p, const char *key, const char *value)
{
	if (p->count < PAIRS_MOST) {
		p->pairs[p->count].key = key;
		p->pairs[p->count++].value = value;
	}
}

/* "cs7=a;cs7Label=b": what has no column. A piece without a key belongs to the value before it. */
static void add_extensions(struct reading *rg, struct pairs *p, const char *s)
{
	char *rest = arena_dup(rg->arena, s), *piece;

	while (rest != NULL && (piece = strsep(&rest, ";")) != NULL) {
		char *equals = strchr(piece, '=');

		if (equals == NULL || equals == piece || strcspn(piece, " ") < (size_t)(equals - piece))
			continue;
		*equals = '\0';
		add_pair(p, piece, equals + 1);
	}
}

/* The portal's exports have the month first. */
static const char *written_time(const struct reading *rg, const char *s)
{
	char text[INSTANT_ROOM];
	instant t;

	if (s == NULL || !american_time(&t, s))
		return s;
	instant_utc(text, t);
	return arena_dup(rg->arena, text);
}

static bool is_time(const char *key)
{
	return strcmp(key, "start") == 0 || strcmp(key, "end") == 0 || strcmp(key, "rt") == 0;
}

/* Of the table's own column, else of OSSEC's. */
static const char *header_text(const struct reading *rg, size_t i)
{
	const char *s = text_of(rg, i);

	return s != NULL ? s : text_of(rg, OSSEC + i);
}

static int log_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct state *st = rg->state;
	const char *header[CEF_HEADER];

	if (rg->json == NULL && st->columns.count == 0) {
		columns_find(&st->columns, fields, rec);
		return 0;
	}
	if (rg->json == NULL && rec->cell_count != st->columns.count)
		return reading_reject(rg, rec, arena_printf(rg->arena, "%zu cells where the header on line %lld has %zu",
		                                            rec->cell_count, (long long)st->columns.line, st->columns.count), f);
	st->rec = rec;
	header[CEF_VERSION] = "0";
	for (size_t i = VENDOR; i <= ACTIVITY; i++)
		header[CEF_VENDOR + i] = header_text(rg, i) != NULL ? header_text(rg, i) : "";
	header[CEF_SEVERITY] = header_text(rg, SEVERITY) != NULL ? header_text(rg, SEVERITY) : text_of(rg, ORIGINAL_SEVERITY);
	st->pairs.count = 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (text_of(rg, FIRST_PAIR + i) != NULL)
			add_pair(&st->pairs, keys[i], is_time(keys[i]) ? written_time(rg, text_of(rg, FIRST_PAIR + i)) :
			         text_of(rg, FIRST_PAIR + i));
	if (text_of(rg, EXTENSIONS) != NULL)
		add_extensions(rg, &st->pairs, text_of(rg, EXTENSIONS));
	return cef_give(rg, rec, header, &st->pairs,
	                text_of(rg, TIME) != NULL ? text_of(rg, TIME) : written_time(rg, text_of(rg, TIME_PORTAL)), f);
}

static int log_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = must_alloc(sizeof(struct state));
	if (rg->options.head != NULL && !probe_is_json(rg->options.head, rg->options.head_size)) {
		rg->framing.kind = FRAME_CSV;
		json_free(rg->json);
		rg->json = NULL;
	}
	return 0;
}

static void log_close(struct reading *rg)
{
	free(rg->state);
}

extern const struct reader reader_commonsecuritylog;

static int log_probe(const struct probe *p)
{
	return probe_is_json(p->bytes, p->n) ? reader_score_json(&reader_commonsecuritylog, p) : columns_score(clues, p);
}

static const char *const wrappers[] = { "value", "results", NULL };

const struct reader reader_commonsecuritylog = {
	.name = "sentinel-cef", .summary = "Microsoft Sentinel CommonSecurityLog and OSSECEvent, JSON or CSV", .gives = "alerts, responses",
	.extensions = ".json .csv", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues,
	.probe = log_probe, .open = log_open, .record = log_record, .close = log_close,
};
