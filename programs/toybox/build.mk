# The tools of every day: toybox's, as its authors released them (0BSD). Each is a program of its own,
# not one that goes by many names: rights are given to programs, and `rm` is not to have those of `ls`.
toybox := $(BUILD)/toybox
toybox_applets := $(shell cat programs/toybox/applets)
foreign_programs += $(toybox_applets:%=$(BUILD)/programs/bin/%.wasm)

# One of its functions is called as one of an interface.
toybox_flags = $(WASI_CFLAGS) $(POSIX_CFLAGS) -w -Dterminal_size=toybox_terminal_size -funsigned-char \
    -I$(toybox)/made -I$(toybox) \
    -ffunction-sections -fdata-sections

# Its headers are generated from its configuration by its own scripts, with native tools. They are
# then moved out of the way of the includes of main.c, which is compiled once for each tool. Functions
# that are called with an argument have to take it: WebAssembly checks that. Where a tool forks to start
# another, it is started (spawn.c); tar waits for what compresses, and vi writes into what is empty. That
# the screen has another size is told with the next key; what is changed in memory is not so in the file.
# What is followed is looked at again and again (follow.c), and rev turns characters around. file knows
# WebAssembly, chmod says why nothing can be changed, and so does stty: a terminal's mode ends with the
# program that set it. date fails where it may not have the time.
$(toybox)/.made: $(BUILD)/sources/toybox/.unpacked programs/toybox/applets programs/toybox/build.mk
	rm -rf $(toybox)
	cp -R $(BUILD)/sources/toybox $(toybox)
	sed -i 's/^static void tempfile_handler(void)/static void tempfile_handler(int signal)/' $(toybox)/lib/lib.c
	sed -i 's/^pid_t xpopen_setup(/pid_t toybox_forking_popen(/' $(toybox)/lib/xwrap.c
	sed -i 's/^struct string_list \*find_in_path(/struct string_list *toybox_find_in_path(/' $(toybox)/lib/lib.c
	sed -i 's/    writeall(TT.fd, toybuf, 1024);/&\n    if (FLAG(j)||FLAG(z)||FLAG(I)||FLAG(J)) for (close(TT.fd); 0<wait(0););/' $(toybox)/toys/*/tar.c
	sed -i 's/      if (s == TT.slices) return -1;.*/      if (s == TT.slices) {\n        s = s->prev;\n        pos -= s->node->len;\n        if (pos + s->node->len == offset) break;\n        return -1;\n      }/' $(toybox)/toys/*/vi.c
	echo 'pid_t toybox_start(char **arguments, int input, int output);' >>$(toybox)/lib/lib.h
	sed -i 's/if (!(pid = XVFORK())) xexec(toys.optargs);/pid = xpopen_both(toys.optargs, 0);/' $(toybox)/toys/*/time.c
	sed -i '/if (!(pid = XVFORK())) {/,/^    }/c\    pid = toybox_start(out, FLAG(o) ? xopen("/dev/tty", O_RDONLY) : POSIX_NOTHING, 1);' $(toybox)/toys/*/xargs.c
	sed -i -e '/TT.data=xmmap/{n; s/  close(fd);//}' \
	    -e 's/^ *TT.data\[TT.pos\] |= i<<(4\*!side);/&\n      pwrite(fd, TT.data+TT.pos, 1, TT.pos);/' \
	    -e 's/^ *TT.data\[TT.pos\] = toybuf.*/&\n        pwrite(fd, TT.data+TT.pos, 1, TT.pos);/' $(toybox)/toys/*/hexedit.c
	sed -i 's/1 != read(0, scratch+1/1 != posix_read_key(0, scratch+1/; s/if (toys.signal != -1) {/if (1) {/' $(toybox)/lib/tty.c
	sed -i 's/^\(.*\)xnotify_\(init\|add\|wait\)(\(int\|struct\)/\1toybox_inotify_\2(\3/' $(toybox)/lib/portability.c
	sed -i 's/^  xputs(line);/  rev_characters(line, len);\n&/' $(toybox)/toys/*/rev.c
	echo 'void rev_characters(char *line, long last);' >>$(toybox)/lib/lib.h
	sed -i 's/^static void status()/static void status(int signal)/; s/status();/status(0);/' $(toybox)/toys/*/dd.c
	sed -i 's/^  else if (len>8 && strstart(&s, "\\xca\\xfe/  else if (len>7 \&\& !smemcmp(s, "\\0asm", 4))\n    xprintf("WebAssembly %s, version %d\\n", peek_le(s+6, 2) ? "component" : "module", (int)peek_le(s+4, 2));\n\n&/' \
	    $(toybox)/toys/*/file.c
	sed -i 's/} else clock_gettime(CLOCK_REALTIME, &ts);/} else if (clock_gettime(CLOCK_REALTIME, \&ts)) perror_exit("the clock");/; s/^  time(t);/  struct timespec now;\n  if (clock_gettime(CLOCK_REALTIME, \&now)) perror_exit("the clock");\n  *t = now.tv_sec;/' \
	    $(toybox)/toys/*/date.c
	sed -i "s/^    perror_msg(\"chmod '%s' to %04o\"/    if (errno == ENOTSUP) error_msg(\"%s: files have no rights of their own here; what a program may do with them is what it was granted (see permission)\", name);\n    else perror_msg(\"chmod '%s' to %04o\"/" \
	    $(toybox)/lib/lib.c
	sed -i 's/^    tcsetattr(TT.fd, TCSAFLUSH, &new);/    if (memcmp(\&old, \&new, sizeof(old)))\n      error_exit("what a program sets of the terminal holds until it ends, so there is nothing to set for others");/' \
	    $(toybox)/toys/*/stty.c
	cd $(toybox) && export HOSTCC=$(CC) CC=$(CC) MAKEFLAGS= && make allnoconfig >make.log 2>&1 && \
	    for name in $(toybox_applets) toybox_float toybox_i18n toybox_help toybox_help_dashdash; do \
	        upper=$$(echo $$name | tr a-z A-Z); \
	        sed -i "s/^# CONFIG_$$upper is not set/CONFIG_$$upper=y/" .config; \
	    done && \
	    (yes "" | make oldconfig) >>make.log 2>&1 && \
	    sed -i "s/^CONFIG_TOYBOX=y/# CONFIG_TOYBOX is not set/" .config && \
	    NOBUILD=1 bash scripts/make.sh >>make.log 2>&1 || { tail $(toybox)/make.log; exit 1; }
	cd $(toybox) && mkdir made && mv generated made/
	touch $@

