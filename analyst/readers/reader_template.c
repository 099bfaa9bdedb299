/* A reader to copy. It is compiled and tested (tests/unit/test_readers.c) but stands in no
 * array, so no file is read by it. To make a format of it:
 *
 *   1. copy it to the format's name, and every "template" in it with it;
 *   2. fields: where the record keeps what an alert needs. A path goes through objects with
 *      "." and through arrays with "[]"; of rows that fill one thing the first with a value
 *      wins. fields.h has all kinds of rows;
 *   3. clues: what tells the format from all others. 60 points decide; take keys that no
 *      other product has;
 *   4. name the reader in readers.c, in the declaration and in the array;
 *   5. examples.c: one record for "tsumugi formats NAME";
 *   6. tests/cases: a folder with a file of the product, one that is nearly it, and what
 *      comes of them.
 *
 * The record it reads:
 *
 *     {"guard_event":"detection","when":"2021-03-11T00:14:38Z","rule":{"name":"Web shell","risk":"severe"},
 *      "client":{"ip":"192.0.2.9"},"host":"EXCH01","verdict":"stopped"}
 */
#include <string.h>

#include "analyst/readers/reader.h"

extern const struct reader reader_template;

/* The product's words, and what they come to. A word that is not here is "unknown". */
static const struct band risks[] = {
	{ "slight", 0, SEVERITY_LOW }, { "severe", 0, SEVERITY_HIGH }, BANDS_END
};

static const struct named verdicts[] = {
	{ "stopped", ACTION_BLOCKED }, { "seen", ACTION_DETECTED }, { NULL, 0 }
};

/* Rows that the code below asks for come first and are numbered. */
enum { EVENT };

static const struct field fields[] = {
	[EVENT] = FIELD("guard_event", TAKE_NOTHING),
	FIELD("when", TAKE_AT),
	FIELD("rule.name", TAKE_RULE_NAME),
	FIELD_SEVERITY("rule.risk", risks),
	{ "verdict", TAKE_ACTION, 0, 0, NULL, verdicts },
	FIELD("rule.attack[]", TAKE_TECHNIQUES),
	FIELD_ENTITY("client.ip", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("host", ENTITY_HOST, ROLE_VICTIM),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "guard_event", 50 }, { "rule.risk", 20 }, { "verdict", 10 }, { NULL, 0 }
};

/* Each record is an alert, blank, or a reject with its reason: none is lost without a word. */
static int template_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *event = reading_text(rg, EVENT);

	if (event == NULL)
		return reading_reject(rg, rec, "no guard_event", f);
	if (strcmp(event, "detection") != 0)
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "guard";
	reading_fill(rg);
	/* Rejects what has no time or no rule. */
	return reading_alert(rg, rec, f);
}

const struct reader reader_template = {
	.name = "template", .summary = "an example, read by no one", .gives = "alerts", .extensions = ".json",
	.framing = FRAME_JSON, .fields = fields, .clues = clues, .record = template_record,
};
