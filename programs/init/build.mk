# The first process of a bare machine.
$(eval $(call weft_program_rule,init,$(wildcard programs/init/*.c)))
