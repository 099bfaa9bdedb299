/* Opening the case file: what it must look like before a single query runs, and the
 * settings every connection has (THREATS.md 2 and 3). A file that is not ours is judged
 * by its first 100 bytes, so that SQLite never touches it. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "analyst/base/text.h"
#include "analyst/store/names.h"
#include "analyst/store/sql.h"

/* Smaller files are checked page by page at every open; a quick_check of this size
 * takes about 10 ms. Larger ones show damage when the page is read. */
#define QUICK_CHECK_BYTES (8 * 1024 * 1024)

static uint32_t big_endian(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Whether a -wal or -journal beside the file may hold pages that it lacks. */
static bool has_companion(const char *path)
{
	static const char *const endings[] = { "-wal", "-journal" };
	bool found = false;

	for (size_t i = 0; i < 2 && !found; i++) {
		struct text name = {0};
		struct stat sb;

		text_printf(&name, "%s%s", path, endings[i]);
		found = stat(text_str(&name), &sb) == 0 && sb.st_size > 0;
		text_free(&name);
	}
	return found;
}

static int judge_version(const char *path, int64_t version, struct fault *f)
{
	if (version > STORE_VERSION)
		return fault_set(f, FAULT_STORE, "case file '%s' was made by a newer tsumugi (format %lld, this "
		                 "program knows %d)", path, (long long)version, STORE_VERSION);
	if (version > 0 && version < STORE_VERSION)
		return fault_set(f, FAULT_STORE, "case file '%s' was made by an older tsumugi (format %lld, this program "
		                 "knows %d): move it away and import its files again", path, (long long)version, STORE_VERSION);
	return 0;
}

/* The header of an SQLite file: bytes 16 page size, 28 pages, 60 user_version, 68
 * application_id (sqlite.org/fileformat.html). */
static int judge_header(const char *path, const unsigned char *h, size_t got, int64_t size, struct fault *f)
{
	int64_t page, pages;

	if (got < 16 || memcmp(h, "SQLite format 3", 16) != 0)
		return fault_set(f, FAULT_STORE, "'%s' is not a case file of tsumugi", path);
	if (got < 100)
		return fault_set(f, FAULT_STORE, "case file '%s' is cut off after %lld bytes", path, (long long)size);
	if (big_endian(h + 68) != STORE_APPLICATION_ID)
		return fault_set(f, FAULT_STORE, "'%s' is an SQLite database of another program, not a case file",
		                 path);
	if (judge_version(path, big_endian(h + 60), f) < 0)
		return -1;
	page = h[16] << 8 | h[17];
	if (page == 1)
		page = 65536;
	pages = big_endian(h + 28);
	if (size < page * pages && !has_companion(path))
		return fault_set(f, FAULT_STORE, "case file '%s' is cut off: %lld of %lld bytes are there", path,
		                 (long long)size, (long long)(page * pages));
	return 1;
}

/* 0: missing or empty, 1: ours by its header, -1: a fault. */
static int judge_file(const char *path, int64_t *size, struct fault *f)
{
	unsigned char header[100];
	size_t got = 0;
	struct stat sb;
	ssize_t n;
	int fd;

	*size = 0;
	/* A pipe that nobody writes into would be waited for. */
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) < 0) {
		if (errno == ENOENT)
			return 0;
		return fault_set(f, FAULT_STORE, "cannot open case file '%s': %s", path, strerror(errno));
	}
	if (fstat(fd, &sb) == 0 && !S_ISREG(sb.st_mode)) {
		close(fd);
		return fault_set(f, FAULT_STORE, "'%s' is not a case file of tsumugi", path);
	}
	while (got < sizeof(header) && (n = read(fd, header + got, sizeof(header) - got)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fault_set(f, FAULT_STORE, "cannot read case file '%s': %s", path, strerror(errno));
			close(fd);
			return -1;
		}
		got += (size_t)n;
	}
	close(fd);
	*size = sb.st_size;
	return got == 0 ? 0 : judge_header(path, header, got, sb.st_size, f);
}

