# Who decides what programs may do, and what it puts in the place of what they may not have.
$(eval $(call wasi_weft_rule,permission,$(wildcard programs/permission/*.c),262144))

# The commands about it: WASI programs, in bin/ beside the other tools.
guard_tools := permission what
guard_objects := $(addprefix $(BUILD)/wasi_weft/programs/permission/,tool/program.o known.o wording.o)
foreign_programs += $(guard_tools:%=$(BUILD)/programs/bin/%.wasm)
$(guard_tools:%=$(BUILD)/programs/bin/%.wasm): $(BUILD)/programs/bin/%.wasm: \
        $(BUILD)/wasi_weft/programs/permission/tool/%.o $(guard_objects) $(BUILD)/wasm/libtool.a $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	$(CC) $(WASI_LDFLAGS) -o $@ $^
