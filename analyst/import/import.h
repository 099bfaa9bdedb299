/* Files and folders into the case file.
 *
 *     struct import_result sum = { 0 };
 *     struct import_options options = { .share = "/usr/share/tsumugi/templates" };
 *
 *     if (import_path(st, "alerts/", &options, &watch, &sum, f) < 0) ...
 *
 * Folders are read recursively, sorted by name; hidden files, README and LICENSE
 * are skipped and symbolic links in them not followed. A file that cannot be read fails an import that names it;
 * inside a folder it is reported and the others go on. So is one that holds nothing, wherever it lies. */
#ifndef TSUMUGI_IMPORT_H
#define TSUMUGI_IMPORT_H

#include "analyst/readers/reader.h"
#include "analyst/store/store.h"

struct import_options {
	const char *format;        /* a reader's name, or NULL: told from the content */
	const char *map_path;      /* a column map of the user's, or NULL; makes the format csv */
	const char *share;         /* the folder that holds maps/ of those that ship, or NULL */
	int assumed_offset;        /* seconds east, for times without a zone */
	bool assumes_zone;         /* the user said so; 0 may be the default */
	const char *tenant;        /* or NULL */
	bool no_raw;               /* the records themselves are not kept, only where they are */
	bool keep_secrets;         /* and if they are, then as they are: see readers/secrets.h */
	int ratio;                 /* how far packed data may grow; 0 is the default */
	struct limits limits;      /* zeros are the defaults */
	const char *encoding;      /* of text that does not say it itself, as recode.h has it; NULL and "": UTF-8 */
	int year;                  /* of dates that state none; 0: the one nearest to the file's own time */
	instant time;              /* of records without any; 0: the file's own */
	enum date_order date_order;
	/* Files and folders of our own, which are passed over where they lie in a folder that is read; ends at NULL. */
	const char *const *own;
	/* Asked between records; true ends the import with FAULT_STOPPED, whole batches kept. */
	bool (*stopped)(void *ctx);
};

/* One file, when it is done or refused. */
struct import_file {
	const char *path;
	const char *format;        /* NULL when no reader was found */
	bool known;                /* it was in already, in whole: nothing was done, all counts as repeated */
	bool reread;               /* it was in, read with other options; what it was read as then is forgotten */
	bool resumed;              /* an import of it that was cut off went on */
	struct tally tally;
	int64_t telemetry;         /* of the blanks: events that no product judged */
	int64_t bytes;             /* on disk */
	double seconds;
	const char *refused;       /* why, or NULL */
	bool empty;                /* refused because it holds nothing, which fails no import */
};

struct import_watch {          /* all may be NULL */
	void *ctx;
	/* About every 4,096 records; total is -1 for a stream. */
	void (*progress)(void *ctx, const char *path, int64_t done, int64_t total);
	void (*file)(void *ctx, const struct import_file *file);
	/* A record that could not be read. Not 0 ends the import with the fault it set. */
	int (*reject)(void *ctx, const char *path, const struct place *at, const char *reason, struct fault *f);
	/* n records of the whole run are durable. */
	void (*durable)(void *ctx, int64_t n);
};

struct import_result {         /* add up over several calls; begin with zeros */
	struct tally tally;
	int64_t telemetry;
	int64_t files, known, refused;
	int64_t durable;
};

int import_path(struct store *st, const char *path, const struct import_options *options,
                const struct import_watch *watch, struct import_result *result, struct fault *f);

/* Whether a file or folder of this name is read where it lies in a folder that is. */
bool import_takes(const char *name);

/* What a file would be read as. scores has one for each of readers[]. */
struct sniffed {
	const struct reader *reader;     /* or NULL; then why says why */
	int scores[64];
	const char *packing;             /* "gzip" ... or NULL */
	char why[1024];
};
int import_sniff(struct sniffed *out, const char *path, const struct import_options *options, struct fault *f);

#endif
