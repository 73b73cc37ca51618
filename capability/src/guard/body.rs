//! The bodies of writes: their type and id, and the profiles under which they may be written.

use std::collections::BTreeSet;

use fhir_accord_profiles::instance::NameId;

use super::access::{Access, Reason};
use super::document::{Document, claims, member, type_of};
use super::evidence::{Truth, Validation, Validity};
use super::judge::{Draft, Judge};
use super::media::is_of_version;
use super::offer::WriteProfile;
use super::pushed::criteria;
use super::query::parameters;
use super::refusal::refused;
use crate::scope::Permission;

/// What a decision knows of a resource.
pub(super) struct Head {
    pub id: Option<String>,
    /// The urls in `meta.profile`, without versions.
    pub claims: BTreeSet<String>,
    /// References by a query.
    pub searches: Vec<String>,
    /// Of a Subscription what is sent, by a search; empty where it is not told by one.
    pub pushes: Option<String>,
}

impl Judge<'_> {
    /// The body of a request that needs one in JSON.
    pub(super) fn body<'b>(&self, access: &Access<'b>) -> Result<&'b [u8], Reason> {
        let json = |t: &str| {
            let kind = t.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            matches!(kind.as_str(), "application/fhir+json" | "application/json" | "application/json+fhir")
        };
        if access.content_type.is_some_and(|t| !json(t)) {
            return Err(refused("body-format", "the body is not sent as FHIR JSON; the guard judges JSON alone"));
        }
        self.of_version(access)?;
        access.body.ok_or_else(|| refused("body-missing", "the request has no body"))
    }

    /// Whether a server reads the body as one of the negotiated FHIR version.
    pub(super) fn of_version(&self, access: &Access<'_>) -> Result<(), Reason> {
        let version = self.negotiated.fhir_version();
        match access.content_type {
            Some(sent) if !is_of_version(sent, version) => {
                Err(refused("body-format", format!("the body is sent as one of another FHIR version than {version}")))
            }
            _ => Ok(()),
        }
    }

    /// What a resource of this type says of itself; `what` names it in reasons.
    pub(super) fn head(&self, text: &[u8], resource_type: &str, what: &str) -> Result<Head, Reason> {
        let document = Document::read(text, (what, "body-malformed"), self.interrupt)?;
        let root = document.root().ok_or_else(|| refused("body-malformed", format!("{what} is empty")))?;
        if type_of(root).as_deref() != Some(resource_type) {
            return Err(refused("body-type", format!("{what} is not of the type {resource_type}")));
        }
        let claims = claims(root).iter().map(|c| url(c).to_owned()).collect();
        Ok(Head { id: member(root, NameId::ID), claims, searches: document.searches(), pushes: criteria(root) })
    }

    /// Whether a body is valid as its type, and under a profile that both sides agreed to write it by.
    pub(super) fn validated(
        &self,
        resource_type: &str,
        body: &[u8],
        head: &Head,
        draft: &mut Draft,
    ) -> Result<(), Reason> {
        self.references(head)?;
        head.pushes.as_deref().map_or(Ok(()), |criteria| self.pushed(criteria))?;
        self.go_on()?;
        let agreed = self.negotiated.writes(resource_type);
        if agreed.is_empty() {
            let found = self.evidence.validate(body, None, self.interrupt);
            self.go_on()?;
            return settled(found, None, draft);
        }
        let (chosen, open) = self.applicable(agreed, body, head)?;
        let mut worst: Option<(Validation, String)> = None;
        let mut tried: BTreeSet<&str> = BTreeSet::new();
        for profile in chosen {
            if !tried.insert(&profile.validated) {
                continue;
            }
            self.go_on()?;
            let found = self.evidence.validate(body, Some(&profile.validated), self.interrupt);
            self.go_on()?;
            if found.validity == Validity::Valid {
                draft.profile = Some(profile.validated.clone());
                return Ok(());
            }
            let is_nearer = found.validity == Validity::Undetermined;
            if worst.as_ref().is_none_or(|(known, _)| is_nearer && known.validity == Validity::Invalid) {
                worst = Some((found, profile.validated.clone()));
            }
        }
        match (worst, open) {
            (Some((found, _)), Some(open)) if found.validity == Validity::Invalid => {
                draft.issues = found.issues;
                Err(open)
            }
            (Some((found, profile)), _) => settled(found, Some(profile), draft),
            (None, Some(open)) => Err(open),
            (None, None) => {
                let text = "the body claims, and is selected by, none of the profiles by which the type may be written";
                Err(refused("profile-none", text))
            }
        }
    }

    /// A reference by a query is a search of the server's, which looks at resources that nobody sees.
    fn references(&self, head: &Head) -> Result<(), Reason> {
        for text in &head.searches {
            self.go_on()?;
            let (target, query) = text.split_once('?').unwrap_or((text, ""));
            let may = self.evidence.knows_type(target)
                && self.negotiated("search-type", Some(target)).is_ok()
                && self.freely(target, Permission::Search).is_some();
            if !may {
                let text = "a reference by a query searches a type that the negotiation and a scope without limits do \
                            not let it search";
                return Err(refused("chain-target", text));
            }
            self.search(Some(target), &parameters(query)?, &mut Draft::default())?;
        }
        Ok(())
    }

    /// The profiles that a body has to be held against, and why that is not certain of another one.
    fn applicable<'p>(
        &self,
        agreed: &'p [WriteProfile],
        body: &[u8],
        head: &Head,
    ) -> Result<(Vec<&'p WriteProfile>, Option<Reason>), Reason> {
        let (mut chosen, mut open) = (Vec::new(), None);
        for profile in agreed {
            self.go_on()?;
            let is_claimed = [&profile.profile, &profile.validated].iter().any(|p| head.claims.contains(url(p)));
            let selector = profile.selector.as_deref().map(|s| s.split_once('?').map_or(s, |(_, query)| query));
            match selector.filter(|_| !is_claimed).map(|query| self.evidence.meets(body, query, self.interrupt)) {
                // A profile without a selector is about every instance of its type.
                None | Some(Truth::Yes) => chosen.push(profile),
                Some(Truth::No) => {}
                Some(Truth::Unknown(why)) => {
                    let text = format!("cannot determine whether the body is selected by `{}`: {why}", profile.profile);
                    open = Some(refused("profile-undetermined", text));
                }
            }
        }
        Ok((chosen, open))
    }
}

/// A canonical without its version.
fn url(canonical: &str) -> &str {
    canonical.split('|').next().unwrap_or_default()
}

/// What follows from a validation: the profile and the issues are kept where it is not valid.
fn settled(found: Validation, profile: Option<String>, draft: &mut Draft) -> Result<(), Reason> {
    let under = profile.as_ref().map_or("its type and what it claims".to_owned(), |p| format!("`{p}`"));
    draft.profile = profile;
    let (rule, text) = match found.validity {
        Validity::Valid => return Ok(()),
        Validity::Invalid if draft.profile.is_some() => {
            ("profile-failed", format!("the body is not valid against {under}"))
        }
        Validity::Invalid => ("body-invalid", format!("the body is not valid against {under}")),
        Validity::Undetermined => {
            ("profile-undetermined", format!("cannot determine whether the body is valid against {under}"))
        }
    };
    draft.issues = found.issues;
    Err(refused(rule, text))
}
