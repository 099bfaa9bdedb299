#include "analyst/store/feed.h"

#include <stdlib.h>

#include "analyst/base/arena.h"
#include "analyst/base/text.h"

/* An eponymous virtual table (sqlite.org/vtab.html): it exists by its name alone and is no
 * part of the file. */
struct feed_table {
	sqlite3_vtab base;
	struct feed *feed;
};

static struct feed *feed_of(sqlite3_vtab_cursor *cursor)
{
	return ((struct feed_table *)(void *)cursor->pVtab)->feed;
}

struct registration {
	struct feed *feed;
	int columns;
};

static int feed_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **error)
{
	const struct registration *r = aux;
	struct feed_table *table = must_alloc(sizeof(*table));
	struct text sql = {0};
	int rc;

	(void)argc, (void)argv, (void)error;
	for (int i = 0; i < r->columns; i++)
		text_printf(&sql, "%sc%d", i == 0 ? "CREATE TABLE feed(" : ", ", i);
	text_addc(&sql, ')');
	rc = sqlite3_declare_vtab(db, text_str(&sql));
	text_free(&sql);
	table->feed = r->feed;
	*out = &table->base;
	return rc;
}

static int feed_disconnect(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

static int feed_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = 1000;
	return SQLITE_OK;
}

static int feed_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	(void)table;
	*out = must_alloc(sizeof(**out));
	return SQLITE_OK;
}

static int feed_close(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

static int feed_filter(sqlite3_vtab_cursor *cursor, int number, const char *name, int argc, sqlite3_value **argv)
{
	(void)number, (void)name, (void)argc, (void)argv;
	feed_of(cursor)->current = 0;
	return SQLITE_OK;
}

static int feed_next(sqlite3_vtab_cursor *cursor)
{
	feed_of(cursor)->current++;
	return SQLITE_OK;
}

static int feed_eof(sqlite3_vtab_cursor *cursor)
{
	const struct feed *feed = feed_of(cursor);

	return feed->current >= feed->count;
}

static int feed_column(sqlite3_vtab_cursor *cursor, sqlite3_context *out, int column)
{
	const struct feed *feed = feed_of(cursor);

	feed->column(feed->rows, feed->current, column, out);
	return SQLITE_OK;
}

static int feed_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)feed_of(cursor)->current;
	return SQLITE_OK;
}

static const sqlite3_module feed_module = {
	.xConnect = feed_connect, .xBestIndex = feed_best_index, .xDisconnect = feed_disconnect, .xOpen = feed_open,
	.xClose = feed_close, .xFilter = feed_filter, .xNext = feed_next, .xEof = feed_eof, .xColumn = feed_column,
	.xRowid = feed_rowid
};

int feed_register(sqlite3 *db, const char *name, int columns, struct feed *feed)
{
	struct registration *r = must_alloc(sizeof(*r));

	*r = (struct registration){ feed, columns };
	return sqlite3_create_module_v2(db, name, &feed_module, r, free);
}
