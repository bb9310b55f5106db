# fuzz.mk: every tests/fuzz/fuzz_*.c is a libFuzzer target, with the address and undefined behaviour
# sanitizers. Included by mingw.mk.
#
#   make -f mingw.mk fuzz                     each for 15 s
#   make -f mingw.mk fuzz FUZZ_SECONDS=300    longer

FUZZ_SECONDS ?= 15
FUZZERS := $(patsubst tests/%.c,build/%,$(wildcard tests/fuzz/fuzz_*.c))

fuzz.cc := clang $(COMMON) -O1 -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer
$(eval $(call flavour,fuzz,$(PORTABLE),,))
$(eval $(call test_programs,fuzz,$(CORE_HELPERS),))

build/fuzz/fuzz_%: build/fuzz/tests/fuzz/fuzz_%.o build/fuzz/tests/libhelpers.a \
		build/fuzz/librelaylock.a
	$(call say,LINK)
	$(Q)$(fuzz.cc) -fsanitize=fuzzer $^ -o $@ -lcmocka
-include $(wildcard build/fuzz/tests/fuzz/*.d)

fuzz: $(FUZZERS)
	$(Q)for fuzzer in $(FUZZERS); do tests/fuzz/fuzz.sh $$fuzzer $(FUZZ_SECONDS); done

.PHONY: fuzz
