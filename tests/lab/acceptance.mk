# acceptance.mk: what a real Windows host runs to try RelayLock. Included by mingw.mk.

ACCEPTANCE := $(patsubst %.c,%.o,$(wildcard tests/lab/acceptance*.c))
ACCEPTANCE_FILES := acceptance.exe stand_in.exe relaylock.exe run.cmd

acceptance: $(foreach f,$(ACCEPTANCE_FILES),build/acceptance/x86/$(f) build/acceptance/x64/$(f))
.PHONY: acceptance

define acceptance_flavour
build/acceptance/$(1)/acceptance.exe: $$(addprefix build/$(1)/,$$(ACCEPTANCE))
	@mkdir -p $$(@D)
	$$(call say,LINK)
	$$(Q)$$($(1).cc) -municode -s $$($(1).link) $$^ -o $$@ $$($(1).libs) -luser32
build/acceptance/$(1)/stand_in.exe: build/$(1)/tests/lab/stand_in.o
	@mkdir -p $$(@D)
	$$(call say,LINK)
	$$(Q)$$($(1).cc) -municode -s $$($(1).link) $$^ -o $$@ $$($(1).libs)
build/acceptance/$(1)/relaylock.exe: build/$(1)/relaylock.exe
	@mkdir -p $$(@D)
	$$(Q)cp $$< $$@
build/acceptance/$(1)/run.cmd: tests/lab/run.cmd
	@mkdir -p $$(@D)
	$$(Q)cp $$< $$@
-include $$(patsubst %.o,build/$(1)/%.d,$$(ACCEPTANCE) tests/lab/stand_in.o)
endef
$(eval $(call acceptance_flavour,x86))
$(eval $(call acceptance_flavour,x64))
