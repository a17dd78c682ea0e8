# SQLite's shell, as its authors released it, on WASI: one process and no locks, so no shared
# memory, no threads, no loaded code, no subprocesses.
sqlite := $(BUILD)/sqlite
foreign_programs += $(BUILD)/programs/sqlite.wasm

sqlite_flags := -w -I$(sqlite) -include programs/sqlite/unix.h \
    -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_PROCESS_CLOCKS -D_WASI_EMULATED_GETPID \
    -DSQLITE_DEFAULT_UNIX_VFS='"unix-none"' -DSQLITE_OMIT_WAL -DSQLITE_THREADSAFE=0 \
    -DSQLITE_MAX_MMAP_SIZE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_POPEN \
    -DSQLITE_NOHAVE_SYSTEM -DSQLITE_ENABLE_FTS5

# The release is in many files; SQLite's own makefile writes them into one, with native tools.
$(sqlite)/sqlite3.c: $(BUILD)/sources/sqlite3/.unpacked
	@mkdir -p $(sqlite)
	cd $(sqlite) && ../sources/sqlite3/configure CC=$(CC) --disable-tcl --disable-shared \
	    --disable-readline >configure.log 2>&1 && \
	    env MAKEFLAGS= make sqlite3.c shell.c >make.log 2>&1 || { tail make.log configure.log; exit 1; }
	@touch $(sqlite)/pwd.h $@

$(sqlite)/%.o: $(sqlite)/sqlite3.c programs/sqlite/unix.h $(SYSROOT)/.made
	$(CC) $(WASI_CFLAGS) $(sqlite_flags) -c -o $@ $(sqlite)/$*.c

$(BUILD)/programs/sqlite.wasm: $(sqlite)/sqlite3.o $(sqlite)/shell.o $(CURRENT_DIRECTORY) $(BROKEN_PIPE)
	@mkdir -p $(@D)
	$(CC) $(WASI_LDFLAGS) -o $@ $^ -lwasi-emulated-signal -lwasi-emulated-process-clocks \
	    -lwasi-emulated-getpid
