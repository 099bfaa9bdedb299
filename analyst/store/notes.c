#include <string.h>

#include "analyst/store/sql.h"

int store_notes(struct notes *out, struct store *st, struct arena *arena, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_NOTES, f);
	struct note *list = NULL;
	size_t room = 0;
	int rc = q != NULL ? 1 : -1;

	*out = (struct notes){ NULL, 0 };
	while (rc > 0 && (rc = store_row(st, q, f)) > 0) {
		if (out->count == room) {
			struct note *more = ARENA_ARRAY(arena, struct note, room = room > 0 ? room * 2 : 16);

			if (out->count > 0)
				memcpy(more, list, out->count * sizeof(*list));
			list = more;
		}
		list[out->count++] = (struct note){ column_dup(q, 0, arena), column_dup(q, 1, arena), column_dup(q, 2, arena),
		                                    column_dup(q, 3, arena) };
	}
	out->list = list;
	return rc;
}

static int change(struct store *st, enum query which, const struct note *n, struct fault *f)
{
	sqlite3_stmt *q;

	if (store_begin(st, f) < 0)
		return -1;
	if ((q = store_query(st, which, f)) == NULL)
		goto undo;
	bind_text(q, ":incident", n->incident);
	bind_text(q, ":field", n->field);
	bind_text(q, ":lang", n->lang);
	if (n->text != NULL)
		bind_text(q, ":text", n->text);
	if (store_done(st, q, f) == 0 && store_commit(st, f) == 0)
		return 0;
undo:
	store_rollback(st);
	return -1;
}

int store_note(struct store *st, const struct note *n, struct fault *f)
{
	return change(st, n->text != NULL ? QUERY_NOTE_SET : QUERY_NOTE_FORGET, n, f);
}
