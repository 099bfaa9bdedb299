/* Incidents as a STIX 2.1 bundle. Every reference is resolved inside it. */
#include <inttypes.h>
#include <string.h>

#include "analyst/knowledge/knowledge.h"
#include "render/export/iocs.h"
#include "render/export/stix.h"
#include "render/export/uuid.h"

/* OASIS, STIX 2.1 section 2.9: ids of observables are made from what they hold. */
#define SCO_SPACE "00abedb4-aa42-466c-9c01-fed23315a9b7"
#define INCIDENT_CORE "extension-definition--ef765651-680c-498d-9894-99799f2fa126"

/* How a kind is looked for, and the observable it is. NULL: STIX has no such object. */
struct stix_kind {
	enum indicator_kind kind;
	const char *path;            /* of the pattern */
	const char *object, *property;
};

static const struct stix_kind kinds[] = {
	{ INDICATOR_IP, "ipv4-addr:value", "ipv4-addr", NULL },
	{ INDICATOR_CIDR, "ipv4-addr:value", NULL, NULL },
	{ INDICATOR_DOMAIN, "domain-name:value", "domain-name", NULL },
	{ INDICATOR_URL, "url:value", "url", NULL },
	{ INDICATOR_EMAIL, "email-addr:value", "email-addr", NULL },
	{ INDICATOR_MD5, "file:hashes.MD5", "file", "MD5" },
	{ INDICATOR_SHA1, "file:hashes.'SHA-1'", "file", "SHA-1" },
	{ INDICATOR_SHA256, "file:hashes.'SHA-256'", "file", "SHA-256" },
	{ INDICATOR_SHA512, "file:hashes.'SHA-512'", "file", "SHA-512" },
	{ INDICATOR_FILENAME, "file:name", NULL, NULL },
	{ INDICATOR_AGENT, "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'", NULL, NULL },
	{ INDICATOR_REGISTRY, "windows-registry-key:key", NULL, NULL },
	{ INDICATOR_MUTEX, "mutex:name", NULL, NULL },
	{ INDICATOR_COMMAND, "process:command_line", NULL, NULL },
	{ INDICATOR_PATH, "file:parent_directory_ref.path", NULL, NULL },
	{ INDICATOR_CERTIFICATE, "x509-certificate:hashes", NULL, NULL },
};

static const struct stix_kind *kind_of(const struct ioc *io)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].kind == io->kind)
			return &kinds[i];
	return NULL;
}

static bool is_v6(const struct ioc *io)
{
	return (io->kind == INDICATOR_IP || io->kind == INDICATOR_CIDR) && strchr(io->value, ':') != NULL;
}

/* The ids of all objects, for the report at the end. */
struct refs {
	const char **ids;
	size_t count, room;
};

struct stixing {
	struct stix s;
	struct refs refs;
};

static const char *keep(struct stixing *x, const char *id)
{
	if (x->refs.count == x->refs.room) {
		const char **more = ARENA_ARRAY(x->s.rq->arena, const char *, x->refs.room * 2 + 256);

		if (x->refs.count > 0)
			memcpy(more, x->refs.ids, x->refs.count * sizeof(*more));
		x->refs.ids = more;
		x->refs.room = x->refs.room * 2 + 256;
	}
	return x->refs.ids[x->refs.count++] = id;
}

/* True when the object is new to the bundle: two incidents may name the same one. */
static bool is_new(const struct stixing *x, const char *id)
{
	for (size_t i = 0; i < x->refs.count; i++)
		if (strcmp(x->refs.ids[i], id) == 0)
			return false;
	return true;
}

static const char *of_incident(struct stixing *x, const char *type, uint32_t incident, const char *name)
{
	return export_id(x->s.rq, type, arena_printf(x->s.rq->arena, "%s %s", x->s.rq->an->incidents[incident].id, name));
}

/* ---- techniques ---- */

static void add_techniques(struct stixing *x)
{
	const struct export_request *rq = x->s.rq;
	size_t n;
	const struct technique_count *list = export_techniques(&n, rq, export_first(rq), export_end(rq));

	for (size_t i = 0; i < n; i++) {
		const char *name = attack_name(rq->attack, list[i].id), *dot = strchr(list[i].id, '.');

		stix_object(&x->s, "attack-pattern", keep(x, export_id(rq, "attack-pattern", list[i].id)), rq->made, rq->made);
		export_field(x->s.out, "name", name != NULL ? name : list[i].id);
		text_printf(x->s.out, ",\"external_references\":[{\"source_name\":\"mitre-attack\",\"external_id\":\"%s\",\"url\":"
		            "\"https://attack.mitre.org/techniques/%.*s%s%s\"}]}", list[i].id,
		            (int)(dot != NULL ? dot - list[i].id : (long)strlen(list[i].id)), list[i].id, dot != NULL ? "/" : "",
		            dot != NULL ? dot + 1 : "");
	}
}

