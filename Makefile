# Weft's build. A configuration is a list of folders; sources are found by wildcard, so a new file
# needs no change here. BUILD=DIR builds somewhere else.
#
#   make               the hosted kernel, build/weft        make check      the fast tests
#   make programs      example and library programs         make test       all tests
#   make test-spec     the WebAssembly suite                make fuzz       longer fuzzing
#   make test-wasi     the WASI suite                       make bench      the tables of figures
#   make pc            the kernel for a bare PC             make boot       boots it in QEMU
#   make iso           a disk that boots                    make test-system   its tests, in QEMU
#   make docs          the reference pages of interfaces    make clean
#   make picture       docs/terminal.png, of a screen
#   make install PREFIX=/usr/local

BUILD ?= build
PREFIX ?= /usr/local
SHARED ?= ../shared
CC := clang-19
AR := llvm-ar-19

BASE := base base/x86_64
ENGINE := engine engine/compile engine/x86_64
HOSTED := $(BASE) $(ENGINE) kernel abi arch/x86_64 platform/common platform/hosted
FLAVOURS := release sanitized fuzz

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: man picture all pc iso boot programs check test test-spec test-wasi test-system test-programs fuzz bench docs install clean
all: $(BUILD)/weft

# --- What is there ---------------------------------------------------------------------------

# sources FOLDERS; objects FLAVOUR SOURCES
sources = $(sort $(foreach folder,$(1),$(wildcard $(folder)/*.c $(folder)/*.S)))
objects = $(patsubst %,$(BUILD)/$(1)/%.o,$(basename $(2)))

# An interface is known by its file's name: the system's own, and those of examples and tests.
interfaces := $(basename $(notdir $(wildcard abi/interface/*.wit)))
example_interfaces := $(basename $(notdir $(wildcard programs/example/*/*.wit)))
test_interfaces := $(basename $(notdir $(wildcard tests/wit/*.wit)))
vpath %.wit abi/interface tests/wit $(sort $(dir $(wildcard programs/example/*/*.wit)))
wit_sources := $(call sources,tools/wit)
generated := $(BUILD)/generated/interface
generated_headers := $(foreach name,$(interfaces) $(example_interfaces) $(test_interfaces),\
                     $(generated)/$(name).h $(generated)/$(name)_program.h)
generated_sources := $(interfaces:%=generated/interface/%.c)
interface_pages := $(interfaces:%=$(BUILD)/docs/interface/%.md)

# --- Native flags ----------------------------------------------------------------------------

# For every x86-64: what guests' code may use beyond that is asked of the CPU when it starts.
# Contraction off: WebAssembly's float results are exact. Data of other files is in the same program,
# so no table of addresses leads to it.
BLAKE3 := $(firstword $(wildcard /usr/share/cargo/registry/blake3-*/c))
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Wvla -Werror
CFLAGS := -std=gnu11 $(WARNINGS) -g -march=x86-64 -ffp-contract=off -fno-math-errno \
          -fdirect-access-external-data -ffunction-sections -fdata-sections -pthread -fdebug-compilation-dir=.
CPPFLAGS := -D_GNU_SOURCE= -I. -I$(BUILD)/generated -isystem $(BLAKE3)
# Across files: the compiler's smallest functions are called from many (decision 0037).
release := -O2 -flto
sanitized := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
fuzz := $(sanitized) -fsanitize=fuzzer-no-link
LDFLAGS := -fuse-ld=lld-19 -pthread -Wl,--gc-sections
LDLIBS := -l:libbearssl.a

# BLAKE3's own C, portable form: warnings there are not ours to mend.
blake3_flags := -w -DBLAKE3_NO_SSE2 -DBLAKE3_NO_SSE41 -DBLAKE3_NO_AVX2 -DBLAKE3_NO_AVX512
blake3_sources := blake3/blake3.c blake3/blake3_dispatch.c blake3/blake3_portable.c

# flavour_rules FLAVOUR. The generator itself is base/ and tools/wit, so these two are compiled
# before there are generated headers; all else waits for them.
define flavour_rules
$(BUILD)/$(1)/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$($(1)) $$(CPPFLAGS) -MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/%.o: %.S Makefile
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$($(1)) $$(CPPFLAGS) -MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/generated/%.o: $(BUILD)/generated/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$($(1)) $$(CPPFLAGS) -MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/blake3/%.o: $(BLAKE3)/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$($(1)) $$(blake3_flags) -c -o $$@ $$<
$(call objects,$(1),$(call sources,kernel abi arch/x86_64 platform/common platform/hosted)): | $(generated_headers)
endef
$(foreach flavour,$(FLAVOURS),$(eval $(call flavour_rules,$(flavour))))

# Machine code that is kept between runs is for the compiler that made it: a hash of all that it is
# made of, and of what its code looks at.
version_sources := $(sort $(wildcard base/*.h engine/*.[ch] engine/*.def engine/*/*.[chS])) Makefile
$(BUILD)/generated/engine/version.h: $(version_sources)
	@mkdir -p $(@D)
	@printf '#define ENGINE_VERSION "%s"\n' \
	    $$({ $(CC) --version; sha256sum $^; } | sha256sum | cut -c 1-64) > $@
