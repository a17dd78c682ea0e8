// Weft for AssemblyScript: the three calls, slots, and how values lie in messages
// (docs/interfaces.md). What `wit assemblyscript` makes of an interface is written in these words: a
// call there encodes its request, sends it, waits for the answer and decodes that.
//
//     const now = clock.client().monotonic();
//     if (now.status == Status.Ok) console.log(now.value.toString());
//
// AssemblyScript has no exceptions to catch: a call gives an Answer, whose value is empty if there
// is none. A slot is closed by whoever has it, with `close`.
import * as system from "./system";

@external("weft", "send")
declare function send(slot: i32, body: usize, size: u32, gifts: usize, count: u32, flags: u32): i64;
@external("weft", "answer")
declare function answer(message: i64, status: i32, body: usize, size: u32, gifts: usize, count: u32): i32;
@external("weft", "wait")
declare function wait(ids: usize, count: u32, event: usize, body: usize, capacity: u32, deadline: i64): i32;

/** Why there is no answer: `enum weft_status` of abi/weft.h. */
export enum Status {
  Ok,
  Fault,
  Invalid,
  BadSlot,
  BadMessage,
  Denied,
  Gone,
  WouldBlock,
  Deadlock,
  TooLarge,
  Limit,
  NoMemory,
  Withdrawn,
  NotFound,
  Exists,
  Unsupported,
}

const GIFTS_MAX: i32 = 8;
const GIFT_COPY: i32 = 1 << 30;
const WANT_ANSWER: u32 = 1;
const EVENT_ANSWER: i32 = 2;
const NO_SLOT: i32 = -1;

// Where things lie in what `wait` writes: `struct weft_event` of abi/weft.h.
const EVENT_SIZE: i32 = 88;
const EVENT_STATUS: usize = 4;
const EVENT_BODY_SIZE: usize = 40;
const EVENT_GIFT_COUNT: usize = 44;
const EVENT_GIFTS: usize = 48;

/** What a call gives: a status, and a value that means something if the status is Ok. */
export class Answer<T> {
  constructor(public status: Status, public value: T) {}
}

/** Gives slots up. */
export function close(slots: Array<i32>): void {
  if (slots.length != 0) system.client().close(slots);
}

function alignUp(value: u32, alignment: u32): u32 {
  return (value + alignment - 1) & ~(alignment - 1);
}

/** Bytes that tell so many cases apart. */
export function caseSize(count: u32): u32 {
  return count <= 0x100 ? 1 : count <= 0x10000 ? 2 : 4;
}

/** A body that is being written. The first mistake sticks and is told when it is sent. */
export class Writer {
  data: Uint8Array = new Uint8Array(64);
  size: u32 = 0;
  gifts: Array<i32> = new Array<i32>();
  mistake: Status = Status.Ok;
  /** Where the record of the parameters lies. */
  at: u32;

  constructor(index: u32, size: u32, alignment: u32) {
    this.extend(4, 1);
    this.u32(0, index);
    this.at = this.extend(size, alignment);
  }

  fail(status: Status): void {
    if (this.mistake == Status.Ok) this.mistake = status;
  }

  extend(size: u32, alignment: u32): u32 {
    const at = alignUp(this.size, alignment);
    const end = at + size;
    if (end > <u32>this.data.length) {
      const larger = new Uint8Array(2 * end);
      memory.copy(larger.dataStart, this.data.dataStart, this.size);
      this.data = larger;
    }
    this.size = end;
    return at;
  }

