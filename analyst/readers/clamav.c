/* ClamAV's results (FORMATS 2.17): what clamscan prints, and clamd's log.
 *
 *     /srv/www/a.aspx: Win.Trojan.Hafnium-9839371-0 FOUND
 *     Thu Mar 11 14:05:09 2021 -> /srv/www/a.aspx: Win.Trojan.Hafnium-9839371-0(<md5>:<size>) FOUND
 *
 * Where lines carry no time, what was found was found when the file was written. */
#include <string.h>

#include "analyst/readers/lines.h"
#include "analyst/readers/reader.h"

enum line_kind { LINE_OTHER, LINE_FOUND, LINE_CLEAN, LINE_REMARK };

struct line {
	char *path;              /* of LINE_FOUND */
	const char *signature;
};

/* What clamscan and clamd say besides results. */
static bool is_remark(const char *s)
{
	static const char *const remarks[] = {
		"----------- SCAN SUMMARY", "Known viruses: ", "Engine version: ", "Scanned directories: ", "Scanned files: ",
		"Infected files: ", "Total errors: ", "Data scanned: ", "Data read: ", "Time: ", "Start Date: ", "End Date: ",
		"LibClamAV ", "WARNING: ", "ERROR: ", "Loading: ", "Compiling: ", "Scanning ", "SelfCheck: ", "Reading databases",
		"Database correctly", "Database modification", "Listening daemon", "+++ Started", "--- Stopped", "Received ", "clamd daemon",
		"Log file size", "-----------", "ClamInotif: ", "ClamWorker: ", "ClamFanotif: ", "ClamScanQueue: ", "Clamonacc: ",
		"ClamAV update process", "freshclam daemon", NULL
	};

	for (const char *const *r = remarks; *r != NULL; r++)
		if (strncmp(s, *r, strlen(*r)) == 0)
			return true;
	return false;
}

static bool ends_with(const char *s, size_t n, const char *end)
{
	size_t m = strlen(end);

	return n > m && memcmp(s + n - m, end, m) == 0;
}

/* The last ": " of n bytes, since a path may hold others; NULL when there is none. */
static const char *last_colon(const char *s, size_t n)
{
	for (size_t i = n; i >= 3; i--)
		if (s[i - 2] == ':' && s[i - 1] == ' ')
			return s + i - 2;
	return NULL;
}

static enum line_kind look_at(struct line *out, char *s)
{
	static const char *const clean[] = { ": OK", ": Empty file", ": Excluded", ": Symbolic link", ": Not supported file type", NULL };
	size_t n = strlen(s);
	char *colon;

	if (is_remark(s) || ends_with(s, n, " ERROR"))
		return LINE_REMARK;
	for (const char *const *c = clean; *c != NULL; c++)
		if (ends_with(s, n, *c))
			return LINE_CLEAN;
	if (!ends_with(s, n, " FOUND"))
		return strstr(s, ": moved to '") != NULL || strstr(s, ": Removed.") != NULL || strstr(s, ": copied to '") != NULL ?
		       LINE_REMARK : LINE_OTHER;
	n -= 6;
	s[n] = '\0';
	/* Signatures are one word: "404: PAGE NOT FOUND" is none. */
	if ((colon = (char *)last_colon(s, n)) == NULL || colon == s || colon[2] == '\0' || strpbrk(colon + 2, " \t") != NULL)
		return LINE_OTHER;
	*colon = '\0';
	out->path = s;
	out->signature = colon + 2;
	return LINE_FOUND;
}

/* Where " clamd[812]: " begins, as syslog has it; NULL when the line is another's. */
static char *daemon_in(char *s)
{
	static const char *const daemons[] = { " clamd[", " clamd: ", " clamav-daemon[", " freshclam[", " freshclam: ", " clamonacc[", NULL };
	char *at = NULL;

	for (const char *const *d = daemons; *d != NULL && at == NULL; d++)
		at = strstr(s, *d);
	return at;
}

/* Takes "Thu Mar 11 14:05:09 2021 -> " or a syslog prefix off; *when is its time, *host the machine it names, or NULL. */
static char *without_prefix(struct reading *rg, char *s, const char **when, const char **host)
{
	char *arrow = strstr(s, " -> "), *daemon = daemon_in(s), *end, *blank;

	*when = *host = NULL;
	if (arrow != NULL && arrow - s < 40) {
		*arrow = '\0';
		*when = date_in_words(rg->arena, s, rg->options.written);
		if (*when == NULL)
			*when = s;
		return arrow + 4;
	}
	if (daemon != NULL && daemon - s < 120 && (end = strstr(daemon, ": ")) != NULL) {
		*daemon = '\0';
		*when = syslog_time(rg->arena, s, rg->options.written);
		if (*when != NULL && (blank = strrchr(s, ' ')) != NULL)
			*host = blank + 1;
		return end + 2;
	}
	return s;
}

