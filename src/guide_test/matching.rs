//! Issues beside what is expected.

use fhir_accord_profiles::definition::bare;

use super::expectation::Entry;
use super::seen::{Seen, without_indices};

impl Entry {
    /// Whether an issue is meant.
    pub fn means(&self, seen: &Seen) -> bool {
        let agrees = |said: &str, found: &str| said.is_empty() || said == found;
        let at = |said: &str| match said.contains('[') && without_indices(said) != said {
            true => said == seen.path,
            false => said == without_indices(&seen.path),
        };
        agrees(&self.rule, seen.rule)
            && agrees(&self.element, &seen.element)
            && agrees(&self.constraint, &seen.constraint)
            && (self.path.is_empty() || at(&self.path))
            && (self.profile.is_empty() || seen.profiles.iter().any(|p| p == bare(&self.profile)))
    }

    /// What names the issue, for people.
    pub fn named(&self) -> String {
        let part = |name: &str, said: &str| match said.is_empty() {
            true => String::new(),
            false => format!("{name} `{said}`"),
        };
        let rule = if self.rule.is_empty() { String::new() } else { format!("`{}`", self.rule) };
        let all = [
            rule,
            part("at", &self.path),
            part("element", &self.element),
            part("constraint", &self.constraint),
            part("of", &self.profile),
        ];
        all.iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_must_agree() {
        let seen = Seen {
            path: "Patient.name[1].given[0]".to_owned(),
            rule: "invariant",
            element: "Patient.name.given".to_owned(),
            constraint: "a-1".to_owned(),
            profiles: vec!["http://p".to_owned()],
            is_error: true,
            is_open: false,
            text: String::new(),
        };
        let entry = |path: &str| Entry { path: path.to_owned(), ..Entry::default() };
        assert!(entry("Patient.name.given").means(&seen) && entry("Patient.name[1].given[0]").means(&seen));
        assert!(!entry("Patient.name[0].given[0]").means(&seen) && !entry("Patient.name").means(&seen));
        let of = Entry { profile: "http://p|1.0".to_owned(), rule: "invariant".to_owned(), ..Entry::default() };
        assert!(of.means(&seen) && !Entry { constraint: "a-2".to_owned(), ..of.clone() }.means(&seen));
        assert_eq!(of.named(), "`invariant` of `http://p|1.0`");
    }
}