/* ---- indicators, and where they were seen ---- */

static void add_equals(struct text *p, const char *path, const char *s, size_t n)
{
	text_printf(p, "%s = '", path);
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\'' || s[i] == '\\')
			text_addc(p, '\\');
		text_addc(p, s[i]);
	}
	text_addc(p, '\'');
}

static const char *path_of(const struct stix_kind *kind, const struct ioc *io)
{
	if (is_v6(io))
		return "ipv6-addr:value";
	if (io->kind != INDICATOR_CERTIFICATE)
		return kind->path;
	switch (strlen(io->value)) {
	case 32:
		return "x509-certificate:hashes.MD5";
	case 40:
		return "x509-certificate:hashes.'SHA-1'";
	default:
		return "x509-certificate:hashes.'SHA-256'";
	}
}

static void add_pattern(struct stixing *x, const struct stix_kind *kind, const struct ioc *io)
{
	const char *value = io->value, *last = io->kind == INDICATOR_PATH ? strrchr(value, '\\') : NULL;
	struct text p = {0};

	last = last == NULL && io->kind == INDICATOR_PATH ? strrchr(value, '/') : last;
	text_addc(&p, '[');
	/* A file is its name in a folder. */
	if (last != NULL && last > value && last[1] != '\0') {
		add_equals(&p, "file:name", last + 1, strlen(last + 1));
		text_add(&p, " AND ");
		add_equals(&p, kind->path, value, (size_t)(last - value));
	} else {
		add_equals(&p, io->kind == INDICATOR_PATH ? "file:name" : path_of(kind, io), value, strlen(value));
	}
	text_addc(&p, ']');
	export_field(x->s.out, "pattern", text_str(&p));
	export_field(x->s.out, "pattern_type", "stix");
	text_free(&p);
}

static const char *add_observable(struct stixing *x, const struct stix_kind *kind, const struct ioc *io)
{
	const struct export_request *rq = x->s.rq;
	const char *type = is_v6(io) ? "ipv6-addr" : kind->object, *id;
	char uuid[UUID_ROOM];
	struct text body = {0};

	/* In the order and spelling of RFC 8785: this is what the id is made from. */
	if (kind->property != NULL)
		text_printf(&body, "{\"hashes\":{\"%s\":", kind->property);
	else
		text_add(&body, "{\"value\":");
	text_add_json(&body, io->value);
	text_add(&body, kind->property != NULL ? "}}" : "}");
	uuid5(uuid, SCO_SPACE, text_str(&body));
	id = arena_printf(rq->arena, "%s--%s", type, uuid);
	if (is_new(x, id)) {
		stix_object(&x->s, type, keep(x, id), INSTANT_NONE, INSTANT_NONE);
		text_printf(x->s.out, ",%s", text_str(&body) + 1);
	}
	text_free(&body);
	return id;
}

static void add_seen(struct stixing *x, const struct ioc *io, const char *indicator, const struct stix_kind *kind)
{
	const char *observed = NULL;

	if (kind->object != NULL) {
		const char *observable = add_observable(x, kind, io);

		observed = keep(x, of_incident(x, "observed-data", io->incident, observable));
		stix_object(&x->s, "observed-data", observed, io->first, io->last);
		text_printf(x->s.out, ",\"first_observed\":\"%s\",\"last_observed\":\"%s\",\"number_observed\":%" PRIu32 ",\"object_refs\":[\"%s\"]}",
		            export_time(x->s.rq, io->first), export_time(x->s.rq, io->last), io->alerts, observable);
	}
	stix_object(&x->s, "sighting", keep(x, of_incident(x, "sighting", io->incident, indicator)), io->first, io->last);
	text_printf(x->s.out, ",\"first_seen\":\"%s\",\"last_seen\":\"%s\",\"count\":%" PRIu32 ",\"sighting_of_ref\":\"%s\"",
	            export_time(x->s.rq, io->first), export_time(x->s.rq, io->last), io->alerts, indicator);
	if (observed != NULL)
		text_printf(x->s.out, ",\"observed_data_refs\":[\"%s\"]", observed);
	text_addc(x->s.out, '}');
}

static void add_relationship(struct stixing *x, const char *type, const char *from, const char *to, instant at)
{
	const char *id = export_id(x->s.rq, "relationship", arena_printf(x->s.rq->arena, "%s %s %s", from, type, to));

	if (!is_new(x, id))
		return;
	stix_object(&x->s, "relationship", keep(x, id), at, at);
	text_printf(x->s.out, ",\"relationship_type\":\"%s\",\"source_ref\":\"%s\",\"target_ref\":\"%s\"}", type, from, to);
}

