//! The same instance as XML, and what XML alone can get wrong.

use serde_json::Value;

use super::Kind;
use crate::random::Random;
use crate::sites::Made;
use crate::xml::written;

pub const KINDS: &[Kind] = &[
    ("xml-twin", |b, _| twin(b, |x, _| Some((x.to_owned(), "as it is")), &mut Random::new(0, "", 0))),
    ("xml-text", |b, r| twin(b, text, r)),
    ("xml-attribute", |b, r| twin(b, attribute, r)),
    ("xml-namespace", |b, r| twin(b, namespace, r)),
    ("xml-value", |b, r| twin(b, value, r)),
    ("xml-order", |b, r| twin(b, order, r)),
    ("xml-element", |b, r| twin(b, element, r)),
    ("xml-prolog", |b, r| twin(b, prolog, r)),
];

type Change = fn(&str, &mut Random) -> Option<(String, &'static str)>;

fn twin(base: &Value, change: Change, random: &mut Random) -> Option<Made> {
    let (text, note) = change(&written(base)?, random)?;
    Some(Made { text, xml: true, note: note.to_owned() })
}

/// The places of ` value="…"/>` outside the narrative, by chance one of them: where it starts and ends.
fn one_value(x: &str, random: &mut Random) -> Option<(usize, usize)> {
    let all: Vec<(usize, usize)> = x
        .match_indices(" value=\"")
        .filter_map(|(i, _)| Some((i, i + x.get(i..)?.find("/>")? + 2)))
        .filter(|(i, end)| !x.get(*i..*end).is_some_and(|t| t.contains("><")))
        .collect();
    random.one(&all).copied()
}

fn cut(x: &str, (from, to): (usize, usize), new: &str) -> Option<String> {
    Some(format!("{}{new}{}", x.get(..from)?, x.get(to..)?))
}

fn text(x: &str, random: &mut Random) -> Option<(String, &'static str)> {
    let at = one_value(x, random)?;
    let after = (at.1, at.1);
    let old = x.get(at.0..at.1)?.trim_end_matches("/>").to_owned();
    let forms = [
        (cut(x, after, "text")?, "text between elements"),
        (cut(x, after, "<!-- text -->")?, "a comment"),
        (cut(x, after, "<![CDATA[text]]>")?, "CDATA between elements"),
        (cut(x, after, "<![CDATA[ ]]>")?, "CDATA of a space"),
        (cut(x, after, "<?x y?>")?, "a processing instruction"),
        (cut(x, after, "\n\t ")?, "white space"),
        (cut(x, at, &format!("{old}>text</_>"))?, "text inside, wrong end"),
        (cut(x, at, &old)?, "not closed"),
        (cut(x, after, "&amp;")?, "an entity between elements"),
        (cut(x, after, "\u{a0}")?, "a no-break space"),
        (cut(x, after, "&unknown;")?, "an unknown entity"),
        (cut(x, after, "&#0;")?, "a character reference to 0"),
    ];
    forms.get(random.below(forms.len())).cloned()
}

fn attribute(x: &str, random: &mut Random) -> Option<(String, &'static str)> {
    let at = one_value(x, random)?;
    let before = (at.0, at.0);
    let old = x.get(at.0..at.1)?;
    let quoted = old.split('"').nth(1)?.to_owned();
    let forms = [
        (cut(x, before, " foo=\"x\"")?, "an unknown attribute"),
        (cut(x, before, " id=\"a\"")?, "an id before the value"),
        (cut(x, before, " id=\"\"")?, "an empty id"),
        (cut(x, before, " id=\"a b\"")?, "an id with a space"),
        (cut(x, before, " value=\"x\"")?, "value twice"),
        (cut(x, before, " xml:lang=\"en\"")?, "xml:lang"),
        (cut(x, before, " Value=\"x\"")?, "Value"),
        (cut(x, before, " url=\"http://example.org\"")?, "url on an element"),
        (cut(x, before, " xsi:type=\"x\"")?, "xsi:type, undeclared"),
        (
            cut(x, before, " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"x y\"")?,
            "xsi:schemaLocation",
        ),
        (cut(x, before, " xmlns:a=\"urn:a\" a:b=\"c\"")?, "an attribute of another namespace"),
        (cut(x, at, &format!(" value='{quoted}'/>"))?, "single quotes"),
        (cut(x, at, &format!(" value = \"{quoted}\" />"))?, "spaces around ="),
        (cut(x, at, &format!(" value={quoted}/>"))?, "no quotes"),
        (cut(x, before, " resourceType=\"x\"")?, "resourceType"),
    ];
    forms.get(random.below(forms.len())).cloned()
}

fn namespace(x: &str, random: &mut Random) -> Option<(String, &'static str)> {
    let ns = " xmlns=\"http://hl7.org/fhir\"";
    let at = one_value(x, random)?;
    let name = x.get(1..)?.split([' ', '>']).next()?;
    let prefixed = x.replacen(&format!("<{name}{ns}>"), &format!("<f:{name} xmlns:f=\"http://hl7.org/fhir\"{ns}>"), 1);
    let prefixed = prefixed.strip_suffix(&format!("</{name}>")).map(|p| format!("{p}</f:{name}>"))?;
    let forms = [
        (x.replacen(ns, "", 1), "no namespace"),
        (x.replacen(ns, " xmlns=\"http://hl7.org/fhir/\"", 1), "a slash at its end"),
        (prefixed, "a prefix on the root"),
        (x.replacen(ns, " xmlns=\"https://hl7.org/fhir\"", 1), "https"),
        (x.replacen(ns, " xmlns=\"urn:hl7-org:v3\"", 1), "that of CDA"),
        (cut(x, (at.0, at.0), " xmlns=\"http://hl7.org/fhir\"")?, "declared again"),
        (cut(x, (at.0, at.0), " xmlns=\"urn:x\"")?, "another one on an element"),
        (cut(x, (at.0, at.0), " xmlns=\"\"")?, "none on an element"),
        (x.replacen(ns, &format!("{ns} xmlns:x=\"urn:x\""), 1), "a prefix nobody uses"),
        (x.replacen("http://www.w3.org/1999/xhtml", "http://hl7.org/fhir", 1), "the narrative in that of FHIR"),
        (x.replacen(ns, &format!("{ns}{ns}"), 1), "declared twice"),
    ];
    forms.get(random.below(forms.len())).cloned()
}

fn value(x: &str, random: &mut Random) -> Option<(String, &'static str)> {
    let at = one_value(x, random)?;
    let quoted = x.get(at.0..at.1)?.split('"').nth(1)?.to_owned();
    let forms = [
        (cut(x, at, "/>")?, "no value"),
        (cut(x, at, " value=\"\"/>")?, "an empty value"),
        (cut(x, at, " value=\" \"/>")?, "a space"),
        (cut(x, at, &format!(" value=\" {quoted}\"/>"))?, "a space before"),
        (cut(x, at, &format!(" value=\"{quoted} \"/>"))?, "a space after"),
        (cut(x, at, &format!(" value=\"{quoted}&#10;\"/>"))?, "a line break after"),
        (cut(x, at, " id=\"a\"/>")?, "only an id"),
        (cut(x, at, &format!(" value=\"{quoted}\n\"/>"))?, "a line break in the text"),
        (cut(x, at, &format!(" value=\"{quoted}&#x7;\"/>"))?, "a control character"),
        (cut(x, at, &format!(" value=\"{quoted}&nbsp;\"/>"))?, "an entity"),
        (cut(x, at, &format!(" value=\"{quoted}<\"/>"))?, "a less-than sign"),
        (cut(x, at, &format!(" value=\"{quoted}&\"/>"))?, "a lone ampersand"),
        (cut(x, at, &format!(" VALUE=\"{quoted}\"/>"))?, "VALUE"),
        (cut(x, at, " value=\"true\"/>")?, "true"),
        (cut(x, at, " value=\"1\"/>")?, "1"),
        (cut(x, at, " value=\"+1\"/>")?, "+1"),
        (cut(x, at, " value=\"01\"/>")?, "01"),
        (cut(x, at, " value=\"1e2\"/>")?, "1e2"),
        (cut(x, at, " value=\"TRUE\"/>")?, "TRUE"),
        (cut(x, at, " value=\"&#xE9;\"/>")?, "a character by number"),
    ];
    forms.get(random.below(forms.len())).cloned()
}

/// The elements right below the root: where each starts and ends.
fn children(x: &str) -> Vec<(usize, usize)> {
    let (mut depth, mut start, mut out, mut i) = (0usize, 0usize, Vec::new(), 0usize);
    while let Some(open) = x.get(i..).and_then(|t| t.find('<')).map(|n| n + i) {
        let Some(close) = x.get(open..).and_then(|t| t.find('>')).map(|n| n + open + 1) else { break };
        let tag = x.get(open..close).unwrap_or_default();
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else {
            if depth == 1 {
                start = open;
            }
            depth += usize::from(!tag.ends_with("/>"));
        }
        if depth == 1 && (tag.starts_with("</") || tag.ends_with("/>")) {
            out.push((start, close));
        }
        i = close;
    }
    out
}

fn order(x: &str, random: &mut Random) -> Option<(String, &'static str)> {
    let all = children(x);
    let n = random.below(all.len().checked_sub(1)?);
    let (a, b) = (*all.get(n)?, *all.get(n + 1)?);
    let (first, second) = (x.get(a.0..a.1)?, x.get(b.0..b.1)?);
    let name = |t: &str| t.split([' ', '>', '/']).next().map(str::to_owned);
    if name(first) == name(second) {
        return None;
    }
    let last = *all.last()?;
    match random.below(3) {
        0 => Some((cut(x, (a.0, b.1), &format!("{second}{first}"))?, "two elements swapped")),
        1 => Some((cut(x, (last.1, last.1), first)?, "an element again at the end")),
        _ => Some((cut(x, (a.1, a.1), first)?, "an element twice")),
    }
}

fn element(x: &str, random: &mut Random) -> Option<(String, &'static str)> {
    let all = children(x);
    let a = *random.one(&all)?;
    let after = (a.1, a.1);
    let forms = [
        (cut(x, after, "<foo value=\"x\"/>")?, "an unknown element"),
        (cut(x, after, "<id/>")?, "an empty element"),
        (cut(x, after, "<extension/>")?, "an extension without anything"),
        (
            cut(x, after, "<extension><url value=\"http://example.org/x\"/><valueString value=\"x\"/></extension>")?,
            "an extension with a url element",
        ),
        (cut(x, after, "<extension url=\"http://example.org/x\"/>")?, "an extension without a value"),
        (cut(x, after, "<resourceType value=\"x\"/>")?, "resourceType"),
        (cut(x, after, "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>")?, "a div"),
        (cut(x, after, "<x:y xmlns:x=\"urn:x\"/>")?, "an element of another namespace"),
        (cut(x, after, "<contained/>")?, "contained without a resource"),
        (cut(x, after, "<contained><Patient/><Patient/></contained>")?, "two resources in one"),
        (cut(x, after, "<contained value=\"x\"/>")?, "contained with a value"),
        (cut(x, after, "<Extension url=\"http://example.org/x\"/>")?, "a name in another case"),
        (cut(x, a, "")?, "one lost"),
    ];
    forms.get(random.below(forms.len())).cloned()
}

fn prolog(x: &str, random: &mut Random) -> Option<(String, &'static str)> {
    let forms = [
        (format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{x}"), "a declaration"),
        (format!("<?xml version=\"1.1\"?>{x}"), "version 1.1"),
        (format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{x}"), "another encoding"),
        (format!("<!DOCTYPE x>{x}"), "a document type"),
        (format!("<!DOCTYPE x [<!ENTITY e \"x\">]>{x}"), "an entity"),
        (format!("<!-- x -->{x}<!-- x -->"), "comments"),
        (format!("<?x y?>{x}"), "an instruction"),
        (format!("\n{x}\n"), "blank lines"),
        (format!("\n<?xml version=\"1.0\"?>{x}"), "a declaration after a line break"),
        (format!("{x}x"), "text after the end"),
        (format!("{x}{x}"), "two roots"),
        (format!("\u{feff}{x}"), "a byte order mark"),
        (format!("<?xml-stylesheet href=\"x\"?>{x}"), "a style sheet"),
        (format!("x{x}"), "text before"),
        (x.get(..x.len() / 2).unwrap_or_default().to_owned(), "cut off"),
        (format!("<?xml version=\"1.0\" standalone=\"yes\"?>{x}"), "standalone"),
    ];
    forms.get(random.below(forms.len())).cloned()
}
