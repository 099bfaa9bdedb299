/* The last step of every report: pages, HTML or Markdown from the same blocks, and a look for what may not be
 * in it. */
#include "render/document/html.h"
#include "render/document/report_parts.h"

static int search(const struct report_request *rq, const struct flow *fl, const char *title, const struct text *out,
                  struct fault *f)
{
	struct text words = { 0 };
	int rc;

	text_printf(&words, "%s\n", title);
	outline_words(&words, fl);
	rc = rq->refuse(rq->refuse_ctx, words.bytes, words.used, f);
	text_free(&words);
	/* The bytes of a PDF are packed; all that is set in it was searched above. */
	return rc < 0 ? -1 : rq->form == REPORT_PDF ? 0 : rq->refuse(rq->refuse_ctx, out->bytes, out->used, f);
}

int report_finish(struct text *out, struct flow *fl, struct pdf *pdf, const struct report_request *rq,
                  const struct incident *incident, struct fault *f)
{
	struct report_request own = *rq;
	int rc = 0;

	own.incident = incident;
	if (rq->form == REPORT_PDF)
		rc = flow_finish(fl, f) < 0 || pdf_save(pdf, out, f) < 0 ? -1 : 0;
	else if (rq->form == REPORT_HTML)
		html_write(out, fl, &own, pdf_title(pdf));
	else
		markdown_write(out, fl, &own, pdf_title(pdf));
	if (rc == 0 && rq->refuse != NULL && search(rq, fl, pdf_title(pdf), out, f) < 0) {
		text_clear(out);
		return -1;
	}
	return rc;
}

#define POINTS_OF_MM (72 / 25.4)
#define LOGO_WIDEST (60 * POINTS_OF_MM)

const struct flow_logo *report_logo(const struct report_request *rq, struct arena *a)
{
	const struct picture *p = rq->logo != NULL ? rq->logo->picture : NULL;
	struct flow_logo *logo;

	if (p == NULL)
		return NULL;
	logo = arena_alloc(a, sizeof *logo);
	logo->picture = p;
	logo->height = rq->logo->height * POINTS_OF_MM;
	logo->width = logo->height * p->width / p->height;
	if (logo->width > LOGO_WIDEST) {
		logo->width = LOGO_WIDEST;
		logo->height = logo->width * p->height / p->width;
	}
	logo->name = rq->organisation != NULL ? rq->organisation : rq->customer;
	return logo;
}

const char *report_renamed(const struct report_request *rq, const char *s)
{
	return rq->rename != NULL && s != NULL ? rq->rename(rq->refuse_ctx, s) : s;
}

bool report_records(const struct report_request *rq)
{
	return rq->form != REPORT_PDF || rq->refuse != NULL;
}
