/* Secrets in command lines and links that no name of theirs gives away: by the option of a known program
 * ("psexec -p x", "curl -u user:x", "net user bob x /add"), or by their shape ("eyJ..", "ghp_.."). Only where such are
 * expected are they looked for: every record in full would cost as much as all other masks. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/secrets.h"

/* What an option says of the word behind it. */
enum behind {
	WHOLE,           /* it is the secret */
	GLUED,           /* the secret stands in the same word: "-pSecret" */
	AFTER_COLON,     /* "user:secret" */
	AFTER_PERCENT,   /* "user%secret" */
	IF_NAMED         /* the word before was a name of a secret: reg add /v Password /d x */
};

/* Letters of options are told apart by case. */
static const struct { const char *program, *option; enum behind behind; } options[] = {
	{ "psexec", "-p", WHOLE }, { "psexec64", "-p", WHOLE }, { "psexec.py", "-p", WHOLE }, { "schtasks", "/rp", WHOLE },
	{ "schtasks", "/RP", WHOLE }, { "schtasks", "/p", WHOLE }, { "schtasks", "/P", WHOLE }, { "sshpass", "-p", WHOLE },
	{ "sshpass", "-p", GLUED }, { "az", "-p", WHOLE }, { "docker", "-p", WHOLE }, { "podman", "-p", WHOLE },
	{ "redis-cli", "-a", WHOLE }, { "plink", "-pw", WHOLE }, { "pscp", "-pw", WHOLE }, { "putty", "-pw", WHOLE },
	{ "mysql", "-p", GLUED }, { "mysqldump", "-p", GLUED }, { "mysqladmin", "-p", GLUED }, { "mongo", "-p", WHOLE },
	{ "mongodump", "-p", WHOLE }, { "sqlcmd", "-P", WHOLE }, { "osql", "-P", WHOLE }, { "bcp", "-P", WHOLE },
	{ "ldapsearch", "-w", WHOLE }, { "curl", "-u", AFTER_COLON }, { "curl", "--user", AFTER_COLON },
	{ "curl", "-U", AFTER_COLON }, { "curl", "--proxy-user", AFTER_COLON }, { "smbclient", "-U", AFTER_PERCENT },
	{ "rpcclient", "-U", AFTER_PERCENT }, { "crackmapexec", "-p", WHOLE }, { "cme", "-p", WHOLE }, { "nxc", "-p", WHOLE },
	{ "netexec", "-p", WHOLE }, { "evil-winrm", "-p", WHOLE }, { "rdesktop", "-p", WHOLE }, { "winrs", "-p", WHOLE },
	{ "winrs", "/p", WHOLE }, { "wmic", "/password", WHOLE }, { "7z", "-p", GLUED }, { "7za", "-p", GLUED },
	{ "rar", "-hp", GLUED }, { "rar", "-p", GLUED }, { "winrar", "-hp", GLUED }, { "zip", "-P", WHOLE },
	{ "reg", "/d", IF_NAMED }, { NULL, NULL, WHOLE }
};

/* What a token begins with, and how long all of it is at the least. */
static const struct { const char *begins; size_t least; } shapes[] = {
	{ "eyJ", 40 }, { "AKIA", 20 }, { "ASIA", 20 }, { "ghp_", 20 }, { "gho_", 20 }, { "ghu_", 20 }, { "ghs_", 20 }, { "ghr_", 20 },
	{ "github_pat_", 30 }, { "glpat-", 20 }, { "xoxb-", 20 }, { "xoxp-", 20 }, { "xoxa-", 20 }, { "xoxr-", 20 }, { "xoxs-", 20 },
	{ "xapp-", 20 }, { "sk-", 36 }, { "sk_live_", 20 }, { "rk_live_", 20 }, { "AIza", 35 }, { "ya29.", 30 }, { "npm_", 30 },
	{ "hvs.", 24 }, { "dop_v1_", 30 }, { NULL, 0 }
};

