# Lua, as its authors released it: the interpreter of the command line, on WASI. Its errors need what
# longjmp does; unwind.h says how they go without.
lua := $(BUILD)/lua
lua_sources := $(BUILD)/sources/lua5.4/src
lua_parts := lapi lauxlib lbaselib lcode lcorolib lctype ldblib ldebug ldo ldump lfunc lgc linit \
    liolib llex lmathlib lmem loadlib lobject lopcodes loslib lparser lstate lstring lstrlib ltable \
    ltablib ltm lua lundump lutf8lib lvm lzio
foreign_programs += $(BUILD)/programs/lua.wasm

lua_objects := $(lua_parts:%=$(lua)/%.o) $(lua)/unwind.o
$(lua_parts:%=$(lua)/%.o): $(lua)/%.o: $(BUILD)/sources/lua5.4/.unpacked programs/lua/unwind.h $(POSIX_HEADERS) $(SYSROOT)/.made
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) $(POSIX_CFLAGS) -w -I. -include programs/lua/unwind.h -c -o $@ $(lua_sources)/$*.c
$(lua)/unwind.o: programs/lua/unwind.c programs/lua/unwind.h $(SYSROOT)/.made
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) $(WARNINGS) -I. -c -o $@ $<

# WASI never throws: only calls that may are checked.
$(BUILD)/programs/lua.wasm: $(lua_objects) $(POSIX_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(WASI_LDFLAGS) -Wl,--gc-sections -o $(lua)/lua.wasm $(lua_objects) $(POSIX_LIBRARIES)
	wasm-opt --mvp-features --enable-bulk-memory --enable-sign-ext --enable-nontrapping-float-to-int \
	    --enable-mutable-globals --asyncify --pass-arg=asyncify-imports@asyncify.start_unwind -O1 -o $@ $(lua)/lua.wasm
