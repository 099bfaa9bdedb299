/* Writes a report of N pages for tests/bench/reports.py: a heading, a sentence in Japanese, a table of 31 rows and six
 * columns, and a chart of 200 bars with a line on every page. usage: pages N FILE.pdf */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyst/base/arena.h"
#include "render/document/flow.h"
#include "timeline/palette.h"

#define COLUMNS 6
#define ROWS 31
#define BARS 200
#define CHART_HEIGHT 76.0

/* The value of bar i on page p: any numbers will do, but the same ones for all programs compared. */
static double bar(unsigned p, unsigned i)
{
	return (double)((i * 37 + p * 11) % 97) / 97;
}

static void draw_chart(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	unsigned p = *(const unsigned *)ctx;
	double step = w / BARS;

	for (unsigned i = 0; i < BARS; i++)
		canvas_fill_rect(cv, x + i * step, y + h - h * bar(p, i), step * 0.8, h * bar(p, i), 0x9FB3C4);
	for (unsigned i = 0; i < BARS; i++) {
		double at = y + h / 2 - h / 3 * sin((double)(i + p) / 9);

		if (i == 0)
			canvas_move(cv, x, at);
		else
			canvas_line(cv, x + i * step, at);
	}
	canvas_paint(cv, NO_COLOUR, 0xC8450A, 0.9, DASH_NONE, 0);
}

static void add_table(struct flow *fl, unsigned p)
{
	static const char *const heads[COLUMNS] = { "時刻", "送信元", "宛先", "検知", "件数", "重要度" };
	struct column columns[COLUMNS];

	for (size_t i = 0; i < COLUMNS; i++)
		columns[i] = (struct column){ heads[i], 1, i == 4 ? ALIGN_RIGHT : ALIGN_LEFT, NULL };
	flow_table_begin(fl, columns, COLUMNS);
	for (unsigned r = 0; r < ROWS; r++) {
		char text[COLUMNS][48];
		struct run runs[COLUMNS];
		struct cell cells[COLUMNS] = { 0 };

		snprintf(text[0], sizeof text[0], "09:%02u:%02u", (r + p) % 60, (r * 7 + p) % 60);
		snprintf(text[1], sizeof text[1], "10.1.%u.%u", p % 250, r + 1);
		snprintf(text[2], sizeof text[2], "198.51.100.%u", (r * 3 + p) % 250);
		snprintf(text[3], sizeof text[3], "不審な通信 %u", (r * 13 + p) % 100);
		snprintf(text[4], sizeof text[4], "%u", (r * 31 + p * 17) % 10000);
		snprintf(text[5], sizeof text[5], "%s", r % 4 == 0 ? "高" : r % 4 == 1 ? "中" : "低");
		for (size_t i = 0; i < COLUMNS; i++) {
			runs[i] = (struct run){ text[i], RUN_PLAIN };
			cells[i].text[0] = (struct cell_text){ .runs = &runs[i], .run_count = 1, .style = PARA_SMALL };
		}
		flow_row(fl, cells, NO_COLOUR, NULL);
	}
	flow_table_end(fl);
}

static void add_page(struct flow *fl, struct arena *a, unsigned p)
{
	unsigned *number = arena_alloc(a, sizeof *number);

	*number = p;
	flow_heading(fl, arena_printf(a, "第%u節　通信の概要", p + 1), NULL);
	flow_text(fl, PARA_BODY, "外部のアドレスから社内のサーバーへ不審な通信が続き、監視装置がこれを検知して遮断しました。");
	add_table(fl, p);
	flow_custom(fl, CHART_HEIGHT, draw_chart, number);
	flow_page_break(fl);
}

static int write_file(const char *path, const struct text *bytes)
{
	FILE *out = fopen(path, "wb");
	int rc = out != NULL && fwrite(bytes->bytes, 1, bytes->used, out) == bytes->used ? 0 : 1;

	if (out != NULL && fclose(out) != 0)
		rc = 1;
	return rc;
}

int main(int argc, char **argv)
{
	struct pdf_info info = { .title = "Pages", .lang = LANGUAGE_JA, .made = INSTANT_NONE };
	struct flow_frame frame = { .header = "Tsumugi", .footer = "bench", .tlp = "TLP:CLEAR" };
	struct arena *a = arena_new();
	struct typesetter ts = { NULL, LANGUAGE_JA };
	struct fault f = { 0 };
	struct pdf *pdf = NULL;
	struct text out = { 0 };
	int rc = 1;

	if (argc != 3 || fonts_load(&ts.fonts, &f) < 0 || pdf_new(&pdf, ts.fonts, &info, &f) < 0)
		goto out;
	struct flow *fl = flow_new(a, &ts, pdf, &frame);
	for (unsigned p = 0; p < (unsigned)atoi(argv[1]); p++)
		add_page(fl, a, p);
	if (flow_finish(fl, &f) == 0 && pdf_save(pdf, &out, &f) == 0)
		rc = write_file(argv[2], &out);
out:
	if (rc != 0)
		fprintf(stderr, "pages: %s\n", f.text);
	text_free(&out);
	pdf_free(pdf);
	fonts_free(ts.fonts);
	arena_free(a);
	return rc;
}
