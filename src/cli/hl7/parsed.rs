//! Arguments to what is asked for.

use std::path::Path;

use super::asked::Asked;
use super::flagged::set;
use super::flags::{Does, find};
use super::modes::elsewhere;

/// Reads the arguments, in any order.
///
/// # Errors
/// An option that is not known, has no value or a wrong one, or would change a verdict and is not supported.
pub(super) fn parse(arguments: &[String]) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let mut all = arguments.iter().enumerate().peekable();
    while let Some((i, argument)) = all.next() {
        if let Some(other) = elsewhere(argument, i == 0) {
            return Err(other);
        }
        let is_file = !argument.starts_with('-') && (find(argument).is_none() || Path::new(argument).exists());
        if is_file || argument == "-" {
            asked.sources.push(argument.clone());
            continue;
        }
        let flag = find(argument).ok_or_else(|| {
            format!("`{argument}` is no option of HL7's validator that is known here; `accord hl7 -help` lists them")
        })?;
        let mut values: Vec<&str> = Vec::new();
        for _ in 0..flag.values {
            let (_, value) = all.next().ok_or_else(|| format!("`{argument}` needs a value"))?;
            values.push(value);
        }
        // Its value may be left out.
        let follows = all.peek().map(|(_, next)| next.as_str()).filter(|next| matches!(*next, "true" | "false"));
        if flag.name == "allow-example-urls"
            && let Some(value) = follows
        {
            values.push(value);
            all.next();
        }
        match flag.does {
            Does::Counts => set(&mut asked, flag.name, &values).map_err(|e| format!("`{argument}`: {e}"))?,
            Does::Nothing(why) => tell(&mut asked.notes, format!("`{argument}` has no effect: {why}")),
            Does::Refused(way) => {
                return Err(format!("`{argument}` is not supported, and could change a verdict: {way}"));
            }
        }
    }
    if asked.tx.is_none() && !asked.no_tx {
        tell(&mut asked.notes, "no terminology server is asked; name one with `-tx URL`, or say `-tx n/a`".to_owned());
    }
    Ok(asked)
}

fn tell(notes: &mut Vec<String>, text: String) {
    if !notes.contains(&text) {
        notes.push(text);
    }
}

#[cfg(test)]
#[path = "parsed_tests.rs"]
mod tests;
