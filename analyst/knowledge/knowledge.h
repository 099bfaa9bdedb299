/* What the field knows, as data: kinds of behaviour, named threats, ATT&CK.
 *
 *     struct knowledge *k;
 *     knowledge_load(&k, "templates/knowledge", f);
 *     const struct behaviour *b = knowledge_behaviour(k, rule, RECORD_ALERT);
 *     knowledge_free(k);
 *
 * The files are XML: behaviours.xml, threats.xml, attack.xml. A bad one is a fault with file and line. */
#ifndef TSUMUGI_KNOWLEDGE_H
#define TSUMUGI_KNOWLEDGE_H

#include "analyst/base/fault.h"
#include "analyst/knowledge/attack.h"
#include "analyst/model/week.h"

struct knowledge;

int knowledge_load(struct knowledge **out, const char *folder, struct fault *f);
void knowledge_free(struct knowledge *k);      /* accepts NULL */

/* Never NULL: a rule that nothing speaks for is "unknown". Lent, lives as long as k. This and
 * knowledge_techniques are what store.h's struct lore asks for. */
const struct behaviour *knowledge_behaviour(void *k, const struct rule *r, enum record_kind kind);
const struct behaviour *knowledge_behaviour_by_key(const struct knowledge *k, const char *key);

const struct attack *knowledge_attack(const struct knowledge *k);
const char *knowledge_techniques(void *k, const char *ids, struct arena *a);      /* attack_list */

/* A named vulnerability, malware or group that the text speaks of. */
struct threat {
	const char *name;            /* "ProxyLogon" */
	const char *kind;            /* "vulnerability", "ransomware", "malware", "tool" */
	const char *id;              /* "CVE-2021-26855", or NULL */
};
const struct threat *knowledge_threat(const struct knowledge *k, const char *text);   /* or NULL */

/* ATT&CK tactics of the Enterprise matrix in the order of the kill chain; their names are the words
 * tactic.0 to tactic.13 in templates/words-charts.xml. */
#define TACTICS 14
extern const char *const tactics[TACTICS];     /* "TA0043" ... */
int tactic_index(const char *id);              /* -1 for an unknown one */

#endif
