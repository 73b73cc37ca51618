//! The table of reasons, and what a row of it must say.

/// Why the two differ, by the ids of rules and messages.
pub const LEDGER: &str = include_str!("ledger.tsv");

/// The reasons that a row may have, and what they mean.
pub const REASONS: [(&str, &str); 8] = [
    ("java-wrong", "the specification says otherwise"),
    ("java-cascade", "the official validator tells more of what both tell once"),
    ("java-open", "the specification leaves open what the official validator decides"),
    ("place", "the same fault, told at another place"),
    ("terminology", "rests on codes that only one of them has"),
    ("stricter", "an error by the specification that the official validator does not look for"),
    ("not-built", "right, and the engine has no rule for it yet"),
    ("wrong", "the engine is wrong"),
];

/// The rows that do not have six cells, or whose side or reason is none.
pub fn broken(table: &str) -> Vec<&str> {
    let is_whole = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [side, id, beside, kind, reason, why] = cells[..] else { return false };
        ["ours", "theirs", "open"].contains(&side)
            && [id, beside, kind, why].iter().all(|c| !c.is_empty())
            && REASONS.iter().any(|(name, _)| *name == reason)
    };
    table.lines().filter(|l| !l.starts_with('#') && !is_whole(l)).collect()
}
