//! Implementation guides: what they depend on is named by a url, a package and a version that go together
//! (<https://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.dependsOn>).

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::named;
use crate::definition::FhirVersion;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Scene, Weight};

/// What the url of an ImplementationGuide usually has in it.
const GUIDE: &str = "/ImplementationGuide/";

/// Judges an ImplementationGuide.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let versions: Vec<FhirVersion> =
        named(at.node, "fhirVersion").filter(|v| v.has_value()).filter_map(|v| FhirVersion::parse(&v.text())).collect();
    for dependency in named(at.node, "dependsOn") {
        version(j, dependency);
        package(j, dependency, &versions);
    }
}

fn tell<'t>(j: &mut Judge<'_, 't>, weight: Weight, node: Node<'t>, told: impl FnOnce() -> String) {
    j.find(RuleId::GUIDE_DEPENDENCY, weight, node, &[], || Detail::Text(told()));
}

/// The version is stated once, and is one of a package.
fn version<'t>(j: &mut Judge<'_, 't>, dependency: Node<'t>) {
    let stated = named(dependency, "version").find(|v| v.has_value());
    if let Some(node) = stated.filter(|v| !is_version(&v.text())) {
        tell(j, Weight::Error, node, || format!("`{}` cannot be the version of a package", node.text()));
        return;
    }
    let uri = named(dependency, "uri").find(|u| u.has_value());
    let canonical = uri.map(Node::text).unwrap_or_default();
    let inner = canonical.split_once('|').map(|(_, version)| version).filter(|v| !v.is_empty());
    match (inner.zip(uri), stated.map(Node::text)) {
        (Some((inner, uri)), Some(stated)) if contradict(inner, &stated) => {
            tell(j, Weight::Error, uri, || format!("the url names version `{inner}`, but `version` is `{stated}`"))
        }
        (Some((inner, uri)), None) => {
            tell(j, Weight::Warning, uri, || format!("the url names version `{inner}`, which belongs in `version`"))
        }
        (None, None) => tell(j, Weight::Warning, dependency, || {
            "no version is stated, so it is open which one the guide rests on".to_owned()
        }),
        _ => {}
    }
}

/// Whether a text has only what versions of packages are written with
/// (<https://confluence.hl7.org/display/FHIR/NPM+Package+Specification>).
fn is_version(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+_*".contains(&b))
}

/// Whether two versions cannot be the same: numbers, of which none is the beginning of the other.
fn contradict(a: &str, b: &str) -> bool {
    let leading = |version: &str| -> Option<Vec<u32>> {
        let plain = version.strip_suffix(".x").unwrap_or(version);
        plain.split('.').map(|part| part.parse().ok()).collect()
    };
    leading(a).zip(leading(b)).is_some_and(|(a, b)| a.iter().zip(&b).any(|(x, y)| x != y))
}

/// The url is that of a guide, and of the one that the package is of, for the guide's FHIR version.
fn package<'t>(j: &mut Judge<'_, 't>, dependency: Node<'t>, versions: &[FhirVersion]) {
    let Some(uri) = named(dependency, "uri").find(|u| u.has_value()) else { return };
    let canonical = uri.text();
    let url = canonical.split('|').next().unwrap_or_default();
    let id = named(dependency, "packageId").find(|p| p.has_value());
    let is_guide = url.contains(GUIDE) || j.kinds(url).iter().any(|k| &**k == "ImplementationGuide");
    if !is_guide && j.kinds(url).is_empty() && url.starts_with("http") {
        tell(j, Weight::Warning, uri, || {
            format!("`{url}` seems to be where a guide is published; name its ImplementationGuide, as `{url}{GUIDE}…`")
        });
    }
    let Some(id) = id else {
        if !j.set.guides().any(|(known, _)| known == url) {
            tell(j, Weight::Warning, dependency, || {
                format!("no package is named, and the guide `{url}` is not loaded: it cannot be checked")
            });
        }
        return;
    };
    let name = id.text();
    let release = release_of(&name);
    if let Some(of) = release.filter(|of| !versions.is_empty() && !versions.contains(of)) {
        let own: Vec<&str> = versions.iter().map(|v| v.name()).collect();
        tell(j, Weight::Warning, id, || {
            format!("package `{name}` is for FHIR {}, the guide for FHIR {}", of.name(), own.join(" and "))
        });
    }
    let mut of_version = versions.iter().map(|v| format!("{name}.{}", v.name().to_ascii_lowercase()));
    if let Some(other) = of_version.find(|other| release.is_none() && is_loaded(j, other)) {
        tell(j, Weight::Warning, id, || {
            format!("package `{name}` is made for several FHIR versions: for that of the guide it is `{other}`")
        });
    }
    // The core packages of all versions share their url.
    if !is_core(&name) {
        together(j, (uri, url), (id, &name));
    }
}

