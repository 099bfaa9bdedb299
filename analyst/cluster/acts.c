/* One act seen by several rules. A tool that knocks at a web server sets off the rule for
 * its errors, the one for its method and the one that counts the errors, all from the
 * first second to the last: three bursts, one act. What begins and ends together on one
 * machine is one act; what merely happens during it is not. */
#include "analyst/base/keyed.h"
#include "analyst/cluster/stages.h"

/* Clocks of one second, read a moment apart. */
#define TOGETHER (1 * SECOND)
/* In one second of one machine; beyond it is a flood, which no pattern tells apart. */
#define NEIGHBOURS 256

static bool together(instant a, instant b)
{
	return a - b <= TOGETHER && b - a <= TOGETHER;
}

/* All are compared with the first of the act, so that nothing chains. */
void find_acts(struct clustering *c)
{
	struct keyed *s = ARENA_ARRAY(c->stage, struct keyed, c->episode_count + 1);   /* by machine, then in time order */
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++) {
		c->episodes[i].act = i;
		if (c->traits[i].machine != NO_MACHINE)
			s[n++] = (struct keyed){c->traits[i].machine, i};
	}
	keyed_sort(s, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct episode *first = &c->episodes[s[i].item];

		if (first->act != s[i].item)
			continue;
		for (uint32_t k = i + 1; k < n && k <= i + NEIGHBOURS && s[k].key == s[i].key; k++) {
			struct episode *e = &c->episodes[s[k].item];

			if (!together(e->first, first->first))
				break;
			if (e->act == s[k].item && together(e->last, first->last))
				e->act = s[i].item;
		}
	}
}
