//! What may not be in the text: calls that panic, hosts, other projects' paths; and how messages are written.

use fhir_accord::profiles::issue::RULES;

use crate::source::{Source, code, files, rust, shipped, untested};

/// Calls that end the process on some input.
const PANICS: &[&str] =
    &[".unwrap()", ".expect(\"", "panic!(", "todo!(", "unimplemented!(", "unreachable!(", ".unwrap_unchecked("];

/// Hosts of package registries: the project's ordinary clients know them, it does not. Written in parts, so that they
/// do not stand here.
fn registries() -> Vec<String> {
    let parts = [
        ("crates", "io"),
        ("npmjs", "org"),
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("proxy.golang", "org"),
        ("repo1.maven", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
    ];
    parts.iter().map(|(a, b)| format!("{a}.{b}")).collect()
}

/// The registries of FHIR packages: one place names them.
fn fhir_registries() -> Vec<String> {
    ["packages", "packages2"].iter().map(|p| format!("{p}.fhir.{}", "org")).collect()
}

const FHIR_REGISTRIES_AT: &str = "src/remote/registry/settings.rs";

/// Whether a line makes the call; a parser's own `self.expect(…)` is another.
fn calls(line: &str, call: &str) -> bool {
    line.match_indices(call).any(|(at, _)| !line[..at].ends_with("self"))
}

fn panicking(source: &Source) -> Vec<String> {
    let code = shipped(source);
    let lines = code.lines().enumerate();
    let hits = lines.flat_map(|(i, l)| PANICS.iter().filter(|p| calls(l, p)).map(move |p| (i + 1, *p)));
    hits.map(|(line, p)| format!("{}:{line}: `{p}`", source.path)).collect()
}

#[test]
fn shipped_code_does_not_panic() {
    let all: Vec<String> =
        ["src", "profiles/src", "capability/src"].iter().flat_map(|f| rust(f)).flat_map(|s| panicking(&s)).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// Files that people write: no lock, no data.
fn is_written(path: &str) -> bool {
    [".rs", ".md", ".toml", ".json", ".sh", "/run", "justfile"].iter().any(|e| path.ends_with(e))
        && !path.starts_with("profiles/data/")
}

fn hosts(source: &Source) -> Vec<String> {
    let fhir = fhir_registries();
    let elsewhere = source.path != FHIR_REGISTRIES_AT && !source.path.ends_with(".md");
    let hits = registries()
        .into_iter()
        .chain(fhir.into_iter().filter(|_| elsewhere))
        .filter(|h| source.text.contains(h.as_str()));
    hits.map(|h| format!("{}: names `{h}`", source.path)).collect()
}

#[test]
fn no_registry_host_is_named() {
    let all: Vec<String> = files("", is_written).iter().flat_map(hosts).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// Paths of one machine.
fn machines(source: &Source) -> Vec<String> {
    let hits = ["work/", "home/", "root/"]
        .iter()
        .map(|p| format!("/{p}"))
        .filter(|p| source.text.contains(&format!(" {p}")) || source.text.contains(&format!("\"{p}")));
    hits.map(|p| format!("{}: names the path `{p}` of one machine", source.path)).collect()
}

#[test]
fn no_machine_is_named() {
    let all: Vec<String> = files("", is_written).iter().flat_map(machines).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// What is wrong with a message: lower case, no full stop, no Rust type names.
fn faults(message: &str) -> Vec<&'static str> {
    let mut out = Vec::new();
    let mut chars = message.chars();
    let (first, second) = (chars.next(), chars.next());
    let named = message
        .split([' ', ','])
        .next()
        .is_some_and(|w| w.contains(['.', ':', '_']) || w.chars().filter(|c| c.is_uppercase()).count() > 1);
    if first.is_some_and(char::is_uppercase) && second.is_some_and(|c| c.is_lowercase()) && !named {
        out.push("starts with a capital");
    }
    if message.ends_with('.') && !message.ends_with("…") && !message.ends_with(" .") {
        out.push("ends with a full stop");
    }
    if ["Option<", "Vec<", "Some(", "Err(", "&str", "HashMap"].iter().any(|t| message.contains(t)) {
        out.push("names a Rust type");
    }
    out
}

/// The string literals that become messages: what an error is made from.
fn messages(text: &str) -> Vec<&str> {
    const MAKERS: &[&str] = &[
        "Err(format!(\"",
        "Err(\"",
        "AppError::Package(format!(\"",
        "AppError::Profile(format!(\"",
        "AppError::File(format!(\"",
        "ok_or_else(|| format!(\"",
        "ok_or(\"",
        "map_err(|e| format!(\"",
    ];
    let starts = MAKERS.iter().flat_map(|m| text.match_indices(m).map(move |(at, _)| at + m.len()));
    starts.filter_map(|at| text[at..].find('"').map(|end| &text[at..at + end])).collect()
}

#[test]
fn messages_are_written_alike() {
    let mut all = Vec::new();
    for s in ["src", "profiles/src", "capability/src"]
        .iter()
        .flat_map(|f| rust(f))
        .filter(|s| !crate::source::is_test(&s.path))
    {
        for m in messages(untested(&s.text)) {
            all.extend(faults(m).iter().map(|f| format!("{}: `{m}` {f}", s.path)));
        }
    }
    for r in RULES {
        let texts = [r.meaning, r.help];
        all.extend(
            texts.iter().flat_map(|t| faults(t).into_iter().map(move |f| format!("rule {}: `{t}` {f}", r.id.as_str()))),
        );
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn every_crate_is_under_the_lints_of_the_workspace() {
    for s in files("", |p| p.ends_with("Cargo.toml") && !p.starts_with("fuzz/")) {
        assert!(s.text.contains("[lints]\nworkspace = true"), "{} does not take over the workspace's lints", s.path);
    }
}

/// Files that are compiled into a target without libtest, where `#[test]` would silently do nothing.
const OWN_HARNESS: &[&str] = &[
    "tests/conformance/",
    "tests/shared/",
    "tests/harness/",
    "tests/truth/properties.rs",
    "tests/negotiation/support.rs",
    "tests/api/program.rs",
    "tests/api/wire.rs",
    "profiles/tests/snapshot",
];

#[test]
fn tests_under_a_harness_of_their_own_are_listed_there() {
    let sources = rust("tests").into_iter().chain(rust("profiles/tests"));
    let lost: Vec<String> = sources
        .filter(|s| OWN_HARNESS.iter().any(|p| s.path.starts_with(p)) && code(&s.text).contains("#[test]"))
        .map(|s| s.path)
        .collect();
    assert_eq!(lost, [""; 0], "`tests!` of tests/harness/ lists tests there; `#[test]` does nothing");
}

#[test]
fn each_word_can_be_found() {
    let made_up = |text: &str| Source { path: "src/made_up.rs".to_owned(), text: text.to_owned() };
    assert_eq!(panicking(&made_up("let x = y.unwrap(); // .expect(\nlet s = \"panic!(\";")).len(), 1);
    assert_eq!(panicking(&made_up("let x = y.unwrap_or(1);\n#[cfg(test)]\nmod tests {\n x.unwrap()")).len(), 0);
    assert_eq!(hosts(&made_up(&format!("https://{}/x {}", registries()[1], fhir_registries()[0]))).len(), 2);
    assert_eq!(machines(&made_up(&format!("see {}work/x", '/'))).len(), 1);
    assert_eq!(faults("The file is gone.").len(), 2);
    assert_eq!(faults("expected Some(x)").len(), 1);
    assert!(
        faults("`x` is no JSON").is_empty()
            && faults("Coding.system is absolute").is_empty()
            && faults("JSON has no comments").is_empty()
    );
    assert_eq!(messages("return Err(format!(\"`{x}` is bad\"))"), ["`{x}` is bad"]);
}
