# The shell.
$(eval $(call wasi_weft_rule,shell,$(wildcard programs/shell/*.c programs/shell/*/*.c) programs/tool/shared/walk.c,1048576))
