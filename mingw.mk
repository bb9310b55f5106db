# mingw.mk: builds, tests and shows RelayLock. GNU make, Debian 12.
#
#   make -f mingw.mk            the exes: build/x86, build/x64 and build/native
#   make -f mingw.mk test       builds and runs every test
#   make -f mingw.mk demo       the main job before your eyes
#   make -f mingw.mk msi        the installers, with their checksums and their bill of materials
#   make -f mingw.mk sign       the same, signed
#   make -f mingw.mk acceptance what a real Windows host runs to try RelayLock
#   make -f mingw.mk bench      figures
#   make -f mingw.mk policy     the templates of Group Policy, after a change of the settings
#   make -f mingw.mk check      what static analysis finds: nothing
#   make -f mingw.mk fuzz       hostile input, for longer than the tests do
#   make -f mingw.mk coverage   what of the source the tests run
#   make -f mingw.mk mutate     whether they notice when it is broken
#   make -f mingw.mk clean      removes build/
#
# Missing Debian packages are installed first (as root; otherwise their apt-get line is shown).

VERSION := 0.1.0
# When it was released: the time of what goes into a package, so that it is the same every time.
export SOURCE_DATE_EPOCH ?= 1795910400
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

# What is run is shown in short; V=1 shows it whole.
Q := $(if $(V),,@)
define say
$(if $(V),,@echo '$(1) $@')
endef

# ---- packages -------------------------------------------------------------------------------

PACKAGES := git gcc libc6-dev clang clang-format clang-tidy cppcheck libclang-rt-14-dev valgrind \
	libcmocka-dev gcc-mingw-w64-i686-win32 gcc-mingw-w64-x86-64-win32 binutils-mingw-w64-i686 \
	binutils-mingw-w64-x86-64 wine wine64 cmake dpkg-dev libevt-utils procps \
	chromium chromium-driver curl jq libxml2-utils wixl msitools osslsigncode openssl python3
# For others to be measured beside us; nothing else needs them.
ifneq ($(filter bench,$(MAKECMDGOALS)),)
PACKAGES += sec fail2ban time
endif
MISSING := $(shell { dpkg-query -W -f='$${db:Status-Status} $${Package}\n' $(PACKAGES) 2>/dev/null || true; } \
	| sed -n 's/^installed //p' | sort -u | comm -13 - <(printf '%s\n' $(PACKAGES) | sort -u))
ifneq ($(filter-out clean,$(or $(MAKECMDGOALS),all)),)
ifneq ($(strip $(MISSING)),)
ifneq ($(shell id -u),0)
$(error Some Debian packages are missing. As root: apt-get update && apt-get install --no-install-recommends $(strip $(MISSING)))
endif
$(info Installing: $(strip $(MISSING)))
APT_LOG := $(shell (apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y \
	--no-install-recommends install $(MISSING)) >&2 && echo done)
ifneq ($(APT_LOG),done)
$(error apt-get could not install $(strip $(MISSING)))
endif
endif
endif

# ---- flags ----------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Werror
COMMON := -std=c11 -O2 -g $(WARNINGS) -fstack-protector-strong "-ffile-prefix-map=$(CURDIR)=." \
	-DRELAYLOCK_VERSION='"$(VERSION)"' -MMD -MP
WINDOWS := $(COMMON) -fno-lto -DUNICODE -D_UNICODE -DWIN32_LEAN_AND_MEAN -D_WIN32_WINNT=0x0600

x86.triple := i686-w64-mingw32
x64.triple := x86_64-w64-mingw32
# No unwind tables on x86: C needs none there, and they would be a seventh of the exe. (x64 does.)
x86.cc := $(x86.triple)-gcc-win32 $(WINDOWS) -march=i686 -mtune=generic \
	-fno-asynchronous-unwind-tables
x64.cc := $(x64.triple)-gcc-win32 $(WINDOWS)
native.cc := gcc $(COMMON) -fno-lto -D_FORTIFY_SOURCE=2
clang.cc := clang $(COMMON)
asan.cc := clang $(COMMON) -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

