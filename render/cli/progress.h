/* A bar with rate and time left, on standard error and only when that is a terminal. */
#ifndef TSUMUGI_PROGRESS_H
#define TSUMUGI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool shown;                  /* standard error is a terminal */
	char what[96];
	int64_t total;               /* bytes; 0: not known */
	int64_t began, drawn;        /* monotonic nanoseconds */
	bool on_line;                /* something is drawn that must be wiped */
};

void progress_begin(struct progress *p, const char *what, int64_t total);
void progress_at(struct progress *p, int64_t bytes);
/* A stage whose length nobody knows: its name alone. */
void progress_stage(struct progress *p, const char *what);
void progress_end(struct progress *p);       /* wipes the line */

#endif