/* "Sig(44d88612fea8a8f36de82e1278abb02f:68)" */
static const char *take_details(struct reading *rg, const char *signature)
{
	const char *open = strrchr(signature, '('), *colon = open != NULL ? strchr(open, ':') : NULL;

	if (colon == NULL || canon_hash(rg->arena, open + 1, (size_t)(colon - open) - 1, NULL) == NULL)
		return signature;
	canon_add(&rg->alert, rg->arena, ENTITY_HASH, ROLE_OBSERVED, arena_dupn(rg->arena, open + 1, (size_t)(colon - open) - 1));
	return arena_dupn(rg->arena, signature, (size_t)(open - signature));
}

/* A path, or "stream(192.0.2.1@5000)", "instream(local)" and "fd[11]" of what was sent to clamd. */
static void add_place(struct reading *rg, const char *path)
{
	const char *open = strstr(path, "stream(");

	if (strncmp(path, "fd[", 3) == 0)
		return;
	if (open == path || (open == path + 2 && strncmp(path, "in", 2) == 0)) {
		const char *address = open + 7;
		size_t n = strcspn(address, "@)");

		if (canon_ip(rg->arena, address, n) != NULL)
			canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_SOURCE, arena_dupn(rg->arena, address, n));
		return;
	}
	canon_add(&rg->alert, rg->arena, ENTITY_PATH, ROLE_OBSERVED, path);
	canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED, path);
}

/* "Win.Trojan.Hafnium-9839371-0" is of the class "Win.Trojan". */
static const char *class_of(struct arena *arena, const char *signature)
{
	const char *dot = strchr(signature, '.'), *second = dot != NULL ? strchr(dot + 1, '.') : NULL;

	return second != NULL ? arena_dupn(arena, signature, (size_t)(second - signature)) : NULL;
}

static int clamav_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	static const struct field at = FIELD("", TAKE_AT);
	struct line line;
	const char *when, *host;
	char *s = without_prefix(rg, line_text(rg->arena, rec->bytes, rec->n), &when, &host);
	struct alert *a = &rg->alert;

	if (s[0] == '\0')
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	switch (look_at(&line, s)) {
	case LINE_CLEAN: return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	case LINE_REMARK: return reading_blank(rg, rec, BLANK_CONTEXT, f);
	case LINE_OTHER: return when != NULL ? reading_blank(rg, rec, BLANK_CONTEXT, f) :
	                                       reading_reject(rg, rec, "no result of ClamAV", f);
	default: break;
	}
	filling_begin(&rg->filling, a, rg->arena, rg->options.assumed_offset);
	filling_take(&rg->filling, &at, when);
	if (when == NULL && rg->options.found != 0)
		a->at = rg->options.found;
	a->rule.product = "clamav";
	a->rule.name = take_details(rg, line.signature);
	a->rule.category = class_of(rg->arena, a->rule.name);
	canon_add(a, rg->arena, ENTITY_HOST, ROLE_VICTIM, host);
	add_place(rg, line.path);
	return reading_alert(rg, rec, f);
}

static int clamav_probe(const struct probe *p)
{
	struct arena *arena = arena_new();
	size_t n = p->n, lines = 0, results = 0, clear = 0;
	const char *s = p->bytes;

	while (n > 0 && lines < 64) {
		const char *feed = memchr(s, '\n', n), *arrow;
		size_t length = feed != NULL ? (size_t)(feed - s) : n;
		char *text = line_text(arena, s, length < 4096 ? length : 4096), *daemon = daemon_in(text);
		bool dated = false;
		struct line line;
		enum line_kind kind;

		if (feed == NULL && !p->whole && lines > 0)
			break;
		/* Its own date, or its daemons' names in syslog: whatever follows is ClamAV's. */
		if ((arrow = strstr(text, " -> ")) != NULL && arrow - text < 40) {
			dated = date_in_words(arena, arena_dupn(arena, text, (size_t)(arrow - text)), p->options->written) != NULL;
			text += arrow + 4 - text;
		} else if (daemon != NULL && (daemon = strstr(daemon, ": ")) != NULL) {
			dated = true;
			text = daemon + 2;
		}
		kind = look_at(&line, text);
		lines += text[0] != '\0';
		results += text[0] != '\0' && (dated || kind != LINE_OTHER);
		clear += dated && kind == LINE_REMARK;
		clear += kind == LINE_FOUND || strncmp(text, "----------- SCAN SUMMARY", 24) == 0 ||
		         (kind == LINE_CLEAN && (text[0] == '/' || text[1] == ':'));
		s += feed != NULL ? length + 1 : length;
		n -= feed != NULL ? length + 1 : length;
		arena_reset(arena);
	}
	arena_free(arena);
	return clear == 0 || results * 4 < lines * 3 ? 0 : 95;
}

const struct reader reader_clamav = {
	.name = "clamav", .summary = "ClamAV: what clamscan prints, clamd's log", .gives = "alerts", .extensions = ".log .txt",
	.framing = FRAME_LINES, .probe = clamav_probe, .record = clamav_record,
};
