//! The Parameters resource of `$validate` (<https://hl7.org/fhir/R4/parameters.html>), read on the tape so that the
//! resource inside keeps its exact text.

use std::ops::Range;
use std::sync::LazyLock;

use fhir_accord_profiles::instance::{
    Fault as TapeFault, FaultKind, Limits, LineIndex, NameId, Names, Node, Place, Tape, read as read_instance,
};

use super::Fault;
use super::mode::Mode;
use crate::app::Complaint;

/// The names that this room looks for.
static NAMES: LazyLock<Names> = LazyLock::new(|| Names::new(["parameter", "name"]));

fn name(text: &str) -> NameId {
    NAMES.find(text.as_bytes()).unwrap_or_default()
}

/// How a body of `$validate` is to be understood.
#[derive(Debug)]
pub(super) enum Reading {
    /// The body is the resource.
    Raw,
    /// The body is the operation's Parameters.
    Call(Call),
}

/// The parameters of `$validate`.
#[derive(Debug, Default)]
pub(super) struct Call {
    /// The bytes of the resource in the body.
    pub resource: Option<Range<usize>>,
    pub mode: Option<Mode>,
    pub profiles: Vec<String>,
}

/// What the beginning of a resource says of it.
#[derive(Debug)]
pub(super) struct Head {
    pub resource_type: Option<String>,
    pub id: Option<String>,
    pub span: Range<u32>,
    pub place: Place,
}

impl Default for Head {
    fn default() -> Head {
        Head { resource_type: None, id: None, span: 0..0, place: Place { line: 1, column: 1 } }
    }
}

/// Type and id of the resource that `text` is; what it does not say is `None`.
pub(super) fn head(text: &[u8]) -> Head {
    let tape = read_instance(text, &NAMES, &Limits::default());
    let Some(root) = tape.root() else { return Head::default() };
    let of = |id| root.child_text(id).map(|t| t.into_owned());
    Head {
        resource_type: of(NameId::RESOURCE_TYPE),
        id: of(NameId::ID),
        place: LineIndex::new(text).place(root.span().start),
        span: root.span(),
    }
}

/// Whether a body could be Parameters: a cheap look, that errs on the side of yes.
pub(super) fn may_be(body: &[u8]) -> bool {
    memchr::memmem::find(body, b"Parameters").is_some() || memchr::memmem::find(body, b"\\u").is_some()
}

/// Reads a body: Parameters that call the operation, or the resource itself.
///
/// # Errors
/// 400 where the body is Parameters and cannot be read as such.
pub(super) fn read(body: &[u8]) -> Result<Reading, Fault> {
    if !may_be(body) {
        return Ok(Reading::Raw);
    }
    let limits = Limits { depth: Limits::default().depth + 3, ..Limits::default() };
    let tape = read_instance(body, &NAMES, &limits);
    let Some(root) = tape.root() else { return Ok(Reading::Raw) };
    if root.child_text(NameId::RESOURCE_TYPE).as_deref() != Some("Parameters") {
        return Ok(Reading::Raw);
    }
    if tape.is_xml() {
        return Err(Fault::media_type(
            "Parameters in XML are not supported; send JSON, or the resource itself as XML with the parameters \
             in the query string",
        ));
    }
    let mut call = Call::default();
    for parameter in root.children_named(name("parameter")) {
        take(&mut call, parameter)?;
    }
    complain(&tape, body, call.resource.as_ref())?;
    Ok(Reading::Call(call))
}

fn take(call: &mut Call, parameter: Node<'_>) -> Result<(), Fault> {
    match parameter.child_text(name("name")).as_deref() {
        Some("resource") => {
            let resource = parameter.child(NameId::RESOURCE).filter(|r| r.is_object());
            let resource =
                resource.ok_or_else(|| Fault::invalid("parameters", "parameter `resource` contains no resource"))?;
            let span = resource.span();
            if call.resource.replace(span.start as usize..span.end as usize).is_some() {
                return Err(Fault::invalid("parameters", "duplicate parameter `resource`"));
            }
        }
        Some("mode") => {
            let mode = Mode::parse(&value(parameter, "mode")?)?;
            if call.mode.replace(mode).is_some() {
                return Err(Fault::invalid("parameters", "duplicate parameter `mode`"));
            }
        }
        Some("profile") => call.profiles.push(value(parameter, "profile")?),
        Some(other) => {
            return Err(Fault::invalid(
                "parameters",
                format!("unknown parameter `{other}`; known are resource, mode and profile"),
            ));
        }
        None => return Err(Fault::invalid("parameters", "a parameter without a name")),
    }
    Ok(())
}

/// The text of `value[x]`, of whichever type of string.
fn value(parameter: Node<'_>, which: &str) -> Result<String, Fault> {
    let found = parameter.children().find(|c| c.name_text().starts_with("value") && c.has_value());
    let text = found.map(|v| v.text().into_owned()).filter(|t| !t.is_empty());
    text.ok_or_else(|| Fault::invalid("parameters", format!("parameter `{which}` has no value")))
}

/// Faults of the syntax outside the resource make the Parameters unreadable; those inside are the resource's own.
pub(super) fn complain(tape: &Tape<'_>, body: &[u8], resource: Option<&Range<usize>>) -> Result<(), Fault> {
    let inside = |f: &TapeFault| {
        resource.is_some_and(|r| !tape.is_fatal() && r.start <= f.span.start as usize && f.span.end as usize <= r.end)
    };
    let lines = LineIndex::new(body);
    let complaints: Vec<Complaint> =
        tape.faults().iter().filter(|f| !inside(f)).map(|f| complaint(f, &lines)).collect();
    if complaints.is_empty() { Ok(()) } else { Err(Fault::syntax(complaints)) }
}

