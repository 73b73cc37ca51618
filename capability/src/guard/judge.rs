//! One decision: what is known of the negotiation, the token and the evidence, and what is asked of them.

use std::cell::Cell;

use fhir_accord_profiles::interrupt::Interrupt;

use super::access::{Decision, Reason, Verdict};
use super::evidence::{Evidence, Truth};
use super::grants::{Carriers, Grants};
use super::limits::QUESTIONS_LIMIT;
use super::offer::Negotiated;
use super::query::SELECTING;
use super::refusal::{beyond, broken_off, refused};
use crate::scope::{Context, Pair, Permission, ResourceScope};

/// What a decision rests on.
pub(super) struct Judge<'a> {
    pub negotiated: &'a Negotiated,
    pub evidence: &'a dyn Evidence,
    pub grants: Grants<'a>,
    pub interrupt: &'a Interrupt,
    asked: Cell<usize>,
}

/// A decision in the making: allowed, as long as nothing is against it.
#[derive(Default)]
pub(super) struct Draft {
    pub interaction: Option<&'static str>,
    pub resource_type: Option<String>,
    pub scope: Option<String>,
    pub profile: Option<String>,
    pub issues: Vec<serde_json::Value>,
    pub entries: Vec<Decision>,
    /// The answer is to be judged.
    pub judges_answer: bool,
    /// The old state is needed.
    pub needs_old: bool,
}

impl Draft {
    /// The decision, with what was against it.
    pub(super) fn done(self, refusal: Result<(), Reason>) -> Decision {
        let verdict = match &refusal {
            Err(_) => Verdict::Refused,
            Ok(()) if self.needs_old => Verdict::NeedsOld,
            Ok(()) if self.judges_answer => Verdict::JudgeAnswer,
            Ok(()) => Verdict::Allowed,
        };
        Decision {
            verdict,
            interaction: self.interaction,
            resource_type: self.resource_type,
            scope: self.scope,
            profile: self.profile,
            why: refusal.err().into_iter().collect(),
            issues: self.issues,
            entries: self.entries,
        }
    }
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        negotiated: &'a Negotiated,
        evidence: &'a dyn Evidence,
        grants: Grants<'a>,
        interrupt: &'a Interrupt,
    ) -> Judge<'a> {
        Judge { negotiated, evidence, grants, interrupt, asked: Cell::new(0) }
    }

    /// Whether time is left.
    pub(super) fn go_on(&self) -> Result<(), Reason> {
        if self.interrupt.is_raised() { Err(broken_off()) } else { Ok(()) }
    }

    /// Whether the negotiation has an interaction on a type, or with `None` at the system level.
    pub(super) fn negotiated(&self, code: &str, resource_type: Option<&str>) -> Result<(), Reason> {
        if self.negotiated.level(resource_type).is_some_and(|level| level.allows(code)) {
            return Ok(());
        }
        let listed = self.negotiated.level(resource_type).is_some_and(|l| l.interactions.contains_key(code));
        let on = resource_type.map_or("the system level".to_owned(), str::to_owned);
        Err(refused(
            "interaction-not-negotiated",
            match listed {
                true => format!("the negotiation does not say that `{code}` of {on} can be used"),
                false => format!("the negotiation does not list `{code}` of {on}"),
            },
        ))
    }

    /// Whether a type may be read in any way, as far as the negotiation goes.
    pub(super) fn is_readable(&self, resource_type: &str) -> bool {
        let codes = ["read", "search-type"];
        codes.iter().any(|code| self.negotiated(code, Some(resource_type)).is_ok())
    }

    /// Whether a flag of a type is negotiated.
    pub(super) fn flag(&self, resource_type: &str, name: &str) -> bool {
        let level = self.negotiated.level(Some(resource_type));
        level.and_then(|l| l.flags.get(name)).is_some_and(|s| s.usable)
    }

    /// Whether writes of a type may be of this conditional kind.
    pub(super) fn conditional(&self, resource_type: &str, flag: &str) -> Result<(), Reason> {
        let text = format!("the negotiation does not list `{flag}` of {resource_type}, or says that it cannot be used");
        if self.flag(resource_type, flag) { Ok(()) } else { Err(refused("conditional-not-negotiated", text)) }
    }

    /// What carries a permission on a type; with `*` on every type.
    pub(super) fn carriers(&self, resource_type: &str, permission: Permission) -> Result<Carriers<'_>, Reason> {
        match self.grants.carriers(resource_type, permission) {
            Carriers::None(lacks_patient) => Err(lacking(resource_type, permission, lacks_patient)),
            found => Ok(found),
        }
    }

    /// The scope that carries a permission on every resource of a type.
    pub(super) fn freely(&self, resource_type: &str, permission: Permission) -> Option<String> {
        match self.grants.carriers(resource_type, permission) {
            Carriers::Free(scope) => Some(scope.to_string()),
            _ => None,
        }
    }

    /// The scope that carries a permission on this resource.
    pub(super) fn carried(
        &self,
        resource_type: &str,
        permission: Permission,
        resource: &[u8],
    ) -> Result<String, Reason> {
        let limited = match self.carriers(resource_type, permission)? {
            Carriers::Free(scope) => return Ok(scope.to_string()),
            Carriers::Limited(limited) => limited,
            Carriers::None(lacks_patient) => return Err(lacking(resource_type, permission, lacks_patient)),
        };
        let mut inside = None;
        let mut why: Option<Reason> = None;
        for scope in limited {
            match self.within(scope, resource, &mut inside)? {
                None => return Ok(scope.to_string()),
                // What might yet be inside is told before what is not.
                Some(reason) if why.is_none() || reason.rule == "access-undetermined" => why = Some(reason),
                Some(_) => {}
            }
        }
        Err(why.unwrap_or_else(|| lacking(resource_type, permission, false)))
    }

    /// Why a scope with limits does not carry a resource; `None` where it does. `inside` remembers whether it is the
    /// patient's.
    fn within(
        &self,
        scope: &ResourceScope,
        resource: &[u8],
        inside: &mut Option<Truth>,
    ) -> Result<Option<Reason>, Reason> {
        if let (Context::Patient, Some(patient)) = (scope.context, self.grants.patient) {
            if inside.is_none() {
                self.ask()?;
                *inside = Some(self.evidence.in_compartment(resource, patient, self.interrupt));
            }
            let outside =
                || refused("outside-patient", "the resource is not in the compartment of the token's patient");
            let unknown = "whether the resource is in the compartment of the token's patient";
            if let Some(reason) = inside.clone().and_then(|truth| against(truth, outside, unknown)) {
                return Ok(Some(reason));
            }
        }
        if scope.query.is_empty() {
            return Ok(None);
        }
        if scope.query.pairs.iter().any(is_no_filter) {
            let text = format!("cannot determine what the filter of `{scope}` selects");
            return Ok(Some(refused("access-undetermined", text)));
        }
        self.ask()?;
        let meets = self.evidence.meets(resource, &scope.query.to_string(), self.interrupt);
        let outside = || refused("outside-filter", format!("the resource does not meet the filter of `{scope}`"));
        Ok(against(meets, outside, &format!("whether the resource meets the filter of `{scope}`")))
    }

    /// Counts a question about a resource.
    fn ask(&self) -> Result<(), Reason> {
        self.go_on()?;
        self.asked.set(self.asked.get() + 1);
        match self.asked.get() > QUESTIONS_LIMIT {
            true => Err(beyond("scopes and resources together need more comparisons than are made", QUESTIONS_LIMIT)),
            false => Ok(()),
        }
    }
}

