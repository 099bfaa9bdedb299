/* Indicators of the incidents: those of lists that were matched, and those that the records themselves show: the other ends
 * of the containment plan, their URLs, and the hashes of what they delivered. */
#ifndef TSUMUGI_IOCS_H
#define TSUMUGI_IOCS_H

#include "render/export/exports.h"

struct ioc {
	enum indicator_kind kind;
	const char *value;
	const struct indicator *listed;      /* the indicator that was matched, or NULL: found in the records */
	uint32_t incident;
	uint32_t alerts;
	instant first, last;
	int confidence;
	const char *technique;               /* of the act it took part in, or NULL */
	bool inbound;                        /* an address that came in */
	bool detect;                         /* sure enough to look for it elsewhere */
};

/* By incident, kind, value. */
const struct ioc *iocs_gather(size_t *count, const struct export_request *rq);

/* "AMBER": what was asked for, else the strictest label of the lists matched where that forbids to pass on freely; else NULL,
 * because a public list says nothing about our own incidents. */
const char *iocs_label(const struct export_request *rq, const struct ioc *list, size_t n);

#endif
