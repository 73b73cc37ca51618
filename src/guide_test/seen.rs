//! An issue, as far as tests look at it.

use fhir_accord_profiles::definition::bare;
use fhir_accord_profiles::issue::{Issue, Report};

/// What an issue is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Seen {
    /// The FHIRPath expression of the place.
    pub path: String,
    pub rule: &'static str,
    /// The id of the element definition; empty where there is none.
    pub element: String,
    /// The key of the invariant; empty where there is none.
    pub constraint: String,
    /// The urls of the profiles that demand it, without versions.
    pub profiles: Vec<String>,
    pub is_error: bool,
    /// Whether it is an open question.
    pub is_open: bool,
    pub text: String,
}

impl Seen {
    fn of(issue: &Issue) -> Seen {
        let mut profiles: Vec<String> = issue.profiles.iter().map(|p| bare(p).to_owned()).collect();
        profiles.dedup();
        Seen {
            path: issue.expression.clone(),
            rule: issue.rule.as_str(),
            element: issue.element.clone().unwrap_or_default(),
            constraint: issue.constraint.clone().unwrap_or_default(),
            profiles,
            is_error: issue.severity.is_error(),
            is_open: issue.open,
            text: issue.text.clone(),
        }
    }

    /// Whether two are about the same demand, wherever they are.
    pub fn is_same_demand(&self, other: &Seen) -> bool {
        (self.rule, &self.element, &self.constraint, &self.profiles)
            == (other.rule, &other.element, &other.constraint, &other.profiles)
    }
}

/// The issues of a report.
pub(super) fn seen(report: &Report) -> Vec<Seen> {
    report.issues.iter().map(Seen::of).collect()
}

/// An expression without the indices of its entries.
pub(super) fn without_indices(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        match after.split_once(']') {
            Some((index, after)) if index.bytes().all(|b| b.is_ascii_digit()) => rest = after,
            _ => {
                out.push('[');
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_left_out_and_choices_stay() {
        assert_eq!(without_indices("Patient.name[0].given[12]"), "Patient.name.given");
        assert_eq!(without_indices("Observation.value[x]"), "Observation.value[x]");
        assert_eq!(without_indices("a[1"), "a[1");
    }
}
