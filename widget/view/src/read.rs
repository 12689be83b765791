//! Reads what the loader hands over (values that came from JSON) into the engine's types.
//!
//! serde-wasm-bindgen can do this and much more: big integers, bytes, maps, and an error message for each thing that may be
//! wrong, which brings along the formatting of numbers. Nobody reads those messages here. Without them, and by asking for fields one
//! after the other and finding variants by number, the whole widget is a third smaller.

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, SeqAccess, VariantAccess,
    Visitor, value::U64Deserializer,
};
use serde::forward_to_deserialize_any;
use std::fmt;
use std::slice::Iter;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Object;
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Object, name: &str) -> JsValue;
    #[wasm_bindgen(static_method_of = Object)]
    fn keys(of: &JsValue) -> Vec<JsValue>;

    type Array;
    #[wasm_bindgen(static_method_of = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> bool;
    #[wasm_bindgen(static_method_of = Array, js_name = from)]
    fn items(of: &JsValue) -> Vec<JsValue>;

    #[wasm_bindgen(js_namespace = Reflect, catch)]
    fn apply(run: &mut dyn FnMut(), this: &JsValue, args: &[JsValue]) -> Result<JsValue, JsValue>;
}

/// The value as a `T`, unless it is none.
pub fn read<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    let mut read = None;
    let mut run = || match T::deserialize(Json(value)) {
        Ok(value) => read = Some(value),
        Err(never) => match never {},
    };
    let _ = apply(&mut run, &JsValue::UNDEFINED, &[]);
    read
}

/// A field of an object; `undefined` where it has none.
pub fn field(value: &JsValue, name: &str) -> JsValue {
    if value.is_object() { value.unchecked_ref::<Object>().get(name) } else { JsValue::UNDEFINED }
}

/// The members of an array; none of anything else.
pub fn members(value: &JsValue) -> Vec<JsValue> {
    if Array::is_array(value) { Array::items(value) } else { Vec::new() }
}

/// The error that is never returned: what cannot be read is thrown, and caught by [`read`]. Why it cannot does not matter, and with no
/// way back through the callers there is nothing to tidy up on it: that was a third of the code for reading.
#[derive(Debug)]
enum Unreadable {}

fn unreadable() -> ! {
    wasm_bindgen::throw_val(JsValue::NULL)
}

impl Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        unreadable()
    }
}

impl std::error::Error for Unreadable {}

impl fmt::Display for Unreadable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

struct Json<'a>(&'a JsValue);

impl<'de> Deserializer<'de> for Json<'_> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if let Some(text) = self.0.as_string() {
            visitor.visit_string(text)
        } else if let Some(number) = self.0.as_f64() {
            visitor.visit_f64(number)
        } else if let Some(flag) = self.0.as_bool() {
            visitor.visit_bool(flag)
        } else if Array::is_array(self.0) {
            self.deserialize_seq(visitor)
        } else {
            visitor.visit_unit()
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let number = self.0.as_f64().unwrap_or_else(|| unreadable());
        visitor.visit_i64(number as i64)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() || self.0.is_undefined() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if !Array::is_array(self.0) {
            unreadable();
        }
        visitor.visit_seq(Items(Array::items(self.0).into_iter()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if !self.0.is_object() {
            unreadable();
        }
        // As a sequence: what serde makes of a struct is then half as large, since no field can come twice or unasked.
        visitor.visit_seq(Fields { object: self.0, fields: fields.iter() })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let (tag, value) = match self.0.as_string() {
            Some(tag) => (tag, JsValue::UNDEFINED),
            None if self.0.is_object() => {
                let tag = Object::keys(self.0).pop().and_then(|tag| tag.as_string()).unwrap_or_else(|| unreadable());
                let value = field(self.0, &tag);
                (tag, value)
            }
            None => unreadable(),
        };
        let at = variants.iter().position(|variant| *variant == tag).unwrap_or_else(|| unreadable());
        visitor.visit_enum(Variant { at, value })
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 u64 f32 f64 char str string bytes byte_buf unit unit_struct map ignored_any
    }
}

struct Items(std::vec::IntoIter<JsValue>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Json(&item))).transpose()
    }
}

/// The fields in the order in which they are asked for. One that is not there ends nothing: it takes its default.
struct Fields<'a> {
    object: &'a JsValue,
    fields: Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Fields<'_> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        let Some(name) = self.fields.next() else { return Ok(None) };
        let value = field(self.object, name);
        if value.is_undefined() { Ok(None) } else { seed.deserialize(Json(&value)).map(Some) }
    }
}

struct Variant {
    at: usize,
    value: JsValue,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Unreadable> {
        Ok((seed.deserialize(number(self.at))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(Json(&self.value))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        Json(&self.value).deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        Json(&self.value).deserialize_struct("", fields, visitor)
    }
}

/// serde finds fields and variants by their place as well as by their name.
fn number(at: usize) -> U64Deserializer<Unreadable> {
    (at as u64).into_deserializer()
}
