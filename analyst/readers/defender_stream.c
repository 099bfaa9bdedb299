/* Microsoft Defender XDR as it streams to event hubs and storage: tables of advanced hunting, a row each under
 * "properties". An alert is a row of AlertInfo; what it is about stands in rows of AlertEvidence, before or behind, with
 * its id: they are put together when the file has been read. All other tables are telemetry. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/intern.h"
#include "analyst/readers/nested.h"

static const struct band stream_severities[] = {
	{ "Informational", 0, SEVERITY_INFO }, { "Low", 0, SEVERITY_LOW }, { "Medium", 0, SEVERITY_MEDIUM },
	{ "High", 0, SEVERITY_HIGH }, BANDS_END
};

enum {
	TABLE, ALERT_ID, TITLE, SERVICE, TYPE, ROLE, DEVICE, LOCAL, REMOTE, URL, ACCOUNT, ACCOUNT_DOMAIN, UPN, FOLDER, FILE_NAME,
	SHA1, SHA256, COMMAND, KEY, MORE, RECEIVED, INBOUND, CATEGORIES
};

/* The row's columns lie below "properties". */
#define P "properties."
static const struct field fields[] = {
	[TABLE] = FIELD("category", TAKE_NOTHING),
	[ALERT_ID] = FIELD(P "AlertId", TAKE_NATIVE_ID),
	[TITLE] = FIELD(P "Title", TAKE_RULE_NAME),
	[SERVICE] = FIELD(P "ServiceSource", TAKE_NOTHING),
	[TYPE] = FIELD(P "EntityType", TAKE_NOTHING),
	[ROLE] = FIELD(P "EvidenceRole", TAKE_NOTHING),
	[DEVICE] = FIELD(P "DeviceName", TAKE_NOTHING),
	[LOCAL] = FIELD(P "LocalIP", TAKE_NOTHING),
	[REMOTE] = FIELD(P "RemoteIP", TAKE_NOTHING),
	[URL] = FIELD(P "RemoteUrl", TAKE_NOTHING),
	[ACCOUNT] = FIELD(P "AccountName", TAKE_NOTHING),
	[ACCOUNT_DOMAIN] = FIELD(P "AccountDomain", TAKE_NOTHING),
	[UPN] = FIELD(P "AccountUpn", TAKE_NOTHING),
	[FOLDER] = FIELD(P "FolderPath", TAKE_NOTHING),
	[FILE_NAME] = FIELD(P "FileName", TAKE_NOTHING),
	[SHA1] = FIELD(P "SHA1", TAKE_NOTHING),
	[SHA256] = FIELD(P "SHA256", TAKE_NOTHING),
	[COMMAND] = FIELD(P "ProcessCommandLine", TAKE_NOTHING),
	[KEY] = FIELD(P "RegistryKey", TAKE_NOTHING),
	[MORE] = FIELD(P "AdditionalFields", TAKE_NOTHING),
	[RECEIVED] = FIELD("time", TAKE_NOTHING),
	[INBOUND] = FIELD(P "ActionType", TAKE_NOTHING),
	[CATEGORIES] = FIELD(P "Categories", TAKE_NOTHING),
	FIELD(P "Timestamp", TAKE_AT_UTC),
	FIELD("time", TAKE_AT_UTC),
	FIELD("time", TAKE_REPORTED),
	FIELD(P "Category", TAKE_CATEGORY),
	FIELD(P "Category", TAKE_TACTICS),
	FIELD(P "AttackTechniques", TAKE_TECHNIQUES),
	FIELD_SEVERITY(P "Severity", stream_severities),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "operationName", 10 }, { "category", 10 }, { "tenantId", 15 }, { P "Timestamp", 20 }, { P "ReportId", 15 },
	{ P "AlertId", 25 }, { P "ActionType", 10 }, { P "DeviceId", 10 }, { NULL, 0 }
};

