/* Rules that are one rule in many words. Some products write what they saw into the
 * rule's name ("Network share object was accessed: \\*\Finance"), so that one rule of
 * theirs arrives as sixty. Rules of one product with one id and one kind of behaviour
 * are kin: they share habits, and count once. */
#include <string.h>

#include "analyst/cluster/stages.h"

static bool same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

void find_kin(struct clustering *c)
{
	const struct week *w = c->week;
	uint32_t *kin = ARENA_ARRAY(c->scratch, uint32_t, w->rule_count + 1), run = 0;

	for (uint32_t i = 0; i < w->rule_count; i++) {
		/* rules are numbered by (product, id, name): one id is one run */
		if (i == 0 || !same(w->rules[i].rule.id, w->rules[i - 1].rule.id) ||
		    !same(w->rules[i].rule.product, w->rules[i - 1].rule.product))
			run = i;
		kin[i] = i;
		for (uint32_t k = run; k < i; k++)
			if (kin[k] == k && w->rules[k].behaviour == w->rules[i].behaviour) {
				kin[i] = k;
				break;
			}
	}
	c->kin = kin;
}
