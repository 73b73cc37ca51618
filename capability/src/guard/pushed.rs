//! Subscriptions (<https://hl7.org/fhir/R4/subscription.html>): whoever writes one has the server search, and send what
//! it finds to where the writer says. No answer shows it, so that only scopes without limits can carry it.

use fhir_accord_profiles::instance::Node;

use super::access::Reason;
use super::document::{member, name, type_of};
use super::judge::{Draft, Judge};
use super::query::parameters;
use super::refusal::refused;
use crate::scope::Permission;

/// The type whose resources have a server send others.
const SUBSCRIPTION: &str = "Subscription";

/// The search by which a Subscription selects what is sent; empty where it is selected otherwise, `None` where the
/// resource is no Subscription.
pub(super) fn criteria(root: Node<'_>) -> Option<String> {
    let is_one = type_of(root).as_deref() == Some(SUBSCRIPTION);
    is_one.then(|| member(root, name("criteria")).unwrap_or_default())
}

impl Judge<'_> {
    /// Whether what a Subscription has the server send could be searched for.
    pub(super) fn pushed(&self, criteria: &str) -> Result<(), Reason> {
        let (searched, query) = criteria.split_once('?').unwrap_or((criteria, ""));
        // A topic, or a search that is not written here, may send whatever there is.
        let is_search = self.evidence.knows_type(searched);
        let may = match is_search {
            true => {
                self.negotiated("search-type", Some(searched)).is_ok()
                    && self.freely(searched, Permission::Search).is_some()
            }
            false => self.negotiated("search-system", None).is_ok() && self.freely("*", Permission::Search).is_some(),
        };
        if !may {
            return Err(refused("pushed-unjudged", UNSEARCHABLE));
        }
        if !is_search {
            return Ok(());
        }
        let mut draft = Draft::default();
        self.search(Some(searched), &parameters(query)?, &mut draft)?;
        if draft.judges_answer {
            return Err(refused("pushed-unjudged", "a Subscription includes resources, which nobody judges"));
        }
        Ok(())
    }
}

const UNSEARCHABLE: &str = "a Subscription has the server send what the negotiation and a scope without limits do not \
                            let it search";
