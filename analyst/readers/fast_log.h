/* An alert of Suricata or Snort as a line of text:
 *
 *   03/04/2020-13:55:05.224939  [**] [1:2221028:1] SURICATA HTTP Host header invalid [**]
 *   [Classification: Generic Protocol Command Decode] [Priority: 3] {TCP} 192.0.2.18:41334 -> 192.0.2.21:80
 *
 * its time in the sensor's zone, which it does not say; Snort's without a year. As syslog carries it:
 *
 *   Mar  4 13:55:05 sensor snort[812]: [1:2024897:3] ET MALWARE Beacon [Classification: ...] [Priority: 1] {TCP} ...
 *
 * Snort's other outputs (snort.c) hold the same parts. */
#ifndef TSUMUGI_FAST_LOG_H
#define TSUMUGI_FAST_LOG_H

#include "analyst/readers/packet.h"
#include "analyst/readers/reader.h"

struct fast_line {
	const char *time;                /* ISO 8601, or in words ("Mar 04 13:55:05.2") where there is no year */
	const char *sid, *name, *category, *priority;
	const char *from, *to, *from_port, *to_port;
	enum heading heading;
	bool blocked, snort;             /* snort: written as only Snort does */
};

/* alert.severity and Priority count from the worst, 1, down. */
extern const struct band ids_severities[];

/* False when s (or NULL) is no such line. written: see syslog_time. */
bool fast_line_read(struct fast_line *out, const char *s, instant written, struct arena *arena);
/* Into rg->alert. log: where it stood, or NULL; its name may tell whose it is. written: when somebody with a zone read
 * the line, or NULL; the line's zone is then the one that brings both nearest together. */
void fast_line_fill(struct reading *rg, const struct fast_line *line, const char *log, const char *written);

/* Parts of such lines. The rule's name, without quotes and the interface before it, is what lies before `end`. */
bool fast_rule_read(struct fast_line *out, const char *s, const char *end, struct arena *arena);
/* "[Classification: c] [Priority: 3]"; goes on behind them. */
void fast_class_read(struct fast_line *out, const char **s, struct arena *arena);
/* "192.0.2.18:41334 -> 192.0.2.21:80", with ports or without. */
bool fast_ends_read(struct fast_line *out, const char *s, bool ports, struct arena *arena);
/* "[Drop]" and the like, but not "[wDrop]", which would have dropped. */
bool fast_is_blocked(const char *s, size_t n);
/* The time that begins the text, as in struct fast_line; goes on behind it. NULL when it is none. */
const char *fast_time(const char **s, bool *snort, struct arena *arena);
/* "1:2024897:3": the rule's number, or NULL. */
const char *fast_rule_id(const char *ids, struct arena *arena);

#endif
