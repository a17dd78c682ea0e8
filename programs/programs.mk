# Programs, all WebAssembly, in BUILD/programs. Kinds, by folder:
#   programs/library/NAME/*.c     a Weft library (it answers an import namespace): library/NAME.wasm
#   programs/system/NAME/*.c      tools for the system itself, on Weft itself: system/NAME.wasm
#   programs/example/wasi/*       an example a file, C, C++ or Rust, on WASI
#   programs/example/wasm_os/*.c  an example a file, on wasm_os's 16 functions
#   programs/example/NAME/*.c     an example a file, on Weft itself; NAME/*.wit are its interfaces
#   programs/NAME/build.mk        says itself how it is built

# --- Weft programs: the three calls, lib/ and the interface stubs, no C library ------------------

WASM_FEATURES := -mbulk-memory -msign-ext -mnontrapping-fptoint
WASM_CFLAGS := --target=wasm32 -std=gnu11 $(WARNINGS) -O2 $(WASM_FEATURES) -ffreestanding \
               -fvisibility=hidden -ffunction-sections -fdata-sections -I. -I$(BUILD)/generated
WASM_LINK := $(CC) --target=wasm32 -nostdlib -Wl,--stack-first \
             -Wl,-z,stack-size=65536
WASM_BUILTINS := /usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a

$(BUILD)/wasm/%.o: %.c programs/programs.mk | $(generated_headers)
	@mkdir -p $(@D)
	$(CC) $(WASM_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/wasm/generated/%.o: $(BUILD)/generated/%.c | $(generated_headers)
	@mkdir -p $(@D)
	$(CC) $(WASM_CFLAGS) -MMD -MP -c -o $@ $<

wasm_objects = $(patsubst %.c,$(BUILD)/wasm/%.o,$(1))

$(BUILD)/wasm/libweft.a: $(call wasm_objects,$(wildcard lib/*.c abi/*.c) \
    $(foreach name,$(interfaces) $(example_interfaces),\
    generated/interface/$(name).c generated/interface/$(name)_program.c))
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

# weft_program_rule NAME SOURCES
define weft_program_rule
weft_programs += $(BUILD)/programs/$(1).wasm
$(BUILD)/programs/$(1).wasm: $(call wasm_objects,$(2)) $(BUILD)/wasm/libweft.a
	@mkdir -p $$(@D)
	$$(WASM_LINK) -o $$@ $$^ $$(WASM_BUILTINS)
endef
# What several drivers share is no program itself.
shared_folders := programs/driver/virtio/
shared_driver/virtio_rng := $(wildcard programs/driver/virtio/*.c)
program_folders := $(filter-out $(shared_folders),\
    $(sort $(foreach folder,library driver fs substitute system,$(dir $(wildcard programs/$(folder)/*/*.c)))))
