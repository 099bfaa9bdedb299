/* Objects inside records, each read by a table of its own: the alerts of an incident, the
 * entities Sentinel writes as JSON inside text.
 *
 *     static const struct field *const inner[] = { evidence_fields, NULL };        in the reader: .inner = inner
 *     struct nested *ev = rg->inner[0];
 *     for (const struct json_value *v = json_first(rg->json, EVIDENCE); v != NULL; v = json_next(rg->json, v))
 *             if (nested_read(ev, v->text, v->length))
 *                     nested_fill(ev, &rg->filling);
 *
 * What it gives is good until its next nested_read. */
#ifndef TSUMUGI_NESTED_H
#define TSUMUGI_NESTED_H

#include "analyst/readers/reader.h"

struct nested;

struct nested *nested_new(const struct field *fields);
void nested_free(struct nested *n);           /* accepts NULL */
/* False when the bytes are no JSON, or neither object nor array. */
bool nested_read(struct nested *n, const char *bytes, size_t length);
const struct json_value *nested_first(const struct nested *n, size_t row);
const struct json_value *nested_next(const struct nested *n, const struct json_value *v);
const char *nested_text(const struct nested *n, size_t row);
void nested_fill(const struct nested *n, struct filling *fi);

/* The values of an object whose keys nobody knows, one after the other: bytes and *length of the next, *at moves on and
 * begins with 0; NULL at the end. The bytes are of a record that was read, so they are right JSON. */
const char *nested_member(const char *object, size_t n, size_t *at, size_t *length);

/* The same with the elements of an array. */
const char *nested_element(const char *array, size_t n, size_t *at, size_t *length);

/* The element v of an array, an object, as a record of its own: its bytes and its place in
 * the file. Elements are asked for in their order; the part begins empty for each record. */
struct part {
	size_t offset;
	int64_t lines;
};
struct record record_part(const struct reading *rg, const struct record *rec, const struct json_value *v, struct part *part);

/* Each object of the array in `row` as such a record, handed to one(). */
int each_member(struct reading *rg, const struct record *rec, size_t row,
                int (*one)(struct reading *rg, const struct record *member, struct fault *f), struct fault *f);

/* The value of `row` under the same array element as v, or NULL. */
const char *text_beside(const struct json *j, size_t row, const struct json_value *v);

/* What several products say in the same words: a path in two parts or in one, with the
 * name it ends in; an account, which is no machine's. NULL adds nothing. */
void add_file(struct alert *a, struct arena *arena, enum entity_role role, const char *folder, const char *name);
void add_process(struct alert *a, struct arena *arena, enum entity_role role, const char *folder, const char *name);
void add_account(struct alert *a, struct arena *arena, enum entity_role role, const char *name);
/* A key, with the hive it is in where that stands apart; NULL adds nothing. */
void add_registry(struct alert *a, struct arena *arena, const char *hive, const char *key);
/* "MD5=..,SHA256=..": the import hash is none of a file. */
void add_hash_list(struct alert *a, struct arena *arena, const char *s);
/* What Windows Defender found, and where: "file:_C:\\a.exe; webfile:_C:\\b.exe|http://evil.example/b|...", or a path. */
void add_threat_paths(struct alert *a, struct arena *arena, const char *s);
/* "Persistence, Lateral Movement", "[\"Persistence\"]". */
void add_tactic_list(struct ids *ids, struct arena *arena, const char *s);

/* "Microsoft Defender Advanced Threat Protection", "microsoftDefenderForEndpoint": one
 * short name, or NULL for others. */
const char *microsoft_product(const char *s);
/* What Microsoft's products say was done about a piece of evidence, or that it was seen; NULL, "none" and "active" say
 * nothing. Of several the strongest stays. */
void microsoft_action(struct alert *a, const char *status);
/* "6/22/2022, 5:43:50.207 AM", as Azure's portal writes UTC; "Jul 22nd 2020 01:16:33 UTC". */
bool american_time(instant *out, const char *s);

#endif
