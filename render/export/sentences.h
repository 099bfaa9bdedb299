/* The sentences of an incident as JSON: words in both languages, facts, and what proves them. */
#ifndef TSUMUGI_SENTENCES_H
#define TSUMUGI_SENTENCES_H

#include "analyst/base/text.h"
#include "render/export/describe.h"

extern const struct named part_names[];          /* "title", "story" ... */
extern const struct named certainty_names[];
extern const struct named fact_kinds[];

/* Ids listed with one sentence or mark; the incident's list of episodes holds all of them once. */
#define JSON_ALERTS 1000

/* Mark numbers of a beat's alerts, in time order. */
const uint32_t *beat_alerts(const struct told *t, const struct beat *b, size_t *count);
/* An array of all sentences, part by part. */
void json_sentences(struct text *out, const struct told *t, const struct narrative *n, enum register_ reg,
                    const struct zone *z);
/* ["c82583a1545a33de", ...] */
void json_keys(struct text *out, const uint64_t *keys, size_t n);

#endif
