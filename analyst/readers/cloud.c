#include "analyst/readers/cloud.h"

#include <string.h>

/* A part of its type, whatever the cloud calls it. */
static const struct { const char *type; enum entity_kind kind; enum entity_role role, acting; } resource_kinds[] = {
	{ "bucket", ENTITY_PATH, ROLE_TARGET, ROLE_TARGET }, { "user", ENTITY_USER, ROLE_TARGET, ROLE_ACTOR },
	{ "accesskey", ENTITY_USER, ROLE_TARGET, ROLE_ACTOR }, { "role", ENTITY_USER, ROLE_TARGET, ROLE_ACTOR },
	{ "account", ENTITY_USER, ROLE_TARGET, ROLE_ACTOR }, { "instance", ENTITY_HOST, ROLE_VICTIM, ROLE_VICTIM },
	{ "machine", ENTITY_HOST, ROLE_VICTIM, ROLE_VICTIM }, { "host", ENTITY_HOST, ROLE_VICTIM, ROLE_VICTIM },
	{ "server", ENTITY_HOST, ROLE_VICTIM, ROLE_VICTIM }, { "computer", ENTITY_HOST, ROLE_VICTIM, ROLE_VICTIM },
	{ "device", ENTITY_HOST, ROLE_VICTIM, ROLE_VICTIM }, { "endpoint", ENTITY_HOST, ROLE_VICTIM, ROLE_VICTIM },
	{ "function", ENTITY_HOST, ROLE_VICTIM, ROLE_VICTIM }, { "cluster", ENTITY_HOST, ROLE_VICTIM, ROLE_VICTIM },
	{ "container", ENTITY_HOST, ROLE_VICTIM, ROLE_VICTIM }, { NULL, 0, 0, 0 }
};

const char *cloud_name(const char *uid)
{
	const char *slash = strrchr(uid, '/'), *colon = strrchr(uid, ':');

	return slash != NULL ? slash + 1 : colon != NULL ? colon + 1 : uid;
}

void cloud_resource(struct reading *rg, const char *type, const char *uid, bool acts)
{
	for (size_t i = 0; type != NULL && uid != NULL && resource_kinds[i].type != NULL; i++)
		if (strcasestr(type, resource_kinds[i].type) != NULL) {
			canon_add(&rg->alert, rg->arena, resource_kinds[i].kind,
			          acts ? resource_kinds[i].acting : resource_kinds[i].role, cloud_name(uid));
			return;
		}
}
