#include "analyst/readers/json_order.h"

using json_tree::node;

void json_order::begin(const json_paths *paths)
{
	if (serial == paths->serial)
		return;
	serial = paths->serial;
	met.reserve(most);                 /* links point into it */
	met.clear();
	begun.assign(paths->nodes.size(), nullptr);
	keys.assign(paths->nodes.size(), nullptr);
}

json_order::link *json_order::learn(const node *step, link *at, const char *name, size_t n, const node *next)
{
	constexpr size_t room = sizeof(key::text);
	char text[room] = "\"";
	link k = keys[step->number_of_all];

	if (n + 3 > room || json_bytes::has_backslash(name, n))
		return nullptr;
	memcpy(text + 1, name, n);
	memcpy(text + 1 + n, "\":", 2);
	while (k != nullptr && memcmp(k->text, text, room) != 0)
		k = k->other;
	if (k == nullptr) {
		if (met.size() == most)
			return nullptr;
		k = &met.emplace_back();
		memcpy(k->text, text, room);
		k->mask = UINT32_MAX >> (room - n - 3);
		k->then = nullptr;
		k->next = next;
		k->other = keys[step->number_of_all];
		keys[step->number_of_all] = k;
	}
	*at = k;
	return &k->then;
}
