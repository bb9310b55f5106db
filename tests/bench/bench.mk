# bench.mk: programs for `make -f mingw.mk bench`. Included by mingw.mk.

build/native/bench_guard: build/native/tests/bench/bench_guard.o build/native/librelaylock.a
build/native/make_log: build/native/tests/bench/make_log.o build/native/tests/libhelpers.a \
	build/native/librelaylock.a
build/native/make_queue: build/native/tests/bench/make_queue.o build/native/tests/libhelpers.a \
	build/native/librelaylock.a
build/native/bench_journal: build/native/tests/bench/bench_journal.o \
	build/native/tests/libhelpers.a build/native/librelaylock.a
	$(call say,LINK)
	$(Q)$(native.cc) $(native.link) $^ -o $@ -lcmocka
build/native/bench_guard build/native/make_log build/native/make_queue:
	$(call say,LINK)
	$(Q)$(native.cc) $(native.link) $^ -o $@
build/lab/bench_lab.exe: $(addprefix build/x64/tests/, \
		bench/bench_lab.o bench/process_cost.o lab/acceptance_registry.o)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(x64.cc) -municode $(x64.link) $^ -o $@ $(x64.libs) -lpsapi -lntdll
build/x64/bench_durability.exe: build/x64/tests/bench/bench_durability.o build/x64/relaylock.res.o \
		build/x64/tests/libhelpers.a build/x64/librelaylock.a build/cmocka/x64/lib/libcmocka-static.a
	$(call say,LINK)
	$(Q)$(x64.cc) $(x64.link) $^ -o $@ $(x64.libs)
build/x64/bench_quarantine.exe: build/x64/tests/bench/bench_quarantine.o \
		build/x64/relaylock.res.o build/x64/tests/core/queue_maker.o build/x64/librelaylock.a
	$(call say,LINK)
	$(Q)$(x64.cc) $(x64.link) $^ -o $@ $(x64.libs)
-include $(wildcard build/native/tests/bench/*.d build/x64/tests/bench/*.d)

bench: all lab acceptance build/native/bench_guard build/native/bench_journal build/native/make_log \
		build/native/make_queue \
		build/x64/bench_quarantine.exe build/x64/bench_durability.exe build/lab/bench_lab.exe
	tests/bench/bench.sh
