//! What each option that counts sets.

use super::asked::{Asked, Style};
use crate::hl7::{BestPractice, Html, Least, entry_profile};

/// Sets what an option says; `name` is in small letters.
///
/// # Errors
/// A value that it does not have, or that is not supported.
pub(super) fn set(asked: &mut Asked, name: &str, values: &[&str]) -> Result<(), String> {
    let value = values.first().copied().unwrap_or_default();
    let lower = value.to_ascii_lowercase();
    match name {
        "version" => asked.version = Some(value.to_owned()),
        "ig" | "defn" => asked.packages.push(package(value)?),
        "profile" => asked.profiles.push(value.to_owned()),
        "profiles" => asked.profiles.extend(value.split(',').map(str::to_owned)),
        "output" => asked.output = Some(value.to_owned()),
        "output-style" => asked.style = Some(style(&lower)?),
        "level" => asked.chosen.least = Least::parse(value).ok_or("expected hints, warnings or errors")?,
        "best-practice" => {
            let level = BestPractice::parse(value);
            asked.chosen.best_practice = level.ok_or("expected ignore, hint, warning or error")?;
        }
        "extension" => asked.chosen.let_in(value)?,
        "extensions" => value.split(',').try_for_each(|domain| asked.chosen.let_in(domain))?,
        "bundle" => asked.chosen.entries.push(entry_profile(value, values.get(1).copied().unwrap_or_default())?),
        "html-output" => asked.html = Some(value.to_owned()),
        "accord-config" => asked.project.config = Some(value.into()),
        "no-accord-config" => asked.project.no_config = true,
        "tx" | "txserver" => {
            asked.no_tx = lower == "n/a";
            asked.tx = (!asked.no_tx).then(|| value.to_owned());
        }
        "recurse" => asked.recurse = true,
        "allow-example-urls" => asked.chosen.example_urls = lower != "false",
        "display-issues-are-warnings" => asked.chosen.display_warnings = true,
        "no-extensible-binding-warnings" => asked.chosen.no_extensible = true,
        "security-checks" => asked.chosen.html = Html::Error,
        "html-in-markdown" => asked.chosen.html = Html::parse(value).ok_or("expected ignore, warning or error")?,
        "show-message-ids" | "verbose" => asked.show_ids = true,
        other => usual(other, &lower)?,
    }
    Ok(())
}

/// Options that may only say what is done anyway.
fn usual(name: &str, value: &str) -> Result<(), String> {
    let (is_usual, way) = match name {
        "questionnaire" => (value == "check", "a QuestionnaireResponse is always checked against its Questionnaire"),
        "watch-mode" => (matches!(value, "none" | "n"), "files are not watched"),
        "resource-id-rule" => (value == "optional", "an id is optional"),
        "check-display" => (value.starts_with("check"), "displays are checked; see `-display-issues-are-warnings`"),
        _ => (false, "it is not known"),
    };
    if is_usual { Ok(()) } else { Err(format!("`{value}` is not supported: {way}")) }
}

fn style(name: &str) -> Result<Style, String> {
    Ok(match name {
        "csv" => Style::Csv,
        "compact" => Style::Compact,
        "eslint-compact" | "eslint" => Style::EsLint,
        "json" => Style::Json,
        "xml" => Style::Xml,
        "compact-split" => return Err("no folder of texts is written; use `compact`".to_owned()),
        other => {
            return Err(format!(
                "`{other}` is no style that is known; expected csv, compact, eslint-compact, json or xml"
            ));
        }
    })
}

/// A package as `accord validate --package` takes it: URLs are not fetched.
fn package(name: &str) -> Result<String, String> {
    if is_url(name) {
        return Err(format!("`{name}` is not fetched; download it, and give the file or folder"));
    }
    if name.starts_with('[') {
        return Err(format!("`{name}`: a FHIR version before a package is not supported; use `-version`"));
    }
    if name.ends_with("#current") || name.ends_with("#dev") {
        return Err(format!("`{name}` is not fetched; build the guide, and give its package.tgz"));
    }
    Ok(name.to_owned())
}

/// Whether a name is a URL.
pub(super) fn is_url(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["http:", "https:", "ftp:"].iter().any(|scheme| lower.starts_with(scheme))
}
