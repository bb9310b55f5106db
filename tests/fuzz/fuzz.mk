# fuzz.mk: every tests/fuzz/fuzz_*.c is a libFuzzer target, with the address and undefined behaviour
# sanitizers. Included by mingw.mk.
#
#   make -f mingw.mk fuzz                           each for 30 s, with -j2 two at a time
#   make -f mingw.mk fuzz_text FUZZ_SECONDS=3600    one of them, for an hour
#   make -f mingw.mk fuzz-hours                     each until it has had its hour on the code as it
#                                                   is; may be stopped, and goes on another time

FUZZ_SECONDS ?= 30
FUZZERS := $(patsubst tests/%.c,build/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_HELPERS := $(patsubst %.c,build/fuzz/%.o,$(filter-out tests/fuzz/fuzz_%,$(wildcard tests/fuzz/*.c)))

fuzz.cc := clang $(COMMON) -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
# What the fuzzer is led by: our own code's coverage, not that of what holds it against the rules,
# which would take most of the time.
build/fuzz/service/%.o build/fuzz/tests/fuzz/%.o: fuzz.cc += -fsanitize=fuzzer-no-link
$(eval $(call flavour,fuzz,$(PORTABLE),,))
$(eval $(call test_programs,fuzz,$(CORE_HELPERS),))

build/fuzz/fuzz_%: build/fuzz/tests/fuzz/fuzz_%.o $(FUZZ_HELPERS) build/fuzz/tests/libhelpers.a \
		build/fuzz/librelaylock.a
	$(call say,LINK)
	$(Q)$(fuzz.cc) -fsanitize=fuzzer $^ -o $@ -lcmocka -Wl,-Map=$@.map
-include $(wildcard build/fuzz/tests/fuzz/*.d)

FUZZ_RUNS := $(notdir $(FUZZERS))
$(FUZZ_RUNS): fuzz_%: build/fuzz/fuzz_%
	$(Q)tests/fuzz/fuzz.sh $< $(FUZZ_SECONDS)
fuzz: $(FUZZ_RUNS)
fuzz-hours: $(FUZZERS)
	$(Q)tests/fuzz/hours.py --account tests/fuzz/hours.tsv $(FUZZERS)

.PHONY: fuzz fuzz-hours $(FUZZ_RUNS)