/// Whether a package of this id is loaded.
fn is_loaded(scene: &Scene<'_, '_>, id: &str) -> bool {
    scene.set.layers().iter().any(|image| image.package().split('#').next() == Some(id))
}

/// The url and the package are those of one guide, as far as it is loaded.
fn together<'t>(j: &mut Judge<'_, 't>, (uri, url): (Node<'t>, &str), (id, name): (Node<'t>, &str)) {
    let set = j.set;
    let of_package: Vec<&str> = set.guides().filter(|(_, p)| stem(p) == stem(name)).map(|(url, _)| url).collect();
    let base = |guide: &str| guide.split(GUIDE).next() == Some(url);
    if let Some(other) = of_package.first() {
        if !of_package.iter().any(|guide| *guide == url || base(guide)) {
            tell(j, Weight::Warning, id, || format!("package `{name}` is that of `{other}`, not of `{url}`"));
        }
        return;
    }
    match set.guides().find(|(guide, _)| *guide == url) {
        Some((_, other)) => {
            tell(j, Weight::Warning, id, || format!("`{url}` is the guide of package `{other}`, not of `{name}`"));
        }
        None => tell(j, Weight::Note, uri, || format!("`{url}` is not loaded: what is said of it was not checked")),
    }
}

/// The names that packages end in for one FHIR version.
const ENDS: [&str; 5] = ["r2", "r3", "r4", "r4b", "r5"];

/// The id of a package without the FHIR version that it is made for.
fn stem(id: &str) -> &str {
    id.rsplit_once('.').filter(|(_, end)| ENDS.contains(end)).map_or(id, |(stem, _)| stem)
}

/// Whether a package is one of those of FHIR itself: `hl7.fhir.r4.core`.
fn is_core(id: &str) -> bool {
    id.strip_prefix("hl7.fhir.").and_then(|rest| rest.split('.').next()).is_some_and(|part| ENDS.contains(&part))
}

/// The FHIR version that a package is for, where its id says so.
fn release_of(id: &str) -> Option<FhirVersion> {
    let parts = if is_core(id) { id.split('.').nth(2) } else { id.rsplit('.').next() };
    parts.filter(|part| ENDS.contains(part)).and_then(FhirVersion::parse)
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::GUIDE_DEPENDENCY, |t| t.given().into())];

/// A guide for R4 with one dependency.
macro_rules! guide {
    ($dependency:literal) => {
        concat!(
            r#"{"resourceType":"ImplementationGuide","url":"http://a.test/ImplementationGuide/g","name":"G",
            "status":"draft","packageId":"a.test","fhirVersion":["4.0.1"],"dependsOn":[{"#,
            $dependency,
            "}]}"
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::GUIDE_DEPENDENCY, guide!(r#""uri":"http://hl7.org/fhir/ImplementationGuide/fhir|§",
        "packageId":"hl7.fhir.r4.core","version":"4.0.1""#), "3.0.2", "4.0.1"),
    example(RuleId::GUIDE_DEPENDENCY, guide!(r#""uri":"http://hl7.org/fhir/ImplementationGuide/fhir§",
        "packageId":"hl7.fhir.r4.core""#), "|4.0.1", r#"","version":"4.0.1"#),
    example(RuleId::GUIDE_DEPENDENCY, guide!(r#""uri":"http://hl7.org/fhir/ImplementationGuide/fhir",
        "packageId":"hl7.fhir.r4.core"§"#), "", r#","version":"4.0.1""#),
    example(RuleId::GUIDE_DEPENDENCY, guide!(r#""uri":"http://hl7.org/fhir/ImplementationGuide/fhir",
        "packageId":"hl7.fhir.r4.core","version":"§""#), "version 4", "4.0.x"),
    example(RuleId::GUIDE_DEPENDENCY, guide!(r#""uri":"http://hl7.org/fhir/ImplementationGuide/fhir",
        "packageId":"hl7.fhir.§.core","version":"4.0.1""#), "r5", "r4"),
    example(RuleId::GUIDE_DEPENDENCY, guide!(r#""uri":"http://hl7.org/fhir§","packageId":"hl7.fhir.r4.core",
        "version":"4.0.1""#), "", "/ImplementationGuide/fhir"),
    example(RuleId::GUIDE_DEPENDENCY, guide!(r#""uri":"http://a.test/ImplementationGuide/other"§,"version":"1.0.0""#),
        "", r#","packageId":"hl7.fhir.r4.core""#),
];
