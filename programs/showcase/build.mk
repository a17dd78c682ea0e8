# The showcase: small programs in four languages, each twice: on WASI, and on the 16 functions of
# wasm_os. In the shell they are commands, NAME and NAME-os.
showcase := $(BUILD)/showcase
showcase_names := $(filter-out on_%,$(basename $(notdir $(wildcard programs/showcase/*.c programs/showcase/*.cpp)))) hello-rust
# AssemblyScript's compiler comes by npm: where there is none, all else is built.
showcase_names += $(if $(shell command -v npm),hello-as)
showcase_programs := $(showcase_names:%=$(BUILD)/programs/bin/%.wasm) $(showcase_names:%=$(BUILD)/programs/bin/%-os.wasm)
foreign_programs += $(showcase_programs)

showcase_flags := $(WASI_CFLAGS) -Wall -Wextra -Werror -I. -MMD -MP -c
$(showcase)/%.c.o: programs/showcase/%.c $(SYSROOT)/.made
	@mkdir -p $(@D)
	$(CC) $(showcase_flags) $(WARNINGS) -std=gnu11 -o $@ $<
$(showcase)/%.cpp.o: programs/showcase/%.cpp $(SYSROOT)/.made
	@mkdir -p $(@D)
	clang++-19 $(showcase_flags) -std=c++20 -fno-exceptions -fno-rtti -o $@ $<

define showcase_rule
$(BUILD)/programs/bin/$(1).wasm: $(showcase)/$(2).o $(showcase)/on_wasi.c.o
	@mkdir -p $$(@D)
	clang++-19 $(WASI_LDFLAGS) -o $$@ $$^ $$(showcase_libraries)
$(BUILD)/programs/bin/$(1)-os.wasm: $(showcase)/$(2).o $(showcase)/on_wasm_os.c.o $(showcase)/on_wasm_os_memory.cpp.o
	@mkdir -p $$(@D)
	clang++-19 $(WASI_LDFLAGS) -nostartfiles -Wl,--no-entry -o $$@ $$^
endef
# The one that starts others needs more than WASI has.
$(showcase)/on_wasi_run.c.o: programs/showcase/on_wasi_run.c $(POSIX_HEADERS) $(SYSROOT)/.made
	@mkdir -p $(@D)
	$(CC) $(showcase_flags) $(WARNINGS) -std=gnu11 $(POSIX_CFLAGS) -o $@ $<
$(BUILD)/programs/bin/cli.wasm: $(showcase)/on_wasi_run.c.o $(POSIX_OBJECTS)
$(BUILD)/programs/bin/cli.wasm: showcase_libraries := -Wl,--gc-sections $(filter -l%,$(POSIX_LIBRARIES))
$(foreach source,$(notdir $(wildcard programs/showcase/*.c programs/showcase/*.cpp)),\
    $(if $(filter on_%,$(source)),,$(eval $(call showcase_rule,$(basename $(source)),$(source)))))

$(BUILD)/programs/bin/hello-rust.wasm: programs/showcase/wasi/hello-rust.rs
	@mkdir -p $(@D)
	$(RUSTC) $(RUSTFLAGS) -o $@ $<
$(BUILD)/programs/bin/hello-rust-os.wasm: programs/showcase/wasm_os/hello-rust.rs
	@mkdir -p $(@D)
	$(RUSTC) $(subst wasm32-wasi,wasm32-unknown-unknown,$(RUSTFLAGS)) -C panic=abort -o $@ $<
$(BUILD)/programs/bin/hello-as.wasm: programs/showcase/wasi/hello-as.ts $(ASC)
	@mkdir -p $(@D) $(showcase)/wasi
	cp $< $(showcase)/wasi && cd $(showcase)/wasi && $(abspath $(ASC)) $(ASC_FLAGS) --outFile $(abspath $@) $(<F)
$(BUILD)/programs/bin/hello-as-os.wasm: programs/showcase/wasm_os/hello-as.ts $(ASC)
	@mkdir -p $(@D) $(showcase)/wasm_os
	cp $< $(showcase)/wasm_os && cd $(showcase)/wasm_os && $(abspath $(ASC)) --optimize --outFile $(abspath $@) $(<F)
