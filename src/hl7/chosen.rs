//! The settings of the official validator that change what is found or shown, by its defaults.

use fhir_accord_profiles::evaluate::{EntryProfile, Level, Policies};
use fhir_accord_profiles::issue::{Issue, RuleId, Severity};

/// What is chosen of the official validator's settings.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// `-allow-example-urls`, `allowExampleUrls`
    pub example_urls: bool,
    /// `-extension any`, `extensions: ["any"]`: extensions whose definition is not loaded are no errors.
    pub any_extension: bool,
    /// `-extension`, `extensions`: what the urls of further extensions begin with that are no errors.
    pub extension_domains: Vec<String>,
    /// `-bundle`, `bundleValidationRules`: profiles of the entries of a Bundle.
    pub entries: Vec<EntryProfile>,
    /// `-best-practice`, `bestPracticeLevel`
    pub best_practice: BestPractice,
    /// `-display-issues-are-warnings`, `displayWarnings`
    pub display_warnings: bool,
    /// `-no-extensible-binding-warnings`, `noExtensibleBindingMessages`
    pub no_extensible: bool,
    /// `-html-in-markdown`, `-security-checks`, `securityChecks`
    pub html: Html,
    /// Whether open questions are errors, which no setting of the official validator says.
    pub open_errors: bool,
    /// `-level`, `level`
    pub least: Least,
}

/// How constraints that are marked as best practice count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BestPractice {
    /// Not at all.
    Ignore,
    /// As warnings.
    #[default]
    Warning,
    /// As errors.
    Error,
}

/// How HTML tags in strings and markdown count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Html {
    /// Not at all.
    #[default]
    Ignore,
    /// As warnings.
    Warning,
    /// As errors.
    Error,
}

impl Html {
    /// By its name, in capitals or not. `None`: no such level.
    pub fn parse(text: &str) -> Option<Html> {
        match text.to_ascii_lowercase().as_str() {
            "ignore" => Some(Html::Ignore),
            "warning" => Some(Html::Warning),
            "error" => Some(Html::Error),
            _ => None,
        }
    }
}

/// The least severe messages that are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Least {
    /// All.
    #[default]
    Hints,
    /// Warnings and errors.
    Warnings,
    /// Errors.
    Errors,
}

impl BestPractice {
    /// By its name or first letter, in capitals or not; a hint counts as a warning. `None`: no such level.
    pub fn parse(text: &str) -> Option<BestPractice> {
        match text.to_ascii_lowercase().as_str() {
            "ignore" | "i" => Some(BestPractice::Ignore),
            "hint" | "h" | "warning" | "w" => Some(BestPractice::Warning),
            "error" | "e" => Some(BestPractice::Error),
            _ => None,
        }
    }
}

impl Least {
    /// By its name or first letter, in capitals or not. `None`: no such level.
    pub fn parse(text: &str) -> Option<Least> {
        match text.to_ascii_lowercase().as_str() {
            "hints" | "hint" | "h" => Some(Least::Hints),
            "warnings" | "warning" | "w" => Some(Least::Warnings),
            "errors" | "error" | "e" => Some(Least::Errors),
            _ => None,
        }
    }
}

impl Chosen {
    /// The policies that stand for what is chosen; limits of work and of issues are those of `base`.
    pub fn policies(&self, base: &Policies) -> Policies {
        let strict = |is_allowed: bool| if is_allowed { Level::Allow } else { Level::Error };
        let official = Policies::hl7();
        Policies {
            example_urls: strict(self.example_urls),
            unknown_extensions: strict(self.any_extension),
            unknown_modifiers: Some(strict(self.any_extension)),
            extension_domains: self.extension_domains.clone(),
            entries: self.entries.clone(),
            best_practice: match self.best_practice {
                BestPractice::Ignore => Level::Allow,
                BestPractice::Warning => Level::Warn,
                BestPractice::Error => Level::Error,
            },
            display: if self.display_warnings { Level::Warn } else { official.display },
            html: match self.html {
                Html::Ignore => Level::Allow,
                Html::Warning => Level::Warn,
                Html::Error => Level::Error,
            },
            level: match self.least {
                Least::Hints => Severity::Information,
                // Limits are warnings there, and errors of that validator.
                Least::Warnings | Least::Errors => Severity::Warning,
            },
            references: base.references,
            issues: base.issues,
            work: base.work.clone(),
            ..official
        }
    }

    /// Lets extensions of a domain in, or with `any` all.
    ///
    /// # Errors
    /// A domain that would let all in without saying so.
    pub fn let_in(&mut self, domain: &str) -> Result<(), String> {
        match domain {
            "" | "http:" | "http://" | "https:" | "https://" | "urn:" => {
                Err(format!("`{domain}` is no domain; expected what the urls of the extensions begin with, or `any`"))
            }
            any if any.eq_ignore_ascii_case("any") => {
                self.any_extension = true;
                Ok(())
            }
            domain => {
                self.extension_domains.push(domain.to_owned());
                Ok(())
            }
        }
    }

    /// Whether an issue is shown. What is an error always is.
    pub fn shows(&self, issue: &Issue) -> bool {
        !(self.no_extensible && issue.rule == RuleId::BINDING_EXTENSIBLE && !issue.severity.is_error())
    }
}

#[cfg(test)]
#[path = "chosen_tests.rs"]
mod tests;
