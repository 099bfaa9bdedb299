#include "analyst/readers/nested.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"

struct nested {
	const struct field *fields;
	struct json *json;
	struct json_paths *paths;
};

struct nested *nested_new(const struct field *fields)
{
	struct nested *n = must_alloc(sizeof(*n));
	size_t count = 0;
	const char **paths;

	while (fields[count].path != NULL)
		count++;
	paths = must_alloc((count + 1) * sizeof(*paths));
	for (size_t i = 0; i < count; i++)
		paths[i] = fields[i].path;
	n->fields = fields;
	n->json = json_new();
	n->paths = json_paths_new(paths, count);
	free(paths);
	return n;
}

void nested_free(struct nested *n)
{
	if (n == NULL)
		return;
	json_free(n->json);
	json_paths_free(n->paths);
	free(n);
}

bool nested_read(struct nested *n, const char *bytes, size_t length)
{
	return json_read(n->json, n->paths, bytes, length, length, NULL) == 0 &&
	       (json_root(n->json) == JSON_OBJECT || json_root(n->json) == JSON_ARRAY);
}

const struct json_value *nested_first(const struct nested *n, size_t row)
{
	return json_first(n->json, row);
}

const struct json_value *nested_next(const struct nested *n, const struct json_value *v)
{
	return json_next(n->json, v);
}

const char *nested_text(const struct nested *n, size_t row)
{
	return json_text(n->json, row);
}

/* Behind the string that begins at s[i]. */
static size_t string_end(const char *s, size_t n, size_t i)
{
	for (i++; i < n && s[i] != '"'; i++)
		i += s[i] == '\\';
	return i + 1;
}

static size_t value_end(const char *s, size_t n, size_t i)
{
	size_t depth = 0;

	for (; i < n; i++) {
		if (s[i] == '"')
			i = string_end(s, n, i) - 1;
		else if (s[i] == '{' || s[i] == '[')
			depth++;
		else if ((s[i] == '}' || s[i] == ']' || s[i] == ',') && depth == 0)
			break;
		else if (s[i] == '}' || s[i] == ']')
			depth--;
	}
	return i < n ? i : n;
}

const char *nested_member(const char *object, size_t n, size_t *at, size_t *length)
{
	size_t i = *at, end;

	while (i < n && object[i] != '"')
		i++;
	if (i == n)
		return NULL;
	for (i = string_end(object, n, i); i < n && strchr(" \t\r\n:", object[i]) != NULL && object[i] != '\0';)
		i++;
	if (i >= n)
		return NULL;
	end = value_end(object, n, i);
	*at = end;
	*length = end - i;
	return object + i;
}

const char *nested_element(const char *array, size_t n, size_t *at, size_t *length)
{
	size_t i = *at > 0 ? *at : 1, end;

	while (i < n && array[i] != '\0' && strchr(" \t\r\n,", array[i]) != NULL)
		i++;
	if (i >= n || array[i] == ']')
		return NULL;
	end = value_end(array, n, i);
	*at = end;
	*length = end - i;
	return array + i;
}

/* What the filling keeps has to outlive the next object. */
void nested_fill(const struct nested *n, struct filling *fi)
{
	for (size_t i = 0; n->fields[i].path != NULL; i++) {
		if (n->fields[i].take == TAKE_NOTHING)
			continue;
		for (const struct json_value *v = json_first(n->json, i); v != NULL; v = json_next(n->json, v))
			if (v->type == JSON_STRING_TEXT || v->type == JSON_NUMBER || v->type == JSON_BOOL)
				filling_take(fi, &n->fields[i], arena_dupn(fi->arena, v->text, v->length));
	}
}

struct record record_part(const struct reading *rg, const struct record *rec, const struct json_value *v, struct part *part)
{
	size_t offset = json_item_offset(rg->json, v->item);
	struct record out = *rec;

