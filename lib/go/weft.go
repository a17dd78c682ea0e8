// Package weft is Weft for Go: the three calls, slots, and how values lie in messages
// (docs/interfaces.md). What `wit go` makes of an interface is written in these words: a call there
// encodes its request, sends it, waits for the answer and decodes that.
//
//	now, err := clock.Open().Monotonic()
//
// While a call waits for its answer, no other goroutine runs: Go has one thread here. A slot is
// closed by whoever has it, with Close.
package weft

import (
	"encoding/binary"
	"math"
	"unicode/utf8"
	"unsafe"
)

//go:wasmimport weft send
func send(slot int32, body unsafe.Pointer, size uint32, gifts unsafe.Pointer, count uint32, flags uint32) int64

//go:wasmimport weft answer
func answer(message int64, status int32, body unsafe.Pointer, size uint32, gifts unsafe.Pointer, count uint32) int32

//go:wasmimport weft wait
func wait(ids unsafe.Pointer, count uint32, event unsafe.Pointer, body unsafe.Pointer, capacity uint32, deadline int64) int32

// Status says why there is no answer: enum weft_status of abi/weft.h.
type Status int32

const (
	Fault Status = 1 + iota
	Invalid
	BadSlot
	BadMessage
	Denied
	Gone
	WouldBlock
	Deadlock
	TooLarge
	Limit
	NoMemory
	Withdrawn
	NotFound
	Exists
	Unsupported
)

var statusNames = [...]string{"ok", "fault", "invalid", "bad slot", "bad message", "denied", "gone",
	"would block", "deadlock", "too large", "limit", "no memory", "withdrawn", "not found", "exists",
	"unsupported"}

func (status Status) Error() string {
	if status < 0 || int(status) >= len(statusNames) {
		return "weft: an unknown status"
	}
	return "weft: " + statusNames[status]
}

const (
	giftsMax    = 8
	giftCopy    = 1 << 30
	wantAnswer  = 1
	eventAnswer = 2
	noSlot      = -1
)

// What wait writes: struct weft_event of abi/weft.h.
type event struct {
	kind       uint32
	status     int32
	id         int64
	badge      uint64
	iface      uint64
	sender     uint64
	size       uint32
	giftCount  uint32
	gifts      [giftsMax]int32
	senderSilo uint64
}

// Slot is the right to send to one handler.
type Slot int32

// Close gives the slot up.
func (slot Slot) Close() {
	closeSlots([]int32{int32(slot)})
}

// Gives slots up: system.close, with the slots as its gifts.
func closeSlots(slots []int32) {
	if len(slots) == 0 {
		return
	}
	writer, at := Request(systemClose, 8, 4)
	items := writer.list(at, len(slots), 4, 4)
	for i, slot := range slots {
		writer.gift(items+4*uint32(i), slot, 0)
	}
	Tell(Slot(systemSlot()), writer)
}

// Writer is a body that is being written. The first mistake sticks and is told when it is sent.
type Writer struct {
	data    []byte
	gifts   []int32
	mistake Status
}

func alignUp(value, alignment uint32) uint32 {
	return (value + alignment - 1) &^ (alignment - 1)
}

// Request begins a request and says where the record of its parameters lies.
func Request(function, size, alignment uint32) (*Writer, uint32) {
	writer := &Writer{data: binary.LittleEndian.AppendUint32(nil, function)}
	return writer, writer.extend(size, alignment)
}

func (writer *Writer) extend(size, alignment uint32) uint32 {
	at := alignUp(uint32(len(writer.data)), alignment)
	writer.data = append(writer.data, make([]byte, at+size-uint32(len(writer.data)))...)
	return at
}

func (writer *Writer) fail(status Status) {
	if writer.mistake == 0 {
		writer.mistake = status
	}
}

// Case writes which of so many cases it is.
func (writer *Writer) Case(at, value, count uint32) {
	if value >= count {
		writer.fail(Invalid)
	}
	writer.small(at, value, CaseSize(count))
}

// Flags writes so many flags.
func (writer *Writer) Flags(at, value, count, size uint32) {
	if uint64(value)>>count != 0 {
		writer.fail(Invalid)
	}
	writer.small(at, value, size)
}

func (writer *Writer) small(at, value, size uint32) {
	for i := uint32(0); i < size; i++ {
		writer.data[at+i] = byte(value >> (8 * i))
	}
}

func (writer *Writer) list(at uint32, count int, size, alignment uint32) uint32 {
	if count == 0 {
		return 0
	}
	items := writer.extend(uint32(count)*size, alignment)
	writer.small(at, items, 4)
	writer.small(at+4, uint32(count), 4)
	return items
}

func (writer *Writer) gift(at uint32, slot int32, how int32) {
	if slot < 0 {
		writer.fail(BadSlot)
	} else if len(writer.gifts) == giftsMax {
		writer.fail(Limit)
	} else {
		writer.small(at, uint32(len(writer.gifts)), 4)
		writer.gifts = append(writer.gifts, slot|how)
	}
}

