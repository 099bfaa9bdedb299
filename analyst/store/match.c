/* Which indicator an entity is. Values are canonical on both sides; what is left is the
 * few ways in which one may contain the other:
 *
 *   address      equal, or inside a network (the narrowest)
 *   domain       equal, or below an indicator's domain
 *   URL          equal, else host and path without the query, else its host as above
 *   file name    equal without case, unless the name says nothing (index.php, setup.exe)
 *   path         equal without case, also where the list writes %TEMP%; else its last part as a file name
 *   process      as a path
 *   registry     equal without case, or a value of the key; a user's hive as the list's HKCU
 *   e-mail       equal, else its domain as above
 *   host         a name with dots as a domain
 *   hash, user agent, CVE, JA3, command, certificate: equal; a certificate also by a hash of no stated kind
 *
 * Indicators kept for context only (detect is false) never match; neither do those that their
 * source withdrew, whenever the entity was seen, nor those that had expired before it first was:
 * addresses change hands. Then a wider one that is still valid may. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "analyst/base/network.h"
#include "analyst/base/text.h"
#include "analyst/store/loading.h"

struct block {
	const struct indicator *indicator;
	struct network network;
};

struct matcher {
	struct intern *values;               /* kind, then the value in lower case where case is no part of it */
	const struct indicator **by_value;
	struct block *networks;
	size_t network_count;
	bool variables;                      /* some path begins with %...% */
	struct text key;
	instant seen;                        /* of the entity asked for: first, or INSTANT_NONE */
	const struct indicator *lapsed;      /* the first found for it that had expired or was withdrawn */
};

/* A file by its name alone proves nothing. */
static bool is_generic(const char *name)
{
	/* "1.exe", "a.js": as short as this it is anybody's. */
	if (strcspn(name, ".") < 2)
		return true;
	return file_is_everywhere(name);
}

static bool ignores_case(enum indicator_kind kind)
{
	return kind != INDICATOR_URL && kind != INDICATOR_AGENT && kind != INDICATOR_MUTEX &&
	       kind != INDICATOR_COMMAND;
}

static void make_key(struct text *key, enum indicator_kind kind, const char *value, size_t n)
{
	text_clear(key);
	text_addc(key, (char)(kind + 1));
	for (size_t i = 0; i < n; i++)
		text_addc(key, ignores_case(kind) ? (char)tolower((unsigned char)value[i]) : value[i]);
}

/* Notes i when it is not. */
static bool is_valid(struct matcher *m, const struct indicator *i)
{
	if (!i->withdrawn && (i->valid_until == INSTANT_NONE || m->seen == INSTANT_NONE || m->seen <= i->valid_until))
		return true;
	if (m->lapsed == NULL)
		m->lapsed = i;
	return false;
}

static const struct indicator *find_n(struct matcher *m, enum indicator_kind kind, const char *value, size_t n)
{
	uint32_t id;

	make_key(&m->key, kind, value, n);
	id = intern_find(m->values, m->key.bytes, m->key.used);
	return id == INTERN_NONE || !is_valid(m, m->by_value[id]) ? NULL : m->by_value[id];
}

static const struct indicator *find(struct matcher *m, enum indicator_kind kind, const char *value)
{
	return find_n(m, kind, value, strlen(value));
}

static const struct indicator *find_address(struct matcher *m, const char *value)
{
	const struct indicator *found = find(m, INDICATOR_IP, value);
	struct network address;
	int narrowest = -1;

	if (found != NULL || m->network_count == 0 || !network_parse(&address, value))
		return found;
	for (size_t i = 0; i < m->network_count; i++)
		if (network_holds(&m->networks[i].network, &address) && m->networks[i].network.bits > narrowest &&
		    is_valid(m, m->networks[i].indicator)) {
			found = m->networks[i].indicator;
			narrowest = m->networks[i].network.bits;
		}
	return found;
}

/* A network of more than a /8 is a mistake of its list, not a finding. */
static void add_network(struct matcher *m, const struct indicator *i)
{
	struct block *b = &m->networks[m->network_count];

	b->indicator = i;
	m->network_count += strchr(i->value, '/') != NULL && network_parse(&b->network, i->value) && b->network.bits >= 8;
}

/* The name itself, then each domain above it that still has a dot: a list that names
 * "com" means nothing. */
static const struct indicator *find_domain(struct matcher *m, const char *value, size_t n)
{
	const struct indicator *found = find_n(m, INDICATOR_DOMAIN, value, n);

	while (found == NULL) {
		const char *dot = memchr(value, '.', n);

		if (dot == NULL)
			break;
		n -= (size_t)(dot + 1 - value);
		value = dot + 1;
		if (memchr(value, '.', n) == NULL)
			break;
		found = find_n(m, INDICATOR_DOMAIN, value, n);
	}
	return found;
}

