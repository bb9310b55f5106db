# page.mk: programs for the tests of replay's page. Included by mingw.mk.

build/native/make_office build/native/make_hostile: build/native/make_%: \
		build/native/tests/page/make_%.o build/native/tests/libhelpers.a \
		build/native/librelaylock.a
	$(call say,LINK)
	$(Q)$(native.cc) $(native.link) $^ -o $@
-include $(wildcard build/native/tests/page/*.d)

# The picture in docs/replay.md, anew.
figure: build/native/relaylock build/native/make_office
	tests/page/figure.sh docs/figures/replay-page.png

.PHONY: figure
