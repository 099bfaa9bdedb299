/* What is known of an act or an incident, as named facts for phrases.
 *
 * Facts of an act: host subject site address attacker victim file path user process command agent real threat id
 *   count targets users bytes interval span product products alone days port blocked calls machines lead
 *   witnesses (which products saw the same at once) contacts (as calls, where their pace is known by telemetry only)
 *   several (more than the attacker named came)
 *   task (what was set up) rule (when one rule is all there is) repeated (it fired more than once)
 *   and from the story: opening time after subject matched before (told of that machine already) telling (its rank
 *   among the acts told, 1 first)
 * Facts of an incident: host hosts site sites attacker user file bytes threat ransom id count span first last gap
 *   products records start days machines analysts ransom targets port rooted attacked (machines exploits went to)
 *   places (from where accounts were used) outsiders (from where machines were attacked) alone (nobody else met where data went)
 *   hit (machines with ransomware) guessed (whose passwords were tried) guesses (on so many machines) guesser (by whom)
 *   used (something was done on a machine after an exploit) inside (a machine of ours attacked others) origin (the first
 *   that did)
 *   reach (since when the logs of its first machine could be searched)
 *   newcomer (first met in the incident) unmet (how long its machine had not met it) */
#ifndef TSUMUGI_FACTS_H
#define TSUMUGI_FACTS_H

#include "analyst/knowledge/knowledge.h"
#include "analyst/model/narrative.h"
#include "analyst/narrative/acts.h"

/* What the whole week says about its entities: who was first where, and how many machines met it. */
struct acquaintance;
struct acquaintance *acquaintance_new(const struct analysis *an, struct arena *a);
/* Whether any alert about the host (or, with NO_ENTITY, about none) names a process or a command. */
bool acquaintance_processes(const struct acquaintance *k, uint32_t host);
/* The only machine that met the entity; of several, or of none, no entity's number. */
uint32_t acquaintance_only(const struct acquaintance *k, uint32_t entity);

/* The threats that names speak of, looked up in the tables once for each name. */
struct threats;
struct threats *threats_new(const struct week *w, const struct knowledge *k, struct arena *a);

#define LIST_MAX 6               /* more names than that are a count */

struct facts {
	struct fact list[BEAT_FACTS];
	size_t count;
};

void fact_text(struct facts *fs, const char *name, enum fact_kind kind, const char *text);
void fact_number(struct facts *fs, const char *name, enum fact_kind kind, int64_t value);
void fact_list(struct facts *fs, const char *name, enum fact_kind item_kind, const char *const *items, size_t n);
const struct fact *fact_named(const struct facts *fs, const char *name);     /* or NULL */

struct teller {                  /* what everything is told from */
	const struct analysis *an;
	const struct knowledge *knowledge;
	const struct acquaintance *known;
	struct threats *threats;
	struct arena *arena;
};

void fact_drop(struct facts *fs, const char *name);
/* Gathered once for an act: all its alerts are looked at. */
const struct facts *facts_of_act(const struct teller *t, struct act *act);
void facts_of_incident(struct facts *out, const struct teller *t, const struct incident *in, const struct acts *acts);

/* Of an act: the threat that a rule or a name of it speaks of, or NULL; whom its source went to; what left. */
const struct threat *act_threat(const struct teller *t, const struct act *act);
int64_t act_targets(const struct teller *t, const struct act *act);
int64_t act_bytes_out(const struct teller *t, const struct act *act);

int64_t whole_days(const struct week *w);        /* 1 at least */
const char *entity_shown(const struct week *w, uint32_t entity);             /* NULL for NO_ENTITY */

#endif
