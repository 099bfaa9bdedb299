/* An event that no product judged, as what rules look at: who logged it, under which
 * number, and its values by name. Lent: good as long as the record it was read from. */
#ifndef TSUMUGI_EVENT_H
#define TSUMUGI_EVENT_H

#include "analyst/model/alert.h"

struct event_value {
	const char *name;          /* "CommandLine", as the log calls it */
	const char *value;         /* never NULL */
};

struct event {
	const char *provider;      /* "Microsoft-Windows-Sysmon", or NULL */
	const char *channel;       /* "Security", or NULL */
	int id;
	const struct event_value *values;
	size_t count;
};

/* What a rule makes of an event: an alert of that rule. */
struct judgement {
	struct rule rule;
	enum severity severity;
	const char *level;         /* the same as the rule writes it */
};

#endif
