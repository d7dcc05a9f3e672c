//! JSON of which nothing is lost: a member that is there twice is a mistake, not the last one.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// How `serde_json` hands a number over that is no whole one of 64 bits, by its feature
/// `arbitrary_precision`: as it is written, in an object with this one member.
const NUMBER: &str = "$serde_json::private::Number";

/// An object, in which no member is there twice, however deep.
pub(super) struct Record(pub(super) Map<String, Value>);

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        // A number at the top is refused by this call, so no member is taken for one.
        input.deserialize_map(Members).map(Self)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<Self::Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = input.next_key()? {
            add(&mut members, name, &mut input)?;
        }
        Ok(members)
    }
}

fn add<'de, A: MapAccess<'de>>(
    members: &mut Map<String, Value>,
    name: String,
    input: &mut A,
) -> Result<(), A::Error> {
    if members.contains_key(&name) {
        return Err(A::Error::custom(format_args!("duplicate member `{name}`")));
    }
    let value = input.next_value_seed(Once)?;
    members.insert(name, value);
    Ok(())
}

/// Any value, by the same rule.
#[derive(Clone, Copy)]
struct Once;

impl<'de> DeserializeSeed<'de> for Once {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut input: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = input.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = input.next_key::<String>()? {
            if members.is_empty() && name == NUMBER {
                let number: String = input.next_value()?;
                return number.parse::<Number>().map(Value::Number).map_err(A::Error::custom);
            }
            add(&mut members, name, &mut input)?;
        }
        Ok(Value::Object(members))
    }
}
