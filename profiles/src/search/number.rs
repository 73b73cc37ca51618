//! Number and quantity search (<https://hl7.org/fhir/R4/search.html#number>,
//! <https://hl7.org/fhir/R4/search.html#quantity>).

use std::borrow::Cow;
use std::cmp::Ordering;

use super::answer::{Open, Told, any, open};
use super::escape::{plain, split};
use super::prefix::{Prefix, prefix};
use super::reading::{Reading, complex, text_of};
use crate::decimal::{self, Decimal};
use crate::fhirpath::Item;
use crate::instance::{Kind, Node};
use crate::ucum;

const UCUM: &str = "http://unitsofmeasure.org";
/// The system of currencies, which Money of R4 does not write
/// (<https://hl7.org/fhir/R4/datatypes.html#Money>).
const CURRENCIES: &str = "urn:iso:std:iso:4217";

/// A number with a prefix.
#[derive(Debug)]
pub(super) struct Number {
    prefix: Prefix,
    value: Decimal,
    /// What the number was written with: half of its last digit, to either side.
    half: Decimal,
    /// Whether it was written with an exponent; how precise that is the specification tells by example only.
    has_exponent: bool,
}

impl Number {
    /// Reads a value.
    pub fn parse(text: &str) -> Result<Number, Open> {
        let (prefix, text) = prefix(text)?;
        let half = |value: Decimal| Decimal::try_from_i128_with_scale(5, value.scale() + 1).ok();
        let read = decimal::exact(text).and_then(|value| Some((value, half(value)?)));
        let Some((value, half)) = read else { return open("a value is no number") };
        Ok(Number { prefix, value, half, has_exponent: text.contains(['e', 'E']) })
    }

    /// Whether a number of the resource lies as asked.
    fn is(&self, found: Decimal) -> Told {
        let order = found.cmp(&self.value);
        match self.prefix {
            Prefix::Eq => self.is_about(found),
            Prefix::Ne => self.is_about(found).map(|holds| !holds),
            Prefix::Gt | Prefix::Sa => Ok(order == Ordering::Greater),
            Prefix::Lt | Prefix::Eb => Ok(order == Ordering::Less),
            Prefix::Ge => Ok(order != Ordering::Less),
            Prefix::Le => Ok(order != Ordering::Greater),
        }
    }

    fn is_about(&self, found: Decimal) -> Told {
        if found == self.value {
            return Ok(true);
        }
        if self.has_exponent {
            return open("a number with an exponent is asked for");
        }
        let apart = found.checked_sub(self.value).map(|d| d.abs());
        match apart.map_or(Ordering::Greater, |d| d.cmp(&self.half)) {
            Ordering::Less => Ok(true),
            Ordering::Equal => open("a number lies at the end of what is asked for"),
            Ordering::Greater => Ok(false),
        }
    }
}

/// The number of an element that is to be one; `None` where it has no value.
fn number(node: Node<'_>) -> Result<Option<Decimal>, Open> {
    let text = match node.kind() {
        Kind::Number => node.text(),
        _ if node.tape().is_xml() => match text_of(node)? {
            Some(text) => text,
            None => return Ok(None),
        },
        Kind::Null | Kind::Absent => return Ok(None),
        _ => return open("an element of the resource has a value of another type"),
    };
    match decimal::exact(&text) {
        Some(number) => Ok(Some(number)),
        None => open("the resource has a number that is none, or is too long"),
    }
}

/// Whether an item lies to any of the numbers as asked.
pub(super) fn meets(reading: &Reading<'_>, item: &Item<'_>, wanted: &[Result<Number, Open>]) -> Told {
    let found = match (item, reading.type_of(item)) {
        (Item::Node(node, _), "decimal" | "integer" | "positiveInt" | "unsignedInt" | "integer64") => number(*node)?,
        (Item::Integer(n), _) => Some(Decimal::from(*n)),
        (Item::Decimal(d), _) => Some(*d),
        _ => return open("the parameter finds what is no number"),
    };
    let Some(found) = found else { return Ok(false) };
    any(wanted.iter().map(|number| {
        reading.take(1)?;
        number.as_ref().map_err(Clone::clone)?.is(found)
    }))
}