// CaseSize is how many bytes tell so many cases apart.
func CaseSize(count uint32) uint32 {
	if count <= 0x100 {
		return 1
	}
	if count <= 0x10000 {
		return 2
	}
	return 4
}

// Reader is a body that is being read. The first mistake sticks; after it all values are zero.
type Reader struct {
	data      []byte
	gifts     []int32
	named     uint32
	listsLeft uint64
	failed    bool
}

// Fail marks the body as malformed.
func (reader *Reader) Fail() {
	reader.failed = true
}

func (reader *Reader) small(at, size uint32) uint64 {
	if reader.failed || uint64(at)+uint64(size) > uint64(len(reader.data)) {
		reader.failed = true
		return 0
	}
	value := uint64(0)
	for i := uint32(0); i < size; i++ {
		value |= uint64(reader.data[at+i]) << (8 * i)
	}
	return value
}

// Case reads which of so many cases it is.
func (reader *Reader) Case(at, count uint32) uint32 {
	value := uint32(reader.small(at, CaseSize(count)))
	if value >= count {
		reader.failed = true
		return 0
	}
	return value
}

// Flags reads so many flags.
func (reader *Reader) Flags(at, count, size uint32) uint32 {
	value := uint32(reader.small(at, size))
	if uint64(value)>>count != 0 {
		reader.failed = true
		return 0
	}
	return value
}

func (reader *Reader) list(at, size, alignment uint32) (uint32, uint32) {
	items, count := uint32(reader.small(at, 4)), uint32(reader.small(at+4, 4))
	bytes := uint64(count) * uint64(size)
	if reader.failed || count == 0 {
		return 0, 0
	}
	if items%alignment != 0 || bytes > reader.listsLeft || uint64(items)+bytes > uint64(len(reader.data)) {
		reader.failed = true
		return 0, 0
	}
	reader.listsLeft -= bytes
	return items, count
}

func (reader *Reader) gift(at uint32) int32 {
	index := uint32(reader.small(at, 4))
	if reader.failed || index >= uint32(len(reader.gifts)) || reader.named>>index&1 != 0 {
		reader.failed = true
		return noSlot
	}
	reader.named |= 1 << index
	return reader.gifts[index]
}

// Whether all is well and every gift was named; if not, none is kept.
func (reader *Reader) end() bool {
	if !reader.failed && reader.named == 1<<len(reader.gifts)-1 {
		return true
	}
	closeSlots(reader.gifts)
	return false
}

// Coder is how a type of an interface travels.
type Coder[T any] struct {
	Size, Alignment uint32
	Put             func(writer *Writer, at uint32, value T)
	Get             func(reader *Reader, at uint32) T
}

type number interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64 | ~int8 | ~int16 | ~int32 | ~int64
}

func numbers[T number](size uint32) Coder[T] {
	return Coder[T]{size, size,
		func(writer *Writer, at uint32, value T) {
			for i := uint32(0); i < size; i++ {
				writer.data[at+i] = byte(uint64(value) >> (8 * i))
			}
		},
		func(reader *Reader, at uint32) T { return T(reader.small(at, size)) }}
}

var (
	U8  = numbers[uint8](1)
	U16 = numbers[uint16](2)
	U32 = numbers[uint32](4)
	U64 = numbers[uint64](8)
	S8  = numbers[int8](1)
	S16 = numbers[int16](2)
	S32 = numbers[int32](4)
	S64 = numbers[int64](8)
	F32 = Coder[float32]{4, 4,
		func(writer *Writer, at uint32, value float32) { U32.Put(writer, at, math.Float32bits(value)) },
		func(reader *Reader, at uint32) float32 { return math.Float32frombits(U32.Get(reader, at)) }}
	F64 = Coder[float64]{8, 8,
		func(writer *Writer, at uint32, value float64) { U64.Put(writer, at, math.Float64bits(value)) },
		func(reader *Reader, at uint32) float64 { return math.Float64frombits(U64.Get(reader, at)) }}
	Bool   = Coder[bool]{1, 1, putBool, func(reader *Reader, at uint32) bool { return reader.Case(at, 2) != 0 }}
	Char   = Coder[rune]{4, 4, putChar, getChar}
	String = Coder[string]{8, 4, putString, getString}
	Bytes  = Coder[[]byte]{8, 4, putBytes, getBytes}
	Own    = Coder[Slot]{4, 4,
		func(writer *Writer, at uint32, value Slot) { writer.gift(at, int32(value), 0) },
		func(reader *Reader, at uint32) Slot { return Slot(reader.gift(at)) }}
	// Borrow: a copy travels; the slot that arrives is the receiver's to close.
	Borrow = Coder[Slot]{4, 4,
		func(writer *Writer, at uint32, value Slot) { writer.gift(at, int32(value), giftCopy) },
		func(reader *Reader, at uint32) Slot { return Slot(reader.gift(at)) }}
	// Nothing stands where a result or answer has no value.
	Nothing = Coder[struct{}]{0, 1,
		func(*Writer, uint32, struct{}) {},
		func(*Reader, uint32) struct{} { return struct{}{} }}
)

func putBool(writer *Writer, at uint32, value bool) {
	if value {
		writer.data[at] = 1
	}
}

