//! docs/cli.md, the reference of the command line, is what the program says of itself.

use std::fmt::Write;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command, CommandFactory};
use fhir_accord::cli::commands::Cli;

use crate::pages::is_fresh;

const HEAD: &str = "\
# The command line

Made from the program's own definition of its command line, which `accord COMMAND --help` prints too. Exit codes are on
[a page of their own](exit-codes.md).

";

/// Options that every command has.
const BUILT_IN: &[&str] = &["help", "version"];

/// Text for a cell of a table: on one line, with words in angle brackets kept.
fn cell(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.replace('|', "\\|").replace('<', "&lt;")
}

fn said(text: Option<&StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

/// How an argument is written: its names, and what it takes.
fn name(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default().iter();
    let value = names.map(|v| format!("<{v}>").replace('|', "\\|")).collect::<Vec<_>>().join(" ");
    let takes = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    if arg.is_positional() {
        let many = if matches!(arg.get_action(), ArgAction::Append) { "…" } else { "" };
        return format!("`{value}{many}`");
    }
    let short = arg.get_short().map(|s| format!("`-{s}`, ")).unwrap_or_default();
    let long = arg.get_long().unwrap_or_default();
    format!("{short}`--{long}{}`", if takes { format!(" {value}") } else { String::new() })
}

/// What an argument is for, with its values, its default and its variable.
fn meaning(arg: &Arg) -> String {
    let mut out = cell(&said(arg.get_long_help().or_else(|| arg.get_help())));
    let values: Vec<_> = arg.get_possible_values().into_iter().filter(|v| !v.is_hide_set()).collect();
    if !values.is_empty() && matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
        let values = values.iter().map(|v| match v.get_help() {
            Some(help) => format!("`{}` ({})", v.get_name(), cell(&help.to_string())),
            None => format!("`{}`", v.get_name()),
        });
        write!(out, ". Values: {}", values.collect::<Vec<_>>().join(", ")).unwrap();
    }
    let default = arg.get_default_values();
    if !default.is_empty() && matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
        let default = default.iter().map(|d| d.to_string_lossy()).collect::<Vec<_>>().join(", ");
        write!(out, ". Default: `{default}`").unwrap();
    }
    if let Some(variable) = arg.get_env() {
        write!(out, ". Variable: `{}`", variable.to_string_lossy()).unwrap();
    }
    out
}

fn table(out: &mut String, head: &str, args: &[&Arg]) {
    if args.is_empty() {
        return;
    }
    write!(out, "| {head} | meaning |\n|---|---|\n").unwrap();
    for arg in args {
        writeln!(out, "| {} | {} |", name(arg), meaning(arg)).unwrap();
    }
    out.push('\n');
}

fn shown_commands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help")
}

/// A line of a list of commands, which leads to the command's section.
fn of_command(path: &str, command: &Command) -> String {
    let name = format!("{path} {}", command.get_name());
    format!("- [`{name}`](#{}): {}", name.replace(' ', "-"), said(command.get_about()))
}

fn section(out: &mut String, path: &str, command: &Command) {
    let mut command = command.clone().bin_name(path).disable_help_flag(true);
    writeln!(out, "## `{path}`\n").unwrap();
    writeln!(out, "{}.\n", said(command.get_long_about().or_else(|| command.get_about())).trim()).unwrap();
    let usage = command.render_usage().to_string();
    writeln!(out, "```text\n{}\n```\n", usage.trim()).unwrap();
    let shown: Vec<&Arg> =
        command.get_arguments().filter(|a| !a.is_hide_set() && !BUILT_IN.contains(&a.get_id().as_str())).collect();
    let (arguments, options): (Vec<&Arg>, Vec<&Arg>) = shown.into_iter().partition(|a| a.is_positional());
    table(out, "argument", &arguments);
    table(out, "option", &options);
    let below: Vec<String> = shown_commands(&command).map(|c| of_command(path, c)).collect();
    if !below.is_empty() {
        writeln!(out, "{}\n", below.join("\n")).unwrap();
    }
    let after = said(command.get_after_long_help().or_else(|| command.get_after_help()));
    if !after.trim().is_empty() {
        writeln!(out, "```text\n{}\n```\n", after.trim_end()).unwrap();
    }
    for sub in shown_commands(&command) {
        section(out, &format!("{path} {}", sub.get_name()), sub);
    }
}

fn page() -> String {
    let mut program = Cli::command().name("accord").bin_name("accord").term_width(100);
    program.build();
    let mut out = String::from(HEAD);
    section(&mut out, "accord", &program);
    out.trim_end().to_owned() + "\n"
}

#[test]
fn the_page_of_the_command_line_is_fresh() {
    let page = page();
    assert!(page.contains("## `accord terminology import`") && page.contains("`--fail-on <WHAT>`"), "{page}");
    is_fresh("docs/cli.md", &page);
}
