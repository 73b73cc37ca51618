//! Lists that come in pages: what a query string asks for.

use super::Fault;
use super::query::pairs;

/// How many entries a page has where the request does not say.
const PAGE: usize = 100;
/// How many entries a page has at most.
const PAGE_LIMIT: usize = 1000;

/// What a query string asks for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// How many entries a page has at most.
    pub count: usize,
    /// Only entries behind this one.
    pub after: Option<String>,
    /// The values of the other parameters that the list takes, by their places among their names.
    pub others: Vec<Option<String>>,
}

/// Reads the query string of a list that also takes parameters with these names.
///
/// # Errors
/// 400 that names what is wrong.
pub(super) fn read(query: &str, names: &[&str]) -> Result<Asked, Fault> {
    let mut asked = Asked { count: PAGE, after: None, others: vec![None; names.len()] };
    for (name, value) in pairs(query)? {
        let other = names.iter().position(|n| *n == name).and_then(|at| asked.others.get_mut(at));
        match (name.as_str(), other) {
            (_, Some(other)) => *other = Some(value),
            ("count", _) => {
                let number = value.parse::<usize>().ok().filter(|n| *n > 0);
                let fault = || Fault::invalid("query", "parameter `count` is not a number from 1 on");
                asked.count = number.ok_or_else(fault)?.min(PAGE_LIMIT);
            }
            ("after", _) => asked.after = Some(value),
            _ => {
                let known: String = names.iter().map(|n| format!("`{n}`, ")).collect();
                let text = format!("unknown parameter; this list takes {known}`count` and `after`");
                return Err(Fault::invalid("query", text));
            }
        }
    }
    Ok(asked)
}

/// Cuts a page that was read with one entry more; the last entry of it where there is another page.
pub(super) fn cut<T>(page: &mut Vec<T>, count: usize) -> Option<&T> {
    let has_more = page.len() > count;
    page.truncate(count);
    page.last().filter(|_| has_more)
}
