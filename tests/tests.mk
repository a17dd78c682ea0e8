# Test programs: tests/ROOM/NAME.c becomes BUILD/tests/ROOM/NAME, linked with what its room needs,
# under ASan and UBSan. tests/ROOM/support/*.c is linked into each program of its room.

tested_base := base
tested_engine := base engine
tested_machine := base arch/x86_64
tested_kernel := base engine kernel abi arch/x86_64 tests/simulate
tested_wit := base abi
tested_hosted := $(HOSTED)
test_rooms := base engine machine kernel wit hosted
support_objects = $(call room_objects,$(1),tests/support)

# test_objects FLAVOUR ROOM: all that a test program of that room links besides itself
test_objects = $(call room_objects,$(1),$(tested_$(2)) tests/$(2)/support) \
               $(call support_objects,$(1)) \
               $(call objects,$(1),$(blake3_sources)) $(call test_objects_$(2),$(1))
test_objects_kernel = $(call objects,$(1),$(generated_sources))
# The machine's hosted half runs without the kernel: tests/machine/support stands in for that.
test_objects_machine = $(call objects,$(1),$(wildcard platform/hosted/machine_*.c))
test_objects_hosted = $(call test_objects_kernel,$(1)) $(BUILD)/bundle.o
# The generator's own main is its main.c; tests of it have their own.
test_objects_wit = $(call objects,$(1),$(filter-out %/main.c,$(wit_sources)))

define test_room_rules
tests_$(1) := $$(patsubst %.c,$(BUILD)/%,$$(wildcard tests/$(1)/*.c))
$$(tests_$(1)): $(BUILD)/tests/%: $(BUILD)/sanitized/tests/%.o \
    $$(filter-out %/platform/hosted/main.o,$$(call test_objects,sanitized,$(1)))
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS) $$(sanitized) -o $$@ $$^ $$(LDLIBS)
$$(patsubst %.c,$(BUILD)/sanitized/%.o,$$(wildcard tests/$(1)/*.c tests/$(1)/support/*.c)): | $$(if $$(filter kernel wit hosted,$(1)),$$(generated_headers))
endef
$(foreach room,$(test_rooms),$(eval $(call test_room_rules,$(room))))
$(call objects,sanitized,$(call sources,tests/simulate)): | $(generated_headers)

unit_tests := $(foreach room,$(test_rooms),$(tests_$(room)))
script_tests := $(sort $(wildcard tests/tools/*.sh tests/tools/*.py))
hosted_tests := $(sort $(wildcard tests/hosted/*.sh tests/hosted/*.py))

# The WebAssembly suite: tests/spec/*.c is one program, built for speed.
spec_runner := $(if $(wildcard tests/spec/*.c),$(BUILD)/tests/spec/runner)
$(BUILD)/tests/spec/runner: $(call room_objects,release,base engine tests/spec tests/support)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Fuzzers: tests/fuzz/NAME.c has LLVMFuzzerTestOneInput and links base, engine and the generator.
fuzzers := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))
$(fuzzers): $(BUILD)/tests/%: $(BUILD)/fuzz/tests/%.o $(call test_objects_wit,fuzz) \
    $(call room_objects,fuzz,base engine tests/support)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(fuzz) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

# --- Suites: command lines for tests/run ---------------------------------------------------------

export BUILD SHARED
fast_suites := tools/check $(script_tests) $(unit_tests)
spec_suites := $(spec_runner:%=% $(SHARED)/spec)
wasi_suites := tests/wasi/run

check: $(unit_tests)
	@tests/run $(fast_suites)

test-spec: $(spec_runner)
	@tests/run "$(spec_suites)"

test-wasi: $(BUILD)/weft programs
	@tests/run $(wasi_suites)

# Longer than in `make test`: SECONDS for each fuzzer.
SECONDS ?= 600
fuzz: $(fuzzers)
	@for fuzzer in $(fuzzers); do tests/fuzz/run $$fuzzer $(SECONDS) || exit 1; done

test-programs: all programs $(unit_tests) $(spec_runner) $(fuzzers)
	@mkdir -p $(BUILD)/tests
	@printf '%s\n' $(fast_suites) $(hosted_tests) "$(spec_suites)" $(wasi_suites) \
	    $(foreach fuzzer,$(fuzzers),"tests/fuzz/run $(fuzzer)") > $(BUILD)/tests/list

test: test-programs
	@tests/run --list $(BUILD)/tests/list

bench: $(BUILD)/weft programs
	@for question in $(sort $(wildcard bench/*/run)); do echo; $$question || exit 1; done