  u8(at: u32, value: u8): void {
    store<u8>(this.data.dataStart + at, value);
  }
  u16(at: u32, value: u16): void {
    store<u16>(this.data.dataStart + at, value);
  }
  u32(at: u32, value: u32): void {
    store<u32>(this.data.dataStart + at, value);
  }
  u64(at: u32, value: u64): void {
    store<u64>(this.data.dataStart + at, value);
  }
  s8(at: u32, value: i8): void {
    store<i8>(this.data.dataStart + at, value);
  }
  s16(at: u32, value: i16): void {
    store<i16>(this.data.dataStart + at, value);
  }
  s32(at: u32, value: i32): void {
    store<i32>(this.data.dataStart + at, value);
  }
  s64(at: u32, value: i64): void {
    store<i64>(this.data.dataStart + at, value);
  }
  f32(at: u32, value: f32): void {
    store<f32>(this.data.dataStart + at, value);
  }
  f64(at: u32, value: f64): void {
    store<f64>(this.data.dataStart + at, value);
  }
  bool(at: u32, value: bool): void {
    this.u8(at, value ? 1 : 0);
  }
  char(at: u32, value: u32): void {
    if (!isScalar(value)) this.fail(Status.Invalid);
    this.u32(at, value);
  }
  case(at: u32, value: u32, count: u32): void {
    if (value >= count) this.fail(Status.Invalid);
    this.small(at, value, caseSize(count));
  }
  flags(at: u32, value: u32, count: u32): void {
    if (<u64>value >> count) this.fail(Status.Invalid);
    this.small(at, value, count <= 8 ? 1 : count <= 16 ? 2 : 4);
  }
  private small(at: u32, value: u32, size: u32): void {
    if (size == 1) this.u8(at, <u8>value);
    else if (size == 2) this.u16(at, <u16>value);
    else this.u32(at, value);
  }
  /** Room for a list's items, named at `at`. */
  list(at: u32, count: u32, size: u32, alignment: u32): u32 {
    if (count == 0) return 0;
    const items = this.extend(count * size, alignment);
    this.u32(at, items);
    this.u32(at + 4, count);
    return items;
  }
  bytes(at: u32, value: Uint8Array): void {
    const items = this.list(at, value.length, 1, 1);
    memory.copy(this.data.dataStart + items, value.dataStart, value.length);
  }
  /** A string; half a surrogate pair in it becomes what stands for nothing known. */
  string(at: u32, value: string): void {
    this.bytes(at, Uint8Array.wrap(String.UTF8.encode(value, false, String.UTF8.ErrorMode.REPLACE)));
  }
  own(at: u32, slot: i32): void {
    this.gift(at, slot, 0);
  }
  borrow(at: u32, slot: i32): void {
    this.gift(at, slot, GIFT_COPY);
  }
  private gift(at: u32, slot: i32, how: i32): void {
    if (slot < 0) return this.fail(Status.BadSlot);
    if (this.gifts.length == GIFTS_MAX) return this.fail(Status.Limit);
    this.u32(at, this.gifts.length);
    this.gifts.push(slot | how);
  }
}

/** A body that is being read. The first mistake sticks; after it all values are zero. */
export class Reader {
  named: u32 = 0;
  listsLeft: u64 = 0;
  failed: bool = false;

  constructor(private data: Uint8Array, private size: u32, private gifts: Array<i32>, always: u32) {
    this.failed = size < always;
    this.listsLeft = this.failed ? 0 : size - always;
  }

  private look(at: u32, size: u32): usize {
    if (this.failed || <u64>at + size > this.size) {
      this.failed = true;
      return 0;
    }
    return this.data.dataStart + at;
  }
  private get<T>(at: u32): T {
    const from = this.look(at, sizeof<T>());
    return from == 0 ? <T>0 : load<T>(from);
  }
  u8(at: u32): u8 {
    return this.get<u8>(at);
  }
  u16(at: u32): u16 {
    return this.get<u16>(at);
  }
  u32(at: u32): u32 {
    return this.get<u32>(at);
  }
  u64(at: u32): u64 {
    return this.get<u64>(at);
  }
  s8(at: u32): i8 {
    return this.get<i8>(at);
  }
  s16(at: u32): i16 {
    return this.get<i16>(at);
  }
  s32(at: u32): i32 {
    return this.get<i32>(at);
  }
  s64(at: u32): i64 {
    return this.get<i64>(at);
  }
  f32(at: u32): f32 {
    return this.get<f32>(at);
  }
  f64(at: u32): f64 {
    return this.get<f64>(at);
  }
  bool(at: u32): bool {
    return this.case(at, 2) != 0;
  }
  char(at: u32): u32 {
    return this.checked(this.u32(at), isScalar(this.u32(at)));
  }
  case(at: u32, count: u32): u32 {
    const value = this.small(at, caseSize(count));
    return this.checked(value, value < count);
  }
  flags(at: u32, count: u32): u32 {
    const value = this.small(at, count <= 8 ? 1 : count <= 16 ? 2 : 4);
    return this.checked(value, <u64>value >> count == 0);
  }
  private small(at: u32, size: u32): u32 {
    return size == 1 ? <u32>this.u8(at) : size == 2 ? <u32>this.u16(at) : this.u32(at);
  }
  private checked(value: u32, valid: bool): u32 {
    if (!valid) this.failed = true;
    return this.failed ? 0 : value;
  }
  /** How many items a list has; they lie at `items`. */
  list(at: u32, size: u32, alignment: u32): u32 {
    const items = this.u32(at);
    const count = this.u32(at + 4);
    const bytes = <u64>count * size;
    if (this.failed || count == 0) return 0;
    if (items % alignment != 0 || bytes > this.listsLeft || items + bytes > this.size) {
      this.failed = true;
      return 0;
    }
    this.listsLeft -= bytes;
    return count;
  }
  bytes(at: u32): Uint8Array {
    const count = this.list(at, 1, 1);
    const value = new Uint8Array(count);
    if (count != 0) memory.copy(value.dataStart, this.data.dataStart + this.u32(at), count);
    return value;
  }
  string(at: u32): string {
    const text = this.bytes(at);
    if (!isUtf8(text)) this.failed = true;
    return this.failed ? "" : String.UTF8.decodeUnsafe(text.dataStart, text.length);
  }
  own(at: u32): i32 {
    const index = this.u32(at);
    if (this.failed || index >= <u32>this.gifts.length || (this.named >> index & 1) != 0) {
      this.failed = true;
      return NO_SLOT;
    }
    this.named |= 1 << index;
    return this.gifts[index];
  }
  /** The slot that arrives is the receiver's to close. */
  borrow(at: u32): i32 {
    return this.own(at);
  }
  /** Whether all is well and every gift was named; if not, none is kept. */
  end(): bool {
    if (!this.failed && this.named == <u32>(1 << this.gifts.length) - 1) return true;
    close(this.gifts);
    return false;
  }
}

