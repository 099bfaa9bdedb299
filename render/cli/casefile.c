#include "render/cli/casefile.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "analyst/cluster/cluster.h"
#include "analyst/knowledge/sayings.h"
#include "analyst/model/view.h"
#include "analyst/narrative/tell.h"
#include "render/cli/progress.h"
#include "render/cli/provenance.h"

void casefile_close(struct casefile *cf)
{
	store_close(cf->store);
	knowledge_free(cf->knowledge);
	phrases_free(cf->phrases);
	arena_free(cf->arena);
	memset(cf, 0, sizeof(*cf));
}

static int load_words(struct casefile *cf, const struct cli *c, struct fault *f)
{
	const char *folder, *knowledge;

	if (templates_folder(&folder, c->program, f) < 0)
		return -1;
	knowledge = arena_printf(cf->arena, "%s/knowledge", folder);
	return provenance(&cf->by, knowledge, cf->arena, f) < 0 || knowledge_load(&cf->knowledge, knowledge, f) < 0 ||
	       sayings_load(&cf->sayings, knowledge, cf->arena, f) < 0 || phrases_load(&cf->phrases, folder, f) < 0 ? -1 : 0;
}

static int load_week(struct casefile *cf, struct fault *f)
{
	const struct lore lore = { cf->knowledge, knowledge_behaviour, knowledge_techniques };

	return store_load_week(&cf->week, cf->store, cf->arena, &lore, f);
}

/* Load, cluster, tell. */
static int conclude(struct casefile *cf, bool keep, struct fault *f)
{
	struct analysis *an = arena_alloc(cf->arena, sizeof(*an));
	struct narrative *told;
	struct progress p = {0};
	int rc = -1;

	progress_stage(&p, "reading the case file");
	if (load_week(cf, f) < 0 || (keep && store_keep_week(cf->store, f) < 0) || stop_check(f) < 0)
		goto out;
	progress_stage(&p, "joining alerts to incidents");
	cluster_week(an, cf->week, cf->arena);
	if (stop_check(f) < 0)
		goto out;
	progress_stage(&p, "telling the incidents");
	told = tell_nothing(an, cf->arena);
	tell(told, an, 0, an->queue_count, cf->knowledge, &cf->sayings, cf->arena);
	cf->narratives = told;
	cf->an = an;
	rc = stop_check(f);
out:
	progress_end(&p);
	return rc;
}

/* In one snapshot and without keeping it: on a medium that cannot be written, and while
 * somebody goes on importing. */
static int analyse_snapshot(struct casefile *cf, const char *path, struct fault *f)
{
	return store_open(&cf->store, path, STORE_READ, f) < 0 || conclude(cf, false, f) < 0 ? -1 : 0;
}

static int analyse_and_keep(struct casefile *cf, const char *path, bool anew, bool *current,
                            struct fault *f)
{
	if (store_open(&cf->store, path, STORE_WRITE, f) < 0)
		return -1;
	if (anew)
		store_ask_rows(cf->store);
	if (conclude(cf, true, f) < 0 || store_save_analysis(cf->store, cf->an, cf->narratives, cf->by, f) < 0)
		return -1;
	return store_is_analysed(current, NULL, cf->store, cf->by, f);
}

static int analyse(struct casefile *cf, const char *path, bool anew, struct fault *f)
{
	bool current = false;

	cf->analysed_now = true;
	store_close(cf->store);
	cf->store = NULL;
	if (access(path, W_OK) != 0) {
		remark("case file '%s' may not be written: the analysis is not kept", path);
	} else if (analyse_and_keep(cf, path, anew, &current, f) < 0) {
		if (f->kind != FAULT_BUSY)
			return -1;
		remark("case file '%s' is being written by another program: the analysis is not kept", path);
		*f = (struct fault){ FAULT_NONE, "" };
	}
	if (current)
		return 0;
	/* The totals of now must go with the alerts of now. */
	store_close(cf->store);
	cf->store = NULL;
	return analyse_snapshot(cf, path, f);
}

static int recall(struct casefile *cf, struct fault *f)
{
	struct analysis *an;

	if (load_week(cf, f) < 0 || store_load_analysis(&an, &cf->narratives, cf->store, cf->week, cf->arena, f) < 0)
		return -1;
	cf->an = an;
	return 0;
}

static int open_words(struct casefile *cf, const struct cli *c, struct fault *f)
{
	memset(cf, 0, sizeof(*cf));
	cf->arena = arena_new();
	return store_open(&cf->store, cli_case(c), STORE_READ, f) < 0 || load_words(cf, c, f) < 0 ? -1 : 0;
}

/* What is told while an import goes on, or after one was cut off, rests on what was in by then. */
static int load_sources(struct casefile *cf, struct fault *f)
{
	if (store_sources(&cf->sources, &cf->source_count, cf->store, cf->arena, f) < 0)
		return -1;
	for (size_t i = 0; i < cf->source_count; i++)
		if (!cf->sources[i].complete)
			remark("'%s' is in only in part: its import goes on, or was cut off and goes on when it is repeated",
			       cf->sources[i].name);
	return 0;
}

int casefile_open(struct casefile *out, const struct cli *c, struct fault *f)
{
	bool current = false;

	if (open_words(out, c, f) == 0 && store_is_analysed(&current, NULL, out->store, out->by, f) == 0 &&
	    (current ? recall(out, f) : analyse(out, cli_case(c), false, f)) == 0 && load_sources(out, f) == 0 &&
	    store_notes(&out->notes, out->store, out->arena, f) == 0)
		return 0;
	casefile_close(out);
	return -1;
}

