//! Ratchets: what is over a limit may shrink and may not grow. Each is a file of rows `number name`.

use std::collections::BTreeMap;

use crate::source::root;

/// By name: how large it is, or how many there are.
pub type Sizes = BTreeMap<String, usize>;

/// One ratchet.
pub struct Ratchet {
    /// The file of its rows, from the root.
    pub file: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// What may be without a row, by name.
    pub limit: fn(&str) -> usize,
}

/// The rows of a ratchet's file.
pub fn rows(text: &str) -> Sizes {
    let rows = text.lines().filter_map(|l| l.split_once(' '));
    rows.filter_map(|(number, name)| Some((name.to_owned(), number.parse().ok()?))).collect()
}

impl Ratchet {
    /// What is over its row, or over the limit and has none.
    pub fn grown(&self, now: &Sizes, kept: &Sizes) -> Vec<String> {
        let allowed = |name: &str| kept.get(name).copied().unwrap_or((self.limit)(name));
        let over = now.iter().filter(|(name, number)| **number > allowed(name));
        over.map(|(name, number)| format!("{name}: {number} {}, at most {} allowed", self.unit, allowed(name)))
            .collect()
    }

    /// What stays of the rows: those that are still needed, with the smaller number.
    fn tightened(&self, now: &Sizes, kept: &Sizes) -> String {
        let rows = kept.iter().filter_map(|(name, k)| Some((name, *k.min(now.get(name)?))));
        rows.filter(|(name, number)| *number > (self.limit)(name))
            .map(|(name, number)| format!("{number} {name}\n"))
            .collect()
    }

    /// Fails where something has grown. `just bless` takes out and lowers rows; a new or higher one is written by hand.
    pub fn hold(&self, now: &Sizes) {
        let file = root().join(self.file);
        let kept = rows(&std::fs::read_to_string(&file).unwrap_or_default());
        if std::env::var_os("ACCORD_BLESS").is_some() {
            std::fs::write(&file, self.tightened(now, &kept)).expect("the ratchet can be written");
        }
        let all = self.grown(now, &kept);
        assert!(all.is_empty(), "{}:\n{}", self.file, all.join("\n"));
    }
}

#[test]
fn a_ratchet_only_falls() {
    let ratchet = Ratchet { file: "", unit: "lines", limit: |_| 10 };
    let sizes = |pairs: &[(&str, usize)]| pairs.iter().map(|(n, s)| ((*n).to_owned(), *s)).collect::<Sizes>();
    let kept = rows("30 a\n20 b\n15 gone\n12 c\n");
    let now = sizes(&[("a", 31), ("b", 18), ("c", 9), ("d", 11), ("e", 10)]);
    assert_eq!(ratchet.grown(&now, &kept), ["a: 31 lines, at most 30 allowed", "d: 11 lines, at most 10 allowed"]);
    assert_eq!(ratchet.tightened(&now, &kept), "30 a\n18 b\n");
}
