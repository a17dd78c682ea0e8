//! Weft for Rust: the three calls, slots, and how values lie in messages (docs/interfaces.md).
//!
//! What `wit rust` makes of an interface is written in these words: a call there encodes its
//! request, sends it, waits for the answer and decodes that. A handler implements the interface's
//! `Server` and calls its `serve`. The system's own interfaces are modules of this crate.
//!
//!     let now = weft::clock::client().monotonic()?;

extern crate self as weft;

include!(concat!(env!("WEFT_GENERATED"), "/interfaces.rs"));

mod raw {
    #[link(wasm_import_module = "weft")]
    extern "C" {
        pub fn send(slot: i32, body: *const u8, size: u32, gifts: *const i32, count: u32, flags: u32) -> i64;
        pub fn answer(message: i64, status: i32, body: *const u8, size: u32, gifts: *const i32, count: u32) -> i32;
        pub fn wait(ids: *const i64, count: u32, event: *mut super::Event, body: *mut u8, capacity: u32, deadline: i64) -> i32;
    }
}

/// Why there is no answer: `enum weft_status` of abi/weft.h.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    Fault = 1,
    Invalid = 2,
    BadSlot = 3,
    BadMessage = 4,
    Denied = 5,
    Gone = 6,
    WouldBlock = 7,
    Deadlock = 8,
    TooLarge = 9,
    Limit = 10,
    NoMemory = 11,
    Withdrawn = 12,
    NotFound = 13,
    Exists = 14,
    Unsupported = 15,
}

impl Status {
    fn from_code(code: i32) -> Status {
        use Status::*;
        let all = [
            Invalid, Fault, Invalid, BadSlot, BadMessage, Denied, Gone, WouldBlock, Deadlock, TooLarge,
            Limit, NoMemory, Withdrawn, NotFound, Exists, Unsupported,
        ];
        *all.get(code as usize).unwrap_or(&Invalid)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, to: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(to, "weft: {:?}", self)
    }
}

impl std::error::Error for Status {}

const NO_SLOT: i32 = -1;
const GIFT_COPY: i32 = 1 << 30;
const GIFTS_MAX: usize = 8;
const WANT_ANSWER: u32 = 1;
const EVENT_MESSAGE: i32 = 1;
const EVENT_ANSWER: i32 = 2;

/// What `wait` writes: `struct weft_event` of abi/weft.h.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Event {
    pub kind: u32,
    pub status: i32,
    pub id: i64,
    /// That the handler chose when it minted the slot; 0: the interface's own.
    pub badge: u64,
    pub interface: u64,
    pub sender: u64,
    pub size: u32,
    gift_count: u32,
    gifts: [i32; GIFTS_MAX],
    pub sender_silo: u64,
}

/// The right to send to one handler; given up when it is dropped.
#[derive(Debug)]
pub struct Slot(i32);

impl Slot {
    /// Of a number that is a slot of this process, and nobody else's to close.
    pub fn from_number(number: i32) -> Slot {
        Slot(number)
    }
    pub fn number(&self) -> i32 {
        self.0
    }
    /// For a parameter of type `borrow`: the receiver gets a slot of its own to the same place.
    pub fn borrow(&self) -> Borrow {
        Borrow { slot: self.0, received: false }
    }
    /// The number, which is then the caller's to give away or to close.
    pub fn into_number(self) -> i32 {
        let number = self.0;
        std::mem::forget(self);
        number
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        close(&[self.0]);
    }
}

/// A slot of which a copy travels.
#[derive(Debug)]
pub struct Borrow {
    slot: i32,
    received: bool,
}

impl Borrow {
    pub fn number(&self) -> i32 {
        self.slot
    }
}

impl Drop for Borrow {
    fn drop(&mut self) {
        if self.received {
            close(&[self.slot]);
        }
    }
}

/// Gives slots up: `system.close`, with the slots as its gifts.
fn close(slots: &[i32]) {
    let slots: Vec<i32> = slots.iter().copied().filter(|slot| *slot >= 0).collect();
    if slots.is_empty() {
        return;
    }
    let (mut writer, at) = Writer::request(system::FUNCTION_CLOSE, 8, 4);
    let items = writer.list(at, slots.len(), 4, 4);
    for (index, slot) in slots.iter().enumerate() {
        writer.gift(items + 4 * index as u32, *slot);
    }
    let _ = ask::<()>(&system::client().0, writer);
}

