//! Greets from Rust's standard library: arguments, environment, a collection, the clock, a panic
//! that is caught by nobody if it is asked for.
use std::collections::BTreeMap;
use std::time::Instant;

fn main() {
    let started = Instant::now();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "panic") {
        panic!("asked to");
    }
    let mut lengths = BTreeMap::new();
    for argument in &arguments {
        lengths.entry(argument.len()).or_insert_with(Vec::new).push(argument);
    }
    println!("Hello from Rust: {} arguments by length: {:?}", arguments.len(), lengths);
    if let Ok(name) = std::env::var("NAME") {
        println!("NAME is {name}");
    }
    assert!(started.elapsed().as_secs() < 60);
}
