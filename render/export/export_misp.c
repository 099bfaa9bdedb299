/* An incident as a MISP event: unpublished, for one's own organisation; whoever shares it decides that there. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "render/export/iocs.h"
#include "render/export/uuid.h"

struct misp_kind {
	enum indicator_kind kind;
	const char *type, *category;
};

static const struct misp_kind kinds[] = {
	{ INDICATOR_IP, "ip-dst", "Network activity" }, { INDICATOR_CIDR, "ip-dst", "Network activity" },
	{ INDICATOR_DOMAIN, "domain", "Network activity" }, { INDICATOR_URL, "url", "Network activity" },
	{ INDICATOR_EMAIL, "email", "Payload delivery" }, { INDICATOR_MD5, "md5", "Payload delivery" },
	{ INDICATOR_SHA1, "sha1", "Payload delivery" }, { INDICATOR_SHA256, "sha256", "Payload delivery" },
	{ INDICATOR_SHA512, "sha512", "Payload delivery" }, { INDICATOR_FILENAME, "filename", "Payload delivery" },
	{ INDICATOR_PATH, "filename", "Payload delivery" }, { INDICATOR_AGENT, "user-agent", "Network activity" },
	{ INDICATOR_REGISTRY, "regkey", "Persistence mechanism" }, { INDICATOR_MUTEX, "mutex", "Artifacts dropped" },
	{ INDICATOR_CVE, "vulnerability", "External analysis" }, { INDICATOR_JA3, "ja3-fingerprint-md5", "Network activity" },
	{ INDICATOR_CERTIFICATE, "x509-fingerprint-sha1", "Network activity" },
	{ INDICATOR_COMMAND, "text", "Other" }, { INDICATOR_TEXT, "text", "Other" },
};

static const struct misp_kind *kind_of(const struct ioc *io)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].kind == io->kind)
			return &kinds[i];
	return NULL;
}

static const char *uuid_of(const struct export_request *rq, const char *what, const char *name)
{
	char *id = arena_alloc(rq->arena, UUID_ROOM);

	uuid5(id, UUID_TSUMUGI, arena_printf(rq->arena, "misp %s %s", what, name));
	return id;
}

static void add_attribute(struct text *out, const struct export_request *rq, const struct ioc *io, bool first)
{
	const struct misp_kind *kind = kind_of(io);
	const char *in = rq->an->incidents[io->incident].id, *type = kind->type;

	if (io->kind == INDICATOR_CERTIFICATE && strlen(io->value) != 40)
		type = strlen(io->value) == 32 ? "x509-fingerprint-md5" : "x509-fingerprint-sha256";
	if (io->kind == INDICATOR_IP && io->inbound)
		type = "ip-src";

	text_printf(out, "%s{\"uuid\":\"%s\",\"type\":\"%s\",\"category\":\"%s\",\"to_ids\":%s,\"distribution\":\"5\",\"timestamp\":\"%" PRId64
	            "\",\"first_seen\":\"%s\",\"last_seen\":\"%s\"", first ? "\n" : ",\n",
	            uuid_of(rq, "attribute", arena_printf(rq->arena, "%s %s %s", in, kind->type, io->value)),
	            type, kind->category, io->detect ? "true" : "false",
	            rq->made / SECOND, export_time(rq, io->first), export_time(rq, io->last));
	export_field(out, "value", io->value);
	export_field(out, "comment", io->listed != NULL && io->listed->context != NULL ? io->listed->context :
	             io->listed != NULL ? io->listed->list : "seen in the records");
	text_addc(out, '}');
}

static void add_tag(struct text *out, const char *name, bool *any)
{
	text_add(out, *any ? ",{\"name\":" : "{\"name\":");
	text_add_json(out, name);
	text_addc(out, '}');
	*any = true;
}

static void add_tags(struct text *out, const struct export_request *rq, uint32_t i, const char *label)
{
	size_t n;
	const struct technique_count *list = export_techniques(&n, rq, i, i + 1);
	bool any = false;

	text_add(out, ",\"Tag\":[");
	if (label != NULL) {
		char *tag = arena_printf(rq->arena, "tlp:%s", label);

		for (char *c = tag; *c != '\0'; c++)
			if (*c >= 'A' && *c <= 'Z')
				*c = (char)(*c - 'A' + 'a');
		add_tag(out, tag, &any);
	}
	for (size_t k = 0; k < n; k++) {
		const char *name = attack_name(rq->attack, list[k].id);

		if (name != NULL)
			add_tag(out, arena_printf(rq->arena, "misp-galaxy:mitre-attack-pattern=\"%s - %s\"", name, list[k].id), &any);
	}
	text_addc(out, ']');
}

static void add_event(struct text *out, const struct export_request *rq, uint32_t i, const struct ioc *list, size_t n)
{
	static const char *const threat_levels[] = {
		[PRIORITY_LOW] = "3", [PRIORITY_MEDIUM] = "2", [PRIORITY_HIGH] = "1", [PRIORITY_CRITICAL] = "1",
	};
	const struct incident *in = &rq->an->incidents[i];
	const char *title = export_title(rq, i);
	bool first = true;

	text_printf(out, "{\"Event\":{\"uuid\":\"%s\",\"date\":\"%.10s\",\"threat_level_id\":\"%s\",\"analysis\":\"0\",\"published\":false,"
	            "\"distribution\":\"0\",\"timestamp\":\"%" PRId64 "\"", uuid_of(rq, "event", in->id), export_time(rq, in->first),
	            threat_levels[in->priority], rq->made / SECOND);
	export_field(out, "info", arena_printf(rq->arena, "%s: %s", in->id, title));
	add_tags(out, rq, i, iocs_label(rq, list, n));
	text_add(out, ",\"Attribute\":[");
	for (size_t k = 0; k < n; k++)
		if (list[k].incident == i && kind_of(&list[k]) != NULL) {
			add_attribute(out, rq, &list[k], first);
			first = false;
		}
	text_printf(out, "],\"EventReport\":[{\"uuid\":\"%s\",\"distribution\":\"5\",\"timestamp\":\"%" PRId64 "\"",
	            uuid_of(rq, "report", in->id), rq->made / SECOND);
	export_field(out, "name", title);
	export_field(out, "content", export_story(rq, i));
	text_add(out, "}]}}");
}

int export_misp(struct text *out, const struct export_request *rq, struct fault *f)
{
	size_t n;
	const struct ioc *list = iocs_gather(&n, rq);
	uint32_t first = export_first(rq), end = export_end(rq);

	(void)f;
	text_add(out, "{\"response\":[");
	for (uint32_t i = first; i < end; i++) {
		text_add(out, i > first ? ",\n" : "\n");
		add_event(out, rq, i, list, n);
	}
	text_add(out, "]}\n");
	return 0;
}
