# Colossal Cave, of the BSD games, as they were released: a text adventure at the terminal. Its texts
# are put into a table, mixed with random numbers, by a program of its own: it runs on Weft, so that
# the numbers are those of the same C library.
adventure := $(BUILD)/adventure
adventure_sources := $(BUILD)/sources/bsdgames/adventure
adventure_objects := $(patsubst %,$(adventure)/%.o,crc done init io main save subr vocab wizard data)
foreign_programs += $(BUILD)/programs/bin/adventure.wasm
adventure_include := -Iprograms/adventure/include

$(adventure)/data.c: $(BUILD)/sources/bsdgames/.unpacked $(POSIX_OBJECTS) $(BUILD)/weft
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) $(POSIX_CFLAGS) $(adventure_include) -w -c -o $(adventure)/setup.o $(adventure_sources)/setup.c
	$(CC) $(WASI_LDFLAGS) -o $(adventure)/setup.wasm $(adventure)/setup.o $(POSIX_LIBRARIES)
	$(BUILD)/weft run --dir $(adventure_sources):/data:ro $(adventure)/setup.wasm /data/glorkz >$@
$(adventure_objects): $(adventure)/%.o: $(adventure)/data.c $(POSIX_HEADERS) $(SYSROOT)/.made
	$(CC) $(WASI_CFLAGS) $(POSIX_CFLAGS) $(adventure_include) -w -I$(adventure_sources) -c -o $@ \
	    $(firstword $(wildcard $(adventure_sources)/$*.c) $(adventure)/$*.c)
$(BUILD)/programs/bin/adventure.wasm: $(adventure_objects) $(POSIX_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(WASI_LDFLAGS) -Wl,--gc-sections -o $@ $(adventure_objects) $(POSIX_LIBRARIES)
