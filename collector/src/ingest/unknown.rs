//! Counts the fields that a type does not know while it is read, at no cost: `serde_ignored`, which also tells where they
//! are, copies the name of every field it passes.
//!
//! serde reads an unknown field by `deserialize_ignored_any`; so that is counted, in structs and in lists of them, and all
//! else is passed on.

use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Reads a `T` and counts the fields that it does not know.
pub fn counted<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    unknown: &Cell<u64>,
) -> Result<T, D::Error> {
    T::deserialize(Counting { inner: deserializer, unknown })
}

/// A part of serde's conversation, passed on but for what is counted.
struct Counting<'c, T> {
    inner: T,
    unknown: &'c Cell<u64>,
}

impl<'c, T> Counting<'c, T> {
    fn with<U>(&self, inner: U) -> Counting<'c, U> {
        Counting { inner, unknown: self.unknown }
    }
}

macro_rules! pass_on {
    ($($method:ident($($name:ident: $type:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method($($name,)* visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Counting<'_, D> {
    type Error = D::Error;

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.unknown.set(self.unknown.get() + 1);
        self.inner.deserialize_ignored_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = self.with(visitor);
        self.inner.deserialize_struct(name, fields, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.with(visitor);
        self.inner.deserialize_seq(visitor)
    }

    pass_on! {
        deserialize_any() deserialize_bool() deserialize_char() deserialize_str() deserialize_string() deserialize_bytes()
        deserialize_byte_buf() deserialize_option() deserialize_unit() deserialize_map() deserialize_identifier()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64()
        deserialize_unit_struct(name: &'static str) deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize) deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Structs and lists are visited as these two; whatever else comes is an error in the words of the visitor inside.
impl<'de, V: Visitor<'de>> Visitor<'de> for Counting<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let map = self.with(map);
        self.inner.visit_map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        let seq = self.with(seq);
        self.inner.visit_seq(seq)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Counting<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let seed = self.with(seed);
        self.inner.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Counting<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let seed = self.with(seed);
        self.inner.next_element_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Counting<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.inner.deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Outer<'a> {
        name: Option<&'a str>,
        inner: Vec<Inner>,
    }

    #[derive(Deserialize)]
    struct Inner {
        one: u8,
    }

    #[test]
    fn unknown_fields_are_counted_once_each_and_known_ones_are_read() {
        for (json, unknown) in [
            (r#"{"name":"n","inner":[{"one":1}]}"#, 0),
            (r#"{"name":"n","inner":[{"one":1,"two":2},{"three":{"four":4},"one":1}],"five":[5]}"#, 3),
            (r#"{"inner":[],"name":"n","name2":null}"#, 1),
        ] {
            let count = Cell::new(0);
            let read: Outer<'_> = counted(&mut serde_json::Deserializer::from_str(json), &count).unwrap();
            assert_eq!((read.name, count.get()), (Some("n"), unknown), "{json}");
            assert!(read.inner.iter().all(|inner| inner.one == 1));
        }
        let wrong = counted::<Outer<'_>, _>(&mut serde_json::Deserializer::from_str(r#"{"inner":7}"#), &Cell::new(0));
        assert!(wrong.err().unwrap().to_string().contains("expected a sequence"));
    }
}
