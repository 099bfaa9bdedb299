/* The words on a chart. This folder knows no language: the caller lends a function that looks words up
 * (templates/words-charts.xml lists the keys), and dates are filled into patterns found there.
 *
 *     words_day(w, arena, t, zone)      "Thu 11", "3/11(木)"
 */
#ifndef TSUMUGI_TIMELINE_WORDS_H
#define TSUMUGI_TIMELINE_WORDS_H

#include <stdbool.h>

#include "analyst/base/arena.h"
#include "analyst/base/instant.h"

struct chart_words {
	const char *(*word)(void *ctx, const char *key);   /* an unknown key gives the key itself */
	void *ctx;
};

const char *words_get(const struct chart_words *w, const char *key);
/* "lane.role.story.download": NULL when there is no such word. */
const char *words_find(const struct chart_words *w, struct arena *a, const char *prefix, const char *key);
/* The word of key with every {name} replaced; pairs of name and value, NULL at the end. */
const char *words_fill(const struct chart_words *w, struct arena *a, const char *key, ...)
	__attribute__((sentinel));

const char *words_number(struct arena *a, uint64_t n);                       /* 1,284 */
/* chart.<what>.one or chart.<what>.many with {count}. */
const char *words_counted(const struct chart_words *w, struct arena *a, const char *what, uint64_t n);
const char *words_day(const struct chart_words *w, struct arena *a, instant t, const struct zone *z);
const char *words_date(const struct chart_words *w, struct arena *a, instant t, const struct zone *z);   /* 11 Mar */
const char *words_clock(struct arena *a, instant t, const struct zone *z, bool seconds);
/* "Thu 11 March 09:12" for a note or a lone mark. */
const char *words_moment(const struct chart_words *w, struct arena *a, instant t, const struct zone *z);

#endif
