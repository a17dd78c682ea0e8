//! Handles `shapes`: each function answers what it was given. A thing is a name; `rename` to the name
//! that it has is refused with green, to none with red.
use shapes::*;
use weft::{Event, Slot, Status};

#[derive(Default)]
struct Handler {
    names: Vec<String>,
}

impl Handler {
    /// A slot for the thing of that name, a new one.
    fn make(&mut self, name: String) -> Result<Thing, Status> {
        self.names.push(name);
        Ok(Thing(weft::mint(HASH, self.names.len() as u64)?))
    }
    fn name_of(&self, slot: &Slot) -> Result<String, Status> {
        let badge = weft::system::client().badge(slot.borrow())?.map_err(|_| Status::Invalid)?;
        self.names.get(badge as usize - 1).cloned().ok_or(Status::Invalid)
    }
}

impl Server for Handler {
    fn thing_create(&mut self, _: &Event, name: String) -> Result<Thing, Status> {
        self.make(name)
    }
    fn thing_join(&mut self, _: &Event, parts: Vec<Thing>) -> Result<Thing, Status> {
        let names: Result<Vec<String>, Status> = parts.iter().map(|part| self.name_of(&part.0)).collect();
        self.make(names?.join("+"))
    }
    fn thing_rename(&mut self, from: &Event, name: String) -> Result<Result<(), Color>, Status> {
        let own = &mut self.names[from.badge as usize - 1];
        if name.is_empty() || name == *own {
            return Ok(Err(if name.is_empty() { Color::Red } else { Color::Green }));
        }
        *own = name;
        Ok(Ok(()))
    }
    fn thing_give(&mut self, from: &Event, to: weft::Borrow, with: Option<Thing>) -> Result<(), Status> {
        let to = weft::system::client().copy(to)?.map_err(|_| Status::Invalid)?;
        let mut name = self.name_of(&to.0)?;
        if let Some(with) = with {
            name += &self.name_of(&with.0)?;
        }
        self.names[from.badge as usize - 1] = name;
        Ok(())
    }
    fn thing_self(&mut self, from: &Event) -> Result<Thing, Status> {
        Ok(Thing(weft::mint(HASH, from.badge)?))
    }
    fn nothing(&mut self, _: &Event) -> Result<(), Status> {
        Ok(())
    }
    fn echo_primitives(&mut self, _: &Event, value: Primitives) -> Result<Primitives, Status> {
        Ok(value)
    }
    fn echo_sets(&mut self, _: &Event, value: Sets) -> Result<Sets, Status> {
        Ok(value)
    }
    fn echo_shape(&mut self, _: &Event, value: Shape) -> Result<Shape, Status> {
        Ok(value)
    }
    fn echo_shapes(&mut self, _: &Event, value: Vec<Shape>) -> Result<Vec<Shape>, Status> {
        Ok(value)
    }
    fn echo_words(&mut self, _: &Event, writer: Words, _: u8, _: u8, _: u64) -> Result<Words, Status> {
        Ok(writer)
    }
    fn echo_matrix(&mut self, _: &Event, value: Vec<Vec<u16>>) -> Result<Vec<Vec<u16>>, Status> {
        Ok(value)
    }
    fn echo_outcome(&mut self, _: &Event, value: Result<Primitives, Shape>) -> Result<Result<Primitives, Shape>, Status> {
        Ok(value)
    }
    fn echo_options(&mut self, _: &Event, value: Option<Option<u8>>, _: Option<u64>) -> Result<Option<Option<u8>>, Status> {
        Ok(value)
    }
    fn echo_bytes(&mut self, _: &Event, value: Vec<u8>, text: String) -> Result<Vec<u8>, Status> {
        if text == "refuse" { Err(Status::Exists) } else { Ok(value) }
    }
    fn echo_results(&mut self, _: &Event, _: Result<(), ()>, other: Result<u32, ()>) -> Result<Result<u32, ()>, Status> {
        Ok(other)
    }
    fn echo_tuple(&mut self, _: &Event, value: (u8, u64, String)) -> Result<(u8, u64, String), Status> {
        Ok(value)
    }
    fn echo_strings(&mut self, _: &Event, value: Vec<String>) -> Result<Vec<String>, Status> {
        Ok(value)
    }
    fn echo_flags(&mut self, _: &Event, _: Vec<Few>, truths: Vec<bool>, letters: Vec<char>) -> Result<Vec<bool>, Status> {
        Ok(truths.iter().zip(letters).map(|(truth, letter)| *truth && letter != 'x').collect())
    }
}

fn main() {
    serve(&mut Handler::default());
}