	out.bytes = v->text;
	out.n = out.room = v->length;
	/* Bytes that had to be repaired have moved. */
	if (json_repaired(rg->json) || offset < part->offset || offset > rec->n)
		return out;
	part->lines += count_lines(rec->bytes + part->offset, offset - part->offset);
	part->offset = offset;
	out.at.line = rec->at.line + part->lines;
	out.at.offset = rec->at.offset + (int64_t)offset;
	out.at.length = v->length;
	return out;
}

/* A record made of a million small elements would otherwise take for ever; an alert keeps
 * far fewer things than this. */
#define BESIDE_STEPS 1024

int each_member(struct reading *rg, const struct record *rec, size_t row,
                int (*one)(struct reading *rg, const struct record *member, struct fault *f), struct fault *f)
{
	struct part part = { 0, 0 };

	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v)) {
		struct record member;

		if (v->type != JSON_OBJECT)
			continue;
		member = record_part(rg, rec, v, &part);
		if (one(rg, &member, f) < 0)
			return -1;
	}
	return 0;
}

const char *text_beside(const struct json *j, size_t row, const struct json_value *v)
{
	size_t steps = 0;

	/* Items are numbered in the order of the record. */
	for (const struct json_value *o = json_first(j, row); o != NULL && o->item <= v->item && steps++ < BESIDE_STEPS; o = json_next(j, o))
		if (o->item == v->item && (o->type == JSON_STRING_TEXT || o->type == JSON_NUMBER || o->type == JSON_BOOL))
			return o->text;
	return NULL;
}

/* ---- what is said alike ---- */

static const char *joined(struct arena *arena, const char *folder, const char *name)
{
	size_t n;

	if (folder == NULL || folder[0] == '\0')
		return name;
	if (name == NULL || name[0] == '\0')
		return folder;
	n = strlen(folder);
	/* Some give the whole path where others give the folder. */
	if (strcasecmp(folder, name) == 0)
		return name;
	if (n > strlen(name) && strcasecmp(folder + n - strlen(name), name) == 0 &&
	    strchr("/\\", folder[n - strlen(name) - 1]) != NULL)
		return folder;
	if (strchr("/\\", folder[n - 1]) != NULL)
		return arena_printf(arena, "%s%s", folder, name);
	return arena_printf(arena, "%s%c%s", folder, strchr(folder, '/') != NULL ? '/' : '\\', name);
}

void add_file(struct alert *a, struct arena *arena, enum entity_role role, const char *folder, const char *name)
{
	const char *path = joined(arena, folder, name);

	if (path == NULL)
		return;
	if (last_component(path) != path)
		canon_add(a, arena, ENTITY_PATH, role, path);
	if (name != NULL && name[0] != '\0')
		canon_add(a, arena, ENTITY_FILE, role, last_component(path));
}

void add_process(struct alert *a, struct arena *arena, enum entity_role role, const char *folder, const char *name)
{
	canon_add(a, arena, ENTITY_PROCESS, role, joined(arena, folder, name));
}

void add_account(struct alert *a, struct arena *arena, enum entity_role role, const char *name)
{
	size_t n = name != NULL ? strlen(name) : 0;

	if (n > 0 && name[n - 1] != '$')
		canon_add(a, arena, ENTITY_USER, role, name);
}

void add_registry(struct alert *a, struct arena *arena, const char *hive, const char *key)
{
	if (key != NULL)
		canon_add(a, arena, ENTITY_REGISTRY, ROLE_OBSERVED,
		          hive != NULL && hive[0] != '\0' ? arena_printf(arena, "%s\\%s", hive, key) : key);
}

void add_hash_list(struct alert *a, struct arena *arena, const char *s)
{
	while (s != NULL && *s != '\0') {
		size_t n = strcspn(s, ",");
		const char *equals = memchr(s, '=', n), *value = equals != NULL ? equals + 1 : s;

		if (strncasecmp(s, "IMPHASH", 7) != 0)
			canon_add(a, arena, ENTITY_HASH, ROLE_OBSERVED, arena_dupn(arena, value, n - (size_t)(value - s)));
		s += n;
		if (*s == ',')
			s++;
	}
}

