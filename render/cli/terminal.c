/* What the terminal can show: its width, colours, and names cut to its columns. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "analyst/model/incident.h"
#include "analyst/readers/refang.h"
#include "render/cli/cli.h"

/* Text that goes to a file or a pipe is laid out for this many columns. */
#define PIPE_COLUMNS 120

int terminal_ask(struct terminal *out, const struct cli *c, struct fault *f)
{
	const char *asked = cli_option(c, "--color"), *no = getenv("NO_COLOR"), *term = getenv("TERM");
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	out->interactive = isatty(STDOUT_FILENO) == 1;
	out->columns = PIPE_COLUMNS;
	out->bounded = out->interactive || columns != NULL;
	if (columns != NULL && atoi(columns) > 0)
		out->columns = atoi(columns);
	else if (out->interactive && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		out->columns = size.ws_col;
	if (out->columns < 40)
		out->columns = 40;
	out->colour = out->interactive && (no == NULL || no[0] == '\0') &&
	              (term == NULL || strcmp(term, "dumb") != 0);
	if (asked == NULL || strcmp(asked, "auto") == 0)
		return 0;
	if (strcmp(asked, "always") != 0 && strcmp(asked, "never") != 0)
		return fault_set(f, FAULT_USAGE, "--color takes auto, always or never, not '%.100s'", asked);
	out->colour = strcmp(asked, "always") == 0;
	return 0;
}

int terminal_page(const struct terminal *t)
{
	return t->interactive ? t->columns : INT_MAX / 2;
}

const char *paint(const struct terminal *t, const char *code)
{
	return t->colour ? code : "";
}

/* The report's hues in the 256 colours of terminals: text needs more contrast than fills. */
const char *paint_priority(const struct terminal *t, int priority)
{
	switch (priority) {
	case PRIORITY_CRITICAL: return paint(t, "\033[1;38;5;161m");
	case PRIORITY_HIGH: return paint(t, "\033[38;5;202m");
	case PRIORITY_MEDIUM: return paint(t, "\033[38;5;172m");
	default: return paint(t, "\033[38;5;67m");
	}
}

void text_add_cell(struct text *t, const char *s, int columns, bool pad)
{
	int used = 0, room = text_columns(s) <= columns ? columns : columns - 1;
	size_t n = strlen(s), taken;

	for (; n > 0; s += taken, n -= taken) {
		int wide = rune_columns(utf8_next(s, n, &taken));

		if (used + wide > room)
			break;
		text_addn(t, s, taken);
		used += wide;
	}
	if (n > 0) {
		text_add(t, "…");
		used++;
	}
	for (; pad && used < columns; used++)
		text_addc(t, ' ');
}

void text_add_name(struct text *t, const char *s)
{
	struct arena *arena = arena_new();
	struct text harmless = {0};

	/* Of several words each may be a host. */
	if (strchr(s, ' ') != NULL)
		text_add(&harmless, prose_defanged(arena, s));
	else
		text_add_defanged(&harmless, s);
	text_add_shown(t, text_str(&harmless), harmless.used);
	text_free(&harmless);
	arena_free(arena);
}

static int write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return -1;
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

int print_text(const struct text *t, struct fault *f)
{
	if (t->used == 0 || write_all(STDOUT_FILENO, t->bytes, t->used) == 0)
		return 0;
	return fault_set(f, FAULT_IO, "cannot write standard output: %s", strerror(errno));
}

void remark(const char *format, ...)
{
	struct text said = {0}, shown = {0};
	char line[2048];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	text_add_shown(&shown, line, strlen(line));
	text_printf(&said, "tsumugi: %s\n", text_str(&shown));
	if (write_all(STDERR_FILENO, text_str(&said), said.used) < 0)
		errno = 0;         /* nobody is left to tell */
	text_free(&said);
	text_free(&shown);
}