static void add_indicator(struct stixing *x, const struct ioc *io)
{
	const struct export_request *rq = x->s.rq;
	const struct stix_kind *kind = kind_of(io);
	const char *id, *technique;

	if (kind == NULL || !io->detect)
		return;
	id = export_id(rq, "indicator", arena_printf(rq->arena, "%s %s", table_name(indicator_kinds, (int)io->kind), io->value));
	if (is_new(x, id)) {
		stix_object(&x->s, "indicator", keep(x, id), io->first, io->first);
		export_field(x->s.out, "name", io->value);
		export_field(x->s.out, "description", io->listed != NULL && io->listed->context != NULL ? io->listed->context :
		             io->listed != NULL ? io->listed->list : NULL);
		add_pattern(x, kind, io);
		export_field(x->s.out, "valid_from", export_time(rq, io->first));
		text_printf(x->s.out, ",\"confidence\":%d,\"indicator_types\":[\"malicious-activity\"]}", io->confidence);
	}
	add_seen(x, io, id, kind);
	technique = io->technique != NULL ? export_id(rq, "attack-pattern", io->technique) : NULL;
	if (technique != NULL && !is_new(x, technique))
		add_relationship(x, "indicates", id, technique, io->first);
	add_relationship(x, "related-to", id, export_id(rq, "incident", rq->an->incidents[io->incident].id), io->first);
}

/* ---- incidents ---- */

static void add_incident(struct stixing *x, uint32_t i)
{
	const struct export_request *rq = x->s.rq;
	const struct incident *in = &rq->an->incidents[i];
	const char *id = keep(x, export_id(rq, "incident", in->id));
	size_t n;
	const struct technique_count *list = export_techniques(&n, rq, i, i + 1);

	stix_object(&x->s, "incident", id, in->first, in->last);
	export_field(x->s.out, "name", export_title(rq, i));
	export_field(x->s.out, "description", export_story(rq, i));
	text_printf(x->s.out, ",\"external_references\":[{\"source_name\":\"tsumugi\",\"external_id\":\"%s\"}],\"extensions\":{\"%s\":"
	            "{\"extension_type\":\"property-extension\",\"determination\":\"suspected\",\"investigation_status\":\"new\"}}}",
	            in->id, INCIDENT_CORE);
	for (size_t k = 0; k < n; k++)
		add_relationship(x, "related-to", id, export_id(rq, "attack-pattern", list[k].id), in->first);
}

int export_stix(struct text *out, const struct export_request *rq, struct fault *f)
{
	size_t n;
	const struct ioc *list = iocs_gather(&n, rq);
	struct stixing x = { .s = { .out = out, .rq = rq, .label = iocs_label(rq, list, n) } };
	uint32_t first = export_first(rq), end = export_end(rq);
	struct text key = {0};

	(void)f;
	for (uint32_t i = first; i < end; i++)
		text_printf(&key, "%s %u ", rq->an->incidents[i].id, rq->an->incidents[i].alert_count);
	stix_begin(&x.s, text_str(&key), rq->made);
	add_techniques(&x);
	for (uint32_t i = first; i < end; i++)
		add_incident(&x, i);
	for (size_t i = 0; i < n; i++)
		add_indicator(&x, &list[i]);
	/* A report without content is not allowed. */
	if (x.refs.count > 0) {
		stix_object(&x.s, "report", export_id(rq, "report", text_str(&key)), rq->made, rq->made);
		export_field(out, "name", end - first == 1 ? export_title(rq, first) : arena_printf(rq->arena, "Tsumugi: %u incidents", end - first));
		export_field(out, "published", export_time(rq, rq->made));
		text_add(out, ",\"report_types\":[\"observed-data\"],\"object_refs\":[");
		for (size_t i = 0; i < x.refs.count; i++)
			text_printf(out, "%s\"%s\"", i > 0 ? "," : "", x.refs.ids[i]);
		text_add(out, "]}");
	}
	stix_end(&x.s);
	text_free(&key);
	return 0;
}

/* ---- Attack Flow ---- */

#define FLOW_EXTENSION "extension-definition--fb9c968a-745b-4ade-9b25-c324172197f4"

/* Two objects of the Center for Threat-Informed Defense as it published them: a definition has one author, and its
 * readers may have it already. */
