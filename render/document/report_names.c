/* Small sorted sets of names, as lists in cells. */
#include "render/document/report_names.h"

#include <stdlib.h>
#include <string.h>

void names_add(struct names *n, const char *s, size_t most)
{
	size_t at = 0;

	while (at < n->used && strcmp(n->list[at], s) < 0)
		at++;
	if ((at < n->used && strcmp(n->list[at], s) == 0) || n->used >= most)
		return;
	if (n->used == n->room) {
		n->room = n->room == 0 ? 16 : n->room * 2;
		n->list = must_grow(n->list, n->room, sizeof *n->list);
	}
	memmove(n->list + at + 1, n->list + at, (n->used - at) * sizeof *n->list);
	n->list[at] = s;
	n->used++;
}

const char *names_text(const struct report *r, struct names *n, const char *between, size_t most)
{
	struct text t = { 0 };
	const char *out = NULL;

	for (size_t i = 0; i < n->used && i < most; i++)
		text_printf(&t, "%s%s", i > 0 ? between : "", n->list[i]);
	if (n->used > most)
		text_printf(&t, " +%zu", n->used - most);
	if (n->used > 0)
		out = arena_dup(r->arena, text_str(&t));
	text_free(&t);
	free(n->list);
	return out;
}
