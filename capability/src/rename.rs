//! Resource types that changed their names between FHIR versions. Information only: nothing is converted.

/// The other names under which later or earlier FHIR versions know this type.
pub fn other_names(resource_type: &str) -> impl Iterator<Item = &'static str> {
    let rows =
        include_str!("../data/renames.tsv").lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'));
    rows.filter_map(move |(old, new)| match resource_type {
        t if t == old => Some(new),
        t if t == new => Some(old),
        _ => None,
    })
}
