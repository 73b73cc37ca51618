//! The transforms of maps and their parameters (<https://hl7.org/fhir/R4/structuremap.html#transforms>).

use super::{named, text};
use crate::fhirpath;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge};

/// How many parameters a transform takes, at least and at most; `None` of one that says nothing of them.
fn takes(transform: &str) -> Option<(usize, usize)> {
    Some(match transform {
        // Without one, `copy` takes over the source.
        "create" | "copy" => (0, 1),
        "reference" | "pointer" => (1, 1),
        "truncate" => (2, 2),
        "escape" => (1, 3),
        "cast" | "evaluate" | "cp" => (1, 2),
        "append" => (1, usize::MAX),
        "translate" => (2, 3),
        "uuid" => (0, 0),
        "c" | "id" => (2, 3),
        "cc" => (1, 4),
        "qty" => (1, 4),
        _ => return None,
    })
}

/// What a translation may give (<https://hl7.org/fhir/R4/structuremap.html#transforms>).
const TRANSLATED: [&str; 6] = ["code", "system", "display", "Coding", "coding", "CodeableConcept"];

/// Judges the transform of a target.
pub(super) fn transform<'t>(j: &mut Judge<'_, 't>, target: Node<'t>, is_variable: impl Fn(&str) -> bool) {
    let parameters: Vec<Node<'t>> = named(target, "parameter").collect();
    let Some(name) = text(target, "transform") else {
        if !parameters.is_empty() {
            j.error(RuleId::MAP_TRANSFORM, target, &[], || {
                Detail::Text("it has parameters, but no transform".to_owned())
            });
        }
        return;
    };
    for variable in parameters.iter().filter_map(|p| text(*p, "valueId")) {
        if !is_variable(&variable) {
            j.error(RuleId::MAP_VARIABLE, target, &[], || Detail::Text(variable.into_owned()));
        }
    }
    let Some((least, most)) = takes(&name) else { return };
    let given = parameters.len();
    if given < least || given > most {
        let wanted = match most {
            usize::MAX => format!("at least {least}"),
            _ if least == most => least.to_string(),
            _ => format!("{least} to {most}"),
        };
        j.error(RuleId::MAP_TRANSFORM, target, &[], || {
            Detail::Text(format!("`{name}` takes {wanted} parameters, not {given}"))
        });
        return;
    }
    let last = || parameters.last().and_then(|p| text(*p, "valueString"));
    let fault = match &*name {
        "evaluate" => last()
            .and_then(|x| fhirpath::parse(&x).err())
            .map(|e| format!("its expression is not valid: {}", e.message)),
        "translate" if given == 3 => last().filter(|mode| !TRANSLATED.contains(&&**mode)).map(|mode| {
            format!("a translation gives a code, a system, a display, a coding or a concept, not `{mode}`")
        }),
        _ => None,
    };
    if let Some(fault) = fault {
        j.error(RuleId::MAP_TRANSFORM, target, &[], || Detail::Text(fault));
    }
}
