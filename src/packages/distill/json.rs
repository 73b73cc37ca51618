//! JSON as a tree over its text: names, order and the lexemes of scalars stay as they were written.

use std::borrow::Cow;

/// A JSON value; a scalar is its lexeme.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'t> {
    Object(Vec<(Cow<'t, str>, Json<'t>)>),
    Array(Vec<Json<'t>>),
    Scalar(&'t str),
}

impl<'t> Json<'t> {
    /// The tree of a text.
    ///
    /// # Errors
    /// The parser's message, where the text is no JSON or nests deeper than 128.
    pub fn parse(text: &'t [u8]) -> Result<Json<'t>, String> {
        // The standard parser judges; what follows only has to find the parts of a text that is known to be good.
        serde_json::from_slice::<serde::de::IgnoredAny>(text).map_err(|e| e.to_string())?;
        let text = std::str::from_utf8(text).map_err(|e| e.to_string())?;
        Reader { text, at: 0, depth: 0 }.value().ok_or_else(|| "nested too deep".to_owned())
    }

    /// The member of this name, of an object.
    pub fn get(&self, name: &str) -> Option<&Json<'t>> {
        match self {
            Json::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<Cow<'t, str>> {
        match self {
            Json::Scalar(lexeme) if lexeme.starts_with('"') => unquote(lexeme),
            _ => None,
        }
    }

    /// Appends the value in its shortest form.
    pub fn write(&self, out: &mut String) {
        match self {
            Json::Scalar(lexeme) => out.push_str(lexeme),
            Json::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (i, (key, value)) in members.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    out.push_str(&serde_json::Value::from(key.as_ref()).to_string());
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// The text of a string's lexeme.
fn unquote(lexeme: &str) -> Option<Cow<'_, str>> {
    match lexeme.contains('\\') {
        true => serde_json::from_str::<String>(lexeme).ok().map(Cow::Owned),
        false => Some(Cow::Borrowed(lexeme.get(1..lexeme.len().checked_sub(1)?)?)),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
}

impl<'t> Reader<'t> {
    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let blank = rest.iter().position(|b| !b.is_ascii_whitespace())?;
        self.at += blank;
        rest.get(blank).copied()
    }

    fn value(&mut self) -> Option<Json<'t>> {
        match self.peek()? {
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::array),
            _ => self.lexeme().map(Json::Scalar),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Json<'t>>) -> Option<Json<'t>> {
        self.depth += 1;
        self.at += 1;
        let value = if self.depth > 128 { None } else { read(self) };
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Option<Json<'t>> {
        let mut members = Vec::new();
        loop {
            match self.peek()? {
                b'}' => break,
                b',' => self.at += 1,
                _ => {
                    let key = unquote(self.lexeme()?)?;
                    self.peek().filter(|b| *b == b':')?;
                    self.at += 1;
                    members.push((key, self.value()?));
                }
            }
        }
        self.at += 1;
        Some(Json::Object(members))
    }

    fn array(&mut self) -> Option<Json<'t>> {
        let mut items = Vec::new();
        loop {
            match self.peek()? {
                b']' => break,
                b',' => self.at += 1,
                _ => items.push(self.value()?),
            }
        }
        self.at += 1;
        Some(Json::Array(items))
    }

    /// A string with its quotes, a number, or a word.
    fn lexeme(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut end = start + 1;
        if self.peek()? == b'"' {
            while *bytes.get(end)? != b'"' {
                end += if bytes.get(end) == Some(&b'\\') { 2 } else { 1 };
            }
            end += 1;
        } else {
            while bytes.get(end).is_some_and(|b| !b.is_ascii_whitespace() && !b",]}".contains(b)) {
                end += 1;
            }
        }
        self.at = end;
        self.text.get(start..end)
    }
}
