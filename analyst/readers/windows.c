#include "analyst/readers/windows.h"
#include "analyst/readers/nested.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NAME(key, name) name,
const char *const windows_names[WINDOWS_VALUES] = { WINDOWS_SYSTEM(NAME) WINDOWS_DATA(NAME) };

/* ---- one name for one thing ---- */

static bool is_said(const char *s)
{
	return s != NULL && s[0] != '\0' && strcmp(s, "-") != 0;
}

static void also(struct windows *w, enum windows_value into, enum windows_value from)
{
	if (!is_said(w->values[into]) && is_said(w->values[from]))
		w->values[into] = w->values[from];
}

/* "Cmdlet suceeded. Cmdlet Set-X, parameters -A "b"." of Exchange's management log (its
 * own spelling): the command as it was typed. In XML the parts come unnamed, in order. */
static const char *cmdlet_of(struct arena *arena, const char *message)
{
	const char *name = strstr(message, "Cmdlet "), *parameters;
	size_t length;

	if (name == NULL)
		return message;
	while ((parameters = strstr(name + 7, "Cmdlet ")) != NULL && parameters < name + 40)
		name = parameters;
	name += 7;
	parameters = strstr(name, ", parameters ");
	if (parameters == NULL)
		return arena_dupn(arena, name, strcspn(name, "\r\n"));
	length = strcspn(parameters + 13, "\r\n");
	if (length > 0 && parameters[13 + length - 1] == '.')
		length--;
	return arena_printf(arena, "%.*s %.*s", (int)(parameters - name), name, (int)length, parameters + 13);
}

/* The Security log names a process otherwise than Sysmon does. */
static void settle(struct windows *w, int id, struct arena *arena)
{
	for (size_t i = 0; i < WINDOWS_VALUES; i++)
		if (!is_said(w->values[i]))
			w->values[i] = NULL;
	if (id == 4688) {
		also(w, WINDOWS_IMAGE, WINDOWS_NEW_PROCESS);
		also(w, WINDOWS_PARENT, WINDOWS_PARENT_PROCESS);
	}
	also(w, WINDOWS_IMAGE_PATH, WINDOWS_SERVICE_FILE);
	also(w, WINDOWS_IMAGE, WINDOWS_PROCESS_NAME);
	also(w, WINDOWS_IMAGE, WINDOWS_SOURCE_IMAGE);
	also(w, WINDOWS_COMMAND, WINDOWS_HOST_APPLICATION);
	if (w->values[WINDOWS_PROVIDER] != NULL && w->values[WINDOWS_MESSAGE] != NULL &&
	    strcasecmp(w->values[WINDOWS_PROVIDER], "MSExchange CmdletLogs") == 0 && w->values[WINDOWS_COMMAND] == NULL)
		w->values[WINDOWS_COMMAND] = cmdlet_of(arena, w->values[WINDOWS_MESSAGE]);
}

/* ---- clocks ---- */

/* Sysmon's UtcTime is UTC by its specification. Where the log's own time of the same events
 * differs by whole quarters of an hour, the log was written in local time and marked as
 * UTC: what the machine logged without a UtcTime is off by as much. Three events in a row
 * have to agree. */
#define CLOCKS_MOST 256
#define CLOCK_AGREED 3

struct clock {
	const char *host;
	int64_t quarters;
	int agreed;
};

struct clocks {
	struct clock rows[CLOCKS_MOST];
	size_t count, last;
};

struct clocks *clocks_new(struct arena *kept)
{
	return arena_alloc(kept, sizeof(struct clocks));
}

static struct clock *clock_of(struct reading *rg, struct clocks *all, const char *host)
{
	size_t i;

	if (host == NULL)
		host = "";
	if (all->count > 0 && strcmp(all->rows[all->last].host, host) == 0)
		return &all->rows[all->last];
	for (i = 0; i < all->count && strcmp(all->rows[i].host, host) != 0; i++)
		;
	if (i == CLOCKS_MOST)
		return NULL;
	if (i == all->count)
		all->rows[all->count++].host = arena_dup(rg->kept, host);
	all->last = i;
	return &all->rows[i];
}

