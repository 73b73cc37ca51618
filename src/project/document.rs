//! TOML to JSON values, with the line of each.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::schema::escape;

/// The lines of values, from 1, by JSON pointer.
#[derive(Clone, Debug, Default)]
pub struct Lines(FxHashMap<String, u32>);

impl Lines {
    /// The line of a value, or else of the nearest one around it; 0 where the file as a whole is meant.
    pub fn of(&self, pointer: &str) -> u32 {
        let mut at = pointer;
        loop {
            if let Some(line) = self.0.get(at) {
                return *line;
            }
            let Some((before, _)) = at.rsplit_once('/') else { return 0 };
            at = before;
        }
    }

    /// The line of exactly this value.
    pub fn exact(&self, pointer: &str) -> Option<u32> {
        self.0.get(pointer).copied()
    }
}

/// A document, and where its values are.
pub(super) struct Document {
    pub value: Value,
    pub lines: Lines,
}

/// Reads a text.
///
/// # Errors
/// The line, and what is wrong there.
pub(super) fn parse(text: &str) -> Result<Document, (u32, String)> {
    let starts: Vec<usize> =
        std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1)).collect();
    let line = |at: usize| u32::try_from(starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX);
    let table = DeTable::parse(text).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start);
        (line(at), e.message().replace('\n', ", "))
    })?;
    let mut reading = Reading { line: &line, lines: FxHashMap::default(), pointer: String::new() };
    let value = reading.table(table.get_ref());
    Ok(Document { value, lines: Lines(reading.lines) })
}

struct Reading<'a> {
    /// The line of a byte.
    line: &'a dyn Fn(usize) -> u32,
    lines: FxHashMap<String, u32>,
    pointer: String,
}

impl Reading<'_> {
    fn table(&mut self, table: &DeTable<'_>) -> Value {
        let mut out = Map::new();
        for (key, value) in table.iter() {
            let read = self.below(&escape(key.get_ref()), key.span().start, value);
            out.insert(key.get_ref().to_string(), read);
        }
        Value::Object(out)
    }

    /// A value under a name; `at` is where it is told to be.
    fn below(&mut self, name: &str, at: usize, value: &Spanned<DeValue<'_>>) -> Value {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(name);
        self.lines.insert(self.pointer.clone(), (self.line)(at));
        let read = self.value(value.get_ref());
        self.pointer.truncate(length);
        read
    }

    /// A value; null for what JSON does not have, so that it is refused as of the wrong type.
    fn value(&mut self, value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::from(text.as_ref()),
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).map_or(Value::Null, Value::from),
            DeValue::Float(n) => n.as_str().parse::<f64>().map_or(Value::Null, Value::from),
            DeValue::Boolean(is) => Value::from(*is),
            DeValue::Datetime(_) => Value::Null,
            DeValue::Array(all) => {
                let each = all.iter().enumerate();
                Value::Array(each.map(|(i, v)| self.below(&i.to_string(), v.span().start, v)).collect())
            }
            DeValue::Table(table) => self.table(table),
        }
    }
}
