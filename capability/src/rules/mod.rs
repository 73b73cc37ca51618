//! The catalogue of the rule ids in `why`, `evidence`, `fault` and `issues`. docs/rules.md is generated from it.

/// The address of a section of the FHIR specification.
macro_rules! fhir {
    ($section:literal) => {
        concat!("https://hl7.org/fhir/", $section)
    };
}

/// The address of a section of the SMART App Launch guide.
macro_rules! smart {
    ($section:literal) => {
        concat!("https://hl7.org/fhir/smart-app-launch/", $section)
    };
}

mod capabilities;
mod grants;
mod guard;
mod profiles;
mod requirements;
mod scopes;
mod statements;

/// A rule of negotiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id, as `unlisted-scope`.
    pub id: &'static str,
    /// What it means for whoever reads a result, in a few words.
    pub meaning: &'static str,
    /// In which circumstances it arises.
    pub when: &'static str,
    /// What to do about it.
    pub help: &'static str,
    /// The section of a specification that it rests on; empty where there is none.
    pub spec: &'static str,
}

/// Rules about one subject.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The heading of the group in docs/rules.md.
    pub title: &'static str,
    /// What its rules are about.
    pub about: &'static str,
    /// The rules, sorted by id.
    pub rules: &'static [Rule],
}

/// Every rule, by subject. An id is in one group only.
pub const GROUPS: &[Group] = &[
    Group {
        title: "Statements",
        about: "Rules about the two statements as a whole, and about what a request singles out.",
        rules: statements::RULES,
    },
    Group {
        title: "Requirements",
        about: "Rules about what the client's statement requires of a type or of the system.",
        rules: requirements::RULES,
    },
    Group {
        title: "Profiles",
        about: "Rules about whether what the server declares satisfies the profiles that the client requires.",
        rules: profiles::RULES,
    },
    Group { title: "Scope strings", about: "Rules about how scopes are written.", rules: scopes::RULES },
    Group {
        title: "Grants",
        about: "Rules about what a server is expected to grant, or has granted, and about the launch.",
        rules: grants::RULES,
    },
    Group {
        title: "SMART capabilities",
        about: "Rules about what a SMART configuration does not declare, although it declares others of the kind.",
        rules: capabilities::RULES,
    },
    Group { title: "Guard", about: "Rules by which the guard refuses a request.", rules: guard::RULES },
];

const fn row(
    id: &'static str,
    meaning: &'static str,
    when: &'static str,
    help: &'static str,
    spec: &'static str,
) -> Rule {
    Rule { id, meaning, when, help, spec }
}

/// Every rule, group by group.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().flat_map(|group| group.rules)
}

/// The rule of this id.
///
/// ```
/// use fhir_accord_capability::rules::rule;
///
/// assert!(rule("bad-order").is_some_and(|r| r.spec.contains("scopes-and-launch-context")));
/// assert_eq!(rule("no-such-rule"), None);
/// ```
pub fn rule(id: &str) -> Option<&'static Rule> {
    let find = |group: &Group| group.rules.binary_search_by_key(&id, |r| r.id).ok().and_then(|at| group.rules.get(at));
    GROUPS.iter().find_map(find)
}

/// The meaning of a rule id, in a few words.
pub fn meaning(id: &str) -> Option<&'static str> {
    rule(id).map(|r| r.meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_sorted_and_share_no_id() {
        for group in GROUPS {
            assert!(group.rules.is_sorted_by(|a, b| a.id < b.id), "{}", group.title);
        }
        assert_eq!(rules().filter(|r| rule(r.id) != Some(r)).count(), 0);
    }
}