/* No shorter one is masked in a record: it would stand in many places by chance. */
#define SECRET_LEAST 4

/* Records write a quote or a backslash otherwise: what lies between them is masked. */
static void tell(struct alert *a, struct arena *arena, const char *s, size_t n)
{
	while (n > 0) {
		size_t length = 0;

		while (length < n && s[length] != '"' && s[length] != '\\' && s[length] != '\'')
			length++;
		if (length >= SECRET_LEAST)
			alert_secret(a, arena_dupn(arena, s, length));
		s += length + (length < n);
		n -= length + (length < n);
	}
}

/* ---- by shape ---- */

static bool is_token(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

static void tell_shapes(struct alert *a, struct arena *arena, const char *s, size_t n)
{
	for (size_t i = 0; i + 20 <= n;) {
		size_t length = 0;

		while (i + length < n && is_token(s[i + length]))
			length++;
		for (size_t k = 0; length >= 20 && shapes[k].begins != NULL; k++)
			if (s[i] == shapes[k].begins[0] && length >= shapes[k].least &&
			    strncmp(s + i, shapes[k].begins, strlen(shapes[k].begins)) == 0) {
				tell(a, arena, s + i, length);
				break;
			}
		i += length + 1;
	}
}

static void tell_private_key(struct alert *a, struct arena *arena, const char *s, size_t n)
{
	static const char begins[] = "PRIVATE KEY-----";
	const char *at = memmem(s, n, begins, sizeof(begins) - 1), *end;

	if (at == NULL)
		return;
	at += sizeof(begins) - 1;
	end = memmem(at, (size_t)(s + n - at), "-----", 5);
	tell(a, arena, at, (size_t)((end != NULL ? end : s + n) - at));
}

/* ---- by program ---- */

#define WORDS 64
#define WORD_BYTES 64

struct word {
	const char *s;
	size_t n;
};

static size_t split(struct word *words, const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n && count < WORDS;) {
		char quote = s[i] == '"' || s[i] == '\'' ? s[i] : '\0';
		size_t start = i + (quote != '\0'), end = start;

		if (isspace((unsigned char)s[i])) {
			i++;
			continue;
		}
		while (end < n && (quote != '\0' ? s[end] != quote : !isspace((unsigned char)s[end])))
			end++;
		words[count++] = (struct word){ s + start, end - start };
		i = end + (quote != '\0');
	}
	return count;
}

/* "C:\tools\PsExec.exe" is psexec. */
static void program_of(char out[WORD_BYTES], const struct word *w)
{
	size_t from = w->n, n;

	while (from > 0 && w->s[from - 1] != '\\' && w->s[from - 1] != '/')
		from--;
	n = w->n - from;
	if (n > 4 && strncasecmp(w->s + w->n - 4, ".exe", 4) == 0)
		n -= 4;
	n = n < WORD_BYTES ? n : WORD_BYTES - 1;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)tolower((unsigned char)w->s[from + i]);
	out[n] = '\0';
}

static bool is_word(const struct word *w, const char *s)
{
	return w->n == strlen(s) && strncasecmp(w->s, s, w->n) == 0;
}

static void tell_after(struct alert *a, struct arena *arena, const struct word *w, char sign)
{
	const char *at = memchr(w->s, sign, w->n);

	if (at != NULL)
		tell(a, arena, at + 1, (size_t)(w->s + w->n - at - 1));
}

static bool names_secret(const struct word *words, size_t i)
{
	for (size_t k = i; k > 0; k--)
		if (secret_named(words[k - 1].s, words[k - 1].n))
			return true;
	return false;
}

