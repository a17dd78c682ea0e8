# Programs of one's own, anywhere: `make program FOLDER=DIR LANGUAGE=c`, as the Makefile says that
# tools/new writes there. Each source file in DIR is a program, DIR/NAME.wasm; what is in DIR/common
# (C and C++) is linked with each. DIR/*.wit are its interfaces, DIR/build is what lies between.

.PHONY: program program-clean
ifdef FOLDER
OWN := $(FOLDER)/build
ending_c := c
ending_cpp := cpp
ending_rust := rs
ending_go := go
ending_assemblyscript := ts
own_sources := $(wildcard $(FOLDER)/*.$(or $(ending_$(LANGUAGE)),none))
own_programs := $(addsuffix .wasm,$(basename $(own_sources)))
own_interfaces := $(basename $(notdir $(wildcard $(FOLDER)/*.wit)))
$(foreach name,$(filter $(interfaces),$(own_interfaces)),\
    $(error $(name).wit has the name of one of the system's own interfaces: give the file and the interface another))

# What a language needs besides.
needs_javascript := $(BUILD)/programs/quickjs.wasm
needs_lua := $(BUILD)/programs/lua.wasm
program: $(BUILD)/weft $(own_programs) $(needs_$(LANGUAGE))
program-clean:
	rm -rf $(OWN) $(own_programs)

# --- C and C++ -------------------------------------------------------------------------------

own_headers := $(own_interfaces:%=$(OWN)/interface/%.h) $(own_interfaces:%=$(OWN)/interface/%_program.h) \
               $(own_interfaces:%=$(OWN)/interface/%.hpp)
own_objects := $(own_interfaces:%=$(OWN)/interface/%.o) $(own_interfaces:%=$(OWN)/interface/%_program.o) \
               $(patsubst $(FOLDER)/%,$(OWN)/%.o,$(wildcard $(FOLDER)/common/*.c $(FOLDER)/common/*.cpp))
own_flags = $(WASI_CFLAGS) -Wall -Wextra -I$(FOLDER) -I$(OWN) -I. -I$(BUILD)/generated -MMD -MP -c
own_link = $(WASI_LDFLAGS) -Wl,--gc-sections -o $@ $(filter %.o,$^) $(BUILD)/wasm/libweft.a

$(OWN)/interface/%.h: $(FOLDER)/%.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit header $< > $@
$(OWN)/interface/%.c: $(FOLDER)/%.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit source $< > $@
$(OWN)/interface/%_program.h: $(FOLDER)/%.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit program-header $< > $@
$(OWN)/interface/%_program.c: $(FOLDER)/%.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit program-source $< > $@
$(OWN)/interface/%.hpp: $(FOLDER)/%.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit cpp $< > $@
$(OWN)/interface/%.o: $(OWN)/interface/%.c $(own_headers) $(SYSROOT)/.made
	$(CC) $(own_flags) -o $@ $<
$(OWN)/%.c.o: $(FOLDER)/%.c $(own_headers) $(SYSROOT)/.made | $(generated_headers)
	@mkdir -p $(@D)
	$(CC) $(own_flags) -std=gnu11 -o $@ $<
$(OWN)/%.cpp.o: $(FOLDER)/%.cpp $(own_headers) $(SYSROOT)/.made | $(generated_headers) $(cpp_faces)
	@mkdir -p $(@D)
	clang++-19 $(own_flags) -std=c++20 -fno-exceptions -o $@ $<
ifeq ($(LANGUAGE),c)
$(own_programs): $(FOLDER)/%.wasm: $(OWN)/%.c.o $(own_objects) $(BUILD)/wasm/libweft.a
	$(CC) $(own_link)
endif
ifeq ($(LANGUAGE),cpp)
$(own_programs): $(FOLDER)/%.wasm: $(OWN)/%.cpp.o $(own_objects) $(BUILD)/wasm/libweft.a
	clang++-19 $(own_link)
endif

# --- Rust: an interface is a crate of its name, the system's are modules of the crate `weft` -------

own_crates := $(foreach name,$(own_interfaces),$(OWN)/lib$(subst -,_,$(name)).rlib)
define own_crate_rule
$(OWN)/lib$(subst -,_,$(1)).rlib: $(FOLDER)/$(1).wit $(BUILD)/wit $(LANGUAGES)/rust/libweft.rlib
	@mkdir -p $(OWN)
	$(BUILD)/wit rust $$< > $(OWN)/$(1).rs
	$(RUSTC) $(RUSTFLAGS) --crate-type rlib --crate-name $(subst -,_,$(1)) \
	    --extern weft=$(LANGUAGES)/rust/libweft.rlib -o $$@ $(OWN)/$(1).rs
endef
$(foreach name,$(own_interfaces),$(eval $(call own_crate_rule,$(name))))
ifeq ($(LANGUAGE),rust)
$(own_programs): $(FOLDER)/%.wasm: $(FOLDER)/%.rs $(own_crates) $(LANGUAGES)/rust/libweft.rlib
	$(RUSTC) $(RUSTFLAGS) -L $(OWN) -L $(LANGUAGES)/rust --extern weft=$(LANGUAGES)/rust/libweft.rlib \
	    $(foreach name,$(own_interfaces),--extern $(subst -,_,$(name))=$(OWN)/lib$(subst -,_,$(name)).rlib) -o $@ $<
endif

# --- Go: an interface is a package of its name -------------------------------------------------

own_packages := $(foreach name,$(own_interfaces),$(OWN)/src/weft/$(subst -,_,$(name))/$(name).go)
define own_package_rule
$(OWN)/src/weft/$(subst -,_,$(1))/$(1).go: $(FOLDER)/$(1).wit $(BUILD)/wit
	@mkdir -p $$(@D)
	$(BUILD)/wit go $$< > $$@
endef
$(foreach name,$(own_interfaces),$(eval $(call own_package_rule,$(name))))
ifeq ($(LANGUAGE),go)
$(own_programs): $(FOLDER)/%.wasm: $(FOLDER)/%.go $(own_packages) $(go_faces) $(GOROOT)/.made
	GOPATH=$(abspath $(GO_PATH)):$(abspath $(OWN)) $(GO_BUILD) -o $@ $<
endif

# --- AssemblyScript: an interface is a module, weft/NAME ----------------------------------------

ifeq ($(LANGUAGE),assemblyscript)
own_modules := $(own_interfaces:%=$(OWN)/weft/%.ts)
$(OWN)/weft/%.ts: $(FOLDER)/%.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit assemblyscript $< > $@
$(OWN)/weft/.made: $(assemblyscript_faces)
	@mkdir -p $(@D)
	cp $(assemblyscript_faces) $(@D)
	@touch $@
$(own_programs): $(FOLDER)/%.wasm: $(FOLDER)/%.ts $(own_modules) $(OWN)/weft/.made $(ASC)
	cd $(FOLDER) && $(abspath $(ASC)) $(ASC_FLAGS) --outFile $(@F) $(<F)
endif
endif
