#include "analyst/model/alert.h"

#include <string.h>

void alert_clear(struct alert *a)
{
	/* The entities need no clearing: entity_count says how many there are. */
	memset(a, 0, offsetof(struct alert, entities));
	a->at = a->until = a->reported = INSTANT_NONE;
	a->confidence = -1;
	a->score = -1;
	a->bytes_out = a->bytes_in = -1;
	a->count = 1;
	a->entity_count = 0;
}

void alert_addn(struct alert *a, enum entity_kind kind, enum entity_role role, const char *value, size_t n,
                const char *shown)
{
	if (n > UINT32_MAX || a->entity_count == ALERT_ENTITIES || entity_is_placeholder_n(kind, value, n))
		return;
	for (size_t i = 0; i < a->entity_count; i++) {
		const struct entity *e = &a->entities[i];

		if (e->length == n && e->kind == kind && e->role == role && memcmp(e->value, value, n) == 0)
			return;
	}
	a->entities[a->entity_count++] = (struct entity){ kind, role, (uint32_t)n, 0, value, shown != NULL ? shown : value };
}

void alert_add(struct alert *a, enum entity_kind kind, enum entity_role role, const char *value,
               const char *shown)
{
	if (value != NULL)
		alert_addn(a, kind, role, value, strlen(value), shown);
}

void alert_secret(struct alert *a, const char *value)
{
	if (a->secret_count < ALERT_SECRETS)
		a->secrets[a->secret_count++] = value;
}

const struct entity *alert_entity(const struct alert *a, enum entity_kind kind, int role)
{
	for (size_t i = 0; i < a->entity_count; i++)
		if (a->entities[i].kind == kind && (role < 0 || (int)a->entities[i].role == role))
			return &a->entities[i];
	return NULL;
}

const char *product_written(const char *key, struct arena *a)
{
	static const struct { const char *key, *name; } written[] = {
		{ "aminer", "AMiner" }, { "crowdstrike", "CrowdStrike Falcon" }, { "defender-antivirus", "Microsoft Defender Antivirus" },
		{ "defender-cloud-apps", "Microsoft Defender for Cloud Apps" }, { "defender-endpoint", "Microsoft Defender for Endpoint" },
		{ "defender-identity", "Microsoft Defender for Identity" }, { "defender-office", "Microsoft Defender for Office 365" },
		{ "defender-xdr", "Microsoft Defender XDR" }, { "entra-protection", "Microsoft Entra ID Protection" },
		{ "elastic-defend", "Elastic Defend" }, { "security-hub", "AWS Security Hub" }, { "sentinelone", "SentinelOne" },
		{ "guardduty", "Amazon GuardDuty" }, { "fortinet fortigate", "Fortinet FortiGate" }, { "clamav", "ClamAV" }, { "yara", "YARA" },
	};
	char *name;

	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		if (strcmp(key, written[i].key) == 0)
			return written[i].name;
	name = arena_dup(a, key);
	if (name[0] >= 'a' && name[0] <= 'z')
		name[0] = (char)(name[0] - 'a' + 'A');
	return name;
}