/// A slot to this process itself, for the handler's own objects: their messages have the badge.
pub fn mint(interface: [u8; 32], badge: u64) -> Result<Slot, Status> {
    match system::client().mint(&interface, badge)? {
        Ok(slot) => Ok(slot.0),
        Err(_) => Err(Status::Limit),
    }
}

const fn align_up(value: u32, alignment: u32) -> u32 {
    (value + alignment - 1) & !(alignment - 1)
}

const fn larger(a: u32, b: u32) -> u32 {
    if a > b { a } else { b }
}

/// Bytes that tell so many cases apart.
pub const fn case_size(count: u32) -> u32 {
    if count <= 0x100 { 1 } else if count <= 0x10000 { 2 } else { 4 }
}

/// A body that is being written. The first mistake sticks and is told when it is sent.
pub struct Writer {
    data: Vec<u8>,
    gifts: Vec<i32>,
    mistake: Option<Status>,
}

impl Writer {
    /// A request, and where the record of its parameters lies.
    pub fn request(function: u32, size: u32, alignment: u32) -> (Writer, u32) {
        let mut writer = Writer { data: function.to_le_bytes().to_vec(), gifts: Vec::new(), mistake: None };
        let at = writer.extend(size, alignment);
        (writer, at)
    }
    /// An answer with this result.
    pub fn answer<T: Value>(result: T) -> Writer {
        let mut writer = Writer { data: Vec::new(), gifts: Vec::new(), mistake: None };
        let at = writer.extend(T::SIZE, 1);
        result.put(&mut writer, at);
        writer
    }
    fn extend(&mut self, size: u32, alignment: u32) -> u32 {
        let at = align_up(self.data.len() as u32, alignment);
        self.data.resize((at + size) as usize, 0);
        at
    }
    pub fn put(&mut self, at: u32, bytes: &[u8]) {
        self.data[at as usize..at as usize + bytes.len()].copy_from_slice(bytes);
    }
    pub fn case(&mut self, at: u32, value: u32, count: u32) {
        self.put(at, &value.to_le_bytes()[..case_size(count) as usize]);
    }
    pub fn bytes(&mut self, at: u32, bytes: &[u8]) {
        let items = self.list(at, bytes.len(), 1, 1);
        self.put(items, bytes);
    }
    /// Room for a list's items, named at `at`.
    pub fn list(&mut self, at: u32, count: usize, size: u32, alignment: u32) -> u32 {
        if count == 0 {
            return 0;
        }
        let items = self.extend(count as u32 * size, alignment);
        self.put(at, &items.to_le_bytes());
        self.put(at + 4, &(count as u32).to_le_bytes());
        items
    }
    fn gift(&mut self, at: u32, slot: i32) {
        if slot < 0 {
            self.mistake = self.mistake.or(Some(Status::BadSlot));
        } else if self.gifts.len() == GIFTS_MAX {
            self.mistake = self.mistake.or(Some(Status::Limit));
            if slot & GIFT_COPY == 0 {
                close(&[slot]);
            }
        } else {
            self.put(at, &(self.gifts.len() as u32).to_le_bytes());
            self.gifts.push(slot);
        }
    }
    /// What was to be given away and was not sent.
    fn discard(&self) {
        let kept: Vec<i32> = self.gifts.iter().copied().filter(|slot| slot & GIFT_COPY == 0).collect();
        close(&kept);
    }
}

/// A body that is being read. The first mistake sticks; after it all values are zero.
pub struct Reader<'a> {
    data: &'a [u8],
    gifts: &'a [i32],
    named: u32,
    lists_left: usize,
    failed: bool,
}

