#include "render/cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "render/cli/cli.h"

#define REDRAW INT64_C(200000000)        /* at most five times a second */
#define BAR 24

void progress_begin(struct progress *p, const char *what, int64_t total)
{
	struct text shown = {0}, cell = {0};

	progress_end(p);
	memset(p, 0, sizeof(*p));
	p->shown = isatty(STDERR_FILENO) == 1;
	p->total = total;
	p->began = clock_monotonic();
	text_add_shown(&shown, what, strlen(what));
	text_add_cell(&cell, text_str(&shown), 28, false);
	snprintf(p->what, sizeof(p->what), "%s", text_str(&cell));
	text_free(&shown);
	text_free(&cell);
}

static void draw_bar(struct text *line, const struct progress *p, int64_t bytes, double seconds)
{
	double share = (double)bytes / (double)p->total, rate = (double)bytes / seconds;
	int filled;

	share = share < 0 ? 0 : share > 1 ? 1 : share;
	filled = (int)(share * BAR);
	text_add(line, " [");
	for (int i = 0; i < BAR; i++)
		text_addc(line, i < filled ? '#' : '.');
	text_printf(line, "] %3.0f%%  %.1f MB/s", share * 100, rate / 1e6);
	if (rate > 0 && bytes < p->total) {
		long left = (long)((double)(p->total - bytes) / rate + 0.5);

		text_printf(line, "  %ld:%02ld left", left / 60, left % 60);
	}
}

void progress_at(struct progress *p, int64_t bytes)
{
	struct text line = {0};
	int64_t now;

	now = clock_monotonic();
	/* Nothing in the first moment either: a rate of two readings is no rate. */
	if (!p->shown || now - p->drawn < REDRAW || now - p->began < REDRAW)
		return;
	p->drawn = now;
	text_printf(&line, "\r\033[K%s", p->what);
	if (p->total > 0)
		draw_bar(&line, p, bytes, (double)(now - p->began) / 1e9);
	else
		text_printf(&line, "  %.1f MB", (double)bytes / 1e6);
	p->on_line = write(STDERR_FILENO, text_str(&line), line.used) > 0;
	text_free(&line);
}

void progress_stage(struct progress *p, const char *what)
{
	struct text line = {0};

	progress_begin(p, what, 0);
	if (!p->shown)
		return;
	text_printf(&line, "\r\033[K%s ...", p->what);
	p->on_line = write(STDERR_FILENO, text_str(&line), line.used) > 0;
	text_free(&line);
}

void progress_end(struct progress *p)
{
	if (p->on_line && write(STDERR_FILENO, "\r\033[K", 4) > 0)
		p->on_line = false;
}
