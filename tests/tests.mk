# Test programs: tests/ROOM/NAME.c becomes BUILD/tests/ROOM/NAME, linked with what its room needs,
# under ASan and UBSan. tests/ROOM/support/*.c is linked into each program of its room.

tested_base := base
tested_engine := base engine
tested_machine := base arch/x86_64
tested_kernel := base engine kernel arch/x86_64 tests/simulate
tested_wit := base
tested_hosted := $(HOSTED)
test_rooms := base engine machine kernel wit hosted
support_objects = $(call room_objects,$(1),tests/support)

# test_objects FLAVOUR ROOM: all that a test program of that room links besides itself
test_objects = $(call room_objects,$(1),$(tested_$(2)) tests/$(2)/support) \
               $(call support_objects,$(1)) \
               $(call objects,$(1),$(blake3_sources)) $(call test_objects_$(2),$(1))
test_objects_kernel = $(call objects,$(1),$(generated_sources))
test_objects_hosted = $(call test_objects_kernel,$(1)) $(BUILD)/bundle.o
# The generator's own main is its main.c; tests of it have their own.
test_objects_wit = $(call objects,$(1),$(filter-out %/main.c,$(wit_sources)))

define test_room_rules
tests_$(1) := $$(patsubst %.c,$(BUILD)/%,$$(wildcard tests/$(1)/*.c))
$$(tests_$(1)): $(BUILD)/tests/%: $(BUILD)/sanitized/tests/%.o \
    $$(filter-out %/platform/hosted/main.o,$$(call test_objects,sanitized,$(1)))
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS) $$(sanitized) -o $$@ $$^ $$(LDLIBS)
$$(patsubst %.c,$(BUILD)/sanitized/%.o,$$(wildcard tests/$(1)/*.c tests/$(1)/support/*.c)): | $$(if $$(filter kernel hosted,$(1)),$$(generated_headers))
endef
$(foreach room,$(test_rooms),$(eval $(call test_room_rules,$(room))))
$(call objects,sanitized,$(call sources,tests/simulate)): | $(generated_headers)

unit_tests := $(foreach room,$(test_rooms),$(tests_$(room)))
script_tests := $(sort $(wildcard tests/tools/*.sh tests/tools/*.py))
hosted_scripts := $(sort $(wildcard tests/hosted/*.sh tests/hosted/*.py))

# The WebAssembly suite: tests/spec/*.c is one program.
spec_runner := $(if $(wildcard tests/spec/*.c),$(BUILD)/tests/spec/runner)
$(BUILD)/tests/spec/runner: $(call room_objects,release,base engine tests/spec tests/support)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Fuzzers: tests/fuzz/NAME.c has LLVMFuzzerTestOneInput and links base, engine and the generator.
fuzzers := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))
$(fuzzers): $(BUILD)/tests/%: $(BUILD)/fuzz/tests/%.o $(call room_objects,fuzz,base engine tests/support) \
    $(call test_objects_wit,fuzz)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(fuzz) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

check: $(unit_tests)
	tests/run $(script_tests) $(unit_tests)

test-spec: $(spec_runner)
	tests/run --spec $(spec_runner) $(SHARED)/spec

test-wasi: $(BUILD)/weft
	tests/run --wasi $(BUILD)/weft $(SHARED)/wasi
