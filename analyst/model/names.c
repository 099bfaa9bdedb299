/* The names of the model's enums, as files, JSON and options spell them. */
#include "analyst/model/alert.h"
#include "analyst/model/asset.h"
#include "analyst/model/incident.h"
#include "analyst/model/indicator.h"

const struct named entity_kinds[] = {
	{ "host", ENTITY_HOST }, { "ip", ENTITY_IP }, { "mac", ENTITY_MAC }, { "user", ENTITY_USER },
	{ "process", ENTITY_PROCESS }, { "command", ENTITY_COMMAND }, { "file", ENTITY_FILE },
	{ "path", ENTITY_PATH }, { "magic", ENTITY_MAGIC }, { "hash", ENTITY_HASH },
	{ "domain", ENTITY_DOMAIN }, { "url", ENTITY_URL }, { "email", ENTITY_EMAIL },
	{ "user-agent", ENTITY_AGENT }, { "registry", ENTITY_REGISTRY }, { "ja3", ENTITY_JA3 },
	{ "certificate", ENTITY_CERTIFICATE }, { "port", ENTITY_PORT }, { "cve", ENTITY_CVE },
	{ NULL, 0 }
};

const struct named entity_roles[] = {
	{ "observed", ROLE_OBSERVED }, { "source", ROLE_SOURCE }, { "destination", ROLE_DESTINATION },
	{ "victim", ROLE_VICTIM }, { "actor", ROLE_ACTOR }, { "parent", ROLE_PARENT },
	{ "target", ROLE_TARGET }, { NULL, 0 }
};

const struct named severities[] = {
	{ "unknown", SEVERITY_UNKNOWN }, { "informational", SEVERITY_INFO }, { "low", SEVERITY_LOW },
	{ "medium", SEVERITY_MEDIUM }, { "high", SEVERITY_HIGH }, { "critical", SEVERITY_CRITICAL },
	{ NULL, 0 }
};

const struct named actions[] = {
	{ "unknown", ACTION_UNKNOWN }, { "detected", ACTION_DETECTED }, { "allowed", ACTION_ALLOWED },
	{ "blocked", ACTION_BLOCKED }, { "quarantined", ACTION_QUARANTINED }, { NULL, 0 }
};

const struct named record_kinds[] = {
	{ "alert", RECORD_ALERT }, { "event", RECORD_EVENT }, { "finding", RECORD_FINDING },
	{ "response", RECORD_RESPONSE }, { NULL, 0 }
};

const struct named indicator_kinds[] = {
	{ "text", INDICATOR_TEXT }, { "ip", INDICATOR_IP }, { "cidr", INDICATOR_CIDR },
	{ "domain", INDICATOR_DOMAIN }, { "url", INDICATOR_URL }, { "email", INDICATOR_EMAIL },
	{ "md5", INDICATOR_MD5 }, { "sha1", INDICATOR_SHA1 }, { "sha256", INDICATOR_SHA256 },
	{ "sha512", INDICATOR_SHA512 }, { "filename", INDICATOR_FILENAME }, { "path", INDICATOR_PATH },
	{ "user-agent", INDICATOR_AGENT }, { "registry", INDICATOR_REGISTRY }, { "mutex", INDICATOR_MUTEX },
	{ "cve", INDICATOR_CVE }, { "ja3", INDICATOR_JA3 }, { "command", INDICATOR_COMMAND },
	{ "certificate", INDICATOR_CERTIFICATE },
	{ NULL, 0 }
};

const struct named asset_kinds[] = {
	{ "host", ASSET_HOST }, { "ip", ASSET_ADDRESS }, { "network", ASSET_NETWORK }, { "account", ASSET_ACCOUNT },
	{ NULL, 0 }
};

const struct named criticalities[] = {
	{ "unknown", CRITICALITY_UNKNOWN }, { "low", CRITICALITY_LOW }, { "medium", CRITICALITY_MEDIUM },
	{ "high", CRITICALITY_HIGH }, { "critical", CRITICALITY_CRITICAL }, { NULL, 0 }
};

const struct named link_reasons[] = {
	{ "same-host", LINK_SAME_HOST }, { "same-user", LINK_SAME_USER }, { "same-file", LINK_SAME_FILE },
	{ "same-hash", LINK_SAME_HASH }, { "same-domain", LINK_SAME_DOMAIN },
	{ "same-address", LINK_SAME_ADDRESS }, { "same-process", LINK_SAME_PROCESS },
	{ "same-indicator", LINK_SAME_INDICATOR }, { "same-rule-burst", LINK_SAME_RULE_BURST },
	{ "progress", LINK_PROGRESS }, { "target-acts", LINK_TARGET_ACTS }, { "calls-actor", LINK_CALLS_ACTOR },
	{ "same-time", LINK_SAME_TIME }, { NULL, 0 }
};

const struct named priorities[] = {
	{ "low", PRIORITY_LOW }, { "medium", PRIORITY_MEDIUM }, { "high", PRIORITY_HIGH },
	{ "critical", PRIORITY_CRITICAL }, { NULL, 0 }
};
