//! White space and unusual characters in codes and strings.

use serde_json::Value;

use super::Kind;
use crate::random::Random;
use crate::sites::{Made, Site, change};

pub const KINDS: &[Kind] =
    &[("code-space", code_space), ("string-space", string_space), ("string-characters", string_characters)];

fn code_space(base: &Value, random: &mut Random) -> Option<Made> {
    let names =
        ["code", "status", "use", "gender", "kind", "type", "intent", "priority", "mode", "language", "valueCode"];
    change(
        base,
        random,
        |s| names.contains(&s.name) && s.value.is_string(),
        |v, random| {
            let old = v.as_str()?;
            let forms = [
                format!(" {old}"),
                format!("{old} "),
                format!("{old}\t"),
                format!("{old}\n"),
                format!("{old} x"),
                format!("{old}  x"),
                format!("{old}\u{a0}"),
                format!("\u{feff}{old}"),
                format!("{old}\u{200b}"),
                " ".to_owned(),
                format!("{old}\tx"),
                format!("{old}\u{a0}x"),
                format!("{old}\r"),
            ];
            let form = random.one(&forms)?.clone();
            let note = format!("{form:?}");
            *v = Value::String(form);
            Some(note)
        },
    )
}

fn is_prose(site: &Site<'_>) -> bool {
    let names = [
        "text",
        "display",
        "description",
        "title",
        "name",
        "family",
        "given",
        "city",
        "line",
        "comment",
        "purpose",
        "copyright",
        "definition",
        "note",
        "publisher",
        "unit",
        "valueString",
        "patientInstruction",
        "conclusion",
        "label",
    ];
    names.contains(&site.name) && site.value.is_string()
}

fn string_space(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_prose, |v, random| {
        let old = v.as_str()?;
        let forms = [
            format!(" {old}"),
            format!("{old} "),
            format!("{old}\n"),
            format!("\n{old}"),
            format!("{old}\t"),
            " ".to_owned(),
            "\u{a0}".to_owned(),
            "\n".to_owned(),
            format!("{old}  x"),
            "\u{2003}".to_owned(),
            "\u{200b}".to_owned(),
            format!("{old}\r\nx"),
            format!("\u{3000}{old}"),
            "\u{feff}".to_owned(),
            "\u{85}".to_owned(),
            "\u{2028}".to_owned(),
        ];
        let form = random.one(&forms)?.clone();
        let note = format!("{form:?}").chars().take(80).collect();
        *v = Value::String(form);
        Some(note)
    })
}

fn string_characters(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_prose, |v, random| {
        let old = v.as_str()?.to_owned();
        let odd = [
            "\u{0}",
            "\u{1}",
            "\u{8}",
            "\u{b}",
            "\u{c}",
            "\u{1b}",
            "\u{7f}",
            "\u{80}",
            "\u{85}",
            "\u{9f}",
            "\u{ad}",
            "\u{202e}",
            "\u{202a}",
            "\u{2066}",
            "\u{200e}",
            "\u{fffe}",
            "\u{ffff}",
            "\u{fdd0}",
            "\u{fffd}",
            "\u{e000}",
            "\u{1f600}",
            "e\u{301}",
            "\u{1ffff}",
            "<b>",
            "<script>",
            "&amp;",
            "&nbsp;",
            "\\n",
            "\u{2028}",
            "<",
            "```",
            "\u{202c}",
        ];
        let odd = *random.one(&odd)?;
        *v = Value::String(format!("{old}{odd}x"));
        Some(format!("with {odd:?}"))
    })
}