function isScalar(value: u32): bool {
  return value < 0xd800 || (value > 0xdfff && value <= 0x10ffff);
}

// How many bytes the well-formed sequence at `at` takes (Unicode 15, table 3-7); 0: it is none.
function sequenceSize(text: Uint8Array, at: i32): i32 {
  const lead = text[at];
  if (lead < 0x80) return 1;
  const need = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (lead < 0xc2 || lead > 0xf4 || text.length - at < need) return 0;
  const low: u8 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const high: u8 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (text[at + 1] < low || text[at + 1] > high) return 0;
  for (let i = 2; i < need; i++) if ((text[at + i] & 0xc0) != 0x80) return 0;
  return need;
}

function isUtf8(text: Uint8Array): bool {
  for (let at = 0; at < text.length; ) {
    const size = sequenceSize(text, at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

/** A reader over nothing: what it gives is empty. */
function nothing(status: Status): Reader {
  const reader = new Reader(new Uint8Array(0), 0, new Array<i32>(), 1);
  lastStatus = status;
  return reader;
}

/** Of the last call. */
export let lastStatus: Status = Status.Ok;

/** Ends a call: what it gives, unless the answer turned out to be malformed. */
export function finish<T>(reader: Reader, value: T): Answer<T> {
  if (lastStatus == Status.Ok && !reader.end()) lastStatus = Status.Invalid;
  return new Answer<T>(lastStatus, value);
}

/** Ends a call that has no result. */
export function finishNothing(reader: Reader): Status {
  if (lastStatus == Status.Ok && !reader.end()) lastStatus = Status.Invalid;
  return lastStatus;
}

/** Sends a request and waits for its answer; `always` bytes of it are there. On a failure nothing
 * was given away. */
export function ask(slot: i32, writer: Writer, always: u32): Reader {
  if (writer.mistake != Status.Ok) return nothing(writer.mistake);
  const gifts = writer.gifts;
  const id = send(slot, writer.data.dataStart, writer.size, gifts.dataStart, gifts.length, WANT_ANSWER);
  if (id < 0) return nothing(<Status>(-id));
  const ids = StaticArray.fromArray<i64>([id]);
  const event = new Uint8Array(EVENT_SIZE);
  let body = new Uint8Array(1024);
  let kind = wait(changetype<usize>(ids), 1, event.dataStart, body.dataStart, body.length, -1);
  if (kind == -Status.TooLarge) {
    body = new Uint8Array(load<u32>(event.dataStart, EVENT_BODY_SIZE));
    kind = wait(changetype<usize>(ids), 1, event.dataStart, body.dataStart, body.length, -1);
  }
  if (kind < 0) return nothing(<Status>(-kind));
  const status = load<i32>(event.dataStart, EVENT_STATUS);
  if (kind != EVENT_ANSWER || status != 0) return nothing(<Status>status);
  const received = new Array<i32>();
  const count = min<i32>(load<u32>(event.dataStart, EVENT_GIFT_COUNT), GIFTS_MAX);
  for (let i = 0; i < count; i++) received.push(load<i32>(event.dataStart + 4 * i, EVENT_GIFTS));
  lastStatus = Status.Ok;
  return new Reader(body, load<u32>(event.dataStart, EVENT_BODY_SIZE), received, always);
}
