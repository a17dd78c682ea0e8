# Programs of others, and those for the machine, under the names by which people know them, in bin/ beside the tools.
command_programs := qjs sqlite3 lua dmesg lspci reboot shutdown
command_qjs := quickjs
command_sqlite3 := sqlite
command_lua := lua
$(foreach name,dmesg lspci reboot shutdown,$(eval command_$(name) := system/$(name)))
command_files := $(command_programs:%=$(BUILD)/programs/bin/%.wasm)
foreign_programs += $(command_files)
define command_rule
$(BUILD)/programs/bin/$(1).wasm: $(BUILD)/programs/$(command_$(1)).wasm
	@mkdir -p $$(@D)
	ln -f $$< $$@
endef
$(foreach name,$(command_programs),$(eval $(call command_rule,$(name))))
