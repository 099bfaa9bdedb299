/* One JSON record, checked whole and read in one pass: only the values of the paths
 * asked for are kept.
 *
 *     static const char *const wanted[] = { "alert.signature", "dns.query[].rrname" };
 *     struct json_paths *paths = json_paths_new(wanted, 2);
 *     struct json *j = json_new();
 *
 *     if (json_read(j, paths, bytes, n, room, &why) < 0)  ... why says what is broken
 *     const char *name = json_text(j, 0);
 *     for (const struct json_value *v = json_first(j, 1); v != NULL; v = json_next(j, v))
 *             ...
 *
 * A path is keys joined by dots; "[]" after a key goes into the elements of an array,
 * or takes the lone value where no array is; "\\." is a dot inside a key. Keys are
 * case-sensitive; of equal keys the last wins. Numbers come as they are written, so
 * nothing is rounded. Text is UTF-8 with a NUL after it: bytes that are not become
 * U+FFFD, as do U+0000 and lone surrogates. simdjson does the first pass, in json.cc
 * only. */
#ifndef TSUMUGI_JSON_H
#define TSUMUGI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JSON_DEPTH 128              /* FORMATS 1.6 */
#define JSON_KEYS 10000             /* of one object */
#define JSON_STRING ((size_t)8 << 20)
#define JSON_PADDING 64             /* readable bytes that save a copy when they follow a record */

enum json_type {
	JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING_TEXT, JSON_OBJECT, JSON_ARRAY
};

struct json_value {
	const char *text;       /* NUL after it, but for objects and arrays: their bytes as written */
	uint32_t length;
	uint32_t item;          /* values under the same array element carry the same number */
	int32_t next;           /* json_next follows it */
	uint32_t type;          /* enum json_type */
};

struct json;
struct json_paths;

struct json *json_new(void);
void json_free(struct json *j);                      /* accepts NULL */
/* Other limits than the above; 0 keeps one. */
void json_limits(struct json *j, int depth, int keys, size_t string);

/* Never fails: a path that makes no sense is a mistake in a table. */
struct json_paths *json_paths_new(const char *const *paths, size_t count);
/* The paths also hold below this key of the record: "_source". */
void json_paths_below(struct json_paths *p, const char *key);
void json_paths_free(struct json_paths *p);          /* accepts NULL */

/* Reads the one value in n bytes; room >= n bytes may be looked at. Returns 0, or -1 with
 * a sentence in *why. Everything lent is good until the next call. */
int json_read(struct json *j, const struct json_paths *p, const char *bytes, size_t n, size_t room,
              const char **why);
/* Where the record just refused breaks, in bytes from its first; 0 when that is not known. */
size_t json_broken_at(const struct json *j);
enum json_type json_root(const struct json *j);
bool json_repaired(const struct json *j);            /* bytes that were not UTF-8 were replaced */
bool json_doubled(const struct json *j);             /* a key came twice in one object */

const struct json_value *json_first(const struct json *j, size_t path);     /* or NULL */
const struct json_value *json_next(const struct json *j, const struct json_value *v);
/* The path's only or last value as text; NULL for none, null, an object or an array. */
const char *json_text(const struct json *j, size_t path);
bool json_has(const struct json *j, size_t path);    /* any value, null and objects too */
/* Hands over all values of the paths that have their bit in `of` (64 a word): path by path, since most records have few of
 * those asked for. */
void json_each(const struct json *j, const uint64_t *of, void (*take)(void *ctx, size_t path, const struct json_value *v),
               void *ctx);
/* Where array element `item` begins, in bytes from the record's first. */
size_t json_item_offset(const struct json *j, uint32_t item);

#ifdef __cplusplus
}
#endif
#endif
