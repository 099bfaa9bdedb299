/* One act seen by several rules. A tool that knocks at a web server sets off the rule for
 * its errors, the one for its method and the one that counts the errors, all from the
 * first second to the last: three bursts, one act. What begins and ends together on one
 * machine is one act; what merely happens during it is not. */
#include <stdlib.h>

#include "analyst/cluster/stages.h"

/* Clocks of one second, read a moment apart. */
#define TOGETHER (1 * SECOND)
/* In one second of one machine; beyond it is a flood, which no pattern tells apart. */
#define NEIGHBOURS 256

struct opening {
	uint32_t machine, episode;    /* episodes are numbered by their first alert */
};

static int by_machine(const void *x, const void *y)
{
	const struct opening *a = x, *b = y;

	if (a->machine != b->machine)
		return a->machine < b->machine ? -1 : 1;
	return (a->episode > b->episode) - (a->episode < b->episode);
}

static bool together(instant a, instant b)
{
	return a - b <= TOGETHER && b - a <= TOGETHER;
}

/* All are compared with the first of the act, so that nothing chains. */
void find_acts(struct clustering *c)
{
	struct opening *s = ARENA_ARRAY(c->stage, struct opening, c->episode_count + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++) {
		c->episodes[i].act = i;
		if (c->traits[i].machine != NO_MACHINE)
			s[n++] = (struct opening){c->traits[i].machine, i};
	}
	if (n > 0)
		qsort(s, n, sizeof(*s), by_machine);
	for (uint32_t i = 0; i < n; i++) {
		const struct episode *first = &c->episodes[s[i].episode];

		if (first->act != s[i].episode)
			continue;
		for (uint32_t k = i + 1; k < n && k <= i + NEIGHBOURS && s[k].machine == s[i].machine; k++) {
			struct episode *e = &c->episodes[s[k].episode];

			if (!together(e->first, first->first))
				break;
			if (e->act == s[k].episode && together(e->last, first->last))
				e->act = s[i].episode;
		}
	}
}
