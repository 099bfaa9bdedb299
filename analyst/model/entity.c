#include "analyst/model/entity.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Words that products write where they know nothing (FORMATS 1.6). Every value of every
 * alert is asked for here: those of another length are told apart at once. */
#define WORD(s) { sizeof(s) - 1, s }
static const struct { size_t n; const char *word; } empty_words[] = {
	WORD(""), WORD("-"), WORD("none"), WORD("null"), WORD("n/a"), WORD("unknown"), WORD("(null)"),
	WORD("undefined"), WORD("not available"), WORD("localhost"), WORD("localhost.localdomain"),
	WORD("0.0.0.0"), WORD("::"), WORD("127.0.0.1"), WORD("::1"), WORD("255.255.255.255"), WORD("s-1-0-0"),
	WORD("00:00:00:00:00:00"), WORD("ff:ff:ff:ff:ff:ff")
};
#undef WORD

#define LONGEST_WORD 21
/* A bit each word of a length: most values have none of theirs. */
static uint32_t words_of[LONGEST_WORD + 1];

__attribute__((constructor)) static void know_words(void)
{
	for (size_t i = 0; i < sizeof(empty_words) / sizeof(empty_words[0]); i++)
		words_of[empty_words[i].n] |= UINT32_C(1) << i;
}

static bool is_empty_word(const char *value, size_t n)
{
	if (n > LONGEST_WORD)
		return false;
	for (uint32_t left = words_of[n]; left != 0; left &= left - 1) {
		if (same_word(empty_words[__builtin_ctz(left)].word, value))
			return true;
	}
	return false;
}

/* MD5, SHA-1 and SHA-256 of no bytes at all. */
static const char *const empty_hashes[] = {
	"d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", NULL
};

bool entity_is_placeholder_n(enum entity_kind kind, const char *value, size_t n)
{
	if (is_empty_word(value, n) || (value[0] == '*' && strspn(value, "*") == n))
		return true;
	if (kind == ENTITY_HASH)
		return in_list(empty_hashes, value) || strspn(value, "0") == strlen(value);
	return false;
}

bool entity_is_placeholder(enum entity_kind kind, const char *value)
{
	return entity_is_placeholder_n(kind, value, strlen(value));
}

bool ip_is_valid(const char *value)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, value, bytes) == 1 || inet_pton(AF_INET6, value, bytes) == 1;
}

struct network {
	uint32_t base;
	int bits;
};

static bool ipv4_is_internal(const unsigned char b[4])
{
	static const struct network internal[] = {
		{ 0x0A000000, 8 }, { 0xAC100000, 12 }, { 0xC0A80000, 16 },      /* RFC 1918 */
		{ 0x64400000, 10 }, { 0xA9FE0000, 16 }, { 0x7F000000, 8 },      /* 6598, 3927, loopback */
	};
	uint32_t v = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];

	for (size_t i = 0; i < sizeof(internal) / sizeof(internal[0]); i++)
		if ((v ^ internal[i].base) >> (32 - internal[i].bits) == 0)
			return true;
	return false;
}

bool ip_is_internal(const char *value)
{
	unsigned char b[16];

	if (inet_pton(AF_INET, value, b) == 1)
		return ipv4_is_internal(b);
	if (inet_pton(AF_INET6, value, b) == 1)
		return (b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && (b[1] & 0xC0) == 0x80);
	return false;
}

/* ---- files that everybody has ---- */

/* In the order of strcasecmp. Programs and scripts of the systems, browsers, offices, what runs scripts; files of web roots. */
static const char *const everywhere[] = {
	"acrobat.exe", "acrord32.exe", "at.exe", "autorun.inf", "bash", "bitsadmin.exe", "certutil.exe", "chrome.exe", "cmd.exe",
	"config.php", "conhost.exe", "cscript.exe", "csrss.exe", "curl", "curl.exe", "dash", "default.aspx", "desktop.ini",
	"dllhost.exe", "excel.exe", "explorer.exe", "favicon.ico", "firefox.exe", "forfiles.exe", "iexplore.exe", "index.htm",
	"index.html", "index.jsp", "index.php", "install.exe", "installutil.exe", "ipconfig.exe", "java", "java.exe", "javaw.exe",
	"logo.png", "lsass.exe", "main.js", "mmc.exe", "msbuild.exe", "msedge.exe", "mshta.exe", "msiexec.exe", "net.exe",
	"net1.exe", "netsh.exe", "nltest.exe", "node.exe", "notepad.exe", "nslookup.exe", "ntoskrnl.exe", "outlook.exe", "perl",
	"ping.exe", "powerpnt.exe", "powershell.exe", "powershell_ise.exe", "pwsh.exe", "python", "python.exe", "python3",
	"readme.txt", "reg.exe", "regsvr32.exe", "rundll32.exe", "sc.exe", "schtasks.exe", "services.exe", "setup.exe", "sh",
	"spoolsv.exe", "sudo", "svchost.exe", "system", "systemd", "systeminfo.exe", "taskeng.exe", "taskhostw.exe",
	"tasklist.exe", "update.exe", "userinit.exe", "vssadmin.exe", "w3wp.exe", "wbadmin.exe", "web.config", "wevtutil.exe",
	"wget", "whoami.exe", "winlogon.exe", "winword.exe", "wmic.exe", "wmiprvse.exe", "wscript.exe", "wsmprovhost.exe",
};

static int by_name(const void *key, const void *element)
{
	return strcasecmp(key, *(const char *const *)element);
}

bool file_is_everywhere(const char *name)
{
	return bsearch(name, everywhere, sizeof(everywhere) / sizeof(everywhere[0]), sizeof(everywhere[0]), by_name) != NULL;
}

/* What stands in these folders was put there by the system or an installer, at least as a rule. */
static const char *const homes[] = { "\\windows\\", "\\program files", "/usr/", "/bin/", "/sbin/" };

bool file_is_at_home(const char *path)
{
	size_t n = strlen(path);

	while (n > 0 && path[n - 1] != '/' && path[n - 1] != '\\')
		n--;
	if (!file_is_everywhere(path + n))
		return false;
	for (size_t i = 0; n > 0 && i < sizeof(homes) / sizeof(homes[0]); i++) {
		const char *at = strcasestr(path, homes[i]);

		if (at != NULL && (homes[i][0] == '\\' || at == path))
			return true;
	}
	return n == 0;
}
