/* <host>-Cve-2021-26858.log and <host>-Cve-2021-27065.log of Microsoft's Test-ProxyLogon.ps1: in each line the path of
 * one of Exchange's own logs in which the script found what it looks for.
 *
 *     C:\Program Files\Microsoft\Exchange Server\V15\Logging\ECP\Server\ECPServer20210303-1.LOG
 *
 * The file states no time: what was found was found when it was written. The server is what its name begins with. The
 * script's tables are read by maps (templates/maps); its <host>-Cve-2021-26858-DownloadPaths.log, the paths of files
 * that were left behind, is a list of indicators like any other. */
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

const struct reader reader_proxylogon = {
	.name = "test-proxylogon", .summary = "Test-ProxyLogon's lists of Exchange logs in which it found something",
	.gives = "alerts", .extensions = ".log", .framing = FRAME_LINES, .probe = proxylogon_probe, .record = proxylogon_record,
};
