/* Keys of Windows' registry: hives written short, long, or as the kernel has them; numbered control sets. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/canon.h"

/* The first that fits. What PowerShell and regedit put in front is left off before. */
static const struct { const char *written, *hive; } hives[] = {
	{ "hklm", "hkey_local_machine" }, { "hkcu", "hkey_current_user" }, { "hkcr", "hkey_classes_root" },
	{ "hku", "hkey_users" }, { "hkcc", "hkey_current_config" }, { "\\registry\\machine", "hkey_local_machine" },
	{ "\\registry\\user", "hkey_users" }, { NULL, NULL }
};

static const char *const fronts[] = { "registry::", "microsoft.powershell.core\\registry::", "computer\\", NULL };

/* "controlset001" at s, which stands between backslashes, is the current one as a rule. */
static size_t control_set(const char *s, size_t n)
{
	return n >= 13 && memcmp(s, "controlset", 10) == 0 && isdigit((unsigned char)s[10]) && isdigit((unsigned char)s[11]) &&
	       isdigit((unsigned char)s[12]) && (n == 13 || s[13] == '\\') ? 13 : 0;
}

const char *canon_registry(struct arena *arena, const char *s, size_t n)
{
	const char *low = lower_ascii(arena, s, n), *hive = "", *set = "\\system\\", *at;
	size_t length;

	for (const char *const *f = fronts; *f != NULL; f++)
		if (strncmp(low, *f, strlen(*f)) == 0)
			low += strlen(*f);
	for (size_t i = 0; hives[i].written != NULL; i++) {
		size_t w = strlen(hives[i].written);

		if (strncmp(low, hives[i].written, w) != 0 || (low[w] != '\\' && low[w] != '\0' && strncmp(low + w, ":\\", 2) != 0))
			continue;
		hive = hives[i].hive;
		low += w + (low[w] == ':');
		break;
	}
	length = strlen(low);
	while (length > 0 && low[length - 1] == '\\')
		length--;
	at = memmem(low, length, set, strlen(set));
	if (at != NULL) {
		const char *behind = at + strlen(set);
		size_t taken = control_set(behind, (size_t)(low + length - behind));

		if (taken > 0)
			return arena_printf(arena, "%s%.*scurrentcontrolset%.*s", hive, (int)(behind - low), low,
			                    (int)(low + length - behind - (long)taken), behind + taken);
	}
	return arena_printf(arena, "%s%.*s", hive, (int)length, low);
}
