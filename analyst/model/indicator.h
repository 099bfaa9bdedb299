/* One indicator of compromise, whatever list it came from. */
#ifndef TSUMUGI_INDICATOR_H
#define TSUMUGI_INDICATOR_H

#include <stdbool.h>

#include "analyst/base/instant.h"
#include "analyst/base/table.h"

enum indicator_kind {
	INDICATOR_TEXT,        /* kept, never matched */
	INDICATOR_IP, INDICATOR_CIDR, INDICATOR_DOMAIN, INDICATOR_URL, INDICATOR_EMAIL,
	INDICATOR_MD5, INDICATOR_SHA1, INDICATOR_SHA256, INDICATOR_SHA512, INDICATOR_FILENAME,
	INDICATOR_PATH, INDICATOR_AGENT, INDICATOR_REGISTRY, INDICATOR_MUTEX, INDICATOR_CVE,
	INDICATOR_JA3, INDICATOR_COMMAND,
	INDICATOR_CERTIFICATE, /* its fingerprint, MD5, SHA-1 or SHA-256, without colons */
	INDICATOR_KINDS
};
extern const struct named indicator_kinds[];

struct indicator {
	enum indicator_kind kind;
	const char *value;         /* canonical */
	const char *written;       /* as the source has it */
	const char *context;       /* the source's comment, or NULL */
	const char *list;          /* the list's or report's name, or NULL */
	const char *tlp;           /* "TLP:AMBER", or NULL; the strictest where several lists have it */
	const char *tlp_list;      /* of those the list that asks for it; NULL before they are one */
	const char *techniques;    /* or NULL */
	int confidence;            /* 0-100, or -1 */
	instant first_seen, last_seen, valid_until;   /* or INSTANT_NONE */
	bool detect;               /* false: context only, never matched; why says so */
	const char *why;           /* reason for detect == false, or NULL */
	/* How a later statement of the same producer takes the place of this one (store/statements.c). */
	const char *producer;      /* who states it, by whatever tells him from others; or NULL */
	const char *statement;     /* the id under which he changes it later; or NULL */
	instant stated;            /* when this version was stated, of one withdrawn when it was; or INSTANT_NONE */
	bool withdrawn;            /* revoked or deleted by who had stated it; detect is false */
};

#endif
