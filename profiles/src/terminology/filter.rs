//! Filters over a code system's table (<https://hl7.org/fhir/R4/valueset.html#filter>).

use rustc_hash::FxHashSet;

use super::code_system::{CodeSystemTable, ConceptRow};

/// `property op value`, as a value set writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filter<'v> {
    pub property: &'v str,
    pub op: &'v str,
    pub value: &'v str,
}

/// The largest program that a filter's regular expression may become, in bytes.
const REGEX_SIZE: usize = 1 << 20;

/// The indices of the codes that the filter selects, in the table's order; `None` where it cannot be evaluated.
pub(super) fn select(table: &CodeSystemTable, filter: Filter<'_>) -> Option<Vec<u32>> {
    let all = 0..table.concepts.len() as u32;
    match filter.op {
        "is-a" | "descendent-of" | "is-not-a" | "generalizes" | "child-of" | "descendent-leaf" => {
            hierarchy(table, filter)
        }
        "=" => matching(table, filter.property, |text| {
            text == filter.value || (!table.case_sensitive && text.eq_ignore_ascii_case(filter.value))
        }),
        "in" | "not-in" => {
            let listed: Vec<&str> = filter.value.split(',').map(str::trim).collect();
            let inside = matching(table, filter.property, |text| listed.contains(&text))?;
            Some(if filter.op == "in" { inside } else { without(all, &inside) })
        }
        "regex" => {
            let whole = format!("^(?:{})$", filter.value);
            let regex = regex::RegexBuilder::new(&whole).size_limit(REGEX_SIZE).build().ok()?;
            matching(table, filter.property, |text| regex.is_match(text))
        }
        "exists" => {
            let present = matching(table, filter.property, |_| true)?;
            match filter.value {
                "true" => Some(present),
                "false" => Some(without(all, &present)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn without(all: std::ops::Range<u32>, some: &[u32]) -> Vec<u32> {
    let some: FxHashSet<u32> = some.iter().copied().collect();
    all.filter(|i| !some.contains(i)).collect()
}

/// The codes with a value of the property that fits.
fn matching(table: &CodeSystemTable, property: &str, fits: impl Fn(&str) -> bool) -> Option<Vec<u32>> {
    let known = matches!(
        property,
        "code" | "concept" | "display" | "designation" | "parent" | "child" | "inactive" | "notSelectable" | "abstract"
    ) || table.declares(property);
    if !known {
        return None;
    }
    let position = |(i, _): (usize, &ConceptRow)| i as u32;
    Some(
        table
            .concepts
            .iter()
            .enumerate()
            .filter(|(_, row)| values(table, row, property, &fits))
            .map(position)
            .collect(),
    )
}

/// Whether any value of the property fits.
fn values(table: &CodeSystemTable, row: &ConceptRow, property: &str, fits: &impl Fn(&str) -> bool) -> bool {
    let code_at = |i: &u32| table.concepts.get(*i as usize).is_some_and(|c| fits(&c.code));
    let own = |wanted: &dyn Fn(&str) -> bool| row.properties.iter().any(|(p, v)| wanted(p) && fits(v));
    match table.meaning(property) {
        "code" | "concept" => fits(&row.code),
        "display" => row.display.as_deref().is_some_and(fits) || row.designations.iter().any(|(_, d)| fits(d)),
        "designation" => row.designations.iter().any(|(_, d)| fits(d)),
        "parent" => row.parents.iter().any(code_at),
        "child" => row.children.iter().any(code_at),
        "inactive" => fits(if row.inactive { "true" } else { "false" }),
        "notSelectable" | "abstract" => fits(if row.is_abstract { "true" } else { "false" }),
        meaning => own(&|p| p == property || table.meaning(p) == meaning),
    }
}

/// Filters along the hierarchy.
fn hierarchy(table: &CodeSystemTable, filter: Filter<'_>) -> Option<Vec<u32>> {
    if !matches!(table.meaning(filter.property), "concept" | "code" | "parent" | "child") {
        return None;
    }
    let all = 0..table.concepts.len() as u32;
    let Some(root) = table.position(filter.value) else {
        return Some(if filter.op == "is-not-a" { all.collect() } else { Vec::new() });
    };
    let down = |row: &ConceptRow| row.children.clone();
    let mut found = match filter.op {
        "generalizes" => closure(table, root, |row| row.parents.clone()),
        "child-of" => down(table.concepts.get(root as usize)?),
        _ => closure(table, root, down),
    };
    match filter.op {
        "descendent-of" => found.retain(|i| *i != root),
        "descendent-leaf" => {
            found.retain(|i| *i != root && table.concepts.get(*i as usize).is_some_and(|c| c.children.is_empty()))
        }
        "is-not-a" => found = without(all, &found),
        _ => {}
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}

/// A code and everything that is reached from it; safe where the hierarchy runs in a circle.
fn closure(table: &CodeSystemTable, root: u32, next: impl Fn(&ConceptRow) -> Vec<u32>) -> Vec<u32> {
    let mut seen: FxHashSet<u32> = FxHashSet::from_iter([root]);
    let mut found = vec![root];
    let mut at = 0;
    while let Some(i) = found.get(at).copied() {
        at += 1;
        for other in table.concepts.get(i as usize).map(&next).unwrap_or_default() {
            if seen.insert(other) {
                found.push(other);
            }
        }
    }
    found
}