static void learn_clock(struct clock *clock, instant utc, instant written)
{
	int64_t off = utc - written, quarter = 15 * MINUTE;
	int64_t quarters = (off + (off < 0 ? -quarter / 2 : quarter / 2)) / quarter;

	if (llabs(off - quarters * quarter) > MINUTE || llabs(off) > DAY)
		return;
	if (quarters != clock->quarters)
		clock->agreed = 0;
	clock->quarters = quarters;
	clock->agreed += clock->agreed < CLOCK_AGREED;
}

static bool read_time(instant *out, enum zone_origin *zone, const char *s, int offset)
{
	return s != NULL && instant_parse(out, zone, s, strlen(s), offset);
}

static void take_time(struct reading *rg, const struct windows *w)
{
	enum zone_origin zone = ZONE_NONE, other;
	instant utc, written;
	const char *created = w->values[WINDOWS_CREATED];
	bool has_utc = read_time(&utc, &other, w->values[WINDOWS_UTC_TIME], 0);
	bool has_written = read_time(&written, &zone, created, rg->options.assumed_offset);
	struct clock *clock = clock_of(rg, w->clocks, w->values[WINDOWS_COMPUTER]);

	if (has_utc && has_written && clock != NULL)
		learn_clock(clock, utc, written);
	if (has_utc) {
		rg->alert.at = utc;
		rg->alert.zone = ZONE_BY_SPEC;
	} else if (has_written) {
		bool off = clock != NULL && clock->agreed >= CLOCK_AGREED && clock->quarters != 0;

		rg->alert.at = off ? written + clock->quarters * 15 * MINUTE : written;
		rg->alert.zone = off ? ZONE_ASSUMED : zone;
	} else {
		rg->filling.bad_time = created;
	}
}

/* ---- who and what ---- */

static const struct {
	enum windows_value value;
	enum entity_kind kind;
	enum entity_role role;
} entities[] = {
	{ WINDOWS_COMPUTER, ENTITY_HOST, ROLE_VICTIM },
	{ WINDOWS_IMAGE, ENTITY_PROCESS, ROLE_ACTOR },
	{ WINDOWS_TARGET_IMAGE, ENTITY_PROCESS, ROLE_TARGET },
	{ WINDOWS_THREAT_PROCESS, ENTITY_PROCESS, ROLE_ACTOR },
	{ WINDOWS_PARENT, ENTITY_PROCESS, ROLE_PARENT },
	{ WINDOWS_COMMAND, ENTITY_COMMAND, ROLE_ACTOR },
	{ WINDOWS_PARENT_COMMAND, ENTITY_COMMAND, ROLE_PARENT },
	{ WINDOWS_TARGET_FILE, ENTITY_PATH, ROLE_OBSERVED },
	{ WINDOWS_IMAGE_PATH, ENTITY_PATH, ROLE_OBSERVED },
	{ WINDOWS_TASK, ENTITY_PATH, ROLE_OBSERVED },
	{ WINDOWS_LOADED, ENTITY_PATH, ROLE_OBSERVED },
	{ WINDOWS_SHARE, ENTITY_PATH, ROLE_TARGET },
	{ WINDOWS_TARGET_OBJECT, ENTITY_REGISTRY, ROLE_OBSERVED },
	{ WINDOWS_QUERY_NAME, ENTITY_DOMAIN, ROLE_DESTINATION },
	{ WINDOWS_SOURCE_IP, ENTITY_IP, ROLE_SOURCE },
	{ WINDOWS_DESTINATION_IP, ENTITY_IP, ROLE_DESTINATION },
	{ WINDOWS_DESTINATION_NAME, ENTITY_DOMAIN, ROLE_DESTINATION },
	{ WINDOWS_DESTINATION_PORT, ENTITY_PORT, ROLE_DESTINATION },
	{ WINDOWS_ADDRESS, ENTITY_IP, ROLE_SOURCE },
	{ WINDOWS_WORKSTATION, ENTITY_HOST, ROLE_SOURCE },
};

