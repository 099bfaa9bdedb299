# make          builds build/tsumugi
# make demo     installs what is missing, builds, runs the program on samples/
# make test     installs what is missing, builds, passes the tests
# make san      the tests again under ASan and UBSan
# make fuzz     every fuzz target for FUZZ_SECONDS (60), with clang's libFuzzer
# make install PREFIX=/usr/local

# V=1 shows the commands.
Q = $(if $(V),,@)
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
BUILD ?= build
CC = gcc
CXX = g++
PKGS = sqlite3 libxml-2.0 cairo freetype2 harfbuzz-subset libpsl libidn2 liblzma libzstd zlib libisal libcrypto simdjson
VERSION = 0.1.0

WARN = -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wvla -Wformat=2 -Werror=format-security
HARDEN = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
OPT ?= -O2 -g $(HARDEN)
# pkg-config runs only when something is compiled: on a fresh machine `make deps` comes first.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
# Hashes many records at once, where there is such a library: on amd64.
MANY_LIBS = $(if $(wildcard /usr/include/intel-ipsec-mb.h),-lIPSec_MB)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)) $(MANY_LIBS) -lunistring -lhpdf -lpthread -lm)$(PKG_LIBS)
CPPFLAGS += -I. -D_GNU_SOURCE -DTSUMUGI_VERSION='"$(VERSION)"' -DTSUMUGI_SHARE='"$(PREFIX)/share/tsumugi"' -DOPENSSL_SUPPRESS_DEPRECATED
CFLAGS += -std=c11 $(OPT) $(WARN) $(SAN)
CXXFLAGS += -std=c++17 $(OPT) -Wall -Wextra $(SAN)
LDFLAGS += -pie -Wl,-z,relro,-z,now $(SAN)

