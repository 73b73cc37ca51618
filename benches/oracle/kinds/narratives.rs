//! The narrative: markup, attributes, entities, namespaces.

use serde_json::{Value, json};

use super::Kind;
use super::arrays::reason;
use crate::random::Random;
use crate::sites::{Made, whole};

pub const KINDS: &[Kind] = &[
    ("div-tag", |b, r| inner(b, r, TAGS)),
    ("div-attribute", |b, r| inner(b, r, ATTRIBUTES)),
    ("div-entity", |b, r| inner(b, r, ENTITIES)),
    ("div-syntax", |b, r| inner(b, r, SYNTAX)),
    ("div-nesting", |b, r| inner(b, r, NESTING)),
    ("div-root", root),
    ("text-parts", parts),
];

const TAGS: &[&str] = &[
    "<script>x</script>",
    "<form/>",
    "<iframe src=\"x\"/>",
    "<input type=\"text\"/>",
    "<object data=\"x\"/>",
    "<base href=\"x\"/>",
    "<link href=\"x\"/>",
    "<font color=\"red\">x</font>",
    "<section>x</section>",
    "<article>x</article>",
    "<nav>x</nav>",
    "<u>x</u>",
    "<center>x</center>",
    "<video/>",
    "<style>x</style>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    "<head/>",
    "<body>x</body>",
    "<html>x</html>",
    "<b>x</b>",
    "<DIV>x</DIV>",
    "<p>x</p>",
    "<blockquote>x</blockquote>",
    "<q cite=\"x\">x</q>",
    "<ins>x</ins>",
    "<strike>x</strike>",
    "<s>x</s>",
    "<label>x</label>",
    "<button>x</button>",
    "<figure>x</figure>",
    "<mark>x</mark>",
    "<time>x</time>",
    "<canvas/>",
    "<meta charset=\"utf-8\"/>",
    "<title>x</title>",
    "<noscript>x</noscript>",
    "<x:p>x</x:p>",
    "<hr/>",
    "<abbr>x</abbr>",
    "<ruby>x</ruby>",
    "<map name=\"x\"/>",
    "<area/>",
    "<del>x</del>",
    "<wbr/>",
    "<details>x</details>",
    "<bdo dir=\"rtl\">x</bdo>",
    "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"/>",
    "<acronym>x</acronym>",
    "<applet/>",
    "<frameset/>",
    "<nobr>x</nobr>",
];
const ATTRIBUTES: &[&str] = &[
    "<p onclick=\"x\">x</p>",
    "<p style=\"color: red\">x</p>",
    "<p style=\"background: url(x)\">x</p>",
    "<p class=\"x\">x</p>",
    "<p lang=\"en\">x</p>",
    "<p xml:lang=\"en\">x</p>",
    "<p dir=\"rtl\">x</p>",
    "<a href=\"javascript:x\">x</a>",
    "<a href=\"#absent\">x</a>",
    "<a href=\"x y\">x</a>",
    "<a name=\"x\">x</a>",
    "<a id=\"x\">x</a><p id=\"x\">x</p>",
    "<img src=\"http://example.org/x.png\"/>",
    "<img src=\"#x\" alt=\"x\"/>",
    "<img alt=\"x\"/>",
    "<img src=\"data:image/png;base64,QUJD\"/>",
    "<p hidden=\"hidden\">x</p>",
    "<p data-x=\"y\">x</p>",
    "<table border=\"1\"><tr><td>x</td></tr></table>",
    "<table><tr><td width=\"1\" bgcolor=\"red\">x</td></tr></table>",
    "<p title=\"x\">x</p>",
    "<p align=\"left\">x</p>",
    "<p role=\"x\">x</p>",
    "<p aria-label=\"x\">x</p>",
    "<p tabindex=\"1\">x</p>",
    "<p id=\"a b\">x</p>",
    "<p Class=\"x\">x</p>",
    "<a href=\"x\" target=\"_blank\">x</a>",
    "<a href=\"x\" rel=\"x\">x</a>",
    "<p idref=\"absent\">x</p>",
    "<ol start=\"3\"><li value=\"3\">x</li></ol>",
    "<p xmlns:v=\"urn:v\" v:x=\"y\">x</p>",
    "<p idsrc=\"x\">x</p>",
    "<col span=\"2\"/>",
    "<td colspan=\"2\" rowspan=\"2\" headers=\"x\" scope=\"col\">x</td>",
    "<p accesskey=\"x\">x</p>",
    "<p height=\"1\">x</p>",
    "<a href=\"Patient/1\">x</a>",
    "<a href=\"\">x</a>",
    "<a>x</a>",
    "<p style=\"\">x</p>",
    "<p class=\"\">x</p>",
    "<img src=\"\"/>",
];
const ENTITIES: &[&str] = &[
    "&nbsp;",
    "&copy;",
    "&unknown;",
    "&amp;",
    "&lt;",
    "&#160;",
    "&#xA0;",
    "&#0;",
    "&#1;",
    "&#x1F600;",
    "&#xFFFF;",
    "&",
    "& ",
    "&amp",
    "&;",
    "&#;",
    "&#x;",
    "&Eacute;",
    "&hellip;",
    "&apos;",
    "&quot;",
    "&#xD800;",
    "&#9;",
    "&#127;",
    "&euro;",
    "&AMP;",
    "&nbsp",
    "a & b",
    "&#x110000;",
];
const SYNTAX: &[&str] = &[
    "<p>x",
    "</p>x",
    "<b><i>x</b></i>",
    "<p a=x>x</p>",
    "<p a='x'>x</p>",
    "<p a>x</p>",
    "<p a=\"1\" a=\"2\">x</p>",
    "<br>",
    "<br />",
    "<br></br>",
    "<!-- x -->",
    "<!-- x -- y -->",
    "<![CDATA[x]]>",
    "<?x y?>",
    "<!DOCTYPE html>",
    "< p>x</p>",
    "<p >x</p >",
    "<p/ >",
    "a < b",
    "a > b",
    "]]>",
    "<>x</>",
    "<1>x</1>",
    "<p a=\"<\">x</p>",
    "<p a=\"&lt;\">x</p>",
    "<p\na=\"x\">x</p>",
    "</div><div>x",
    "</div>x<div>",
    "<p a = \"x\">x</p>",
    "<!-- x",
    "<!ELEMENT x>",
    "<a:b/>",
    "<p xmlns=\"urn:x\">x</p>",
    "\u{b}",
    "\u{1}",
];
const NESTING: &[&str] = &[
    "<p><p>x</p></p>",
    "<p><div>x</div></p>",
    "<ul>x</ul>",
    "<ul><p>x</p></ul>",
    "<li>x</li>",
    "<table>x</table>",
    "<table><td>x</td></table>",
    "<tr><td>x</td></tr>",
    "<td>x</td>",
    "<span><div>x</div></span>",
    "<a href=\"x\"><a href=\"x\">x</a></a>",
    "<dl><p>x</p></dl>",
    "<dt>x</dt>",
    "<table><tr>x</tr></table>",
    "<thead/>",
    "<ul/>",
    "<table/>",
    "<tr/>",
    "<h1><h2>x</h2></h1>",
    "<b><p>x</p></b>",
    "<pre><p>x</p></pre>",
    "<br>x</br>",
    "<img>x</img>",
    "<table><tbody/><thead/></table>",
    "<table><caption>x</caption><tr><td>x</td></tr></table>",
    "<p/>",
    "<div/>",
    "<span/>",
];

