//! What search parameters mean, by the definitions in the packages
//! (<https://hl7.org/fhir/R4/searchparameter.html>).

use std::sync::Arc;

use super::ground::Sides;
use super::offer::Offered;
use crate::agreement::Answer;
use crate::definitions::{Definitions, SearchParameterInfo};
use crate::reason::Reason;
use crate::statement::{Named, parse_canonical};

/// Parameters that shape the answer to a search and select nothing
/// (<https://hl7.org/fhir/R4/search.html#return>).
const RESULT_PARAMETERS: [&str; 11] = [
    "_contained",
    "_containedType",
    "_count",
    "_elements",
    "_format",
    "_include",
    "_pretty",
    "_revinclude",
    "_score",
    "_sort",
    "_summary",
];

/// Whether a parameter shapes the answer to a search, and selects nothing.
pub fn is_result_parameter(name: &str) -> bool {
    RESULT_PARAMETERS.contains(&name) || matches!(name, "_total" | "_maxresults")
}

/// The definitions of search parameters, in the FHIR release of the server.
#[derive(Clone, Copy)]
pub struct Parameters<'a> {
    definitions: &'a dyn Definitions,
    release: Option<&'a str>,
}

impl<'a> Parameters<'a> {
    /// Those of a negotiation.
    pub fn of(sides: &Sides<'a>) -> Parameters<'a> {
        Parameters { definitions: sides.definitions, release: sides.release }
    }

    /// What an offer comes to where one side means one parameter and the other lists another of the same name.
    pub fn judged<'s>(
        self,
        mut offered: Offered<'s>,
        resource_type: &str,
        wanted: &Named,
        found: &Named,
    ) -> Offered<'s> {
        if offered.answer == Answer::No {
            return offered;
        }
        let (mine, theirs) = (self.of_named(resource_type, wanted), self.of_named(resource_type, found));
        if differ(self.kind(wanted, mine.as_deref()), self.kind(found, theirs.as_deref())) {
            return Offered { answer: Answer::No, why: vec![Reason::TypeDiffers], ..offered };
        }
        let same = match (&mine, &theirs) {
            (Some(a), Some(b)) => a.url == b.url || is_same(a, b, resource_type),
            _ => same_url(wanted, found),
        };
        if offered.answer == Answer::Yes && !same {
            offered.why.push(Reason::Assumed);
        }
        offered
    }

    /// The definition that a statement means: the one that it names, else the base specification's.
    pub fn of_named(self, resource_type: &str, named: &Named) -> Option<Arc<SearchParameterInfo>> {
        match &named.definition {
            Some(definition) => self.definitions.search_parameter_at(&parse_canonical(definition)),
            None => self.definitions.search_parameter(self.release, resource_type, &named.name),
        }
    }

    /// The type of a parameter, as the statement says it, else as its definition does.
    fn kind<'k>(self, named: &'k Named, info: Option<&'k SearchParameterInfo>) -> Option<&'k str> {
        named.kind.as_deref().or(info.map(|i| i.kind.as_str())).filter(|k| !k.is_empty())
    }
}

fn differ(a: Option<&str>, b: Option<&str>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a != b)
}

fn same_url(a: &Named, b: &Named) -> bool {
    let (Some(a), Some(b)) = (&a.definition, &b.definition) else { return false };
    let (a, b) = (parse_canonical(a), parse_canonical(b));
    a.url == b.url && (a.version == b.version || a.version.is_none() || b.version.is_none())
}

/// Whether two definitions read the same elements of a type.
fn is_same(a: &SearchParameterInfo, b: &SearchParameterInfo, resource_type: &str) -> bool {
    let derived = |x: &SearchParameterInfo, y: &SearchParameterInfo| x.derived_from.as_deref() == Some(y.url.as_str());
    if derived(a, b) || derived(b, a) {
        return a.kind == b.kind;
    }
    let (own, other) = (a.expression_of(resource_type), b.expression_of(resource_type));
    a.kind == b.kind && !own.is_empty() && own == other
}
