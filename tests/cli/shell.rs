//! Completions and manual pages are those of the command line as it is.

use crate::support::accord;

/// The subcommands that the help names.
fn subcommands() -> Vec<String> {
    let help = accord(&["--help"]).ended(0).out;
    let listed = help.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let named = listed.filter(|l| !l.starts_with("     ")).filter_map(|l| l.split_whitespace().next());
    named.filter(|n| *n != "help").map(str::to_owned).collect()
}

#[test]
fn completions_of_every_shell_know_every_subcommand() {
    let all = subcommands();
    assert!(all.len() > 10, "{all:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = accord(&["completions", shell]).ended(0).out;
        for name in &all {
            assert!(script.contains(name.as_str()), "{shell}: {name}");
        }
        assert!(script.contains("best-practice"), "{shell}: the options of `validate`");
    }
    accord(&["completions", "tcsh"]).ended(3);
}

#[test]
fn manual_pages_are_of_the_program_and_of_every_subcommand() {
    let page = accord(&["man"]).ended(0).out;
    assert!(page.contains(".TH accord 1") && page.contains("Exit codes"), "{page}");
    let folder = tempfile::TempDir::new().unwrap();
    let to = folder.path().join("man1");
    accord(&["man", "--to", to.to_str().unwrap()]).ended(0);
    for name in subcommands() {
        let page =
            std::fs::read_to_string(to.join(format!("accord-{name}.1"))).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
    let file = to.join("accord.1");
    let failed = accord(&["man", "--to", file.to_str().unwrap()]).ended(3);
    assert!(failed.err.contains("accord.1"), "{}", failed.err);
}
