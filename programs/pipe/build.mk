# The handler of `pipe`.
$(eval $(call weft_program_rule,pipe,$(wildcard programs/pipe/*.c)))
