//! What the caller decides: how severe the findings are that the specification leaves to policy.

use super::entries::EntryProfile;
use super::ledger::Shown;
use super::limit::Work;
use crate::instance::Limits;
use crate::issue::Severity;

/// How a finding is reported.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Level {
    /// Not reported, or as a note.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Error,
}

/// How far references are followed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum References {
    /// Their format, and the target where it is in the instance or its bundle.
    None,
    /// Format, and the target's type where the reference shows it.
    Type,
    /// The target must be found in the instance, its bundle, or by the caller.
    Exists,
    /// It must also conform to one of the profiles that the element asks for.
    Valid,
}

/// The policies of one validation.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Policies {
    /// Urls of the domains that are reserved for examples, where a real one belongs.
    pub example_urls: Level,
    /// Extensions whose definition is not loaded.
    pub unknown_extensions: Level,
    /// Unknown modifier extensions; `None`: the verdict is undetermined.
    pub unknown_modifiers: Option<Level>,
    /// What the urls of extensions begin with that may be unknown, modifiers too: they are notes.
    pub extension_domains: Vec<String>,
    /// The profiles that entries of the instance are held against, where it is a Bundle.
    pub entries: Vec<EntryProfile>,
    /// How far references are followed.
    pub references: References,
    /// Constraints that are marked as best practice.
    pub best_practice: Level,
    /// Displays that the code system does not have for the code.
    pub display: Level,
    /// Control characters in strings (<https://hl7.org/fhir/R4/datatypes.html#string>).
    pub control_characters: Level,
    /// Whether comments in JSON, which has none, are skipped.
    pub json_comments: bool,
    /// HTML tags in strings and markdown.
    pub html: Level,
    /// What HL7 asks of the definitions that it publishes itself.
    pub publication: Level,
    /// The vital-signs profiles of R4 and later apply by the code of an observation
    /// (<https://hl7.org/fhir/R4/observation-vitalsigns.html>).
    pub vital_signs: bool,
    /// At most this many issues are shown.
    pub issues: usize,
    /// The least severe findings that are shown; the rest is counted.
    pub level: Severity,
    /// Bounds on the work for one instance.
    pub work: Work,
}

impl Default for Policies {
    fn default() -> Self {
        Policies {
            example_urls: Level::Warn,
            unknown_extensions: Level::Warn,
            unknown_modifiers: None,
            extension_domains: Vec::new(),
            entries: Vec::new(),
            references: References::Type,
            best_practice: Level::Allow,
            display: Level::Warn,
            control_characters: Level::Error,
            json_comments: false,
            html: Level::Allow,
            publication: Level::Allow,
            vital_signs: true,
            issues: 1000,
            level: Severity::Warning,
            work: Work::default(),
        }
    }
}

impl Policies {
    /// How much of an instance is read, and how.
    pub fn intake(&self) -> Limits {
        Limits {
            comments: self.json_comments,
            nodes: self.work.intake,
            interrupt: self.work.interrupt.clone(),
            ..Limits::default()
        }
    }

    /// Whether an extension may be unknown, because its url begins as one of [`Policies::extension_domains`].
    pub fn lets_in(&self, url: &str) -> bool {
        self.extension_domains.iter().any(|domain| url.starts_with(&**domain))
    }

    /// How many findings of each weight are kept to be shown.
    pub fn shown(&self) -> Shown {
        let kept = |severity: Severity| if severity <= self.level { self.issues } else { 0 };
        let (warnings, notes) = (kept(Severity::Warning), kept(Severity::Information));
        Shown { errors: self.issues, warnings, questions: warnings, notes }
    }

    /// The settings of the official validator's usual command line.
    pub fn hl7() -> Self {
        Policies {
            example_urls: Level::Allow,
            unknown_extensions: Level::Allow,
            unknown_modifiers: Some(Level::Allow),
            best_practice: Level::Warn,
            display: Level::Error,
            control_characters: Level::Warn,
            ..Policies::default()
        }
    }
}
