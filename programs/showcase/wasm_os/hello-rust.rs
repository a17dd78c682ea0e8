//! A greeting, by wasm_os's functions: there is no standard library for it.
#![no_std]
#![no_main]

#[link(wasm_import_module = "env")]
extern "C" {
    fn putchar(byte: i32);
    fn getargs() -> *const u8;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

fn show(text: &[u8]) {
    for byte in text {
        unsafe { putchar(*byte as i32) };
    }
}

/// The bytes up to the next zero.
unsafe fn text_at(start: *const u8) -> &'static [u8] {
    let mut size = 0;
    while *start.add(size) != 0 {
        size += 1;
    }
    core::slice::from_raw_parts(start, size)
}

#[no_mangle]
pub extern "C" fn _start() {
    let name = unsafe {
        let program = getargs();
        text_at(program.add(text_at(program).len() + 1))
    };
    show(b"Hello, ");
    show(if name.is_empty() { b"world" } else { name });
    show(b", from Rust on Weft\n");
}
