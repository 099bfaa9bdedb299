#include "analyst/model/tlp.h"

#include <string.h>
#include <strings.h>

/* The strictest first. */
static const char *const labels[] = { "TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR" };
#define LABELS (sizeof labels / sizeof labels[0])

static size_t place(const char *s)
{
	size_t i = 0;

	if (s == NULL)
		return LABELS;
	if (strncasecmp(s, "TLP:", 4) == 0)
		s += 4;
	if (strcasecmp(s, "white") == 0)      /* TLP 1's name of CLEAR */
		return LABELS - 1;
	while (i < LABELS && strcasecmp(labels[i] + 4, s) != 0)
		i++;
	return i;
}

const char *tlp_named(const char *s)
{
	size_t at = place(s);

	return at < LABELS ? labels[at] : NULL;
}

const char *tlp_stricter(const char *a, const char *b)
{
	return tlp_named(place(a) <= place(b) ? a : b);
}

static void keep_stricter(const struct indicator **out, const struct indicator *i)
{
	if (i != NULL && place(i->tlp) < (*out != NULL ? place((*out)->tlp) : LABELS))
		*out = i;
}

static void look_at(const struct indicator **out, const struct week *w, const struct cast *cast)
{
	for (uint32_t i = 0; i < cast->count; i++) {
		const struct week_entity *e = &w->entities[w->members[cast->first + i].entity];

		keep_stricter(out, e->indicator);
		keep_stricter(out, e->lapsed);
	}
}

const struct indicator *tlp_strictest(const struct analysis *an, const struct incident *in)
{
	const struct week *w = an->week;
	const struct indicator *out = NULL;

	if (in == NULL)
		for (uint32_t i = 0; i < w->cast_count; i++)
			look_at(&out, w, &w->casts[i]);
	for (uint32_t i = 0; in != NULL && i < in->episode_count; i++) {
		const struct episode *e = &an->episodes[in->episodes[i]];

		for (uint32_t k = 0; k < e->count; k++)
			look_at(&out, w, &w->casts[w->marks[e->alerts[k]].cast]);
	}
	return out;
}
