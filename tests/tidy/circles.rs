//! Files of a crate that import one another in a circle: they can only be understood together. A circle is untied, or
//! named in the table with the recursion that it follows.

use std::collections::BTreeMap;

use crate::paths::named;
use crate::source::{Source, rust, shipped};
use crate::walls::CIRCLES;

/// The files of one crate, and what each of them imports.
struct Files {
    paths: Vec<String>,
    /// The module of each file, as a path from the crate's root; the root's is empty.
    modules: Vec<Vec<String>>,
    by_module: BTreeMap<Vec<String>, usize>,
    /// For each file the names that its `use` lines bring in, with the paths that they stand for.
    brought_in: Vec<BTreeMap<String, Vec<String>>>,
    /// For each file the paths that it names: of re-exports only those that it uses itself.
    named: Vec<Vec<Vec<String>>>,
}

/// The code of a file that imports: what ships, without the reach of visibilities (`pub(in crate::plan)`).
fn code_of(source: &Source) -> String {
    shipped(source).replace("pub(in crate::", "pub(in ")
}

/// The module that a file is: `profiles/src/plan/mod.rs` is `plan`.
fn module(path: &str, base: &str) -> Vec<String> {
    let below = path.strip_prefix(base).unwrap_or(path).trim_end_matches(".rs");
    let mut parts: Vec<String> = below.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

/// The re-exports of a file's code, and the code without them.
fn split_reexports(code: &str) -> (String, String) {
    let (mut exports, mut rest) = (String::new(), String::new());
    let mut in_export = false;
    for line in code.lines() {
        let body = line.trim_start();
        let starts =
            body.starts_with("pub") && body.split_once("use ").is_some_and(|(before, _)| is_visibility(before));
        in_export |= starts;
        let out = if in_export { &mut exports } else { &mut rest };
        out.push_str(line);
        out.push('\n');
        in_export &= !line.contains(';');
    }
    (exports, rest)
}

/// Whether this is `pub` or `pub(…)` and nothing else.
fn is_visibility(before: &str) -> bool {
    let before = before.trim();
    before == "pub" || before.starts_with("pub(") && before.ends_with(')') && before.matches('(').count() == 1
}

/// Whether code uses a name as a whole word; a module or a method of this name is another thing.
fn uses(code: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let other = before.ends_with(word) || ["mod ", "fn ", "."].iter().any(|w| before.ends_with(w));
        !other && !after.starts_with(word)
    })
}

impl Files {
    fn of(sources: &[Source], base: &str) -> Files {
        let kept: Vec<(&Source, String)> = sources.iter().map(|s| (s, code_of(s))).collect();
        let modules: Vec<Vec<String>> = kept.iter().map(|(s, _)| module(&s.path, base)).collect();
        let mut files = Files {
            paths: kept.iter().map(|(s, _)| s.path.clone()).collect(),
            by_module: modules.iter().cloned().enumerate().map(|(i, m)| (m, i)).collect(),
            modules,
            brought_in: Vec::new(),
            named: Vec::new(),
        };
        for (i, (_, code)) in kept.iter().enumerate() {
            let (exports, rest) = split_reexports(code);
            let (exported, own) = (files.absolute(i, &exports), files.absolute(i, &rest));
            let declared = files.declared(i, &rest);
            let names = exported.iter().chain(&declared);
            let names = names.filter_map(|p| Some((p.last()?.clone(), p.clone()))).collect();
            let used = exported.into_iter().filter(|p| p.last().is_some_and(|name| uses(&rest, name)));
            files.named.push(own.into_iter().chain(used).collect());
            files.brought_in.push(names);
        }
        files
    }

    /// The paths that code names, from the crate's root.
    fn absolute(&self, file: usize, code: &str) -> Vec<Vec<String>> {
        let own = &self.modules[file];
        let parts =
            |path: &str| -> Vec<String> { path.split("::").filter(|p| !p.is_empty()).map(str::to_owned).collect() };
        let mut out: Vec<Vec<String>> = named(code, "crate::").iter().map(|p| parts(p)).collect();
        for path in named(code, "super::") {
            let above = path.split("::").take_while(|p| *p == "super").count();
            let base = own.len().saturating_sub(above + 1);
            out.push(own[..base].iter().cloned().chain(parts(&path).into_iter().skip(above)).collect());
        }
        out.extend(named(code, "self::").iter().map(|p| own.iter().cloned().chain(parts(p)).collect()));
        // A path that begins with a module of this file's, in a `use` line or anywhere else.
        for (module, _) in self.by_module.iter().filter(|(m, _)| m.len() == own.len() + 1 && m.starts_with(own)) {
            let Some(name) = module.last() else { continue };
            let below = named(code, &format!("{name}::"));
            out.extend(below.iter().map(|p| module.iter().cloned().chain(parts(p)).collect()));
            if named(code, "use ").iter().any(|p| p == name) {
                out.push(module.clone());
            }
        }
        out
    }