func putChar(writer *Writer, at uint32, value rune) {
	if !utf8.ValidRune(value) {
		writer.fail(Invalid)
	}
	U32.Put(writer, at, uint32(value))
}

func getChar(reader *Reader, at uint32) rune {
	value := rune(U32.Get(reader, at))
	if !utf8.ValidRune(value) {
		reader.failed = true
		return 0
	}
	return value
}

func putBytes(writer *Writer, at uint32, value []byte) {
	items := writer.list(at, len(value), 1, 1)
	copy(writer.data[items:], value)
}

func getBytes(reader *Reader, at uint32) []byte {
	items, count := reader.list(at, 1, 1)
	return append([]byte(nil), reader.data[items:items+count]...)
}

func putString(writer *Writer, at uint32, value string) {
	if !utf8.ValidString(value) {
		writer.fail(Invalid)
	}
	if value != "" {
		putBytes(writer, at, []byte(value))
	}
}

func getString(reader *Reader, at uint32) string {
	value := string(getBytes(reader, at))
	if !utf8.ValidString(value) {
		reader.failed = true
		return ""
	}
	return value
}

// List is the coder of a list.
func List[T any](item Coder[T]) Coder[[]T] {
	return Coder[[]T]{8, 4,
		func(writer *Writer, at uint32, value []T) {
			items := writer.list(at, len(value), item.Size, item.Alignment)
			for i, one := range value {
				item.Put(writer, items+uint32(i)*item.Size, one)
			}
		},
		func(reader *Reader, at uint32) []T {
			items, count := reader.list(at, item.Size, item.Alignment)
			value := make([]T, count)
			for i := range value {
				value[i] = item.Get(reader, items+uint32(i)*item.Size)
			}
			return value
		}}
}

// Option is the coder of an option; nil: none.
func Option[T any](some Coder[T]) Coder[*T] {
	payload := alignUp(1, some.Alignment)
	return Coder[*T]{alignUp(payload+some.Size, some.Alignment), some.Alignment,
		func(writer *Writer, at uint32, value *T) {
			putBool(writer, at, value != nil)
			if value != nil {
				some.Put(writer, at+payload, *value)
			}
		},
		func(reader *Reader, at uint32) *T {
			if reader.Case(at, 2) == 0 {
				return nil
			}
			value := some.Get(reader, at+payload)
			return &value
		}}
}

// Either is a value, or, if it failed, an error: WIT's result.
type Either[T, E any] struct {
	Failed bool
	Value  T
	Error  E
}

// Result is the coder of a result.
func Result[T, E any](value Coder[T], mistake Coder[E]) Coder[Either[T, E]] {
	alignment := max(value.Alignment, mistake.Alignment)
	payload := alignUp(1, alignment)
	return Coder[Either[T, E]]{alignUp(payload+max(value.Size, mistake.Size), alignment), alignment,
		func(writer *Writer, at uint32, result Either[T, E]) {
			putBool(writer, at, result.Failed)
			if result.Failed {
				mistake.Put(writer, at+payload, result.Error)
			} else {
				value.Put(writer, at+payload, result.Value)
			}
		},
		func(reader *Reader, at uint32) (result Either[T, E]) {
			result.Failed = reader.Case(at, 2) != 0
			if result.Failed {
				result.Error = mistake.Get(reader, at+payload)
			} else {
				result.Value = value.Get(reader, at+payload)
			}
			return result
		}}
}

func pointer[T any](items []T) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(items))
}

// Ask sends a request and waits for its answer. On an error nothing was given away.
func Ask[T any](slot Slot, writer *Writer, result Coder[T]) (T, error) {
	var none T
	if writer.mistake != 0 {
		return none, writer.mistake
	}
	id := send(int32(slot), pointer(writer.data), uint32(len(writer.data)),
		pointer(writer.gifts), uint32(len(writer.gifts)), wantAnswer)
	if id < 0 {
		return none, Status(-id)
	}
	var told event
	buffer := make([]byte, 1024)
	kind := wait(unsafe.Pointer(&id), 1, unsafe.Pointer(&told), pointer(buffer), uint32(len(buffer)), -1)
	if kind == -int32(TooLarge) {
		buffer = make([]byte, told.size)
		kind = wait(unsafe.Pointer(&id), 1, unsafe.Pointer(&told), pointer(buffer), uint32(len(buffer)), -1)
	}
	if kind < 0 {
		return none, Status(-kind)
	}
	if kind != eventAnswer || told.status != 0 {
		return none, Status(told.status)
	}
	reader := &Reader{data: buffer[:told.size], gifts: told.gifts[:min(told.giftCount, giftsMax)]}
	reader.failed = told.size < result.Size
	reader.listsLeft = uint64(told.size) - min(uint64(told.size), uint64(result.Size))
	value := result.Get(reader, 0)
	if !reader.end() {
		return none, Invalid
	}
	return value, nil
}

// Tell is Ask for what has no result.
func Tell(slot Slot, writer *Writer) error {
	_, err := Ask(slot, writer, Nothing)
	return err
}