/* Accounts of machines ("EXCH01$") act for the machine, which is there already. */
static void add_user(struct reading *rg, enum entity_role role, const char *name)
{
	size_t n = name != NULL ? strlen(name) : 0;

	if (n > 0 && name[n - 1] != '$')
		canon_add(&rg->alert, rg->arena, ENTITY_USER, role, name);
}

static void add_hashes(struct reading *rg, const char *s)
{
	while (s != NULL && *s != '\0') {
		size_t n = strcspn(s, ",");
		const char *equals = memchr(s, '=', n);

		/* The import hash is none of a file. */
		if (equals != NULL && strncasecmp(s, "IMPHASH", 7) != 0)
			canon_add(&rg->alert, rg->arena, ENTITY_HASH, ROLE_OBSERVED,
			          arena_dupn(rg->arena, equals + 1, n - (size_t)(equals - s) - 1));
		s += n + (s[n] == ',');
	}
}

/* Whether the Security log's event is about a group, whose name then stands where an account's does otherwise. */
static bool is_about_group(int id)
{
	return (id >= 4727 && id <= 4737) || (id >= 4744 && id <= 4758) || id == 4764 || id == 4799;
}

static void add_cast(struct reading *rg, const struct windows *w, int id)
{
	const char *subject = w->values[WINDOWS_SUBJECT], *file = w->values[WINDOWS_TARGET_FILE];
	const char *script = w->values[WINDOWS_SCRIPT], *path = w->values[WINDOWS_SCRIPT_PATH];

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		canon_add(&rg->alert, rg->arena, entities[i].kind, entities[i].role, w->values[entities[i].value]);
	add_user(rg, ROLE_ACTOR, w->values[WINDOWS_USER]);
	add_user(rg, ROLE_ACTOR, w->values[WINDOWS_THREAT_USER]);
	add_user(rg, ROLE_ACTOR, subject);
	if (!is_about_group(id))
		add_user(rg, subject != NULL ? ROLE_TARGET : ROLE_ACTOR, w->values[WINDOWS_TARGET]);
	add_user(rg, ROLE_TARGET, w->values[WINDOWS_MEMBER]);
	add_hashes(rg, w->values[WINDOWS_HASHES]);
	if (file != NULL && last_component(file) != file)
		canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED, last_component(file));
	if (script != NULL)
		canon_add(&rg->alert, rg->arena, ENTITY_COMMAND, ROLE_ACTOR,
		          arena_dupn(rg->arena, script, strnlen(script, 1000)));
	add_threat_paths(&rg->alert, rg->arena, path);
}

/* ---- the record ---- */

const struct named defender_actions[] = {
	{ "Quarantine", ACTION_QUARANTINED }, { "Remove", ACTION_QUARANTINED }, { "Clean", ACTION_QUARANTINED },
	{ "Block", ACTION_BLOCKED }, { "Allow", ACTION_ALLOWED }, { "No Action", ACTION_DETECTED },
	{ "Not Applicable", ACTION_DETECTED }, { NULL, 0 }
};

/* Events that say by their number that something was kept from happening: Defender's rules against attack surface,
 * protected folders and networks; Sysmon's files. */
