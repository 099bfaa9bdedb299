/* A sentence in pieces: plain words, and the pieces a renderer sets differently. */
#ifndef TSUMUGI_RUN_H
#define TSUMUGI_RUN_H

#include <stddef.h>

enum language { LANGUAGE_EN, LANGUAGE_JA, LANGUAGES };

enum run_style {
	RUN_PLAIN,
	RUN_STRONG,       /* a host, the certainty word */
	RUN_CODE,         /* identifiers: mono, escaped strictly, already defanged */
	RUN_EVIDENCE      /* "[E2]": small, links to the evidence table; text is "E2" */
};

struct run {
	const char *text;
	enum run_style style;
};

struct sentence {                /* one beat in one language */
	const struct run *runs;
	size_t count;
	const struct beat *beat;     /* analyst/model/narrative.h */
};

#endif
