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

/* NULL for nothing, "None" and "nan" as Python writes them included; without the quotes that OSSEC puts around. */
static const char *text_of(const struct reading *rg, size_t row)
{
	const char *s = reading_text(rg, row);
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
static const char *heading(const struct reading *rg, size_t i)
{
	const char *s = text_of(rg, i);

	return s != NULL ? s : text_of(rg, OSSEC + i);
}

static int log_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct pairs *pairs = rg->state;
	const char *header[CEF_HEADER];

	header[CEF_VERSION] = "0";
	for (size_t i = VENDOR; i <= ACTIVITY; i++)
		header[CEF_VENDOR + i] = heading(rg, i) != NULL ? heading(rg, i) : "";
	header[CEF_SEVERITY] = heading(rg, SEVERITY) != NULL ? heading(rg, SEVERITY) : text_of(rg, ORIGINAL_SEVERITY);
	pairs->count = 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (text_of(rg, FIRST_PAIR + i) != NULL)
			add_pair(pairs, keys[i], is_time(keys[i]) ? written_time(rg, text_of(rg, FIRST_PAIR + i)) :
			         text_of(rg, FIRST_PAIR + i));
	if (text_of(rg, EXTENSIONS) != NULL)
		add_extensions(rg, pairs, text_of(rg, EXTENSIONS));
	return cef_give(rg, rec, header, pairs,
	                text_of(rg, TIME) != NULL ? text_of(rg, TIME) : written_time(rg, text_of(rg, TIME_PORTAL)), f);
}

static int log_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct pairs));
	return 0;
}

static const char *const wrappers[] = { "value", "results", NULL };

const struct reader reader_commonsecuritylog = {
	.name = "sentinel-cef", .summary = "Microsoft Sentinel CommonSecurityLog and OSSECEvent, JSON or CSV", .gives = "alerts, responses",
	.extensions = ".json .csv", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues,
	.or_csv = true, .open = log_open, .record = log_record,
};
