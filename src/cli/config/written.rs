//! Settings as text: a line each, with where it comes from.

use std::io::{self, Write};

use serde_json::Value;

use super::entry::{Entry, Origin, Told};
use crate::printable::one_line;

/// Writes the settings, one a line.
pub(super) fn text(told: &Told, out: &mut dyn Write) -> io::Result<()> {
    match &told.file {
        Some(file) => writeln!(out, "# {}", one_line(file))?,
        None => writeln!(out, "# no accord.toml")?,
    }
    told.settings.iter().try_for_each(|entry| {
        let Entry { name, value, from } = entry;
        let from = match from {
            Origin::File { line } => format!("line {line}"),
            Origin::Option { option } => option.clone(),
            Origin::Environment { variable } => (*variable).to_owned(),
            Origin::Preset => "preset".to_owned(),
            Origin::Default => "default".to_owned(),
        };
        match value {
            Value::Null => writeln!(out, "# {name} is not set  # {from}"),
            value => writeln!(out, "{} = {}  # {from}", one_line(name), one_line(&inline(value))),
        }
    })
}

/// A value as TOML has it in a line.
fn inline(value: &Value) -> String {
    match value {
        Value::Array(all) => format!("[{}]", all.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let each = members.iter().map(|(key, value)| format!("{key} = {}", inline(value)));
            format!("{{ {} }}", each.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
