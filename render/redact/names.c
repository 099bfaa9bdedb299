/* Which values a case has. One machine, one account has one pseudonym by all its names. */
#include "render/redact/redact_parts.h"

#include <ctype.h>
#include <string.h>

static struct value *known(const struct redaction *rd, const char *name)
{
	return redact_look_up(rd, redact_fold(rd->arena, name));
}

/* A short word that may be a service's as well ("web", "vpn") is meant only where names stand. */
static bool may_be_word(const char *label)
{
	return strlen(label) < 4 && strpbrk(label, "0123456789") == NULL;
}

static const char *dot_of_domain(const char *name)
{
	const char *dot = strchr(name, '.');

	if (dot == NULL || dot == name || dot[1] == '\0')
		return NULL;
	return strchr(dot + 1, '.') == NULL && !isalpha((unsigned char)dot[1]) ? NULL : dot;
}

/* "exch01" and "exch01.corp.example" are one machine; "exch01.lab.example" beside them is another. */
static void add_long_name(struct redaction *rd, const char *name, const char *dot)
{
	const char *label = arena_dupn(rd->arena, name, (size_t)(dot - name)), *full = redact_fold(rd->arena, name);
	struct value *short_one = known(rd, label);
	bool same = short_one != NULL && short_one->kind == HIDDEN_HOSTS &&
	            (short_one->full == NULL || strcmp(short_one->full, full) == 0);
	const char *pseudonym = redact_add(rd, name, HIDDEN_HOSTS, same ? short_one->pseudonym : NULL);

	if (pseudonym != NULL && strlen(label) >= 2) {
		redact_add(rd, label, HIDDEN_HOSTS, pseudonym);
		if ((short_one = known(rd, label)) != NULL && short_one->kind == HIDDEN_HOSTS && short_one->full == NULL) {
			short_one->full = full;
			short_one->common |= !same && may_be_word(label);
		}
	}
	if (strchr(dot + 1, '.') != NULL)
		redact_add(rd, dot + 1, HIDDEN_DOMAINS, NULL);
}

static void add_host(struct redaction *rd, const char *name)
{
	const char *dot = dot_of_domain(name);

	if (ip_is_valid(name))
		redact_add(rd, name, HIDDEN_ADDRESSES, NULL);
	else if (dot != NULL)
		add_long_name(rd, name, dot);
	else
		redact_add(rd, name, HIDDEN_HOSTS, NULL);
}

/* "CORP\alice", "alice@corp.example" and "alice" are one account. */
static void add_account(struct redaction *rd, const char *name, enum hidden kind)
{
	const char *slash = strrchr(name, '\\'), *at = strchr(name, '@'), *bare = name, *pseudonym;
	const struct value *one;

	if (slash != NULL && slash[1] != '\0')
		bare = slash + 1;
	else if (at != NULL && at > name)
		bare = arena_dupn(rd->arena, name, (size_t)(at - name));
	if (profile_keeps(rd->profile, name) || profile_keeps(rd->profile, bare))
		return;
	one = known(rd, bare);
	pseudonym = redact_add(rd, name, kind, one != NULL && one->kind == HIDDEN_ACCOUNTS ? one->pseudonym : NULL);
	if (pseudonym != NULL && bare != name)
		redact_add(rd, bare, kind, pseudonym);
	if (slash != NULL && slash - name >= 2)
		redact_add(rd, arena_dupn(rd->arena, name, (size_t)(slash - name)), HIDDEN_DOMAINS, NULL);
	if (at != NULL && strlen(at + 1) >= SHORTEST)
		redact_add(rd, at + 1, HIDDEN_DOMAINS, NULL);
}

static void add_name(struct redaction *rd, const struct week_entity *e, const char *name)
{
	switch (e->kind) {
	case ENTITY_HOST: case ENTITY_DOMAIN:
		if (e->internal)
			add_host(rd, name);
		break;
	case ENTITY_IP: case ENTITY_MAC:
		if (e->internal)
			redact_add(rd, name, HIDDEN_ADDRESSES, NULL);
		break;
	case ENTITY_USER:
		add_account(rd, name, HIDDEN_ACCOUNTS);
		break;
	case ENTITY_EMAIL:
		if (e->internal)
			add_account(rd, name, HIDDEN_MAIL);
		break;
	case ENTITY_PATH:
		if (strpbrk(name, "\\/") != NULL)
			redact_add(rd, name, HIDDEN_PATHS, NULL);
		break;
	default:
		break;
	}
}

static void add_entity(struct redaction *rd, const struct week_entity *e)
{
	if (e->shown != NULL)
		add_name(rd, e, e->shown);
	add_name(rd, e, e->value);
}

/* "mail.corp.example" when corp.example is ours. */
static bool under_our_domain(const struct redaction *rd, const char *name)
{
	for (const char *dot = strchr(name, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
		const struct value *v = known(rd, dot + 1);

		if (v != NULL && v->kind == HIDDEN_DOMAINS)
			return true;
	}
	return false;
}

/* A list may name more than the alerts do. */
static void add_asset(struct redaction *rd, const struct asset *as)
{
	if (as->kind == ASSET_HOST)
		add_host(rd, as->value);
	else if (as->kind == ASSET_ACCOUNT)
		add_account(rd, as->value, HIDDEN_ACCOUNTS);
	else
		redact_add(rd, as->value, HIDDEN_ADDRESSES, NULL);
	if (as->owner != NULL)
		redact_add(rd, as->owner, HIDDEN_PEOPLE, NULL);
}

void redact_gather(struct redaction *rd, const struct analysis *an)
{
	const struct week *w = an->week;

	for (size_t i = 0; i < rd->profile->term_count; i++)
		redact_add_term(rd, rd->profile->terms[i].text, rd->profile->terms[i].as);
	for (uint32_t i = 0; i < an->queue_count; i++)
		for (uint32_t k = 0; k < an->incidents[i].host_count; k++)
			add_entity(rd, &w->entities[an->incidents[i].hosts[k]]);
	for (uint32_t i = 0; i < w->entity_count; i++)
		add_entity(rd, &w->entities[i]);
	for (uint32_t i = 0; i < w->entity_count; i++)
		if (w->entities[i].kind == ENTITY_DOMAIN && under_our_domain(rd, w->entities[i].value))
			redact_add(rd, w->entities[i].value, HIDDEN_HOSTS, NULL);
	for (uint32_t i = 0; i < w->asset_count; i++)
		add_asset(rd, &w->assets[i]);
	for (uint32_t i = 0; i < w->tenant_count; i++)
		if (w->tenants[i] != NULL)
			redact_add(rd, w->tenants[i], HIDDEN_ORGANISATIONS, NULL);
}
