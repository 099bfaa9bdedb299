#include "analyst/readers/cef_vendors.h"

#include <string.h>
#include <strings.h>

#include "analyst/readers/packet.h"

static const struct band words[] = {
	{ "info", 0, SEVERITY_INFO }, { "informational", 0, SEVERITY_INFO }, { "low", 0, SEVERITY_LOW },
	{ "medium", 0, SEVERITY_MEDIUM }, { "high", 0, SEVERITY_HIGH }, { "critical", 0, SEVERITY_CRITICAL }, BANDS_END
};

/* The template of Palo Alto's guides puts $number-of-severity into the header, which counts from 1, informational, to
 * 5, critical. Above it are templates with $cef-number-of-severity. */
static const struct band pan_severities[] = {
	{ NULL, 0, SEVERITY_UNKNOWN }, { NULL, 1, SEVERITY_INFO }, { NULL, 2, SEVERITY_LOW }, { NULL, 3, SEVERITY_MEDIUM },
	{ NULL, 4, SEVERITY_HIGH }, { NULL, 5, SEVERITY_CRITICAL }, { NULL, 6, SEVERITY_MEDIUM }, { NULL, 7, SEVERITY_HIGH },
	{ NULL, 9, SEVERITY_CRITICAL }, { NULL, 10.5, SEVERITY_UNKNOWN }, BANDS_END
};

