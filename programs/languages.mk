# The faces of interfaces in other languages than C, for programs on WASI that use Weft. Each is made
# from the WIT file, as the C is; own.mk has what a program of one's own needs of it.

LANGUAGES := $(BUILD)/generated
faced := $(interfaces) $(example_interfaces)

# C++: headers over the C.
cpp_faces := $(faced:%=$(generated)/%.hpp)
$(generated)/%.hpp: %.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit cpp $< > $@

# Rust: the crate `weft` has the system's interfaces as modules.
rust_faces := $(faced:%=$(LANGUAGES)/rust/%.rs)
$(LANGUAGES)/rust/%.rs: %.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit rust $< > $@
$(LANGUAGES)/rust/interfaces.rs: $(interfaces:%=$(LANGUAGES)/rust/%.rs)
	printf 'pub mod %s {\n    include!(concat!(env!("WEFT_GENERATED"), "/%s.rs"));\n}\n' \
	    $(foreach name,$(interfaces),$(name) $(name)) > $@
$(LANGUAGES)/rust/libweft.rlib: lib/rust/weft.rs $(LANGUAGES)/rust/interfaces.rs
	WEFT_GENERATED=$(abspath $(LANGUAGES)/rust) $(RUSTC) $(RUSTFLAGS) --crate-type rlib --crate-name weft -o $@ $<

# Go: the package weft, and one for each interface, in a workspace of GOPATH's form. The compiler is
# Debian's, unpacked beside the sources of others: those of the release itself are too old.
GOROOT := $(BUILD)/sources/golang-1.23-go/usr/lib/go-1.23
GO_PATH := $(LANGUAGES)/go
GO_BUILD = GOROOT=$(abspath $(GOROOT)) GOTOOLCHAIN=local GO111MODULE=off GOFLAGS=-trimpath GOOS=wasip1 \
           GOARCH=wasm GOCACHE=$(abspath $(BUILD)/go-cache) $(abspath $(GOROOT))/bin/go build -ldflags=-s
go_interfaces = $(foreach name,$(1),$(GO_PATH)/src/weft/$(subst -,_,$(name))/$(name).go)
go_faces := $(call go_interfaces,$(faced)) $(GO_PATH)/src/weft/weft.go $(GO_PATH)/src/weft/system.go
define go_face_rule
$(call go_interfaces,$(1)): $(1).wit $(BUILD)/wit
	@mkdir -p $$(@D)
	$(BUILD)/wit go $$< > $$@
endef
$(foreach name,$(faced),$(eval $(call go_face_rule,$(name))))
$(GO_PATH)/src/weft/weft.go: lib/go/weft.go
	@mkdir -p $(@D)
	cp $< $@
# How slots are closed: system.close.
$(GO_PATH)/src/weft/system.go: abi/interface/system.wit $(BUILD)/wit $(generated)/system.h
	@mkdir -p $(@D)
	{ echo 'package weft'; echo; \
	  echo "const systemClose = $$(sed -n 's/.*SYSTEM_FUNCTION_CLOSE = \([0-9]*\),/\1/p' $(generated)/system.h)"; echo; \
	  echo "//go:wasmimport weft:interface system@$$($(BUILD)/wit hash $<)"; \
	  echo 'func systemSlot() int32'; } > $@
$(BUILD)/sources/golang-1.23-src/.unpacked: $(BUILD)/sources/golang-1.23-go/.unpacked
# One package's links lead into the other: both into one tree, without copying a byte.
$(GOROOT)/.made: $(BUILD)/sources/golang-1.23-go/.unpacked $(BUILD)/sources/golang-1.23-src/.unpacked
	cp --recursive --link --force $(BUILD)/sources/golang-1.23-src/usr/share/. $(BUILD)/sources/golang-1.23-go/usr/share
	@touch $@

# AssemblyScript: modules beside one another. The compiler is npm's, as tools/node/assemblyscript pins it.
ASSEMBLYSCRIPT := $(LANGUAGES)/assemblyscript
ASC := $(BUILD)/node/node_modules/.bin/asc
# Its own configuration is found by a relative path only.
ASC_CONFIG := $(BUILD)/node/node_modules/@assemblyscript/wasi-shim/asconfig.json
ASC_FLAGS = --optimize --config $$(realpath --relative-to=. $(abspath $(ASC_CONFIG)))
assemblyscript_faces := $(faced:%=$(ASSEMBLYSCRIPT)/%.ts) $(ASSEMBLYSCRIPT)/weft.ts
$(ASSEMBLYSCRIPT)/%.ts: %.wit $(BUILD)/wit
	@mkdir -p $(@D)
	$(BUILD)/wit assemblyscript $< > $@
$(ASSEMBLYSCRIPT)/weft.ts: lib/assemblyscript/weft.ts
	@mkdir -p $(@D)
	cp $< $@
$(ASC): tools/node/assemblyscript/package-lock.json tools/node/assemblyscript/package.json
	@command -v npm >/dev/null || { echo "AssemblyScript's compiler comes by npm, which is not here: install Node.js with npm" >&2; exit 1; }
	@mkdir -p $(BUILD)/node
	cp $^ $(BUILD)/node
	cd $(BUILD)/node && npm ci --no-fund --no-audit --ignore-scripts --silent
	@touch $@

# All that programs of one's own can need.
.PHONY: languages
languages: $(cpp_faces) $(LANGUAGES)/rust/libweft.rlib $(go_faces) $(GOROOT)/.made $(assemblyscript_faces) $(ASC)
