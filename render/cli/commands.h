/* The commands, each one file and one row of commands.c. */
#ifndef TSUMUGI_COMMANDS_H
#define TSUMUGI_COMMANDS_H

#include "render/cli/cli.h"

extern const struct command command_import, command_sniff, command_analyze, command_incidents, command_show,
        command_report, command_note, command_chart, command_respond, command_export, command_explain, command_verify,
        command_run, command_formats, command_help,
        command_version;

#endif