/* FortiGate's header names the kind of log, "utm:ips signature reset", and the level of syslog. There is no rt. */
static const struct field fortigate_fields[] = {
	FIELD("FTNTFGTeventtime", TAKE_AT),
	FIELD("FTNTFGTattack", TAKE_RULE_NAME),
	FIELD("FTNTFGTvirus", TAKE_RULE_NAME),
	FIELD("FTNTFGTattackid", TAKE_RULE_ID),
	FIELD("FTNTFGTvirusid", TAKE_RULE_ID),
	FIELD_SEVERITY("FTNTFGTseverity", words),
	FIELD_SEVERITY("FTNTFGTcrlevel", words),
	FIELD_ENTITY("FTNTFGTqname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("FTNTFGTfilehash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("FTNTFGTanalyticscksum", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("FTNTFGTcveid", ENTITY_CVE, ROLE_OBSERVED),
	FIELDS_END
};

/* Apex Central tells of an endpoint, which is often the destination of what it names no source of. */
static const struct field apex_fields[] = {
	FIELD_ENTITY("TMCMLogDetectedHost", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("TMCMLogDetectedIP", ENTITY_IP, ROLE_VICTIM),
	FIELDS_END
};

/* FortiGate's duser is who was logged in where the call began. */
static const struct cef_renamed fortigate_keys[] = { { "duser", "suser" }, { NULL, NULL } };

/* The kind of browser; a running number. */
static const struct cef_renamed incapsula_keys[] = { { "dproc", NULL }, { NULL, NULL } };
static const struct cef_renamed sonicwall_keys[] = { { "cnt", NULL }, { NULL, NULL } };

/* The program in which the appliance opened what it took a look at. */
static const struct cef_renamed mps_keys[] = { { "sproc", NULL }, { NULL, NULL } };

/* The agent runs on the machine it protects. */
static const struct field deep_security_fields[] = {
	FIELD_ENTITY("dvchost", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("TrendMicroDsFileSHA256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("TrendMicroDsFileSHA1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("TrendMicroDsFileMD5", ENTITY_HASH, ROLE_OBSERVED),
	FIELDS_END
};

static const struct field gravityzone_fields[] = {
	FIELD("BitdefenderGZMalwareName", TAKE_RULE_NAME),
	FIELD_ENTITY("BitdefenderGZMalwareHash", ENTITY_HASH, ROLE_OBSERVED),
	FIELDS_END
};

static const struct cef_vendor vendors[] = {
	{ "Palo Alto Networks", "PAN-OS", NULL, pan_severities, "cat", false, false, NULL },
	{ "Fortinet", "Fortigate", fortigate_fields, NULL, NULL, true, true, fortigate_keys },
	{ "Trend Micro", "Apex Central", apex_fields, NULL, NULL, false, false, NULL },
	{ "Trend Micro", "Deep Security Agent", deep_security_fields, NULL, NULL, true, false, NULL },
	{ "Bitdefender", "GravityZone", gravityzone_fields, NULL, NULL, false, false, NULL },
	{ "Incapsula", NULL, NULL, NULL, NULL, false, false, incapsula_keys },
	{ "SonicWall", NULL, NULL, NULL, NULL, false, false, sonicwall_keys },
	{ "FireEye", NULL, NULL, NULL, NULL, false, false, mps_keys },
	{ "Trellix", NULL, NULL, NULL, NULL, false, false, mps_keys },
};

const struct cef_vendor *cef_vendor_of(const char *const header[CEF_HEADER])
{
	for (size_t i = 0; i < sizeof(vendors) / sizeof(*vendors); i++)
		if (strcasecmp(vendors[i].vendor, header[CEF_VENDOR]) == 0 &&
		    (vendors[i].product == NULL || strcasecmp(vendors[i].product, header[CEF_PRODUCT]) == 0))
			return &vendors[i];
	return NULL;
}

/* Beginnings of class ids or names. Check Point's class is what a blade found, else "Log". */
static const struct {
	const char *vendor, *begins;
} own_logs[] = {
	{ "CrowdStrike", "streamStarted" }, { "CrowdStrike", "streamStopped" },
	{ "CrowdStrike", "UserActivityAuditEvent" }, { "CrowdStrike", "AuthActivityAuditEvent" },
	{ "Fortinet", "traffic:" }, { "Fortinet", "event:" }, { "Fortinet", "dns:" }, { "Fortinet", "utm:dns dns-query" },
	{ "Fortinet", "utm:webfilter ftgd_allow" }, { "Fortinet", "utm:app-ctrl signature pass" },
	{ "Fortinet", "utm:app-ctrl app-ctrl-all pass" }, { "Check Point", "Log" },
	{ "Palo Alto Networks", "SYSTEM" }, { "Palo Alto Networks", "CONFIG" }, { "Palo Alto Networks", "USERID" },
	{ "Palo Alto Networks", "HIP" }, { "Palo Alto Networks", "GLOBALPROTECT" }, { "Palo Alto Networks", "DECRYPTION" },
	{ "Palo Alto Networks", "AUTH" }, { "Palo Alto Networks", "IPTAG" }, { "Palo Alto Networks", "SCTP" },
	{ "Palo Alto Networks", "TUNNEL" }, { "Palo Alto Networks", "TRAFFIC" }, { "F5", "Successful Request" },
	{ "Incapsula", "Normal" }, { "Nozomi Networks", "AUDIT:" }, { "SonicWall", "Connection Opened" },
	{ "SonicWall", "Connection Closed" }, { "SonicWall", "Syslog Website Accessed" }, { "SonicWall", "Filename Logging" },
	{ "FORCEPOINT", "Connection_" }, { "FORCEPOINT", "FW_DHCP" }, { "FORCEPOINT", "System_" }, { "WatchGuard", "3000" },
};

/* What only notes what was done with a vault or let through to a page. */
static const struct {
	const char *vendor, *product;
	bool unless_stopped;
} own_products[] = {
	{ "Cyber-Ark", "Vault", false }, { "CyberArk", "Vault", false }, { "Check Point", "URL Filtering", true },
	{ "Check Point", "Application Control", true },
};

/* Cisco's mail gateway sums up every mail it passed on; the engines' verdicts tell which ones matter. */
static bool is_harmless_mail(const char *const header[CEF_HEADER], const struct pairs *p)
{
	static const char *const bad[] = { "POSITIVE", "MALICIOUS", "SUSPECT", "PHISH", "INFECTED", "VIRAL", NULL };

	if (strcasecmp(header[CEF_CLASS_ID], "ESA_CONSOLIDATED_LOG_EVENT") != 0)
		return false;
	for (size_t i = 0; i < p->count; i++) {
		size_t n = strlen(p->pairs[i].key);

		if (n <= 7 || strcmp(p->pairs[i].key + n - 7, "Verdict") != 0)
			continue;
		for (const char *const *b = bad; *b != NULL; b++)
			if (strcasestr(p->pairs[i].value, *b) != NULL)
				return false;
	}
	return true;
}

bool cef_is_own_log(const char *const header[CEF_HEADER], const struct pairs *p)
{
	static const char *const passed[] = { "accept", "allow", "allowed", "permit", NULL };
	const char *act = pair_value(p, "act");

	for (size_t i = 0; i < sizeof(own_logs) / sizeof(own_logs[0]); i++) {
		size_t n = strlen(own_logs[i].begins);

		if (strcasecmp(header[CEF_VENDOR], own_logs[i].vendor) == 0 &&
		    (strncasecmp(header[CEF_CLASS_ID], own_logs[i].begins, n) == 0 ||
		     strncasecmp(header[CEF_NAME], own_logs[i].begins, n) == 0))
			return true;
	}
	for (size_t i = 0; i < sizeof(own_products) / sizeof(own_products[0]); i++)
		if (strcasecmp(header[CEF_VENDOR], own_products[i].vendor) == 0 &&
		    strcasecmp(header[CEF_PRODUCT], own_products[i].product) == 0 &&
		    (!own_products[i].unless_stopped || in_list(passed, act)))
			return true;
	return is_harmless_mail(header, p);
}

const struct pairs *cef_renamed(const struct pairs *p, const struct cef_renamed *renamed, struct arena *arena)
{
	struct pairs *out;

	if (renamed == NULL)
		return p;
	out = arena_alloc(arena, sizeof(*out));
	out->count = 0;
	for (size_t i = 0; i < p->count; i++) {
		const struct cef_renamed *r = renamed;

		while (r->from != NULL && strcmp(r->from, p->pairs[i].key) != 0)
			r++;
		if (r->from != NULL && (r->to == NULL || pair_value(p, r->to) != NULL))
			continue;
		out->pairs[out->count] = p->pairs[i];
		if (r->from != NULL)
			out->pairs[out->count].key = r->to;
		out->count++;
	}
	return out;
}

const struct pairs *cef_called(const struct pairs *p, struct arena *arena)
{
	static const char *const ends[][2] = { { "src", "dst" }, { "spt", "dpt" }, { "smac", "dmac" } };
	struct pairs *turned;

	if (!packet_is_answer(pair_value(p, "spt"), pair_value(p, "dpt")))
		return p;
	turned = arena_alloc(arena, sizeof(*turned));
	*turned = *p;
	for (size_t i = 0; i < turned->count; i++)
		for (size_t k = 0; k < sizeof(ends) / sizeof(*ends); k++)
			for (size_t end = 0; end < 2; end++)
				if (strcmp(p->pairs[i].key, ends[k][end]) == 0)
					turned->pairs[i].key = ends[k][1 - end];
	return turned;
}

void cef_name_threat(struct rule *rule, struct arena *arena, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0, open = n;

	if (n < 3 || s[n - 1] != ')')
		return;
	while (open > 0 && s[open - 1] != '(')
		open--;
	if (open < 2 || open == n - 1 || strspn(s + open, "0123456789") != n - 1 - open)
		return;
	rule->id = arena_dupn(arena, s + open, n - 1 - open);
	for (n = open - 1; n > 0 && s[n - 1] == ' '; n--)
		;
	if (n > 0)
		rule->name = arena_dupn(arena, s, n);
}