/* The part of a URL between "://" and "?" or "#". */
static const char *host_and_path(const char *url, size_t *n)
{
	const char *scheme = strstr(url, "://");
	const char *start = scheme != NULL ? scheme + 3 : url;

	*n = strcspn(start, "?#");
	while (*n > 0 && start[*n - 1] == '/')
		(*n)--;
	return start;
}

static const struct indicator *find_url(struct matcher *m, const char *value)
{
	const struct indicator *found = find(m, INDICATOR_URL, value);
	const char *start;
	char host[256];
	size_t n;

	if (found != NULL)
		return found;
	start = host_and_path(value, &n);
	/* Kept beside the exact value under the kind TEXT, which matches nothing by itself. */
	if (n > 0 && (found = find_n(m, INDICATOR_TEXT, start, n)) != NULL)
		return found;
	n = strcspn(start, "/:?#");
	if (n == 0 || n >= sizeof(host))
		return NULL;
	memcpy(host, start, n);
	host[n] = '\0';
	return ip_is_valid(host) ? find_address(m, host) : find_domain(m, host, n);
}

static const struct indicator *find_hash(struct matcher *m, const char *value)
{
	switch (strlen(value)) {
	case 32: return find(m, INDICATOR_MD5, value);
	case 40: return find(m, INDICATOR_SHA1, value);
	case 64: return find(m, INDICATOR_SHA256, value);
	case 128: return find(m, INDICATOR_SHA512, value);
	default: return NULL;
	}
}

static const char *last_part(const char *path)
{
	for (const char *p = path; *p != '\0'; p++)
		if ((*p == '/' || *p == '\\') && p[1] != '\0')
			path = p + 1;
	return path;
}

static const struct indicator *find_file(struct matcher *m, const char *value)
{
	const char *name = last_part(value);

	return is_generic(name) ? NULL : find(m, INDICATOR_FILENAME, name);
}

/* What lists write for a folder that has another name on each machine. `folder` is where it begins or what it holds. */
static const struct { const char *folder, *variable; bool first; } folders[] = {
	{ "\\appdata\\local\\temp\\", "%temp%", false }, { "\\appdata\\local\\temp\\", "%tmp%", false },
	{ "\\windows\\temp\\", "%temp%", false }, { "\\windows\\temp\\", "%tmp%", false },
	{ "\\appdata\\roaming\\", "%appdata%", false }, { "\\appdata\\local\\", "%localappdata%", false },
	{ "\\programdata\\", "%programdata%", true }, { "\\programdata\\", "%allusersprofile%", true },
	{ "\\users\\public\\", "%public%", true }, { "\\windows\\", "%windir%", true }, { "\\windows\\", "%systemroot%", true },
	{ "\\program files\\", "%programfiles%", true }, { "\\program files (x86)\\", "%programfiles(x86)%", true },
	{ "\\", "%systemdrive%", true }, { NULL, NULL, false }
};

static const struct indicator *find_below(struct matcher *m, const char *variable, const char *rest)
{
	struct text t = { 0 };
	const struct indicator *found;

	text_printf(&t, "%s\\%s", variable, rest);
	found = find(m, INDICATOR_PATH, text_str(&t));
	text_free(&t);
	return found;
}

static const struct indicator *find_path(struct matcher *m, const char *value)
{
	const struct indicator *found = find(m, INDICATOR_PATH, value);

	for (size_t i = 0; m->variables && found == NULL && folders[i].folder != NULL; i++) {
		const char *at = folders[i].first ? value + 2 : strcasestr(value, folders[i].folder);
		size_t n = strlen(folders[i].folder);

		if (at != NULL && strlen(value) > 2 && value[1] == ':' && strncasecmp(at, folders[i].folder, n) == 0)
			found = find_below(m, folders[i].variable, at + n);
	}
	return found != NULL ? found : find_file(m, value);
}

/* Keys that every installer writes below. */
static const char *const generic_keys[] = { "\\run", "\\runonce", "\\services", "\\winlogon", "\\currentversion", NULL };

static bool is_generic_key(const char *key, size_t n)
{
	for (size_t i = 0; generic_keys[i] != NULL; i++) {
		size_t length = strlen(generic_keys[i]);

		if (n >= length && strncasecmp(key + n - length, generic_keys[i], length) == 0)
			return true;
	}
	return false;
}

static const struct indicator *find_key(struct matcher *m, const char *value)
{
	const struct indicator *found = find(m, INDICATOR_REGISTRY, value);
	const char *last = strrchr(value, '\\');

	/* Windows reports a value as its key and name in one. */
	if (found == NULL && last != NULL && !is_generic_key(value, (size_t)(last - value)))
		found = find_n(m, INDICATOR_REGISTRY, value, (size_t)(last - value));
	return found;
}