fn complaint(fault: &TapeFault, lines: &LineIndex<'_>) -> Complaint {
    let Place { line, column } = lines.place(fault.span.start);
    Complaint::new(format!("the Parameters cannot be read: {} at line {line}, column {column}", words(fault.kind)))
}

/// What a fault of the syntax is, in a few words.
fn words(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Utf8 => "the text is not UTF-8",
        FaultKind::ByteOrderMark => "byte order mark",
        FaultKind::Empty => "the text is empty",
        FaultKind::NotAnObject => "expected an object",
        FaultKind::UnexpectedCharacter => "unexpected character",
        FaultKind::UnexpectedEnd => "unexpected end of the text",
        FaultKind::TrailingText => "text after the end",
        FaultKind::TrailingComma => "trailing comma",
        FaultKind::MissingComma => "missing comma",
        FaultKind::MissingColon => "missing colon",
        FaultKind::UnquotedName => "property name without quotes",
        FaultKind::SingleQuotes => "single quotes",
        FaultKind::Comment => "comment",
        FaultKind::DuplicateKey => "duplicate property",
        FaultKind::ControlCharacter => "control character",
        FaultKind::BadEscape => "unknown escape sequence",
        FaultKind::LoneSurrogate => "unpaired surrogate",
        FaultKind::BadNumber => "malformed number",
        FaultKind::PrimitiveExtensionAlignment => "a property and its primitive extensions differ in length",
        FaultKind::Doctype => "document type declaration",
        FaultKind::Instruction => "processing instruction",
        FaultKind::Encoding => "declared encoding is not UTF-8",
        FaultKind::EndTag => "mismatched end tag",
        FaultKind::StrayText => "text between elements",
        FaultKind::Attribute => "unknown attribute",
        FaultKind::NoAttribute => "attribute written as an element",
        FaultKind::Namespace => "element outside of the FHIR namespace",
        FaultKind::LimitBytes => "limit of bytes reached",
        FaultKind::LimitDepth => "limit of nesting reached",
        FaultKind::LimitNodes => "limit of elements reached",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(body: &str) -> Result<Call, String> {
        match read(body.as_bytes()) {
            Ok(Reading::Call(call)) => Ok(call),
            Ok(Reading::Raw) => panic!("raw"),
            Err(fault) => Err(fault.outcome()["issue"][0]["details"]["text"].as_str().unwrap().to_owned()),
        }
    }

    #[test]
    fn the_resource_keeps_its_text() {
        let body = concat!(
            r#"{"resourceType":"Parameters","parameter":[{"name":"profile","#,
            r#""valueUri":"http://x/a"},{"name":"resource","resource": {"resourceType":"Patient", "#,
            r#""id":"1"} },{"name":"mode","valueCode":"create"},{"name":"profile","#,
            r#""valueCanonical":"http://x/b|1"}]}"#,
        );
        let call = call(body).unwrap();
        assert_eq!(&body[call.resource.unwrap()], r#"{"resourceType":"Patient", "id":"1"}"#);
        assert_eq!(call.mode, Some(Mode::Create));
        assert_eq!(call.profiles, ["http://x/a", "http://x/b|1"]);
    }

    #[test]
    fn other_bodies_are_the_resource() {
        for body in [
            "",
            "{",
            r#"{"resourceType":"Patient","name":[{"text":"Parameters"}]}"#,
            r#"{"text":"\u0041"}"#,
            "\u{feff}Parameters",
        ] {
            assert!(matches!(read(body.as_bytes()), Ok(Reading::Raw)), "{body}");
        }
        assert!(matches!(read(b"\xffParameters"), Ok(Reading::Raw)));
    }

    #[test]
    fn unreadable_parameters_are_told() {
        let p = |inner: &str| format!(r#"{{"resourceType":"Parameters","parameter":[{inner}]}}"#);
        assert!(
            call(r#"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{}}"#)
                .unwrap_err()
                .contains("line 1")
        );
        assert!(call(&p(r#"{"name":"resource"}"#)).unwrap_err().contains("contains no resource"));
        assert!(
            call(&p(r#"{"name":"resource","resource":{}},{"name":"resource","resource":{}}"#))
                .unwrap_err()
                .contains("duplicate parameter `resource`")
        );
        assert!(call(&p(r#"{"name":"mode","valueCode":"rename"}"#)).unwrap_err().contains("`rename`"));
        assert!(call(&p(r#"{"name":"colour","valueCode":"red"}"#)).unwrap_err().contains("`colour`"));
        assert!(call(&p(r#"{"name":"profile"}"#)).unwrap_err().contains("no value"));
        assert!(call(&p(r#"{"valueCode":"red"}"#)).unwrap_err().contains("without a name"));
        assert!(
            call(&p(r#"{"name":"mode","valueCode":"create","valueCode":"create"}"#))
                .unwrap_err()
                .contains("duplicate property")
        );
    }

    #[test]
    fn faults_inside_the_resource_are_its_own() {
        let body = concat!(
            r#"{"resourceType":"Parameters","parameter":[{"name":"resource","#,
            r#""resource":{"resourceType":"Patient","id":"1","id":"2"}}]}"#,
        );
        assert!(call(body).is_ok());
    }
}