void add_threat_paths(struct alert *a, struct arena *arena, const char *s)
{
	while (s != NULL && *s != '\0') {
		const char *end = strstr(s, "; "), *mark, *path;
		size_t n = end != NULL ? (size_t)(end - s) : strlen(s), length;

		path = trim(s, &n);
		if ((mark = memmem(path, n, ":_", 2)) != NULL) {
			bool file = mark - path >= 4 && strncasecmp(mark - 4, "file", 4) == 0;

			n -= (size_t)(mark + 2 - path);
			path = file ? mark + 2 : "";
			n = file ? n : 0;
		}
		length = 0;
		while (length < n && path[length] != '|' && (n - length < 2 || memcmp(path + length, "->", 2) != 0))
			length++;
		if (length > 0) {
			const char *name = arena_dupn(arena, path, length);

			canon_add(a, arena, ENTITY_FILE, ROLE_OBSERVED, last_component(name));
			canon_add(a, arena, ENTITY_PATH, ROLE_OBSERVED, name);
		}
		if (length < n && path[length] == '|') {
			const char *url = path + length + 1, *bar = memchr(url, '|', n - length - 1);

			canon_addn(a, arena, ENTITY_URL, ROLE_OBSERVED, url, bar != NULL ? (size_t)(bar - url) : n - length - 1);
		}
		s = end != NULL ? end + 2 : NULL;
	}
}

void add_tactic_list(struct ids *ids, struct arena *arena, const char *s)
{
	while (s != NULL && *s != '\0') {
		size_t n = strcspn(s, ",;[]\"\xC2\xA6");      /* and "¦" */

		if (n > 0)
			ids_add_tactics(ids, arena_dupn(arena, s, n));
		s += n;
		if (*s != '\0')
			s++;
	}
}

static void letters_of(char *out, size_t room, const char *s)
{
	size_t n = 0;

	for (; *s != '\0' && n + 1 < room; s++)
		if (isalnum((unsigned char)*s))
			out[n++] = (char)tolower((unsigned char)*s);
	out[n] = '\0';
}

/* Also the names that the products had before. */
static const struct { const char *letters, *name; } microsoft_products[] = {
	{ "microsoftdefenderforendpoint", "defender-endpoint" },
	{ "microsoftdefenderadvancedthreatprotection", "defender-endpoint" }, { "mdatp", "defender-endpoint" },
	{ "windowsdefenderatp", "defender-endpoint" }, { "windowsdefenderav", "defender-antivirus" },
	{ "microsoftdefenderforidentity", "defender-identity" },
	{ "azureadvancedthreatprotection", "defender-identity" }, { "aatp", "defender-identity" },
	{ "microsoftdefenderforoffice365", "defender-office" }, { "officeatp", "defender-office" },
	{ "office365advancedthreatprotection", "defender-office" }, { "oatp", "defender-office" },
	{ "microsoftdefenderforcloudapps", "defender-cloud-apps" },
	{ "microsoftcloudappsecurity", "defender-cloud-apps" }, { "mcas", "defender-cloud-apps" },
	{ "microsoftappgovernance", "defender-cloud-apps" },
	{ "azureadidentityprotection", "entra-protection" }, { "azureactivedirectoryidentityprotection", "entra-protection" },
	{ "ipc", "entra-protection" }, { "microsoftentraidprotection", "entra-protection" },
	{ "microsoft365defender", "defender-xdr" }, { "microsoftdefenderxdr", "defender-xdr" },
	{ "microsoftthreatprotection", "defender-xdr" }, { "microsoftxdr", "defender-xdr" }, { "mtp", "defender-xdr" },
	{ "microsoftdefenderatp", "defender-endpoint" }, { "asc", "defender-cloud" },
	{ "azuresecuritycenter", "defender-cloud" }, { "microsoftdefenderforcloud", "defender-cloud" },
	{ "azuresentinel", "sentinel" }, { "microsoftsentinel", "sentinel" }, { "asialerts", "sentinel" },
	{ "asischeduledalerts", "sentinel" }, { "datalossprevention", "data-loss-prevention" },
	{ "microsoftdatalossprevention", "data-loss-prevention" }, { NULL, NULL }
};

