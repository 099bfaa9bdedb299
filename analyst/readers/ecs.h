/* What alerts of Elastic Security and documents of its integrations share: rows of the Elastic Common Schema, keys nested,
 * flat, or both in one document, so that each path has two. A table of fields begins with ECS_SUBJECTS and includes
 * ecs_rows.inc. */
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

/* event.type of an event that its source stopped, or let go on; event.action of firewalls. */
extern const struct named ecs_actions[], ecs_quarantined[];

/* The value of the nested row, or of the flat one. */
const char *ecs_text(const struct reading *rg, size_t row);
/* Who and what those rows name, into the alert. */
void ecs_subjects(struct reading *rg);

#endif
