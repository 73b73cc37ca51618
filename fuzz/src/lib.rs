//! The bodies of the fuzz targets: what must hold of any bytes. The root's `tests/fuzz_smoke.rs` runs the same ones.
#![allow(clippy::panic)]

use std::sync::OnceLock;

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::capability::scope::{covers, explain, normalise};
use fhir_accord::capability::{NegotiateRequest, PackageDefinitions, negotiate as negotiated};
use fhir_accord::fhirpath::{Expression, node_json, options};
use fhir_accord::profiles::evaluate::{Answers, Memory, Policies, Terms};
use fhir_accord::profiles::fhirpath::{
    Context, Item, Route, Scratch, Temporal, Truth, Typing, check, mask_holds, simple_truth, test,
};
use fhir_accord::profiles::instance::{Limits, Tape, parse as parse_json, parse_xml};
use fhir_accord::profiles::registry::PackageGraph;
use fhir_accord::profiles::script::Budget;

/// A target: its name, its body, and what to start from.
pub type Target = (&'static str, fn(&[u8]), &'static [&'static str]);

/// All targets.
pub const TARGETS: &[Target] = &[
    ("parse", parse, &[PATIENT, XML, include_str!("../../examples/us-core-patient.json")]),
    ("fhirpath", fhirpath, EXPRESSIONS),
    ("validate", validate, &[PATIENT, BUNDLE, include_str!("../../examples/us-core-patient.json")]),
    (
        "scope",
        scope,
        &[
            "patient/Observation.rs?category=http://x|vital-signs launch/patient openid offline_access",
            "user/*.cruds system/Patient.read fhirUser",
            "patient/Observation.read patient/*.rs",
        ],
    ),
    ("negotiate", negotiate, &[NEGOTIATION]),
];

const PATIENT: &str = r##"{"resourceType":"Patient","id":"p","meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]},"active":true,"birthDate":"1974-12-25","_birthDate":{"extension":[{"url":"http://x/t","valueDateTime":"1974-12-25T14:35:45-05:00"}]},"name":[{"use":"official","family":"Chalmers","given":["Peter","James"],"_given":[null,{"id":"g"}]}],"telecom":[{"system":"phone","value":"1","rank":1}],"deceasedBoolean":false,"multipleBirthInteger":2,"contained":[{"resourceType":"Organization","id":"o","name":"Acme"}],"managingOrganization":{"reference":"#o"},"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">&lt;p</div>"}}"##;
const XML: &str = r#"<?xml version="1.0"?><Patient xmlns="http://hl7.org/fhir"><!-- c --><id value="p"/><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">a<br/>&amp;</div></text><name id="n"><given value="A&#x41;"/><given><extension url="u"><valueDecimal value="1.50"/></extension></given></name><contained><Organization><name value="x"/></Organization></contained></Patient>"#;
const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"subject":{"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1"},"valueQuantity":{"value":72.0,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}},{"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1","resource":{"resourceType":"Patient","name":[{"family":"x"}]}}]}"#;
const NEGOTIATION: &str = r#"{"client":{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","format":["json"],"rest":[{"mode":"client","resource":[{"type":"Patient","interaction":[{"code":"read"}],"searchParam":[{"name":"name","type":"string"}]}]}]},"server":{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","format":["json","xml"],"rest":[{"mode":"server","security":{"service":[{"coding":[{"code":"SMART-on-FHIR"}]}]},"resource":[{"type":"Patient","interaction":[{"code":"read"},{"code":"search-type"}],"searchParam":[{"name":"name","type":"string"}],"searchInclude":["Patient:organization"]}]}]},"scope":"patient/Patient.rs","need":["Patient.read"]}"#;
const EXPRESSIONS: &[&str] = &[
    "name.where(use = 'official' and given.exists()).given.first() & ' ' & %resource.name.family.join(',')",
    "telecom.all(system.exists() implies value.count() <= 1) and (active or deceased.empty() xor name.exists())",
    "descendants().where($this is Quantity).select(value * 2.5 'mg').aggregate(iif($total.empty(), $this, $total + $this))",
    "birthDate + 3 months > @2012-02-29T10:00:00.000+02:00 or today() - 1 year <= @2020",
    "repeat(contained | children()).ofType(Organization).name.replaceMatches('(A).*', '$1').split('c').trace('x', $this.length())",
    "'\\u0041b'.toChars().sort(-$this).distinct().combine('x' | 'y').intersect({}).exclude(1).isDistinct()",
    "1.587.lowBoundary(6) + 10 div 3 mod 2 - (-7).abs().power(2).sqrt().round(3).ln()",
    "managingOrganization.resolve().name.matches('^[A-Z]+$') and defineVariable('v', 1 year).select(%v ~ 12 months)",
];

