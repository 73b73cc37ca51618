//! What a request would do without: it weighs MAY, whatever the client's statement says.

use crate::agreement::Kind;
use crate::expectation::Expectation;
use crate::issue::{Issue, Party};
use crate::part::Part;
use crate::reason::Reason;
use crate::statement::{Combination, Resource, Rest, Stated, Statement};

/// Makes the parts that these texts name optional; a text may hold several, separated by commas. One that names nothing
/// in the statement is told.
pub fn relax(client: &mut Statement, texts: &[String], issues: &mut Vec<Issue>) {
    for (i, text) in texts.iter().enumerate() {
        for word in text.split(',').map(str::trim).filter(|w| !w.is_empty()) {
            let told = match Part::parse(word) {
                None => Some("is not a part of a statement"),
                Some(part) if !relax_part(&mut client.rest, &part) => Some("names nothing in the client's statement"),
                Some(_) => None,
            };
            issues.extend(told.map(|told| {
                Issue::warning(
                    Reason::WithoutUnknown,
                    Party::Request,
                    format!("without[{i}]"),
                    format!("`{word}` {told}"),
                )
            }));
        }
    }
}

/// False where the part names nothing.
fn relax_part(rest: &mut Rest, part: &Part) -> bool {
    let mut relaxing = Relaxing { part, any: false };
    if part.is_on(None) {
        relaxing.stated(Kind::Interaction, &mut rest.interactions, |i| i.clone());
        relaxing.stated(Kind::SearchParam, &mut rest.search_params, |p| p.name.clone());
        relaxing.stated(Kind::Operation, &mut rest.operations, |o| o.name.clone());
    }
    for resource in &mut rest.resources {
        if part.is_on(Some(&resource.resource_type)) {
            relaxing.resource(resource);
        }
    }
    relaxing.any
}

struct Relaxing<'p> {
    part: &'p Part,
    /// Whether the part named something.
    any: bool,
}

impl Relaxing<'_> {
    fn resource(&mut self, resource: &mut Resource) {
        if self.part.names(Kind::Type, &resource.resource_type, false) {
            self.may(&mut resource.expectation);
        }
        self.stated(Kind::Profile, &mut resource.profiles, |p| p.canonical.to_string());
        self.stated(Kind::Interaction, &mut resource.interactions, |i| i.clone());
        self.stated(Kind::SearchParam, &mut resource.search_params, |p| p.name.clone());
        for combination in &mut resource.combinations {
            let Combination { required, optional } = &combination.value;
            let whole = [required.as_slice(), optional].concat().join("+");
            let part = self.part;
            let one = |name: &String| part.names(Kind::SearchParam, name, false);
            if part.names(Kind::Combination, &whole, false) || required.iter().any(one) {
                self.may(&mut combination.expectation);
            }
        }
        self.stated(Kind::Include, &mut resource.includes, |i| i.clone());
        self.reverse(&mut resource.rev_includes);
        self.stated(Kind::Operation, &mut resource.operations, |o| o.name.clone());
        self.stated(Kind::Flag, &mut resource.flags, |(name, _)| name.clone());
    }

    fn stated<T>(&mut self, kind: Kind, items: &mut [Stated<T>], name: impl Fn(&T) -> String) {
        for item in items {
            if self.part.names(kind, &name(&item.value), false) {
                self.may(&mut item.expectation);
            }
        }
    }

    fn reverse(&mut self, items: &mut [Stated<String>]) {
        for item in items {
            if self.part.names(Kind::Include, &item.value, true) {
                self.may(&mut item.expectation);
            }
        }
    }

    /// What requires nothing stays as it is.
    fn may(&mut self, expectation: &mut Option<Expectation>) {
        self.any = true;
        if expectation.is_none_or(|e| e.weight().is_some()) {
            *expectation = Some(Expectation::May);
        }
    }
}
