//! Resource types that were renamed between FHIR versions. Information only: nothing is converted.

/// The names of this type in later or earlier FHIR versions.
pub fn other_names(resource_type: &str) -> impl Iterator<Item = &'static str> {
    let rows =
        include_str!("../data/renames.tsv").lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'));
    rows.filter_map(move |(old, new)| match resource_type {
        t if t == old => Some(new),
        t if t == new => Some(old),
        _ => None,
    })
}
