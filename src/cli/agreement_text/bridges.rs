//! What the data of one profile would also have to meet to satisfy another, as lists that somebody can act on.

use std::io::{Result, Write};

use crate::capability::agreement::{Agreement, Direction, Kind, ProfileDetails, Row};
use crate::wording::words::short;

/// How many demands of a pair of profiles are written.
const DEMANDS: usize = 12;

/// The bridges of all profiles that are not proven: for reads the server's data, then for writes the client's.
pub(super) fn bridges(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    for (direction, whose) in [(Direction::Read, "server"), (Direction::Write, "client")] {
        let profiles = agreement.resources.iter().flat_map(|r| r.of(Kind::Profile)).filter_map(Row::profile);
        let found: Vec<&ProfileDetails> =
            profiles.filter(|p| p.direction == direction && !p.bridge.is_empty()).collect();
        if found.is_empty() {
            continue;
        }
        writeln!(out, "\nwhat the {whose}'s data would also have to meet")?;
        for profile in found {
            one(profile, out)?;
        }
    }
    Ok(())
}

fn one(profile: &ProfileDetails, out: &mut dyn Write) -> Result<()> {
    let by = profile.satisfied_by.as_deref().unwrap_or_default();
    let (data, demands) = match profile.direction {
        Direction::Read => (by, profile.required.as_str()),
        Direction::Write => (profile.required.as_str(), by),
    };
    writeln!(out, "  {} to be valid for {}", short(data), short(demands))?;
    for demand in profile.bridge.iter().take(DEMANDS) {
        writeln!(out, "    {}", brief(demand))?;
    }
    match profile.bridge_count.saturating_sub(DEMANDS) {
        0 => Ok(()),
        more => writeln!(out, "    … and {more} more, see `--format json`"),
    }
}

/// The demand with its profiles as they are named elsewhere in the text; their canonicals are in the JSON form.
fn brief(demand: &str) -> String {
    let part = |(i, part): (usize, &str)| {
        let is_profile = i % 2 == 1 && part.contains("/StructureDefinition/") && !part.contains(' ');
        if is_profile { short(part).to_owned() } else { part.to_owned() }
    };
    demand.split('`').enumerate().map(part).collect::<Vec<_>>().join("`")
}
