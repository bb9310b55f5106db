# lab.mk: the lab: an Exchange host in miniature under Wine. Included by mingw.mk.

LAB_WINE := /usr/lib/x86_64-linux-gnu/wine/x86_64-windows
LAB_STORE := lab_store lab_log lab_wake lab_faults lab_users lab_handles
LAB_DLLS := advapi32 wevtapi netapi32
LAB_COPIES := $(LAB_DLLS:%=build/lab/%_wine.dll)
LAB_PROGRAMS := $(addprefix build/lab/,lab.exe lab_eventlog.exe)
LAB := $(LAB_DLLS:%=build/lab/%.dll) $(LAB_COPIES) $(LAB_PROGRAMS)

lab_advapi32 := advapi32_import advapi32_services advapi32_recovery advapi32_log advapi32_report advapi32_lookup $(LAB_STORE)
lab_wevtapi := wevtapi_result wevtapi_file wevtapi_query wevtapi_xpath wevtapi_bookmark wevtapi_xml wevtapi_render wevtapi_log $(LAB_STORE)
lab_netapi32 := netapi32_info netapi32_users netapi32_groups netapi32_domain $(LAB_STORE)
lab_lab := lab lab_show lab_change lab_saved $(LAB_STORE)
lab_lab_eventlog := lab_eventlog $(LAB_STORE)
lab_probe := probe probe_log probe_state probe_subscription probe_service probe_users
lab_objects = $(patsubst %,build/lab/o/%.o,$(lab_$(1)))

# __declspec(dllexport) and dllimport at once would contradict each other: the headers are told that
# these functions are not imported.
build/lab/o/%.o: tests/lab/%.c mingw.mk tests/lab/lab.mk
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(x64.cc) -D_ADVAPI32_ -D_DSGETDCAPI_ -c $< -o $@
-include $(wildcard build/lab/o/*.d)

build/lab/%_wine.dll: $(LAB_WINE)/%.dll tests/lab/copy_wine_dll.sh
	@mkdir -p $(@D)
	$(Q)tests/lab/copy_wine_dll.sh $< $@
build/lab/%.def: $(LAB_WINE)/%.dll tests/lab/%.exports tests/lab/forward.sh
	@mkdir -p $(@D)
	tests/lab/forward.sh $< tests/lab/$*.exports >$@
# What the lab's advapi32.dll itself imports comes from the copy of Wine's.
build/lab/libadvapi32_wine.a: build/lab/advapi32.def
	sed -e 's/^LIBRARY .*/LIBRARY advapi32_wine.dll/' -e 's/ = .*//' $< >build/lab/advapi32_wine.def
	$(x64.triple)-dlltool -d build/lab/advapi32_wine.def -l $@

build/lab/advapi32.dll: $(call lab_objects,advapi32) build/lab/advapi32.def build/lab/libadvapi32_wine.a
	$(call say,LINK)
	$(Q)$(x64.cc) -shared $(x64.link) $(filter-out %.a,$^) -o $@ build/lab/libadvapi32_wine.a -lssp
build/lab/wevtapi.dll: $(call lab_objects,wevtapi) build/lab/wevtapi.def
	$(call say,LINK)
	$(Q)$(x64.cc) -shared $(x64.link) $^ -o $@ $(x64.libs)
build/lab/netapi32.dll: $(call lab_objects,netapi32) build/lab/netapi32.def
	$(call say,LINK)
	$(Q)$(x64.cc) -shared $(x64.link) $^ -o $@ -ladvapi32 -lssp
build/lab/lab.exe: $(call lab_objects,lab)
	$(call say,LINK)
	$(Q)$(x64.cc) -municode $(x64.link) $^ -o $@ -ladvapi32 -lssp
build/lab/lab_eventlog.exe: $(call lab_objects,lab_eventlog)
	$(call say,LINK)
	$(Q)$(x64.cc) $(x64.link) $^ -o $@ -ladvapi32 -lssp
build/lab/probe.exe: $(call lab_objects,probe)
	$(call say,LINK)
	$(Q)$(x64.cc) -municode $(x64.link) $^ -o $@ -lwevtapi $(x64.libs)

.PHONY: lab
lab: $(LAB)

# The lab held against the documentation, by calls that any Windows has.
build/lab/probe.txt: build/lab/probe.exe $(LAB) tests/lab/lab_setup.sh
	tests/lab/lab_setup.sh build/lab/wine build/lab probe.exe
	tests/wine.sh build/lab/wine build/lab/probe.exe >$@.new || true
	tests/wine-session.sh end build/lab/wine
	grep -q ' passed, 0 failed' $@.new || { cat $@.new; exit 1; }
	mv $@.new $@

# The demo, and the verbs of sc, net, certutil and wevtutil that Wine lacks.
LAB_TOOLS := $(addprefix build/lab/,demo.exe sc.exe net.exe certutil.exe wevtutil.exe)
build/lab/demo.exe: $(addprefix build/lab/o/,demo.o demo_alerts.o)
build/lab/sc.exe: $(addprefix build/lab/o/,sc.o hand_on.o)
build/lab/net.exe: build/lab/o/net.o
build/lab/certutil.exe: build/lab/o/certutil.o
build/lab/wevtutil.exe: build/lab/o/wevtutil.o
$(LAB_TOOLS):
	$(call say,LINK)
	$(Q)$(x64.cc) -municode $(x64.link) $^ -o $@ $(x64.libs)
LAB_MAKERS := build/native/make_history build/native/make_relay
$(LAB_MAKERS): build/native/make_%: build/native/tests/lab/make_%.o build/native/tests/libhelpers.a \
		build/native/librelaylock.a
	$(call say,LINK)
	$(Q)$(native.cc) $(native.link) $^ -o $@
# What hostile.sh plants beside the exe.
build/lab/planted.dll: build/lab/o/planted.o
	$(call say,LINK)
	$(Q)$(x64.cc) -shared $(x64.link) $^ -o $@ -lssp
lab: $(LAB_TOOLS) $(LAB_MAKERS) build/lab/planted.dll

# Kills the service in one call of a lock-down after another.
CRASH := $(addprefix build/x64/tests/lab/,crash.o crash_host.o acceptance_check.o \
	acceptance_output.o acceptance_registry.o acceptance_services.o acceptance_stand_ins.o \
	acceptance_state.o)
build/lab/crash.exe: $(CRASH) $(LAB_STORE:%=build/lab/o/%.o) build/x64/librelaylock.a
	$(call say,LINK)
	$(Q)$(x64.cc) -municode $(x64.link) $^ -o $@ $(x64.libs)
-include $(CRASH:.o=.d)
lab: build/lab/crash.exe

# More than a host has to bear.
LOAD := $(addprefix build/x64/tests/,lab/load.o lab/load_log.o bench/process_cost.o \
	$(addprefix lab/acceptance_,accounts.o check.o command.o leftovers.o log.o output.o \
	product.o registry.o services.o stand_ins.o state.o))
build/lab/load.exe: $(LOAD)
	$(call say,LINK)
	$(Q)$(x64.cc) -municode $(x64.link) $^ -o $@ $(x64.libs) -lpsapi -lntdll
-include $(LOAD:.o=.d)
lab: build/lab/load.exe