impl<'a> Reader<'a> {
    fn new(data: &'a [u8], event: &'a Event) -> Reader<'a> {
        let count = (event.gift_count as usize).min(GIFTS_MAX);
        Reader { data, gifts: &event.gifts[..count], named: 0, lists_left: 0, failed: false }
    }
    /// Begins: so many bytes are always there, and lists hold what is left.
    fn begin(&mut self, size: usize) {
        self.failed = self.data.len() < size;
        self.lists_left = self.data.len().saturating_sub(size);
    }
    /// Where the record of a request's parameters lies.
    pub fn request(&mut self, size: u32, alignment: u32) -> u32 {
        let at = align_up(4, alignment);
        self.begin(if size == 0 { 4 } else { (at + size) as usize });
        at
    }
    pub fn fail(&mut self) {
        self.failed = true;
    }
    fn get<const N: usize>(&mut self, at: u32) -> [u8; N] {
        let at = at as usize;
        match self.data.get(at..at.saturating_add(N)) {
            Some(bytes) if !self.failed => bytes.try_into().unwrap(),
            _ => {
                self.failed = true;
                [0; N]
            }
        }
    }
    pub fn case(&mut self, at: u32, count: u32) -> u32 {
        let value = match case_size(count) {
            1 => u8::get(self, at) as u32,
            2 => u16::get(self, at) as u32,
            _ => u32::get(self, at),
        };
        if value >= count {
            self.failed = true;
        }
        if self.failed { 0 } else { value }
    }
    /// Where a list's items lie, and how many.
    fn list(&mut self, at: u32, size: u32, alignment: u32) -> (u32, u32) {
        let (items, count) = (u32::get(self, at), u32::get(self, at + 4));
        let bytes = count as usize as u64 * size as u64;
        let inside = items as u64 + bytes <= self.data.len() as u64 && bytes <= self.lists_left as u64;
        if count == 0 || self.failed {
            return (0, 0);
        }
        if !inside || items % alignment != 0 {
            self.failed = true;
            return (0, 0);
        }
        self.lists_left -= bytes as usize;
        (items, count)
    }
    fn bytes(&mut self, at: u32) -> &'a [u8] {
        let (items, count) = self.list(at, 1, 1);
        &self.data[items as usize..(items + count) as usize]
    }
    fn gift(&mut self, at: u32) -> i32 {
        let index = u32::get(self, at);
        if self.failed || index as usize >= self.gifts.len() || self.named & 1 << index != 0 {
            self.failed = true;
            return NO_SLOT;
        }
        self.named |= 1 << index;
        self.gifts[index as usize]
    }
    /// The end: every gift was named, or those that were not are closed. Whether all is well.
    pub fn end(&mut self) -> bool {
        let unnamed: Vec<i32> = (0..self.gifts.len()).filter(|i| self.named & 1 << i == 0).map(|i| self.gifts[i]).collect();
        self.failed |= !unnamed.is_empty();
        close(&unnamed);
        !self.failed
    }
}

/// What travels: a type of an interface.
pub trait Value: Sized {
    const SIZE: u32;
    const ALIGNMENT: u32;
    fn put(self, writer: &mut Writer, at: u32);
    fn get(reader: &mut Reader, at: u32) -> Self;
}

macro_rules! number {
    ($($type:ty),*) => { $(
        impl Value for $type {
            const SIZE: u32 = std::mem::size_of::<$type>() as u32;
            const ALIGNMENT: u32 = Self::SIZE;
            fn put(self, writer: &mut Writer, at: u32) {
                writer.put(at, &self.to_le_bytes());
            }
            fn get(reader: &mut Reader, at: u32) -> Self {
                <$type>::from_le_bytes(reader.get(at))
            }
        }
    )* };
}
number!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);

impl Value for bool {
    const SIZE: u32 = 1;
    const ALIGNMENT: u32 = 1;
    fn put(self, writer: &mut Writer, at: u32) {
        writer.case(at, self as u32, 2);
    }
    fn get(reader: &mut Reader, at: u32) -> Self {
        reader.case(at, 2) != 0
    }
}

impl Value for char {
    const SIZE: u32 = 4;
    const ALIGNMENT: u32 = 4;
    fn put(self, writer: &mut Writer, at: u32) {
        (self as u32).put(writer, at);
    }
    fn get(reader: &mut Reader, at: u32) -> Self {
        let value = u32::get(reader, at);
        char::from_u32(value).unwrap_or_else(|| {
            reader.fail();
            '\0'
        })
    }
}

