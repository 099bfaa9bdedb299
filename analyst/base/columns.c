#include "analyst/base/columns.h"

#include <string.h>

/* An item with less room than this beside its name is told below it, so far in. */
#define LEAST_BESIDE 20
#define STACKED 4

struct rune_range {
	uint32_t first, last;
};

static bool rune_in(uint32_t r, const struct rune_range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (r >= ranges[i].first && r <= ranges[i].last)
			return true;
	return false;
}

/* Unicode 15 EastAsianWidth W and F, in blocks coarse enough for a terminal table. */
int rune_columns(uint32_t r)
{
	static const struct rune_range wide[] = {
		{ 0x1100, 0x115F }, { 0x2E80, 0x303E }, { 0x3041, 0x33FF }, { 0x3400, 0x4DBF },
		{ 0x4E00, 0x9FFF }, { 0xA000, 0xA4CF }, { 0xA960, 0xA97F }, { 0xAC00, 0xD7A3 },
		{ 0xF900, 0xFAFF }, { 0xFE10, 0xFE19 }, { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 },
		{ 0xFFE0, 0xFFE6 }, { 0x20000, 0x3FFFD },
		/* emoji that are shown as pictures */
		{ 0x231A, 0x231B }, { 0x23E9, 0x23EC }, { 0x23F0, 0x23F0 }, { 0x23F3, 0x23F3 }, { 0x25FD, 0x25FE },
		{ 0x2614, 0x2615 }, { 0x2648, 0x2653 }, { 0x267F, 0x267F }, { 0x2693, 0x2693 }, { 0x26A1, 0x26A1 },
		{ 0x26AA, 0x26AB }, { 0x26BD, 0x26BE }, { 0x26C4, 0x26C5 }, { 0x26CE, 0x26CE }, { 0x26D4, 0x26D4 },
		{ 0x26EA, 0x26EA }, { 0x26F2, 0x26F3 }, { 0x26F5, 0x26F5 }, { 0x26FA, 0x26FA }, { 0x26FD, 0x26FD },
		{ 0x2705, 0x2705 }, { 0x270A, 0x270B }, { 0x2728, 0x2728 }, { 0x274C, 0x274C }, { 0x274E, 0x274E },
		{ 0x2753, 0x2755 }, { 0x2757, 0x2757 }, { 0x2795, 0x2797 }, { 0x27B0, 0x27B0 }, { 0x27BF, 0x27BF },
		{ 0x2B1B, 0x2B1C }, { 0x2B50, 0x2B50 }, { 0x2B55, 0x2B55 }, { 0x1F004, 0x1F004 }, { 0x1F0CF, 0x1F0CF },
		{ 0x1F18E, 0x1F18E }, { 0x1F191, 0x1F19A }, { 0x1F200, 0x1F64F }, { 0x1F680, 0x1F6FF }, { 0x1F7E0, 0x1F7F0 },
		{ 0x1F900, 0x1FAFF },
	};
	static const struct rune_range combining[] = {
		{ 0x0300, 0x036F }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF },
		{ 0x3099, 0x309A }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xE0100, 0xE01EF },
	};

	if (rune_in(r, combining, sizeof(combining) / sizeof(combining[0])))
		return 0;
	return rune_in(r, wide, sizeof(wide) / sizeof(wide[0])) ? 2 : 1;
}

int text_columns(const char *s)
{
	size_t n = strlen(s), taken;
	int columns = 0;

	for (; n > 0; s += taken, n -= taken)
		columns += rune_columns(utf8_next(s, n, &taken));
	return columns;
}

/* Japanese lines do not begin with these (JIS X 4051, the common ones). */
static bool begins_no_line(uint32_t rune)
{
	static const uint32_t closers[] = { 0x3001, 0x3002, 0x300D, 0x300F, 0x3011, 0xFF09, 0x30FC, 0x3005, 0xFF01, 0xFF1F,
	                                    ')', ']', ',', '.' };

	for (size_t i = 0; i < sizeof(closers) / sizeof(closers[0]); i++)
		if (rune == closers[i])
			return true;
	return false;
}

/* The end of what fits on a line: at a space, between wide characters, or anywhere at the
 * very edge. */
static size_t fit(const char *s, int columns)
{
	size_t n = strlen(s), at = 0, good = 0, taken;
	bool wide_before = false;
	int used = 0;

	while (at < n) {
		uint32_t rune = utf8_next(s + at, n - at, &taken);
		int wide = rune_columns(rune);

		if (rune == ' ' || (wide_before && !begins_no_line(rune)))
			good = at;
		if (used + wide > columns)
			return good > 0 ? good : at > 0 ? at : taken;
		wide_before = wide == 2;
		at += taken;
		used += wide;
	}
	return n;
}

void text_add_wrapped(struct text *t, const char *s, int columns, const char *indent)
{
	for (bool first = true; *s != '\0'; first = false) {
		size_t n = fit(s, columns);

		if (!first) {
			text_addc(t, '\n');
			text_add(t, indent);
		}
		text_addn(t, s, n);
		for (s += n; *s == ' '; s++)
			;
	}
}

void text_add_item(struct text *t, const char *name, int padded, const char *what, int page)
{
	struct text indent = {0};
	bool beside = text_columns(name) <= padded && (padded == 0 || page - padded >= LEAST_BESIDE);
	int at = beside ? padded : STACKED;

	for (int i = 0; i < at; i++)
		text_addc(&indent, ' ');
	text_add(t, name);
	if (beside)
		for (int i = text_columns(name); i < padded; i++)
			text_addc(t, ' ');
	else
		text_printf(t, "\n%s", text_str(&indent));
	text_add_wrapped(t, what, page - at, text_str(&indent));
	text_addc(t, '\n');
	text_free(&indent);
}
