/* Alerts of the incidents, in time order, as rows: for people's spreadsheets, Timesketch and DFIR-IRIS. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/export/exports.h"

struct row {
	const struct mark *mark;
	const struct incident *incident;
	const struct rule *rule;
	char id[ALERT_ID_ROOM];
	const char *severity, *host, *user, *source, *destination, *technique, *message, *file;
	int64_t line;
	const char *tag;             /* the behaviour's */
};

/* ---- who takes part ---- */

struct wanted {
	enum entity_kind kinds[2];
	int role;                    /* -1: any */
};

static const char *value_of(const struct week *w, const struct cast *c, const struct wanted *wanted)
{
	for (size_t k = 0; k < 2; k++)
		for (uint32_t i = 0; i < c->count; i++) {
			const struct member *m = &w->members[c->first + i];

			if (w->entities[m->entity].kind == wanted->kinds[k] && (wanted->role < 0 || (int)m->role == wanted->role))
				return w->entities[m->entity].shown;
		}
	return "";
}

static int fill_row(struct row *row, const struct export_request *rq, const struct incident *in, const struct episode *e,
                    uint32_t mark, struct fault *f)
{
	static const struct wanted user = { { ENTITY_USER, ENTITY_USER }, -1 };
	static const struct wanted source = { { ENTITY_IP, ENTITY_HOST }, ROLE_SOURCE };
	static const struct wanted destination = { { ENTITY_IP, ENTITY_DOMAIN }, ROLE_DESTINATION };
	const struct week *w = rq->an->week;
	const struct cast *c = &w->casts[w->marks[mark].cast];
	const struct behaviour *b = episode_behaviour(w, e);
	struct evidence ev;

	memset(row, 0, sizeof(*row));
	row->mark = &w->marks[mark];
	row->incident = in;
	row->rule = &w->rules[e->rule].rule;
	alert_id(row->id, row->mark->key);
	row->severity = table_name(severities, row->mark->severity);
	row->host = c->host != NO_ENTITY ? w->entities[e->host != NO_ENTITY ? e->host : c->host].shown : "";
	row->user = value_of(w, c, &user);
	row->source = value_of(w, c, &source);
	row->destination = value_of(w, c, &destination);
	row->technique = b->technique != NULL ? b->technique : row->rule->techniques != NULL ? row->rule->techniques : "";
	row->tag = b->key;
	if (store_evidence(&ev, rq->store, row->mark->row, rq->arena, f) < 0)
		return -1;
	row->message = ev.title == NULL ? w->rules[row->mark->rule].rule.name : rq->rename != NULL ? rq->rename(rq->rename_ctx, ev.title)
	                                                                                           : ev.title;
	row->file = rq->rename != NULL ? rq->rename(rq->rename_ctx, ev.source) : ev.source;
	row->line = ev.line;
	return 0;
}

/* ---- forms ---- */

struct timeline_form {
	const char *heading;
	void (*add)(struct text *out, const struct export_request *rq, const struct row *row);
};

static void add_cell(struct text *out, const char *s)
{
	export_cell(out, s);
	text_addc(out, ',');
}

/* In one line each, whatever a product wrote. */
static const char *one_line(const struct export_request *rq, const char *s)
{
	char *line = arena_dup(rq->arena, s);

	for (char *c = line; *c != '\0'; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	return line;
}

static void add_local(struct text *out, const struct export_request *rq, instant t)
{
	struct civil c = civil_from(t, rq->zone);
	int off = abs(c.offset) / 60;

	text_printf(out, "%04d-%02d-%02d %02d:%02d:%02d %c%02d:%02d,", c.year, c.month, c.day, c.hour, c.minute, c.second,
	            c.offset < 0 ? '-' : '+', off / 60, off % 60);
}

static void add_plain(struct text *out, const struct export_request *rq, const struct row *row)
{
	text_printf(out, "%s,", export_time(rq, row->mark->at));
	add_local(out, rq, row->mark->at);
	text_printf(out, "%s,%s,%s,", export_time(rq, row->mark->until), row->incident->id, row->severity);
	add_cell(out, row->rule->product);
	add_cell(out, row->host);
	add_cell(out, row->user);
	add_cell(out, row->source);
	add_cell(out, row->destination);
	add_cell(out, row->technique);
	add_cell(out, one_line(rq, row->rule->name));
	add_cell(out, one_line(rq, row->message));
	text_printf(out, "%s,", row->id);
	text_add_csv(out, arena_printf(rq->arena, "%s:%" PRId64, row->file, row->line));
	text_addc(out, '\n');
}

static void add_timesketch(struct text *out, const struct export_request *rq, const struct row *row)
{
	const char *cells[] = { one_line(rq, row->message), export_time(rq, row->mark->at), NULL, "Alert Time", row->tag, row->severity,
	                        row->host, row->source, row->destination, row->user, row->technique, row->incident->id,
	                        row->rule->product, row->id };

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		text_add(out, i > 0 ? "," : "");
		if (cells[i] != NULL)
			text_add_csv(out, cells[i]);
		else
			text_printf(out, "%" PRId64, row->mark->at / 1000);
	}
	text_addc(out, '\n');
}