impl Value for String {
    const SIZE: u32 = 8;
    const ALIGNMENT: u32 = 4;
    fn put(self, writer: &mut Writer, at: u32) {
        writer.bytes(at, self.as_bytes());
    }
    fn get(reader: &mut Reader, at: u32) -> Self {
        let bytes = reader.bytes(at);
        std::str::from_utf8(bytes).map(str::to_string).unwrap_or_else(|_| {
            reader.fail();
            String::new()
        })
    }
}

impl Value for () {
    const SIZE: u32 = 0;
    const ALIGNMENT: u32 = 1;
    fn put(self, _: &mut Writer, _: u32) {}
    fn get(_: &mut Reader, _: u32) {}
}

impl<T: Value> Value for Vec<T> {
    const SIZE: u32 = 8;
    const ALIGNMENT: u32 = 4;
    fn put(self, writer: &mut Writer, at: u32) {
        let mut item = writer.list(at, self.len(), T::SIZE, T::ALIGNMENT);
        for value in self {
            value.put(writer, item);
            item += T::SIZE;
        }
    }
    fn get(reader: &mut Reader, at: u32) -> Self {
        let (items, count) = reader.list(at, T::SIZE, T::ALIGNMENT);
        (0..count).map(|i| T::get(reader, items + i * T::SIZE)).collect()
    }
}

impl<T: Value> Value for Option<T> {
    const SIZE: u32 = align_up(align_up(1, T::ALIGNMENT) + T::SIZE, T::ALIGNMENT);
    const ALIGNMENT: u32 = T::ALIGNMENT;
    fn put(self, writer: &mut Writer, at: u32) {
        writer.case(at, self.is_some() as u32, 2);
        if let Some(value) = self {
            value.put(writer, at + align_up(1, T::ALIGNMENT));
        }
    }
    fn get(reader: &mut Reader, at: u32) -> Self {
        let present = reader.case(at, 2) != 0;
        present.then(|| T::get(reader, at + align_up(1, T::ALIGNMENT)))
    }
}

impl<T: Value, E: Value> Value for Result<T, E> {
    const SIZE: u32 = align_up(align_up(1, Self::ALIGNMENT) + larger(T::SIZE, E::SIZE), Self::ALIGNMENT);
    const ALIGNMENT: u32 = larger(T::ALIGNMENT, E::ALIGNMENT);
    fn put(self, writer: &mut Writer, at: u32) {
        writer.case(at, self.is_err() as u32, 2);
        let payload = at + align_up(1, Self::ALIGNMENT);
        match self {
            Ok(value) => value.put(writer, payload),
            Err(error) => error.put(writer, payload),
        }
    }
    fn get(reader: &mut Reader, at: u32) -> Self {
        let payload = at + align_up(1, Self::ALIGNMENT);
        if reader.case(at, 2) == 0 { Ok(T::get(reader, payload)) } else { Err(E::get(reader, payload)) }
    }
}

macro_rules! tuple {
    ($($type:ident)+) => {
        impl<$($type: Value),+> Value for ($($type,)+) {
            const ALIGNMENT: u32 = { let mut most = 1; $(most = larger(most, $type::ALIGNMENT);)+ most };
            const SIZE: u32 = {
                let mut at = 0;
                $(at = align_up(at, $type::ALIGNMENT) + $type::SIZE;)+
                align_up(at, Self::ALIGNMENT)
            };
            #[allow(non_snake_case, unused_assignments)]
            fn put(self, writer: &mut Writer, mut at: u32) {
                let ($($type,)+) = self;
                $(
                    at = align_up(at, $type::ALIGNMENT);
                    let size = $type::SIZE;
                    $type.put(writer, at);
                    at += size;
                )+
            }
            #[allow(unused_assignments)]
            fn get(reader: &mut Reader, mut at: u32) -> Self {
                ($({
                    at = align_up(at, $type::ALIGNMENT);
                    let value = $type::get(reader, at);
                    at += $type::SIZE;
                    value
                },)+)
            }
        }
    };
}
tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D F);
tuple!(A B C D F G);
tuple!(A B C D F G H);
tuple!(A B C D F G H I);

