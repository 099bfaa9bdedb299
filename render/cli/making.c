#include "render/cli/making.h"

#include <errno.h>
#include <string.h>

#include "analyst/model/tlp.h"
#include "analyst/model/view.h"
#include "analyst/readers/notes.h"
#include "render/document/sections.h"

static int tlp_option(const char **out, const char *asked, struct fault *f)
{
	*out = tlp_named(asked);
	if (asked == NULL || *out != NULL)
		return 0;
	return fault_set(f, FAULT_USAGE, "--tlp takes RED, AMBER+STRICT, AMBER, GREEN or CLEAR, not '%.100s'", asked);
}

int making_allowed(const struct making *m, const struct incident *in, struct fault *f)
{
	const struct indicator *i = tlp_strictest(m->cf->an, in);
	struct text value = { 0 };
	const char *list;

	if (m->tlp == NULL || i == NULL || strcmp(tlp_stricter(m->tlp, i->tlp), m->tlp) == 0)
		return 0;
	text_add_defanged(&value, i->value);
	list = i->tlp_list != NULL ? arena_printf(m->cf->arena, " by '%.100s'", i->tlp_list) : "";
	fault_set(f, FAULT_USAGE, "--tlp %s is laxer than what it would tell of: the indicator %.200s is marked %s%s; "
	          "without --tlp the report gets the label it needs", m->tlp + 4, text_str(&value), i->tlp, list);
	text_free(&value);
	return -1;
}

const char *making_bound(const struct making *m, const struct incident *in)
{
	const struct indicator *i = tlp_strictest(m->cf->an, in);

	if (m->tlp != NULL || i == NULL)
		return m->tlp;
	return strcmp(tlp_stricter(i->tlp, "TLP:AMBER"), "TLP:AMBER") == 0 && strcmp(i->tlp, "TLP:AMBER") != 0 ? NULL : i->tlp;
}

const char *making_label(const struct making *m, const struct incident *in)
{
	const struct indicator *i = tlp_strictest(m->cf->an, in);

	return tlp_stricter(m->tlp != NULL ? m->tlp : in != NULL ? "TLP:AMBER+STRICT" : "TLP:AMBER", i != NULL ? i->tlp : NULL);
}

int making_options(struct making *m, const struct cli *c, struct fault *f)
{
	memset(m, 0, sizeof(*m));
	m->incident = NO_INCIDENT;
	m->customer = cli_option(c, "--customer");
	m->organisation = cli_option(c, "--organisation");
	return cli_language(&m->lang, c, f) < 0 || cli_zone(&m->zone, c, f) < 0 ||
	       cli_period(&m->since, &m->until, c, &m->zone, f) < 0 ||
	       tlp_option(&m->tlp, cli_option(c, "--tlp"), f) < 0 ||
	       instant_now(&m->now, INSTANT_NONE, f) < 0 ? -1 : 0;
}

int making_incident(struct making *m, const struct cli *c, struct fault *f)
{
	const char *which = cli_option(c, "--incident");

	m->incident_given = which != NULL;
	if (which != NULL && casefile_incident(&m->incident, m->cf, which, f) < 0)
		return -1;
	if (which != NULL) {
		casefile_tell(m->cf, m->incident);
		return 0;
	}
	m->incident = m->cf->an->queue_count > 0 ? 0 : NO_INCIDENT;
	return 0;
}

int making_template(struct making *m, const struct casefile *cf, const struct cli *c, const char *kind, struct fault *f)
{
	const char *path = cli_option(c, "--template"), *slash = path != NULL ? strrchr(path, '/') : NULL;
	const struct section_set *set;
	struct template_model model;

	if (path == NULL)
		return 0;
	if (kind == NULL && template_kind(&kind, path, cf->arena, f) < 0)
		return -1;
	if ((set = section_set_find(kind)) == NULL)
		return fault_set(f, FAULT_DATA, "%s: there is no report '%.50s'", path, kind);
	model = section_model(set);
	m->template_name = slash != NULL ? slash + 1 : path;
	return template_load(&m->template, path, &model, cf->phrases, cf->arena, f);
}

static void show_blocks(struct redaction *rd, const struct template_block *blocks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (int lang = 0; lang < LANGUAGES; lang++) {
			redaction_shows(rd, blocks[i].heading[lang]);
			for (size_t k = 0; k < blocks[i].text_count; k++)
				redaction_shows(rd, blocks[i].texts[k].pattern[lang]);
		}
		show_blocks(rd, blocks[i].blocks, blocks[i].block_count);
	}
}

