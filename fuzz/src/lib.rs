//! The bodies of the fuzz targets: what must hold of any bytes. The root's `tests/fuzz_smoke.rs` runs the same ones.
#![allow(clippy::panic, reason = "a body panics where what must be true of any input is not")]

use std::sync::{Arc, OnceLock};

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::capability::scope::{covers, explain, normalise};
use fhir_accord::capability::{NegotiateRequest, PackageDefinitions, PolicyScript, negotiate as negotiated};
use fhir_accord::fhirpath::{Expression, node_json, options};
use fhir_accord::profiles::compile;
use fhir_accord::profiles::evaluate::{Answers, Evaluator, Memory, Policies, Terms};
use fhir_accord::profiles::explain;
use fhir_accord::profiles::fhirpath::{
    Context, Item, Route, Scratch, Temporal, Truth, Typing, check, mask_holds, simple_truth, test,
};
use fhir_accord::profiles::instance::{Limits, Tape, parse as parse_json, parse_xml};
use fhir_accord::profiles::plan::{Image, ImageSet, Plans};
use fhir_accord::profiles::registry::{Definition, DefinitionHead, Package, PackageGraph};
use fhir_accord::profiles::script::{Budget, Library, Scripts, Source};
use fhir_accord::profiles::snapshot::{Snapshot, generate};
use serde_json::Value;

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
    ("snapshot", snapshot, &[SLICED, CHOSEN, OWN_TYPE]),
    (
        "script",
        script,
        &[
            include_str!("../../rules/us-npi.rhai"),
            include_str!("../../rules/site-laboratory.rhai"),
            include_str!("../../capability/policies/cautious.rhai"),
            FUNCTIONS,
        ],
    ),
];

const PATIENT: &str = include_str!("../seeds/patient.json");
const XML: &str = include_str!("../seeds/patient.xml");
const BUNDLE: &str = include_str!("../seeds/bundle.json");
const NEGOTIATION: &str = include_str!("../seeds/negotiation.json");
const EXPRESSIONS: &[&str] = &[
    "name.where(use = 'official' and given.exists()).given.first() & ' ' & \
     %resource.name.family.join(',')",
    "telecom.all(system.exists() implies value.count() <= 1) and (active or deceased.empty() xor \
     name.exists())",
    "descendants().where($this is Quantity).select(value * 2.5 'mg').aggregate(iif($total.empty(), \
     $this, $total + $this))",
    "birthDate + 3 months > @2012-02-29T10:00:00.000+02:00 or today() - 1 year <= @2020",
    "repeat(contained | children()).ofType(Organization).name.replaceMatches('(A).*', \
     '$1').split('c').trace('x', $this.length())",
    "'\\u0041b'.toChars().sort(-$this).distinct().combine('x' | \
     'y').intersect({}).exclude(1).isDistinct()",
    "1.587.lowBoundary(6) + 10 div 3 mod 2 - (-7).abs().power(2).sqrt().round(3).ln()",
    "managingOrganization.resolve().name.matches('^[A-Z]+$') and defineVariable('v', 1 \
     year).select(%v ~ 12 months)",
];

const SLICED: &str = include_str!("../seeds/sliced-profile.json");
const CHOSEN: &str = include_str!("../seeds/choice-profile.json");
const OWN_TYPE: &str = include_str!("../seeds/logical-model.json");
const FUNCTIONS: &str = include_str!("../seeds/functions.rhai");

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
    let terms = Terms { policies: &policies, answers: &answers, asks: false, now: None, resources: None };
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
    let Ok(body) = serde_json::from_slice(data) else { return };
    let Ok(request) = NegotiateRequest::from_json(&body) else { return };
    assert_eq!(agreed(&request), agreed(&request));
}

/// A definition of any shape has a snapshot or a reason why not, and the same one again; what is made of it compiles,
/// and instances can be judged by it.
pub fn snapshot(data: &[u8]) {
    let Some((app, graph)) = app().and_then(|a| Some((a, a.graph().ok()?))) else { return };
    let Ok(definition) = serde_json::from_slice::<Value>(data) else { return };
    let source = (graph, None);
    let once = generate(&definition, &source);
    assert_eq!(once, generate(&definition, &source), "the snapshot differs when it is generated again");
    if let Ok(snapshot) = &once {
        is_one_tree(snapshot);
    }
    judged_by(app, graph, data, &definition);
}

