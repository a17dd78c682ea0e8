# The terminal: our own sources, libvterm as its authors released it, and tables made from Debian's
# fonts and keyboard layouts. libvterm is compiled with wasi-libc's headers; the functions that it
# calls are in libc.c.
terminal_layouts := us fr de
terminal_fonts := /usr/share/consolefonts/Uni2-Terminus16.psf.gz /usr/share/consolefonts/Uni2-TerminusBold16.psf.gz
terminal_libvterm := encoding keyboard mouse parser pen screen state unicode vterm
terminal_include := -isystem $(BUILD)/sources/libvterm/include
terminal_sources := $(wildcard programs/terminal/*.c)
terminal_tables := generated/terminal/layouts.c generated/terminal/fonts.c
weft_programs += $(BUILD)/programs/terminal.wasm

$(BUILD)/generated/terminal/layouts.c: tools/keymap programs/terminal/build.mk
	@mkdir -p $(@D)
	tools/keymap $(terminal_layouts) > $@
$(BUILD)/generated/terminal/fonts.c: tools/font programs/terminal/build.mk
	@mkdir -p $(@D)
	tools/font files $(terminal_fonts) > $@

$(terminal_libvterm:%=$(BUILD)/sources/libvterm/src/%.c): $(BUILD)/sources/libvterm/.unpacked
$(BUILD)/wasm/libvterm/%.o: $(BUILD)/sources/libvterm/src/%.c $(SYSROOT)/.made
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) -w -ffunction-sections -fdata-sections $(terminal_include) -c -o $@ $<

terminal_objects := $(call wasm_objects,$(terminal_sources) $(terminal_tables)) $(terminal_libvterm:%=$(BUILD)/wasm/libvterm/%.o)
$(call wasm_objects,$(terminal_sources)): WASM_CFLAGS += $(terminal_include) -isystem $(SYSROOT)/include/wasm32-wasi
$(call wasm_objects,$(terminal_sources)): | $(BUILD)/sources/libvterm/.unpacked $(SYSROOT)/.made
$(BUILD)/wasm/programs/terminal/libc.o: WASM_CFLAGS += -fno-builtin
$(BUILD)/programs/terminal.wasm: $(terminal_objects) $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	$(WASM_LINK) -o $@ $^ $(WASM_BUILTINS)

# For the tests of what calls nobody: the same sources, natively. libvterm shifts negative bytes to the left
# where it compares requests for settings (state.c), and lets numbers of twenty digits overflow (parser.c), which are no
# sensible ones anyway: compilers do what it means.
define libvterm_rule
$(BUILD)/$(1)/libvterm/%.o: $(BUILD)/sources/libvterm/src/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$($(1)) -fno-sanitize=shift-base,signed-integer-overflow -w $$(terminal_include) -c -o $$@ $$<
$(call objects,$(1),$(wildcard programs/terminal/*.c tests/terminal/*.c tests/fuzz/terminal*.c)): CPPFLAGS += $$(terminal_include)
$(call objects,$(1),$(wildcard programs/terminal/*.c tests/terminal/*.c tests/fuzz/terminal*.c)): | $(BUILD)/sources/libvterm/.unpacked
endef
$(foreach flavour,sanitized fuzz release,$(eval $(call libvterm_rule,$(flavour))))
