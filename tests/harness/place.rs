//! The place of an issue, written so that two validators' ways of saying it can be compared.

use std::sync::LazyLock;

use regex::Regex;

const TYPES: &str = "\
    Address Age Annotation Attachment BackboneElement Base64Binary Boolean Canonical Code CodeableConcept \
    CodeableReference Coding ContactDetail ContactPoint Contributor Count DataRequirement Date DateTime Decimal \
    Distance Dosage Duration Expression HumanName Id Identifier Instant Integer Integer64 Markdown Meta Money Oid \
    ParameterDefinition Period PositiveInt Quantity Range Ratio RatioRange Reference RelatedArtifact SampledData \
    Signature SimpleQuantity String Time Timing TriggerDefinition UnsignedInt Uri Url UsageContext Uuid Availability \
    ExtendedContactDetail MonetaryComponent VirtualServiceDetail";

const CHOICE_BASES: &str = "\
    abatement additive allowed amount answer asNeeded asserter author born bounds chargeItem code collected content \
    created cause characteristic criteria date deceased defaultValue definition detail diagnosis doseNumber dose \
    effective entity event example extent fastingStatus fixed follow generated identified indication instantiates \
    item legalState location manufacturer maxValue medication minValue minimumVolume module multipleBirth name \
    occurrence occurred onset pattern payload performed pre-coordinated procedure probability product rate reason \
    relatesTo replaces reported resource rule schedule scheduled seriesDoses serviced sourceScope source specimen \
    start statusReason strength subject substance supportingInfo target targetScope time timing topic trigger type \
    udi unit used usage value valueSet versionAlgorithm when immunizationEvent indicator informationSource location \
    presentation quantity component contentType attribute participantEffective";

struct Rules {
    comment: Regex,
    cast: Regex,
    of_type: Regex,
    url: Regex,
    quoted: Regex,
    choice: Regex,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let alternatives = |words: &str| {
        let mut words: Vec<&str> = words.split_whitespace().collect();
        words.sort_by_key(|w| std::cmp::Reverse(w.len()));
        words.join("|")
    };
    let new = |pattern: &str| Regex::new(pattern).unwrap();
    Rules {
        comment: new(r"(?s)/\*.*?\*/"),
        cast: new(r"\(\s*([\w.\[\]]+?)\s+as\s+[\w.]+\s*\)"),
        of_type: new(r"\.(?:ofType|as)\([^()]*\)"),
        url: new(r"\[@?url\s*=\s*'[^']*'\]"),
        quoted: new(r#"\(\s*['"][^'"]*['"]\s*\)"#),
        choice: new(&format!("^({})({})$", alternatives(CHOICE_BASES), alternatives(TYPES))),
    }
});

/// The place without comments, types of choices, selectors; `$` where there is none.
pub fn normal(expression: Option<&str>) -> String {
    let text = RULES.comment.replace_all(expression.unwrap_or("").trim(), "").into_owned();
    if matches!(text.as_str(), "" | "$" | "(document)" | "(unknown)" | "?" | "/") {
        return "$".to_owned();
    }
    let text = RULES.cast.replace_all(&text, "$1").into_owned();
    let text = RULES.of_type.replace_all(&text, "").into_owned();
    let text = RULES.url.replace_all(&text, "").into_owned();
    let text = RULES.quoted.replace_all(&text, "").replace("[x]", "");
    let segment = |s: &str| {
        let (name, rest) = s.split_at(s.find('[').unwrap_or(s.len()));
        let choice_base = RULES.choice.captures(name).and_then(|c| Some(c.get(1)?.as_str())).unwrap_or(name);
        format!("{choice_base}{rest}")
    };
    let out: Vec<String> = text.split('.').map(segment).filter(|s| !s.is_empty()).collect();
    if out.is_empty() { "$".to_owned() } else { out.join(".") }
}
