/* Windows events as JSON (FORMATS 2.14): flattened (EventID, Channel, Image ... side by
 * side), as Winlogbeat ships them, or with Event.System and Event.EventData as evtx
 * converters write them; also below "_source". */

#include "analyst/readers/windows.h"

/* What the log says of every event is spelt in many ways; the first that is there counts. */
#define SPELLINGS(V) \
	V("EventID", ID) V("EventId", ID) V("winlog.event_id", ID) V("event_id", ID) V("Event.System.EventID", ID) \
	V("Event.System.EventID.#text", ID) \
	V("Channel", CHANNEL) V("winlog.channel", CHANNEL) V("log_name", CHANNEL) V("Event.System.Channel", CHANNEL) \
	V("SourceName", PROVIDER) V("ProviderName", PROVIDER) V("Provider", PROVIDER) \
	V("winlog.provider_name", PROVIDER) V("source_name", PROVIDER) \
	V("Event.System.Provider.#attributes.Name", PROVIDER) V("Event.System.Provider_attributes.Name", PROVIDER) \
	V("Hostname", COMPUTER) V("Computer", COMPUTER) V("winlog.computer_name", COMPUTER) \
	V("computer_name", COMPUTER) V("Event.System.Computer", COMPUTER) \
	V("TimeCreated", CREATED) V("EventTime", CREATED) V("Event.System.TimeCreated.#attributes.SystemTime", CREATED) \
	V("Event.System.TimeCreated_attributes.SystemTime", CREATED) V("@timestamp", CREATED) \
	V("EventRecordID", RECORD_ID) V("RecordNumber", RECORD_ID) V("winlog.record_id", RECORD_ID) \
	V("Event.System.EventRecordID", RECORD_ID) \
	V("Message", MESSAGE) V("message", MESSAGE)

/* What an event says by name lies in one of four places. */
#define FORMS 4
#define DATA_ROWS(key, name) \
	FIELD(name, TAKE_NOTHING), FIELD("winlog.event_data." name, TAKE_NOTHING), \
	FIELD("event_data." name, TAKE_NOTHING), FIELD("Event.EventData." name, TAKE_NOTHING),
#define SPELLING_ROW(path, value) FIELD(path, TAKE_NOTHING),
#define SPELLING_VALUE(path, value) WINDOWS_##value,

static const struct field fields[] = { SPELLINGS(SPELLING_ROW) WINDOWS_DATA(DATA_ROWS) FIELDS_END };
static const enum windows_value spelt[] = { SPELLINGS(SPELLING_VALUE) };
#define SPELT (sizeof(spelt) / sizeof(spelt[0]))

static const struct clue clues[] = {
	{ "EventID", 25 }, { "Channel", 20 }, { "SourceName", 15 }, { "ProviderName", 15 }, { "Hostname", 10 }, { "Computer", 10 },
	{ "TimeCreated", 10 }, { "UtcTime", 10 }, { "EventTime", 10 }, { "ProviderGuid", 10 },
	{ "winlog.event_id", 40 }, { "winlog.channel", 20 }, { "winlog.provider_name", 20 }, { "winlog.computer_name", 10 },
	{ "event_id", 15 }, { "log_name", 20 }, { "source_name", 20 }, { "computer_name", 10 },
	{ "Event.System.EventID", 50 }, { "Event.System.Channel", 30 },
	/* Others that carry such events, each judged by its own product. */
	{ "rule.level", -60 }, { "RuleTitle", -60 }, { "document", -60 }, { "kibana.alert.rule.name", -60 },
	{ NULL, 0 }
};

static int windows_json_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct windows w = { .clocks = rg->state };

	for (size_t i = 0; i < SPELT; i++)
		if (w.values[spelt[i]] == NULL)
			w.values[spelt[i]] = reading_text(rg, i);
	for (size_t v = 0, row = SPELT; row < sizeof(fields) / sizeof(fields[0]) - 1; v++, row += FORMS)
		for (size_t i = 0; i < FORMS && w.values[WINDOWS_UTC_TIME + v] == NULL; i++)
			w.values[WINDOWS_UTC_TIME + v] = reading_text(rg, row + i);
	return windows_give(rg, rec, &w, f);
}

static int windows_json_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = clocks_new(rg->kept);
	return 0;
}

static const char *const wrappers[] = { "hits.hits", NULL };

const struct reader reader_windows_json = {
	.name = "windows-json", .summary = "Windows events as JSON: flattened, Winlogbeat, evtx converters",
	.gives = "events", .extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .below = "_source",
	.fields = fields, .clues = clues, .open = windows_json_open, .record = windows_json_record,
};