/* What stands in the report because somebody said so, and the names of techniques, hide nothing of the case. */
static void show_own(const struct making *m, const struct casefile *cf)
{
	const struct attack *attack = knowledge_attack(cf->knowledge);
	const struct template *t = m->template;

	redaction_shows(m->redaction, m->customer);
	redaction_shows(m->redaction, m->organisation);
	redaction_shows(m->redaction, m->zone.name);
	for (int lang = 0; t != NULL && lang < LANGUAGES; lang++) {
		redaction_shows(m->redaction, t->customer[lang]);
		redaction_shows(m->redaction, t->organisation[lang]);
	}
	if (t != NULL && t->logo != NULL && !redaction_keeps_logo(m->redaction))
		remark("the template's logo is left out: the redaction profile has no <keep-logo/>");
	if (t != NULL)
		show_blocks(m->redaction, t->blocks, t->block_count);
	for (uint32_t i = 0; i < cf->week->rule_count; i++) {
		const char *ids = cf->week->rules[i].rule.techniques;

		for (size_t n; ids != NULL && *ids != '\0'; ids += n + strspn(ids + n, " ")) {
			n = strcspn(ids, " ");
			redaction_shows(m->redaction, attack_name(attack, arena_dupn(cf->arena, ids, n)));
		}
	}
}

static int read_notes(struct notes *out, const char *path, struct arena *a, struct fault *f)
{
	FILE *in = fopen(path, "rb");
	char *bytes = arena_alloc(a, NOTES_BYTES + 2);
	size_t n;
	int rc;

	if (in == NULL)
		return fault_set(f, FAULT_IO, "cannot open the notes '%s': %s", path, strerror(errno));
	n = fread(bytes, 1, NOTES_BYTES + 1, in);
	rc = ferror(in) ? fault_set(f, FAULT_IO, "reading the notes '%s': %s", path, strerror(errno)) :
	     notes_read(out, bytes, n, path, a, f);
	fclose(in);
	return rc;
}

static bool is_incident(const struct casefile *cf, const char *id)
{
	const struct analysis *whole = view_whole(cf->an);

	for (uint32_t i = 0; i < whole->incident_count; i++)
		if (strcmp(whole->incidents[i].id, id) == 0)
			return true;
	return false;
}

static bool same_field(const struct note *a, const struct note *b)
{
	return strcmp(a->incident, b->incident) == 0 && strcmp(a->field, b->field) == 0 && strcmp(a->lang, b->lang) == 0;
}

static bool is_among(const struct notes *notes, const struct note *n)
{
	for (size_t i = 0; i < notes->count; i++)
		if (same_field(&notes->list[i], n))
			return true;
	return false;
}

static int add_notes(struct making *m, const struct casefile *cf, const struct cli *c, struct fault *f)
{
	const char *path = cli_option(c, "--notes");
	struct notes given = { NULL, 0 };
	struct note *list;

	if (path != NULL && read_notes(&given, path, cf->arena, f) < 0)
		return -1;
	list = ARENA_ARRAY(cf->arena, struct note, given.count + cf->notes.count + 1);
	m->notes = (struct notes){ list, 0 };
	for (size_t i = 0; i < given.count + cf->notes.count; i++) {
		struct note n = i < given.count ? given.list[i] : cf->notes.list[i - given.count];

		if (i >= given.count && is_among(&given, &n))
			continue;
		if (n.incident[0] != '\0' && !is_incident(cf, n.incident)) {
			remark("the note '%s' is for %s, which is no incident of the case file now", n.field, n.incident);
			continue;
		}
		n.text = redact_text(m->redaction, n.text);
		list[m->notes.count++] = n;
	}
	return 0;
}

int making_look(struct making *m, struct casefile *cf, const struct cli *c, struct fault *f)
{
	const char *profile = cli_option(c, "--redact");

	casefile_view(cf, m->since, m->until);
	if (profile == NULL)
		return 0;
	casefile_tell_all(cf);
	if (redact_analysis(&m->redaction, &cf->an, &cf->narratives, &cf->sources, cf->source_count, cf->phrases, profile,
	                    cf->arena, f) < 0)
		return -1;
	cf->week = (struct week *)(uintptr_t)cf->an->week;
	show_own(m, cf);
	return 0;
}

int making_dress(struct making *m, struct casefile *cf, const struct cli *c, const char *kind, struct fault *f)
{
	return making_template(m, cf, c, kind, f) < 0 || making_look(m, cf, c, f) < 0 ? -1 : add_notes(m, cf, c, f);
}

enum status making_status(const struct making *m)
{
	if (view_alerts(m->cf->an) > 0)
		return STATUS_DONE;
	remark("%s", m->cf->week->mark_count == 0 ? "the case file holds no alerts" : "no alert lies in the period asked for");
	return STATUS_PARTIAL;
}

const char *path_ending(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');

	return dot == NULL || (slash != NULL && dot < slash) ? "" : dot;
}
