//! Every link of a document to another file leads to it, and to its heading.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::headings::{anchors, prose};
use crate::pages::{Page, pages, root};

/// Pages for those who work on the project, which are read beside the code: they may name files outside of the book.
const FOR_CONTRIBUTORS: &[&str] =
    &["docs/ARCHITECTURE.md", "docs/style-guide.md", "docs/writing-documents.md", "docs/adr/"];

/// A line without what is in backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// The targets of the links of a text, each with its line.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    for (at, line) in prose(text) {
        let line = without_code(line);
        for part in line.split("](").skip(1) {
            out.extend(part.split_once(')').map(|(target, _)| (at, target.to_owned())));
        }
        if let Some((_, target)) = line.strip_prefix('[').and_then(|l| l.split_once("]: ")) {
            out.push((at, target.trim().to_owned()));
        }
    }
    out.retain(|(_, t)| !["http://", "https://", "mailto:"].iter().any(|scheme| t.starts_with(scheme)));
    out
}

/// The path of a target from the project's folder; `None` where it is outside.
fn resolved(page: &str, target: &str) -> Option<String> {
    let mut path = PathBuf::new();
    for part in Path::new(page).parent()?.join(target).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::ParentDir => path.pop().then_some(())?,
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(path.to_string_lossy().replace('\\', "/"))
}

/// What is wrong with a link.
fn fault(page: &str, target: &str, known: &BTreeMap<&str, Vec<String>>) -> Option<String> {
    let (file, anchor) = target.split_once('#').map_or((target, None), |(f, a)| (f, Some(a)));
    let path = if file.is_empty() { page.to_owned() } else { resolved(page, file)? };
    if !root().join(&path).exists() {
        return Some("is not there".to_owned());
    }
    let in_book = page.starts_with("docs/") && !FOR_CONTRIBUTORS.iter().any(|p| page.starts_with(p));
    if in_book && !path.starts_with("docs/") {
        return Some("is not in the book: name the path without a link".to_owned());
    }
    let anchor = anchor?;
    let found = known.get(path.as_str()).is_some_and(|all| all.iter().any(|a| a == anchor));
    (!found).then(|| format!("no heading `{anchor}`"))
}

/// What is wrong with the links of these pages.
fn faults(pages: &[Page]) -> Vec<String> {
    let known: BTreeMap<&str, Vec<String>> = pages.iter().map(|p| (p.path.as_str(), anchors(&p.text))).collect();
    let of = |page: &Page| {
        let all = targets(&page.text).into_iter();
        all.filter_map(|(line, target)| {
            fault(&page.path, &target, &known).map(|why| format!("{}:{line}: `{target}`: {why}", page.path))
        })
        .collect::<Vec<_>>()
    };
    pages.iter().flat_map(of).collect()
}

#[test]
fn links_lead_somewhere() {
    let pages = pages();
    let faults = faults(&pages);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(pages.iter().map(|p| targets(&p.text).len()).sum::<usize>() > 100, "hardly any link is found");
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let text =
        "# One\n[b](#two) `[c](d.md)` [e](no-such.md)\n[f](rules.md#nothing) [g](../README.md) [h](https://x.test)\n";
    let page = Page { path: "docs/settings.md".to_owned(), text: text.to_owned() };
    let found: Vec<String> =
        faults(&[page]).iter().map(|f| f.split('`').nth(1).unwrap_or_default().to_owned()).collect();
    assert_eq!(found, ["#two", "no-such.md", "rules.md#nothing", "../README.md"]);
}
