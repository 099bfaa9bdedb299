/* The files that people write or change for themselves, one target a file: "file-notes" reads the bytes as notes,
 * "file-attack" as the techniques of ATT&CK, and so on down the table at the end. What is refused has a sentence; what
 * is accepted keeps its header's word and can be used. The reports' own are in fuzz_template.c. */
#include "tests/fuzz/file.h"

#include <math.h>

#include "analyst/detect/detect.h"
#include "analyst/import/maps.h"
#include "analyst/import/tables.h"
#include "analyst/knowledge/containment.h"
#include "analyst/knowledge/knowledge.h"
#include "analyst/knowledge/sayings.h"
#include "analyst/readers/notes.h"

static int use_notes(const struct input *in, struct fault *f)
{
	struct notes notes = { NULL, 0 };

	if (notes_read(&notes, in->bytes, in->n, in->path, in->arena, f) < 0)
		return -1;
	for (size_t i = 0; i < notes.count; i++) {
		const struct note *n = &notes.list[i];

		HOLDS(utf8_valid(n->text, strlen(n->text)));
		HOLDS(n->text[0] != '\0' && note_field_wrong(n->field, in->arena) == NULL);
		HOLDS(note_text(&notes, n->incident, n->field, n->lang) == n->text);
	}
	return 0;
}

static int use_tables(const struct input *in, struct fault *f)
{
	const struct rule rule = { .product = "suricata", .id = "2001", .name = "ET SCAN x" };
	struct overrides tables = { NULL, 0 };

	if (tables_load(&tables, in->path, in->arena, f) < 0)
		return -1;
	for (size_t i = 0; i < tables.count; i++) {
		const struct override *o = &tables.rows[i];

		HOLDS(o->severity == SEVERITY_KEPT || (o->severity >= SEVERITY_UNKNOWN && o->severity <= SEVERITY_CRITICAL));
		HOLDS(o->severity != SEVERITY_KEPT || o->techniques != NULL);
		override_fits(o, &rule);
	}
	return 0;
}

static int use_map(const struct input *in, struct fault *f)
{
	struct reader_options o = { .map = NULL };

	if (maps_load(&o, NULL, in->path, in->arena, f) < 0)
		return -1;
	HOLDS(o.map != NULL && o.map->count <= MAP_COLUMNS && o.map->header_count <= MAP_HEADER);
	for (size_t i = 0; i < o.map->count; i++)
		HOLDS((o.map->columns[i].constant == NULL) != (o.map->columns[i].field.path == NULL));
	return 0;
}

static int use_detections(const struct input *in, struct fault *f)
{
	static const struct event_value values[] = { { "Image", "C:\\Windows\\System32\\cmd.exe" }, { "CommandLine", "cmd /c x" } };
	const struct event e = { .provider = "Microsoft-Windows-Sysmon", .channel = "Microsoft-Windows-Sysmon/Operational",
	                         .id = 1, .values = values, .count = 2 };
	struct detections *d = NULL;
	const struct judgement *j;

	if (detections_load(&d, in->path, f) < 0)
		return -1;
	if ((j = detections_judge(d, &e)) != NULL)
		HOLDS(j->rule.id != NULL && j->rule.name != NULL && j->severity <= SEVERITY_CRITICAL);
	detections_free(d);
	return 0;
}

static void use_behaviour(const struct behaviour *b)
{
	HOLDS(b != NULL && b->key != NULL && b->family != NULL);
	HOLDS(b->tactic >= -1 && b->tactic < TACTICS && b->stage >= 0 && b->stage <= 99);
	HOLDS(isfinite(b->weight) && b->weight >= 0 && b->weight <= 1);
}

static int use_knowledge(const struct input *in, struct fault *f)
{
	static const struct rule rules[] = {
		{ .product = "suricata", .name = "ET TROJAN beacon", .category = "A Network Trojan was detected" },
		{ .product = "wazuh", .name = "Web shell", .techniques = "T1505.003 T1059" },
	};
	struct knowledge *k = NULL;
	const char *list;

	if (knowledge_load(&k, in->folder, f) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		for (int kind = RECORD_ALERT; kind <= RECORD_RESPONSE; kind++)
			use_behaviour(knowledge_behaviour(k, &rules[i], (enum record_kind)kind));
	knowledge_threat(k, "ProxyLogon CVE-2021-26855 and mimikatz");
	list = attack_list(knowledge_attack(k), "T1086 T1059 T1562.001 T1086", in->arena);
	HOLDS(strcmp(list, attack_list(knowledge_attack(k), list, in->arena)) == 0);
	HOLDS(attack_release(knowledge_attack(k)) != NULL);
	knowledge_free(k);
	return 0;
}

static int use_containment(const struct input *in, struct fault *f)
{
	struct containment c;

	if (containment_load(&c, in->folder, in->arena, f) < 0)
		return -1;
	HOLDS(c.delay >= 0 && c.used_by >= 1);
	for (size_t i = 0; i < c.count; i++)
		HOLDS(c.rows[i].block <= BLOCK_ISOLATE && c.rows[i].confidence >= 1 && c.rows[i].confidence <= 100 &&
		      c.rows[i].hours >= 0 && containment_row(&c, c.rows[i].behaviour) != NULL);
	containment_is_shared(&c, "a.example.com");
	containment_is_spared(&c, "192.0.2.1");
	return 0;
}

static bool begins_with_d(void *ctx, const char *name)
{
	(void)ctx;
	return name[0] == 'd';
}

static int use_sayings(const struct input *in, struct fault *f)
{
	struct sayings s;

	if (sayings_load(&s, in->folder, in->arena, f) < 0)
		return -1;
	for (size_t i = 0; i < s.count; i++) {
		HOLDS(s.rows[i].key != NULL && s.rows[i].part <= PART_ACTION && s.rows[i].certainty <= CERTAINTY_NOT_SEEN);
		saying_fits(&s.rows[i], begins_with_d, begins_with_d, NULL);
		saying_names(&s.rows[i], "download");
	}
	return 0;
}

static const char *const knowledge[] = {
	"templates/knowledge/attack.xml", "templates/knowledge/behaviours.xml", "templates/knowledge/threats.xml", NULL
};

const struct target targets[] = {
	{ "file-attack", "attack.xml", use_knowledge, knowledge },
	{ "file-behaviours", "behaviours.xml", use_knowledge, knowledge },
	{ "file-containment", "containment.xml", use_containment, NULL },
	{ "file-detections", "detections.xml", use_detections, NULL },
	{ "file-map", "map", use_map, NULL },
	{ "file-notes", "notes.txt", use_notes, NULL },
	{ "file-sayings", "sayings.xml", use_sayings, NULL },
	{ "file-tables", "tables.csv", use_tables, NULL },
	{ "file-threats", "threats.xml", use_knowledge, knowledge },
	{ NULL, NULL, NULL, NULL }
};
