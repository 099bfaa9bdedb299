/* Records inside records: text that a SIEM or a log shipper wraps, read by the reader of the format it is of.
 *
 *     struct inside *in = inside_new(rg);
 *     rc = inside_read(in, rec, &(struct inner_text){ .bytes = s, .n = n, .from = "_raw" }, f);      1: it was read
 *     inside_free(in);
 *
 * What is kept and cited is the record around it. */
#ifndef TSUMUGI_INSIDE_H
#define TSUMUGI_INSIDE_H

#include "analyst/readers/reader.h"

struct inside;

struct inner_text {
	const char *bytes;
	size_t n;
	const char *from;        /* the key it stands under, for what is said of a reject */
	const char *kind;        /* what the product around it takes it for: only the first of a kind is looked at; or NULL */
	const char *tenant;      /* or NULL */
	const char *log;         /* the name of the file it was in first, or NULL */
	instant found;           /* the time of records that carry none; 0 unknown */
};

struct inside *inside_new(struct reading *outer);
void inside_free(struct inside *in);          /* accepts NULL */
/* The reader whose record the text is, or NULL. */
const struct reader *inside_recognise(const struct reader_options *options, const char *s, size_t n);
/* 1 when the text is a record of a format that is known: it was handed on, rejected or counted. 0 when it is none, -1. */
int inside_read(struct inside *in, const struct record *rec, const struct inner_text *text, struct fault *f);

#endif
