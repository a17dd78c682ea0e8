//! Asks a handler that answers anything, and goes on.
use shapes::*;

fn main() {
    let (all, mut counts) = (client(), [0, 0]);
    let mut count = |right: bool| counts[right as usize] += 1;
    for _ in 0..1000 {
        count(all.echo_shapes(vec![]).is_ok());
        count(all.echo_outcome(Err(Shape::Point)).is_ok());
        count(all.echo_matrix(vec![]).is_ok());
        count(all.echo_strings(vec![]).is_ok());
        count(all.echo_flags(vec![], vec![], vec![]).is_ok());
        count(all.echo_options(None, None).is_ok());
        count(all.nothing().is_ok());
        count(Thing::create("").is_ok());
    }
    println!("{}", if counts[0] > 100 && counts[1] > 100 { "both" } else { "one" });
}
