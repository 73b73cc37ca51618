#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use super::XhtmlFaultKind as Kind;
use super::link::unescape;
use super::*;

fn div(inside: &str) -> String {
    format!(r#"<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>"#)
}

/// The kinds found, each with the text that it concerns.
fn found(text: &str) -> Vec<(Kind, &str)> {
    check(text, &[]).into_iter().map(|f| (f.kind, text.get(f.range).unwrap())).collect()
}

fn inside(text: &str, wanted: &[(Kind, &str)]) {
    let whole = div(text);
    let found: Vec<_> =
        found(&whole).into_iter().map(|(k, t)| (k, if k == Kind::NoContent { "" } else { t })).collect();
    assert_eq!(found, wanted, "{text}");
}

#[test]
fn what_a_narrative_may_hold() {
    for text in [
        "ok",
        "&#160;",
        "\u{a0}",
        "\u{200b}",
        "<p/>&#160;",
        "<img src=\"x.png\"/>",
        "<img/>",
        "a<!-- c -->b",
        "<?pi x?>a",
        "<![CDATA[x]]>",
        "&amp;&lt;&gt;&quot;&apos;",
        "a > b",
        "<p\n\tclass = 'a>b' >x</p >",
        "<ul><li>a</li></ul><ol>\n<li>b<ul><li>c</li></ul></li></ol><dl><dt>a</dt><dd><p>b</p></dd></dl>",
        "<table border='1'><caption>c</caption><colgroup><col/></colgroup><thead><tr><th>a</th></tr></thead>\
         <tfoot><tr><td>x</td></tr></tfoot><tbody><tr><td nowrap='nowrap'>a</td></tr></tbody></table>",
        "<p style='color:red' class='c' id='i' lang='en' xml:lang='en' title='t' \
         dir='ltr' align='left'>a</p>",
        "<p xmlns:x='y'>a</p>",
        "<p xmlns='http://www.w3.org/1999/xhtml'>y</p>",
        "<a href='http://x/?a=1&amp;b=[2]|3' rel='x'>a</a><a name='n'>b</a>\
         <a href='#n'>c</a><a>d</a><a href='x.html'>e</a><a href='mailto:x'>f</a>",
        "<img src='data:image/png;base64,AAAA' alt='x' width='1' height='1' border='0' \
         usemap='#x' ismap='x' longdesc='y'/>\
         <map name='x'><area href='y' shape='rect' coords='1' alt='z'/></map>",
        "<x:p xmlns:x=\"http://www.w3.org/1999/xhtml\">y</x:p>",
        "<blockquote cite='x'>a</blockquote><q cite='y'>b</q>",
        "<h1>x</h1><pre>x</pre><bdo dir='rtl'>x</bdo><hr/><br/>",
        "<div><p>x</p></div>",
    ] {
        inside(text, &[]);
    }
    for text in [
        " <div xmlns='http://www.w3.org/1999/xhtml'>x</div>\n",
        "<?xml version='1.0'?><!-- c --><div xmlns='http://www.w3.org/1999/xhtml' lang='en'>x</div><!-- d -->",
        "<x:div xmlns:x=\"http://www.w3.org/1999/xhtml\"><x:b>y</x:b></x:div>",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn content() {
    for text in ["", "  ", "<p></p>", "<br/>", "<hr/>", "<!-- c -->", "<p> &#32; </p>", "<![CDATA[ ]]>"] {
        inside(text, &[(Kind::NoContent, "")]);
    }
}

#[test]
fn elements_and_attributes() {
    for name in [
        "script", "form", "iframe", "object", "style", "link", "font", "u", "s", "center", "section", "video", "ins",
        "del", "svg", "P", "input", "base",
    ] {
        inside(&format!("x<{name}>x</{name}>"), &[(Kind::Element, name)]);
    }
    for name in [
        "onclick",
        "bgcolor",
        "data-x",
        "aria-label",
        "role",
        "x:y",
        "xml:base",
        "CLASS",
        "idref",
        "href",
        "src",
        "name",
    ] {
        inside(&format!("<p {name}='1'>x</p>"), &[(Kind::Attribute, name)]);
    }
    inside("<a href='http://x' target='_blank'>a</a>", &[(Kind::Attribute, "target")]);
    inside("<ol start='2'><li value='1'>x</li></ol>", &[(Kind::Attribute, "start"), (Kind::Attribute, "value")]);
    inside("<p class='x' class='y'>x</p>", &[(Kind::DuplicateAttribute, "class")]);
    assert_eq!(found("<div xmlns='http://www.w3.org/1999/xhtml' onload='x'>y</div>"), [(Kind::Attribute, "onload")]);
}

#[test]
fn places() {
    inside("<td>a</td>", &[(Kind::Placement, "td")]);
    inside("<li>a</li>", &[(Kind::Placement, "li")]);
    inside("<p><p>x</p><span><div>x</div></span></p><div>y</div>", &[(Kind::Block, "p"), (Kind::Block, "div")]);
    inside("<span><ul><li>x</li></ul></span>", &[(Kind::Block, "ul")]);
    inside("<ul> text <b>x</b></ul>", &[(Kind::Content, "text"), (Kind::Content, "b")]);
    inside("<table><thead><td>x</td></thead></table>", &[(Kind::Placement, "td")]);
    inside("<br>x</br>", &[(Kind::Content, "x")]);
    inside("<map name='x'>x</map>", &[(Kind::Content, "x")]);
}

#[test]
fn roots_and_namespaces() {
    assert_eq!(found("<div>x</div>"), [(Kind::Namespace, "div")]);
    assert_eq!(found("<div xmlns=\"http://hl7.org/fhir\">x</div>"), [(Kind::Namespace, "http://hl7.org/fhir")]);
    assert_eq!(found("<p xmlns=\"http://www.w3.org/1999/xhtml\">x</p>"), [(Kind::Root, "p")]);
    assert_eq!(found("<script xmlns=\"http://www.w3.org/1999/xhtml\">x</script>"), [(Kind::Root, "script")]);
    inside("<p xmlns=\"http://other\">y</p>", &[(Kind::Namespace, "http://other")]);
    inside("<x:p>y</x:p>", &[(Kind::Namespace, "x:p"), (Kind::Element, "x:p")]);
}

#[test]
fn prefixes() {
    let (xhtml, other) = ("xmlns:x='http://www.w3.org/1999/xhtml'", "xmlns:x='y'");
    inside(&format!("<p {xhtml}><x:b>y</x:b></p><x:b>z</x:b>"), &[(Kind::Namespace, "x:b"), (Kind::Element, "x:b")]);
    inside(
        &format!("<p {xhtml}><b {other}><x:i>y</x:i></b><x:i>z</x:i></p>"),
        &[(Kind::Namespace, "x:i"), (Kind::Element, "x:i")],
    );
    inside(&format!("<p {xhtml}><br {other}/><x:i>z</x:i></p>"), &[]);
    // Neither the declarations nor the tags are compared with each other.
    let declared: String = (0..20_000).map(|i| format!(" xmlns:a{i}='y'")).collect();
    let whole = div(&format!("<p{declared}>{}x</p>", "<z:b/>".repeat(20_000)));
    assert_eq!(check(&whole, &[]).len(), MAX_FAULTS);
}

#[test]
fn many_document_types_are_read_once() {
    let whole = format!("{}{}", "<!DOCTYPE a [ b>".repeat(100_000), div("x"));
    let faults = check(&whole, &[]);
    assert!(faults.len() == MAX_FAULTS && faults.iter().all(|f| f.kind == Kind::Doctype && f.range.len() == 16));
}

#[test]
fn names_of_all_lengths_and_their_edges() {
    inside("<blockquote>x</blockquote ><acronym>y</acronym>", &[]);
    inside(
        "<colgroup/><table><colgroup><col/></colgroup><tr><td class='a'>x</td></tr></table>",
        &[(Kind::Placement, "colgroup")],
    );
    inside("<blockquo>x</blockquo>", &[(Kind::Element, "blockquo")]);
    inside(
        "<table cellspacing='1' cellpadding=\"1\" cellspac='1'><tr><td>x</td></tr></table>",
        &[(Kind::Attribute, "cellspac")],
    );
    inside("<p\t>x</p\n><p>y</p>", &[]);
    for text in ["<p\0>x</p>", "<p>x</p\0>", "<p id\0=\"x\">y</p>", "x &amp\0;", "<p class=\"a\"  id=\"b>x</p>"] {
        assert!(check(&div(text), &[]).iter().any(|f| f.kind.ends_scan()), "{text:?}");
    }
    for end in 0..9 {
        let text = format!("<div xmlns='http://www.w3.org/1999/xhtml'>x</div>{}", " ".repeat(end));
        assert_eq!(check(&text, &[]), []);
        inside(&"&gt;x".repeat(end + 1), &[]);
    }
}

#[test]
fn links_alone_bring_anchors() {
    let (linked, none) = (div("<a name='x'>y</a><a href='#x'>z</a>"), div("<a name='x'>y</a>"));
    let (faults, links) = read(&linked, &[]);
    assert_eq!((faults.len(), links.links.len(), links.anchors.len()), (0, 1, 1));
    assert_eq!(read(&none, &[]), (Vec::new(), Marks::default()));
}

#[test]
fn references_in_values() {
    for (raw, plain) in [
        ("a", "a"),
        ("&amp;", "&"),
        ("&#x41;&#66;c", "ABc"),
        ("&bogus;&amp;", "&bogus;&"),
        ("&&lt;&", "&<&"),
        ("&amp", "&amp"),
        ("&é;&gt;é", "&é;>é"),
    ] {
        assert_eq!(unescape(raw), plain);
    }
    assert_eq!(unescape(&"&a".repeat(200_000)).len(), 400_000);
}

#[test]
fn control_characters_anywhere() {
    for before in [0, 1, 100, 255, 256, 300] {
        for (c, wanted) in [
            ("\u{1}", true),
            ("\u{1f}", true),
            ("\u{fffe}", true),
            ("\u{ffff}", true),
            ("\t\r\n", false),
            ("\u{fffd}", false),
            ("\u{ff01}", false),
            ("\u{1f600}", false),
        ] {
            let whole = div(&format!("{}{c}y", "x".repeat(before)));
            assert_eq!(!check(&whole, &[]).is_empty(), wanted, "{before} {c:?}");
        }
    }
}

#[test]
fn links() {
    inside("<a href=''>a</a>", &[(Kind::EmptyLink, "")]);
    inside("<a href='javascript:alert(1)'>a</a>", &[(Kind::ActiveLink, "javascript:alert(1)")]);
    inside("<a href='JAVA&#115;cript:x'>a</a>", &[(Kind::ActiveLink, "JAVA&#115;cript:x")]);
    inside("<a href='urn:uuid:x'>a</a>", &[(Kind::LinkScheme, "urn:uuid:x")]);
    for url in [
        "x y",
        "http://x/{",
        "http://x/&quot;",
        "http://x/^",
        "http://x/\\",
        "http://x/`",
        "http://x/&lt;",
        "data:image/png;base64,xx",
    ] {
        inside(&format!("<a href='{url}'>t</a>"), &[(Kind::UrlCharacters, url)]);
        inside(&format!("<img src='{url}'/>"), &[(Kind::UrlCharacters, url)]);
    }
    let text = div(concat!(
        r##"<a name="a">x</a><p id="b&amp;c"/><p id="a"/><a href="#b&amp;c">x</a><a href="#">x</a>"##,
        r##"<img src="#d" usemap="#m"/><a href="&#35;e">x</a>"##
    ));
    let (faults, links) = read(&text, &[]);
    assert_eq!(faults, []);
    assert_eq!(
        links.links.iter().map(|l| (l.kind, l.target.as_str())).collect::<Vec<_>>(),
        [
            (LinkKind::Href, "b&c"),
            (LinkKind::Href, ""),
            (LinkKind::Src, "d"),
            (LinkKind::UseMap, "m"),
            (LinkKind::Href, "e")
        ]
    );
    assert_eq!(links.anchors.iter().map(|a| a.text.as_str()).collect::<Vec<_>>(), ["a", "b&c", "a"]);
}

#[test]
fn well_formedness() {
    for text in [
        "a & b",
        "&amp",
        "a < b",
        "< p>x</p>",
        "<p/ >x",
        "<p class=x>x</p>",
        "<p class/>",
        "<p class=\"a\"id=\"b\"/>",
        "<p class='a<b'>x</p>",
        "<p class='a&b'>x</p>",
        "<p\u{a0}class='x'/>",
        "a<1p/>",
        "a<!ELEMENT x>",
        "a<!-- a -- b -->",
        "a]]>b",
        "<?xml version='1.0'?>x",
        "&",
        "&;",
    ] {
        let whole = div(text);
        let last = check(&whole, &[]).pop().unwrap();
        assert!(matches!(last.kind, Kind::NotWellFormed), "{text} {last:?}");
        assert_eq!(is_allowed(&whole, &[]), Some(false));
    }
    for text in [
        "",
        "text",
        "text<div xmlns='http://www.w3.org/1999/xhtml'>x</div>",
        "<div xmlns='http://www.w3.org/1999/xhtml'>x</div>y",
        "<div xmlns='http://www.w3.org/1999/xhtml'>x</div><div/>",
        "<div xmlns='http://www.w3.org/1999/xhtml",
        "<",
        "<div",
        "<div xmlns='http://www.w3.org/1999/xhtml'>x</div",
        "<div xmlns='http://www.w3.org/1999/xhtml'>x<!-- ",
    ] {
        assert_eq!(check(text, &[]).pop().map(|f| f.kind), Some(Kind::NotWellFormed), "{text}");
    }
    inside("<p>x", &[(Kind::EndTag, "div")]);
    inside("<p>x</b>", &[(Kind::EndTag, "b")]);
    assert_eq!(found("<div xmlns='http://www.w3.org/1999/xhtml'>x<p>y"), [(Kind::Unclosed, "p")]);
    inside("x&nbsp;&bogus;", &[(Kind::Entity, "nbsp"), (Kind::Entity, "bogus")]);
    inside(
        "x&#0;&#xD800;&#x110000;&#;&#1;",
        &[
            (Kind::CharacterReference, "#0"),
            (Kind::CharacterReference, "#xD800"),
            (Kind::CharacterReference, "#x110000"),
            (Kind::CharacterReference, "#"),
            (Kind::CharacterReference, "#1"),
        ],
    );
    inside("x\u{1}y", &[(Kind::ControlCharacter, "\u{1}")]);
    assert_eq!(is_allowed(&div("x\u{1}y"), &[]), Some(true));
    assert_eq!(
        found("<!DOCTYPE html [<!ENTITY x \"y\">]><div xmlns='http://www.w3.org/1999/xhtml'>&x;</div>")
            .iter()
            .map(|f| f.0)
            .collect::<Vec<_>>(),
        [Kind::Doctype, Kind::Entity]
    );
}

#[test]
fn depth_and_number_of_faults_are_bounded() {
    let deep = div(&format!("{}x{}", "<b>".repeat(1000), "</b>".repeat(1000)));
    assert_eq!(check(&deep, &[]), []);
    let deeper = div(&"<b>".repeat(100_000));
    assert_eq!(check(&deeper, &[]).last().map(|f| f.kind), Some(Kind::TooDeep));
    assert_eq!((is_allowed(&deep, &[]), is_allowed(&deeper, &[])), (Some(true), None));
    assert_eq!(is_allowed(&deeper.replacen("<b>", "<u/><b>", 1), &[]), Some(false));
    assert_eq!(check(&div(&"<u/>".repeat(1000)), &[]).len(), MAX_FAULTS);
}

#[test]
fn no_text_makes_the_scanner_panic() {
    let pieces = [
        "<", ">", "/", "div", " ", "xmlns", "=", "\"", "'", "&", "#", ";", "!", "--", "?", "]]", "[CDATA[", "é", "x:",
        "\0", "DOCTYPE",
    ];
    for a in pieces {
        for b in pieces {
            for c in pieces {
                for d in pieces {
                    let text = [a, b, c, d].concat();
                    let _ = read(&text, &[]);
                    let _ = read(&div(&text), &[]);
                }
            }
        }
    }
    let whole = div("<p class='é' id='x'>é&amp;<a href='#x'>y</a><!-- c --><![CDATA[z]]></p>");
    for end in (0..whole.len()).filter(|i| whole.is_char_boundary(*i)) {
        let faults = check(&whole[..end], &[]);
        assert!(!faults.is_empty() && faults.iter().all(|f| whole.get(f.range.clone()).is_some()), "{}", &whole[..end]);
    }
}

#[test]
fn an_outline_tells_what_is_directly_inside() {
    let text = "<div xmlns=\"http://www.w3.org/1999/xhtml\" id='top'> one &amp; <!-- <p>no</p> --><p class=\"a > b\" \
                id=\"x&amp;y\"><b>two</b> three</p><br/><div xml:lang=\"de\"><div xml:lang='pt'>vier</div></div></div>";
    let found = super::outline(text);
    assert_eq!(found.ids, ["top", "x&y"].map(str::to_owned).into_iter().collect());
    let parts: Vec<(&str, &str, Option<&str>, &str)> = found
        .parts
        .iter()
        .map(|p| (p.name.as_str(), p.class.as_str(), p.language.as_deref(), p.text.as_str()))
        .collect();
    let expected = [
        ("", "", None, "one &"),
        ("p", "a > b", None, "twothree"),
        ("br", "", None, ""),
        ("div", "", Some("de"), "vier"),
    ];
    assert_eq!(parts, expected);
}

#[test]
fn an_outline_of_anything_ends() {
    for text in
        ["", "<", "<div", "<div><p", "<div><!-- ", "<div a='", "</p></p>", "<div><![CDATA[a", "<div =\"x\">a</div>"]
    {
        assert!(super::outline(text).parts.len() <= 1, "{text}");
    }
}

#[test]
fn a_link_holds_no_link() {
    let told = |inside: &str| {
        let text = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inside}</div>");
        super::check(&text, &[]).iter().map(|f| f.kind).collect::<Vec<_>>()
    };
    assert_eq!(told("<a href=\"#\">a <b><a href=\"#\">b</a></b></a>"), [XhtmlFaultKind::Content]);
    assert_eq!(told("<a href=\"#\">a</a><a href=\"#\">b</a>"), []);
}

#[test]
fn an_error_is_kept_behind_any_number_of_notes() {
    let links = r#"<a href="foo:a">b</a>"#.repeat(MAX_FAULTS + 1);
    let faults = check(&div(&format!("{links}<script/>")), &[]);
    let kinds: Vec<Kind> = faults.iter().map(|f| f.kind).collect();
    assert_eq!(kinds, [Kind::UnusualScheme, Kind::Element]);
    let spaced = div(r#"<p xml:space="preserve">a</p>"#);
    assert!(check(&spaced, &[]).iter().all(|f| f.kind == Kind::XmlSpace) && is_allowed(&spaced, &[]) == Some(true));
}
