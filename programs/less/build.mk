# less, as its authors released it, with what it asks of a terminal (termcap.c). Signals reach no program
# here: that the screen has another size is what its reading of a key tells (posix_read_key).
less := $(BUILD)/less
less_sources := $(BUILD)/sources/less
less_parts := brac ch charset cmdbuf command cvt decode edit evar filename forwback help ifile input jump \
    lesskey_parse line linenum lsystem main mark optfunc option opttbl os output pattern position prompt \
    screen search signal tags ttyin version xbuf
less_has := CTYPE_H ERRNO ERRNO_H FCNTL_H FILENO FSYNC INTTYPES_H LIMITS_H LOCALE NANOSLEEP POLL POPEN \
    POSIX_REGCOMP SIGPROCMASK SIGSET_T SIGEMPTYSET SNPRINTF STAT STAT_INO STDINT_H STDIO_H \
    STDLIB_H STRERROR STRINGS_H STRING_H SYSTEM SYS_IOCTL_H SYS_STAT_H SYS_WAIT_H TERMCAP_H TERMIOS_FUNCS \
    TERMIOS_H TIME_H TIME_T UNISTD_H UPPER_LOWER WCTYPE WCTYPE_H CONST VOID
foreign_programs += $(BUILD)/programs/bin/less.wasm
less_objects := $(less_parts:%=$(less)/%.o) $(less)/termcap.o

# What its configure would find out.
$(less)/.made: $(less_sources)/.unpacked programs/less/build.mk
	rm -rf $(less)
	cp -R $(less_sources) $(less)
	sed $(foreach name,$(less_has),-e 's/^#undef HAVE_$(name)$$/#define HAVE_$(name) 1/') \
	    -e 's/^#undef EDIT_PGM/#define EDIT_PGM "vi"/' -e 's/^#undef SECURE_COMPILE/#define SECURE_COMPILE 0/' \
	    $(less)/defines.h.in >$(less)/defines.h
	sed -i -e 's/n = read(fd, buf, len);/n = posix_read_key(fd, buf, len);/' -e 's/LONG_JUMP(read_label, 1);//' \
	    -e 's/^\tpoll(poller, 2, timeout);/&\n\tif (posix_key_waits(tty)) poller[1].revents |= POLLIN;/' \
	    -e '/errno == EINTR/{n; s/goto start;/return (READ_INTR);/}' $(less)/os.c
	sed -i 's/"%E ?lm+%lm. %g"/"%E %g"/' $(less)/main.c
	sed -i 's/return open(dev, OPEN_READ);/return posix_open_keys(dev);/' $(less)/ttyin.c
	touch $@
$(less_parts:%=$(less)/%.o): $(less)/%.o: $(less)/.made $(POSIX_HEADERS) $(SYSROOT)/.made
	$(CC) $(WASI_CFLAGS) $(POSIX_CFLAGS) -w -DBINDIR='"/bin"' -DSYSDIR='"/etc"' -Iprograms/less -I$(less) -c -o $@ $(less)/$*.c
$(less)/termcap.o: programs/less/termcap.c programs/less/termcap.h $(less)/.made $(SYSROOT)/.made
	$(CC) $(WASI_CFLAGS) $(WARNINGS) -I. -c -o $@ $<
$(BUILD)/programs/bin/less.wasm: $(less_objects) $(POSIX_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(WASI_LDFLAGS) -Wl,--gc-sections -o $@ $(less_objects) $(POSIX_LIBRARIES)