int casefile_analyse(struct casefile *out, struct concluded *counts, const struct cli *c, bool anew, struct fault *f)
{
	bool current = false;

	if (open_words(out, c, f) < 0 || store_is_analysed(&current, counts, out->store, out->by, f) < 0 ||
	    ((!current || anew) && analyse(out, cli_case(c), anew, f) < 0) || load_sources(out, f) < 0) {
		casefile_close(out);
		return -1;
	}
	if (out->analysed_now)
		*counts = (struct concluded){ out->week->mark_count, out->an->episode_count, out->an->incident_count,
		                              out->an->queue_count };
	return 0;
}

/* Whatever is in view, an incident is told of all of it. */
static void tell_some(struct casefile *cf, uint32_t first, uint32_t end)
{
	struct narrative *told = arena_copy(cf->arena, cf->narratives, cf->an->incident_count, sizeof(*told));
	struct analysis an = *cf->an;

	if (an.machine == NULL)
		an.machine = cluster_machines(an.week, cf->arena);
	tell(told, &an, first, end, cf->knowledge, &cf->sayings, cf->arena);
	cf->narratives = told;
}

void casefile_tell(struct casefile *cf, uint32_t incident)
{
	if (!cf->told_all && incident >= cf->an->queue_count)
		tell_some(cf, incident, incident + 1);
}

void casefile_tell_all(struct casefile *cf)
{
	if (!cf->told_all)
		tell_some(cf, cf->an->queue_count, cf->an->incident_count);
	cf->told_all = true;
}

/* What is not kept is told of what is. */
static void tell_kept(const struct casefile *of, struct analysis *an, const struct analysis **kept,
                      const struct narrative **kept_told)
{
	struct casefile cf = *of;

	an->machine = of->an->machine;
	cf.an = an;
	cf.narratives = *kept_told;
	casefile_tell_all(&cf);
	*kept = an;
	*kept_told = cf.narratives;
}

static int rederive(struct casefile *cf, const struct analysis **kept, const struct narrative **kept_told,
                    struct fault *why, const struct cli *c, struct fault *f)
{
	struct analysis *an = NULL;
	bool current = false;

	if (open_words(cf, c, f) < 0)
		return -1;
	store_ask_rows(cf->store);
	if (conclude(cf, false, f) < 0 || store_is_analysed(&current, NULL, cf->store, cf->by, f) < 0 ||
	    store_sources(&cf->sources, &cf->source_count, cf->store, cf->arena, f) < 0)
		return -1;
	if (current && store_load_analysis(&an, kept_told, cf->store, cf->week, cf->arena, why) == 0)
		tell_kept(cf, an, kept, kept_told);
	casefile_tell_all(cf);
	return 0;
}

int casefile_rederive(struct casefile *out, const struct analysis **kept, const struct narrative **kept_told,
                      struct fault *why, const struct cli *c, struct fault *f)
{
	struct concluded counts;

	*kept = NULL;
	*kept_told = NULL;
	/* What is not yet concluded is, as every command does. */
	if (casefile_analyse(out, &counts, c, false, f) < 0)
		return -1;
	casefile_close(out);
	if (rederive(out, kept, kept_told, why, c, f) == 0)
		return 0;
	casefile_close(out);
	return -1;
}

struct told casefile_told(const struct casefile *cf)
{
	return (struct told){ cf->an, cf->narratives, cf->phrases, cf->arena };
}

void casefile_view(struct casefile *cf, instant since, instant until)
{
	view_open(&cf->an, &cf->narratives, since, until, cf->arena);
}

/* One that there is, though not in view. */
static const struct incident *elsewhere(const struct casefile *cf, const char *which)
{
	const struct analysis *whole = view_whole(cf->an);

	for (uint32_t i = 0; i < whole->incident_count; i++)
		if (strcasecmp(whole->incidents[i].id, which) == 0)
			return &whole->incidents[i];
	return NULL;
}

int casefile_incident(uint32_t *out, const struct casefile *cf, const char *which, struct fault *f)
{
	const char *place = cf->an->view != NULL ? " in the period asked for" : "";
	const struct incident *other;
	char *end;
	unsigned long rank = strtoul(which, &end, 10);

	for (uint32_t i = 0; i < cf->an->incident_count; i++) {
		const struct incident *in = &cf->an->incidents[i];

		if (strcasecmp(in->id, which) == 0 || (*end == '\0' && in->rank > 0 && in->rank == rank)) {
			*out = i;
			return 0;
		}
	}
	if ((other = elsewhere(cf, which)) != NULL) {
		char first[INSTANT_ROOM], last[INSTANT_ROOM];

		instant_utc(first, other->first);
		instant_utc(last, other->last);
		return fault_set(f, FAULT_USAGE, "no incident '%.100s'%s: it lasted from %s to %s", which, place, first, last);
	}
	if (cf->an->queue_count == 0)
		return fault_set(f, FAULT_USAGE, "no incident '%.100s'%s: the queue is empty", which, place);
	return fault_set(f, FAULT_USAGE, "no incident '%.100s'%s: the queue holds 1 to %u (see 'tsumugi incidents')",
	                 which, place, cf->an->queue_count);
}

