//! XML signatures (<https://www.w3.org/TR/xmldsig-core1/>), with what XAdES adds
//! (<https://www.w3.org/TR/XAdES/>).

use roxmltree::{Document, Node as Element, ParsingOptions};

use super::parts::{Wrong, is_certificate, time};
use crate::instance::Node;
use crate::judge::Weight;

const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The type of the reference to what a signature says of itself.
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
/// Bound on the nodes of an XML signature that are looked at.
const NODES: u32 = 100_000;

/// What is wrong with an XML signature.
pub(super) fn check(bytes: &[u8], signature: Node<'_>) -> Vec<Wrong> {
    let error = |text: String| vec![(Weight::Error, text)];
    let Ok(text) = std::str::from_utf8(bytes) else {
        return vec![(Weight::Note, "its data is not in UTF-8, and was not looked into".to_owned())];
    };
    let options = ParsingOptions { nodes_limit: NODES, ..ParsingOptions::default() };
    let document = match Document::parse_with_options(text, options) {
        Ok(document) => document,
        Err(roxmltree::Error::NodesLimitReached) => {
            return vec![(Weight::Note, format!("its data has more than {NODES} nodes, and was not looked into"))];
        }
        Err(roxmltree::Error::DtdDetected) => {
            return vec![(Weight::Note, "its data has a document type, and was not looked into".to_owned())];
        }
        Err(e) => return error(format!("its data is no XML: {e}")),
    };
    let Some(own) = within(document.root(), "Signature") else {
        return error("its data is XML, but has no `Signature`".to_owned());
    };
    let (Some(info), Some(_)) = (child(own, "SignedInfo"), child(own, "SignatureValue")) else {
        return error("its data lacks `SignedInfo` or `SignatureValue`".to_owned());
    };
    let references: Vec<Element<'_, '_>> =
        info.children().filter(|c| c.has_tag_name((SIGNATURE, "Reference"))).collect();
    if references.is_empty() {
        return error("the `SignedInfo` of its data has no `Reference`: it signs nothing".to_owned());
    }
    let mut wrong: Vec<Wrong> = targets(&references).into_iter().map(|told| (Weight::Note, told)).collect();
    wrong.extend(certificate(own));
    match own.descendants().find(|n| n.tag_name().name() == "SigningTime") {
        None => wrong.push((Weight::Note, "its data has no `SigningTime`".to_owned())),
        Some(at) => wrong.extend(time(at.text().unwrap_or_default(), "SigningTime", signature)),
    }
    wrong
}

fn child<'a, 'i>(of: Element<'a, 'i>, name: &str) -> Option<Element<'a, 'i>> {
    of.children().find(|c| c.has_tag_name((SIGNATURE, name)))
}

fn within<'a, 'i>(of: Element<'a, 'i>, name: &str) -> Option<Element<'a, 'i>> {
    of.descendants().find(|c| c.has_tag_name((SIGNATURE, name)))
}

/// What is not known of what is signed: it is the Bundle, and maybe what the signature says of itself.
fn targets(references: &[Element<'_, '_>]) -> Vec<String> {
    if references.len() > 2 {
        return vec![format!("its data signs {} things, where two are known", references.len())];
    }
    let mut told = Vec::new();
    let kind = |r: &Element<'_, '_>| r.attribute("Type").unwrap_or_default().to_owned();
    let (own, content): (Vec<&Element<'_, '_>>, Vec<&Element<'_, '_>>) =
        references.iter().partition(|r| kind(r) == SIGNED_PROPERTIES);
    if let Some(other) = content.iter().find(|r| !matches!(r.attribute("URI"), None | Some(""))) {
        let uri = other.attribute("URI").unwrap_or_default();
        told.push(format!("what its data signs is `{uri}`, which is not known here"));
    }
    if let [_, other] = content.as_slice()
        && own.is_empty()
    {
        told.push(format!("its data signs a second thing, of a type that is not known here: `{}`", kind(other)));
    }
    told
}

/// What keeps the certificate from being known.
fn certificate(own: Element<'_, '_>) -> Option<Wrong> {
    match within(own, "X509Certificate").map(|c| c.text().unwrap_or_default()) {
        None => Some((Weight::Note, "its data has no certificate (`X509Certificate`)".to_owned())),
        Some(text) if is_certificate(text) => None,
        Some(_) => Some((Weight::Warning, "what its data has as certificate (`X509Certificate`) is none".to_owned())),
    }
}
