/* The second step of refang.h for what is found only where it begins a row: user agents, paths, keys. */
#include <string.h>
#include <strings.h>

#include "analyst/readers/canon.h"
#include "analyst/readers/refang_parts.h"

static bool is_agent_word(const char *s, size_t n)
{
	static const char *const words[] = { "like", "Gecko", "Mobile", "Safari", "compatible", NULL };

	for (const char *const *w = words; *w != NULL; w++)
		if (strlen(*w) == n && memcmp(*w, s, n) == 0)
			return true;
	return false;
}

/* The end of "product/version" at i, or i. A capitalised word glued on a version of
 * numbers ("14393.2608User") belongs to the text after it: *glued. */
static size_t product_run(const struct plain *p, size_t i, bool *glued)
{
	size_t at = i;
	bool dotted = false;

	while (at < p->n && (is_word(p->s[at]) || strchr("-.+", p->s[at]) != NULL))
		at++;
	if (at == i || at >= p->n || p->s[at] != '/' || at + 1 >= p->n || !isdigit((unsigned char)p->s[at + 1]))
		return i;
	at++;
	while (at < p->n && (isdigit((unsigned char)p->s[at]) || p->s[at] == '.')) {
		dotted = dotted || p->s[at] == '.';
		at++;
	}
	if (dotted && at + 2 < p->n && isupper((unsigned char)p->s[at]) && islower((unsigned char)p->s[at + 1]) &&
	    islower((unsigned char)p->s[at + 2])) {
		*glued = true;
		return at;
	}
	while (at < p->n && (is_word(p->s[at]) || strchr("-.+", p->s[at]) != NULL))
		at++;
	return at;
}

static size_t comment_run(const struct plain *p, size_t i)
{
	size_t depth = 0, at = i;

	for (; at < p->n && (unsigned char)p->s[at] >= ' ' && (unsigned char)p->s[at] < 0x7F; at++) {
		if (p->s[at] == '(')
			depth++;
		else if (p->s[at] == ')' && --depth == 0)
			return at + 1;
	}
	return i;
}

bool find_agent(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	static const char *const known[] = { "Mozilla/", "curl/", "Wget/", "python-requests/", "Python-urllib/",
		"Go-http-client/", "Opera/", "Microsoft-", "ExchangeServicesClient/", "antSword/", "Java/", "okhttp/",
		"WinHTTP", "BITS/", NULL };
	bool glued = false, starts = false;
	size_t end;

	for (const char *const *k = known; *k != NULL && !starts; k++)
		starts = p->n - i > strlen(*k) && strncmp(p->s + i, *k, strlen(*k)) == 0;
	if (!starts || (end = product_run(p, i, &glued)) == i)
		return false;
	while (!glued && end + 1 < p->n && p->s[end] == ' ') {
		size_t next = end + 1, stop = p->s[next] == '(' ? comment_run(p, next) : product_run(p, next, &glued);

		if (stop == next) {
			while (stop < p->n && is_word(p->s[stop]))
				stop++;
			if (!is_agent_word(p->s + next, stop - next))
				break;
		}
		end = stop;
	}
	settle(out, p, i, end, INDICATOR_AGENT, arena_dupn(arena, p->s + i, end - i));
	return true;
}

static bool starts_registry(const char *s, size_t n)
{
	static const char *const hives[] = { "HKLM\\", "HKCU\\", "HKCR\\", "HKU\\", "HKEY_", "HKLM:\\", "HKCU:\\",
		"\\REGISTRY\\", NULL };

	for (const char *const *h = hives; *h != NULL; h++)
		if (n > strlen(*h) && strncasecmp(s, *h, strlen(*h)) == 0)
			return true;
	return false;
}

/* Tables that passed a program have each backslash twice: those of a share's beginning are two by right. */
const char *canon_path_written(struct arena *arena, const char *s, size_t n)
{
	char *out = (char *)arena_dup(arena, lower_ascii(arena, s, n));
	size_t used = 0;
	bool single = false;

	for (size_t i = 1; i < n && !single; i++)
		single = out[i] == '\\' && out[i - 1] != '\\' && (i + 1 == n || out[i + 1] != '\\');
	for (size_t i = 0; i < n; i++)
		if (single || i < 2 || out[i] != '\\' || out[i - 1] != '\\')
			out[used++] = out[i];
	out[used] = '\0';
	return out;
}

static bool starts_path(const char *s, size_t n)
{
	if (n > 3 && isalpha((unsigned char)s[0]) && s[1] == ':' && s[2] == '\\')
		return true;
	if (n > 3 && s[0] == '\\' && (s[1] == '\\' || isalpha((unsigned char)s[1])))
		return true;
	return n > 4 && s[0] == '%' && memchr(s + 1, '%', n - 1) != NULL && memchr(s, '\\', n) != NULL;
}

bool find_path(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	const char *s = p->s + i;
	size_t n = 0;

	if (!starts_registry(s, p->n - i) && !starts_path(s, p->n - i))
		return false;
	while (i + n < p->n && (unsigned char)s[n] >= ' ' && (unsigned char)s[n] < 0x7F && strchr("\"|`<>,;", s[n]) == NULL)
		n++;
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '.'))
		n--;
	if (starts_registry(s, n))
		settle(out, p, i, i + n, INDICATOR_REGISTRY, canon_registry(arena, s, n));
	else
		settle(out, p, i, i + n, INDICATOR_PATH, canon_path_written(arena, s, n));
	/* "\\\\bin\\\\x\\.exe": no share is written so. */
	if (n > 2 && s[0] == '\\' && s[1] == '\\' && memmem(s, n, "\\.", 2) != NULL)
		out->why = "a regular expression, which is not looked for";
	return true;
}
