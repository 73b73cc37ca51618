//! Ids of element definitions (<https://hl7.org/fhir/R4/elementdefinition.html#id>).

/// The id of the element that holds this one; `None` for a root.
pub(super) fn parent(id: &str) -> Option<&str> {
    id.rsplit_once('.').map(|(parent, _)| parent)
}

/// The last part of an id.
pub(super) fn last(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

/// The name of the slice that the last part names.
pub(super) fn slice(id: &str) -> Option<&str> {
    last(id).split_once(':').map(|(_, slice)| slice)
}

/// The name of the last part, without its slice; of a choice its base.
pub(super) fn name(id: &str) -> &str {
    let last = last(id);
    let name = last.split(':').next().unwrap_or(last);
    name.strip_suffix("[x]").unwrap_or(name)
}

/// Whether the last part is a choice of types that is not narrowed to one by a slice.
pub(super) fn is_choice(id: &str) -> bool {
    last(id).ends_with("[x]")
}

/// The path of an element: its id without slices.
pub(super) fn path(id: &str) -> String {
    id.split('.').map(|part| part.split(':').next().unwrap_or(part)).collect::<Vec<_>>().join(".")
}

/// The id in a snapshot of an element of a differential, which may write a choice by its type (`valueQuantity` for
/// `value[x]`); `None` where the snapshot has no such element.
pub(super) fn in_snapshot(id: &str, has: impl Fn(&str) -> bool) -> Option<String> {
    if has(id) {
        return Some(id.to_owned());
    }
    let mut whole = String::new();
    for part in id.split('.') {
        let prefix = if whole.is_empty() { String::new() } else { format!("{whole}.") };
        let own = format!("{prefix}{part}");
        let forms = part.char_indices().skip(1).filter(|(_, c)| c.is_ascii_uppercase()).flat_map(|(at, _)| {
            let base = part.get(..at).unwrap_or_default();
            [format!("{prefix}{base}[x]:{part}"), format!("{prefix}{base}[x]")]
        });
        whole = if has(&own) { own } else { forms.into_iter().find(|f| has(f))? };
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_ids() {
        let id = "Observation.component:systolic.value[x]:valueQuantity";
        assert_eq!(parent(id), Some("Observation.component:systolic"));
        assert_eq!((slice(id), name(id)), (Some("valueQuantity"), "value"));
        assert_eq!(path(id), "Observation.component.value[x]");
        assert!(is_choice("Observation.value[x]") && !is_choice(id));
    }

    #[test]
    fn choices_may_be_written_by_their_type() {
        let all = [
            "Observation",
            "Observation.value[x]",
            "Observation.value[x].code",
            "Observation.component:a",
            "Observation.component:a.value[x]",
        ];
        let has = |id: &str| all.contains(&id);
        assert_eq!(in_snapshot("Observation.valueQuantity.code", has).as_deref(), Some("Observation.value[x].code"));
        let nested = "Observation.component:a.valueString";
        assert_eq!(in_snapshot(nested, has).as_deref(), Some("Observation.component:a.value[x]"));
        let sliced = "Observation.component:a.value[x]:valueString";
        assert_eq!(in_snapshot(nested, |id| has(id) || id == sliced).as_deref(), Some(sliced));
        assert_eq!(in_snapshot("Observation.nothing.valueString", has), None);
    }
}