/// The elements of a snapshot are those below its first one.
fn is_one_tree(snapshot: &Snapshot) {
    let paths: Vec<&str> = snapshot.elements.iter().filter_map(|e| e["path"].as_str()).collect();
    assert_eq!(paths.len(), snapshot.elements.len(), "every element has a path");
    let Some((root, below)) = paths.split_first() else { return };
    for path in below {
        let rest = path.strip_prefix(root).unwrap_or_default();
        assert!(rest.starts_with('.'), "`{path}` is not below `{root}`");
    }
}

/// Compiles a definition as the only one of a package, and validates an instance by it.
fn judged_by(app: &App, graph: &PackageGraph, data: &[u8], definition: &Value) {
    let text = |name: &str| definition[name].as_str().unwrap_or_default().to_owned();
    let head = DefinitionHead {
        resource_type: text("resourceType"),
        id: text("id"),
        url: text("url"),
        version: definition["version"].as_str().map(str::to_owned),
        file: "fuzz.json".to_owned(),
    };
    let url = head.url.clone();
    let definition = Definition::new(head, Arc::from(data), 0..data.len());
    let model = app.set().model();
    let own = graph.packages().len();
    let below: Vec<(String, String)> = graph.packages().iter().map(|p| (p.id.clone(), p.version.clone())).collect();
    let version = Some(app.set().fhir_version());
    let package = Package::new("fuzz".to_owned(), "1.0.0".to_owned(), version, below, vec![definition], String::new());
    let packages = graph.packages().iter().cloned().chain([Arc::new(package)]).collect();
    let links = graph.links().packages.iter().map(|(.., links)| links.clone()).chain([(0..own).collect()]).collect();
    let graph = PackageGraph::new(packages, links, vec![Vec::new(); own + 1]);
    let image = match Image::new(compile::package(&graph, own, model, false).into(), true) {
        Ok(image) => Arc::new(image),
        Err(e) => panic!("what was compiled is no image: {e}"),
    };
    let layers = app.set().layers().iter().cloned().chain([image]).collect();
    let set = Arc::new(ImageSet::new(layers, graph.links(), app.set().core()));
    let profile = set.find_structure(&url, None).and_then(|s| set.root(s));
    let plans = Plans::new(Arc::clone(&set));
    let (policies, answers) = (Policies::default(), Answers::default());
    let asked: Vec<_> = profile.into_iter().collect();
    let tape = parse_json(PATIENT.as_bytes(), set.model().names(), &Limits::default());
    let terms = Terms { policies: &policies, answers: &answers, asks: false, now: None, resources: None };
    let judgement = Evaluator::new(&plans).evaluate(&tape, &asked, terms, &mut Memory::default());
    let _ = explain::report(&tape, &set, &judgement, &policies);
}

/// A script is refused with its faults, or ends within its bounds on any instance, and says the same again.
pub fn script(data: &[u8]) {
    let (Some(app), Ok(text)) = (app(), std::str::from_utf8(data)) else { return };
    as_policy(text);
    let library = match Library::load(&[Source { file: "fuzz.rhai".to_owned(), text: text.to_owned() }]) {
        Ok(library) => library,
        Err(faults) => return assert!(!faults.is_empty(), "a script is refused without a reason"),
    };
    let Ok(scripts) = Scripts::new(Arc::new(library), app.set().model()) else { return };
    let evaluator = app.evaluator().with_scripts(Some(&scripts));
    let policies = Policies::default();
    let said = || app.check(&evaluator, PATIENT.as_bytes(), &[], &policies, None, &mut Memory::default());
    assert_eq!(said(), said(), "a script says something else when it is run again");
}

/// The same text as the policy of a negotiation.
fn as_policy(text: &str) {
    let Ok(script) = PolicyScript::compile("fuzz.rhai", text) else { return };
    let Ok(request) =
        serde_json::from_str(NEGOTIATION).map_err(|_| ()).and_then(|b| NegotiateRequest::from_json(&b).map_err(|_| ()))
    else {
        return;
    };
    let request = NegotiateRequest { script: Some(Arc::new(script)), ..request };
    assert_eq!(agreed(&request), agreed(&request));
}

/// The agreement as JSON, or why there is none; without any package.
fn agreed(request: &NegotiateRequest) -> Result<String, String> {
    static NONE: OnceLock<PackageDefinitions> = OnceLock::new();
    let definitions =
        NONE.get_or_init(|| PackageDefinitions::new(Arc::new(PackageGraph::new(Vec::new(), Vec::new(), Vec::new()))));
    let agreement = negotiated(request, definitions).map_err(|e| e.to_string())?;
    Ok(serde_json::to_string(&agreement).unwrap_or_default())
}