const char *microsoft_product(const char *s)
{
	char letters[64];

	if (s == NULL)
		return NULL;
	letters_of(letters, sizeof(letters), s);
	for (size_t i = 0; microsoft_products[i].letters != NULL; i++)
		if (strcmp(microsoft_products[i].letters, letters) == 0)
			return microsoft_products[i].name;
	return NULL;
}

void microsoft_action(struct alert *a, const char *status)
{
	static const struct { const char *word; enum action action; int strength; } words[] = {
		{ "prevented", ACTION_BLOCKED, 3 }, { "blocked", ACTION_BLOCKED, 3 }, { "replaced", ACTION_BLOCKED, 3 },
		{ "remediated", ACTION_QUARANTINED, 2 }, { "quarantined", ACTION_QUARANTINED, 2 }, { "detected", ACTION_DETECTED, 1 },
		{ "delivered", ACTION_ALLOWED, 1 }, { "deliveredasspam", ACTION_ALLOWED, 1 }, { NULL, ACTION_UNKNOWN, 0 }
	};
	int strength = 0;

	for (size_t i = 0; words[i].word != NULL; i++)
		if (words[i].action == a->action)
			strength = words[i].strength;
	for (size_t i = 0; status != NULL && words[i].word != NULL; i++)
		if (strcasecmp(words[i].word, status) == 0 && words[i].strength > strength)
			a->action = words[i].action;
}

bool american_time(instant *out, const char *s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static const struct zone utc = { .name = "UTC" };
	int year, month, day, hour, minute, second, used = 0;
	long nanosecond = 0;
	char name[4], ending[3], rest[40] = "";
	const char *at;

	/* Most begin with a year of four digits, and are none. */
	if (s == NULL || (isdigit((unsigned char)s[0]) && isdigit((unsigned char)s[1]) && isdigit((unsigned char)s[2])))
		return false;
	if (sscanf(s, "%2d/%2d/%4d%*1[,]%2d:%2d:%2d%n", &month, &day, &year, &hour, &minute, &second, &used) == 6 && used > 0) {
		long unit = 100000000;

		s += used;
		if (*s == '.')
			for (s++; isdigit((unsigned char)*s); s++, unit /= 10)
				nanosecond += (*s - '0') * unit;
		if (sscanf(s, " %2[APMapm]%n", ending, &used) == 1) {
			if (hour < 1 || hour > 12)
				return false;
			hour = hour % 12 + (toupper((unsigned char)ending[0]) == 'P' ? 12 : 0);
			s += used;
		}
		snprintf(rest, sizeof(rest), "%s", s);
	} else if (sscanf(s, "%3[A-Za-z] %2d%*2[a-z] %4d %2d:%2d:%2d%39s", name, &day, &year, &hour, &minute, &second, rest) >= 6) {
		at = strstr(months, name);
		if (at == NULL || strlen(name) != 3 || (at - months) % 3 != 0 || strcmp(rest, "UTC") != 0)
			return false;
		month = (int)(at - months) / 3 + 1;
		rest[0] = '\0';
	} else {
		return false;
	}
	if (rest[strspn(rest, " ")] != '\0' || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 ||
	    minute < 0 || minute > 59 || second < 0 || second > 60 || year < 1970 || year > 2200)
		return false;
	*out = civil_to_instant(year, month, day, hour, minute, second, &utc) + nanosecond;
	return true;
}
