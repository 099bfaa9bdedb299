/* What a containment plan does about a kind of behaviour, as data: templates/knowledge/containment.xml, whose head
 * says what the columns mean. */
#ifndef TSUMUGI_CONTAINMENT_H
#define TSUMUGI_CONTAINMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "analyst/base/table.h"

enum block { BLOCK_OUTBOUND, BLOCK_INBOUND, BLOCK_INSIDE, BLOCK_ACCOUNT, BLOCK_ISOLATE };
extern const struct named blocks[];

struct containment_row {
	const char *behaviour;
	enum block block;
	int confidence;              /* 1-100 */
	int hours;                   /* 0: until somebody decides */
};

struct containment {
	const struct containment_row *rows;
	size_t count;
	const char *const *shared, *const *spare;    /* domains and addresses, canonical */
	size_t shared_count, spare_count;
	int delay;                   /* seconds */
	int used_by;                 /* machines */
};

int containment_load(struct containment *out, const char *folder, struct arena *a, struct fault *f);
const struct containment_row *containment_row(const struct containment *c, const char *behaviour);    /* or NULL */
/* The name itself or one below it. */
bool containment_is_shared(const struct containment *c, const char *domain);
bool containment_is_spared(const struct containment *c, const char *value);

#endif
