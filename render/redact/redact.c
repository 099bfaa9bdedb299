#include "render/redact/redact.h"

#include <ctype.h>
#include <string.h>

#include "analyst/readers/reader.h"
#include "render/redact/redact_parts.h"
#include "templates/phrases.h"

/* ---- the reports' own words ---- */

/* Of dates, zones and forms, beside what the phrases hold: an account may be called "mar". */
static const char own_words[] =
	"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Sun Mon Tue Wed Thu Fri Sat January February March April June July "
	"August September October November December UTC GMT JST Etc TLP RED AMBER STRICT GREEN CLEAR ATT&CK Tsumugi true false "
	"null critical high medium low unknown host user account address mail path file hash domain url command process "
	"confirmed likely possible self none noindex nofollow width device-width initial-scale text html charset utf";

static void mark_common(struct redaction *rd, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0, end;

	/* A word found once is not found again, so a shorter one within it comes to light. */
	for (size_t i = 0; i < n; i++)
		for (const struct value *v; (v = redact_value_at(rd, s, n, i, &end, READ_OUTPUT)) != NULL;)
			rd->list[v - rd->list].common = true;
}

static bool holds_letters(const char *s)
{
	for (; *s != '\0'; s++)
		if (isalpha((unsigned char)*s) || (unsigned char)*s >= 0x80)
			return true;
	return false;
}

/* Digits alone are found in any number: as a name they are looked for in data only. Addresses are no plain number. */
static bool is_number(const struct value *v)
{
	return v->kind != HIDDEN_ADDRESSES && !holds_letters(v->text);
}

/* "wazuh", "suricata-eve", "webshell": what products that we read, and kinds of acts, are called by. A product's name
 * that only the data knows is data. */
static void mark_known_names(struct redaction *rd, const struct week *w)
{
	for (size_t i = 0; readers[i] != NULL; i++)
		mark_common(rd, readers[i]->name);
	for (uint32_t i = 0; i < w->rule_count; i++)
		mark_common(rd, w->rules[i].behaviour != NULL ? w->rules[i].behaviour->key : NULL);
}

static void mark_words(struct redaction *rd, const struct phrases *p, const struct week *w)
{
	size_t n;
	const struct phrase *list = phrases_list(p, &n);

	for (size_t i = 0; i < rd->used; i++)
		rd->list[i].common |= is_number(&rd->list[i]);
	mark_common(rd, own_words);
	mark_known_names(rd, w);
	for (size_t i = 0; i < n; i++)
		for (int lang = 0; lang < LANGUAGES; lang++) {
			mark_common(rd, list[i].pattern[lang]);
			mark_common(rd, list[i].label[lang]);
		}
}

void redaction_shows(struct redaction *rd, const char *words)
{
	mark_common(rd, words);
}

bool redaction_keeps_logo(const struct redaction *rd)
{
	return rd == NULL || rd->profile->keeps_logo;
}

int redact_analysis(struct redaction **out, const struct analysis **an, const struct narrative **narratives,
                    const struct source_row **sources, size_t source_count, const struct phrases *p,
                    const char *profile, struct arena *a, struct fault *f)
{
	struct redaction *rd = arena_alloc(a, sizeof *rd);
	struct source_row *rows = ARENA_ARRAY(a, struct source_row, source_count + 1);

	*out = NULL;
	memset(rd, 0, sizeof *rd);
	rd->arena = a;
	if (profile_load(&rd->profile, profile, p, a, f) < 0)
		return -1;
	redact_begin(rd);
	redact_gather(rd, *an);
	redact_sort(rd);
	mark_words(rd, p, (*an)->week);
	*narratives = redact_copy_narratives(rd, *narratives, (*an)->incident_count);
	*an = redact_copy_analysis(rd, *an);
	for (size_t i = 0; i < source_count; i++) {
		rows[i] = (*sources)[i];
		rows[i].name = redact_text(rd, rows[i].name);
	}
	*sources = rows;
	*out = rd;
	return 0;
}