/* What evidence is, as JSON inside text. */
enum {
	M_COMMAND, M_IMAGE_FOLDER, M_IMAGE_NAME, M_HOST, M_IMAGE_HOST, M_HOST_NAME, M_PARENT_FOLDER, M_PARENT_NAME, M_PARENT_COMMAND,
	M_ADDRESS, M_URL, M_FOLDER, M_MAILBOX, M_SENDER, M_RECIPIENT, M_SENDER_IP, M_STATE
};
static const struct field more_fields[] = {
	[M_COMMAND] = FIELD("CommandLine", TAKE_NOTHING),
	[M_IMAGE_FOLDER] = FIELD("ImageFile.Directory", TAKE_NOTHING),
	[M_IMAGE_NAME] = FIELD("ImageFile.Name", TAKE_NOTHING),
	[M_HOST] = FIELD("Host.HostName", TAKE_NOTHING),
	[M_IMAGE_HOST] = FIELD("ImageFile.Host.HostName", TAKE_NOTHING),
	[M_HOST_NAME] = FIELD("HostName", TAKE_NOTHING),
	[M_PARENT_FOLDER] = FIELD("ParentProcess.ImageFile.Directory", TAKE_NOTHING),
	[M_PARENT_NAME] = FIELD("ParentProcess.ImageFile.Name", TAKE_NOTHING),
	[M_PARENT_COMMAND] = FIELD("ParentProcess.CommandLine", TAKE_NOTHING),
	[M_ADDRESS] = FIELD("Address", TAKE_NOTHING),
	[M_URL] = FIELD("Url", TAKE_NOTHING),
	[M_FOLDER] = FIELD("Directory", TAKE_NOTHING),
	[M_MAILBOX] = FIELD("MailboxPrimaryAddress", TAKE_NOTHING),
	[M_SENDER] = FIELD("Sender", TAKE_NOTHING),
	[M_RECIPIENT] = FIELD("Recipient", TAKE_NOTHING),
	[M_SENDER_IP] = FIELD("SenderIP", TAKE_NOTHING),
	[M_STATE] = FIELD("LastRemediationState", TAKE_NOTHING),
	FIELD_ENTITY("FileHashes[].Value", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("ImageFile.FileHashes[].Value", ENTITY_HASH, ROLE_OBSERVED),
	FIELDS_END
};

/* An alert whose rows are being met: the row it will be given as, and what its evidence adds. */
struct told {
	struct record row;
	bool info;                   /* the row is AlertInfo's, not evidence that came first */
	struct entity *list;
	size_t count, room;
	enum action action;
};

struct stream_state {
	struct intern *ids;
	struct told *alerts;         /* by the number of their id */
	size_t count, room;
};

/* ---- evidence ---- */

static void take_more(struct reading *rg, enum entity_role role, const char *type)
{
	const struct nested *m = rg->inner[0];
	struct alert *a = &rg->alert;

	add_process(a, rg->arena, ROLE_ACTOR, nested_text(m, M_IMAGE_FOLDER), nested_text(m, M_IMAGE_NAME));
	canon_add(a, rg->arena, ENTITY_COMMAND, ROLE_ACTOR, nested_text(m, M_COMMAND));
	add_process(a, rg->arena, ROLE_PARENT, nested_text(m, M_PARENT_FOLDER), nested_text(m, M_PARENT_NAME));
	canon_add(a, rg->arena, ENTITY_COMMAND, ROLE_PARENT, nested_text(m, M_PARENT_COMMAND));
	for (size_t row = M_HOST; row <= M_HOST_NAME; row++)
		canon_add(a, rg->arena, ENTITY_HOST, ROLE_VICTIM, nested_text(m, row));
	canon_add(a, rg->arena, ENTITY_IP, role, nested_text(m, M_ADDRESS));
	canon_add(a, rg->arena, ENTITY_URL, ROLE_DESTINATION, nested_text(m, M_URL));
	canon_add(a, rg->arena, ENTITY_EMAIL, ROLE_TARGET, nested_text(m, M_MAILBOX));
	canon_add(a, rg->arena, ENTITY_EMAIL, ROLE_TARGET, nested_text(m, M_RECIPIENT));
	canon_add(a, rg->arena, ENTITY_EMAIL, ROLE_ACTOR, nested_text(m, M_SENDER));
	canon_add(a, rg->arena, ENTITY_IP, ROLE_SOURCE, nested_text(m, M_SENDER_IP));
	if (type != NULL && strcasecmp(type, "File") == 0)
		add_file(a, rg->arena, ROLE_OBSERVED, nested_text(m, M_FOLDER), reading_text(rg, FILE_NAME));
	nested_fill(m, &rg->filling);
	microsoft_action(a, nested_text(m, M_STATE));
}

static void take_account(struct reading *rg, const char *evidence)
{
	const char *name = reading_text(rg, ACCOUNT), *domain = reading_text(rg, ACCOUNT_DOMAIN);
	enum entity_role role = evidence != NULL && strcasecmp(evidence, "Impacted") == 0 ? ROLE_TARGET : ROLE_ACTOR;

	if (name != NULL && name[0] != '\0' && domain != NULL && domain[0] != '\0')
		name = arena_printf(rg->arena, "%s\\%s", domain, name);
	add_account(&rg->alert, rg->arena, role, name);
	canon_add(&rg->alert, rg->arena, ENTITY_EMAIL, role, reading_text(rg, UPN));
}

/* What the row of evidence in hand is about, into the emptied alert. */
static void take_evidence(struct reading *rg)
{
	const char *type = reading_text(rg, TYPE), *role = reading_text(rg, ROLE), *more = reading_text(rg, MORE);
	struct alert *a = &rg->alert;

	canon_add(a, rg->arena, ENTITY_HOST, ROLE_VICTIM, reading_text(rg, DEVICE));
	canon_add(a, rg->arena, ENTITY_IP, ROLE_VICTIM, reading_text(rg, LOCAL));
	canon_add(a, rg->arena, ENTITY_IP, ROLE_DESTINATION, reading_text(rg, REMOTE));
	canon_add(a, rg->arena, ENTITY_URL, ROLE_DESTINATION, reading_text(rg, URL));
	take_account(rg, role);
	if (type != NULL && strcasecmp(type, "Process") == 0)
		add_process(a, rg->arena, ROLE_ACTOR, reading_text(rg, FOLDER), reading_text(rg, FILE_NAME));
	else if (reading_text(rg, FILE_NAME) != NULL)
		add_file(a, rg->arena, ROLE_OBSERVED, reading_text(rg, FOLDER), reading_text(rg, FILE_NAME));
	canon_add(a, rg->arena, ENTITY_COMMAND, ROLE_ACTOR, reading_text(rg, COMMAND));
	canon_add(a, rg->arena, ENTITY_HASH, ROLE_OBSERVED, reading_text(rg, SHA256));
	canon_add(a, rg->arena, ENTITY_HASH, ROLE_OBSERVED, reading_text(rg, SHA1));
	add_registry(a, rg->arena, NULL, reading_text(rg, KEY));
	if (more != NULL && nested_read(rg->inner[0], more, strlen(more)))
		take_more(rg, role != NULL && strcasecmp(role, "Impacted") == 0 ? ROLE_VICTIM : ROLE_OBSERVED, type);
}

static bool is_kept(const struct told *t, const struct entity *e)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->list[i].kind == e->kind && t->list[i].role == e->role && strcmp(t->list[i].value, e->value) == 0)
			return true;
	return false;
}

