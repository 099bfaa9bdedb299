/* Rows that lie in memory, as a table that SQL can read: one INSERT ... SELECT of many rows
 * takes a third less time than as many INSERTs with bound values (PERFORMANCE.md 3).
 *
 *     feed_register(db, "new_cast", 3, &feed)           columns c0, c1, c2
 *     feed = (struct feed){ column, rows, count, 0 };
 *     INSERT OR FAIL INTO cast_list SELECT c0, c1, c2 FROM new_cast
 */
#ifndef TSUMUGI_FEED_H
#define TSUMUGI_FEED_H

#include <sqlite3.h>
#include <stddef.h>

struct feed {
	/* Gives a value with one of sqlite3_result_*; none is NULL. */
	void (*column)(const void *rows, size_t row, int column, sqlite3_context *out);
	const void *rows;
	size_t count;
	size_t current;          /* the row that is being read, while a statement runs */
};

/* The feed must outlive the connection. An SQLite result. */
int feed_register(sqlite3 *db, const char *name, int columns, struct feed *feed);

#endif