SOURCES := $(sort $(wildcard analyst/*/*.c timeline/*.c templates/*.c render/*/*.c))
CXX_SOURCES := $(sort $(wildcard analyst/*/*.cc))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(CXX_SOURCES:%.cc=$(BUILD)/%.o)
LIBRARY := $(filter-out $(BUILD)/render/cli/main.o,$(OBJECTS))
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

all: $(BUILD)/tsumugi

$(BUILD)/tsumugi: $(OBJECTS)
	@echo "  ld  $@"
	$(Q)$(CXX) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  cc  $<"
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.cc
	@mkdir -p $(@D)
	@echo "  c++ $<"
	$(Q)$(CXX) $(CPPFLAGS) $(PKG_CFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

# SQL schemas are compiled in as strings.
$(BUILD)/%.sql.h: %.sql
	@mkdir -p $(@D)
	$(Q)sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< > $@

# So are the style and the script of HTML reports.
$(BUILD)/%.css.h: %.css
	@mkdir -p $(@D)
	$(Q)sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< > $@

$(BUILD)/%.js.h: %.js
	@mkdir -p $(@D)
	$(Q)sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< > $@

# Where most of an import is spent.
HOT = analyst/readers/canon analyst/readers/json analyst/readers/json_bytes analyst/readers/json_order analyst/readers/secrets
$(HOT:%=$(BUILD)/%.o): CFLAGS += -O3
$(HOT:%=$(BUILD)/%.o): CXXFLAGS += -O3

$(BUILD)/render/document/html.o: CPPFLAGS += -I$(BUILD)
$(BUILD)/render/document/html.o: $(BUILD)/render/document/html.css.h $(BUILD)/render/document/html.js.h

$(BUILD)/analyst/store/%.o: CPPFLAGS += -I$(BUILD)
$(BUILD)/analyst/store/schema.o: $(patsubst %.sql,$(BUILD)/%.sql.h,$(wildcard analyst/store/schema/*.sql))

# What concludes, as a hash: a case file that older sources concluded is concluded anew.
CONCLUDING := $(sort $(foreach room,base model store knowledge cluster narrative,$(wildcard analyst/$(room)/*.[ch])))
$(BUILD)/sources.h: $(CONCLUDING)
	@mkdir -p $(@D)
	$(Q)echo "#define TSUMUGI_SOURCES \"$$(cat $^ | sha256sum | cut -c 1-16)\"" > $@
$(BUILD)/render/cli/provenance.o: CPPFLAGS += -I$(BUILD)
$(BUILD)/render/cli/provenance.o: $(BUILD)/sources.h

$(BUILD)/unit/%: tests/unit/%.c $(LIBRARY)
	@mkdir -p $(@D)
	@echo "  cc  $<"
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -o $@.o -c $<
	$(Q)$(CXX) $(LDFLAGS) -o $@ $@.o $(LIBRARY) $(PKG_LIBS) -lcmocka

# Each target of tests/fuzz twice: with libFuzzer (see fuzz), and with a main that replays its corpus.
FUZZED := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))

$(BUILD)/fuzz/%.o: tests/fuzz/%.c tests/fuzz/fuzz.h
	@mkdir -p $(@D)
	@echo "  cc  $<"
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -MMD -MP -o $@ -c $<

$(BUILD)/fuzz/replay_%: $(BUILD)/fuzz/fuzz_%.o $(BUILD)/fuzz/replay.o $(LIBRARY)
	$(Q)$(CXX) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BUILD)/fuzz/fuzz_%: $(BUILD)/fuzz/fuzz_%.o $(LIBRARY)
	$(Q)$(CXX) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS)

# Half of all time would go into following how the paths of a table are hashed.
build/libfuzzer/analyst/readers/json.o: CXXFLAGS += -fno-sanitize-coverage=trace-cmp

.SECONDARY: $(FUZZED:%=$(BUILD)/fuzz/fuzz_%.o) $(BUILD)/fuzz/replay.o

-include $(OBJECTS:.o=.d) $(wildcard $(BUILD)/fuzz/*.d)

.PHONY: all deps demo test check unit cases replay fuzz fuzzers browser boundaries kill faults san install bench bench-days score score-perturbed score-weeks clean

deps:
	@sh tests/deps.sh

demo: deps
	@$(MAKE) --no-print-directory all
	@sh samples/demo.sh $(BUILD)

test: deps
	@$(MAKE) --no-print-directory check

# One after the other, so that what they print stays together.
check:
	@$(MAKE) all
	@$(MAKE) unit
	@$(MAKE) replay
	@$(MAKE) cases
	@sh tests/readme.sh $(BUILD)
	@python3 -B tests/pdf.py $(BUILD)/tsumugi
	@python3 -B tests/markdown.py $(BUILD)/tsumugi
	@$(MAKE) boundaries
	@$(MAKE) kill
	$(if $(SAN),,@$(MAKE) faults)

unit: $(UNITS)
	@sh tests/unit/run.sh $(UNITS)

cases: all
	@sh tests/cases/run.sh $(BUILD)/tsumugi

# HTML reports in headless Chromium, where there is one.
browser: all
	@sh tests/browser/run.sh $(BUILD)/tsumugi

replay: $(FUZZED:%=$(BUILD)/fuzz/replay_%)
	@sh tests/fuzz/run.sh replay $(BUILD) $(FUZZED)

fuzzers: $(FUZZED:%=$(BUILD)/fuzz/fuzz_%)

# FUZZ="reader-cef text" for some of them only.
fuzz: deps
	@sh tests/fuzz/run.sh deps
	@$(MAKE) --no-print-directory BUILD=build/libfuzzer CC=clang-14 CXX=clang++-14 \
	    OPT="-O1 -g -fPIE -fno-omit-frame-pointer" \
	    SAN="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" fuzzers
	@sh tests/fuzz/run.sh fuzz build/libfuzzer $(FUZZ)

boundaries:
	@sh tests/boundaries.sh

# Imports that are killed at random moments; KILLS=200 for a longer look.
kill: all $(BUILD)/bench/eve
	@python3 tests/kill.py $(BUILD)/tsumugi $(BUILD)/bench/eve $(or $(KILLS),50)

# Allocations and system calls that fail; FAULTS=60 of each kind and command for a longer look.
faults: all $(BUILD)/fault/faults.so
	@python3 -B tests/fault/faults.py $(BUILD)/tsumugi $(BUILD)/fault/faults.so $(or $(FAULTS),1)

$(BUILD)/fault/faults.so: tests/fault/faults.c
	@mkdir -p $(@D)
	$(Q)$(CC) -O2 -Wall -fPIC -shared -o $@ $< -ldl

# A report of so many pages, for the bench.
$(BUILD)/bench/pages: tests/bench/pages.c $(LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -o $@.o -c $<
	$(Q)$(CXX) $(LDFLAGS) -o $@ $@.o $(LIBRARY) $(PKG_LIBS)

$(BUILD)/bench/eve $(BUILD)/bench/text: $(BUILD)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O2 $(WARN) -o $@ $< -lm

san: deps
	@$(MAKE) --no-print-directory BUILD=build/san OPT="-O1 -g -fno-omit-frame-pointer" \
	    SAN="-fsanitize=address,undefined -fno-sanitize-recover=undefined" check

score: all
	@python3 tests/bench/score.py $(BUILD)/tsumugi
	@python3 tests/bench/guards.py $(BUILD)/tsumugi

score-weeks: all
	@python3 tests/bench/score_weeks.py $(BUILD)/tsumugi

score-perturbed: all
	@python3 tests/bench/perturbed.py $(BUILD)/tsumugi

bench: all $(BUILD)/bench/eve $(BUILD)/bench/text $(BUILD)/bench/pages
	@sh tests/bench/run.sh $(BUILD)/tsumugi
	@python3 -B tests/bench/days.py $(BUILD)/tsumugi

bench-days: all $(BUILD)/bench/eve
	@python3 -B tests/bench/days.py $(BUILD)/tsumugi

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/tsumugi/templates
	install -m 755 $(BUILD)/tsumugi $(DESTDIR)$(PREFIX)/bin/tsumugi
	cd templates && find . -name '*.xml' -o -name '*.rng' -o -name '*.map' -o -name '*.png' | \
	    while read -r f; do install -D -m 644 "$$f" "$(DESTDIR)$(PREFIX)/share/tsumugi/templates/$$f"; done

clean:
	rm -rf build
