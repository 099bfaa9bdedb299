/* Secrets that products write into their records (FORMATS 1.6): payloads and packets, passwords, tokens and cookies,
 * credentials of HTTP, passwords in links and on command lines. They are overwritten with '*', so that every byte
 * stays where it was, on the way to the store: in the record as it was read (JSON, XML, text) and in what readers took
 * from it, unless the user wants them kept. A secret is known by the name that it goes by: where a format gives names
 * apart from the values, as a CSV does in its first line, the reader asks secret_named and says alert_secret. */
#ifndef TSUMUGI_SECRETS_H
#define TSUMUGI_SECRETS_H

#include <stdbool.h>
#include <stddef.h>

#include "analyst/base/arena.h"
#include "analyst/model/alert.h"

/* A key, a column or a header: "password", "X-Auth-Token", "cs(Cookie)". */
bool secret_named(const char *name, size_t n);

/* Masks what goes by such names within s, which may be written as JSON or XML. */
void secrets_mask(char *s, size_t n);
/* Says to the alert (alert_secret) what of a command line or a link is a secret without going by a name: behind an option of
 * a known program, or a token by its shape. */
void secrets_tell(struct alert *a, struct arena *arena, enum entity_kind kind, const char *s, size_t n);
/* Masks the value wherever it stands in s. */
void secrets_mask_value(char *s, size_t n, const char *value);

#endif
