//! Calls each function of `shapes` and looks at what comes back.
use shapes::*;

fn check(name: &str, right: bool) {
    println!("{}: {}", name, if right { "ok" } else { "WRONG" });
}

fn primitives() -> Primitives {
    Primitives {
        truth: true, s8: -8, s16: -1600, u8: 200, s32: -320000, u16: 60000, s64: -1 << 62, u32: 4000000000,
        f32: 1.5, u64: 1 << 63, letter: 'ß', f64: -2.25, text: "tëxt".to_string(),
    }
}

fn same(value: &Primitives) -> bool {
    format!("{:?}", value) == format!("{:?}", primitives())
}

fn things() -> Result<(), weft::Status> {
    let (one, two) = (Thing::create("one")?, Thing::create("two")?);
    check("rename", one.rename("three")? == Ok(()) && one.rename("")? == Err(Color::Red));
    let again = one.self_()?;
    check("self", again.rename("three")? == Err(Color::Green));
    again.give(two.0.borrow(), Some(one))?;
    check("give", again.rename("twothree")? == Err(Color::Green));
    let joined = Thing::join(vec![again, two])?;
    check("join", joined.rename("twothree+two")? == Err(Color::Green));
    Ok(())
}

fn values() -> Result<(), weft::Status> {
    let all = client();
    check("nothing", all.nothing()? == ());
    check("primitives", same(&all.echo_primitives(primitives())?));
    let sets = all.echo_sets(Sets {
        few: Few::A | Few::C, some: Some_::F8 | Some_::F0, many: Many::G31, color: Color::Blue,
    })?;
    check("sets", sets.few == Few(5) && sets.some == Some_(257) && sets.many.has(Many::G31) && sets.color == Color::Blue);
    check("shape", matches!(all.echo_shape(Shape::Circle(0.5))?, Shape::Circle(r) if r == 0.5));
    let list = all.echo_shapes(vec![
        Shape::Point, Shape::Named("n".to_string()), Shape::Corners(vec![(1, -1), (2, -2)]),
        Shape::Nested(Some(Color::Green)), Shape::Nested(None), Shape::Tag(7),
    ])?;
    check("shapes", format!("{:?}", list)
        == "[Point, Named(\"n\"), Corners([(1, -1), (2, -2)]), Nested(Some(Green)), Nested(None), Tag(7)]");
    let words = all.echo_words(Words { int: 1, class: 2, stdin: 3 }, 4, 5, 6)?;
    check("words", (words.int, words.class, words.stdin) == (1, 2, 3));
    check("matrix", all.echo_matrix(vec![vec![1, 2], vec![], vec![3]])? == [vec![1, 2], vec![], vec![3]]);
    check("outcome", matches!(all.echo_outcome(Ok(primitives()))?, Ok(value) if same(&value))
        && matches!(all.echo_outcome(Err(Shape::Point))?, Err(Shape::Point)));
    check("options", all.echo_options(Some(None), None)? == Some(None)
        && all.echo_options(Some(Some(9)), Some(1))? == Some(Some(9)) && all.echo_options(None, None)? == None);
    let large: Vec<u8> = (0..100000).map(|i| i as u8).collect();
    check("bytes", all.echo_bytes(&large, "")? == large);
    check("refused", all.echo_bytes(&[], "refuse") == Err(weft::Status::Exists));
    check("results", all.echo_results(Err(()), Ok(5))? == Ok(5) && all.echo_results(Ok(()), Err(()))? == Err(()));
    check("tuple", all.echo_tuple((1, 2, "three".to_string()))? == (1, 2, "three".to_string()));
    check("strings", all.echo_strings(vec!["a".to_string(), String::new(), "ç".to_string()])? == ["a", "", "ç"]);
    check("flags", all.echo_flags(vec![Few::B], vec![true, false, true], vec!['a', 'b', 'x'])? == [true, false, false]);
    Ok(())
}

fn main() -> Result<(), weft::Status> {
    values()?;
    things()
}
