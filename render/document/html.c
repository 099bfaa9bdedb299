/* The page around the blocks: head with its policy, contents, filters. */
#include "render/document/html_parts.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "analyst/base/sha.h"

#include "analyst/base/search.h"

#define CONTENTS_LEAST 6          /* headings; one page needs no list of them */

static const char style_text[] =
#include "render/document/html.css.h"
	;
static const char script_text[] =
#include "render/document/html.js.h"
	;

static const char *tlp_class(const char *label)
{
	return strstr(label, "RED") != NULL ? "tlp-red" : strstr(label, "AMBER") != NULL ? "tlp-amber" :
	       strstr(label, "GREEN") != NULL ? "tlp-green" : "tlp-clear";
}

static void add_bar(struct html *h, const char *element, const char *text)
{
	const char *tlp = flow_frame_of(h->fl)->tlp;

	text_printf(h->out, "<%s class=\"bar\"><span>", element);
	html_say(h, text);
	text_printf(h->out, "</span><span class=\"tlp %s\">", tlp_class(tlp));
	html_say(h, tlp);
	text_printf(h->out, "</span></%s>\n", element);
}

static void add_contents(struct html *h)
{
	unsigned id = 0, count = 0;

	for (const struct node *n = flow_nodes(h->fl); n != NULL; n = n->next)
		count += (n->kind == NODE_SECTION || n->kind == NODE_HEADING) && n->shown != SHOWN_NARROW;
	if (count < CONTENTS_LEAST)
		return;
	html_add(h, "<nav><details><summary>");
	html_say(h, html_term(h, "html.contents"));
	html_add(h, "</summary><ol>\n");
	for (const struct node *n = flow_nodes(h->fl); n != NULL; n = n->next) {
		if (n->kind != NODE_SECTION && n->kind != NODE_HEADING)
			continue;
		id++;
		if (n->shown == SHOWN_NARROW)
			continue;
		text_printf(h->out, "<li><a href=\"#h%u\">", id);
		html_say(h, n->text);
		html_add(h, "</a></li>\n");
	}
	html_add(h, "</ol></details></nav>\n");
}

static void open_select(struct html *h, const char *name)
{
	html_add(h, "<label>");
	html_say(h, html_term(h, arena_printf(h->arena, "html.%s", name)));
	text_printf(h->out, "<select name=\"%s\"><option value=\"\">", name);
	html_say(h, html_term(h, "html.all"));
	html_add(h, "</option>\n");
}

static void close_select(struct html *h)
{
	html_add(h, "</select></label>\n");
}

static void add_incident_filter(struct html *h)
{
	const struct analysis *an = h->rq->an;

	open_select(h, "incident");
	for (uint32_t i = 0; i < an->queue_count; i++) {
		html_add(h, "<option value=\"");
		text_add_xml(h->out, an->incidents[i].id);
		text_printf(h->out, "\">%u  ", (unsigned)an->incidents[i].rank);
		html_say(h, an->incidents[i].id);
		html_add(h, "</option>\n");
	}
	close_select(h);
	open_select(h, "severity");
	for (int p = PRIORITY_CRITICAL; p >= PRIORITY_LOW; p--) {
		text_printf(h->out, "<option value=\"%s\">", html_severity((enum priority)p));
		html_say(h, html_term(h, arena_printf(h->arena, "priority.%s", html_severity((enum priority)p))));
		html_add(h, "</option>\n");
	}
	close_select(h);
}

static void add_host_filter(struct html *h)
{
	const struct analysis *an = h->rq->an;
	const struct incident *first = h->only != NULL ? h->only : an->incidents;
	uint32_t incidents = h->only != NULL ? 1 : an->queue_count;
	size_t n = 0, kept = 0;
	uint32_t *hosts;

	for (uint32_t i = 0; i < incidents; i++)
		n += first[i].host_count;
	hosts = ARENA_ARRAY(h->arena, uint32_t, n + 1);
	n = 0;
	for (uint32_t i = 0; i < incidents; i++)
		for (uint32_t k = 0; k < first[i].host_count; k++)
			hosts[n++] = first[i].hosts[k];
	qsort(hosts, n, sizeof *hosts, order_u32);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || hosts[kept - 1] != hosts[i])
			hosts[kept++] = hosts[i];
	if (kept < 2)
		return;
	open_select(h, "host");
	for (size_t i = 0; i < kept; i++) {
		const struct week_entity *e = &an->week->entities[hosts[i]];

		text_printf(h->out, "<option value=\"%u\">", (unsigned)hosts[i]);
		html_shown(h->out, e->shown != NULL ? e->shown : e->value, true);
		html_add(h, "</option>\n");
	}
	close_select(h);
}

