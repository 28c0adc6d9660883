//! JSON text of what crosses the border. Of serde's data model just what those types use: `serde_json`
//! makes the wasm 10 KB larger, gzipped.

use std::fmt::{self, Write as _};

use serde::ser::{Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};

/// The JSON text of a value.
pub(crate) fn text(value: &impl Serialize) -> String {
    let mut out = String::new();
    match value.serialize(Writer(&mut out)) {
        Ok(()) => out,
        Err(Unwritable) => "null".to_owned(),
    }
}

/// There is something in a type that has not been needed so far. The tests of the border would see it.
#[derive(Debug)]
struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this type cannot be written")
    }
}

impl std::error::Error for Unwritable {}

impl serde::ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Writer<'o>(&'o mut String);

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            // Writing to a string cannot fail.
            '\0'..=' ' if character != ' ' => drop(write!(out, "\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// An array or object that is being written.
struct Elements<'o> {
    out: &'o mut String,
    first: bool,
    close: char,
}

impl<'o> Elements<'o> {
    fn begin(out: &'o mut String, [open, close]: [char; 2]) -> Self {
        out.push(open);
        Self { out, first: true, close }
    }

    fn next(&mut self) -> Writer<'_> {
        if !std::mem::take(&mut self.first) {
            self.out.push(',');
        }
        Writer(self.out)
    }
}

impl SerializeSeq for Elements<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Unwritable> {
        self.out.push(self.close);
        Ok(())
    }
}

impl SerializeStruct for Elements<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        let Writer(out) = self.next();
        write_string(out, key);
        out.push(':');
        value.serialize(Writer(out))
    }

    fn end(self) -> Result<(), Unwritable> {
        SerializeSeq::end(self)
    }
}

macro_rules! as_written {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), Unwritable> {
            // Writing to a string cannot fail.
            let _ = write!(self.0, "{value}");
            Ok(())
        })*
    };
}

macro_rules! unwritable {
    ($($method:ident($($argument:ty),*) -> $ok:ty),*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$ok, Unwritable> {
            Err(Unwritable)
        })*
    };
}

impl<'o> Serializer for Writer<'o> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Elements<'o>;
    type SerializeStruct = Elements<'o>;
    type SerializeTuple = Impossible<(), Unwritable>;
    type SerializeTupleStruct = Impossible<(), Unwritable>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Impossible<(), Unwritable>;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    fn serialize_str(self, value: &str) -> Result<(), Unwritable> {
        write_string(self.0, value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unwritable> {
        self.serialize_str(variant)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'o>, Unwritable> {
        Ok(Elements::begin(self.0, ['[', ']']))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Elements<'o>, Unwritable> {
        Ok(Elements::begin(self.0, ['{', '}']))
    }

    as_written!(
        serialize_bool: bool, serialize_i64: i64, serialize_u32: u32, serialize_u64: u64
    );

    unwritable!(
        serialize_i8(i8) -> (), serialize_i16(i16) -> (), serialize_i32(i32) -> (),
        serialize_u8(u8) -> (), serialize_u16(u16) -> (),
        serialize_f32(f32) -> (), serialize_f64(f64) -> (), serialize_char(char) -> (),
        serialize_bytes(&[u8]) -> (), serialize_unit() -> (), serialize_unit_struct(&'static str) -> (),
        serialize_tuple(usize) -> Self::SerializeTuple,
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant,
        serialize_map(Option<usize>) -> Self::SerializeMap,
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant
    );

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unwritable> {
        Err(Unwritable)
    }
}
