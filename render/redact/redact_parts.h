/* Of render/redact only: what is hidden, and how it is found again.
 *
 *   values.c    the values and their pseudonyms; one character of a text, however it is written
 *   names.c     which values a case has: machines, accounts, addresses, domains, people
 *   shapes.c    what shows by its form alone: addresses nobody outside has, paths
 *   find.c      the value that begins at a place of a text
 *   replace.c   a text without them
 *   copies.c    the data without them
 *   refuse.c    a look at what was made */
#ifndef TSUMUGI_REDACT_PARTS_H
#define TSUMUGI_REDACT_PARTS_H

#include "analyst/base/fold.h"
#include "render/redact/redact.h"
#include "templates/profile.h"

#define HIDDEN_TERM HIDDEN_KINDS      /* a word of the user's */

/* Shorter names are replaced only where nothing else can be meant. */
#define SHORTEST 3

struct value {
	const char *text;                 /* folded: see fold */
	const char *pseudonym;
	enum hidden kind;
	const char *full;                 /* of a machine's short name: the long one it was taken from; or NULL */
	bool common;                      /* a word of the reports, too: looked for in data, not in what was made */
};

struct counter {
	const char *as;
	unsigned used;
};

struct redaction {
	struct arena *arena;
	const struct profile *profile;
	struct value *list;               /* the first `sorted` by text; then what was met in texts */
	size_t used, sorted, room;
	uint32_t *slots;                  /* hash of text: place in list + 1 */
	size_t slot_count;
	struct counter *counters;         /* one a prefix */
	size_t counter_count;
};

/* What kind of text is read. */
enum looking {
	READ_DATA,        /* names, commands, URLs: all values are meant */
	READ_PROSE,       /* rule names, remarks: a value that is a common word may be that word */
	READ_OUTPUT       /* what was made: the same, and what is late has been replaced */
};

/* values.c */
/* Dots are broken for readers, backslashes doubled in JSON, letters written as %41 and \u0041. The first is for borders
 * of words: of what is no ASCII it gives the first byte. The second is for what is between them: the character as
 * values hold it, see analyst/base/fold.h; bytes written. */
char redact_symbol(const char *s, size_t n, size_t *taken);
size_t redact_letter(char out[FOLDED_MOST], const char *s, size_t n, size_t *taken);
const char *redact_fold(struct arena *a, const char *s);
void redact_begin(struct redaction *rd);
struct value *redact_look_up(const struct redaction *rd, const char *folded);      /* or NULL */
/* pseudonym NULL: the next one of its kind. Gives the one it has; NULL for a name that is kept, and for a kind that is
 * shown. */
const char *redact_add(struct redaction *rd, const char *written, enum hidden kind, const char *pseudonym);
const char *redact_add_term(struct redaction *rd, const char *written, const char *as);
void redact_sort(struct redaction *rd);

/* names.c */
void redact_gather(struct redaction *rd, const struct analysis *an);

/* shapes.c: where it ends, 0 when none begins at s[at]. */
size_t redact_path_at(const char *s, size_t n, size_t at);
size_t redact_address_at(const struct redaction *rd, const char *s, size_t n, size_t at, const char **plain);
bool redact_word_byte(char c);
char redact_before(const char *s, size_t at);         /* the character before s[at]; ' ' at the beginning */
bool redact_after_dot(const char *s, size_t at);

/* find.c */
const struct value *redact_value_at(const struct redaction *rd, const char *s, size_t n, size_t at, size_t *end,
                                    enum looking how);
/* A run of base64 or hexadecimal digits that hides one; *form says which. */
const struct value *redact_encoded_at(const struct redaction *rd, const char *s, size_t n, size_t at, size_t *end,
                                      const char **form);

/* replace.c */
const char *redact_words(struct redaction *rd, const char *s, enum looking how);

/* copies.c */
const struct analysis *redact_copy_analysis(struct redaction *rd, const struct analysis *an);
const struct narrative *redact_copy_narratives(struct redaction *rd, const struct narrative *n, size_t count);

#endif