/* As many as an alert holds. */
static void keep_evidence(struct reading *rg, struct told *t)
{
	struct alert *a = &rg->alert;

	take_evidence(rg);
	if (a->action != ACTION_UNKNOWN && a->action > t->action)
		t->action = a->action;
	for (size_t i = 0; i < a->entity_count && t->count < ALERT_ENTITIES; i++) {
		if (is_kept(t, &a->entities[i]))
			continue;
		if (t->count == t->room)
			t->list = must_grow(t->list, t->room = t->room > 0 ? 2 * t->room : 4, sizeof(*t->list));
		t->list[t->count] = a->entities[i];
		t->list[t->count].value = arena_dup(rg->kept, a->entities[i].value);
		t->list[t->count++].shown = arena_dup(rg->kept, a->entities[i].shown);
	}
}

/* ---- rows ---- */

static struct told *told_of(struct stream_state *st, const char *id, bool *fresh)
{
	uint32_t number = intern_put(st->ids, id, strlen(id), fresh);

	if (*fresh && st->count == st->room)
		st->alerts = must_grow(st->alerts, st->room = st->room > 0 ? 2 * st->room : 64, sizeof(*st->alerts));
	if (*fresh)
		st->alerts[st->count++] = (struct told){ .action = ACTION_UNKNOWN };
	return &st->alerts[number];
}

static void keep_row(struct reading *rg, struct told *t, const struct record *rec, bool info)
{
	t->row = (struct record){ .bytes = arena_dupn(rg->kept, rec->bytes, rec->n), .n = rec->n, .room = rec->n, .at = rec->at };
	t->info = info;
}

