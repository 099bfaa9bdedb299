#include "render/cli/bundle.h"

#include <string.h>

#include "render/cli/output.h"

const char *bundle_path(struct bundle *b, const char *name)
{
	size_t n = strlen(b->folder);

	return arena_printf(b->m->cf->arena, "%s%s%s", b->folder, n > 0 && b->folder[n - 1] == '/' ? "" : "/", name);
}

int bundle_keep(struct bundle *b, const char *name, struct fault *f)
{
	int rc = 0;

	/* PDFs are packed and were searched before. */
	if (b->m->redaction != NULL && strcmp(path_ending(name), ".pdf") != 0)
		rc = redaction_refuse(b->m->redaction, b->bytes.bytes, b->bytes.used, f);
	rc = rc < 0 ? -1 : output_write(bundle_path(b, name), &b->bytes, f);
	text_clear(&b->bytes);
	if (rc < 0)
		return -1;
	text_printf(&b->said, "  %s\n", name);
	return stop_check(f);
}

const char *language_name(enum language lang)
{
	return lang == LANGUAGE_JA ? "ja" : "en";
}

bool bundle_wants(const struct cli *c, enum language lang)
{
	return !cli_has(c, "--lang") || strcmp(cli_option(c, "--lang"), language_name(lang)) == 0;
}

static int write_report(struct bundle *b, const struct report_kind *kind, const struct file_form *form, struct fault *f)
{
	const char *name = arena_printf(b->m->cf->arena, "%s.%s.%s", kind->name, language_name(b->m->lang), form->name);

	return form->make(&b->bytes, kind, b->m, f) < 0 ? -1 : bundle_keep(b, name, f);
}

int bundle_reports(struct bundle *b, const struct file_form *only, struct fault *f)
{
	for (const struct report_kind *kind = report_kinds; kind->name != NULL; kind++) {
		if (kind->of_incident && b->m->incident == NO_INCIDENT)
			continue;
		for (const struct file_form *form = file_forms; form->name != NULL; form++)
			if ((only != NULL ? form == only : form->usual) && write_report(b, kind, form, f) < 0)
				return -1;
	}
	return 0;
}

void bundle_free(struct bundle *b)
{
	text_free(&b->bytes);
	text_free(&b->said);
}
