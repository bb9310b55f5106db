# msi.mk: the installers, plain and signed. Included by mingw.mk.
#
#   make -f mingw.mk msi     build/relaylock-VERSION-x86.msi and -x64.msi, their checksums and their
#                            bill of materials
#   make -f mingw.mk sign SIGN_CERT=cert.pem SIGN_KEY=key.pem SIGN_TIMESTAMP=http://...
#                            the same, signed, in build/signed; the time stamp may be left out, and
#                            more options of `osslsigncode sign` may come in SIGN_OPTIONS

PRODUCT := relaylock-$(VERSION)

# What Windows Installer calls: it looks for the plain names.
build/%/actions.dll: build/%/installer/actions.o build/%/actions.res.o build/%/librelaylock.a \
		installer/actions.def
	$(call say,LINK)
	$(Q)$($*.cc) -shared -s -flto -flto-partition=one $($*.link) -Wl,--enable-stdcall-fixup $^ \
		-o $@ $($*.libs)
build/%/actions.res.o: installer/actions.rc mingw.mk
	$(Q)$($*.triple)-windres -DVERSION_TEXT='\"$(VERSION)\"' \
		-DVERSION_NUMBERS=$(subst .,$(comma),$(VERSION)),0 $< -o $@

make_msi = installer/build_msi.sh $(1) $(VERSION) $(2)/relaylock.exe $(2)/actions.dll $(3)
build/$(PRODUCT)-%.msi: build/%/relaylock.exe build/%/actions.dll installer/relaylock.wxs \
		installer/build_msi.sh mingw.mk
	$(call say,MSI)
	$(Q)$(call make_msi,$*,build/$*,$@)

# What is in the installers of a folder, and their checksums.
%/$(PRODUCT).cdx.json: %/$(PRODUCT)-x86.msi %/$(PRODUCT)-x64.msi installer/sbom.sh
	$(call say,SBOM)
	$(Q)installer/sbom.sh $(VERSION) $*/$(PRODUCT)-x86.msi $*/$(PRODUCT)-x64.msi >$@
%/SHA256SUMS: %/$(PRODUCT)-x86.msi %/$(PRODUCT)-x64.msi %/$(PRODUCT).cdx.json
	$(Q)cd $* && sha256sum $(notdir $^) >SHA256SUMS

msi: build/SHA256SUMS
.PHONY: msi sign

# A later version, for upgrades to be tested: only what has the version in it is built again.
NEXT := 99.0.0
build/next/build/relaylock-$(NEXT)-x64.msi: build/$(PRODUCT)-x64.msi
	$(call say,NEXT)
	$(Q)rm -rf build/next && mkdir -p build/next/build
	$(Q)cp -a mingw.mk service installer tests build/next && cp -a build/x64 build/next/build/x64
	$(Q)rm -rf build/next/build/x64/tests
	$(Q)cd build/next && touch $$(grep -rlE 'RELAYLOCK_VERSION|VERSION_TEXT' service installer)
	$(Q)$(MAKE) -C build/next -f mingw.mk VERSION=$(NEXT) $(@:build/next/%=%) >build/next/log

# ---- signed ---------------------------------------------------------------------------------

# Each time anew: the certificate may be another one.
SIGN = osslsigncode sign -certs "$(SIGN_CERT)" -key "$(SIGN_KEY)" -h sha256 -n RelayLock \
	$(if $(SIGN_TIMESTAMP),-ts "$(SIGN_TIMESTAMP)") $(SIGN_OPTIONS)
ifneq ($(filter sign,$(MAKECMDGOALS)),)
ifeq ($(and $(SIGN_CERT),$(SIGN_KEY)),)
$(error Sign with what? make -f mingw.mk sign SIGN_CERT=cert.pem SIGN_KEY=key.pem)
endif
endif
define sign_file
	$(call say,SIGN)
	@mkdir -p $(@D) && rm -f $@
	$(Q)$(SIGN) -in $< -out $@ >$@.log || { cat $@.log; exit 1; }
	@rm $@.log
endef
build/signed/%/relaylock.exe: build/%/relaylock.exe always
	$(sign_file)
build/signed/%/actions.dll: build/%/actions.dll always
	$(sign_file)
build/signed/%/unsigned.msi: build/signed/%/relaylock.exe build/signed/%/actions.dll
	$(Q)$(call make_msi,$*,build/signed/$*,$@)
build/signed/$(PRODUCT)-%.msi: build/signed/%/unsigned.msi
	$(sign_file)

sign: build/signed/SHA256SUMS
