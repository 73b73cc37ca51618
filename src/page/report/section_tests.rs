use fhir_accord_profiles::issue::Verdict;

use super::*;

fn part(issues: usize, html: &str) -> InputPart {
    let (source, found) = ("a&b".to_owned(), 2 * issues as u64);
    InputPart { verdict: Verdict::Invalid, source, issues, found, html: html.to_owned() }
}

fn written(section: &OfVerdict) -> String {
    let mut out = Vec::new();
    section.write("x", "X", &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_is_left_out_is_told_with_its_bound() {
    let mut section = OfVerdict::default();
    assert!(section.is_empty() && written(&section).is_empty());
    (0..INPUTS + 3).for_each(|_| section.add(part(1, "i")));
    (0..NAMES + 4).for_each(|_| section.add(part(0, "")));
    let page = written(&section);
    assert!(page.contains("3 more inputs with 6 issues are not shown"), "{page}");
    assert!(page.contains("4 more inputs are not named") && page.contains("a&#38;b"), "{page}");
}

#[test]
fn issues_are_bounded_over_all_inputs() {
    let mut section = OfVerdict::default();
    section.add(part(ISSUES + 1, "large"));
    section.add(part(1, "small"));
    let page = written(&section);
    assert!(page.contains("large") && !page.contains("small"), "{page}");
    assert!(page.contains("1 more input with 2 issues is not shown"), "{page}");
}
