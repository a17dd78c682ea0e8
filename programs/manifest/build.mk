# The manifest's reader, in C++ for the sake of toml++ (libtomlplusplus-dev, headers only). It runs once, before
# everything else: what it takes is loading and compiling it, so it is to be small.
foreign_programs += $(BUILD)/programs/manifest.wasm
manifest := $(BUILD)/wasm/programs/manifest
manifest_objects := $(patsubst %.cpp,$(BUILD)/wasm/%.o,$(wildcard programs/manifest/*.cpp))
# What is known of interfaces: which of them have substitutes.
manifest_known := $(BUILD)/wasi_weft/programs/permission/known.o

# Of the system's headers only these: the others are the host's.
$(manifest)/include/toml++:
	@mkdir -p $(@D)
	ln -sfn /usr/include/toml++ $@

# All interfaces of the system's, by name.
$(manifest)/interfaces.inc: $(wildcard abi/interface/*.wit) $(BUILD)/wit
	@mkdir -p $(@D)
	for file in $(wildcard abi/interface/*.wit); do \
	    printf '{ "%s", "%s" },\n' $$(basename $$file .wit) $$($(BUILD)/wit hash $$file); \
	done >$@

$(manifest_objects): $(BUILD)/wasm/%.o: %.cpp $(manifest)/interfaces.inc $(SYSROOT)/.made \
                     | $(generated_headers) $(manifest)/include/toml++
	@mkdir -p $(@D)
	clang++-19 $(WASI_CFLAGS) -Os -std=c++20 -fno-exceptions -fno-rtti -Wall -Wextra -Werror -Wshadow \
	    -I. -I$(BUILD)/generated -I$(manifest) -isystem $(manifest)/include -MMD -MP -c -o $@ $<
$(BUILD)/programs/manifest.wasm: $(manifest_objects) $(manifest_known) $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	clang++-19 $(WASI_LDFLAGS) -o $@ $^
