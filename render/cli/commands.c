#include "render/cli/commands.h"

#include <string.h>

const struct command *const commands[] = {
	&command_import, &command_sniff, &command_analyze, &command_incidents, &command_show, &command_report,
	&command_note, &command_chart, &command_respond, &command_export, &command_explain, &command_verify, &command_run,
	&command_formats, &command_help, &command_version, NULL
};

/* The whole name: what abbreviates one command today may mean another tomorrow. */
const struct command *command_find(const char *name, size_t n)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strlen(commands[i]->name) == n && memcmp(commands[i]->name, name, n) == 0)
			return commands[i];
	return NULL;
}
