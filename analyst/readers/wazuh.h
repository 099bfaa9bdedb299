/* The levels that Wazuh has from OSSEC, 0 to 16. */
#ifndef TSUMUGI_WAZUH_H
#define TSUMUGI_WAZUH_H

#include "analyst/readers/fields.h"

extern const struct band wazuh_levels[];

#endif
