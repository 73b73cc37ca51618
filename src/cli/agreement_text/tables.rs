//! One line for each type; or, on demand, one for each row with its places on both sides.

use std::io::{Result, Write};

use crate::capability::agreement::{Actions, Agreement, Answer, Direction, Kind, ResourceAgreement, Row, Usable};
use crate::wording::profiles_part;
use crate::wording::words::{
    item_name, row_word, sentence, short, status_word, usable_word, verdict_word, weight_word,
};

/// The types, one line each: verdict, weight, what the app can do, how its profiles stand.
pub(super) fn types(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    if agreement.resources.is_empty() {
        return Ok(());
    }
    writeln!(out, "\ntypes")?;
    for resource in &agreement.resources {
        let can = agreement.can_do.0.iter().find(|(name, _)| *name == resource.resource_type);
        writeln!(out, "  {}", type_line(resource, can.map(|(_, actions)| actions)))?;
    }
    Ok(())
}

fn type_line(resource: &ResourceAgreement, actions: Option<&Actions>) -> String {
    let verdict = verdict_word(resource.verdict).to_lowercase();
    let lead = format!("{:<24} {verdict:<13} {:<6}", resource.resource_type, weight_word(resource.entry.weighs));
    if resource.entry.server == Answer::No {
        return format!("{lead} {}", sentence(&resource.entry.why));
    }
    let mut parts: Vec<String> = Vec::new();
    if let Some(a) = actions {
        let all = [("read", a.read), ("search", a.search), ("create", a.create), ("update", a.update)];
        let with = |u: Usable| all.iter().filter(|(_, own)| *own == u).map(|(name, _)| *name).collect::<Vec<_>>();
        for usable in [Usable::Yes, Usable::Likely, Usable::Unknown, Usable::No] {
            let names = with(usable);
            if !names.is_empty() {
                parts.push(format!("{}: {}", usable_word(usable), names.join(", ")));
            }
        }
    }
    parts.extend(profiles_part(resource).map(|p| format!("profiles: {p}")));
    format!("{lead} {}", parts.join("; "))
}

/// Every row with its places on both sides.
pub(super) fn rows(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    if !agreement.system.rows.is_empty() {
        writeln!(out, "\nsystem")?;
        lines(&agreement.system.rows, out)?;
    }
    for resource in &agreement.resources {
        writeln!(out, "\n{}", resource.resource_type)?;
        lines(std::slice::from_ref(&resource.entry), out)?;
        lines(&resource.rows, out)?;
    }
    Ok(())
}

fn lines(rows: &[Row], out: &mut dyn Write) -> Result<()> {
    for row in rows {
        writeln!(out, "  {}", row_line(row).trim_end())?;
        let places = [&row.paths.client, &row.paths.client_guide, &row.paths.server, &row.paths.server_guide];
        let names = ["client", "client's guide", "server", "server's guide"];
        let told: Vec<String> =
            names.iter().zip(places).filter_map(|(name, at)| Some(format!("{name} {}", at.as_ref()?))).collect();
        if !told.is_empty() {
            writeln!(out, "      at {}", told.join(", "))?;
        }
        for condition in row.profile().into_iter().flat_map(|p| &p.conditions) {
            writeln!(out, "      where {condition}")?;
        }
    }
    Ok(())
}

fn row_line(row: &Row) -> String {
    let verdict = row_word(row.verdict());
    let lead = format!("{verdict:<8} {:<6} {:<8}", weight_word(row.weighs), usable_word(row.usable));
    let name = if row.kind() == Kind::Type { "the type itself".to_owned() } else { item_name(row) };
    let why = if row.why.is_empty() { String::new() } else { format!(": {}", sentence(&row.why)) };
    match row.profile() {
        None => format!("{lead} {name}{why}"),
        Some(p) => {
            let by = p.satisfied_by.as_ref().filter(|by| **by != p.required);
            let by = by.map(|by| format!(" by {}", short(by))).unwrap_or_default();
            let realm = if p.realm.is_empty() { String::new() } else { format!(" ({})", p.realm.join(", ")) };
            let direction = if p.direction == Direction::Read { "" } else { ", for writing" };
            let rules: Vec<_> = p.evidence.iter().map(|e| e.rule).filter(|r| !row.why.contains(r)).collect();
            let evidence = if rules.is_empty() { String::new() } else { format!("; {}", sentence(&rules)) };
            format!("{lead} {name}{realm}{direction}: {}{by}{evidence}{why}", status_word(p.status))
        }
    }
}
