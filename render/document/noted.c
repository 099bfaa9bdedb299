#include "render/document/noted.h"

#include <string.h>

/* Lines join with a space, but not where Japanese meets. A contact is there to be used; all else is made harmless. */
static const char *one_line(const char *s, bool defang, struct arena *a)
{
	struct text t = { 0 }, harmless = { 0 }, shown = { 0 };
	const char *out;

	for (; *s != '\0'; s++)
		if (*s != '\n')
			text_addc(&t, *s);
		else if (t.used > 0 && ((unsigned char)t.bytes[t.used - 1] < 0x80 || (unsigned char)s[1] < 0x80))
			text_addc(&t, ' ');
	if (defang)
		text_add_defanged(&harmless, text_str(&t));
	else
		text_add(&harmless, text_str(&t));
	text_add_shown(&shown, text_str(&harmless), harmless.used);
	out = arena_dup(a, text_str(&shown));
	text_free(&t);
	text_free(&harmless);
	text_free(&shown);
	return out;
}

const char *noted_plain(const struct report_request *rq, const struct incident *in, const char *field, struct arena *a)
{
	const char *s = note_text(rq->notes, in != NULL ? in->id : NULL, field, rq->lang == LANGUAGE_JA ? "ja" : "en");

	return s != NULL ? one_line(s, strcmp(field, "contact") != 0, a) : NULL;
}

const char *noted_mark(const struct report_request *rq, const char *s, struct arena *a)
{
	struct fact text = { .name = "text", .kind = FACT_TEXT, .text = s };

	return word_with(rq->phrases, rq->lang, "report.entered", &text, 1, rq->zone, a);
}

const char *noted(const struct report_request *rq, const struct incident *in, const char *field, struct arena *a)
{
	const char *s = noted_plain(rq, in, field, a);

	return s != NULL ? noted_mark(rq, s, a) : NULL;
}
