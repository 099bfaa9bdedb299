#include "render/export/stix.h"

#include <string.h>

struct tlp {
	const char *label, *id, *level;
};

/* The ids of OASIS; the objects go along so that receivers can resolve them. */
static const struct tlp tlps[] = {
	{ "RED", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "red" },
	{ "AMBER+STRICT", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "amber+strict" },
	{ "AMBER", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber" },
	{ "GREEN", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "green" },
	{ "CLEAR", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "clear" },
};

static const struct tlp *marking(const struct stix *s)
{
	for (size_t i = 0; s->label != NULL && i < sizeof(tlps) / sizeof(tlps[0]); i++)
		if (strcmp(tlps[i].label, s->label) == 0)
			return &tlps[i];
	return NULL;
}

void stix_object(struct stix *s, const char *type, const char *id, instant created, instant modified)
{
	text_printf(s->out, "%s{\"type\":\"%s\",\"spec_version\":\"2.1\",\"id\":\"%s\"", s->any ? ",\n" : "\n", type, id);
	s->any = true;
	if (created != INSTANT_NONE) {
		text_printf(s->out, ",\"created\":\"%s\",\"modified\":\"%s\"", export_time(s->rq, created), export_time(s->rq, modified));
		if (strcmp(type, "identity") != 0)
			text_printf(s->out, ",\"created_by_ref\":\"%s\"", s->identity);
	}
	if (marking(s) != NULL)
		text_printf(s->out, ",\"object_marking_refs\":[\"%s\"]", marking(s)->id);
}

void stix_begin(struct stix *s, const char *key, instant made)
{
	const char *producer = export_producer(s->rq);
	const struct tlp *tlp = marking(s);

	s->identity = export_id(s->rq, "identity", producer);
	text_printf(s->out, "{\"type\":\"bundle\",\"id\":\"%s\",\"objects\":[", export_id(s->rq, "bundle", key));
	if (tlp != NULL) {
		text_printf(s->out, "\n{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\"%s\",\"created\":\"2022-10-01T00:00:00.000Z\","
		            "\"name\":\"TLP:%s\",\"extensions\":{\"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d\":"
		            "{\"extension_type\":\"property-extension\",\"tlp_2_0\":\"%s\"}}}", tlp->id, tlp->label, tlp->level);
		s->any = true;
	}
	stix_object(s, "identity", s->identity, made, made);
	export_field(s->out, "name", producer);
	export_field(s->out, "identity_class", "organization");
	text_addc(s->out, '}');
}

void stix_end(struct stix *s)
{
	text_add(s->out, "]}\n");
}
