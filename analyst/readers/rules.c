#include "analyst/readers/rules.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t line_end(const char *s, size_t n, size_t i)
{
	const char *feed = i < n ? memchr(s + i, '\n', n - i) : NULL;

	return feed != NULL ? (size_t)(feed - s) + 1 : n;
}

/* The word at i, when it is this one and ends there. */
static bool word_at(const char *s, size_t n, size_t i, const char *word)
{
	size_t length = strlen(word);

	return i + length < n && memcmp(s + i, word, length) == 0 && !isalnum((unsigned char)s[i + length]) && s[i + length] != '_';
}

static size_t behind_blanks(const char *s, size_t n, size_t i)
{
	while (i < n && is_blank(s[i]))
		i++;
	return i;
}

/* Behind comments and lines that fetch others' rules. */
static size_t behind_preface(const char *s, size_t n)
{
	size_t i = behind_blanks(s, n, 0), before;

	do {
		before = i;
		if (i + 1 < n && s[i] == '/' && s[i + 1] == '/') {
			i = line_end(s, n, i);
		} else if (i + 1 < n && s[i] == '/' && s[i + 1] == '*') {
			const char *end = memmem(s + i, n - i, "*/", 2);

			i = end != NULL ? (size_t)(end - s) + 2 : n;
		} else if (word_at(s, n, i, "import") || word_at(s, n, i, "include")) {
			i = line_end(s, n, i);
		}
		i = behind_blanks(s, n, i);
	} while (i > before);
	return i;
}

/* "private rule Name : tag {" */
static bool is_yara(const char *s, size_t n)
{
	size_t i = behind_preface(s, n), name;

	while (word_at(s, n, i, "private") || word_at(s, n, i, "global"))
		i = behind_blanks(s, n, i + (s[i] == 'p' ? 7 : 6));
	if (!word_at(s, n, i, "rule"))
		return false;
	for (name = i = behind_blanks(s, n, i + 4); i < n && (isalnum((unsigned char)s[i]) || s[i] == '_'); i++)
		continue;
	if (i == name)
		return false;
	i = behind_blanks(s, n, i);
	return i < n && (s[i] == '{' || s[i] == ':') && memmem(s + i, n - i, "condition", 9) != NULL;
}

static bool begins_line(const char *s, size_t n, const char *key)
{
	size_t length = strlen(key);

	for (size_t i = 0; i + length < n; i = line_end(s, n, i))
		if (memcmp(s + i, key, length) == 0)
			return true;
	return false;
}

static bool is_sigma(const char *s, size_t n)
{
	return begins_line(s, n, "title:") && begins_line(s, n, "logsource:") && begins_line(s, n, "detection:");
}

/* "alert tcp $HOME_NET any -> ... (msg:...", of the first line that is no comment; what is in brackets may go on below. */
static bool is_snort(const char *s, size_t n)
{
	static const char *const actions[] = { "alert", "drop", "pass", "reject", "log", NULL };
	size_t i = 0, end;
	bool acts = false;

	while (i < n && (s[i] == '#' || is_blank(s[i])))
		i = s[i] == '#' ? line_end(s, n, i) : i + 1;
	end = line_end(s, n, i);
	for (const char *const *a = actions; *a != NULL; a++)
		acts = acts || word_at(s, n, i, *a);
	return acts && (memmem(s + i, end - i, "->", 2) != NULL || memmem(s + i, end - i, "<>", 2) != NULL) &&
	       memmem(s + i, n - i, "msg:", 4) != NULL && memmem(s + i, n - i, "sid:", 4) != NULL;
}

const char *rules_in(const char *s, size_t n)
{
	if (is_yara(s, n))
		return "holds YARA rules, which say what to look for: run yara with them and import what it finds";
	if (is_sigma(s, n))
		return "is a Sigma rule, which says what to look for: run it with Hayabusa or Chainsaw and import what they find";
	if (is_snort(s, n))
		return "holds rules of Snort or Suricata, which say what to look for: run the sensor with them and import its alerts";
	return NULL;
}
