/* What the last label of a name says: is it one of the internet, of inside networks, of a file? */
#include <libpsl.h>
#include <string.h>

#include "analyst/readers/refang_parts.h"

bool has_known_suffix(const char *host)
{
	const char *last = strrchr(host, '.');

	last = last != NULL ? last + 1 : host;
	return psl_is_public_suffix2(psl_builtin(), last, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1;
}

bool is_special_suffix(const char *last)
{
	static const char *const special[] = { "onion", "local", "internal", "lan", "corp", "arpa", "example", "test",
		"invalid", NULL };

	return in_list(special, last);
}

bool is_file_ending(const char *last)
{
	static const char *const endings[] = { "exe", "dll", "aspx", "ashx", "asmx", "asp", "php", "jsp", "ps1", "psm1",
		"bat", "cmd", "vbs", "vbe", "js", "jse", "hta", "lnk", "scr", "sys", "zip", "rar", "7z", "cab", "iso", "img",
		"doc", "docx", "docm", "xls", "xlsx", "xlsm", "ppt", "pptx", "pdf", "rtf", "msi", "jar", "tmp", "dat", "log",
		"txt", "xml", "config", "gz", "tar", NULL };

	return in_list(endings, last);
}