# What of it is compiled: the library, without passwords, and each tool's file.
toybox_library := args commas deflate dirtree env lib llist net portability tty utf8 xwrap
toybox_own := spawn follow characters
$(toybox)/libtoybox.a: $(toybox)/.made $(toybox_own:%=programs/toybox/%.c) $(POSIX_HEADERS) programs/posix/build.mk $(SYSROOT)/.made
	cd $(toybox) && mkdir -p objects && ls $(toybox_library:%=lib/%.c) \
	    $$(grep -l -E "^USE_($$(echo $(toybox_applets) | tr 'a-z ' 'A-Z|'))\(" toys/*/*.c) >sources
	xargs -P $(shell nproc) -I{} sh -c \
	    '$(CC) $(toybox_flags) $$(test {} != lib/portability.c || echo -D__linux__ -DBLKGETSIZE64=0) \
	    -c -o $(toybox)/objects/$$(basename $$(dirname {}))_$$(basename {} .c).o $(toybox)/{}' <$(toybox)/sources
	for name in $(toybox_own); do \
	    $(CC) $(toybox_flags) -c -o $(toybox)/objects/$$name.o programs/toybox/$$name.c || exit 1; done
	rm -f $@
	$(AR) rcs $@ $(toybox)/objects/*.o

$(BUILD)/programs/bin/%.wasm: $(toybox)/libtoybox.a $(POSIX_OBJECTS)
	@mkdir -p $(@D) $(toybox)/single/$*/generated
	grep -E "(NEW|OLD)TOY\($*," $(toybox)/made/generated/newtoys.h >$(toybox)/single/$*/generated/newtoys.h
	$(CC) -I$(toybox)/single/$* $(toybox_flags) -c -o $(toybox)/single/$*/main.o $(toybox)/main.c
	$(CC) $(WASI_LDFLAGS) -Wl,--gc-sections -o $@ $(toybox)/single/$*/main.o $(toybox)/libtoybox.a \
	    $(POSIX_LIBRARIES)
