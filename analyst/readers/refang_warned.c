/* What lists hold by mistake, or because a sample touched it, and every network meets daily (FORMATS 3.7, warning lists):
 * matched, it would accuse everybody. */
#include <string.h>

#include "analyst/base/network.h"
#include "analyst/model/entity.h"
#include "analyst/readers/refang_parts.h"

/* Networks in which nobody's server can be. Those of documentation are left: exercises use them. */
static const struct { const char *network, *why; } networks[] = {
	{ "0.0.0.0/8", "no address of a machine" }, { "224.0.0.0/4", "a multicast address" }, { "240.0.0.0/4", "no address of a machine" },
	{ "ff00::/8", "a multicast address" }, { NULL, NULL }
};

/* Cloudflare, Google, Quad9, OpenDNS, Level 3, AdGuard, Alibaba, 114DNS, Yandex, IIJ: as their operators publish them. */
static const char *const resolvers[] = {
	"1.1.1.1", "1.0.0.1", "1.1.1.2", "1.0.0.2", "1.1.1.3", "1.0.0.3", "8.8.8.8", "8.8.4.4", "9.9.9.9", "149.112.112.112",
	"208.67.222.222", "208.67.220.220", "4.2.2.1", "4.2.2.2", "94.140.14.14", "94.140.15.15", "223.5.5.5", "223.6.6.6",
	"114.114.114.114", "77.88.8.8", "77.88.8.1", "103.2.57.5", "2606:4700:4700::1111", "2606:4700:4700::1001",
	"2001:4860:4860::8888", "2001:4860:4860::8844", "2620:fe::fe", "2620:fe::9", NULL
};

/* Names that are a service's whole front: a page under one of them may be bad, the name alone says nothing. */
static const char *const fronts[] = {
	"google.com", "www.google.com", "microsoft.com", "www.microsoft.com", "windowsupdate.com", "update.microsoft.com",
	"office.com", "office365.com", "live.com", "apple.com", "icloud.com", "amazon.com", "amazonaws.com", "cloudfront.net",
	"cloudflare.com", "akamai.net", "akamaiedge.net", "fastly.net", "azureedge.net", "azurewebsites.net", "googleapis.com",
	"gstatic.com", "googleusercontent.com", "github.com", "githubusercontent.com", "raw.githubusercontent.com", "gitlab.com",
	"dropbox.com", "drive.google.com", "docs.google.com", "facebook.com", "twitter.com", "x.com", "youtube.com", "linkedin.com",
	"instagram.com", "wikipedia.org", "yahoo.com", "yahoo.co.jp", "bing.com", "adobe.com", "mozilla.org", "digicert.com",
	"virustotal.com", "www.virustotal.com", "microsoftonline.com", "login.microsoftonline.com", "gmail.com", "outlook.com", NULL
};

static const char *why_address(const char *value)
{
	struct network net, address;

	if (ip_is_internal(value))
		return "an address of inside networks";
	for (size_t i = 0; networks[i].network != NULL; i++)
		if (network_parse(&net, networks[i].network) && network_parse(&address, value) && network_holds(&net, &address))
			return networks[i].why;
	return in_list(resolvers, value) ? "a public resolver, which everybody may ask" : NULL;
}

const char *why_warned(enum indicator_kind kind, const char *value)
{
	switch (kind) {
	case INDICATOR_IP:
		return why_address(value);
	case INDICATOR_DOMAIN:
		return in_list(fronts, value) ? "the name of a service that everybody uses" : NULL;
	case INDICATOR_MD5: case INDICATOR_SHA1: case INDICATOR_SHA256: case INDICATOR_SHA512:
		return entity_is_placeholder(ENTITY_HASH, value) ? "the hash of nothing" : NULL;
	default:
		return NULL;
	}
}

/* Where the comment begins with it, or anywhere; unless it speaks of what only looks so, or was taken over. */
static const struct { const char *words; bool first; } clearing[] = {
	{ "legitimate ", true }, { "legit ", true }, { "benign", true }, { "clean ", true }, { "false positive", true }, { "not malicious", false },
	{ "non-malicious", false }, { "targeted by", false }, { "legitimate websites", false }, { "legitimate services", false },
	{ "legitimate domain", false }, { "known good", false }, { NULL, false }
};
static const char *const not_clearing[] = {
	"compromised", "hijacked", "hacked", "infected", "abus", "misus", "fake", "masquerad", "mimic", "imitat", "impersonat", "spoof",
	"posing", "lookalike", "trojan", "attacker", "c2", "c&c", "command and control", "payload", "malware", "may have", "blocking", NULL
};

bool comment_clears(const char *s)
{
	if (s == NULL)
		return false;
	for (const char *const *n = not_clearing; *n != NULL; n++)
		if (strcasestr(s, *n) != NULL)
			return false;
	/* "MALICIOUS URLS HOSTED ON LEGITIMATE DOMAINS". */
	if (strcasestr(s, "malicious") != NULL && strcasestr(s, "not malicious") == NULL && strcasestr(s, "non-malicious") == NULL)
		return false;
	for (size_t i = 0; clearing[i].words != NULL; i++) {
		const char *at = strcasestr(s, clearing[i].words);

		if (at != NULL && (at == s || !clearing[i].first))
			return true;
	}
	return false;
}
