# Test programs of base/, engine/ and kernel/ in place of the kernel, all in one file. Those of the
# kernel run on their simulated machine, which goes beside the real one by other names. Not among
# them: what needs POSIX threads, and what takes minutes here.
own_tests := $(filter-out tests/engine/thread.c tests/engine/types.c tests/kernel/chaos.c tests/kernel/memory.c \
             tests/kernel/replace.c tests/kernel/schedule.c,\
             $(wildcard tests/base/*.c tests/engine/*.c tests/kernel/*.c))
own_main = own_$(subst /,_,$(basename $(1:tests/%=%)))
pcsim = $(pc) -include tests/system/own/rename.h
$(eval $(call flavour_rules,pcsim))
own_simulated := $(filter tests/kernel/%,$(own_tests)) $(call sources,kernel tests/kernel/support) \
                 $(filter-out tests/simulate/signals.c,$(call sources,tests/simulate)) tests/system/own/simulated.c
own_bare := $(filter-out tests/kernel/%,$(own_tests)) $(call sources,tests/engine/support) \
            $(filter-out tests/system/own/simulated.c,$(call sources,tests/system/own)) \
            tests/system/spec/library.c tests/system/spec/text.c
own_objects := $(call objects,pcsim,$(own_simulated)) $(call objects,pc,$(own_bare) \
               $(filter-out platform/bare/launch.c platform/bare/terminal.c platform/bare/terminal_handlers.c,\
               $(call sources,$(BASE) $(ENGINE) abi arch/x86_64 arch/x86_64/privileged platform/bare platform/pc)) \
               $(generated_sources) $(blake3_sources)) $(BUILD)/pc/glyphs.o
$(own_objects): | $(generated_headers)
$(BUILD)/pc/tests/system/own/kernel.o: $(BUILD)/generated/tests/own.def
$(call objects,pcsim,tests/simulate/guests.S): CPPFLAGS += -I$(BUILD)
$(call objects,pcsim,tests/simulate/guests.S): $(guests)
$(BUILD)/generated/tests/own.def: $(own_tests) tests/system/own/build.mk
	@mkdir -p $(@D)
	printf 'int %s(void);\n' $(foreach test,$(own_tests),$(call own_main,$(test))) > $@.h
	printf 'OWN_TEST("%s", %s)\n' $(foreach test,$(own_tests),$(basename $(test:tests/%=%)) $(call own_main,$(test))) > $@
define own_main_rule
$(call objects,$(1),$(2)): $(1) += -Dmain=$(call own_main,$(2)) -Wno-missing-prototypes
endef
$(foreach test,$(filter tests/kernel/%,$(own_tests)),$(eval $(call own_main_rule,pcsim,$(test))))
$(foreach test,$(filter-out tests/kernel/%,$(own_tests)),$(eval $(call own_main_rule,pc,$(test))))
$(BUILD)/pc/own.elf: $(own_objects) $(BUILD)/pc/names_none.o platform/pc/image.ld
	$(PC_LINK)
