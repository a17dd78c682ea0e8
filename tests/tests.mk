# Test programs: tests/ROOM/NAME.c becomes BUILD/tests/ROOM/NAME, under ASan and UBSan, linked with
# tests/ROOM/support/*.c and, of the rooms below, with the files that it uses.

test_rooms := base engine compile x86_64 machine kernel wit hosted bare driver fs init permission terminal shell abi tool library
tested_base := $(BASE)
tested_engine := $(BASE) $(ENGINE)
tested_x86_64 := $(BASE) $(ENGINE)
tested_compile := $(BASE) $(ENGINE) engine/compile tests/engine/support
tested_machine := $(BASE) arch/x86_64 platform/hosted
tested_kernel := $(BASE) $(ENGINE) kernel abi arch/x86_64 tests/simulate generated blake3
tested_abi := abi
tested_wit := $(BASE) abi tools/wit generated test_generated
tested_bare := $(BASE) platform/bare firmware privileged
tested_init := init_logic abi
tested_permission := permission_logic abi generated
tested_fs := fs_logic generated abi
tested_driver := driver_logic abi generated
tested_terminal := terminal_logic abi
tested_hosted := $(HOSTED) generated blake3 tests/simulate
tested_tool := abi tool_logic generated
tested_library := abi
tested_shell := programs/shell/language programs/shell/edit
tested_spec := $(BASE) $(ENGINE)
tested_fuzz := $(BASE) $(ENGINE) kernel abi arch/x86_64 tests/simulate tools/wit generated test_generated blake3 firmware driver_logic fs_logic terminal_logic tool_logic permission_logic $(tested_shell)

# An archive for each room, so that a test program takes of it only what it uses. A main is no part.
archived_generated := $(generated_sources) $(example_interfaces:%=generated/interface/%.c)
archived_test_generated := $(test_interfaces:%=generated/interface/%.c)
archived_blake3 := $(blake3_sources)
# What reads the tables of firmware and boot loaders; the rest of a bare platform needs its machine.
archived_firmware := platform/bare/memory_map.c platform/bare/screen.c $(wildcard platform/bare/pci*.c) \
    tests/bare/support/pci.c $(wildcard platform/pc/acpi.c platform/pc/boot_*.c)
# What drivers make of a device's bytes: the files that call nobody.
archived_driver_logic := lib/waiting.c $(addprefix programs/driver/,\
    $(addprefix ps2/,keyboard.c mouse.c events.c lights.c) rtc/date.c serial/output.c serial/received.c \
    virtio/queue.c)
archived_init_logic := programs/init/restart.c programs/init/cid.c
# What tools make of the bodies of messages: the files that call nobody.
archived_tool_logic := programs/tool/shared/wire.c programs/tool/shared/wire_type.c \
    programs/tool/shared/times.c programs/tool/shared/definitions.c generated/definitions.c
# What is remembered of permissions, and what is read of a person: the files that call nobody.
archived_permission_logic := lib/interface.c $(addprefix programs/permission/,folder.c known.c reply.c rules.c ruling.c subject.c wording.c)
# The name space, as far as it calls nobody: the files in memory, the table of mounts, paths.
archived_fs_logic := $(addprefix programs/fs/root/,\
    address.c blocks.c mount.c ram.c ram_data.c ram_names.c text.c tree.c volume.c walk.c)
# What the terminal makes of bytes and keys: the files that call nobody.
archived_terminal_logic := $(addprefix programs/terminal/,\
    emulator.c font.c format.c grid.c history.c job.c keyboard.c line.c marks.c picture.c pixels.c utf8.c view.c width.c) $(terminal_tables) \
    $(terminal_libvterm:%=libvterm/%.c)
# What can be run in a program, its privileged instructions answered by the test.
archived_privileged := arch/x86_64/privileged/local_apic.c
archived = $(filter-out %/main.c,$(or $(archived_$(1)),$(call sources,$(1))))
archives = $(patsubst %,$(BUILD)/$(1)/%.a,$(2))

define archive_rule
$(BUILD)/$(1)/$(2).a: $(call objects,$(1),$(call archived,$(2)))
	@mkdir -p $$(@D)
	rm -f $$@
	$(AR) rcs $$@ $$^
endef
archived_rooms := tests/support $(sort $(foreach room,$(test_rooms) spec fuzz,$(tested_$(room))))
$(foreach flavour,$(FLAVOURS),$(foreach room,$(archived_rooms),\
    $(eval $(call archive_rule,$(flavour),$(room)))))