impl Value for Slot {
    const SIZE: u32 = 4;
    const ALIGNMENT: u32 = 4;
    fn put(self, writer: &mut Writer, at: u32) {
        writer.gift(at, self.into_number());
    }
    fn get(reader: &mut Reader, at: u32) -> Self {
        Slot(reader.gift(at))
    }
}

impl Value for Borrow {
    const SIZE: u32 = 4;
    const ALIGNMENT: u32 = 4;
    fn put(self, writer: &mut Writer, at: u32) {
        // One that came with a message is nobody else's, so it can leave itself.
        let how = if self.received || self.slot < 0 { 0 } else { GIFT_COPY };
        writer.gift(at, self.slot | how);
        std::mem::forget(self);
    }
    fn get(reader: &mut Reader, at: u32) -> Self {
        Borrow { slot: reader.gift(at), received: true }
    }
}

/// Sends a request and waits for its answer.
pub fn ask<T: Value>(slot: &Slot, writer: Writer) -> Result<T, Status> {
    if let Some(mistake) = writer.mistake {
        writer.discard();
        return Err(mistake);
    }
    let (body, gifts) = (&writer.data, &writer.gifts);
    let id = unsafe {
        raw::send(slot.0, body.as_ptr(), body.len() as u32, gifts.as_ptr(), gifts.len() as u32, WANT_ANSWER)
    };
    if id < 0 {
        writer.discard();
        return Err(Status::from_code(-id as i32));
    }
    let mut event = Event::default();
    let mut buffer = vec![0; 1024];
    let kind = wait(&[id], &mut event, &mut buffer);
    if kind != EVENT_ANSWER || event.status != 0 {
        return Err(Status::from_code(if kind < 0 { -kind } else { event.status }));
    }
    let mut reader = Reader::new(&buffer[..event.size as usize], &event);
    reader.begin(T::SIZE as usize);
    let value = T::get(&mut reader, 0);
    if reader.end() { Ok(value) } else { Err(Status::Invalid) }
}

/// Waits for an event; the buffer grows until its body fits.
fn wait(ids: &[i64], event: &mut Event, buffer: &mut Vec<u8>) -> i32 {
    loop {
        let kind = unsafe {
            raw::wait(ids.as_ptr(), ids.len() as u32, event, buffer.as_mut_ptr(), buffer.len() as u32, -1)
        };
        if kind != -(Status::TooLarge as i32) {
            return kind;
        }
        buffer.resize(event.size as usize, 0);
    }
}

/// The loop of a handler: each message is decoded, handled and answered by `dispatch`, which gives
/// the answer. Ends only when nothing can come any more.
pub fn serve(mut dispatch: impl FnMut(u32, &Event, &mut Reader) -> Result<Writer, Status>) -> Status {
    let mut buffer = vec![0; 1024];
    loop {
        let mut event = Event::default();
        let kind = wait(&[], &mut event, &mut buffer);
        if kind < 0 {
            return Status::from_code(-kind);
        }
        if kind != EVENT_MESSAGE {
            continue;
        }
        let mut reader = Reader::new(&buffer[..event.size as usize], &event);
        reader.begin(4);
        let function = u32::get(&mut reader, 0);
        let handled = if reader.failed { Err(Status::Invalid) } else { dispatch(function, &event, &mut reader) };
        reader.end();
        settle(&event, handled);
    }
}

fn settle(event: &Event, handled: Result<Writer, Status>) {
    if event.id == 0 {
        return;
    }
    let status = match handled {
        Ok(Writer { mistake: None, ref data, ref gifts }) => unsafe {
            -raw::answer(event.id, 0, data.as_ptr(), data.len() as u32, gifts.as_ptr(), gifts.len() as u32)
        },
        Ok(Writer { mistake: Some(mistake), .. }) | Err(mistake) => mistake as i32,
    };
    if status != 0 {
        if let Ok(writer) = handled {
            writer.discard();
        }
        unsafe { raw::answer(event.id, status, std::ptr::null(), 0, std::ptr::null(), 0) };
    }
}