static bool was_blocked(const struct windows *w, int id)
{
	static const struct { const char *provider; int id; } blocks[] = {
		{ "Microsoft-Windows-Windows Defender", 1121 }, { "Microsoft-Windows-Windows Defender", 1123 },
		{ "Microsoft-Windows-Windows Defender", 1126 }, { "Microsoft-Windows-Windows Defender", 1127 },
		{ "Microsoft-Windows-Sysmon", 27 }, { "Microsoft-Windows-Sysmon", 28 }
	};
	const char *provider = w->values[WINDOWS_PROVIDER];

	for (size_t i = 0; provider != NULL && i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (blocks[i].id == id && strcasecmp(blocks[i].provider, provider) == 0)
			return true;
	return false;
}

static const struct judgement *judge(struct reading *rg, const struct windows *w, int id)
{
	struct event_value values[WINDOWS_VALUES];
	struct event e = { .provider = w->values[WINDOWS_PROVIDER], .channel = w->values[WINDOWS_CHANNEL], .id = id,
	                   .values = values };

	if (rg->sink.judge == NULL)
		return NULL;
	for (size_t i = 0; i < WINDOWS_VALUES; i++)
		if (w->values[i] != NULL)
			values[e.count++] = (struct event_value){ windows_names[i], w->values[i] };
	return rg->sink.judge(rg->sink.ctx, &e);
}

/* Sysmon's connections and look-ups have another end; of the rest only the machine is counted. */
static int windows_telemetry(struct reading *rg, const struct record *rec, const struct windows *w, int id,
                             struct fault *f)
{
	const char *provider = w->values[WINDOWS_PROVIDER], *initiated = w->values[WINDOWS_INITIATED];
	bool sysmon = provider != NULL && strcasecmp(provider, "Microsoft-Windows-Sysmon") == 0;
	bool called = initiated != NULL && strcasecmp(initiated, "false") == 0;

	canon_add(&rg->alert, rg->arena, ENTITY_HOST, sysmon && id == 3 && called ? ROLE_DESTINATION : ROLE_SOURCE,
	          w->values[WINDOWS_COMPUTER]);
	if (sysmon && id == 3) {
		if (called)
			canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_SOURCE, w->values[WINDOWS_SOURCE_IP]);
		else
			canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_DESTINATION, w->values[WINDOWS_DESTINATION_IP]);
		return reading_telemetry(rg, rec, TELEMETRY_CONNECTION, f);
	}
	if (sysmon && id == 22) {
		canon_add(&rg->alert, rg->arena, ENTITY_DOMAIN, ROLE_DESTINATION, w->values[WINDOWS_QUERY_NAME]);
		return reading_telemetry(rg, rec, TELEMETRY_LOOKUP, f);
	}
	return reading_telemetry(rg, rec, TELEMETRY_LOG, f);
}

int windows_give(struct reading *rg, const struct record *rec, struct windows *w, struct fault *f)
{
	const char *number = w->values[WINDOWS_ID];
	char *end;
	long id = number != NULL ? strtol(number, &end, 10) : -1;
	const struct judgement *j;

	if (number == NULL || *end != '\0' || id < 0 || id > 65535)
		return reading_reject(rg, rec, "no event id", f);
	settle(w, (int)id, rg->arena);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	take_time(rg, w);
	if ((j = judge(rg, w, (int)id)) == NULL)
		return windows_telemetry(rg, rec, w, (int)id, f);
	reading_judged(rg, j);
	rg->alert.title = w->values[WINDOWS_THREAT];
	if (was_blocked(w, (int)id))
		rg->alert.action = ACTION_BLOCKED;
	if (w->values[WINDOWS_ACTION] != NULL)
		rg->alert.action = (enum action)table_value(defender_actions, w->values[WINDOWS_ACTION], rg->alert.action);
	/* Public configurations of Sysmon: "technique_id=T1059.001,technique_name=PowerShell". */
	if (w->values[WINDOWS_RULE_NAME] != NULL)
		ids_add_techniques(&rg->filling.techniques, w->values[WINDOWS_RULE_NAME]);
	if (w->values[WINDOWS_RECORD_ID] != NULL && w->values[WINDOWS_COMPUTER] != NULL && w->values[WINDOWS_CHANNEL] != NULL)
		rg->alert.native_id = arena_printf(rg->arena, "%s/%s/%s", w->values[WINDOWS_COMPUTER],
		                                   w->values[WINDOWS_CHANNEL], w->values[WINDOWS_RECORD_ID]);
	add_cast(rg, w, (int)id);
	return reading_alert(rg, rec, f);
}