static void add_timesketch_line(struct text *out, const struct export_request *rq, const struct row *row)
{
	text_add(out, "{\"message\":");
	text_add_json(out, row->message);
	export_field(out, "datetime", export_time(rq, row->mark->at));
	text_printf(out, ",\"timestamp\":%" PRId64 ",\"timestamp_desc\":\"Alert Time\"", row->mark->at / 1000);
	export_field(out, "tag", row->tag);
	export_field(out, "severity", row->severity);
	export_field(out, "host", row->host);
	export_field(out, "src_ip", row->source);
	export_field(out, "dest_ip", row->destination);
	export_field(out, "user", row->user);
	export_field(out, "technique", row->technique);
	export_field(out, "incident", row->incident->id);
	export_field(out, "source", row->rule->product);
	export_field(out, "alert_id", row->id);
	text_add(out, "}\n");
}

/* Joined by "|", which none of them may hold then. */
static const char *tag(const struct export_request *rq, const char *s)
{
	char *bare = arena_dup(rq->arena, s);

	for (char *c = bare; *c != '\0'; c++)
		if (*c == '|' || *c == ' ')
			*c = '-';
	return bare;
}

/* A category, an asset or an indicator that the case there does not have would fail the whole import: tags say it. */
static void add_iris(struct text *out, const struct export_request *rq, const struct row *row)
{
	const char *at = export_time(rq, row->mark->at);
	struct text cell = {0};

	text_printf(out, "%.*s,+00:00,", (int)strcspn(at, "Z"), at);
	text_add_csv(out, one_line(rq, row->message[0] != '\0' ? row->message : row->rule->name));
	text_printf(&cell, "%s%s%s%s%s%s%s%s%s", row->host, row->user[0] != '\0' ? " user " : "", row->user,
	            row->source[0] != '\0' ? " from " : "", row->source, row->destination[0] != '\0' ? " to " : "", row->destination,
	            row->host[0] != '\0' ? ", " : "", row->rule->name);
	text_add(out, ",,");
	text_add_csv(out, one_line(rq, text_str(&cell)));
	text_addc(out, ',');
	text_add_csv(out, one_line(rq, arena_printf(rq->arena, "%s:%" PRId64 " (%s)", row->file, row->line, row->id)));
	text_addc(out, ',');
	text_add_csv(out, row->rule->product);
	text_clear(&cell);
	text_printf(&cell, "%s|%s|%s", row->incident->id, row->severity, tag(rq, row->rule->product));
	for (const char *s = row->technique; *s != '\0'; s += strspn(s, " ")) {
		size_t n = strcspn(s, " ");

		text_printf(&cell, "|%.*s", (int)n, s);
		s += n;
	}
	text_add(out, ",,,");
	text_add_csv(out, text_str(&cell));
	text_addc(out, '\n');
	text_free(&cell);
}

static const struct timeline_form iris = {
	"event_date,event_tz,event_title,event_category,event_content,event_raw,event_source,event_assets,event_iocs,event_tags\n", add_iris
};
static const struct timeline_form plain = {
	"time_utc,time_local,end_utc,incident,severity,source,host,user,src,dst,technique,rule,message,alert_id,evidence\n", add_plain
};
static const struct timeline_form timesketch = {
	"message,datetime,timestamp,timestamp_desc,tag,severity,host,src_ip,dest_ip,user,technique,incident,source,alert_id\n",
	add_timesketch
};
static const struct timeline_form timesketch_lines = { "", add_timesketch_line };

/* ---- all rows ---- */

struct place_of {
	uint32_t mark, incident, episode;
};

static int by_mark(const void *pa, const void *pb)
{
	const struct place_of *a = pa, *b = pb;

	return a->mark < b->mark ? -1 : a->mark > b->mark;      /* marks are in time order */
}

static int write_rows(struct text *out, const struct export_request *rq, const struct timeline_form *form, struct fault *f)
{
	const struct analysis *an = rq->an;
	struct arena *own = arena_under(rq->arena);
	struct export_request each = *rq;
	struct place_of *list;
	size_t n = 0;
	int rc = 0;

	for (uint32_t i = export_first(rq); i < export_end(rq); i++)
		n += an->incidents[i].alert_count;
	list = ARENA_ARRAY(rq->arena, struct place_of, n + 1);
	n = 0;
	for (uint32_t i = export_first(rq); i < export_end(rq); i++)
		for (uint32_t k = 0; k < an->incidents[i].episode_count; k++) {
			const struct episode *e = &an->episodes[an->incidents[i].episodes[k]];

			for (uint32_t j = 0; j < e->count; j++)
				list[n++] = (struct place_of){ e->alerts[j], i, an->incidents[i].episodes[k] };
		}
	if (n > 0)
		qsort(list, n, sizeof(*list), by_mark);
	text_add(out, form->heading);
	each.arena = own;
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct row row;

		rc = fill_row(&row, &each, &an->incidents[list[i].incident], &an->episodes[list[i].episode], list[i].mark, f);
		if (rc == 0)
			form->add(out, &each, &row);
		arena_reset(own);
	}
	arena_free(own);
	return rc;
}

int export_timeline(struct text *out, const struct export_request *rq, struct fault *f)
{
	return write_rows(out, rq, &plain, f);
}

int export_timesketch(struct text *out, const struct export_request *rq, struct fault *f)
{
	return write_rows(out, rq, &timesketch, f);
}

int export_iris(struct text *out, const struct export_request *rq, struct fault *f)
{
	return write_rows(out, rq, &iris, f);
}

int export_timesketch_lines(struct text *out, const struct export_request *rq, struct fault *f)
{
	return write_rows(out, rq, &timesketch_lines, f);
}
