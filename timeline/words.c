#include "timeline/words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyst/base/text.h"

#define PAIRS_MAX 8

const char *words_get(const struct chart_words *w, const char *key)
{
	const char *found = w != NULL && w->word != NULL ? w->word(w->ctx, key) : key;

	return found != NULL ? found : key;
}

const char *words_find(const struct chart_words *w, struct arena *a, const char *prefix, const char *key)
{
	const char *full = arena_printf(a, "%s%s", prefix, key != NULL ? key : "");
	const char *found = words_get(w, full);

	return strcmp(found, full) == 0 ? NULL : found;
}

struct pair {
	const char *name, *value;
};

static const char *value_of(const struct pair *pairs, size_t n, const char *name, size_t length)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(pairs[i].name) == length && memcmp(pairs[i].name, name, length) == 0)
			return pairs[i].value;
	return NULL;
}

static const char *fill(struct arena *a, const char *pattern, const struct pair *pairs, size_t n)
{
	struct text t = {0};
	const char *out;

	while (*pattern != '\0') {
		const char *open = strchr(pattern, '{'), *close = open != NULL ? strchr(open, '}') : NULL;
		const char *value;

		if (close == NULL) {
			text_add(&t, pattern);
			break;
		}
		text_addn(&t, pattern, (size_t)(open - pattern));
		value = value_of(pairs, n, open + 1, (size_t)(close - open - 1));
		if (value != NULL)
			text_add(&t, value);
		else
			text_addn(&t, open, (size_t)(close - open + 1));
		pattern = close + 1;
	}
	out = arena_dup(a, text_str(&t));
	text_free(&t);
	return out;
}

const char *words_fill(const struct chart_words *w, struct arena *a, const char *key, ...)
{
	struct pair pairs[PAIRS_MAX];
	size_t n = 0;
	const char *name;
	va_list ap;

	va_start(ap, key);
	while (n < PAIRS_MAX && (name = va_arg(ap, const char *)) != NULL) {
		pairs[n].name = name;
		pairs[n].value = va_arg(ap, const char *);
		n++;
	}
	va_end(ap);
	return fill(a, words_get(w, key), pairs, n);
}

const char *words_number(struct arena *a, uint64_t n)
{
	char digits[24], out[32];
	size_t length = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n), used = 0;

	for (size_t i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	return arena_dupn(a, out, used);
}

const char *words_counted(const struct chart_words *w, struct arena *a, const char *what, uint64_t n)
{
	const char *key = arena_printf(a, "chart.%s.%s", what, n == 1 ? "one" : "many");

	return words_fill(w, a, key, "count", words_number(a, n), (char *)NULL);
}

static const char *calendar(const struct chart_words *w, struct arena *a, const char *key, instant t,
                            const struct zone *z)
{
	struct civil c = civil_from(t, z);
	const char *weekday = words_get(w, arena_printf(a, "chart.weekday.%d", c.weekday));
	const char *month = words_get(w, arena_printf(a, "chart.month.%d", c.month));

	return words_fill(w, a, key, "weekday", weekday, "month", month,
	                  "day", arena_printf(a, "%d", c.day), "m", arena_printf(a, "%d", c.month),
	                  "year", arena_printf(a, "%d", c.year),
	                  "time", words_clock(a, t, z, false), (char *)NULL);
}

const char *words_day(const struct chart_words *w, struct arena *a, instant t, const struct zone *z)
{
	return calendar(w, a, "chart.day", t, z);
}

const char *words_date(const struct chart_words *w, struct arena *a, instant t, const struct zone *z)
{
	return calendar(w, a, "chart.date", t, z);
}

const char *words_moment(const struct chart_words *w, struct arena *a, instant t, const struct zone *z)
{
	return calendar(w, a, "chart.moment", t, z);
}

const char *words_clock(struct arena *a, instant t, const struct zone *z, bool seconds)
{
	struct civil c = civil_from(t, z);

	if (seconds)
		return arena_printf(a, "%02d:%02d:%02d", c.hour, c.minute, c.second);
	return arena_printf(a, "%02d:%02d", c.hour, c.minute);
}
