//! Which profile follows which across DAF, Argonaut and US Core. A relation of descent, never of satisfaction.

/// True where both urls are in one line of succession, in either order.
pub fn are_relatives(a: &str, b: &str) -> bool {
    let lines = include_str!("../data/succession.tsv").lines().filter(|l| !l.starts_with('#'));
    a != b && lines.map(|l| l.split('\t')).any(|mut chain| chain.clone().any(|c| c == a) && chain.any(|c| c == b))
}
