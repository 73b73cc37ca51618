//! HAR files (HTTP archives), read entry by entry: what is not a request is skipped without being kept.

use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use crate::capability::client::{Kind, Part, Place, Recorder, Request, Source};

/// The longest HAR file that is read.
const HAR_BYTES: u64 = 4 << 30;

/// Reads the requests of a HAR file.
///
/// # Errors
/// What is wrong with the file and where, to follow its name.
pub(super) fn read(reader: impl BufRead, source: Source, client: &mut Recorder) -> Result<(), String> {
    let mut reader = reader.take(HAR_BYTES);
    let (mut number, mut found) = (0, false);
    let mut feed = |value: &Value| {
        number += 1;
        add(value, Place::new(source, Part::Entry(number)), client);
    };
    let mut json = serde_json::Deserializer::from_reader(&mut reader);
    let list = Members { names: &["log", "entries"], feed: &mut feed, found: &mut found };
    let outcome = list.deserialize(&mut json).and_then(|()| json.end());
    drop(json);
    match outcome {
        Err(_) if reader.limit() == 0 => Err(format!("is larger than {} GiB, the limit: split it", HAR_BYTES >> 30)),
        Err(fault) => Err(told(&fault)),
        Ok(()) if !found => Err("is JSON, but not a HAR file: it has no `log.entries`".to_owned()),
        Ok(()) => Ok(()),
    }
}

/// What is wrong, without the parser's own words: they may repeat what stands in the file.
fn told(fault: &serde_json::Error) -> String {
    let at = format!("line {}, column {}", fault.line(), fault.column());
    match fault.classify() {
        Category::Eof => format!("is cut off at {at}"),
        Category::Syntax => format!("is not valid JSON at {at}"),
        Category::Data => format!("is JSON, but not a HAR file: no list of entries with requests at {at}"),
        Category::Io => format!("could not be read at {at}"),
    }
}

/// Goes down the members of these names to a list of entries.
struct Members<'m> {
    names: &'m [&'static str],
    feed: &'m mut dyn FnMut(&Value),
    found: &'m mut bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    request: Value,
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.names.is_empty() { deserializer.deserialize_seq(self) } else { deserializer.deserialize_map(self) }
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the members of a HAR file")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((first, names)) = self.names.split_first() else { return Ok(()) };
        while let Some(key) = map.next_key::<String>()? {
            if key == *first {
                map.next_value_seed(Members { names, feed: &mut *self.feed, found: &mut *self.found })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        *self.found = true;
        while let Some(entry) = list.next_element::<Entry>()? {
            (self.feed)(&entry.request);
        }
        Ok(())
    }
}

fn add(value: &Value, place: Place, client: &mut Recorder) {
    let (Some(method), Some(target)) = (text(value, "method"), text(value, "url")) else {
        client.note(Kind::Entry, place);
        return;
    };
    let header = |name: &str| {
        let own = |h: &&Value| text(h, "name").is_some_and(|n| n.eq_ignore_ascii_case(name));
        list(value, "headers").find(own).and_then(|h| text(h, "value"))
    };
    let sent = value.get("postData").unwrap_or(&Value::Null);
    let body = text(sent, "text").filter(|b| !b.is_empty());
    let fields: Vec<(&str, &str)> = match body {
        Some(_) => Vec::new(),
        None => list(sent, "params")
            .filter_map(|p| Some((text(p, "name")?, text(p, "value").unwrap_or_default())))
            .collect(),
    };
    let request = Request {
        method,
        target,
        body,
        fields: &fields,
        if_none_exist: header("If-None-Exist"),
        accept: header("Accept"),
        content_type: header("Content-Type"),
    };
    client.request(&request, place);
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}
