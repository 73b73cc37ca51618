//! What a row of the table says: a rule, an instance that fires it, a near twin that does not.

use fhir_accord::profiles::evaluate::Policies;
use fhir_accord::profiles::instance::Limits;
use fhir_accord::profiles::issue::RuleId;

/// Where the two instances of a row differ.
const GAP: &str = "§";

/// One rule, fired once and once not.
#[derive(Clone, Copy)]
pub struct Row {
    pub rule: RuleId,
    /// The text that the two instances share; [`GAP`] marks where they differ.
    around: &'static str,
    fires: &'static [u8],
    holds: &'static [u8],
    /// Elements of a differential; the row's instances are validated against a profile of them.
    pub elements: &'static str,
    /// Further definitions that it needs, each as JSON.
    pub definitions: &'static [&'static str],
    pub policies: fn(&mut Policies),
    /// Limits of its own; `None`: the usual ones.
    pub limits: Option<fn(&mut Limits)>,
}

/// A row whose instances are `around` with `fires` or `holds` in its gap.
pub const fn row(rule: RuleId, around: &'static str, fires: &'static str, holds: &'static str) -> Row {
    bytes(rule, around, fires.as_bytes(), holds.as_bytes())
}

/// A row whose instances need not be UTF-8.
pub const fn bytes(rule: RuleId, around: &'static str, fires: &'static [u8], holds: &'static [u8]) -> Row {
    Row { rule, around, fires, holds, elements: "", definitions: &[], policies: |_| {}, limits: None }
}

impl Row {
    /// Validates under a profile with these elements: JSON objects, separated by commas.
    pub const fn profile(self, elements: &'static str) -> Row {
        Row { elements, ..self }
    }

    /// Loads these definitions too.
    pub const fn with(self, definitions: &'static [&'static str]) -> Row {
        Row { definitions, ..self }
    }

    pub const fn policies(self, policies: fn(&mut Policies)) -> Row {
        Row { policies, ..self }
    }

    pub const fn limits(self, limits: fn(&mut Limits)) -> Row {
        Row { limits: Some(limits), ..self }
    }

    /// The instance that fires the rule.
    pub fn firing(&self) -> Vec<u8> {
        self.filled(self.fires)
    }

    /// The twin that does not.
    pub fn twin(&self) -> Vec<u8> {
        self.filled(self.holds)
    }

    fn filled(&self, part: &[u8]) -> Vec<u8> {
        let pieces: Vec<&[u8]> = self.around.split(GAP).map(str::as_bytes).collect();
        assert!(pieces.len() > 1, "{}: the two instances do not differ", self.rule.0);
        pieces.join(part)
    }

    /// The url of the row's profile.
    pub fn url(&self) -> String {
        format!("http://firing.test/StructureDefinition/{}", self.rule.0)
    }

    /// The row's profile as JSON; `None` where it has none.
    pub fn definition(&self) -> Option<String> {
        if self.elements.is_empty() {
            return None;
        }
        let elements: Vec<serde_json::Value> = serde_json::from_str(&format!("[{}]", self.elements)).unwrap_or_else(|e| panic!("{}: {e}", self.rule.0));
        let kind = elements[0]["id"].as_str().and_then(|id| id.split('.').next()).unwrap_or_default();
        let profile = serde_json::json!({
            "resourceType": "StructureDefinition", "id": self.rule.0, "url": self.url(), "name": "Firing", "status": "active", "fhirVersion": "4.0.1",
            "kind": "resource", "abstract": false, "type": kind, "derivation": "constraint",
            "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{kind}"),
            "differential": {"element": elements},
        });
        Some(profile.to_string())
    }
}
