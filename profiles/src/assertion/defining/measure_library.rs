//! The libraries of a measure, and the expressions of them that its criteria name
//! (<https://hl7.org/fhir/R4/measure-definitions.html#Measure.library>).

use rustc_hash::{FxHashMap, FxHashSet};

use super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Target, Weight};

/// The languages in which a criterion may name an expression of a library.
const CQL: [&str; 3] = ["text/cql", "text/cql.identifier", "text/cql-identifier"];

/// The libraries of a measure.
#[derive(Default)]
pub(super) struct Libraries {
    count: usize,
    /// Their names, and the last segments of their urls; `None` where one of them is not known.
    names: Option<FxHashSet<String>>,
    /// How many of them have a name.
    named: FxHashMap<String, usize>,
    /// The expressions of each that is loaded with its logic, by its name.
    defined: FxHashMap<String, FxHashSet<String>>,
}

impl Libraries {
    /// The libraries that a measure lists; those that nobody knows are noted.
    pub(super) fn of<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) -> Libraries {
        let mut libraries = Libraries { names: Some(FxHashSet::default()), ..Libraries::default() };
        for node in named(at.node, "library").filter(|l| l.has_value()) {
            let canonical = node.text();
            libraries.count += 1;
            let name = match j.resolve_text(&canonical, node, at.frame) {
                Target::Found(library) if canonical.starts_with('#') => text(library, "name").map(|n| n.into_owned()),
                _ => j.set.find_content(&canonical, "Library").map(|content| libraries.add(content)),
            };
            if name.is_none() && !canonical.starts_with('#') && j.kinds(&canonical).is_empty() {
                let unknown = || Detail::Text(format!("library `{canonical}` is not loaded"));
                j.find(RuleId::MEASURE_LIBRARY_UNKNOWN, Weight::Note, node, &[], unknown);
            }
            if let Some(name) = &name {
                *libraries.named.entry(name.clone()).or_default() += 1;
            }
            libraries.names = libraries.names.zip(name).map(|(mut names, name)| {
                let url = canonical.split('|').next().unwrap_or_default();
                names.extend([name, url.rsplit('/').next().unwrap_or_default().to_owned()]);
                names
            });
        }
        libraries
    }

    /// Adds the expressions of a library as it is loaded, and returns its name.
    fn add(&mut self, content: &str) -> String {
        let (name, defined) = content.split_once('\n').map_or((content, None), |(name, all)| (name, Some(all)));
        if let Some(defined) = defined {
            self.defined.insert(name.to_owned(), defined.lines().map(str::to_owned).collect());
        }
        name.to_owned()
    }

    /// The library, by its name, that certainly lacks an expression: where the measure lists it alone, or it is named.
    fn lacking(&self, library: Option<&str>, expression: &str) -> Option<&str> {
        let (name, defined) = match library {
            Some(name) => self.defined.get_key_value(name)?,
            None => self.defined.iter().next()?,
        };
        (!defined.contains(expression)).then_some(name)
    }
}

/// A criterion that names an expression names one of a library that the measure lists.
pub(super) fn criterion<'t>(j: &mut Judge<'_, 't>, libraries: &Libraries, criteria: Node<'t>) {
    if !text(criteria, "language").is_some_and(|language| CQL.contains(&&*language)) {
        return;
    }
    let Some(expression) = text(criteria, "expression") else { return };
    let Some((library, name)) = library_named(&expression) else { return };
    let lacking = |library| {
        let lacks = libraries.lacking(library, name)?;
        Some(format!("`{expression}` is no expression of the library `{lacks}`: it defines no `{name}`"))
    };
    let wrong = match library {
        None if libraries.count > 1 => {
            format!("`{expression}` does not name its library, and the measure has several")
        }
        None if libraries.count == 0 => {
            format!("`{expression}` is the name of an expression, but the measure lists no library that may have it")
        }
        None => match lacking(None) {
            Some(wrong) => wrong,
            None => return,
        },
        // It may as well be an element of a type.
        Some(library) if j.model().find(library).is_some() => return,
        Some(library) if libraries.count == 0 => {
            format!("`{expression}` names the library `{library}`, but the measure lists none")
        }
        Some(library) if libraries.named.get(library).is_some_and(|count| *count > 1) => {
            format!("`{expression}` names the library `{library}`, and several that the measure lists have this name")
        }
        Some(library) => match &libraries.names {
            Some(names) if !names.contains(library) => {
                format!("`{expression}` names the library `{library}`, which the measure does not list")
            }
            _ => match lacking(Some(library)) {
                Some(wrong) => wrong,
                None => return,
            },
        },
    };
    // A measure need not list its libraries.
    let weight = if libraries.count == 0 { Weight::Warning } else { Weight::Error };
    j.find(RuleId::MEASURE_LIBRARY, weight, criteria, &[], || Detail::Text(wrong));
}

/// The library that a text names, if any, and the expression; `None` where the text is no name, but an expression
/// itself.
fn library_named(expression: &str) -> Option<(Option<&str>, &str)> {
    let (first, rest) = identifier(expression.trim())?;
    if rest.is_empty() {
        return (!matches!(first, "true" | "false" | "null")).then_some((None, first));
    }
    let (second, rest) = identifier(rest.strip_prefix('.')?)?;
    rest.is_empty().then_some((Some(first), second))
}

/// The identifier with which a text of CQL starts, quoted or not, and what follows it.
fn identifier(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted.split_once('"').filter(|(name, _)| !name.is_empty());
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    text.split_at_checked(end).filter(|(name, _)| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}
