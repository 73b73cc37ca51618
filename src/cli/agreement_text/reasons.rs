//! The findings that decide the verdict.

use std::io::{Result, Write};

use super::words::{LINES_LIMIT, combination_name, sentence, short, weight_word};
use crate::capability::agreement::{Agreement, Answer, ProfileStatus, ScopeAnswer, Verdict};
use crate::capability::expectation::Weight;

/// The findings that decide the verdict.
pub(super) fn reasons(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    let wanted: &[(Weight, bool)] = match agreement.verdict {
        Verdict::Incompatible => &[(Weight::Shall, true)],
        Verdict::Indeterminate => &[(Weight::Shall, false)],
        Verdict::Degraded => &[(Weight::Should, true)],
        Verdict::Compatible => &[],
    };
    for (weight, failed) in wanted {
        let lines = findings(agreement, *weight, *failed);
        if lines.is_empty() {
            continue;
        }
        let state = if *failed { "not met" } else { "unknown" };
        writeln!(out, "\n{}, but {state}:", weight_word(Some(*weight)))?;
        for line in lines.iter().take(LINES_LIMIT) {
            writeln!(out, "  {line}")?;
        }
        if lines.len() > LINES_LIMIT {
            writeln!(out, "  … and {} more, see the tables below", lines.len() - LINES_LIMIT)?;
        }
    }
    Ok(())
}

/// `Type item: reason` for every finding of this weight that failed (`failed`) or is unknown.
fn findings(agreement: &Agreement, weight: Weight, failed: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let wanted = |weighs: Option<Weight>, server: Answer, scope: Option<ScopeAnswer>| {
        let lost = server == Answer::No || matches!(scope, Some(ScopeAnswer::NotAsked | ScopeAnswer::Missing));
        weighs == Some(weight) && if failed { lost } else { !lost && server == Answer::Unknown }
    };
    for i in agreement.system.interactions.iter().filter(|i| wanted(i.weighs, i.server, i.scope)) {
        lines.push(format!("system {}: {}", i.code, sentence(&i.why)));
    }
    for resource in &agreement.resources {
        let name = &resource.resource_type;
        if wanted(resource.weighs, resource.server, None) {
            lines.push(format!("{name}: {}", sentence(&resource.why)));
            continue;
        }
        for i in resource.interactions.iter().filter(|i| wanted(i.weighs, i.server, i.scope)) {
            lines.push(format!("{name} {}: {}", i.code, sentence(&i.why)));
        }
        for p in resource.profiles.iter().filter(|p| {
            p.weighs == Some(weight)
                && if failed {
                    p.status == ProfileStatus::Refuted
                } else {
                    matches!(p.status, ProfileStatus::Unknown | ProfileStatus::Partial)
                }
        }) {
            lines.push(format!("{name} profile {}: {}", short(&p.required), sentence(&p.why)));
        }
        for p in resource.search_params.iter().filter(|p| wanted(p.weighs, p.server, None)) {
            lines.push(format!("{name} search by {}: {}", p.name, sentence(&p.why)));
        }
        for c in resource.combinations.iter().filter(|c| wanted(c.weighs, c.server, None)) {
            lines.push(format!("{name} search by {}: {}", combination_name(c), sentence(&c.why)));
        }
        for i in resource.includes.iter().filter(|i| wanted(i.weighs, i.server, None)) {
            lines.push(format!("{name} include {}: {}", i.code, sentence(&i.why)));
        }
        for o in resource.operations.iter().filter(|o| wanted(o.weighs, o.server, o.scope)) {
            lines.push(format!("{name} ${}: {}", o.name, sentence(&o.why)));
        }
    }
    lines
}
