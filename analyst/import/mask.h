/* Secrets that products write into their records (FORMATS 1.6): payloads and packets,
 * passwords, cookies and credentials of HTTP, passwords on command lines. They are
 * overwritten with '*', so that every byte of the record stays where it was. */
#ifndef TSUMUGI_MASK_H
#define TSUMUGI_MASK_H

#include <stddef.h>

void mask_secrets(char *record, size_t n);

#endif
