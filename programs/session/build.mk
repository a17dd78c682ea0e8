# What stands between init and a person's first program, where there is a terminal.
$(eval $(call weft_program_rule,session,$(wildcard programs/session/*.c)))
