/* What findings of GuardDuty say wherever they are read: by itself, or handed on by Wazuh. */
#ifndef TSUMUGI_GUARDDUTY_H
#define TSUMUGI_GUARDDUTY_H

#include "analyst/readers/reader.h"

/* Real numbers from 1.0 to 10.0 (GuardDuty user guide, "Severity levels of findings"). */
extern const struct band guardduty_severities[];

/* "UnauthorizedAccess:EC2/SSHBruteForce": the purpose is the category, and a tactic where it is one's name. NULL says
 * nothing. */
void guardduty_purpose(struct reading *rg, const char *type);

#endif
