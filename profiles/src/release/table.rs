//! Tables of facts by FHIR version: a line has a name, the versions for which it holds, and what holds, between tabs.

use crate::definition::FhirVersion;

/// The lines of a table: the name, the versions, the words of the last column.
pub(super) fn lines(
    table: &'static str,
) -> impl Iterator<Item = (&'static str, Vec<FhirVersion>, std::str::Split<'static, char>)> {
    table.lines().map(|line| {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        let (name, versions, words) = (next(), next(), next());
        (name, versions.split(' ').filter_map(FhirVersion::parse).collect(), words.split(' '))
    })
}