$(FLAVOURS:%=$(BUILD)/%/engine/compile/image.o): $(BUILD)/generated/engine/version.h

# --- The hosted kernel -----------------------------------------------------------------------

room_objects = $(call objects,$(1),$(call sources,$(2)))
wit_library = $(filter-out %/main.c,$(wit_sources)) # for `weft interface`
hosted_objects = $(call room_objects,$(1),$(HOSTED)) \
                 $(call objects,$(1),$(generated_sources) $(blake3_sources) $(wit_library))

$(BUILD)/weft: $(call hosted_objects,release) $(BUILD)/bundle.o
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/weft-sanitized: $(call hosted_objects,sanitized) $(BUILD)/bundle.o
	$(CC) $(LDFLAGS) $(sanitized) -o $@ $^ $(LDLIBS)

# --- Machine code made ahead -------------------------------------------------------------------

# What compiles the programs of a boot bundle for CPUs that have all that compiled code can use.
$(BUILD)/code: $(call room_objects,release,$(BASE) $(ENGINE) tools/code) $(BUILD)/release/tests/support/base_fail.o
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# --- Interfaces ------------------------------------------------------------------------------

$(BUILD)/wit: $(call room_objects,release,$(BASE) tools/wit) $(BUILD)/release/tests/support/base_fail.o
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(generated)/%.h: %.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit header $< > $@
$(generated)/%.c: %.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit source $< > $@
$(generated)/%_program.h: %.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit program-header $< > $@
$(generated)/%_program.c: %.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit program-source $< > $@
$(BUILD)/docs/interface/%.md: %.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit page $< > $@

# --- Programs --------------------------------------------------------------------------------

include programs/programs.mk
include programs/own.mk

# --- The boot bundle: what the kernel's executable carries within it ---------------------------

bundled := $(filter $(BUILD)/programs/library/% $(BUILD)/programs/example/hello/% $(BUILD)/programs/init.wasm \
             $(BUILD)/programs/manifest.wasm $(BUILD)/programs/permission.wasm $(BUILD)/programs/pipe.wasm \
             $(BUILD)/programs/shell.wasm $(BUILD)/programs/session.wasm $(BUILD)/programs/fs/root.wasm \
             $(BUILD)/programs/substitute/%,\
             $(weft_programs) $(foreign_programs))

$(BUILD)/bundle.tar: $(bundled) $(BUILD)/bundle/manifest.toml
	@mkdir -p $(@D)
	cd $(BUILD) && mkdir -p programs && tar --create --format=ustar --sort=name --mtime=@0 --owner=0 --group=0 \
	    --numeric-owner --mode=a=r --file=bundle.tar -C bundle manifest.toml -C ../programs $(bundled:$(BUILD)/programs/%=%)

$(BUILD)/bundle/manifest.toml: programs/init/hosted.toml
	@mkdir -p $(@D)
	cp $< $@

$(BUILD)/bundle.o: $(BUILD)/bundle.tar
	printf '%s\n' '.section .rodata' '.balign 16' '.globl boot_bundle_start, boot_bundle_end' \
	    'boot_bundle_start:' '.incbin "$<"' 'boot_bundle_end:' \
	    '.section .note.GNU-stack,"",@progbits' > $(BUILD)/bundle.S
	$(CC) -c -o $@ $(BUILD)/bundle.S

# --- The kernel on a bare PC --------------------------------------------------------------------

include platform/pc/build.mk

# --- Tests -----------------------------------------------------------------------------------

include tests/tests.mk
include bench/bench.mk

# --- The rest --------------------------------------------------------------------------------

docs: $(interface_pages)

picture: pc $(system_guests)
	tests/system/terminal.py --picture docs/terminal.png

# A page of each command, made from its --help. Others' programs are documented by their authors, of whose
# pages those of less and awk are among ours.
without_page := $(showcase_programs) $(command_files) $(BUILD)/programs/bin/adventure.wasm \
                $(BUILD)/programs/bin/less.wasm $(BUILD)/programs/bin/awk.wasm
commands := $(filter $(BUILD)/programs/bin/% $(BUILD)/programs/system/% $(BUILD)/programs/quickjs.wasm \
              $(BUILD)/programs/sqlite.wasm,$(weft_programs) $(filter-out $(without_page),$(foreign_programs)))
$(BUILD)/man/.made: tools/man $(BUILD)/weft $(commands) $(BUILD)/sources/less/.unpacked $(BUILD)/sources/original-awk/.unpacked
	rm -rf $(@D)
	tools/man $(@D) $(BUILD)/weft $(commands)
	cp $(BUILD)/sources/less/less.nro $(@D)/weft-less.1
	cp $(BUILD)/sources/original-awk/awk.1 $(@D)/weft-awk.1
	touch $@

man: $(BUILD)/man/.made

install: $(BUILD)/weft man
	install -D -m 755 $(BUILD)/weft $(DESTDIR)$(PREFIX)/bin/weft
	for page in $(wildcard docs/man/*.1) $(BUILD)/man/*.1; do \
	    install -D -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man1/$${page##*/}; done

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name sources -prune -o -name '*.d' -print 2>/dev/null)