fn div(base: &Value, text: String, note: &str) -> Option<Made> {
    whole(base, |o| {
        let old = o.get("text").and_then(|t| t.get("status")).cloned().unwrap_or_else(|| json!("generated"));
        let new = json!({"status": old, "div": text});
        if o.contains_key("text") {
            o.insert("text".to_owned(), new);
        } else {
            let after = o
                .keys()
                .take_while(|k| ["resourceType", "id", "meta", "implicitRules", "language"].contains(&k.as_str()))
                .count();
            o.shift_insert(after, "text".to_owned(), new);
        }
        Some(note.to_owned())
    })
}

/// Resources that have a narrative.
fn has_text(base: &Value) -> bool {
    !matches!(base.get("resourceType").and_then(Value::as_str), Some("Bundle" | "Binary" | "Parameters"))
}

fn inner(base: &Value, random: &mut Random, parts: &[&str]) -> Option<Made> {
    let part = random.one(parts).filter(|_| has_text(base))?;
    div(base, format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>text</p>{part}</div>"), part)
}

fn root(base: &Value, random: &mut Random) -> Option<Made> {
    let roots = [
        "<div>text</div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"/>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"></div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"> </div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">&nbsp;</div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">&#160;</div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"><br/></div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"><img src=\"#x\" alt=\"x\"/></div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml/\">text</div>",
        "<div xmlns=\"http://hl7.org/fhir\">text</div>",
        "<p xmlns=\"http://www.w3.org/1999/xhtml\">text</p>",
        "text",
        "",
        " ",
        "<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\">text</h:div>",
        "<DIV xmlns=\"http://www.w3.org/1999/xhtml\">text</DIV>",
        " <div xmlns=\"http://www.w3.org/1999/xhtml\">text</div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">text</div> ",
        "<div>",
        "<?xml version=\"1.0\"?><div xmlns=\"http://www.w3.org/1999/xhtml\">text</div>",
        "<!-- x --><div xmlns=\"http://www.w3.org/1999/xhtml\">text</div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">text</div><div xmlns=\"http://www.w3.org/1999/xhtml\">text</div>",
        "<div xmlns=''>text</div>",
        "<!DOCTYPE html><div xmlns=\"http://www.w3.org/1999/xhtml\">text</div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\" xmlns=\"http://www.w3.org/1999/xhtml\">x</div>",
        "<span xmlns=\"http://www.w3.org/1999/xhtml\">text</span>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"de\">text</div>",
        "x<div xmlns=\"http://www.w3.org/1999/xhtml\">text</div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"><!-- x --></div>",
        "<div xmlns='http://www.w3.org/1999/xhtml'>text</div>",
    ];
    let text = random.one(&roots).filter(|_| has_text(base))?;
    div(base, (*text).to_owned(), text)
}

fn parts(base: &Value, random: &mut Random) -> Option<Made> {
    let div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">text</div>";
    let forms = [
        json!({"div": div}),
        json!({"status": "generated"}),
        json!({"status": "Generated", "div": div}),
        json!({"status": "", "div": div}),
        json!({}),
        json!({"status": "empty", "div": div}),
        json!({"status": ["generated"], "div": div}),
        json!({"status": "generated", "div": [div]}),
        json!("text"),
        json!([{"status": "generated", "div": div}]),
        json!({"status": "generated", "div": {"p": "text"}}),
        json!({"status": "generated", "div": 3}),
        json!(div),
        json!({"status": "generated", "div": null}),
        json!({"status": "generated", "div": div, "text": "text"}),
        json!({"status": "additional", "div": div}),
        json!({"status": "generated", "_div": reason()}),
        json!({"id": "a", "status": "generated", "div": div}),
        json!({"status": "generated", "div": div, "_div": {"id": "a"}}),
        json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/narrativeLink", "valueUrl": "#a"}],
            "status": "generated", "div": div}),
    ];
    let form = random.one(&forms).filter(|_| has_text(base))?.clone();
    let note = form.to_string();
    whole(base, |o| {
        let after = o
            .keys()
            .take_while(|k| ["resourceType", "id", "meta", "implicitRules", "language"].contains(&k.as_str()))
            .count();
        o.shift_remove("text");
        o.shift_insert(after, "text".to_owned(), form);
        Some(note)
    })
}
