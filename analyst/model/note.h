/* What only people know, for the fields that the reports leave open: owner, impact, decision. Printed as theirs,
 * never cited as evidence. */
#ifndef TSUMUGI_NOTE_H
#define TSUMUGI_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "analyst/base/arena.h"

#define NOTE_BYTES 4000              /* what one field of a report may say */

struct note {
	const char *incident;            /* its id; "": for every incident that has none of its own */
	const char *field;               /* of note_fields, or "owner.2": of the second action */
	const char *lang;                /* "en", "ja"; "": both */
	const char *text;                /* lines parted by \n */
};

struct notes {
	const struct note *list;
	size_t count;
};

struct note_field {
	const char *name, *what;
	bool numbered;                   /* one for each action: "owner.1" */
};
extern const struct note_field note_fields[];        /* ends at a row without a name */

/* NULL, or what is wrong with the name: "unknown field 'onwer'; did you mean 'owner'?" */
const char *note_field_wrong(const char *field, struct arena *a);

/* The incident's own before what is for all, the language's own before what is for both; NULL: nobody wrote it. */
const char *note_text(const struct notes *notes, const char *incident, const char *field, const char *lang);

#endif