static void add_flow_definition(struct stixing *x)
{
#define CENTER "identity--d673f8cb-c168-42da-8ed4-0cb26725f86c"
#define SINCE "\"created\":\"2022-08-02T19:34:35.143Z\",\"modified\":\"2022-08-02T19:34:35.143Z\",\"created_by_ref\":\"" CENTER "\""
	text_add(x->s.out, ",\n{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"" CENTER "\"," SINCE ","
	         "\"name\":\"MITRE Center for Threat-Informed Defense\",\"identity_class\":\"organization\"},\n"
	         "{\"type\":\"extension-definition\",\"spec_version\":\"2.1\",\"id\":\"" FLOW_EXTENSION "\"," SINCE ","
	         "\"name\":\"Attack Flow\",\"description\":\"Extends STIX 2.1 with features to create Attack Flows.\","
	         "\"schema\":\"https://center-for-threat-informed-defense.github.io/attack-flow/stix/attack-flow-schema-2.0.0.json\","
	         "\"version\":\"2.0.0\",\"extension_types\":[\"new-sdo\"],\"external_references\":["
	         "{\"source_name\":\"Documentation\",\"description\":\"Documentation for Attack Flow\","
	         "\"url\":\"https://center-for-threat-informed-defense.github.io/attack-flow\"},"
	         "{\"source_name\":\"GitHub\",\"description\":\"Source code repository for Attack Flow\","
	         "\"url\":\"https://github.com/center-for-threat-informed-defense/attack-flow\"}]}");
#undef CENTER
#undef SINCE
}

static void end_flow_object(struct stixing *x)
{
	text_add(x->s.out, ",\"extensions\":{\"" FLOW_EXTENSION "\":{\"extension_type\":\"new-sdo\"}}}");
}

static bool is_step(const struct beat *b)
{
	return b->part == PART_STORY && b->at != INSTANT_NONE && !b->response && b->evidence > 0;
}

/* STIX's scale of confidence; likely as estimative language has it (FORMATS 4.14). */
static const int certainty_values[] = {
	[CERTAINTY_CONFIRMED] = 95, [CERTAINTY_LIKELY] = 80, [CERTAINTY_POSSIBLE] = 50, [CERTAINTY_NOT_SEEN] = 0,
};

/* Whether there is anything to show of the incident. */
static bool add_flow(struct stixing *x, uint32_t i)
{
	const struct export_request *rq = x->s.rq;
	const struct incident *in = &rq->an->incidents[i];
	const struct narrative *story = &rq->narratives[i];
	const char *before = NULL;

	/* From the end, so that each step knows the next. */
	for (size_t k = story->beat_count; k-- > 0;) {
		const struct beat *b = &story->beats[k];
		struct sentence label;
		const char *id;

		if (!is_step(b))
			continue;
		label = story_label(rq->phrases, rq->lang, b, rq->zone, rq->arena);
		id = of_incident(x, "attack-action", i, arena_printf(rq->arena, "E%u", b->evidence));
		stix_object(&x->s, "attack-action", id, b->at, b->at);
		export_field(x->s.out, "name", sentence_plain(&label, rq->arena));
		export_field(x->s.out, "technique_id", b->technique);
		if (b->tactic >= 0 && b->tactic < TACTICS)
			export_field(x->s.out, "tactic_id", tactics[b->tactic]);
		export_field(x->s.out, "description", arena_printf(rq->arena, "%s E%u", in->id, b->evidence));
		export_field(x->s.out, "execution_start", export_time(rq, b->at));
		if (b->until != INSTANT_NONE && b->until > b->at)
			export_field(x->s.out, "execution_end", export_time(rq, b->until));
		text_printf(x->s.out, ",\"confidence\":%d", certainty_values[b->certainty]);
		if (before != NULL)
			text_printf(x->s.out, ",\"effect_refs\":[\"%s\"]", before);
		end_flow_object(x);
		before = id;
	}
	if (before == NULL)
		return false;
	stix_object(&x->s, "attack-flow", export_id(rq, "attack-flow", in->id), in->first, in->last);
	export_field(x->s.out, "name", export_title(rq, i));
	export_field(x->s.out, "description", "Sequence in time. The arrows claim no cause.");
	export_field(x->s.out, "scope", "incident");
	text_printf(x->s.out, ",\"start_refs\":[\"%s\"]", before);
	end_flow_object(x);
	return true;
}

/* A document holds exactly one flow. */
int export_attack_flow(struct text *out, const struct export_request *rq, struct fault *f)
{
	struct stixing x = { .s = { .out = out, .rq = rq, .label = rq->label } };

	(void)f;
	stix_begin(&x.s, arena_printf(rq->arena, "attack-flow %s",
	                              export_end(rq) > export_first(rq) ? rq->an->incidents[export_first(rq)].id : ""), rq->made);
	add_flow_definition(&x);
	for (uint32_t i = export_first(rq); i < export_end(rq) && !add_flow(&x, i); i++)
		;
	stix_end(&x.s);
	return 0;
}
