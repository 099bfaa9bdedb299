/* What Darktrace did about it, as its API lists the actions of Antigena, now called RESPOND (/antigena), and as it tells of
 * them when they change: each a response at its start. */
#include <string.h>

#include "analyst/readers/darktrace.h"
#include "analyst/readers/nested.h"

enum { MODEL, LABEL, BLOCKED, ACTION };

static const struct field fields[] = {
	[MODEL] = FIELD("model", TAKE_NOTHING),
	[LABEL] = FIELD("label", TAKE_TITLE),
	[BLOCKED] = FIELD("blocked", TAKE_NOTHING),
	[ACTION] = FIELD("action", TAKE_NOTHING),
	FIELD("inhibitor", TAKE_TITLE),
	FIELD("start", TAKE_AT),
	FIELD("codeid", TAKE_NATIVE_ID),
	FIELD("action", TAKE_CATEGORY),
	FIELD("score", TAKE_SCORE_OF_ONE),
	FIELD_ENTITY("ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("ips[].ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("device.ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("device.hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("device.macaddress", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("username", ENTITY_USER, ROLE_OBSERVED),
	FIELD_ENTITY("triggerer.username", ENTITY_USER, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "codeid", 50 }, { "iris-event-type", 40 }, { "label", 10 }, { "expires", 10 }, { "agemail", 10 }, { "modeluuid", 10 }, { "did", 5 }, { NULL, 0 }
};

/* "Block connections to 192.0.2.9 port 443": the other end. */
static void add_end(struct reading *rg)
{
	const char *label = reading_text(rg, LABEL), *to = label != NULL ? strstr(label, " to ") : NULL, *port;
	size_t n;

	if (to == NULL)
		return;
	to += 4;
	n = strcspn(to, " ,");
	if (memchr(to, '.', n) == NULL && memchr(to, ':', n) == NULL)
		return;
	canon_add(&rg->alert, rg->arena, ENTITY_DOMAIN, ROLE_DESTINATION, arena_dupn(rg->arena, to, n));
	if ((port = strstr(to + n, "port ")) != NULL)
		canon_add(&rg->alert, rg->arena, ENTITY_PORT, ROLE_DESTINATION, arena_dupn(rg->arena, port + 5, strcspn(port + 5, " ,")));
}

static int antigena_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *model = reading_text(rg, MODEL), *blocked = reading_text(rg, BLOCKED), *action = reading_text(rg, ACTION);

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "darktrace";
	rg->alert.kind = RECORD_RESPONSE;
	reading_fill(rg);
	rg->alert.rule.name = model != NULL && model[0] != '\0' ? darktrace_model(rg->arena, model) : "Antigena action";
	add_end(rg);
	darktrace_accounts(&rg->alert, rg->arena);
	/* Not blocked: nothing was there to block, or somebody has to agree first. */
	if (action != NULL && strcmp(action, "quarantine") == 0)
		rg->alert.action = ACTION_QUARANTINED;
	else if (blocked != NULL && strcmp(blocked, "true") == 0)
		rg->alert.action = ACTION_BLOCKED;
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "actions", NULL };

const struct reader reader_darktrace_antigena = {
	.name = "darktrace-antigena", .summary = "Darktrace Antigena (RESPOND) actions, JSON", .gives = "responses",
	.extensions = ".json", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues,
	.record = antigena_record,
};
