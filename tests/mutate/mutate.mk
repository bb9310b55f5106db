# mutate.mk: does a test notice when core/ is broken? Included by mingw.mk.
#
#   make -f mingw.mk mutate                         300 mutations; goes on where it was stopped
#   make -f mingw.mk mutate MUTATIONS=30 SEED=two   others
#   make -f mingw.mk mutate-self                    does the script notice what it should? In 1 min
#
# What no test notices and why is in tests/mutate/survivors.md.

MUTATIONS ?= 300
SEED ?= 1

# Random histories are fewer here than in the tests. Flags are full of quotation marks, so they go
# by the environment.
mutate mutate-self: export RELAYLOCK_TEST_DATA = tests/data
mutate mutate-self: export RELAYLOCK_HISTORIES = 300
mutate mutate-self: export MUTATE_COMPILER = $(native.cc) -Iservice
mutate mutate-self: export MUTATE_LINKER = $(native.cc) $(native.link)
mutate: export MUTATE_ASAN_COMPILER = $(asan.cc) -Iservice
mutate: export MUTATE_ASAN_LINKER = $(asan.cc) $(asan.link)
mutate: build/coverage/core.done $(CORE_TESTS:%=build/native/tests/%.test) \
		$(CORE_TESTS:%=build/asan/tests/%.test)
	$(Q)tests/mutate/mutate.py --out 'build/mutate/seed-$(SEED)' --mutations $(MUTATIONS) \
		--seed '$(SEED)' \
		--suite "$$MUTATE_COMPILER" "$$MUTATE_LINKER" build/native \
		--suite "$$MUTATE_ASAN_COMPILER" "$$MUTATE_ASAN_LINKER" build/asan \
		--coverage build/coverage/native/runs --explained tests/mutate/survivors.md \
		--sources $(CORE)

# On a file every line of which is held by its own test.
mutate-self: build/native/tests/core/test_crc32c.test
	$(Q)tests/mutate/test_mutate.py
	@rm -rf build/mutate-self
	$(Q)tests/mutate/mutate.py --out build/mutate-self --mutations 5 \
		--sources service/core/crc32c.c \
		--suite "$$MUTATE_COMPILER" "$$MUTATE_LINKER" build/native --tests test_crc32c

.PHONY: mutate mutate-self
