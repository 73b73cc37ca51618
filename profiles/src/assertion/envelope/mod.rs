//! JSON around FHIR resources that is no resource itself: what CDS Hooks sends, and the payload of SMART Health Cards.
//! It is recognised by its members, held against its published format, and the resources in it are judged as any.

mod cds_hooks;
mod check;
mod health_card;
mod model;

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{Kind, NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use model::Members;

pub use check::check;

/// A published format of JSON around resources.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Envelope {
    /// The answer of a CDS Hooks discovery endpoint.
    CdsHooksServices,
    /// The call of a CDS Hooks service.
    CdsHooksRequest,
    /// Its answer.
    CdsHooksResponse,
    /// What is told it of the outcome.
    CdsHooksFeedback,
    /// The payload of a SMART Health Card.
    HealthCard,
    /// A credential of a SMART Health Card: header and payload.
    HealthCardCredential,
    /// The file of a SMART Health Card: signed credentials, not opened.
    HealthCardFile,
}

/// How each format is recognised: members that it has all of, each with whether it is an array. The first that fits
/// counts.
const KNOWN: &[(Envelope, &[(&str, bool)])] = &[
    (Envelope::HealthCardFile, &[("verifiableCredential", true)]),
    (Envelope::HealthCardCredential, &[("header", false), ("payload", false)]),
    (Envelope::HealthCard, &[("vc", false)]),
    (Envelope::CdsHooksRequest, &[("hook", false), ("context", false)]),
    (Envelope::CdsHooksRequest, &[("hook", false), ("hookInstance", false)]),
    (Envelope::CdsHooksServices, &[("services", true)]),
    (Envelope::CdsHooksResponse, &[("cards", true)]),
    (Envelope::CdsHooksResponse, &[("systemActions", true)]),
    (Envelope::CdsHooksFeedback, &[("feedback", true)]),
];

impl Envelope {
    /// The format of the root of an instance; `None` where it is a resource, or nothing known. XML is none of them.
    pub fn of(root: Node<'_>) -> Option<Envelope> {
        if root.tape().is_xml() || !root.is_object() || root.child(NameId::RESOURCE_TYPE).is_some() {
            return None;
        }
        let has = |name: &str, array: bool| {
            let named = root.children().find(|c| c.name_text() == name);
            named.is_some_and(|c| (c.in_array() || c.kind() == Kind::EmptyArray) == array)
        };
        KNOWN.iter().find(|(_, signs)| signs.iter().all(|(name, array)| has(name, *array))).map(|(kind, _)| *kind)
    }

    /// What stands for its root in expressions.
    pub fn name(self) -> &'static str {
        match self {
            Envelope::CdsHooksServices => "CDSHooksServices",
            Envelope::CdsHooksRequest => "CDSHooksRequest",
            Envelope::CdsHooksResponse => "CDSHooksResponse",
            Envelope::CdsHooksFeedback => "CDSHooksFeedback",
            Envelope::HealthCard => "HealthCard",
            Envelope::HealthCardCredential => "HealthCardCredential",
            Envelope::HealthCardFile => "HealthCardFile",
        }
    }

    fn members(self) -> &'static Members {
        match self {
            Envelope::CdsHooksServices => &cds_hooks::SERVICES,
            Envelope::CdsHooksRequest => &cds_hooks::REQUEST,
            Envelope::CdsHooksResponse => &cds_hooks::RESPONSE,
            Envelope::CdsHooksFeedback => &cds_hooks::FEEDBACK,
            Envelope::HealthCard => &health_card::PAYLOAD,
            Envelope::HealthCardCredential => &health_card::CREDENTIAL,
            Envelope::HealthCardFile => &health_card::FILE,
        }
    }

    /// What is not looked at in it, beside the resources; empty where there is nothing.
    fn unchecked(self) -> &'static str {
        match self {
            Envelope::CdsHooksServices => "the prefetch templates",
            Envelope::CdsHooksRequest => {
                "the access token, the scopes, and what no specification publishes, but for resources in it"
            }
            Envelope::CdsHooksResponse => "the targets of links, and extensions, but for resources in them",
            Envelope::CdsHooksFeedback => "whether such cards were sent",
            Envelope::HealthCard | Envelope::HealthCardCredential => "the signature, and who issued it",
            Envelope::HealthCardFile => "what the credentials hold; validate the file with the command line",
        }
    }
}

/// Says what of the format is not looked at.
fn told<'t>(j: &mut Judge<'_, 't>, root: Node<'t>, kind: Envelope) {
    let weight = if kind == Envelope::HealthCardFile { Weight::Question } else { Weight::Note };
    j.find(RuleId::ENVELOPE_UNCHECKED, weight, root, &[], || {
        Detail::Text(format!("judged as {}; not checked: {}", kind.name(), kind.unchecked()))
    });
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::ENVELOPE_MEMBER, |t| t.given().into()),
    (RuleId::ENVELOPE_UNKNOWN, |t| format!("`{}` is not a member of this format", t.name()).into()),
    (RuleId::ENVELOPE_VALUE, |t| format!("`{}` {}", t.name(), t.given()).into()),
    (RuleId::ENVELOPE_UNCHECKED, |t| t.given().into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::ENVELOPE_MEMBER, r#"{"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context":{"userId":"Practitioner/a"§}}"#, "", r#","patientId":"b""#),
    example(RuleId::ENVELOPE_MEMBER, r#"{"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        §"fhirAuthorization":{"access_token":"a","token_type":"Bearer","expires_in":300,"scope":"patient/*.rs",
        "subject":"s"},"context":{"userId":"Practitioner/a","patientId":"b"}}"#, "",
        r#""fhirServer":"https://a.test","#),
    example(RuleId::ENVELOPE_MEMBER, r#"{"cards":[],"systemActions":[{"type":"delete",§}]}"#,
        r#""description":"a""#, r#""resourceId":"Task/a""#),
    example(RuleId::ENVELOPE_MEMBER, r#"{"cards":[{"summary":"a","indicator":"info","source":{"label":"b"},"links":[{
        "label":"c","url":"https://a.test","type":"§","appContext":"d"}]}]}"#, "absolute", "smart"),
    example(RuleId::ENVELOPE_UNKNOWN, r#"{"services":[{"hook":"a","id":"b","description":"c","§":"d"}]}"#,
        "name", "title"),
    example(RuleId::ENVELOPE_VALUE, r#"{"cards":[{"summary":"a","indicator":"§","source":{"label":"b"}}]}"#,
        "hard-stop", "critical"),
    example(RuleId::ENVELOPE_VALUE, r#"{"hook":"a","hookInstance":"§","context":{}}"#,
        "1", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"),
    example(RuleId::ENVELOPE_VALUE, r#"{"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context":{"userId":"Practitioner/a","patientId":"b",
        "draftOrders":{"resourceType":"§","type":"collection"}}}"#,
        "List", "Bundle"),
    example(RuleId::ENVELOPE_VALUE, r#"{"iss":"§","nbf":1620992383.218,"vc":{"type":[
        "https://smarthealth.cards#health-card"],"credentialSubject":{
        "fhirVersion":"4.0.1","fhirBundle":{"resourceType":"Bundle","type":"collection"}}}}"#,
        "https://a.test/", "https://a.test"),
    example(RuleId::ENVELOPE_UNCHECKED, "{§}", r#""feedback":[]"#, r#""resourceType":"Patient","active":true"#),
];