/* WAL needs memory shared between processes, which network file systems do not give. */
static bool on_network(const char *path)
{
	static const long kinds[] = { 0x6969 /* NFS */, 0x517B /* SMB */, (long)0xFF534D42 /* CIFS */,
	                              (long)0xFE534D42 /* SMB2 */, 0x01021997 /* 9P */ };
	struct statfs fs;

	if (statfs(path, &fs) != 0)
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (((unsigned long)fs.f_type & 0xFFFFFFFFul) == ((unsigned long)kinds[i] & 0xFFFFFFFFul))
			return true;
	return false;
}

static void configure(sqlite3 *db)
{
	sqlite3_busy_timeout(db, 10000);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024);
}

#define SETTINGS "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON; " \
                 "PRAGMA cache_size = -32768; PRAGMA synchronous = FULL"

static int64_t pragma_number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q = NULL;
	int64_t value = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
		value = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return value;
}

/* 1 when nothing was ever committed to the file: it is empty, or was made empty again by rolling back what a killed
 * program had begun. -1 when it cannot be read. */
static int is_blank(struct store *st)
{
	int64_t application = pragma_number(st->db, "PRAGMA application_id");
	int64_t things = pragma_number(st->db, "SELECT count(*) FROM sqlite_schema");

	return application < 0 || things < 0 ? -1 : application == 0 && things == 0;
}

#define AS_NUMBER(x) #x
#define IN_WORDS(x) AS_NUMBER(x)
#define IDENTITY "PRAGMA application_id = " IN_WORDS(STORE_APPLICATION_ID) "; " \
                 "PRAGMA user_version = " IN_WORDS(STORE_VERSION)

/* Into an empty file that is there already: schema and identity in one transaction with a rollback journal, before WAL
 * is switched on. Two programs may come here at once; the second finds the work done. */
static int create_within(struct store *st, struct fault *f)
{
	if (store_exec(st, "PRAGMA page_size = 16384; PRAGMA synchronous = EXTRA; BEGIN IMMEDIATE", f) < 0)
		return -1;
	if (pragma_number(st->db, "PRAGMA application_id") == STORE_APPLICATION_ID) {
		store_rollback(st);
		return 0;
	}
	if (schema_create(st->db) != SQLITE_OK)
		store_fault(st, f);
	else if (store_exec(st, IDENTITY "; COMMIT", f) == 0)
		return 0;
	store_rollback(st);
	return -1;
}

/* The bytes of a case file that holds nothing; sqlite3_free frees them. */
static unsigned char *blank_file(sqlite3_int64 *size)
{
	unsigned char *bytes = NULL;
	sqlite3 *db = NULL;

	if (sqlite3_open(":memory:", &db) == SQLITE_OK &&
	    sqlite3_exec(db, "PRAGMA page_size = 16384", NULL, NULL, NULL) == SQLITE_OK && schema_create(db) == SQLITE_OK &&
	    sqlite3_exec(db, IDENTITY, NULL, NULL, NULL) == SQLITE_OK)
		bytes = sqlite3_serialize(db, "main", size, 0);
	sqlite3_close(db);
	return bytes;
}

static bool write_all(int fd, const unsigned char *bytes, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t did = pwrite(fd, bytes + done, n - done, (off_t)done);

		if (did < 0 && errno != EINTR)
			return false;
		done += did > 0 ? (size_t)did : 0;
	}
	return fsync(fd) == 0;
}

