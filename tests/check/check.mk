# check.mk: what reads the sources without running them. Included by mingw.mk.
#
#   make -f mingw.mk check              all of it, on as many processors as there are
#   make -f mingw.mk check-tidy         clang-tidy; what it looks for is in .clang-tidy
#   make -f mingw.mk check-analyzer     gcc -fanalyzer
#   make -f mingw.mk check-cppcheck     cppcheck; what it need not say: tests/check/cppcheck.txt
#   make -f mingw.mk check-functions    no function that trusts its caller with the size
#
# A source is checked as what it is compiled for: a portable one natively, any other for Windows. It
# is checked again when its object was made again. All that a tool said is in build/check, beside
# the mark of the source.

CHECKED_NATIVELY := $(PORTABLE) $(POLICY_SOURCES) service/main.c
CHECKED_FOR_WINDOWS := $(filter-out $(PORTABLE),$(FOR_WINDOWS)) service/main.c

check:
	$(Q)$(MAKE) -f mingw.mk -k -j$$(nproc) $(CHECKS)
CHECKS := check-tidy check-analyzer check-cppcheck check-functions
.PHONY: check $(CHECKS)

# checked_with COMMAND: the target is made when the tool finds nothing; else one line a finding.
define checked_with
	@mkdir -p $(@D)
	$(call say,CHECK)
	$(Q)$(1) >$(@:.ok=.log) 2>&1 || \
		{ grep -E '(error|warning): ' $(@:.ok=.log) || cat $(@:.ok=.log); exit 1; }
	@touch $@
endef

# The flags that the sources are compiled with, but for those that make files.
only_read = $(filter-out -MMD -MP -Werror,$(1))

# ---- clang-tidy -----------------------------------------------------------------------------

# Clang reads mingw's headers as well; its own warnings on what else only gcc compiles come on top.
tidy.native := $(call only_read,$(COMMON)) -Wreserved-identifier
tidy.x64 := $(call only_read,$(WINDOWS)) -Wreserved-identifier --target=$(x64.triple) \
	-isystem /usr/$(x64.triple)/include -Ibuild/x64
build/check/tidy-native/%.ok: %.c build/native/%.o
	$(call checked_with,clang-tidy -quiet $< -- $(tidy.native) -Iservice)
build/check/tidy-x64/%.ok: %.c build/x64/%.o
	$(call checked_with,clang-tidy -quiet $< -- $(tidy.x64) -Iservice)
TIDY := $(CHECKED_NATIVELY:%.c=build/check/tidy-native/%.ok) \
	$(CHECKED_FOR_WINDOWS:%.c=build/check/tidy-x64/%.ok)
$(TIDY): .clang-tidy tests/check/check.mk
check-tidy: $(TIDY)
	@echo 'ok clang-tidy: nothing in $(words $^) sources'

# ---- gcc -fanalyzer -------------------------------------------------------------------------

# At -O1, whatever ships: there it finds most. Of 47 calls of free taken out one by one, it missed
# 24 at -O1, 29 at -O0, 31 at -O2.
define analyzer
build/check/analyzer-$(1)/%.ok: %.c build/$(1)/%.o
	$$(call checked_with,$$(call only_read,$$($(1).cc)) -Werror -O1 -fanalyzer $$(but) \
		-Iservice -Ibuild/$(1) -S $$< -o /dev/null)
endef
$(foreach kind,native x64 x86,$(eval $(call analyzer,$(kind))))
# A batch is its source's; it loses sight of the one in the other. (The address sanitizer does not.)
build/check/analyzer-native/service/app/replay_reader.ok: but := -Wno-analyzer-malloc-leak
ANALYZED := $(CHECKED_NATIVELY:%.c=build/check/analyzer-native/%.ok) $(foreach kind,x64 x86, \
	$(CHECKED_FOR_WINDOWS:%.c=build/check/analyzer-$(kind)/%.ok))
$(ANALYZED): tests/check/check.mk
check-analyzer: $(ANALYZED)
	@echo 'ok gcc -fanalyzer: nothing in $(words $^) compilations'

# ---- cppcheck -------------------------------------------------------------------------------

# It is quick, so the tests are read as well. It knows itself what has changed.
cppcheck = cppcheck -q -j$$(nproc) --std=c11 --error-exitcode=1 --inline-suppr --platform=win64 \
	--library=windows -D_WIN32 -D_WIN64 -DUNICODE -D_UNICODE -D_WIN32_WINNT=0x0600 -Iservice -Itests \
	--suppressions-list=tests/check/cppcheck.txt --template='{file}:{line}: error: {message} [{id}]'
check-cppcheck:
	@mkdir -p build/check/cppcheck-product build/check/cppcheck-tests
	$(Q)$(cppcheck) --enable=style,warning,performance,portability \
		--cppcheck-build-dir=build/check/cppcheck-product service installer
	$(Q)$(cppcheck) --enable=warning,performance,portability \
		--cppcheck-build-dir=build/check/cppcheck-tests tests
	@echo 'ok cppcheck: nothing in service, installer and tests'

# ---- functions ------------------------------------------------------------------------------

check-functions: $(x86.objects) $(x64.objects) $(native.objects) build/x86/relaylock.exe \
		build/x64/relaylock.exe
	$(Q)tests/check/check-functions.sh
