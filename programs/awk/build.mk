# awk, as its authors keep it (the "one true awk"; its licence is like MIT's). Its grammar is made by
# byacc, from Debian's package.
awk := $(BUILD)/awk
awk_sources := $(BUILD)/sources/original-awk
awk_yacc := $(BUILD)/sources/byacc
awk_parts := awkgram.tab b main parse proctab tran lib run lex
foreign_programs += $(BUILD)/programs/bin/awk.wasm
awk_objects := $(awk_parts:%=$(awk)/%.o)

# `exit` leaves by a long jump, of which there are none here: END is run where `exit` stands, and that
# was all. Asked how it is used, it says so.
$(awk)/.made: $(awk_sources)/.unpacked $(awk_yacc)/.unpacked programs/awk/build.mk
	rm -rf $(awk)
	cp -R $(awk_sources) $(awk)
	sed -i -e 's/^jmp_buf env;/static Node **phases;\nstatic bool is_ending;\nstatic void leave(void);/' \
	    -e '0,/^\tif (setjmp(env) != 0)$$/s//\tphases = a;\n\tif (false)/' \
	    -e 's/^\tif (setjmp(env) != 0)\t.*/\tis_ending = true;\n\tif (false)/' \
	    -e 's/longjmp(env, 1);/leave();/' $(awk)/run.c
	printf '%s\n' 'static void leave(void)' '{' '	if (!is_ending && phases[2]) {' '		is_ending = true;' \
	    '		execute(phases[2]);' '	}' '	closeall();' '	exit(errorflag);' '}' >>$(awk)/run.c
	sed -i -e 's/^#ifdef SA_SIGINFO/#if 0/' \
	    -e 's/^	if (argc == 1) {/	if (argc == 1 || strcmp(argv[1], "--help") == 0) {/' $(awk)/main.c
	cd $(awk) && $(abspath $(awk_yacc))/usr/bin/byacc -d -b awkgram awkgram.y 2>yacc.log && \
	    $(CC) -w -o maketab maketab.c && ./maketab awkgram.tab.h >proctab.c
	touch $@
$(awk_objects): $(awk)/%.o: $(awk)/.made $(POSIX_HEADERS) $(SYSROOT)/.made
	$(CC) $(WASI_CFLAGS) $(POSIX_CFLAGS) -w -I$(awk) -c -o $@ $(awk)/$*.c
$(BUILD)/programs/bin/awk.wasm: $(awk_objects) $(POSIX_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(WASI_LDFLAGS) -Wl,--gc-sections -o $@ $(awk_objects) $(POSIX_LIBRARIES)
