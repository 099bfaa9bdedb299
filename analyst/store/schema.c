/* The tables of the case file, from schema/ *.sql. */
#include <string.h>

#include "analyst/store/sql.h"

static const char *const schema[] = {
#include "analyst/store/schema/source.sql.h"
	,
#include "analyst/store/schema/alert.sql.h"
	,
#include "analyst/store/schema/indicator.sql.h"
	,
#include "analyst/store/schema/asset.sql.h"
	,
#include "analyst/store/schema/telemetry.sql.h"
	,
#include "analyst/store/schema/override.sql.h"
	,
#include "analyst/store/schema/note.sql.h"
	,
#include "analyst/store/schema/derived.sql.h"
};

int schema_create(sqlite3 *db)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; rc == SQLITE_OK && i < sizeof(schema) / sizeof(schema[0]); i++)
		rc = sqlite3_exec(db, schema[i], NULL, NULL, NULL);
	return rc;
}

/* SQLite's own tables (sqlite_stat1 after ANALYZE) may be there or not. */
#define CONTENTS "SELECT type, name, coalesce(sql, '') FROM sqlite_schema " \
                 "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"

static bool same_row(sqlite3_stmt *a, sqlite3_stmt *b)
{
	for (int i = 0; i < 3; i++) {
		const char *x = (const char *)sqlite3_column_text(a, i);
		const char *y = (const char *)sqlite3_column_text(b, i);

		if (x == NULL || y == NULL || strcmp(x, y) != 0)
			return false;
	}
	return true;
}

/* Compares with a fresh database in memory: a table, view or trigger that is not ours
 * could change what the queries mean. */
int schema_matches(sqlite3 *db)
{
	sqlite3 *fresh = NULL;
	sqlite3_stmt *ours = NULL, *theirs = NULL;
	int rc = -1, a, b;

	if (sqlite3_open(":memory:", &fresh) != SQLITE_OK || schema_create(fresh) != SQLITE_OK ||
	    sqlite3_prepare_v2(fresh, CONTENTS, -1, &ours, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, CONTENTS, -1, &theirs, NULL) != SQLITE_OK)
		goto out;
	do {
		a = sqlite3_step(ours);
		b = sqlite3_step(theirs);
		if (b != SQLITE_ROW && b != SQLITE_DONE)
			goto out;
	} while (a == SQLITE_ROW && b == SQLITE_ROW && same_row(ours, theirs));
	rc = a == SQLITE_DONE && b == SQLITE_DONE;
out:
	sqlite3_finalize(ours);
	sqlite3_finalize(theirs);
	sqlite3_close(fresh);
	return rc;
}