static const struct indicator *find_registry(struct matcher *m, const char *value)
{
	static const char users[] = "hkey_users\\s-1-5-";
	const struct indicator *found = find_key(m, value);
	const char *rest;

	if (found == NULL && strncasecmp(value, users, sizeof(users) - 1) == 0 &&
	    (rest = strchr(value + sizeof(users) - 1, '\\')) != NULL) {
		struct text t = { 0 };

		text_printf(&t, "hkey_current_user%s", rest);
		found = find_key(m, text_str(&t));
		text_free(&t);
	}
	return found;
}

static const struct indicator *find_email(struct matcher *m, const char *value)
{
	const struct indicator *found = find(m, INDICATOR_EMAIL, value);
	const char *at = strrchr(value, '@');

	return found != NULL || at == NULL ? found : find_domain(m, at + 1, strlen(at + 1));
}

static const struct indicator *find_any(struct matcher *m, enum entity_kind kind, const char *value)
{
	const struct indicator *found;

	switch (kind) {
	case ENTITY_IP: return find_address(m, value);
	case ENTITY_DOMAIN: return find_domain(m, value, strlen(value));
	case ENTITY_URL: return find_url(m, value);
	case ENTITY_HASH: return find_hash(m, value);
	case ENTITY_CERTIFICATE:
		found = find(m, INDICATOR_CERTIFICATE, value);
		return found != NULL ? found : find_hash(m, value);
	case ENTITY_FILE: return find_file(m, value);
	case ENTITY_PATH: case ENTITY_PROCESS: return find_path(m, value);
	case ENTITY_EMAIL: return find_email(m, value);
	case ENTITY_HOST: return strchr(value, '.') != NULL ? find_domain(m, value, strlen(value)) : NULL;
	case ENTITY_AGENT: return find(m, INDICATOR_AGENT, value);
	case ENTITY_REGISTRY: return find_registry(m, value);
	case ENTITY_JA3: return find(m, INDICATOR_JA3, value);
	case ENTITY_CVE: return find(m, INDICATOR_CVE, value);
	case ENTITY_COMMAND: return find(m, INDICATOR_COMMAND, value);
	default: return NULL;
	}
}

const struct indicator *matcher_find(struct matcher *m, enum entity_kind kind, const char *value, instant seen,
                                     const struct indicator **lapsed)
{
	const struct indicator *found;

	*lapsed = NULL;
	if (intern_count(m->values) == 0 && m->network_count == 0)
		return NULL;
	m->seen = seen;
	m->lapsed = NULL;
	found = find_any(m, kind, value);
	*lapsed = found == NULL ? m->lapsed : NULL;
	return found;
}

/* The first to take a key keeps it; indicators come in order of content. */
static void add(struct matcher *m, const struct indicator *i, enum indicator_kind kind, const char *value,
                size_t n)
{
	bool fresh;
	uint32_t id;

	make_key(&m->key, kind, value, n);
	id = intern_put(m->values, m->key.bytes, m->key.used, &fresh);
	if (fresh)
		m->by_value[id] = i;
}

static void add_indicator(struct matcher *m, const struct indicator *i)
{
	size_t n;

	if (i->kind == INDICATOR_CIDR)
		add_network(m, i);
	m->variables = m->variables || (i->kind == INDICATOR_PATH && i->value[0] == '%');
	add(m, i, i->kind, i->value, strlen(i->value));
	if (i->kind == INDICATOR_URL) {
		const char *start = host_and_path(i->value, &n);

		/* A bare host is no path: its domain would be an indicator of its own. */
		if (memchr(start, '/', n) != NULL)
			add(m, i, INDICATOR_TEXT, start, n);
	}
}

struct matcher *matcher_new(const struct indicator *all, uint32_t count)
{
	struct matcher *m = must_alloc(sizeof(*m));

	m->values = intern_new();
	m->by_value = must_grow(NULL, 2 * (size_t)count, sizeof(*m->by_value));
	m->networks = must_grow(NULL, (size_t)count + 1, sizeof(*m->networks));
	/* What was withdrawn comes last: two URLs may share host and path. */
	for (int withdrawn = 0; withdrawn < 2; withdrawn++)
		for (uint32_t k = 0; k < count; k++)
			if (all[k].kind != INDICATOR_TEXT && all[k].withdrawn == (withdrawn > 0) && (all[k].detect || all[k].withdrawn))
				add_indicator(m, &all[k]);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (m == NULL)
		return;
	intern_free(m->values);
	free(m->by_value);
	free(m->networks);
	text_free(&m->key);
	free(m);
}