/// The unit that is asked for.
#[derive(Debug)]
enum Unit<'q> {
    /// Whatever it is.
    Any,
    /// This code of this system.
    Code(Cow<'q, str>, Cow<'q, str>),
    /// This code, or this unit in words.
    Word(Cow<'q, str>),
}

/// A value of a quantity parameter.
#[derive(Debug)]
pub(super) struct Quantity<'q> {
    number: Number,
    unit: Unit<'q>,
}

impl<'q> Quantity<'q> {
    /// Reads `number`, `number|system|code` or `number||unit`.
    pub fn parse(text: &'q str) -> Result<Quantity<'q>, Open> {
        let parts: Vec<Cow<'q, str>> = split(text, b'|').map(plain).collect::<Result<_, _>>()?;
        let mut parts = parts.into_iter();
        let number = Number::parse(&parts.next().unwrap_or_default())?;
        let unit = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Unit::Any,
            (Some(system), Some(code), None) if system.is_empty() && !code.is_empty() => Unit::Word(code),
            (Some(system), Some(code), None) if !code.is_empty() => Unit::Code(system, code),
            _ => return open("a quantity has not the form `number|system|code`"),
        };
        Ok(Quantity { number, unit })
    }

    fn is(&self, found: &Measured<'_>) -> Told {
        let right_unit = match &self.unit {
            Unit::Any => true,
            Unit::Code(system, code) => found.system.as_deref() == Some(system) && found.code.as_deref() == Some(code),
            Unit::Word(word) => [&found.code, &found.unit].into_iter().any(|u| u.as_deref() == Some(word)),
        };
        if right_unit {
            return self.number.is(found.value);
        }
        let (Unit::Code(_, wanted) | Unit::Word(wanted)) = &self.unit else { return Ok(false) };
        let wants_ucum = !matches!(&self.unit, Unit::Code(system, _) if system != UCUM);
        let Some(code) = found.code.as_deref().filter(|_| wants_ucum && found.system.as_deref() == Some(UCUM)) else {
            return Ok(false);
        };
        match ucum::convert(found.value, code, wanted).map(|value| self.number.is(value)) {
            None | Some(Ok(false)) => Ok(false),
            _ => open("servers differ in whether they convert units"),
        }
    }
}

/// A quantity of the resource.
struct Measured<'n> {
    value: Decimal,
    system: Option<Cow<'n, str>>,
    code: Option<Cow<'n, str>>,
    unit: Option<Cow<'n, str>>,
}

/// The quantity of an item; `None` where it has no value.
fn measured<'n>(reading: &Reading<'_>, item: &Item<'n>) -> Result<Option<Measured<'n>>, Open> {
    let quantity = reading.model().find("Quantity").unwrap_or_default();
    let (node, is_money) = match item {
        Item::Node(node, t) if reading.model().type_name(*t) == "Money" => (*node, true),
        Item::Node(node, t) if reading.model().is_a(*t, quantity) => (*node, false),
        _ => return open("the parameter finds what is no single quantity"),
    };
    let node = complex(node)?;
    let Some(value) = reading.child(node, "value")?.map_or(Ok(None), number)? else { return Ok(None) };
    let currency = if is_money { reading.child_text(node, "currency")? } else { None };
    if currency.is_some() {
        return Ok(Some(Measured { value, system: Some(Cow::Borrowed(CURRENCIES)), code: currency, unit: None }));
    }
    if reading.child(node, "comparator")?.is_some() {
        return open("a quantity of the resource has a comparator");
    }
    let text = |name| reading.child_text(node, name);
    Ok(Some(Measured { value, system: text("system")?, code: text("code")?, unit: text("unit")? }))
}

/// Whether an item lies to any of the quantities as asked.
pub(super) fn quantity(reading: &Reading<'_>, item: &Item<'_>, wanted: &[Result<Quantity<'_>, Open>]) -> Told {
    let Some(found) = measured(reading, item)? else { return Ok(false) };
    any(wanted.iter().map(|quantity| {
        reading.take(1)?;
        quantity.as_ref().map_err(Clone::clone)?.is(&found)
    }))
}
