/* A line of fast.log as Suricata and Snort write it:
 *
 *   03/04/2020-13:55:05.224939  [**] [1:2221028:1] SURICATA HTTP Host header invalid [**]
 *   [Classification: Generic Protocol Command Decode] [Priority: 3] {TCP} 192.0.2.18:41334 -> 192.0.2.21:80
 *
 * its time in the sensor's zone, which it does not say. */
#ifndef TSUMUGI_FAST_LOG_H
#define TSUMUGI_FAST_LOG_H

#include "analyst/readers/reader.h"

struct fast_line {
	const char *time, *sid, *name, *category, *priority;
	const char *from, *to, *from_port, *to_port;
	bool blocked, short_year;
};

/* alert.severity and Priority count from the worst, 1, down. */
extern const struct band ids_severities[];

/* False when s (or NULL) is no such line. */
bool fast_line_read(struct fast_line *out, const char *s, struct arena *arena);
/* Into rg->alert. log: where it stood, or NULL; its name may tell whose it is. written: when somebody with a zone read
 * the line, or NULL; the line's zone is then the one that brings both nearest together. */
void fast_line_fill(struct reading *rg, const struct fast_line *line, const char *log, const char *written);

#endif
