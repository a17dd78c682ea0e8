//! A greeting on standard output, by WASI, and two of Weft's own interfaces: the clock is asked for the
//! time since the machine's start, and the operator's log gets a line.
use weft::{clock, log};

fn main() -> Result<(), weft::Status> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "world".to_string());
    println!("Hello, {}, from Rust", name);
    let now = clock::client().monotonic()?;
    println!("Weft's clock has counted for {} ms", now / 1000000);
    log::client().write(log::Level::Warning, "@NAME@ was here")
}
