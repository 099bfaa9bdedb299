/* Incidents as an IODEF document, version 2 (RFC 7970): what CSIRTs exchange. The order of elements is the schema's; so are the
 * words of its attributes. Restricted to those concerned unless a label says otherwise. */
#include <string.h>

#include "render/export/iocs.h"

/* BulkObservable@type. NULL: by the address's family. What is missing has no type there. */
static const struct { enum indicator_kind kind; const char *type; } kinds[] = {
	{ INDICATOR_IP, NULL }, { INDICATOR_CIDR, NULL }, { INDICATOR_DOMAIN, "domain-name" }, { INDICATOR_URL, "site-uri" },
	{ INDICATOR_EMAIL, "e-mail" }, { INDICATOR_MD5, "file-hash" }, { INDICATOR_SHA1, "file-hash" },
	{ INDICATOR_SHA256, "file-hash" }, { INDICATOR_SHA512, "file-hash" }, { INDICATOR_FILENAME, "file-path" },
	{ INDICATOR_PATH, "file-path" }, { INDICATOR_AGENT, "http-user-agent" }, { INDICATOR_REGISTRY, "windows-reg-key" },
	{ INDICATOR_MUTEX, "mutex" },
};

/* FORMATS 4.1. */
static const struct { const char *label, *restriction; } restrictions[] = {
	{ "RED", "restriction=\"red\"" }, { "AMBER+STRICT", "restriction=\"ext-value\" ext-restriction=\"amber+strict\"" },
	{ "AMBER", "restriction=\"amber\"" }, { "GREEN", "restriction=\"green\"" }, { "CLEAR", "restriction=\"white\"" },
	{ NULL, "restriction=\"private\"" }
};

static const char *restriction_of(const char *label)
{
	size_t i = 0;

	while (restrictions[i].label != NULL && (label == NULL || strcmp(restrictions[i].label, label) != 0))
		i++;
	return restrictions[i].restriction;
}

static const char *type_of(const struct ioc *io)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].kind != io->kind)
			continue;
		if (kinds[i].type != NULL)
			return kinds[i].type;
		return io->kind == INDICATOR_CIDR ? (strchr(io->value, ':') != NULL ? "ipv6-net" : "ipv4-net")
		                                  : strchr(io->value, ':') != NULL ? "ipv6-addr" : "ipv4-addr";
	}
	return NULL;
}

static void add_element(struct text *out, const char *name, const char *content)
{
	text_printf(out, "<%s>", name);
	text_add_xml(out, content);
	text_printf(out, "</%s>\n", name);
}

static void add_indicator(struct text *out, const struct export_request *rq, const struct ioc *io)
{
	const char *id = export_id(rq, "indicator", arena_printf(rq->arena, "%s %s", table_name(indicator_kinds, (int)io->kind), io->value));
	const struct indicator *in = io->listed;
	const char *own = in != NULL && in->tlp != NULL ? in->tlp + strlen("TLP:") : NULL;

	/* Its list's label holds for it, whatever the document's is. */
	text_printf(out, "<Indicator%s%s><IndicatorID name=\"", own != NULL ? " " : "", own != NULL ? restriction_of(own) : "");
	text_add_xml(out, export_producer(rq));
	text_printf(out, "\" version=\"1\">%s</IndicatorID>\n", id);
	if (in != NULL && (in->context != NULL || in->list != NULL))
		add_element(out, "Description", in->context != NULL ? in->context : in->list);
	text_printf(out, "<StartTime>%s</StartTime>\n<Observable><BulkObservable type=\"%s\">", export_time(rq, io->first), type_of(io));
	add_element(out, "BulkObservableList", io->value);
	/* The RFC's schema wants Confidence empty, its erratum a number in it: neither receiver takes the other's. */
	text_printf(out, "</BulkObservable></Observable>\n<AdditionalData dtype=\"integer\" name=\"confidence\">%d</AdditionalData></Indicator>\n",
	            io->confidence);
}

static void add_incident(struct text *out, const struct export_request *rq, uint32_t i, const struct ioc *list, size_t n)
{
	static const char *const severities_of[] = {
		[PRIORITY_LOW] = "low", [PRIORITY_MEDIUM] = "medium", [PRIORITY_HIGH] = "high", [PRIORITY_CRITICAL] = "high",
	};
	const struct incident *in = &rq->an->incidents[i];
	const struct technique_count *techniques;
	size_t count, given = 0;

	text_printf(out, "<Incident purpose=\"reporting\" status=\"new\" %s>\n<IncidentID name=\"", restriction_of(rq->label));
	text_add_xml(out, export_producer(rq));
	text_printf(out, "\">%s</IncidentID>\n<StartTime>%s</StartTime><EndTime>%s</EndTime><GenerationTime>%s</GenerationTime>\n", in->id,
	            export_time(rq, in->first), export_time(rq, in->last), export_time(rq, rq->made));
	add_element(out, "Description", export_title(rq, i));
	add_element(out, "Description", export_story(rq, i));
	text_printf(out, "<Assessment><SystemImpact severity=\"%s\" type=\"unknown\"/></Assessment>\n", severities_of[in->priority]);
	techniques = export_techniques(&count, rq, i, i + 1);
	for (size_t k = 0; k < count; k++) {
		const char *name = attack_name(rq->attack, techniques[k].id);

		text_add(out, "<Method>");
		add_element(out, "Description", arena_printf(rq->arena, "ATT&CK %s%s%s", techniques[k].id, name != NULL ? " " : "",
		                                             name != NULL ? name : ""));
		text_add(out, "</Method>\n");
	}
	text_add(out, "<Contact role=\"creator\" type=\"organization\">");
	add_element(out, "ContactName", export_producer(rq));
	text_add(out, "</Contact>\n");
	for (size_t k = 0; k < n; k++) {
		if (list[k].incident != i || !list[k].detect || type_of(&list[k]) == NULL)
			continue;
		text_add(out, given++ == 0 ? "<IndicatorData>\n" : "");
		add_indicator(out, rq, &list[k]);
	}
	text_add(out, given > 0 ? "</IndicatorData>\n</Incident>\n" : "</Incident>\n");
}

int export_iodef(struct text *out, const struct export_request *rq, struct fault *f)
{
	size_t n;
	const struct ioc *list = iocs_gather(&n, rq);

	(void)f;
	text_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<IODEF-Document version=\"2.00\" xml:lang=\"%s\" "
	            "xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">\n", rq->lang == LANGUAGE_JA ? "ja" : "en");
	for (uint32_t i = export_first(rq); i < export_end(rq); i++)
		add_incident(out, rq, i, list, n);
	text_add(out, "</IODEF-Document>\n");
	return 0;
}
