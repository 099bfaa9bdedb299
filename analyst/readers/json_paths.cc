#include "analyst/readers/json_paths.h"

#include <atomic>

#include "analyst/readers/json.h"

using json_tree::node;
using json_tree::no_slot;

namespace json_tree {

void node::call(const std::string &name)
{
	key = name;
	bytes = key.data();
	length = (uint32_t)key.size();
	ends = words(bytes, length);
}

bool node::settle()
{
	for (node *&at : table)
		at = nullptr;
	for (node *c : children) {
		node *&at = table[(mix(c->bytes, c->length) * multiplier >> 16) & mask];

		if (at != nullptr)
			return false;
		at = c;
	}
	return true;
}

/* Keys that differ nowhere the mix looks can never be told apart by it: such a
 * node keeps no table and is searched in order. */
void node::index()
{
	places = nullptr;
	is_list = elements != nullptr && slot == no_slot && children.empty();
	for (const node *c : children)
		if (c->length == 0)
			return;
	for (size_t size = 8; size <= 1024 && !children.empty(); size *= 2) {
		if (size < children.size() * 2)
			continue;
		table.assign(size, nullptr);
		mask = (uint32_t)size - 1;
		multiplier = 0x9E3779B1u;
		for (int attempt = 0; attempt < 64; attempt++, multiplier = multiplier * 0x85EBCA6Bu | 1u)
			if (settle()) {
				places = table.data();
				return;
			}
	}
}

const node *node::among_children(const char *s, size_t n) const
{
	for (const node *c : children)
		if (n > 0 && c->is(s, n))
			return c;
	return nullptr;
}

}  // namespace json_tree

node *json_paths::make()
{
	nodes.emplace_back(new node());
	nodes.back()->number_of_all = (uint32_t)nodes.size() - 1;
	return nodes.back().get();
}

static node *child_called(json_paths *p, node *step, const std::string &key)
{
	for (node *c : step->children)
		if (c->key == key)
			return c;

	node *next = p->make();

	next->call(key);
	next->number = (uint32_t)step->children.size();
	step->children.push_back(next);
	return next;
}

/* The last step of the path, made where there is none yet. */
static node *follow(json_paths *p, const char *s)
{
	node *step = p->root;

	while (*s != '\0') {
		std::string key;

		if (s[0] == '[' && s[1] == ']') {
			if (step->elements == nullptr)
				step->elements = p->make();
			step = step->elements;
			s += 2;
			continue;
		}
		if (*s == '.')
			s++;
		while (*s != '\0' && *s != '.' && !(s[0] == '[' && s[1] == ']')) {
			if (*s == '\\' && s[1] != '\0')
				s++;
			key += *s++;
		}
		step = child_called(p, step, key);
	}
	return step;
}

extern "C" struct json_paths *json_paths_new(const char *const *paths, size_t count)
{
	static std::atomic<uint64_t> count_of_all{0};
	json_paths *p = new json_paths();

	p->serial = ++count_of_all;
	p->root = p->make();
	for (size_t i = 0; i < count; i++) {
		node *last = follow(p, paths[i]);

		if (last->slot == no_slot)
			last->slot = (uint32_t)i;
		else
			p->twins.push_back((uint32_t)i);
		p->slot_of.push_back(last->slot);
	}
	for (auto &n : p->nodes)
		n->index();
	p->words = (count + 63) / 64;
	return p;
}

/* The step shares the root's children, so that one table serves both depths. */
extern "C" void json_paths_below(struct json_paths *p, const char *key)
{
	node *step = p->make();

	step->call(key);
	step->children = p->root->children;
	step->index();
	step->number = (uint32_t)p->root->children.size();
	p->root->children.push_back(step);
	p->root->index();
}

extern "C" void json_paths_free(struct json_paths *p) { delete p; }
