//! What a filter asks of each item that its parameter finds.

use std::borrow::Cow;

use super::answer::{Open, Told, all, any, open};
use super::date::{self, Date};
use super::escape::split;
use super::number::{self, Number, Quantity};
use super::parameter::{Kind, Parameter};
use super::reading::Reading;
use super::reference::{self, Reference};
use super::text::{self, Text};
use super::token::{self, OfType, Token};
use super::uri;
use crate::fhirpath::Item;
use crate::model::Model;

type Values<T> = Vec<Result<T, Open>>;

/// A test of items; one of the values must be met.
pub(super) enum Test<'q> {
    Token(Values<Token<'q>>),
    OfType(Values<OfType<'q>>),
    Text(text::Mode, Values<Text<'q>>),
    Reference(Values<Reference<'q>>),
    Identifier(Values<Token<'q>>),
    Date(Values<Date>),
    Number(Values<Number>),
    Quantity(Values<Quantity<'q>>),
    Uri(uri::Mode, Values<Cow<'q, str>>),
    Composite(Composite<'q>),
}

/// A test of a composite parameter.
pub(super) struct Composite<'q> {
    /// The expressions of the components.
    expressions: Vec<String>,
    /// Of each value the tests of the components, in their order.
    values: Values<Vec<Test<'q>>>,
}

/// What a number is read from, without its escapes.
fn numbers(text: &str) -> Result<Number, Open> {
    Number::parse(text)
}

impl<'q> Test<'q> {
    /// The test of a parameter with these values; escapes are still in them.
    pub fn of(
        reading: &Reading<'_>,
        parameter: &Parameter,
        modifier: Option<&'q str>,
        values: impl Iterator<Item = &'q str>,
    ) -> Result<Test<'q>, Open> {
        let is_type = |name: &str, model: &Model| model.find(name).is_some_and(|t| model.is_resource(t));
        Ok(match (parameter.kind, modifier) {
            (Kind::Token, None | Some("not")) => Test::Token(values.map(Token::parse).collect()),
            (Kind::Token, Some("of-type")) => Test::OfType(values.map(OfType::parse).collect()),
            (Kind::String, None) => Test::Text(text::Mode::Start, values.map(Text::parse).collect()),
            (Kind::String, Some("exact")) => Test::Text(text::Mode::Exact, values.map(Text::parse).collect()),
            (Kind::String, Some("contains")) => Test::Text(text::Mode::Contains, values.map(Text::parse).collect()),
            (Kind::Reference, None) => Test::Reference(values.map(|v| Reference::parse(v, None)).collect()),
            (Kind::Reference, Some("identifier")) => Test::Identifier(values.map(Token::parse).collect()),
            (Kind::Reference, Some(name)) if is_type(name, reading.model()) => {
                Test::Reference(values.map(|v| Reference::parse(v, Some(name))).collect())
            }
            (Kind::Date, None) => Test::Date(values.map(Date::parse).collect()),
            (Kind::Number, None) => Test::Number(values.map(numbers).collect()),
            (Kind::Quantity, None) => Test::Quantity(values.map(Quantity::parse).collect()),
            (Kind::Uri, None) => Test::Uri(uri::Mode::Exact, values.map(uri::parse).collect()),
            (Kind::Uri, Some("below")) => Test::Uri(uri::Mode::Below, values.map(uri::parse).collect()),
            (Kind::Uri, Some("above")) => Test::Uri(uri::Mode::Above, values.map(uri::parse).collect()),
            (Kind::Composite, None) => Test::Composite(Composite::of(reading, parameter, values)?),
            (Kind::Special, _) => return open("what the parameter means is not defined by its expression and type"),
            (_, Some(_)) => return open("what the modifier asks cannot be told from the resource alone"),
        })
    }

    /// Whether an item meets it.
    pub fn item(&self, reading: &Reading<'_>, item: &Item<'_>) -> Told {
        reading.regular(item)?;
        match self {
            Test::Token(wanted) => token::meets(reading, item, wanted),
            Test::OfType(wanted) => token::of_type(reading, item, wanted),
            Test::Text(mode, wanted) => text::meets(reading, item, *mode, wanted),
            Test::Reference(wanted) => reference::meets(reading, item, wanted),
            Test::Identifier(wanted) => reference::identifier(reading, item, wanted),
            Test::Date(wanted) => date::meets(reading, item, wanted),
            Test::Number(wanted) => number::meets(reading, item, wanted),
            Test::Quantity(wanted) => number::quantity(reading, item, wanted),
            Test::Uri(mode, wanted) => uri::meets(reading, item, *mode, wanted),
            Test::Composite(composite) => composite.item(reading, item),
        }
    }

    /// Whether any of the items that an expression yields for a focus meets it.
    pub fn found(&self, reading: &Reading<'_>, expression: &str, focus: &Item<'_>) -> Told {
        let program = reading.programs.get(expression, reading.typing);
        let found = reading.items(&program, focus)?;
        let more = if found.is_open { open(ELSEWHERE) } else { Ok(false) };
        any(found.items.iter().map(|item| self.item(reading, item)).chain([more]))
    }
}

/// What an expression leaves open.
pub(super) const ELSEWHERE: &str = "the parameter's expression asks for what is not in the resource";

impl<'q> Composite<'q> {
    fn of(
        reading: &Reading<'_>,
        parameter: &Parameter,
        values: impl Iterator<Item = &'q str>,
    ) -> Result<Composite<'q>, Open> {
        let mut components = Vec::new();
        for component in &parameter.components {
            match reading.parameters.at(&component.definition) {
                Some(found) if found.kind != Kind::Composite && !component.expression.is_empty() => {
                    components.push(found);
                }
                _ => return open("a part of the composite parameter is not defined"),
            }
        }
        if components.is_empty() {
            return open("the composite parameter has no parts");
        }
        let value = |text: &'q str| {
            let parts: Vec<&'q str> = split(text, b'$').collect();
            if parts.len() != components.len() {
                return open("a value has not as many parts as the composite parameter");
            }
            let tests = components.iter().zip(parts);
            tests.map(|(component, part)| Test::of(reading, component, None, std::iter::once(part))).collect()
        };
        Ok(Composite {
            expressions: parameter.components.iter().map(|c| c.expression.clone()).collect(),
            values: values.map(value).collect(),
        })
    }

    /// Whether all parts of a value are met below one item.
    fn item(&self, reading: &Reading<'_>, item: &Item<'_>) -> Told {
        any(self.values.iter().map(|value| {
            let tests = value.as_ref().map_err(Clone::clone)?;
            all(tests.iter().zip(&self.expressions).map(|(test, expression)| test.found(reading, expression, item)))
        }))
    }
}
