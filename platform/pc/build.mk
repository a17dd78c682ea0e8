# The kernel on a bare PC, build/pc/weft.elf: the same sources of base, engine and kernel, without a
# C library, and what is private to the machine.

PC := $(BASE) $(ENGINE) kernel abi arch/x86_64 arch/x86_64/privileged platform/common platform/bare platform/pc
# Frame pointers are for the backtraces of a panic.
pc := -O2 -ffreestanding -fno-pic -mcmodel=small -mno-red-zone -fno-stack-protector \
      -fno-asynchronous-unwind-tables -fno-omit-frame-pointer -DNDEBUG
$(eval $(call flavour_rules,pc))

$(BUILD)/pc/engine/compile/image.o: $(BUILD)/generated/engine/version.h

pc_objects := $(call objects,pc,$(call sources,$(PC)) $(generated_sources) $(blake3_sources))
$(call objects,pc,$(call sources,$(PC))): | $(generated_headers)

# What runs once at start, or seldom, is made as small as can be: less to be translated, where a machine is an
# emulated one (decision 0106). The rest of platform/bare is asked at each page fault, or moves bytes.
pc_hot := $(patsubst %,platform/bare/%.c,blocks context pages screen space strings)
pc_cold := $(filter-out $(pc_hot),$(call sources,platform/common platform/bare platform/pc))
$(call objects,pc,$(pc_cold) $(blake3_sources)): pc += -Oz

# The glyphs of the kernel's own text.
CONSOLE_FONT := /usr/share/consolefonts/Uni2-Terminus16.psf.gz
$(BUILD)/pc/glyphs.S: tools/font
	@mkdir -p $(@D)
	tools/font glyphs $(CONSOLE_FONT) > $@
$(BUILD)/pc/glyphs.o: %.o: %.S
	$(CC) -c -o $@ $<
pc_objects += $(BUILD)/pc/glyphs.o

# Machine code for what a session begins with, made ahead: code/CID in the bundle, and what each hashes to
# (platform/bare/bundled_code.c) in the kernel, which takes no other.
boot_coded := $(patsubst %,$(BUILD)/programs/%.wasm,init session manifest terminal shell pipe permission fs/root \
              driver/ps2 driver/serial driver/rtc driver/virtio_rng example/hello/hello library/wasi)
$(BUILD)/pc/code.S: $(boot_coded) $(BUILD)/code $(BUILD)/weft tools/boot_code
	@mkdir -p $(@D)
	tools/boot_code $(BUILD) $(boot_coded) > $@
$(BUILD)/pc/code.o: %.o: %.S
	$(CC) -c -o $@ $<
pc_objects += $(BUILD)/pc/code.o

PC_LINK = ld.lld-19 -nostdlib -static -z max-page-size=4096 -z noexecstack --gc-sections \
          -T platform/pc/image.ld -o $@ $(filter %.o,$^) -L/usr/lib/x86_64-linux-gnu -l:libbearssl.a

# Linked twice: the names of functions go in behind the code, which they do not move.
$(BUILD)/pc/names_none.S: platform/pc/symbols.awk
	@mkdir -p $(@D)
	awk -f $< < /dev/null > $@
$(BUILD)/pc/names.S: $(BUILD)/pc/unnamed.elf platform/pc/symbols.awk
	llvm-nm-19 --numeric-sort $< | awk -f platform/pc/symbols.awk > $@
$(BUILD)/pc/names.o $(BUILD)/pc/names_none.o: %.o: %.S
	$(CC) -c -o $@ $<

$(BUILD)/pc/unnamed.elf: $(pc_objects) $(BUILD)/pc/names_none.o platform/pc/image.ld
	$(PC_LINK)
$(BUILD)/pc/weft.elf: $(pc_objects) $(BUILD)/pc/names.o platform/pc/image.ld
	$(PC_LINK)

# The boot bundle: the tools, some examples, and what init starts of them. It lies in memory
# as long as the machine runs, so what is large stays out, and what is there as system/ already.
boot_large := $(addprefix $(BUILD)/programs/bin/,sqlite3.wasm qjs.wasm lua.wasm awk.wasm iconv.wasm adventure.wasm cli.wasm cpio.wasm readelf.wasm \
    dmesg.wasm lspci.wasm reboot.wasm shutdown.wasm)
boot_examples := $(addprefix $(BUILD)/programs/example/,hello/% input/% machine/% rtc/% terminal/% \
    wasi/hello_c.wasm wasi/hello_cpp.wasm)
boot_programs := $(filter-out $(BUILD)/programs/example/%,$(weft_programs) $(wasi_programs)) \
    $(filter $(boot_examples),$(weft_programs) $(wasi_programs)) $(BUILD)/programs/manifest.wasm \
    $(filter-out $(boot_large),$(filter $(BUILD)/programs/bin/%,$(foreign_programs)))
$(BUILD)/pc/bundle/manifest.toml: programs/init/pc.toml
	@mkdir -p $(@D)
	cp $< $@
$(BUILD)/boot.tar: $(boot_programs) $(BUILD)/pc/bundle/manifest.toml $(BUILD)/pc/code.S platform/pc/build.mk
	tar --create --format=ustar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
	    --mode=a=r --file=$@ -C $(BUILD)/pc/bundle manifest.toml code -C $(abspath $(BUILD)/programs) \
	    $(boot_programs:$(BUILD)/programs/%=%)

pc: $(BUILD)/pc/weft.elf $(BUILD)/boot.tar

# A disk that BIOS and UEFI machines boot, from a CD or a USB stick: GRUB, the kernel, the bundle.
$(BUILD)/weft.iso: $(BUILD)/pc/weft.elf $(BUILD)/boot.tar platform/pc/grub.cfg platform/pc/grub.modules
	rm -rf $(BUILD)/iso
	mkdir -p $(BUILD)/iso/boot/grub
	llvm-strip-19 -o $(BUILD)/iso/boot/weft.elf $(BUILD)/pc/weft.elf
	cp $(BUILD)/boot.tar $(BUILD)/iso/boot/boot.tar
	cp platform/pc/grub.cfg $(BUILD)/iso/boot/grub/grub.cfg
	grub-mkrescue --output=$@ --install-modules="$$(tr '\n' ' ' < platform/pc/grub.modules)" \
	    --fonts= --locales= --themes= $(BUILD)/iso 2> $(BUILD)/iso.log || { cat $(BUILD)/iso.log >&2; exit 1; }

iso: $(BUILD)/weft.iso

# Boots it in QEMU, on this terminal: into the shell, or INIT as the only program. ^A X leaves.
boot: pc
	tools/boot $(if $(INIT),init=$(INIT),-- shell)

# The WebAssembly suite in place of the kernel: its runner (tests/spec), on the same platform.
SPEC_ROOMS := $(BASE) $(ENGINE) arch/x86_64 arch/x86_64/privileged platform/bare platform/pc tests/system/spec tests/spec
spec_objects := $(filter-out %/launch.o %/bundled_code.o %/terminal.o %/terminal_handlers.o %/device_handlers.o %/framebuffer_handlers.o %/facts.o,\
                $(call objects,pc,$(call sources,$(SPEC_ROOMS)))) $(BUILD)/pc/glyphs.o
$(call objects,pc,$(call sources,tests/system/spec tests/spec)): | $(generated_headers)
$(call objects,pc,tests/spec/runner.c): pc += -Dmain=spec_main -Wno-missing-prototypes
$(BUILD)/pc/spec.elf: $(spec_objects) $(BUILD)/pc/names_none.o platform/pc/image.ld
	$(PC_LINK) -l:libjansson.a
