//! What HL7's validator does beside validating: which command here does it. And its help.

use super::flags::{Does, FLAGS};

/// Its modes, and the older options that name them, with what does the same here.
const MODES: &[(&str, &str)] = &[
    ("snapshot", "use `accord snapshot FILE`"),
    ("fhirpath", "use `accord fhirpath EXPRESSION FILE`"),
    ("compare", "use `accord diff OLD NEW`, or `accord satisfies LEFT RIGHT`"),
    ("install", "use `accord package add ID#VERSION`"),
    ("server", "use `accord serve`; POST /validate has the interface of the validator-wrapper"),
    ("factory", "use `accord generate PROFILE`"),
    ("version", "use `accord --version`; the FHIR version is given as `-version VERSION`"),
    ("convert", "instances are not converted between formats or versions"),
    ("to-version", "instances are not converted between versions"),
    ("transform", "maps are not executed"),
    ("compile", "maps are not compiled"),
    ("map", "maps are not executed"),
    ("lang-transform", "there is no command for translations"),
    ("lang-regen", "there is no command for translations"),
    ("narrative", "narratives are not generated"),
    ("codegen", "no code is generated"),
    ("preload-cache", "use `accord package add ID#VERSION`"),
    ("preloadcache", "use `accord package add ID#VERSION`"),
    ("scan", "use `accord validate --profile URL` for each profile"),
    ("special", "there is no such mode here"),
    ("spreadsheet", "no spreadsheets are written"),
    ("tests", "there is no such mode here"),
    ("run-tests", "there is no such mode here"),
    ("txtests", "there is no such mode here"),
    ("aitests", "there is no such mode here"),
    ("re-package", "use `accord package distill`"),
    ("tx-pack", "use `accord package distill`"),
    ("client", "use `accord validate`"),
];

/// What does here what an argument asks for; `None` where it names no mode. A word without a hyphen names one only
/// where it comes first.
pub(super) fn elsewhere(argument: &str, is_first: bool) -> Option<String> {
    let name = argument.strip_prefix('-').or(is_first.then_some(argument))?;
    let (mode, way) = MODES.iter().find(|(mode, _)| mode.eq_ignore_ascii_case(name))?;
    // `-version` has the FHIR version as its value.
    if *mode == "version" && argument.starts_with('-') || is_first && !argument.starts_with('-') && is_there(argument) {
        return None;
    }
    Some(format!("`{argument}` of HL7's validator: {way}"))
}

fn is_there(path: &str) -> bool {
    std::path::Path::new(path).exists()
}

/// The help, where it is asked for, or nothing is.
pub(super) fn help(arguments: &[String]) -> Option<String> {
    let asks = |argument: &String| ["-help", "-h", "-?", "/?", "--help"].contains(&argument.to_lowercase().as_str());
    (arguments.is_empty() || arguments.iter().any(asks) || arguments == ["help"]).then(text)
}

fn text() -> String {
    let mut out = String::from(
        "Validates as HL7's validator does: accord hl7 FILE… [OPTION…]\n\n\
         FILE is a file, a folder, a pattern with `*` in its last part, or `-`. Capitals in options do not count.\n",
    );
    let listed = |title: &str, of: &dyn Fn(Does) -> Option<&'static str>| {
        let mut part = format!("\n{title}\n");
        for (flag, why) in FLAGS.iter().filter_map(|flag| Some((flag, of(flag.does)?))) {
            let why = if why.is_empty() { String::new() } else { format!(": {why}") };
            part += &format!("  -{}{}{why}\n", flag.name, " VALUE".repeat(flag.values));
        }
        part
    };
    out += &listed("Options that count:", &|does| (does == Does::Counts).then_some(""));
    out += &listed("Options that change no verdict here:", &|does| match does {
        Does::Nothing(why) => Some(why),
        _ => None,
    });
    out += &listed("Options that are refused:", &|does| match does {
        Does::Refused(why) => Some(why),
        _ => None,
    });
    out += "\nOther modes:\n";
    for (mode, way) in MODES {
        out += &format!("  {mode}: {way}\n");
    }
    out + "\nExit codes: 0 no errors, 1 errors, 3 could not run\n"
}