# test_objects FLAVOUR ROOM: all that a test program of that room links besides itself
test_objects = $(call room_objects,$(1),tests/$(2)/support) \
               $(call archives,$(1),$(tested_$(2)) tests/support)

define test_room_rules
tests_$(1) := $$(patsubst %.c,$(BUILD)/%,$$(wildcard tests/$(1)/*.c))
$$(tests_$(1)): $(BUILD)/tests/%: $(BUILD)/sanitized/tests/%.o $$(call test_objects,sanitized,$(1))
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS) $$(sanitized) -o $$@ $$^ $$(LDLIBS)
endef
$(foreach room,$(test_rooms),$(eval $(call test_room_rules,$(room))))
unit_tests := $(foreach room,$(test_rooms),$(tests_$(room)))

test_folders := $(patsubst %,tests/%,kernel wit hosted bare fuzz fs simulate driver permission) platform/bare \
                programs/driver/ps2 programs/fs/root programs/permission
$(foreach flavour,sanitized fuzz,$(call room_objects,$(flavour),\
    $(test_folders) $(test_folders:%=%/support))): | $(generated_headers)

# Guest programs of the simulated machine, which it carries within it.
guests := $(patsubst tests/simulate/guest/%.c,$(BUILD)/tests/guest/%.wasm,\
          $(wildcard tests/simulate/guest/*.c))
$(guests): $(BUILD)/tests/guest/%.wasm: $(BUILD)/wasm/tests/simulate/guest/%.o $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	$(WASM_LINK) -o $@ $^ $(WASM_BUILTINS)
$(BUILD)/tests/guest/library_%.wasm: WASM_LINK += -Wl,--no-entry
$(BUILD)/tests/guest/mirror.wasm: WASM_LINK += -Wl,--import-memory
$(FLAVOURS:%=$(BUILD)/%/tests/simulate/guests.o): CPPFLAGS += -I$(BUILD)
$(FLAVOURS:%=$(BUILD)/%/tests/simulate/guests.o): $(guests)

include tests/system/own/build.mk

# Programs that the tests of the bare kernel run.
system_guests := $(patsubst %.c,$(BUILD)/%.wasm,$(wildcard tests/system/guest/*.c))
# Programs that the tests of the native handlers run.
hosted_guests := $(patsubst %.c,$(BUILD)/%.wasm,$(wildcard tests/hosted/guest/*.c tests/hosted/hostile/*.c))
$(hosted_guests) $(system_guests): $(BUILD)/%.wasm: $(BUILD)/wasm/%.o $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	$(WASM_LINK) -o $@ $^ $(WASM_BUILTINS)

# It has the calls that programs get within it.
$(BUILD)/sanitized/tests/wit/client.o: | $(test_interfaces:%=$(generated)/%_program.c)

# Our own tests of the WASI library are WASI programs: tests/wasi/NAME.c.
wasi_tests := $(patsubst %.c,$(BUILD)/%.wasm,$(wildcard tests/wasi/*.c))
$(wasi_tests): $(BUILD)/%.wasm: %.c $(SYSROOT)/.made
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) $(WARNINGS) -I. -MMD -MP -c -o $(@:.wasm=.o) $<
	$(CC) $(WASI_LDFLAGS) -o $@ $(@:.wasm=.o)

# The WebAssembly suite: tests/spec/*.c is one program, built for speed.
spec_runner := $(if $(wildcard tests/spec/*.c),$(BUILD)/tests/spec/runner)
$(spec_runner): $(call room_objects,release,tests/spec) $(call test_objects,release,spec)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -ljansson

# Fuzzers: tests/fuzz/NAME.c has LLVMFuzzerTestOneInput, tests/fuzz/NAME/ what else it is made of.
fuzzers := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))
fuzzer_parts = $(filter-out %/main.o,$(call room_objects,$(1),tests/fuzz/$(2)))
define fuzzer_rule
$(1): $$(call fuzzer_parts,fuzz,$(notdir $(1)))
endef
$(foreach fuzzer,$(fuzzers),$(eval $(call fuzzer_rule,$(fuzzer))))
# What is to be covered is the engine, not what makes programs for it and checks them.
$(BUILD)/fuzz/tests/fuzz/engine/%.o: fuzz := $(sanitized)
$(fuzzers): $(BUILD)/tests/%: $(BUILD)/fuzz/tests/%.o $(call test_objects,fuzz,fuzz)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(fuzz) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

# Random programs on all tiers, many more than the fuzzer runs: built for speed, without libFuzzer.
fuzz_engine := $(BUILD)/tests/fuzz-engine
$(fuzz_engine): $(call room_objects,release,tests/fuzz/engine) $(call test_objects,release,engine)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Compiled programs, stopped before each of their instructions: fixed ones and random ones.
step_engine := $(BUILD)/tests/step-engine
step_guests := $(patsubst tests/step/guest/%.c,$(BUILD)/tests/step/%.wasm,$(wildcard tests/step/guest/*.c))
$(step_engine): $(call room_objects,release,tests/step) \
                $(filter-out %/main.o,$(call room_objects,release,tests/fuzz/engine)) \
                $(call room_objects,release,arch/x86_64) $(call test_objects,release,engine)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(step_engine): | $(step_guests)
$(step_guests): $(BUILD)/tests/step/%.wasm: $(BUILD)/wasm/tests/step/guest/%.o
	@mkdir -p $(@D)
	$(WASM_LINK) -Wl,--no-entry -Wl,--allow-undefined -o $@ $^

script_tests := $(sort $(foreach folder,tools $(filter-out hosted,$(test_rooms)),\
                $(wildcard tests/$(folder)/*.sh tests/$(folder)/*.py)))
hosted_tests := $(sort $(wildcard tests/hosted/*.sh tests/hosted/*.py))
# Programs of one's own, in each language: they build with `make program`.
language_tests := $(sort $(wildcard tests/languages/*.py))
# The bare kernel, in QEMU: tests/system/*.py, each of some ten machines.
system_tests := $(sort $(wildcard tests/system/*.py))

# --- Suites: command lines for tests/run ---------------------------------------------------------

export BUILD SHARED
# Left to `make test`, because each takes a minute and more.
slow_tests := $(BUILD)/tests/kernel/chaos
fast_tests := $(filter-out $(slow_tests),$(unit_tests))
fast_suites := tools/check $(script_tests) $(fast_tests)
# On each tier: compiled when called first, at once, with hardly a register, for the oldest CPU, and
# not at all.
spec_options := "" --at-load --few-registers --baseline --interpreted
spec_suites := $(foreach runner,$(spec_runner),$(foreach option,$(spec_options),\
               "$(runner) $(option:""=) $(SHARED)/spec"))
wasi_suites := "tests/wasi/run $(SHARED)/wasi" tests/wasi/conformance
# What runs programs does so twice: the second time the kernel and the native handlers are sanitized.
# The public tests of the shell ask nothing of these that shell.py does not.
sanitized_suites := $(filter-out %/install.py %/shell_public.py,$(hosted_tests)) tests/wasi/conformance
with_sanitizers := env WEFT=$(BUILD)/weft-sanitized

check: $(BUILD)/wit $(fast_tests)
	@tests/run $(fast_suites)

test-spec: $(spec_runner)
	@tests/run $(spec_suites)

test-wasi: $(BUILD)/weft programs $(wasi_tests)
	@tests/run $(wasi_suites)

test-system: pc iso $(BUILD)/pc/spec.elf $(BUILD)/pc/own.elf \
             $(addprefix $(BUILD)/,$(basename $(own_tests))) $(BUILD)/weft $(hosted_guests) $(system_guests) $(wasi_tests) $(spec_runner)
	@tests/run $(system_tests)

# Longer than in `make test`: SECONDS for each fuzzer.
SECONDS ?= 600
fuzz: $(fuzzers)
	@for fuzzer in $(fuzzers); do tests/fuzz/run $$fuzzer $(SECONDS) || exit 1; done

test-programs: all pc iso $(BUILD)/pc/spec.elf $(BUILD)/pc/own.elf $(BUILD)/weft-sanitized programs languages docs $(unit_tests) $(hosted_guests) $(system_guests) $(wasi_tests) \
               $(spec_runner) $(fuzzers) $(fuzz_engine) $(step_engine)
	@mkdir -p $(BUILD)/tests
	@printf '%s\n' $(slow_tests) $(fast_suites) $(language_tests) $(hosted_tests) $(system_tests) $(spec_suites) $(wasi_suites) \
	    $(foreach suite,$(sanitized_suites),"$(with_sanitizers) $(suite)") \
	    $(fuzz_engine) $(step_engine) $(foreach fuzzer,$(fuzzers),"tests/fuzz/run $(fuzzer)") > $(BUILD)/tests/list

test: test-programs
	@tests/run --list $(BUILD)/tests/list
