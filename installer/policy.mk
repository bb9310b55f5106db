# policy.mk: the templates of Group Policy, from the settings table. Included by mingw.mk.
#
#   make -f mingw.mk policy    writes them anew, after a change of the table; they are committed

POLICY_SOURCES := $(wildcard installer/*policy*.c)
POLICY_TEMPLATES := relaylock.admx en-US/relaylock.adml relaylock.adm

build/native/make_policy: $(POLICY_SOURCES:%.c=build/native/%.o) build/native/librelaylock.a
	$(call say,LINK)
	$(Q)$(native.cc) $(native.link) $^ -o $@
-include $(wildcard build/native/installer/*.d)

policy: build/native/make_policy
	$(Q)mkdir -p installer/en-US
	$(Q)$< installer

.PHONY: policy
