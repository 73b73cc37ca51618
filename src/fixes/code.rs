//! Codes of the value set that an element is bound to.

use super::context::Context;
use super::edit::{Edit, Fix};
use super::value::{in_attribute, in_string};
use crate::cursor::Spot;

/// The most codes that are offered in place of one.
const OFFERED: usize = 10;

/// Writes another code, those that are spelled nearest first.
pub(super) fn members(c: &Context<'_>) -> Vec<Fix> {
    offered(c).unwrap_or_default()
}

fn offered(c: &Context<'_>) -> Option<Vec<Fix>> {
    let Spot::Value { name, token } = &c.around.spot else { return None };
    let way = c.way(&c.around)?;
    let spots = c.definitions?.child(&way.inside, name);
    let definitions = c.definitions?;
    let system = c.level()?.fact("system").filter(|_| name == "code");
    let bindings = definitions.bindings(&way, &spots);
    let codes = bindings.iter().find_map(|b| definitions.codes(&b.value_set))?;
    let mut near: Vec<_> = codes.codes.iter().filter(|code| system.is_none_or(|s| s == code.system)).collect();
    near.sort_by_key(|code| distance(&code.code, &token.text));
    let fix = |code: &&crate::elements::Code| {
        let text = if c.is_xml() { in_attribute(&code.code) } else { in_string(&code.code) };
        let display = code.display.as_ref().map(|d| format!(" ({d})")).unwrap_or_default();
        Fix::doubtful(format!("write the code `{}`{display}", code.code), vec![Edit::new(token.range.clone(), text)])
    };
    Some(near.iter().take(OFFERED).map(fix).collect())
}

/// The longest texts that are compared letter by letter.
const LONGEST: usize = 64;

/// How many letters have to change for one text to become the other, without regard to case.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let letters = |text: &str| -> Vec<char> { text.to_lowercase().chars().take(LONGEST).collect() };
    let (a, b) = (letters(a), letters(b));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, above) in b.iter().zip(row.iter().skip(1)) {
            left = (corner + usize::from(x != y)).min(above + 1).min(left + 1);
            corner = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
