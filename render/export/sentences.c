#include "render/export/sentences.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analyst/base/search.h"
#include "analyst/store/store.h"

const struct named part_names[] = {
	{ "title", PART_TITLE }, { "story", PART_STORY }, { "meaning", PART_MEANING }, { "benign", PART_BENIGN },
	{ "unknown", PART_UNKNOWN }, { "action", PART_ACTION }, { NULL, 0 }
};

const struct named certainty_names[] = {
	{ "confirmed", CERTAINTY_CONFIRMED }, { "likely", CERTAINTY_LIKELY }, { "possible", CERTAINTY_POSSIBLE },
	{ "not-seen", CERTAINTY_NOT_SEEN }, { NULL, 0 }
};

const struct named fact_kinds[] = {
	{ "text", FACT_TEXT }, { "host", FACT_HOST }, { "name", FACT_NAME }, { "code", FACT_CODE },
	{ "number", FACT_NUMBER }, { "time", FACT_TIME }, { "span", FACT_SPAN }, { "bytes", FACT_BYTES },
	{ "list", FACT_LIST }, { "phrase", FACT_PHRASE }, { NULL, 0 }
};

const uint32_t *beat_alerts(const struct told *t, const struct beat *b, size_t *count)
{
	uint32_t *all;
	size_t n = 0;

	for (size_t i = 0; i < b->episode_count; i++)
		n += t->an->episodes[b->episodes[i]].count;
	all = ARENA_ARRAY(t->arena, uint32_t, n);
	n = 0;
	for (size_t i = 0; i < b->episode_count; i++) {
		const struct episode *e = &t->an->episodes[b->episodes[i]];

		for (uint32_t k = 0; k < e->count; k++)
			all[n++] = e->alerts[k];
	}
	if (n > 0)
		qsort(all, n, sizeof(*all), order_u32);
	*count = n;
	return all;
}

void json_keys(struct text *out, const uint64_t *keys, size_t n)
{
	char id[ALERT_ID_ROOM];

	text_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		alert_id(id, keys[i]);
		text_printf(out, "%s\"%s\"", i > 0 ? "," : "", id);
	}
	text_addc(out, ']');
}

/* ---- facts ---- */

/* Seconds, with no more digits than there are: 147 or 0.25. */
static void json_seconds(struct text *out, int64_t ns)
{
	uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns, part = size % SECOND;
	int digits = 9;

	text_printf(out, "%s%" PRIu64, ns < 0 ? "-" : "", size / SECOND);
	if (part == 0)
		return;
	for (; part % 10 == 0; part /= 10)
		digits--;
	text_printf(out, ".%0*" PRIu64, digits, part);
}

static void json_items(struct text *out, const struct fact *fa)
{
	text_addc(out, '[');
	for (size_t i = 0; i < fa->item_count; i++) {
		text_add(out, i > 0 ? "," : "");
		text_add_json(out, fa->items[i]);
	}
	text_addc(out, ']');
}

static void json_value_of(struct text *out, const struct fact *fa)
{
	char when[INSTANT_ROOM];

	switch (fa->kind) {
	case FACT_NUMBER:
	case FACT_BYTES:
		text_printf(out, "%" PRId64, fa->value);
		break;
	case FACT_TIME:
		instant_utc(when, fa->value);
		text_add_json(out, when);
		break;
	case FACT_SPAN:
		json_seconds(out, fa->value);
		break;
	case FACT_LIST:
		json_items(out, fa);
		break;
	default:
		text_add_json(out, fa->text != NULL ? fa->text : "");
	}
}

/* Spans are seconds, times are UTC, a phrase is the key of words that the language has. */
static void json_facts(struct text *out, const struct beat *b)
{
	text_add(out, ",\"facts\":[");
	for (size_t i = 0; i < b->fact_count; i++) {
		const struct fact *fa = &b->facts[i];

		text_add(out, i > 0 ? ",{\"name\":" : "{\"name\":");
		text_add_json(out, fa->name);
		text_printf(out, ",\"kind\":\"%s\"", table_name(fact_kinds, (int)fa->kind));
		if (fa->kind == FACT_LIST)
			text_printf(out, ",\"items\":\"%s\"", table_name(fact_kinds, (int)fa->item_kind));
		text_add(out, ",\"value\":");
		json_value_of(out, fa);
		text_addc(out, '}');
	}
	text_addc(out, ']');
}

/* ---- sentences ---- */

static void json_proof(struct text *out, const struct told *t, const struct beat *b)
{
	size_t n, most;
	const uint32_t *alerts = beat_alerts(t, b, &n);
	uint64_t *keys;

	most = n < JSON_ALERTS ? n : JSON_ALERTS;
	keys = ARENA_ARRAY(t->arena, uint64_t, most + 1);
	for (size_t i = 0; i < most; i++)
		keys[i] = t->an->week->marks[alerts[i]].key;
	text_add(out, ",\"episodes\":[");
	for (size_t i = 0; i < b->episode_count; i++)
		text_printf(out, "%s\"EP-%06" PRIu32 "\"", i > 0 ? "," : "", b->episodes[i] + 1);
	text_printf(out, "],\"alerts\":%zu,\"alert_ids\":", n);
	json_keys(out, keys, most);
}

static void json_sentence(struct text *out, const struct told *t, const struct sentence *en, const struct sentence *ja)
{
	const struct beat *b = en->beat;

	text_printf(out, "{\"part\":\"%s\",\"key\":", table_name(part_names, (int)b->part));
	text_add_json(out, b->key);
	text_add(out, ",\"en\":");
	text_add_json(out, sentence_plain(en, t->arena));
	text_add(out, ",\"ja\":");
	text_add_json(out, sentence_plain(ja, t->arena));
	text_printf(out, ",\"certainty\":\"%s\"", table_name(certainty_names, (int)b->certainty));
	json_instant(out, "at", b->at);
	json_instant(out, "until", b->until);
	if (b->technique != NULL) {
		text_add(out, ",\"technique\":");
		text_add_json(out, b->technique);
	}
	if (b->evidence > 0)
		text_printf(out, ",\"evidence\":\"E%u\"", b->evidence);
	json_facts(out, b);
	json_proof(out, t, b);
	text_addc(out, '}');
}

void json_sentences(struct text *out, const struct told *t, const struct narrative *n, enum register_ reg,
                    const struct zone *z)
{
	bool first = true;

	text_addc(out, '[');
	for (const struct named *p = part_names; p->name != NULL; p++) {
		size_t count, same;
		enum part part = (enum part)p->value;
		const struct sentence *en = story_sentences(t->phrases, LANGUAGE_EN, reg, n, part, z, t->arena, &count);
		const struct sentence *ja = story_sentences(t->phrases, LANGUAGE_JA, reg, n, part, z, t->arena, &same);

		for (size_t i = 0; i < count && i < same; i++) {
			text_add(out, first ? "\n" : ",\n");
			first = false;
			json_sentence(out, t, &en[i], &ja[i]);
		}
	}
	text_addc(out, ']');
}
