# The kernel on a bare PC, build/pc/weft.elf: the same sources of base, engine and kernel, without a
# C library, and what is private to the machine.

PC := base $(ENGINE) kernel abi arch/x86_64 arch/x86_64/privileged platform/bare platform/pc
pc := -O2 -ffreestanding -fno-pic -mcmodel=small -mno-red-zone -fno-stack-protector \
      -fno-asynchronous-unwind-tables -DNDEBUG
$(eval $(call flavour_rules,pc))
$(call objects,pc,$(call sources,$(PC))): | $(generated_headers)

pc_objects := $(call objects,pc,$(call sources,$(PC)) $(generated_sources) $(blake3_sources))

$(BUILD)/pc/weft.elf: $(pc_objects) platform/pc/image.ld
	ld.lld-19 -nostdlib -static -z max-page-size=4096 -z noexecstack --gc-sections \
	    -T platform/pc/image.ld -o $@ $(pc_objects) -L/usr/lib/x86_64-linux-gnu -l:libbearssl.a

pc: $(BUILD)/pc/weft.elf
