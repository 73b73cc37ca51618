use super::*;

fn names() -> Names {
    Names::new(["given", "birthDate", "name"])
}

fn dump(text: &str) -> String {
    fn go(n: Node<'_>, out: &mut String) {
        out.push_str(n.name_text());
        out.push(':');
        match n.kind() {
            Kind::Object => {}
            k if n.has_value() => {
                out.push_str(&(n.text().replace(' ', "_") + if k == Kind::Number { "#" } else { "" }))
            }
            k => out.push_str(&format!("{k:?}")),
        }
        if n.children().next().is_some() {
            out.push('(');
            for c in n.children() {
                go(c, out);
                out.push(' ');
            }
            out.push(')');
        }
    }
    let names = names();
    let tape = parse(text.as_bytes(), &names, &Limits::default());
    let mut out = String::new();
    if let Some(r) = tape.root() {
        go(r, &mut out);
    }
    for f in tape.faults() {
        out.push_str(&format!(" !{:?}", f.kind));
    }
    out
}

#[test]
fn plain() {
    assert_eq!(
        dump(r#"{"a":"x","name":[{"given":["p","q"]}],"n":1.50,"b":true}"#),
        ":(a:x name:(given:p given:q ) n:1.50# b:true )"
    );
    assert_eq!(dump(r#"{"a":[],"b":{},"c":null}"#), ":(a:EmptyArray b: c:Null )");
    assert_eq!(dump(r#"{"a":"x\n\u00e9\ud83d\ude00"}"#), ":(a:x\né😀 )");
}

#[test]
fn primitive_extensions() {
    assert_eq!(dump(r#"{"birthDate":"1999","_birthDate":{"id":"i"}}"#), ":(birthDate:1999(id:i ) )");
    assert_eq!(dump(r#"{"_birthDate":{"id":"i"},"name":"x"}"#), ":(birthDate:Absent(id:i ) name:x )");
    assert_eq!(dump(r#"{"given":["a",null],"_given":[null,{"id":"i"}]}"#), ":(given:a given:Null(id:i ) )");
    assert_eq!(
        dump(r#"{"given":["a"],"_given":[null,{"id":"i"}]}"#),
        ":(given:a given:Absent(id:i ) ) !PrimitiveExtensionAlignment"
    );
}

#[test]
fn faults() {
    for (text, fault) in [
        ("", "Empty"),
        ("[]", "NotAnObject"),
        (r#"{"a":1,"a":2}"#, "DuplicateKey"),
        (r#"{"a":1,}"#, "TrailingComma"),
        (r#"{"a":[1,]}"#, "TrailingComma"),
        (r#"{"a":1 "b":2}"#, "MissingComma"),
        (r#"{a:1}"#, "UnquotedName"),
        (r#"{'a':1}"#, "SingleQuotes"),
        ("{\"a\":\"x\u{1}\"}", "ControlCharacter"),
        (r#"{"a":"\x"}"#, "BadEscape"),
        (r#"{"a":"\ud800"}"#, "LoneSurrogate"),
        (r#"{"a":01}"#, "BadNumber"),
        (r#"{"a":1} x"#, "TrailingText"),
        (r#"{"a":1"#, "UnexpectedEnd"),
        ("{/* c */\"a\":1}", "Comment"),
        ("\u{feff}{\"a\":1}", "ByteOrderMark"),
    ] {
        assert!(dump(text).ends_with(&format!("!{fault}")), "{text}: {}", dump(text));
    }
}

#[test]
fn hostile() {
    let names = names();
    let deep = "{\"a\":".repeat(1_000_000);
    let tape = parse(deep.as_bytes(), &names, &Limits::default());
    assert_eq!(tape.faults().last().map(|f| f.kind), Some(FaultKind::LimitDepth));
    let nested = format!("{{\"a\":{}", "[".repeat(1_000_000));
    let tape = parse(nested.as_bytes(), &names, &Limits::default());
    assert_eq!(tape.faults().last().map(|f| f.kind), Some(FaultKind::LimitDepth));
    let tape = parse(b"{\"a\":\"\xff\"}", &names, &Limits::default());
    assert_eq!(tape.faults()[0].kind, FaultKind::Utf8);
    let many: String = (0..100_000).map(|i| format!("\"k{i}\":1,")).collect();
    let many = format!("{{{many}\"k70007\":1}}");
    let tape = parse(many.as_bytes(), &names, &Limits::default());
    assert_eq!(tape.faults()[0].kind, FaultKind::DuplicateKey);
}

#[test]
fn reading_goes_on_behind_bytes_that_are_not_utf8() {
    let names = names();
    let through = |text: &[u8]| {
        let mended = std::cell::OnceCell::new();
        let tape = read_through(text, &mended, &names, &Limits::default());
        let family = tape.root().and_then(|r| r.children().nth(1)).map(|n| n.text().into_owned());
        (tape.is_fatal(), tape.faults().iter().map(|f| (f.kind, f.span.start)).collect::<Vec<_>>(), family)
    };
    let json = b"{\"resourceType\":\"Patient\",\"language\":\"a\xFF\xE9b\"}";
    assert_eq!(through(json), (false, vec![(FaultKind::Utf8, 39)], Some("a??b".to_owned())));
    let xml = b"<Patient xmlns=\"http://hl7.org/fhir\"><language value=\"\xE9\"/></Patient>";
    assert_eq!(through(xml), (false, vec![(FaultKind::Utf8, 54)], Some("?".to_owned())));
    // What cannot be read all the same has the one fault.
    assert_eq!(through(b"\xFF\xFE{\0\"\0").1, [(FaultKind::Utf8, 0)]);
    assert_eq!(through(b"\xFF\xFE{\0\"\0").2, None);
}