    /// The paths of a file's own `use` lines.
    fn declared(&self, file: usize, code: &str) -> Vec<Vec<String>> {
        let lines: String =
            code.split(';').filter_map(|s| s.find("use ").map(|at| format!("{};\n", &s[at..]))).collect();
        self.absolute(file, &lines)
    }

    /// The file that holds what a path names, re-exports followed.
    fn holder(&self, path: &[String], left: usize) -> Option<usize> {
        let (file, len) = (1..=path.len()).rev().find_map(|n| Some((*self.by_module.get(&path[..n])?, n)))?;
        let Some(name) = path.get(len).filter(|_| left > 0) else { return Some(file) };
        match self.brought_in[file].get(name).filter(|to| *to != path) {
            Some(to) => self.holder(to, left - 1).or(Some(file)),
            None => Some(file),
        }
    }

    /// For each file those that it imports.
    fn imports(&self) -> Vec<Vec<usize>> {
        let of = |(file, paths): (usize, &Vec<Vec<String>>)| {
            let mut to: Vec<usize> = paths.iter().filter_map(|p| self.holder(p, 8)).filter(|to| *to != file).collect();
            to.sort_unstable();
            to.dedup();
            to
        };
        self.named.iter().enumerate().map(of).collect()
    }

    /// The circles: sets of files each of which leads to each other, by path.
    fn circles(&self) -> Vec<Vec<&str>> {
        let imports = self.imports();
        let reach: Vec<Vec<bool>> = (0..imports.len()).map(|from| reached(&imports, from)).collect();
        let mut seen = vec![false; imports.len()];
        let mut out = Vec::new();
        for (a, from) in reach.iter().enumerate() {
            let circle: Vec<usize> = (0..imports.len()).filter(|b| from[*b] && reach[*b][a] && !seen[*b]).collect();
            circle.iter().for_each(|b| seen[*b] = true);
            if !circle.is_empty() {
                let mut paths: Vec<&str> = circle.into_iter().map(|b| self.paths[b].as_str()).collect();
                paths.sort_unstable();
                out.push(paths);
            }
        }
        out
    }
}

/// The files that a file leads to; itself only where it stands in a circle.
fn reached(imports: &[Vec<usize>], from: usize) -> Vec<bool> {
    let mut seen = vec![false; imports.len()];
    let mut queue = vec![from];
    while let Some(at) = queue.pop() {
        for to in &imports[at] {
            if !seen[*to] {
                seen[*to] = true;
                queue.push(*to);
            }
        }
    }
    seen
}

/// The files of a row of the table.
fn listed((folder, names, _): &(&str, &str, &str)) -> Vec<String> {
    names.split(' ').map(|name| format!("{folder}{name}.rs")).collect()
}

#[test]
fn circles_of_imports_are_named() {
    let mut known: Vec<Vec<String>> = CIRCLES.iter().map(listed).collect();
    let mut faults = Vec::new();
    for base in ["profiles/src/", "capability/src/", "src/"] {
        let files = Files::of(&rust(base.trim_end_matches('/')), base);
        for circle in files.circles() {
            match known.iter().position(|k| *k == circle) {
                Some(at) => drop(known.swap_remove(at)),
                None => faults.push(format!("a circle of imports: {circle:#?}")),
            }
        }
    }
    faults.extend(known.iter().map(|k| format!("no such circle any more, remove it from the table: {k:#?}")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_circle_has_its_reason() {
    let wrong = CIRCLES.iter().filter(|row| row.2.is_empty() || listed(row).len() < 2 || !listed(row).is_sorted());
    assert_eq!(wrong.count(), 0, "a circle has two files or more, in order, and a reason");
}

#[test]
fn a_circle_is_found() {
    let made_up = |path: &str, text: &str| Source { path: format!("x/src/{path}"), text: text.to_owned() };
    let circles = |sources: &[Source]| -> Vec<String> {
        Files::of(sources, "x/src/").circles().iter().map(|c| c.join(" ")).collect()
    };
    let room = [
        made_up("room/mod.rs", "mod a;\nmod b;\npub use a::A;\npub struct C;"),
        made_up("room/a.rs", "use super::b::B;\npub struct A(B);"),
        made_up("room/b.rs", "use super::C;\npub struct B(C);"),
    ];
    assert_eq!(circles(&room), [""; 0], "a re-export is no import");
    let mut tied = room;
    tied[2].text = "pub struct B(Box<crate::room::A>);".to_owned();
    assert_eq!(circles(&tied), ["x/src/room/a.rs x/src/room/b.rs"], "re-exports are followed");
    tied[0].text = "mod a;\nmod b;\npub use {\n    a::A,\n};\npub struct C(A);".to_owned();
    tied[2].text = "use super::{C, Unknown};".to_owned();
    assert_eq!(
        circles(&tied),
        ["x/src/room/a.rs x/src/room/b.rs x/src/room/mod.rs"],
        "a re-export that is used counts"
    );
    tied[2].text = "#[cfg(test)]\nmod tests {\nuse super::super::C;\n}".to_owned();
    assert_eq!(circles(&tied), [""; 0], "tests may import what they like");
}
