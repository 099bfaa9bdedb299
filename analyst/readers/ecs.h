/* What alerts of Elastic Security and documents of its integrations share: rows of the Elastic Common Schema, keys nested,
 * flat, or both in one document, so that each path has two. A table of fields begins with ECS_SUBJECTS and
 * goes on with ECS_ROWS. */
#ifndef TSUMUGI_ECS_H
#define TSUMUGI_ECS_H

#include "analyst/readers/reader.h"

/* Each stands for its nested row and the flat one after it. */
enum {
	ECS_HOST_IP = 0, ECS_USER = 2, ECS_TARGET_USER = 4, ECS_PROCESS = 6, ECS_PROCESS_NAME = 8, ECS_PARENT = 10,
	ECS_PARENT_NAME = 12, ECS_FILE_PATH = 14, ECS_FILE_NAME = 16, ECS_SUBJECT_ROWS = 18
};

#define ECS_SUBJECTS \
	FIELD("host.ip[]", TAKE_NOTHING), \
	FIELD("host\\.ip[]", TAKE_NOTHING), \
	FIELD("user.name[]", TAKE_NOTHING), \
	FIELD("user\\.name[]", TAKE_NOTHING), \
	FIELD("user.target.name[]", TAKE_NOTHING), \
	FIELD("user\\.target\\.name[]", TAKE_NOTHING), \
	FIELD("process.executable[]", TAKE_NOTHING), \
	FIELD("process\\.executable[]", TAKE_NOTHING), \
	FIELD("process.name[]", TAKE_NOTHING), \
	FIELD("process\\.name[]", TAKE_NOTHING), \
	FIELD("process.parent.executable[]", TAKE_NOTHING), \
	FIELD("process\\.parent\\.executable[]", TAKE_NOTHING), \
	FIELD("process.parent.name[]", TAKE_NOTHING), \
	FIELD("process\\.parent\\.name[]", TAKE_NOTHING), \
	FIELD("file.path[]", TAKE_NOTHING), \
	FIELD("file\\.path[]", TAKE_NOTHING), \
	FIELD("file.name[]", TAKE_NOTHING), \
	FIELD("file\\.name[]", TAKE_NOTHING),

