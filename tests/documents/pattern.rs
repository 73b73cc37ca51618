//! Whether a command prints what a page shows: `…` stands for any lines, or for any text inside a line.

/// Whether `found` is what `wanted` shows.
pub fn fits(wanted: &[String], found: &[String]) -> bool {
    glob(wanted, found, |w| w.trim() == "…", |w, f| in_line(w.trim_end(), f.trim_end()))
}

fn in_line(wanted: &str, found: &str) -> bool {
    let (wanted, found): (Vec<char>, Vec<char>) = (wanted.chars().collect(), found.chars().collect());
    glob(&wanted, &found, |w| *w == '…', |w, f| w == f)
}

/// Matches with wildcards for any number of items; where one does not fit, the last wildcard takes one more.
fn glob<W, F>(wanted: &[W], found: &[F], any: impl Fn(&W) -> bool, same: impl Fn(&W, &F) -> bool) -> bool {
    let (mut w, mut f) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    while f < found.len() {
        if wanted.get(w).is_some_and(&any) {
            last = Some((w, f));
            w += 1;
        } else if wanted.get(w).is_some_and(|one| same(one, &found[f])) {
            (w, f) = (w + 1, f + 1);
        } else if let Some((star, taken)) = last {
            last = Some((star, taken + 1));
            (w, f) = (star + 1, taken + 1);
        } else {
            return false;
        }
    }
    wanted[w..].iter().all(any)
}

#[test]
fn what_differs_is_found_out() {
    let lines = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
    let yes = |wanted: &str, found: &str| assert!(fits(&lines(wanted), &lines(found)), "{wanted} / {found}");
    let no = |wanted: &str, found: &str| assert!(!fits(&lines(wanted), &lines(found)), "{wanted} / {found}");
    yes("one|…|last", "one|last");
    yes("one|…|last", "one|two|last|three|last");
    yes("…|b|…|d", "a|b|c|d");
    yes("in … s, …", "in 0.1 s, two");
    no("one|…|last", "one|last|more");
    no("one|…|last", "one");
    no("in … s", "in 0.1 ms");
    no("one", "one|two");
    assert!(fits(&[], &[]) && fits(&lines("…"), &[]) && !fits(&[], &lines("a")));
}
