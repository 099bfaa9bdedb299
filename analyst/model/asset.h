/* What a list of assets says of one machine, network or account of ours: who owns it, what it
 * is for, how much it matters. */
#ifndef TSUMUGI_ASSET_H
#define TSUMUGI_ASSET_H

#include "analyst/base/table.h"

enum asset_kind { ASSET_HOST, ASSET_ADDRESS, ASSET_NETWORK, ASSET_ACCOUNT };
extern const struct named asset_kinds[];       /* "host", "ip", "network", "account" */

enum criticality { CRITICALITY_UNKNOWN, CRITICALITY_LOW, CRITICALITY_MEDIUM, CRITICALITY_HIGH, CRITICALITY_CRITICAL };
extern const struct named criticalities[];     /* "unknown", "low" ... "critical" */

struct asset {
	enum asset_kind kind;
	const char *value;           /* canonical, as entities are; a network as "10.0.0.0/8" */
	enum criticality criticality;
	const char *role, *owner;    /* as written, or NULL */
};

#endif