static bool is_named(int fd, const char *path)
{
	struct stat ours, there;

	return fstat(fd, &ours) == 0 && stat(path, &there) == 0 && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

static int folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text folder = {0};
	int fd;

	text_addn(&folder, path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
	fd = open(folder.used > 0 ? text_str(&folder) : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	text_free(&folder);
	return fd;
}

/* The file beside it is ours alone (locked): whole, durable, and only then of the name asked for. */
static int put_whole(int fd, const char *beside, const char *path, struct fault *f)
{
	sqlite3_int64 size = 0;
	unsigned char *bytes = blank_file(&size);
	int folder, rc = 0;

	if (bytes == NULL)
		return 0;
	if (ftruncate(fd, 0) < 0 || !write_all(fd, bytes, (size_t)size)) {
		rc = fault_set(f, FAULT_STORE, "case file '%s' cannot be written: %s", path, strerror(errno));
		unlink(beside);
	} else if (renameat2(AT_FDCWD, beside, AT_FDCWD, path, RENAME_NOREPLACE) < 0) {
		unlink(beside);
	} else if ((folder = folder_of(path)) >= 0) {
		if (fsync(folder) < 0 && errno != EINVAL && errno != ENOTSUP)
			rc = fault_set(f, FAULT_STORE, "case file '%s' cannot be written: %s", path, strerror(errno));
		close(folder);
	}
	sqlite3_free(bytes);
	return rc;
}

/* A new case file gets its name when it is whole: whoever looks finds none, or a sound one. What a killed program left
 * beside it is used by the next. Where another program is at it, or the system cannot rename so, create_within does
 * the rest. */
static int create_whole(const char *path, struct fault *f)
{
	struct text beside = {0};
	int fd, rc = 0;

	text_printf(&beside, "%s-new", path);
	fd = open(text_str(&beside), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd >= 0) {
		/* Who had it open while another renamed it holds the case file itself. */
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 && is_named(fd, text_str(&beside)))
			rc = put_whole(fd, text_str(&beside), path, f);
		close(fd);
	}
	text_free(&beside);
	return rc;
}

/* What this handle made and put nothing into is taken away again: a first import that fails leaves no case file. In WAL
 * mode another connection could go unseen; leaving it succeeds only when there is none. */
static void remove_unused(struct store *st)
{
	struct fault ignored = {0};

	store_rollback(st);
	sqlite3_busy_timeout(st->db, 0);
	if (store_exec(st, "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE", &ignored) == 0 &&
	    pragma_number(st->db, "SELECT (SELECT count(*) FROM source) + (SELECT count(*) FROM override)") == 0)
		unlink(st->path);
	store_rollback(st);
}

static int quick_check(struct store *st, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(st->db, "PRAGMA quick_check(1)", -1, &q, NULL) != SQLITE_OK ||
	    sqlite3_step(q) != SQLITE_ROW)
		store_fault(st, f);
	else if (strcmp(column_text(q, 0), "ok") != 0)
		fault_set(f, FAULT_STORE, "case file '%s' is damaged: %s", st->path, column_text(q, 0));
	else
		rc = 0;
	sqlite3_finalize(q);
	return rc;
}

static int check(struct store *st, int64_t size, struct fault *f)
{
	int64_t version = pragma_number(st->db, "PRAGMA user_version");
	int matches;

	if (version < 0)
		return store_fault(st, f);
	if (judge_version(st->path, version, f) < 0)
		return -1;
	if ((matches = schema_matches(st->db)) < 0)
		return store_fault(st, f);
	if (matches == 0 || version != STORE_VERSION)
		return fault_set(f, FAULT_STORE, "'%s' does not have the tables of a case file", st->path);
	return size <= QUICK_CHECK_BYTES ? quick_check(st, f) : 0;
}

/* A case file on a read-only medium cannot have its WAL index made; when no WAL is
 * there, it can be read as the unchanging file it is. */
static int open_immutable(struct store *st, struct fault *f)
{
	struct text uri = {0};
	int rc;

	text_add(&uri, "file:");
	for (const char *p = st->path; *p != '\0'; p++) {
		if (strchr("%?#", *p) != NULL)
			text_printf(&uri, "%%%02X", (unsigned char)*p);
		else
			text_addc(&uri, *p);
	}
	text_add(&uri, "?immutable=1");
	sqlite3_close(st->db);
	st->db = NULL;
	rc = sqlite3_open_v2(text_str(&uri), &st->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI |
	                     SQLITE_OPEN_NOMUTEX, NULL);
	text_free(&uri);
	if (rc != SQLITE_OK)
		return store_fault(st, f);
	configure(st->db);
	return store_exec(st, SETTINGS, f);
}

