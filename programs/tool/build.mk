# Tools that look at the system, on WASI and Weft's own interfaces, in bin/ beside toybox's: a program
# a file, or a folder of files; what they share is in shared/.
tool_names := $(basename $(notdir $(wildcard programs/tool/*.c))) \
              $(filter-out shared,$(notdir $(patsubst %/,%,$(wildcard programs/tool/*/))))
tool_programs := $(tool_names:%=$(BUILD)/programs/bin/%.wasm)
foreign_programs += $(tool_programs)

tool_objects = $(patsubst %.c,$(BUILD)/wasm/%.o,$(wildcard $(1)))
tool_shared := $(BUILD)/wasm/libtool.a
$(BUILD)/wasm/programs/tool/%.o: programs/tool/%.c $(SYSROOT)/.made | $(generated_headers)
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) $(WARNINGS) $(tool_flags) -I. -I$(BUILD)/generated -MMD -MP -c -o $@ $<
$(tool_shared): $(call tool_objects,programs/tool/shared/*.c) $(BUILD)/wasm/definitions.o
	rm -f $@
	$(AR) rcs $@ $^
# Those that start others do so by what programs for Unix have for that (programs/posix).
tool_starting := silo keeper program message
$(foreach name,$(tool_starting),$(eval $(BUILD)/wasm/programs/tool/$(name)/%.o: tool_flags := $(POSIX_CFLAGS)))
# tool_rule NAME LIBRARIES
define tool_rule
$(BUILD)/programs/bin/$(1).wasm: $(call tool_objects,programs/tool/$(1).c programs/tool/$(1)/*.c) \
                                 $(tool_shared) $(or $(2),$(BROKEN_PIPE) $(BUILD)/wasm/libweft.a)
	@mkdir -p $$(@D)
	$(CC) $(WASI_LDFLAGS) -o $$@ $$^ $(filter -l%,$(POSIX_LIBRARIES))
endef
$(foreach name,$(tool_names),$(eval $(call tool_rule,$(name),$(if $(filter $(tool_starting),$(name)),$(POSIX_OBJECTS)))))

# The keeper's terminal is programs/terminal's, but for the screen.
$(BUILD)/programs/bin/keeper.wasm: $(foreach name,attention clients job line utf8 width,$(BUILD)/wasm/programs/terminal/$(name).o) $(BUILD)/wasm/libvterm/unicode.o

# The definitions of all interfaces as data: hash and canonical text.
$(BUILD)/generated/definitions.c: $(foreach name,$(interfaces),abi/interface/$(name).wit) $(BUILD)/wit
	@mkdir -p $(@D)
	{ printf '#include "programs/tool/shared/definitions.h"\nconst struct definition definitions[] = {\n'; \
	  for file in $(filter %.wit,$^); do \
	      printf '{ "%s",\n' "$$($(BUILD)/wit hash $$file)"; \
	      $(BUILD)/wit canonical $$file | sed 's/.*/"&\\n"/'; printf '},\n'; \
	  done; \
	  printf '};\nconst uint32_t definition_count = sizeof(definitions) / sizeof(definitions[0]);\n'; \
	} > $@
$(BUILD)/wasm/definitions.o: $(BUILD)/generated/definitions.c programs/tool/shared/definitions.h $(SYSROOT)/.made
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) $(WARNINGS) -I. -c -o $@ $<
