#include "analyst/readers/json_order.h"

using json_tree::node;

void json_order::begin(const json_paths *paths)
{
	if (serial == paths->serial)
		return;
	serial = paths->serial;
	met.reserve(most);                 /* links point into it */
	met.assign(1, key());
	begun.assign(paths->nodes.size(), 0);
	keys.assign(paths->nodes.size(), 0);
}

json_order::link *json_order::learn(const node *step, link *at, const char *name, size_t n, const node *next)
{
	char text[text_room] = "\"";
	link i = keys[step->number_of_all];

	if (n + 3 > text_room || json_bytes::has_backslash(name, n))
		return nullptr;
	memcpy(text + 1, name, n);
	memcpy(text + 1 + n, "\":", 2);
	while (i != 0 && memcmp(met[i].text, text, text_room) != 0)
		i = met[i].other;
	if (i == 0) {
		if (met.size() == most)
			return nullptr;
		i = (link)met.size();
		met.emplace_back();
		memcpy(met[i].text, text, text_room);
		met[i].mask = UINT32_MAX >> (text_room - n - 3);
		met[i].then = 0;
		met[i].next = next;
		met[i].other = keys[step->number_of_all];
		keys[step->number_of_all] = i;
	}
	*at = i;
	return &met[i].then;
}