/// The core package, opened once.
fn app() -> Option<&'static App> {
    static APP: OnceLock<Option<App>> = OnceLock::new();
    APP.get_or_init(|| {
        App::open(&Settings { packages: vec!["hl7.fhir.us.core#6.1.0".to_owned()], ..Settings::default() }).ok()
    })
    .as_ref()
}

/// What is read is written as JSON, and that JSON reads again.
pub fn parse(data: &[u8]) {
    let Some(app) = app() else { return };
    let model = app.set().model();
    for tape in
        [parse_json(data, model.names(), &Limits::default()), parse_xml(data, model.names(), &Limits::default())]
    {
        let Some(root) = tape.root().filter(|_| !tape.is_fatal()) else { continue };
        let json = node_json(root, model.resource_type(root), model);
        assert!(
            serde_json::from_str::<serde_json::Value>(&json).is_ok(),
            "what was read is not written as JSON: {json}"
        );
    }
}

/// An expression ends within its budget, and every route answers alike.
pub fn fhirpath(data: &[u8]) {
    let (Some(app), Ok(text)) = (app(), std::str::from_utf8(data)) else { return };
    let evaluator = app.evaluator();
    let typing = evaluator.typing();
    let tape = parse_json(PATIENT.as_bytes(), typing.model().names(), &Limits::default());
    let Ok(expression) = Expression::compile(text, typing, None, &|_| false) else { return };
    let Some(root) = tape.root() else { return };
    let t = typing.resource_type(root);
    let options = options(50_000);
    let _ = check(&expression.tree, typing, t, &options, true);
    let policies = Policies::default();
    let budget = Budget::default();
    let (answers, mut memory) = (Answers::default(), Memory::default());
    let terms = Terms { policies: &policies, answers: &answers, asks: false, now: None };
    let Some(session) = evaluator.session(&tape, terms, &budget, &mut memory) else { return };
    let ports = session.ports();
    let context =
        Context { options, now: Temporal::date_time("2024-02-29T12:00:00.000Z"), ..Context::new(typing, root, &ports) };
    let focus = Item::node(root, t);
    let mut scratch = Scratch::default();
    let _ = expression.items(&focus, &context, &mut scratch);
    routes(&expression, &tape, typing, &focus, &context, &mut scratch);
}

fn routes<'t>(
    expression: &'t Expression,
    tape: &'t Tape<'t>,
    typing: &Typing<'_>,
    focus: &Item<'t>,
    context: &Context<'t>,
    scratch: &mut Scratch,
) {
    let Some(root) = tape.root() else { return };
    let t = typing.resource_type(root);
    let lowered = match Route::of(expression.code().words) {
        Route::Mask(mask) => mask_holds(&mask, root, t, typing).map(|b| if b { Truth::True } else { Truth::False }),
        Route::Simple => simple_truth(expression.code(), root, t, typing),
        Route::Evaluator => None,
    };
    if let Some(lowered) = lowered {
        let whole = test(expression.code(), focus, context, scratch);
        let spent = matches!(&whole, Truth::Error(e) if e.kind == fhir_accord::profiles::fhirpath::ErrorKind::Budget);
        assert!(spent || lowered == whole, "{lowered:?} by its route, {whole:?} by the evaluator");
    }
}

/// Any bytes have a report.
pub fn validate(data: &[u8]) {
    let Some(app) = app() else { return };
    if let Err(e) = app.validate(data, &Request::default()) {
        panic!("an instance is never an error: {e}");
    }
}

/// Scopes are explained; what is normalised stays as it is.
pub fn scope(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let _ = explain(&text);
    let once = normalise(&text);
    let twice = normalise(&once.normalised);
    assert_eq!(once.normalised, twice.normalised, "normalising is done in one go");
    let _ = covers(&once.minimal, &text);
}

/// Any two statements have an agreement or a reason why not, and the same one again.
pub fn negotiate(data: &[u8]) {
    static NONE: OnceLock<PackageDefinitions> = OnceLock::new();
    let Ok(body) = serde_json::from_slice(data) else { return };
    let Ok(request) = NegotiateRequest::from_json(&body) else { return };
    let definitions = NONE.get_or_init(|| {
        PackageDefinitions::new(std::sync::Arc::new(PackageGraph::new(Vec::new(), Vec::new(), Vec::new())))
    });
    let told = |r: Result<_, _>| {
        r.map(|a| serde_json::to_string(&a).unwrap_or_default())
            .map_err(|e: fhir_accord::capability::NegotiateError| e.to_string())
    };
    assert_eq!(told(negotiated(&request, definitions)), told(negotiated(&request, definitions)));
}