static int take_alert_row(struct reading *rg, const struct record *rec, bool info, struct fault *f)
{
	const char *id = reading_text(rg, ALERT_ID);
	struct told *t;
	bool fresh;

	if (id == NULL || id[0] == '\0')
		return reading_reject(rg, rec, "no AlertId", f);
	t = told_of(rg->state, id, &fresh);
	if (!info)
		keep_evidence(rg, t);
	if (fresh) {
		keep_row(rg, t, rec, info);
		return 0;
	}
	/* An alert told again as it went on: the later row stands. */
	if (info) {
		struct record before = t->row;

		keep_row(rg, t, rec, true);
		return reading_blank(rg, &before, BLANK_CONTEXT, f);
	}
	return reading_blank(rg, rec, BLANK_CONTEXT, f);
}

static int take_telemetry(struct reading *rg, const struct record *rec, const char *table, struct fault *f)
{
	const char *action = reading_text(rg, INBOUND);
	bool inbound = action != NULL && strncasecmp(action, "Inbound", 7) == 0, network = strcmp(table, "DeviceNetworkEvents") == 0;

	reading_fill_ends(rg);
	canon_add(&rg->alert, rg->arena, ENTITY_IP, inbound ? ROLE_DESTINATION : ROLE_SOURCE, reading_text(rg, LOCAL));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, inbound ? ROLE_SOURCE : ROLE_DESTINATION, reading_text(rg, REMOTE));
	return reading_telemetry(rg, rec, network ? TELEMETRY_CONNECTION : TELEMETRY_OTHER, f);
}

static int stream_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	static const char tables[] = "AdvancedHunting-";
	const char *table = reading_text(rg, TABLE);

	if (table == NULL || strncmp(table, tables, sizeof(tables) - 1) != 0)
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	table += sizeof(tables) - 1;
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	if (strcmp(table, "AlertInfo") == 0 || strcmp(table, "AlertEvidence") == 0)
		return take_alert_row(rg, rec, strcmp(table, "AlertInfo") == 0, f);
	return take_telemetry(rg, rec, table, f);
}

/* ---- alerts ---- */

static int give_alert(struct reading *rg, const struct told *t, struct fault *f)
{
	const char *why, *product;

	if (json_read(rg->json, rg->paths, t->row.bytes, t->row.n, t->row.room, &why) < 0)
		return reading_reject(rg, &t->row, why, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	reading_fill(rg);
	if (!t->info && rg->alert.rule.name == NULL)
		return reading_reject(rg, &t->row, "evidence of an alert whose title this file does not tell", f);
	rg->alert.zone = ZONE_BY_SPEC;
	product = microsoft_product(reading_text(rg, SERVICE));
	rg->alert.rule.product = product != NULL ? product : "defender-xdr";
	add_tactic_list(&rg->filling.tactics, rg->arena, reading_text(rg, CATEGORIES));
	rg->alert.action = t->action;
	for (size_t i = 0; i < t->count; i++)
		alert_add(&rg->alert, t->list[i].kind, t->list[i].role, t->list[i].value, t->list[i].shown);
	return reading_alert(rg, &t->row, f);
}

static int stream_finish(struct reading *rg, struct fault *f)
{
	struct stream_state *st = rg->state;

	for (size_t i = 0; i < st->count; i++) {
		if (give_alert(rg, &st->alerts[i], f) < 0)
			return -1;
		arena_reset(rg->arena);
	}
	return 0;
}

static int stream_open(struct reading *rg, struct fault *f)
{
	struct stream_state *st = must_alloc(sizeof(*st));

	(void)f;
	st->ids = intern_new();
	rg->state = st;
	return 0;
}

static void stream_close(struct reading *rg)
{
	struct stream_state *st = rg->state;

	for (size_t i = 0; st != NULL && i < st->count; i++)
		free(st->alerts[i].list);
	if (st != NULL) {
		intern_free(st->ids);
		free(st->alerts);
	}
	free(st);
}

static const struct field *const inner[] = { more_fields, NULL };
static const char *const wrappers[] = { "records", NULL };

const struct reader reader_defender_stream = {
	.name = "defender-stream", .summary = "Microsoft Defender XDR as it streams: tables of advanced hunting, JSON", .gives = "alerts",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues, .inner = inner,
	.whole = true, .open = stream_open, .record = stream_record, .finish = stream_finish, .close = stream_close,
};
