//! The outline of a narrative's `div`: what is directly inside it, and the ids of all elements.

use rustc_hash::FxHashSet;

use memchr::memchr;

use super::link::unescape;

/// What is directly inside the `div`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The element's name; empty for text.
    pub(crate) name: String,
    /// Its `class`; empty where it has none.
    pub(crate) class: String,
    /// Its `xml:lang`, where it has one.
    pub(crate) language: Option<String>,
    /// The first characters of the text inside; empty where there is none but whitespace.
    pub(crate) text: String,
}

/// What is directly inside the `div`, and the ids inside it, its own among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) parts: Vec<Part>,
    pub(crate) ids: FxHashSet<String>,
}

/// The most characters that a part keeps of its text.
const TEXT: usize = 30;

/// The outline of a narrative's `div` that is well-formed; of any other what can be told of it.
pub(crate) fn outline(div: &str) -> Outline {
    let mut out = Outline::default();
    let (mut depth, mut rest) = (0usize, div);
    while let Some(start) = memchr(b'<', rest.as_bytes()) {
        let (text, markup) = rest.split_at(start);
        add_text(&mut out, depth, text);
        let end = match markup {
            m if m.starts_with("<!--") => m.find("-->").map(|i| i + 3),
            m if m.starts_with("<![CDATA[") => m.find("]]>").map(|i| i + 3),
            m => tag_end(m),
        };
        let Some(end) = end else { break };
        let (tag, after) = markup.split_at(end);
        if let Some(data) = tag.strip_prefix("<![CDATA[") {
            add_text(&mut out, depth, data.trim_end_matches("]]>"));
        } else if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with("<!") && !tag.starts_with("<?") {
            add_element(&mut out, depth, tag);
            depth += usize::from(!tag.ends_with("/>"));
        }
        rest = after;
    }
    out
}

/// Where a tag ends: behind the first `>` that is in no attribute's value.
fn tag_end(markup: &str) -> Option<usize> {
    let mut quote = None;
    for (i, b) in markup.bytes().enumerate() {
        match (quote, b) {
            (None, b'"' | b'\'') => quote = Some(b),
            (None, b'>') => return Some(i + 1),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
    }
    None
}

fn add_text(out: &mut Outline, depth: usize, text: &str) {
    let text = text.trim();
    if depth == 0 || text.is_empty() {
        return;
    }
    let text = unescape(text);
    match out.parts.last_mut().filter(|_| depth > 1) {
        Some(part) => {
            let left = TEXT.saturating_sub(part.text.chars().count());
            part.text.extend(text.chars().take(left));
        }
        None => out.parts.push(Part {
            name: String::new(),
            class: String::new(),
            language: None,
            text: text.chars().take(TEXT).collect(),
        }),
    }
}

fn add_element(out: &mut Outline, depth: usize, tag: &str) {
    let inside = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let name = inside.split(char::is_whitespace).next().unwrap_or_default();
    let (mut class, mut language) = (String::new(), None);
    for (key, value) in attributes(inside.get(name.len()..).unwrap_or_default()) {
        match key {
            "id" => _ = out.ids.insert(unescape(value).into_owned()),
            "class" => class = unescape(value).into_owned(),
            "xml:lang" => language = Some(unescape(value).into_owned()),
            _ => {}
        }
    }
    if depth == 1 {
        out.parts.push(Part { name: name.to_owned(), class, language, text: String::new() });
    }
}

/// The `lang` and the `xml:lang` of the root, the first element of the text; `None` each where it has none.
pub(crate) fn root_languages(div: &str) -> [Option<String>; 2] {
    let mut found = [None, None];
    let Some(start) = div.find('<').filter(|i| !matches!(div.as_bytes().get(i + 1), Some(b'!' | b'?'))) else {
        return found;
    };
    let Some(tag) = div.get(start..).and_then(|m| m.get(..tag_end(m)?)) else { return found };
    let inside = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let name = inside.split(char::is_whitespace).next().unwrap_or_default();
    for (key, value) in attributes(inside.get(name.len()..).unwrap_or_default()) {
        match key {
            "lang" => found[0] = Some(unescape(value).into_owned()),
            "xml:lang" => found[1] = Some(unescape(value).into_owned()),
            _ => {}
        }
    }
    found
}

/// The attributes of a tag, as they are written.
fn attributes(mut text: &str) -> impl Iterator<Item = (&str, &str)> {
    std::iter::from_fn(move || {
        let (key, after) = text.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|q| matches!(q, '"' | '\''))?;
        let (value, rest) = after.get(1..)?.split_once(quote)?;
        text = rest;
        Some((key.trim(), value))
    })
}
