//! A greeting, by Rust's standard library.
fn main() {
    println!("Hello, {}, from Rust on Weft", std::env::args().nth(1).unwrap_or_else(|| "world".to_string()));
}
