//! What only the differential of a profile is asked: it states nothing that only the definition of a type or an
//! extension may state, and a key stands for one constraint
//! (<https://hl7.org/fhir/R4/elementdefinition-definitions.html>).

use rustc_hash::FxHashMap;

use super::super::{named, text};
use super::base::{Spot, types_of};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Scene, Weight};
use crate::plan::rows::{CONSTRAINT_MENDED, ELEMENT_SUMMARY, ELEMENT_SUMMARY_SAID};

/// Judges what the elements of a constraint's differential state: default values belong to logical models, the meaning
/// of what is missing to the definition of a type or an extension.
pub fn statements<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let is_logical = text(n, "kind").is_some_and(|k| k == "logical");
    let is_extension = text(n, "type").is_some_and(|t| t == "Extension");
    for e in named(n, "differential").flat_map(|d| named(d, "element")) {
        if j.shared.look() {
            return;
        }
        for member in e.children().filter(|c| c.has_value() || c.is_object()) {
            let name = member.name_text();
            let is_default = !is_logical
                && name.strip_prefix("defaultValue").is_some_and(|t| t.starts_with(|c: char| c.is_ascii_uppercase()));
            if is_default || (name == "meaningWhenMissing" && !is_extension) {
                let path = text(e, "path").unwrap_or_default();
                j.error(RuleId::STRUCTURE_STATEMENT, e, &[], || {
                    Detail::Text(format!("`{name}` of `{path}` cannot be stated in a profile"))
                });
            }
        }
    }
}

/// What a summary has is decided by the definition of the type.
pub fn summary<'t>(j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, path: &str) {
    let Some(node) = named(e, "isSummary").find(|s| s.has_value()) else { return };
    let said = j.set.element(spot.row).filter(|row| row.flags & ELEMENT_SUMMARY_SAID != 0);
    let Some(of_base) = said.map(|row| row.flags & ELEMENT_SUMMARY != 0) else { return };
    if matches!((&*node.text(), of_base), ("true", false) | ("false", true)) {
        j.error(RuleId::STRUCTURE_STATEMENT, node, &[], || {
            let not = if of_base { "" } else { "not " };
            Detail::Text(format!("`{path}` is {not}in summaries by the base, which a profile cannot change"))
        });
    }
}

/// The constraints of the elements of one differential, by their keys: expression, and path of the element.
#[derive(Default)]
pub struct Keys {
    /// The url of the definition.
    url: String,
    known: FxHashMap<String, (String, String)>,
}

impl Keys {
    /// The keys of a definition with this url; none yet.
    pub fn of(url: &str) -> Keys {
        Keys { url: url.to_owned(), ..Keys::default() }
    }

    /// Judges the constraints of the next element.
    pub fn check<'t>(&mut self, j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, path: &str) {
        for c in named(e, "constraint") {
            let Some((key, expression)) = text(c, "key").zip(text(c, "expression")) else { continue };
            let expression = plain(&expression);
            let base = of_base(j, spot, &key, &expression);
            let source = text(c, "source").filter(|s| base.is_none() && *s != self.url && !self.url.is_empty());
            if let Some(source) = source {
                j.find(RuleId::STRUCTURE_CONSTRAINT_KEY, Weight::Warning, c, &[], || {
                    let told = "but nothing that this definition rests on has it here";
                    Detail::Text(format!("constraint `{key}` says that it comes from `{source}`, {told}"))
                });
            }
            let seen = self.known.get(&*key);
            if let Some((known, place)) = base.as_ref().or(seen).filter(|(known, _)| *known != expression) {
                j.error(RuleId::STRUCTURE_CONSTRAINT_KEY, c, &[], || {
                    Detail::Text(format!("the key `{key}` stands for another expression, `{known}`, at `{place}`"))
                });
            } else {
                self.known.entry(key.into_owned()).or_insert_with(|| (expression, path.to_owned()));
            }
        }
    }
}

/// An expression without the white space that means nothing.
fn plain(expression: &str) -> String {
    expression.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the key stands for at the same element of the base, or in a type that the element has there: the expression,
/// and the element. One whose published expression was at fault may have any.
fn of_base(scene: &Scene<'_, '_>, spot: Spot<'_>, key: &str, own: &str) -> Option<(String, String)> {
    let set = scene.set;
    let types = types_of(scene, spot).filter_map(|code| set.root(set.core_type(code)?));
    for h in std::iter::once(spot.row).chain(types) {
        let Some(row) = set.element(h) else { continue };
        let image = set.layer(h.layer);
        let constraints = image.links(row.constraints).iter().filter_map(|c| image.constraint(*c));
        for c in constraints.filter(|c| image.str(c.key) == key) {
            let is_mended = c.flags & CONSTRAINT_MENDED != 0;
            let known = if is_mended { own.to_owned() } else { plain(image.str(c.expression)) };
            if !known.is_empty() {
                return Some((known, image.str(row.id).to_owned()));
            }
        }
    }
    None
}