/* What the indicator P is; D as below. */
#define ECS_INDICATOR(P, D) \
	FIELD_ENTITY(P D "ip[]", ENTITY_IP, ROLE_OBSERVED), \
	FIELD_ENTITY(P D "file" D "hash" D "sha256[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY(P D "file" D "hash" D "sha1[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY(P D "file" D "hash" D "md5[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY(P D "url" D "domain[]", ENTITY_DOMAIN, ROLE_OBSERVED), \
	FIELD_ENTITY(P D "url" D "full[]", ENTITY_URL, ROLE_OBSERVED), \
	FIELD_ENTITY(P D "url" D "original[]", ENTITY_URL, ROLE_OBSERVED), \
	FIELD_ENTITY(P D "email" D "address[]", ENTITY_EMAIL, ROLE_OBSERVED), \
	FIELD_ENTITY(P D "registry" D "path[]", ENTITY_REGISTRY, ROLE_OBSERVED), \
	FIELD_ENTITY(P D "domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),

/* What stands under the same names, nested (D is ".") and flat ("\\."). */
#define ECS_SAID(D) \
	FIELD("event" D "category[]", TAKE_CATEGORY), \
	FIELD("source" D "bytes[]", TAKE_BYTES_OUT), \
	FIELD("destination" D "bytes[]", TAKE_BYTES_IN), \
	FIELD_ENTITY("host" D "name[]", ENTITY_HOST, ROLE_VICTIM), \
	FIELD_ENTITY("host" D "hostname[]", ENTITY_HOST, ROLE_VICTIM), \
	FIELD_ENTITY("source" D "ip[]", ENTITY_IP, ROLE_SOURCE), \
	FIELD_ENTITY("source" D "domain[]", ENTITY_DOMAIN, ROLE_SOURCE), \
	FIELD_ENTITY("destination" D "ip[]", ENTITY_IP, ROLE_DESTINATION), \
	FIELD_ENTITY("destination" D "port[]", ENTITY_PORT, ROLE_DESTINATION), \
	FIELD_ENTITY("destination" D "domain[]", ENTITY_DOMAIN, ROLE_DESTINATION), \
	FIELD_ENTITY("process" D "command_line[]", ENTITY_COMMAND, ROLE_ACTOR), \
	FIELD_ENTITY("process" D "hash" D "sha256[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY("process" D "hash" D "sha1[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY("process" D "hash" D "md5[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY("process" D "parent" D "command_line[]", ENTITY_COMMAND, ROLE_PARENT), \
	FIELD_ENTITY("file" D "hash" D "sha256[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY("file" D "hash" D "sha1[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY("file" D "hash" D "md5[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY("dll" D "path[]", ENTITY_PATH, ROLE_OBSERVED), \
	FIELD_ENTITY("dns" D "question" D "name[]", ENTITY_DOMAIN, ROLE_DESTINATION), \
	FIELD_ENTITY("url" D "full[]", ENTITY_URL, ROLE_DESTINATION), \
	FIELD_ENTITY("url" D "domain[]", ENTITY_DOMAIN, ROLE_DESTINATION), \
	FIELD_ENTITY("user_agent" D "original[]", ENTITY_AGENT, ROLE_OBSERVED), \
	FIELD_ENTITY("registry" D "path[]", ENTITY_REGISTRY, ROLE_OBSERVED), \
	FIELD_ENTITY("tls" D "client" D "ja3[]", ENTITY_JA3, ROLE_OBSERVED), \
	FIELD_ENTITY("tls" D "client" D "server_name[]", ENTITY_DOMAIN, ROLE_DESTINATION), \
	FIELD_ENTITY("email" D "from" D "address[]", ENTITY_EMAIL, ROLE_ACTOR), \
	FIELD_ENTITY("email" D "to" D "address[]", ENTITY_EMAIL, ROLE_TARGET), \
	FIELD_ENTITY("client" D "ip[]", ENTITY_IP, ROLE_SOURCE), \
	FIELD_ENTITY("server" D "ip[]", ENTITY_IP, ROLE_DESTINATION), \
	FIELD_ENTITY("server" D "port[]", ENTITY_PORT, ROLE_DESTINATION), \
	FIELD_ENTITY("process" D "parent" D "hash" D "sha256[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY("dll" D "hash" D "sha256[]", ENTITY_HASH, ROLE_OBSERVED), \
	FIELD_ENTITY("url" D "original[]", ENTITY_URL, ROLE_DESTINATION), \
	FIELD_ENTITY("destination" D "user" D "name[]", ENTITY_USER, ROLE_TARGET), \
	FIELD_ENTITY("source" D "user" D "name[]", ENTITY_USER, ROLE_ACTOR), \
	FIELD_ENTITY("user" D "email[]", ENTITY_EMAIL, ROLE_ACTOR), \
	FIELD_ENTITY("dns" D "resolved_ip[]", ENTITY_IP, ROLE_OBSERVED), \
	FIELD_ENTITY("tls" D "client" D "ja4[]", ENTITY_JA3, ROLE_OBSERVED), \
	FIELD_ENTITY("tls" D "server" D "hash" D "sha1[]", ENTITY_CERTIFICATE, ROLE_OBSERVED), \
	FIELD_ENTITY("vulnerability" D "id[]", ENTITY_CVE, ROLE_OBSERVED), \
	FIELD_ENTITY("powershell" D "file" D "script_block_text[]", ENTITY_COMMAND, ROLE_OBSERVED),

/* Rows of a table of fields: what the schema says was done, and to what. */
#define ECS_ROWS \
	{ "file.Ext.quarantine_result[]", TAKE_ACTION, 0, 0, NULL, ecs_quarantined }, \
	{ "file\\.Ext\\.quarantine_result[]", TAKE_ACTION, 0, 0, NULL, ecs_quarantined }, \
	{ "event.type[]", TAKE_ACTION, 0, 0, NULL, ecs_actions }, \
	{ "event\\.type[]", TAKE_ACTION, 0, 0, NULL, ecs_actions }, \
	{ "event.action[]", TAKE_ACTION, 0, 0, NULL, ecs_actions }, \
	{ "event\\.action[]", TAKE_ACTION, 0, 0, NULL, ecs_actions }, \
	FIELD("threat[].technique[].id[]", TAKE_TECHNIQUES), \
	FIELD("threat\\.technique\\.id[]", TAKE_TECHNIQUES), \
	FIELD("threat[].technique[].subtechnique[].id[]", TAKE_TECHNIQUES), \
	FIELD("threat\\.technique\\.subtechnique\\.id[]", TAKE_TECHNIQUES), \
	FIELD("threat[].tactic.id[]", TAKE_TACTICS), \
	FIELD("threat\\.tactic\\.id[]", TAKE_TACTICS), \
	ECS_SAID(".") \
	ECS_SAID("\\.") \
	ECS_INDICATOR("threat.enrichments[].indicator", ".") \
	ECS_INDICATOR("threat\\.enrichments[].indicator", ".") \
	ECS_INDICATOR("threat\\.enrichments[].indicator", "\\.") \
	ECS_INDICATOR("threat.indicator[]", ".") \
	ECS_INDICATOR("threat\\.indicator", "\\.")

/* event.type of an event that its source stopped, or let go on; event.action of firewalls. */
extern const struct named ecs_actions[], ecs_quarantined[];

/* The value of the nested row, or of the flat one. */
const char *ecs_text(const struct reading *rg, size_t row);
/* The victim's addresses, of which a host lists all: those of no network tell nothing. */
void ecs_addresses(struct reading *rg, size_t row);
/* Who and what those rows name, into the alert. */
void ecs_subjects(struct reading *rg);

#endif
