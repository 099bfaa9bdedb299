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

/* The agent runs on the machine it protects. */
static const struct field deep_security_fields[] = {
	FIELD_ENTITY("dvchost", ENTITY_HOST, ROLE_VICTIM),
	FIELDS_END
};

static const struct cef_vendor vendors[] = {
	{ "Palo Alto Networks", "PAN-OS", NULL, pan_severities, "cat", false, false },
	{ "Fortinet", "Fortigate", fortigate_fields, NULL, NULL, true, true },
	{ "Trend Micro", "Apex Central", apex_fields, NULL, NULL, false, false },
	{ "Trend Micro", "Deep Security Agent", deep_security_fields, NULL, NULL, true, false },
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
	{ "Palo Alto Networks", "AUTHENTICATION" },
};

bool cef_is_own_log(const char *const header[CEF_HEADER])
{
	for (size_t i = 0; i < sizeof(own_logs) / sizeof(own_logs[0]); i++) {
		size_t n = strlen(own_logs[i].begins);

		if (strcasecmp(header[CEF_VENDOR], own_logs[i].vendor) == 0 &&
		    (strncasecmp(header[CEF_CLASS_ID], own_logs[i].begins, n) == 0 ||
		     strncasecmp(header[CEF_NAME], own_logs[i].begins, n) == 0))
			return true;
	}
	return false;
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
