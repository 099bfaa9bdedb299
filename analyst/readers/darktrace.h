/* What Darktrace says alike in all its forms: API, AI Analyst, CEF, Microsoft Sentinel. */
#ifndef TSUMUGI_DARKTRACE_H
#define TSUMUGI_DARKTRACE_H

#include "analyst/readers/fields.h"

/* Words of a model's category, in either case. */
extern const struct band darktrace_categories[];

/* "Folder / Model", as people and CEF write it, is "Folder::Model" in the API. */
const char *darktrace_model(struct arena *arena, const char *name);
/* Models of Antigena, now called RESPOND, tell of what Darktrace did about it. */
void darktrace_response(struct alert *a);
/* Accounts of services, which Darktrace keeps as devices ("SaaS::Zoom: jo@corp.example"), are who acts. */
void darktrace_accounts(struct alert *a, struct arena *arena);
/* "Critical" is critical from a score of 80 on (FORMATS 1.3). */
void darktrace_weigh(struct alert *a);

#endif