# -Wl,--no-insert-timestamp: the same sources give the same bytes. Subsystem versions are those of
# Windows 2000 and, for x64, Server 2003 x64.
LINK_WINDOWS := -static -Wl,--no-insert-timestamp -Wl,--nxcompat -Wl,--dynamicbase
x86.link := $(LINK_WINDOWS) -Wl,--major-subsystem-version,5 -Wl,--minor-subsystem-version,0
x64.link := $(LINK_WINDOWS) -Wl,--high-entropy-va \
	-Wl,--major-subsystem-version,5 -Wl,--minor-subsystem-version,2
# Ours in the place of msvcrt's, for a console's sake: service/windows/console.h.
PRINTING := -Wl,--wrap=fputc,--wrap=fputs,--wrap=fwrite,--wrap=putchar,--wrap=fflush
x86.libs := -ladvapi32 -lnetapi32 -lmsi -lssp
x64.libs := $(x86.libs)
native.link := -Wl,-z,relro,-z,now
asan.link := -fsanitize=address,undefined

# ---- sources --------------------------------------------------------------------------------

CORE := $(wildcard service/core/*.c)
ON_WINDOWS := $(wildcard service/windows/*.c)
# app/ is portable where a file's name does not say otherwise: *_windows.c and *_posix.c.
APP := $(wildcard service/app/*.c)
# The queue's watch is a part of the service.
APP_PORTABLE := $(filter-out %_windows.c %_posix.c $(wildcard service/app/queue_watch*.c) %/queue_alert.c, \
	$(wildcard service/app/replay*.c service/app/queue*.c)) \
	$(wildcard service/app/*_posix.c) service/app/usage.c $(wildcard service/app/incident_list*.c) \
	service/app/verb_incidents.c service/app/verb_queue.c service/app/verb_arguments.c service/app/hardening_list.c service/app/shown.c service/app/new_file.c \
	$(wildcard service/app/findings*.c) service/app/json_put.c
PORTABLE := $(CORE) $(wildcard $(APP_PORTABLE))
INSTALLER := $(filter-out $(wildcard installer/*policy*.c),$(wildcard installer/*.c))
FOR_WINDOWS := $(CORE) $(ON_WINDOWS) $(filter-out %_posix.c,$(APP)) $(INSTALLER)

# The exes that ship are built for size, but for what every record of a log goes through, and, as the
# native one is, once more as a whole when linked (-flto; the tests link the same objects one by one).
PER_RECORD := $(addprefix service/core/,account_table event_record event_shape event_time guard \
	guard_nearest guard_next guard_quiet guard_room history history_clients history_rest saved_log \
	sign_in_memo slot_table sweep text text_hash)
WHOLE := -flto -ffat-lto-objects
SIZED := -Os $(WHOLE)
build/native/service/%.o: sized := $(WHOLE)
$(foreach kind,x86 x64,build/$(kind)/service/%.o build/$(kind)/installer/%.o): sized := $(SIZED)
$(foreach kind,x86 x64,$(PER_RECORD:%=build/$(kind)/%.o)): sized := $(SIZED) -O2

# objects: build/<flavour>/service/....o ; a library of each flavour, so that a test links only
# what it uses
define flavour
$(1).objects := $$(patsubst %.c,build/$(1)/%.o,$(2))
build/$(1)/librelaylock.a: $$($(1).objects) build/$(1)/objects.list
	@rm -f $$@
	$$(Q)ar rcsD $$@ $$(filter %.o,$$^)
# Rewritten when a source comes or goes, so that no object of a deleted one stays in the library.
build/$(1)/objects.list: always
	@mkdir -p $$(@D)
	@echo '$$($(1).objects)' | cmp -s - $$@ || echo '$$($(1).objects)' >$$@
build/$(1)/%.o: %.c mingw.mk | $(3)
	@mkdir -p $$(@D)
	$$(call say,CC)
	$$(Q)$$($(1).cc) $$(sized) -Iservice $(4) -c $$< -o $$@
-include $$($(1).objects:.o=.d) build/$(1)/service/main.d
endef
$(eval $(call flavour,x86,$(FOR_WINDOWS),build/x86/messages.h,-Ibuild/x86 -Ibuild/cmocka/x86/include))
$(eval $(call flavour,x64,$(FOR_WINDOWS),build/x64/messages.h,-Ibuild/x64 -Ibuild/cmocka/x64/include))
$(eval $(call flavour,native,$(PORTABLE),,))
$(eval $(call flavour,clang,$(PORTABLE),,))
$(eval $(call flavour,asan,$(PORTABLE),,))

# -A: the messages are ASCII, and so is their table, which is half as large then; whoever reads one
# is told by its flags (learn.microsoft.com ns-winnt-message_resource_entry).
build/%/messages.h build/%/messages.rc: service/windows/messages.mc mingw.mk
	@mkdir -p $(@D)
	$(Q)$($*.triple)-windmc -A -h $(@D) -r $(@D) $<

build/%/relaylock.res.o: service/windows/relaylock.rc service/windows/relaylock.manifest \
		build/%/messages.rc mingw.mk
	$(Q)$($*.triple)-windres -Ibuild/$* -Iservice/windows -DVERSION_TEXT='\"$(VERSION)\"' \
		-DVERSION_NUMBERS=$(subst .,$(comma),$(VERSION)),0 $< -o $@
comma := ,

all: build/x86/relaylock.exe build/x64/relaylock.exe build/native/relaylock \
	build/clang/relaylock

build/x86/relaylock.exe build/x64/relaylock.exe: build/%/relaylock.exe: \
		build/%/service/main.o build/%/relaylock.res.o build/%/librelaylock.a
	$(call say,LINK)
	$(Q)$($*.cc) -municode -s -flto -flto-partition=one $($*.link) $(PRINTING) $^ -o $@ $($*.libs)
build/native/relaylock: link_whole := -flto -flto-partition=one
build/native/relaylock build/clang/relaylock build/asan/relaylock: build/%/relaylock: \
		build/%/service/main.o build/%/librelaylock.a
	$(call say,LINK)
	$(Q)$($*.cc) $(link_whole) $($*.link) $^ -o $@

# The figures of the docs, from their sources; only for those who change them (needs graphviz; the
# page's picture comes from tests/page/page.mk).
FIGURES := $(patsubst %.dot,%.svg,$(wildcard docs/figures/*.dot))
figures: $(FIGURES)
docs/figures/%.svg: docs/figures/%.dot
	dot -Tsvg $< >$@

clean:
	rm -rf build

# ---- tests ----------------------------------------------------------------------------------

CORE_TESTS := $(patsubst tests/%.c,%,$(wildcard tests/core/test_*.c))
WINDOWS_TESTS := $(patsubst tests/%.c,%,$(wildcard tests/windows/test_*.c tests/app/test_*.c))
CORE_HELPERS := $(filter-out tests/core/test_%,$(wildcard tests/core/*.c))
WINDOWS_HELPERS := $(filter-out tests/windows/test_% tests/app/test_%, \
	$(wildcard tests/windows/*.c tests/app/*.c)) $(CORE_HELPERS)

# test_programs FLAVOUR, HELPERS, TESTS
define test_programs
$(1).helpers := $$(patsubst %.c,build/$(1)/%.o,$(2))
build/$(1)/tests/libhelpers.a: $$($(1).helpers) build/$(1)/tests/helpers.list
	@rm -f $$@
	$$(Q)ar rcsD $$@ $$(filter %.o,$$^)
build/$(1)/tests/helpers.list: always
	@mkdir -p $$(@D)
	@echo '$$($(1).helpers)' | cmp -s - $$@ || echo '$$($(1).helpers)' >$$@
$(1).tests := $$(patsubst %,build/$(1)/tests/%.o,$(3))
-include $$($(1).helpers:.o=.d) $$($(1).tests:.o=.d)
endef
$(eval $(call test_programs,native,$(CORE_HELPERS),$(CORE_TESTS)))
$(eval $(call test_programs,asan,$(CORE_HELPERS),$(CORE_TESTS)))
$(eval $(call test_programs,x64,$(WINDOWS_HELPERS),$(CORE_TESTS) $(WINDOWS_TESTS)))

build/native/tests/%.test: build/native/tests/%.o build/native/tests/libhelpers.a \
		build/native/librelaylock.a
	$(call say,LINK)
	$(Q)$(native.cc) $(native.link) $^ -o $@ -lcmocka
build/asan/tests/%.test: build/asan/tests/%.o build/asan/tests/libhelpers.a \
		build/asan/librelaylock.a
	$(call say,LINK)
	$(Q)$(asan.cc) $(asan.link) $^ -o $@ -lcmocka
build/x64/tests/%.exe: build/x64/tests/%.o build/x64/relaylock.res.o \
		build/x64/tests/libhelpers.a build/x64/librelaylock.a build/cmocka/x64/lib/libcmocka-static.a
	$(call say,LINK)
	$(Q)$(x64.cc) $(x64.link) $(filter %.o,$^) $(filter %.a,$^) -o $@ $(x64.libs)
%/test_console.exe %/test_console_verbs.exe %/test_main.exe: x64.link += $(PRINTING)
build/x64/tests/app/test_main.exe: build/x64/service/main.o
$(x64.tests) $(x64.helpers): | build/cmocka/x64/lib/libcmocka-static.a

# cmocka for Windows from Debian's source package. The source entries are the machine's own Debian
# entries, asked for sources, in a configuration of this build; the machine's stays as it is.
build/cmocka/source: tests/get-source.sh
	$(call say,GET)
	$(Q)tests/get-source.sh cmocka $@
build/cmocka/%/lib/libcmocka-static.a: | build/cmocka/source
	$(call say,BUILD)
	$(Q)cmake -S build/cmocka/source -B build/cmocka/$*/cmake -DCMAKE_SYSTEM_NAME=Windows \
		-DCMAKE_C_COMPILER=$($*.triple)-gcc-win32 -DCMAKE_BUILD_TYPE=Release \
		-DWITH_STATIC_LIB=ON -DUNIT_TESTING=OFF -DWITH_EXAMPLES=OFF -DPICKY_DEVELOPER=OFF \
		"-DCMAKE_INSTALL_PREFIX=$(CURDIR)/build/cmocka/$*" >build/cmocka/$*.log
	$(Q)cmake --build build/cmocka/$*/cmake --target install >>build/cmocka/$*.log

TEST_PROGRAMS := $(CORE_TESTS:%=build/native/tests/%.test) $(CORE_TESTS:%=build/asan/tests/%.test) \
	$(CORE_TESTS:%=build/x64/tests/%.exe) $(WINDOWS_TESTS:%=build/x64/tests/%.exe)

include tests/lab/lab.mk tests/lab/acceptance.mk tests/bench/bench.mk tests/fuzz/fuzz.mk \
	tests/page/page.mk tests/coverage/coverage.mk tests/mutate/mutate.mk \
	installer/msi.mk installer/policy.mk tests/check/check.mk

programs: all $(TEST_PROGRAMS) $(addprefix build/native/,make_log make_office make_hostile make_policy)
test: programs lab acceptance build/lab/probe.exe $(FUZZERS) msi build/next/build/relaylock-$(NEXT)-x64.msi \
		$(COVERED_NATIVE)
	tests/run.sh $(VERSION)

demo: build/x64/relaylock.exe lab acceptance
	tests/lab/demo.sh

.PHONY: always all clean figures programs test lab acceptance demo bench
