# Who decides what programs may do, and what it puts in the place of what they may not have.
$(eval $(call wasi_weft_rule,permission,$(wildcard programs/permission/*.c),262144))