static void add_filters(struct html *h)
{
	html_add(h, "<form class=\"filters\" id=\"filters\" hidden role=\"search\" aria-label=\"");
	html_say(h, html_term(h, "html.filters"));
	html_add(h, "\">\n");
	if (h->only == NULL && h->rq->an->queue_count > 1)
		add_incident_filter(h);
	add_host_filter(h);
	html_add(h, "<label>");
	html_say(h, html_term(h, "html.find"));
	html_add(h, "<input type=\"search\" name=\"find\" autocomplete=\"off\"></label>\n<button type=\"reset\">");
	html_say(h, html_term(h, "html.reset"));
	html_add(h, "</button>\n<output id=\"said\" aria-live=\"polite\" data-said=\"");
	html_say(h, html_term(h, "html.said"));
	html_add(h, "\"></output>\n</form>\n");
}

static void add_hash(struct text *out, const char *s)
{
	unsigned char digest[SHA256_DIGEST_LENGTH], coded[64];
	SHA256_CTX sum;

	SHA256_Init(&sum);
	SHA256_Update(&sum, s, strlen(s));
	SHA256_Final(digest, &sum);
	EVP_EncodeBlock(coded, digest, sizeof digest);
	text_printf(out, "'sha256-%s'", (const char *)coded);
}

static void add_style(struct text *css, const struct html *h)
{
	text_add(css, style_text);
	web_colours_css(css, &h->colours, false);
	text_add(css, "@media screen and (prefers-color-scheme:dark){\n");
	web_colours_css(css, &h->colours, true);
	/* The label is one of five words of ours. */
	if (flow_frame_of(h->fl)->logo != NULL)
		text_add(css, "}\n.kicker{align-items:end;margin-bottom:.5rem}.kicker>:nth-child(2){margin-left:auto}.logo{max-width:100%;height:auto}\n"
		              "@media screen and (prefers-color-scheme:dark){.logo{padding:.4rem .6rem;border-radius:.3rem;background:#fff}");
	text_printf(css, "}\n@page{size:A4;margin:16mm 15mm 14mm;@top-right{content:\"%s\"}@bottom-right{content:\"%s  \" counter(page)}}\n",
	            flow_frame_of(h->fl)->tlp, flow_frame_of(h->fl)->tlp);
}

static void add_head(struct text *out, const struct html *h, const char *title, const char *css)
{
	text_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ",
	            h->rq->lang == LANGUAGE_JA ? "ja" : "en");
	add_hash(out, css);
	text_add(out, "; script-src ");
	add_hash(out, script_text);
	text_add(out, flow_frame_of(h->fl)->logo != NULL ? "; img-src data:" : "");
	text_add(out, "; base-uri 'none'; form-action 'none'\">\n"
	              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	              "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n"
	              "<meta name=\"format-detection\" content=\"telephone=no,email=no,address=no\">\n<meta name=\"tlp\" content=\"");
	html_shown(out, flow_frame_of(h->fl)->tlp, false);
	text_add(out, "\">\n<title>");
	html_shown(out, title, false);
	text_printf(out, "</title>\n<style>%s</style>\n</head>\n", css);
}

void html_write(struct text *out, const struct flow *fl, const struct report_request *rq, const char *title)
{
	struct text body = { 0 }, css = { 0 };
	struct html h = { .out = &body, .fl = fl, .rq = rq, .arena = flow_arena(fl), .only = rq->incident, .heading = title };

	html_gather_anchors(&h);
	html_add(&h, "<body>\n<a class=\"skip\" href=\"#main\">");
	html_say(&h, html_term(&h, "html.skip"));
	html_add(&h, "</a>\n");
	add_bar(&h, "header", flow_frame_of(fl)->header);
	add_contents(&h);
	add_filters(&h);
	html_add(&h, "<main id=\"main\">\n");
	for (const struct node *n = flow_nodes(fl); n != NULL; n = n->next)
		html_node(&h, n);
	if (h.shown != SHOWN_ALWAYS)
		html_add(&h, "</div>\n");
	if (h.incident != NULL)
		html_add(&h, "</section>\n");
	html_add(&h, "</main>\n");
	add_bar(&h, "footer", flow_frame_of(fl)->footer);
	text_printf(&body, "<script>%s</script>\n</body>\n</html>\n", script_text);
	add_style(&css, &h);
	add_head(out, &h, title, text_str(&css));
	text_addn(out, body.bytes, body.used);
	text_free(&body);
	text_free(&css);
}
