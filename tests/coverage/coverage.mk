# coverage.mk: what of the source the tests run. Included by mingw.mk.
#
#   make -f mingw.mk coverage         core/ by the native tests, windows/ and app/ on the fakes, too
#   make -f mingw.mk coverage-core    core/ alone, without Wine
#
# Both fail below the floors of coverage.py. Left behind in build/coverage: coverage.txt, the table;
# uncovered.txt, each line and branch that no test took; native/runs/ and x64/runs/, by test.

# Nothing is optimised, so that a line stays a line; the tests themselves are those of every day.
# (Without -O2 the compiler's flow warnings differ; the other builds make errors of them.)
coverage/native.cc := gcc $(COMMON) -Wno-error -O0 --coverage
coverage/x64.cc := $(x64.triple)-gcc-win32 $(WINDOWS) -Wno-error -O0 --coverage
$(eval $(call flavour,coverage/native,$(PORTABLE),,))
$(eval $(call flavour,coverage/x64,$(FOR_WINDOWS),build/x64/messages.h,-Ibuild/x64))

build/coverage/native/tests/%.test: build/native/tests/%.o build/native/tests/libhelpers.a \
		build/coverage/native/librelaylock.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(native.cc) $(native.link) --coverage $^ -o $@ -lcmocka
build/coverage/x64/tests/%.exe: build/x64/tests/%.o build/x64/relaylock.res.o \
		build/x64/tests/libhelpers.a build/coverage/x64/librelaylock.a \
		build/cmocka/x64/lib/libcmocka-static.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(x64.cc) $(x64.link) --coverage $(filter %.o,$^) $(filter %.a,$^) -o $@ $(x64.libs)
build/coverage/x64/tests/app/test_main.exe: build/x64/service/main.o

COVERED_NATIVE := $(CORE_TESTS:%=build/coverage/native/tests/%.test)
COVERED_X64 := $(WINDOWS_TESTS:%=build/coverage/x64/tests/%.exe)

# test_messages reads the texts that the shipped exes carry.
coverage: $(COVERED_NATIVE) $(COVERED_X64) build/x86/relaylock.exe build/x64/relaylock.exe
	$(Q)tests/coverage/coverage.py $(COVERED_NATIVE) $(COVERED_X64)
coverage-core: build/coverage/core.done
build/coverage/core.done: $(COVERED_NATIVE)
	$(Q)tests/coverage/coverage.py $^
	@touch $@

.PHONY: coverage coverage-core