static int no_case_file(const char *path, struct fault *f)
{
	return fault_set(f, FAULT_STORE, "there is no case file '%s' yet: import something first (tsumugi import PATH...)",
	                 path);
}

/* Where the file may be written, the last to close it folds the log back and removes it;
 * a connection that may only read would leave it lying there. */
static int open_read(struct store *st, struct fault *f)
{
	int mode = access(st->path, W_OK) == 0 ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
	struct fault why = {0};
	bool readable;

	if (sqlite3_open_v2(st->path, &st->db, mode | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return store_fault(st, f);
	configure(st->db);
	readable = store_exec(st, SETTINGS "; PRAGMA query_only = ON", &why) == 0 &&
	           pragma_number(st->db, "SELECT count(*) FROM sqlite_schema") >= 0;
	if (!readable && has_companion(st->path))
		return why.kind == FAULT_NONE ? store_fault(st, f) : fault_set(f, why.kind, "%s", why.text);
	if (!readable && open_immutable(st, f) < 0)
		return -1;
	if (is_blank(st) == 1)
		return no_case_file(st->path, f);
	/* One snapshot for all that is read: a report never mixes two states of the file. */
	return store_snapshot(st, f);
}

static int open_write(struct store *st, bool fresh, struct fault *f)
{
	struct fault ignored = {0};

	if (sqlite3_open_v2(st->path, &st->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	                    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return store_fault(st, f);
	configure(st->db);
	if ((fresh || is_blank(st) == 1) && create_within(st, f) < 0)
		return -1;
	if (store_exec(st, SETTINGS, f) < 0)
		return -1;
	if (feed_register(st->db, "new_alert", ALERT_COLUMNS, &st->feeds[FEED_ALERTS]) != SQLITE_OK ||
	    feed_register(st->db, "new_verdict", 7, &st->feeds[FEED_VERDICTS]) != SQLITE_OK ||
	    feed_register(st->db, "new_entity", 3, &st->feeds[FEED_ENTITIES]) != SQLITE_OK ||
	    feed_register(st->db, "new_cast", 2, &st->feeds[FEED_CASTS]) != SQLITE_OK ||
	    feed_register(st->db, "new_incident", 13, &st->feeds[FEED_INCIDENTS]) != SQLITE_OK)
		return store_fault(st, f);
	if (on_network(st->path))
		return store_exec(st, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA", f);
	/* Another connection may be reading a file that is not in WAL mode yet; then it stays so. */
	store_exec(st, "PRAGMA journal_mode = WAL", &ignored);
	return 0;
}

/* Counting every allocation takes a lock each time; nobody asks for the count. */
static void configure_once(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int store_open(struct store **out, const char *path, enum store_mode mode, struct fault *f)
{
	struct store *st;
	int64_t size;
	int found = judge_file(path, &size, f);
	bool existed = access(path, F_OK) == 0;
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, configure_once);
	if (found < 0)
		return -1;
	if (found == 0 && mode == STORE_READ)
		return no_case_file(path, f);
	if (found == 0 && !existed && (create_whole(path, f) < 0 || (found = judge_file(path, &size, f)) < 0))
		return -1;
	st = must_alloc(sizeof(*st));
	st->path = strcpy(must_alloc(strlen(path) + 1), path);
	st->mode = mode;
	st->unused = !existed && mode == STORE_WRITE;
	if ((mode == STORE_READ ? open_read(st, f) : open_write(st, found == 0, f)) < 0 ||
	    check(st, size, f) < 0) {
		store_close(st);
		return -1;
	}
	*out = st;
	return 0;
}

void store_close(struct store *st)
{
	if (st == NULL)
		return;
	for (size_t i = 0; i < QUERIES; i++)
		sqlite3_finalize(st->ready[i]);
	if (st->db != NULL && st->unused)
		remove_unused(st);
	else if (st->db != NULL)
		store_rollback(st);
	sqlite3_close(st->db);
	names_free(st->names);
	numbers_free(st->numbers);
	blocks_free(st->fresh);
	arena_free(st->cited);
	free(st->block.bytes);
	free(st->path);
	free(st);
}
