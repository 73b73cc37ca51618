//! The options of HL7's validator, 6.10 and 7.0, and the older ones that its scripts still use: how many values each
//! has, and what becomes of it here.

/// What becomes of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// It counts; [`super::flagged`] says how.
    Counts,
    /// It changes no verdict here; the text says why.
    Nothing(&'static str),
    /// It could change a verdict; the text names the way out.
    Refused(&'static str),
}

/// An option.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flag {
    /// Without its hyphen, in small letters.
    pub(super) name: &'static str,
    /// How many values follow it.
    pub(super) values: usize,
    pub(super) does: Does,
}

const fn counts(name: &'static str, values: usize) -> Flag {
    Flag { name, values, does: Does::Counts }
}

const fn nothing(name: &'static str, values: usize, why: &'static str) -> Flag {
    Flag { name, values, does: Does::Nothing(why) }
}

const fn refused(name: &'static str, values: usize, way: &'static str) -> Flag {
    Flag { name, values, does: Does::Refused(way) }
}

const SHOWN: &str = "it only concerns what is logged";
const CACHES: &str = "there is no such cache here";
const ONLINE: &str = "nothing goes online but for `-tx`";
const ENGLISH: &str = "messages are in English";
const CONVERTING: &str = "it belongs to another mode, which writes resources";
const WAYS: &str = "there is no such check here; leave it out if you do not need it";

/// All options.
pub(super) const FLAGS: &[Flag] = &[
    counts("version", 1),
    counts("ig", 1),
    counts("defn", 1),
    counts("profile", 1),
    counts("profiles", 1),
    counts("output", 1),
    counts("output-style", 1),
    counts("level", 1),
    counts("best-practice", 1),
    counts("extension", 1),
    counts("extensions", 1),
    counts("tx", 1),
    counts("txserver", 1),
    counts("recurse", 0),
    counts("allow-example-urls", 0),
    counts("display-issues-are-warnings", 0),
    counts("no-extensible-binding-warnings", 0),
    counts("security-checks", 0),
    counts("html-in-markdown", 1),
    counts("show-message-ids", 0),
    counts("verbose", 0),
    counts("questionnaire", 1),
    counts("watch-mode", 1),
    counts("resource-id-rule", 1),
    counts("check-display", 1),
    counts("bundle", 2),
    counts("html-output", 1),
    counts("accord-config", 1),
    counts("no-accord-config", 0),
    nothing("crumb-trails", 0, SHOWN),
    nothing("hintaboutnonmustsupport", 0, "it adds hints only; elements that are not must-support are not listed"),
    nothing("want-invariants-in-messages", 0, "`accord validate` names the constraint, and `accord explain` the rule"),
    nothing("assumevalidrestreferences", 0, "the type of a target is always taken from the reference"),
    nothing("showreferencemessages", 0, "references are not followed without `accord validate --references valid`"),
    nothing("show-times", 0, SHOWN),
    nothing("tx-routing", 0, SHOWN),
    nothing("debug", 0, SHOWN),
    nothing("do-debug", 0, SHOWN),
    nothing("debug-log", 1, SHOWN),
    nothing("trace-log", 1, SHOWN),
    nothing("log", 1, SHOWN),
    nothing("txlog", 1, "what is asked of the terminology server is not logged"),
    nothing("txcache", 1, CACHES),
    nothing("clear-tx-cache", 0, CACHES),
    nothing("no-internal-caching", 0, CACHES),
    nothing("locale", 1, ENGLISH),
    nothing("language", 1, "a display may be in any language that its code system has"),
    nothing("jurisdiction", 1, "no rule depends on it"),
    nothing("sct", 1, "the edition of SNOMED CT is that which was imported, or that of the terminology server"),
    nothing("disable-default-resource-fetcher", 0, ONLINE),
    nothing("resolution-context", 1, ONLINE),
    nothing("proxy", 1, ONLINE),
    nothing("https-proxy", 1, ONLINE),
    nothing("auth", 1, ONLINE),
    nothing("auth-nonconformant-servers", 0, ONLINE),
    nothing("authorise-non-conformant-tx-servers", 0, ONLINE),
    nothing("no-http-access", 0, ONLINE),
    nothing("fhir-settings", 1, ONLINE),
    nothing("do-native", 0, "there are no schemas beside the definitions"),
    nothing("no-native", 0, "there are no schemas beside the definitions"),
    nothing("validation-timeout", 1, "work is bounded by steps (`accord validate --limit`)"),
    nothing("outputsuffix", 1, CONVERTING),
    nothing("output-suffix", 1, CONVERTING),
    nothing("format", 1, CONVERTING),
    nothing("src-lang", 1, CONVERTING),
    nothing("tgt-lang", 1, CONVERTING),
    nothing("package-name", 1, CONVERTING),
    nothing("pin", 0, CONVERTING),
    nothing("expand", 0, CONVERTING),
    nothing("watch-scan-delay", 1, "nothing is watched"),
    nothing("watch-settle-time", 1, "nothing is watched"),
    refused("native", 0, "there are no schemas beside the definitions; leave it out"),
    refused("no-invariants", 0, "constraints are always evaluated"),
    refused("unknown-codesystems-cause-errors", 0, "use `accord validate --fail-on undetermined`"),
    refused("check-references", 0, "use `accord validate --references exists --resources DIR`"),
    refused("check-references-to", 1, "use `accord validate --references exists --resources DIR`"),
    refused("no_unicode_bidi_control_chars", 0, "they are told as warnings; there is no way to make them errors"),
    refused("forpublication", 0, WAYS),
    refused("no-experimental-content", 0, WAYS),
    refused("check-ips-codes", 0, WAYS),
    refused("matchetype", 1, WAYS),
    refused("cert", 1, "signatures are verified by the certificate in them alone"),
    refused("ai-service", 1, WAYS),
    refused("advisor-file", 1, "what is found is not suppressed by a file of that validator"),
    refused("expansion-parameters", 1, "versions of code systems are those of the packages (`-ig`)"),
    refused("option", 1, WAYS),
    refused("options", 1, WAYS),
    refused("implicit-fhirpath-string-conversions", 0, "FHIRPath is evaluated as its specification says"),
    refused("allow-double-quotes-in-fhirpath", 0, "FHIRPath is evaluated as its specification says"),
    refused("r5-bundle-relative-reference-policy", 1, "the FHIR version decides (`-version`)"),
    refused("alt-version", 1, "one FHIR version is validated at a time (`-version`)"),
    refused("test-version", 1, WAYS),
    refused("config", 1, "options are given on the command line, or in `accord.toml`"),
    refused("x", 1, WAYS),
];

/// The option that an argument names, whatever its capitals; `None`: there is none.
pub(super) fn find(argument: &str) -> Option<&'static Flag> {
    // Two have no hyphen there.
    let is_bare = ["defn", "r5-bundle-relative-reference-policy"].contains(&argument);
    let name = argument.strip_prefix('-').or(is_bare.then_some(argument))?;
    FLAGS.iter().find(|flag| flag.name.eq_ignore_ascii_case(name))
}