program_examples := $(filter-out programs/example/wasi/% programs/example/wasm_os/%,\
                    $(wildcard programs/example/*/*.c))
# One WASI library with the layouts of one ABI or the other.
shared_library/wasi_unstable := $(filter-out %/layout.c,$(wildcard programs/library/wasi/*.c))
# Two names of one end.
shared_system/reboot := programs/system/shutdown/end.c
$(foreach folder,$(program_folders:programs/%/=%),\
    $(eval $(call weft_program_rule,$(folder),$(wildcard programs/$(folder)/*.c) $(shared_$(folder)))))
$(foreach source,$(program_examples),\
    $(eval $(call weft_program_rule,$(source:programs/%.c=%),$(source))))

# A library answers by its exports and has no start of its own.
$(BUILD)/programs/library/%.wasm: WASM_LINK += -Wl,--no-entry

# Programs for wasm_os's ABI: all that is undefined is imported from `env`.
wasm_os_programs := $(patsubst %.c,$(BUILD)/%.wasm,$(wildcard programs/example/wasm_os/*.c))
$(wasm_os_programs): $(BUILD)/%.wasm: $(BUILD)/wasm/%.o
	@mkdir -p $(@D)
	$(WASM_LINK) -Wl,--no-entry -Wl,--allow-undefined -Wl,--export-if-defined=main \
	    -Wl,--export-if-defined=_start -o $@ $^

# --- WASI programs: Debian's wasi-libc, libc++ and Rust -------------------------------------------

# A sysroot of links, because clang falls back on this machine's own headers without one. Linking
# is done without -O, with which clang would run whatever wasm-opt it finds.
SYSROOT := $(BUILD)/sysroot
WASI_CFLAGS := --target=wasm32-wasi --sysroot=$(SYSROOT) -O2 $(WASM_FEATURES)
WASI_LDFLAGS := --target=wasm32-wasi --sysroot=$(SYSROOT) -Wl,--stack-first -Wl,-z,stack-size=1048576 -Wl,--strip-debug
# Debian's own: another toolchain on the path has no standard library for this target.
RUSTC := /usr/bin/rustc
# The linker warns of the metadata in Rust's archives, which rustc would have end the build.
RUSTFLAGS := --edition 2021 --target wasm32-wasi -O -C codegen-units=1 -C strip=debuginfo \
             -C linker=wasm-ld-19 -C link-arg=--no-fatal-warnings

$(SYSROOT)/.made:
	@mkdir -p $(SYSROOT)/include $(SYSROOT)/lib
	ln -sfn /usr/include/wasm32-wasi $(SYSROOT)/include/wasm32-wasi
	ln -sfn /usr/lib/wasm32-wasi $(SYSROOT)/lib/wasm32-wasi
	@touch $@

wasi_sources := $(wildcard programs/example/wasi/*)
wasi_programs := $(addprefix $(BUILD)/,$(addsuffix .wasm,$(basename $(wasi_sources))))

$(BUILD)/programs/example/wasi/%.wasm: programs/example/wasi/%.c $(SYSROOT)/.made
	@mkdir -p $(@D) $(BUILD)/wasi
	$(CC) $(WASI_CFLAGS) $(WARNINGS) -c -o $(BUILD)/wasi/$*.o $<
	$(CC) $(WASI_LDFLAGS) -o $@ $(BUILD)/wasi/$*.o
$(BUILD)/programs/example/wasi/%.wasm: programs/example/wasi/%.cpp $(SYSROOT)/.made
	@mkdir -p $(@D) $(BUILD)/wasi
	clang++-19 $(WASI_CFLAGS) -std=c++20 -fno-exceptions -Wall -Wextra -Werror -c -o $(BUILD)/wasi/$*.o $<
	clang++-19 $(WASI_LDFLAGS) -o $@ $(BUILD)/wasi/$*.o
$(BUILD)/programs/example/wasi/%.wasm: programs/example/wasi/%.rs
	@mkdir -p $(@D)
	$(RUSTC) $(RUSTFLAGS) -o $@ $<

# Weft programs that use the C library, and WASI programs that use Weft: what is linked decides. Of
# wasi-libc comes what does not call WASI (memory, strings, numbers) as long as nothing else is
# called. Such a program takes its start record itself, so it opens files through `files`.
# wasi_weft_rule NAME SOURCES STACK_SIZE
wasi_weft_objects = $(patsubst %.c,$(BUILD)/wasi_weft/%.o,$(1) programs/wasi_weft/pages.c)
define wasi_weft_rule
weft_programs += $(BUILD)/programs/$(1).wasm
$(BUILD)/programs/$(1).wasm: $(call wasi_weft_objects,$(2)) $(BUILD)/wasm/libweft.a $(SYSROOT)/.made
	@mkdir -p $$(@D)
	$$(CC) $$(WASI_LDFLAGS) -nostartfiles -Wl,-z,stack-size=$(3) -o $$@ \
	    $(call wasi_weft_objects,$(2)) $(BUILD)/wasm/libweft.a
endef
$(BUILD)/wasi_weft/%.o: %.c programs/programs.mk $(SYSROOT)/.made | $(generated_headers)
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) -std=gnu11 $(WARNINGS) -ffunction-sections -fdata-sections -I. \
	    -I$(BUILD)/generated -MMD -MP -c -o $@ $<

# --- Programs of others, unchanged, from Debian's source packages ----------------------------------

$(BUILD)/sources/%/.unpacked: tools/sources.lock
	tools/fetch $* $(BUILD)/sources

include programs/languages.mk
# Others name what this one has.
include programs/posix/build.mk
include $(filter-out programs/posix/build.mk,$(wildcard programs/*/build.mk))
include programs/commands.mk

programs: $(weft_programs) $(wasi_programs) $(wasm_os_programs) $(foreign_programs)
