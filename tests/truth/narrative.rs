//! A narrative is judged alike where an instance is validated and where an expression asks `htmlChecks()`.

use fhir_accord::app::App;
use fhir_accord::profiles::evaluate::Policies;
use fhir_accord::profiles::issue::Verdict::{Invalid, Valid};
use serde_json::json;

use super::support::{constrained, open, rules, text_report};

const NAMESPACE: &str = r#"xmlns="http://www.w3.org/1999/xhtml""#;

/// What stands inside the `div`, and whether a narrative may hold it.
const INSIDE: &[(&str, bool)] = &[
    ("a &lt; b &#169; &#xA0;", true),
    ("<p style=\"color:red\" class=\"c\" title=\"t\">x</p>", true),
    ("<a href=\"http://a.test\">x</a><a name=\"n\">y</a><img src=\"x.png\" alt=\"z\"/>", true),
    ("<table><tr><td>without tbody</td></tr></table>", true),
    ("<table><thead><tr><th>a</th></tr></thead><tbody><tr><td abbr=\"b\">c</td></tr></tbody></table>", true),
    ("<?note x?><![CDATA[x]]>", true),
    ("<h:b xmlns:h=\"http://www.w3.org/1999/xhtml\">x</h:b>", true),
    (
        "<img usemap=\"#m\" src=\"x.png\"/><map name=\"m\"><area shape=\"rect\" alt=\"x\" nohref=\"nohref\"/></map>",
        true,
    ),
    // HTML's entities are none of XML's.
    ("&copy; 2020", false),
    ("a&nbsp;b", false),
    ("&bogus;", false),
    // Deprecated by HTML 4.0, or of section 4 of chapter 9.
    ("<u>x</u>", false),
    ("<s>x</s>", false),
    ("<ins>x</ins>", false),
    ("<del>x</del>", false),
    ("<font color=\"red\">x</font>", false),
    ("<script>x</script>", false),
    ("<p onclick=\"x()\">y</p>", false),
    ("<a href=\"http://a.test\" target=\"_blank\">x</a>", false),
    ("<p bgcolor=\"red\">x</p>", false),
    ("<ol start=\"2\"><li>x</li></ol>", false),
    ("<p href=\"x\">y</p>", false),
    ("<p class=\"a\" class=\"b\">x</p>", false),
    // Places.
    ("<p><p>x</p></p>", false),
    ("<td>x</td>", false),
    ("<ul>x</ul>", false),
    // Links.
    ("<a href=\"\">x</a>", false),
    ("<a href=\" javascript:x()\">y</a>", false),
    ("<a href=\"vbscript:x()\">y</a>", false),
    ("<a href=\"urn:uuid:6f5a6a2f-0d5b-4a8f-9a3a-1c2d3e4f5a6b\">x</a>", false),
    ("<img src=\"data:image/png;base64,xx\"/>", false),
    // Content.
    ("", false),
    ("<hr/> &#32;", false),
    // Markup.
    ("<p>x", false),
    ("<p class=x>y</p>", false),
    ("<p xmlns=\"http://other.test\">x</p>", false),
];

/// Whole narratives, and whether they are right.
const WHOLE: &[(&str, bool)] = &[
    ("<!-- a --><div xmlns='http://www.w3.org/1999/xhtml'>x</div><!-- b -->", true),
    ("<?xml version='1.0'?><div xmlns='http://www.w3.org/1999/xhtml'>x</div>", true),
    ("<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\">x</h:div>", true),
    ("<div>x</div>", false),
    ("<p xmlns=\"http://www.w3.org/1999/xhtml\">x</p>", false),
    ("<!DOCTYPE html><div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>", false),
    ("a<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>", false),
];

/// Whether a patient, asked for a narrative that passes `htmlChecks()`, is valid; both ways must agree.
fn is_valid(app: &App, text: &str) -> bool {
    let report = text_report(app, text.as_bytes(), &["checked"], &Policies::default());
    let rules = rules(&report);
    let (by_rule, by_expression) = (rules.iter().any(|r| r.starts_with("narrative-")), rules.contains(&"invariant"));
    assert_eq!(by_rule, by_expression, "{text}: {rules:?}");
    assert_eq!(report.verdict, if by_rule { Invalid } else { Valid }, "{text}: {rules:?}");
    !by_rule
}

#[test]
fn both_ways_agree() {
    let app = open(&[constrained("checked", "Patient", "text.`div`.select(htmlChecks()).all($this)")]);
    let inside = INSIDE.iter().map(|(inside, right)| (format!("<div {NAMESPACE}>{inside}</div>"), *right));
    for (div, right) in inside.chain(WHOLE.iter().map(|(div, right)| ((*div).to_owned(), *right))) {
        let json = json!({"resourceType": "Patient", "text": {"status": "generated", "div": div}});
        assert_eq!(is_valid(&app, &json.to_string()), right, "{div}");
    }
    // Prefixes declared around the narrative.
    for (around, right) in [("http://www.w3.org/1999/xhtml", true), ("http://other.test", false)] {
        let text = format!(
            "<Patient xmlns=\"http://hl7.org/fhir\" xmlns:g=\"{around}\"><text><status value=\"generated\"/>\
             <div {NAMESPACE}>a <g:b>b</g:b></div></text></Patient>"
        );
        assert_eq!(is_valid(&app, &text), right, "{around}");
    }
}

#[test]
fn what_is_nested_too_deeply_is_an_open_question_both_ways() {
    let app = open(&[constrained("checked", "Patient", "text.`div`.htmlChecks()")]);
    let div = format!("<div {NAMESPACE}>{}x{}</div>", "<b>".repeat(5000), "</b>".repeat(5000));
    let json = json!({"resourceType": "Patient", "text": {"status": "generated", "div": div}});
    let report = text_report(&app, json.to_string().as_bytes(), &["checked"], &Policies::default());
    let mut open: Vec<_> = report.issues.iter().filter(|i| i.open).map(|i| i.rule.as_str()).collect();
    open.sort_unstable();
    assert_eq!(open, ["invariant-undecided", "narrative-syntax"]);
}
