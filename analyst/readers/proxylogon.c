/* <host>-Cve-2021-26858.log and <host>-Cve-2021-27065.log of Microsoft's Test-ProxyLogon.ps1: in each line the path of
 * one of Exchange's own logs in which the script found what it looks for.
 *
 *     C:\Program Files\Microsoft\Exchange Server\V15\Logging\ECP\Server\ECPServer20210303-1.LOG
 *
 * The file states no time: what was found was found when it was written. The server is what its name begins with. The
 * script's tables are read by maps (templates/maps); its <host>-Cve-2021-26858-DownloadPaths.log, the paths of files
 * that were left behind, is a list of indicators like any other. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/readers/canon.h"
#include "analyst/readers/lines.h"
#include "analyst/readers/reader.h"

/* Which log it is tells what was found in it. */
static const struct finding {
	const char *folder, *id, *name, *techniques;
	enum severity severity;
} findings[] = {
	{ "\\Logging\\OABGeneratorLog\\", "CVE-2021-26858",
	  "Offline address book downloaded to a folder that is not its own (CVE-2021-26858)", "T1190 T1505.003", SEVERITY_HIGH },
	{ "\\Logging\\ECP\\Server\\", "CVE-2021-27065",
	  "Exchange virtual directory set from the control panel (CVE-2021-27065)", "T1190 T1505.003", SEVERITY_HIGH },
	{ NULL, NULL, NULL, NULL, 0 }
};

/* NULL for what is no such path. */
static const struct finding *finding_of(const char *path)
{
	size_t n = strlen(path);
	const struct finding *f = findings;
	bool rooted = n > 3 && ((path[1] == ':' && path[2] == '\\') || strncmp(path, "\\\\", 2) == 0);

	if (!rooted || strcasecmp(path + n - 4, ".log") != 0)
		return NULL;
	while (f->folder != NULL && strcasestr(path, f->folder) == NULL)
		f++;
	return f->folder != NULL ? f : NULL;
}

/* "MAIL01" of "MAIL01-Cve-2021-27065.log". */
static const char *server_of(struct reading *rg)
{
	const char *name = rg->options.list, *mark = name != NULL ? strcasestr(name, "-Cve-2021-") : NULL;

	return mark != NULL ? arena_dupn(rg->arena, name, (size_t)(mark - name)) : NULL;
}

static int proxylogon_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *path = line_text(rg->arena, rec->bytes, rec->n);
	const struct finding *found = finding_of(path);
	struct alert *a = &rg->alert;

	if (path[0] == '\0')
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (found == NULL)
		return reading_reject(rg, rec, "no path of a log that Test-ProxyLogon names", f);
	filling_begin(&rg->filling, a, rg->arena, rg->options.assumed_offset);
	if (rg->options.found != 0)
		a->at = rg->options.found;
	a->rule = (struct rule){ .product = "test-proxylogon", .id = found->id, .name = found->name };
	ids_add_techniques(&rg->filling.techniques, found->techniques);
	a->severity = found->severity;
	canon_add(a, rg->arena, ENTITY_HOST, ROLE_VICTIM, server_of(rg));
	canon_add(a, rg->arena, ENTITY_PATH, ROLE_OBSERVED, path);
	canon_add(a, rg->arena, ENTITY_FILE, ROLE_OBSERVED, last_component(path));
	return reading_alert(rg, rec, f);
}

/* Every line, or it is something else. */
static int proxylogon_probe(const struct probe *p)
{
	struct arena *arena = arena_new();
	size_t n = p->n, found = 0, others = 0;
	const char *s = p->bytes;

	while (n > 0 && others == 0) {
		const char *feed = memchr(s, '\n', n), *path;
		size_t length = feed != NULL ? (size_t)(feed - s) : n, step = feed != NULL ? length + 1 : length;

		if (length > 4096)
			others++;
		if (feed == NULL && !p->whole)
			break;
		path = line_text(arena, s, length < 4096 ? length : 4096);
		if (finding_of(path) != NULL)
			found++;
		else if (path[0] != '\0')
			others++;
		s += step;
		n -= step;
		arena_reset(arena);
	}
	arena_free(arena);
	return found > 0 && others == 0 ? 95 : 0;
}

/* ---- how far back the logs go ---- */

/* The columns of <host>-LogAgeDays.csv, one a log of Exchange: how many days it went back when the script ran. */
static const char *const ages[] = {
	"Oabgen", "Ecp", "AutodProxy", "EasProxy", "EcpProxy", "EwsProxy", "MapiProxy", "OabProxy", "OwaProxy", "OwaCalendarProxy",
	"PowershellProxy", "RpcHttpProxy", NULL
};

/* The log that goes back the least bounds what could be found; -1 of a row without numbers. */
static long least_days(const struct record *rec)
{
	long least = -1;

	for (size_t i = 0; i < rec->cell_count; i++) {
		const char *s = rec->cells[i].text;
		long days;

		/* An empty cell is a log that the server has not. */
		if (s[0] == '\0' || strlen(s) > 5 || s[strspn(s, "0123456789")] != '\0')
			continue;
		days = strtol(s, NULL, 10);
		least = least < 0 || days < least ? days : least;
	}
	return least;
}

static int age_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *first = rec->cell_count > 0 ? rec->cells[0].text : "", *name = rg->options.list;
	const char *mark = name != NULL ? strcasestr(name, "-LogAgeDays") : NULL;
	long days = least_days(rec);

	if (first[0] == '#' || in_list(ages, first))
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (days < 0)
		return reading_reject(rg, rec, "no number of days", f);
	if (mark == NULL || mark == name)
		return reading_reject(rg, rec, "the server is not known: the file's name begins with it, MAIL01-LogAgeDays.csv", f);
	if (rg->options.found == 0)
		return reading_reject(rg, rec, "when the script ran is not known: say it with --time", f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.at = rg->options.found - days * DAY;
	canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_SOURCE, arena_dupn(rg->arena, name, (size_t)(mark - name)));
	return reading_telemetry(rg, rec, TELEMETRY_REACH, f);
}

static int age_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->framing.delimiter = ',';
	return 0;
}

static int age_probe(const struct probe *p)
{
	size_t n = p->n < 1024 ? p->n : 1024;

	return memmem(p->bytes, n, "AutodProxy", 10) != NULL && memmem(p->bytes, n, "RpcHttpProxy", 12) != NULL ? 97 : 0;
}

const struct reader reader_proxylogon_age = {
	.name = "test-proxylogon-age", .summary = "Test-ProxyLogon's table of how many days each log of Exchange goes back",
	.gives = "missing data", .extensions = ".csv", .framing = FRAME_CSV, .probe = age_probe, .open = age_open,
	.record = age_record,
};

const struct reader reader_proxylogon = {
	.name = "test-proxylogon", .summary = "Test-ProxyLogon's lists of Exchange logs in which it found something",
	.gives = "alerts", .extensions = ".log", .framing = FRAME_LINES, .probe = proxylogon_probe, .record = proxylogon_record,
};