/// Whether a pair of a scope selects by what the server sets, or only says how to answer; or has a value that ends in
/// an escape, so that the comma behind it belongs to the value.
fn is_no_filter(pair: &Pair) -> bool {
    let bare = pair.name.split([':', '.']).next().unwrap_or_default();
    let is_odd = bare.starts_with('_') && (!SELECTING.contains(&bare) || matches!(bare, "_has" | "_lastUpdated"));
    let is_open = |value: &String| value.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1;
    is_odd || pair.values.iter().any(is_open)
}

fn against(truth: Truth, outside: impl Fn() -> Reason, unknown: &str) -> Option<Reason> {
    match truth {
        Truth::Yes => None,
        Truth::No => Some(outside()),
        Truth::Unknown(why) => Some(refused("access-undetermined", format!("cannot determine {unknown}: {why}"))),
    }
}

fn lacking(resource_type: &str, permission: Permission, lacks_patient: bool) -> Reason {
    let letter = permission.letter();
    match lacks_patient {
        true => refused(
            "patient-missing",
            format!("only a patient scope allows `{letter}` on {}, and the token names no patient", on(resource_type)),
        ),
        false => {
            refused("insufficient-scope", format!("no scope of the token allows `{letter}` on {}", on(resource_type)))
        }
    }
}

fn on(resource_type: &str) -> &str {
    if resource_type == "*" { "every type" } else { resource_type }
}
