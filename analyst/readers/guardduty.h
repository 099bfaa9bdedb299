/* What findings of GuardDuty say wherever they are read: by itself, or handed on by Wazuh and Security Hub. */
#ifndef TSUMUGI_GUARDDUTY_H
#define TSUMUGI_GUARDDUTY_H

#include "analyst/readers/reader.h"

/* Real numbers from 1.0 to 10.0 (GuardDuty user guide, "Severity levels of findings"). */
extern const struct band guardduty_severities[];

/* "UnauthorizedAccess:EC2/SSHBruteForce": the purpose is the category, and a tactic where it is one's name. NULL says
 * nothing. */
void guardduty_purpose(struct reading *rg, const char *type);
/* Security Hub's "TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled" is "Stealth:IAMUser/CloudTrailLoggingDisabled";
 * and its "TTPs/Discovery/IAMUser-AnomalousBehavior" is "Discovery:IAMUser/AnomalousBehavior". NULL for a type without a name. */
const char *guardduty_type(struct arena *arena, const char *type);
/* "arn:aws:guardduty:..:detector/d1/finding/90b8" is "90b8"; what is no finding of GuardDuty's stays as it is. */
const char *guardduty_id(const char *arn);

#endif
