#include "analyst/model/note.h"

#include <string.h>

#include "analyst/base/nearest.h"

const struct note_field note_fields[] = {
	{ "state", "how far the incident is dealt with: open, contained, closed", false },
	{ "owner", "who deals with it; owner.N: who does the action N", true },
	{ "due", "due.N: by when the action N is done", true },
	{ "decision", "decision.N: what was decided on the briefing's question N, or until when", true },
	{ "review", "who reviewed the text, and when", false },
	{ "approval", "who approved the report", false },
	{ "number", "which report of a series: first, second, final", false },
	{ "readers", "who gets it", false },
	{ "business", "business affected", false },
	{ "information", "information affected", false },
	{ "personal", "personal data affected: items and number of persons", false },
	{ "cause", "root cause", false },
	{ "underway", "measures under way", false },
	{ "planned", "measures planned", false },
	{ "permanent", "permanent measures", false },
	{ "next-report", "when the next report follows", false },
	{ "contact", "whom to ask", false },
	{ "publication", "publication and notification", false },
	{ "found", "when and how the incident was found", false },
	{ "clock", "whether clocks were synchronised, and by how much they are off", false },
	{ "system", "what the machine does, its operating system", false },
	{ "damage", "damage", false },
	{ "impact-operations", "the briefing's impact on operations", false },
	{ "impact-data", "the briefing's impact on customer data", false },
	{ "impact-regulatory", "the briefing's regulatory impact", false },
	{ "impact-cost", "the briefing's impact on cost", false },
	{ NULL, NULL, false },
};

static bool is_number(const char *s)
{
	return s[0] >= '1' && s[0] <= '9' && strspn(s, "0123456789") == strlen(s) && strlen(s) <= 2;
}

const char *note_field_wrong(const char *field, struct arena *a)
{
	size_t n = strcspn(field, ".");
	struct nearest near = { .wanted = arena_dupn(a, field, n) };

	for (const struct note_field *f = note_fields; f->name != NULL; f++) {
		if (strcmp(f->name, near.wanted) != 0) {
			nearest_try(&near, f->name);
			continue;
		}
		if (field[n] == '\0' || (f->numbered && is_number(field + n + 1)))
			return NULL;
		return arena_printf(a, "'%.60s' is not numbered so", field);
	}
	if (near.name != NULL)
		return arena_printf(a, "unknown field '%.60s'; did you mean '%s'?", near.wanted, near.name);
	return arena_printf(a, "unknown field '%.60s'", near.wanted);
}

const char *note_text(const struct notes *notes, const char *incident, const char *field, const char *lang)
{
	const char *best = NULL;
	int points = -1;

	for (size_t i = 0; notes != NULL && i < notes->count; i++) {
		const struct note *n = &notes->list[i];
		int own = n->incident[0] != '\0', exact = n->lang[0] != '\0';

		if (strcmp(n->field, field) != 0 || (own && (incident == NULL || strcmp(n->incident, incident) != 0)) ||
		    (exact && strcmp(n->lang, lang) != 0) || 2 * own + exact <= points)
			continue;
		points = 2 * own + exact;
		best = n->text;
	}
	return best;
}