static void tell_option(struct alert *a, struct arena *arena, const char *program, const struct word *words, size_t count, size_t i)
{
	for (size_t k = 0; options[k].program != NULL; k++) {
		size_t n = strlen(options[k].option);
		const struct word *next = i + 1 < count ? &words[i + 1] : NULL;

		if (strcmp(options[k].program, program) != 0 || words[i].n < n || memcmp(words[i].s, options[k].option, n) != 0)
			continue;
		if (options[k].behind == GLUED ? words[i].n == n : words[i].n != n || next == NULL)
			continue;
		switch (options[k].behind) {
		case GLUED:
			tell(a, arena, words[i].s + n, words[i].n - n);
			break;
		case AFTER_COLON:
			tell_after(a, arena, next, ':');
			break;
		case AFTER_PERCENT:
			tell_after(a, arena, next, '%');
			break;
		case IF_NAMED:
			if (!names_secret(words, i))
				break;
			/* FALLTHROUGH */
		case WHOLE:
			tell(a, arena, next->s, next->n);
			break;
		}
	}
}

/* "net user NAME SECRET", "net use SHARE /user:NAME SECRET", in any order: what is neither option, share nor drive. */
static void tell_net(struct alert *a, struct arena *arena, const struct word *words, size_t count, size_t i)
{
	bool user = i + 1 < count && is_word(&words[i + 1], "user"), use = i + 1 < count && is_word(&words[i + 1], "use");
	size_t plain = 0;

	for (size_t k = i + 2; (user || use) && k < count; k++) {
		const struct word *w = &words[k];

		if (w->n == 0 || w->s[0] == '/' || w->s[0] == '&' || w->s[0] == '|')
			continue;
		if (use && (w->s[0] == '\\' || w->s[w->n - 1] == ':' || is_word(w, "*")))
			continue;
		if ((user && plain++ == 1 && !is_word(w, "*")) || use)
			tell(a, arena, w->s, w->n);
	}
}

#define SECURE_STRING "ConvertTo-SecureString"

/* "(ConvertTo-SecureString": what stands before it, as in a call, is no matter. */
static bool makes_secure_string(const struct word *w)
{
	const size_t n = sizeof(SECURE_STRING) - 1;

	return w->n >= n && strncasecmp(w->s + w->n - n, SECURE_STRING, n) == 0;
}

/* "ConvertTo-SecureString SECRET -AsPlainText -Force", with its options in any order. */
static void tell_secure_string(struct alert *a, struct arena *arena, const struct word *words, size_t count, size_t i)
{
	for (i++; i < count && words[i].n > 0 && words[i].s[0] == '-'; i++)
		if (strchr(";|)", words[i].s[words[i].n - 1]) != NULL)
			return;
	if (i < count)
		tell(a, arena, words[i].s, words[i].n);
}

/* What stands in quotes may be a command itself: cmd /c "net user bob SECRET". Inside one kind of quotes only the other
 * is left, so it goes no deeper than three. */
static void tell_command(struct alert *a, struct arena *arena, const char *s, size_t n)
{
	struct word words[WORDS];
	size_t count = split(words, s, n);
	char program[WORD_BYTES] = "";

	for (size_t i = 0; i < count; i++) {
		char name[WORD_BYTES];
		bool known = false;

		if (memchr(words[i].s, ' ', words[i].n) != NULL)
			tell_command(a, arena, words[i].s, words[i].n);
		program_of(name, &words[i]);
		for (size_t k = 0; options[k].program != NULL && !known; k++)
			known = strcmp(options[k].program, name) == 0;
		if (known)
			memcpy(program, name, sizeof(program));
		else if (strcmp(name, "net") == 0 || strcmp(name, "net1") == 0)
			tell_net(a, arena, words, count, i);
		else if (makes_secure_string(&words[i]))
			tell_secure_string(a, arena, words, count, i);
		else if (program[0] != '\0')
			tell_option(a, arena, program, words, count, i);
	}
}

void secrets_tell(struct alert *a, struct arena *arena, enum entity_kind kind, const char *s, size_t n)
{
	tell_shapes(a, arena, s, n);
	if (kind != ENTITY_COMMAND)
		return;
	tell_private_key(a, arena, s, n);
	tell_command(a, arena, s, n);
}
