//! The anchors of a page: one for each heading, as GitHub and mdBook name them, and those that it names itself.

use std::collections::BTreeMap;

/// The lines that are in no fenced block, with their numbers from 1.
pub fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut fence = None;
    let mut out = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let ticks = line.trim_start().chars().take_while(|c| *c == '`').count();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            Some(open) if ticks >= open && line.trim().len() == ticks => fence = None,
            Some(_) => {}
            None => out.push((at + 1, line)),
        }
    }
    out
}

fn slug(heading: &str) -> String {
    let text = heading.trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The text of a heading without the targets of its links.
fn without_targets(heading: &str) -> String {
    let mut out = String::new();
    let mut rest = heading;
    while let Some((before, after)) = rest.split_once("](") {
        out.push_str(before);
        rest = after.split_once(')').map_or("", |(_, more)| more);
    }
    out + rest
}

/// All anchors of a page.
pub fn anchors(text: &str) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = Vec::new();
    for (_, line) in prose(text) {
        let level = line.chars().take_while(|c| *c == '#').count();
        if (1..=6).contains(&level) && line[level..].starts_with(' ') {
            let slug = slug(&without_targets(&line[level..]));
            let times = seen.entry(slug.clone()).or_default();
            out.push(if *times == 0 { slug } else { format!("{slug}-{times}") });
            *times += 1;
        }
        for part in line.split("<a id=\"").skip(1) {
            out.extend(part.split_once('"').map(|(id, _)| id.to_owned()));
        }
    }
    out
}

#[test]
fn anchors_are_those_of_the_reader() {
    let text = "# `accord validate`\n## A new rule\n```\n# no\n```\n## A new rule\n\
                ### Who may [read](x.md)?\n<a id=\"own\"></a>\n";
    assert_eq!(anchors(text), ["accord-validate", "a-new-rule", "a-new-rule-1", "who-may-read", "own"]);
}
