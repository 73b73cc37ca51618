//! The code sets of a folder, as validation asks them. A file is verified and mapped when it is first asked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use fhir_accord_profiles::terminology::{HeldCode, HeldSystem, HeldTerminology, HeldValueSet};

use super::folder::{Listed, TerminologyError, list, read_head};
use super::set::{CodeSet, Content, Kind, Refused, Subsumption};
use crate::images::MappedFile;

/// SNOMED CT.
pub const SNOMED: &str = "http://snomed.info/sct";
/// LOINC.
pub const LOINC: &str = "http://loinc.org";
/// What is between the number of a system and a code, where a value set's codes are kept.
pub const OF_SYSTEM: char = '\n';

/// The code sets of a folder.
pub struct Held {
    code_systems: BTreeMap<String, Vec<One>>,
    value_sets: BTreeMap<String, Vec<One>>,
    faults: Mutex<Vec<String>>,
}

/// One code set.
struct One {
    listed: Listed,
    set: OnceLock<Option<Open>>,
}

/// One that is mapped.
struct Open {
    set: CodeSet,
    below: Subsumption,
}

impl Held {
    /// The code sets of a folder; `None` where there are none.
    ///
    /// # Errors
    /// A folder that cannot be read, or a code set that is refused.
    pub fn open(folder: &Path) -> Result<Option<Held>, TerminologyError> {
        let mut held = Held { code_systems: BTreeMap::new(), value_sets: BTreeMap::new(), faults: Mutex::default() };
        let all = list(folder)?;
        if all.is_empty() {
            return Ok(None);
        }
        for listed in all {
            let place = match listed.meta.kind {
                Kind::CodeSystem => &mut held.code_systems,
                Kind::ValueSet => &mut held.value_sets,
            };
            place.entry(listed.meta.url.clone()).or_default().push(One { listed, set: OnceLock::new() });
        }
        Ok(Some(held))
    }

    /// What was refused when it was asked: nothing was answered from it.
    pub fn faults(&self) -> Vec<String> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One of these sets, mapped; `None` where none has the version, or it is refused.
    fn of_version<'h>(&self, all: &'h [One], version: Option<&str>) -> Option<&'h Open> {
        let is_asked_for = |one: &&One| {
            let own = &one.listed.meta.version;
            // An edition of SNOMED CT stands for all its versions (<https://hl7.org/fhir/R4/snomedct.html>).
            version.is_none_or(|v| own == v || own.strip_prefix(v).is_some_and(|rest| rest.starts_with("/version/")))
        };
        let one = all.iter().find(is_asked_for)?;
        one.set.get_or_init(|| self.mapped(&one.listed)).as_ref()
    }

    fn mapped(&self, listed: &Listed) -> Option<Open> {
        match open(&listed.path) {
            Ok(set) => Some(Open { set, below: Subsumption::default() }),
            Err(e) => {
                let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
                faults.push(e.to_string());
                None
            }
        }
    }
}

/// A code set in a file: mapped, and verified as a whole.
///
/// # Errors
/// A file that cannot be mapped, or is refused.
pub fn open(path: &Path) -> Result<CodeSet, TerminologyError> {
    // A file that was cut off must not be touched beyond its end.
    read_head(path)?;
    let mapped = MappedFile::open(path).map_err(TerminologyError::io(path))?;
    CodeSet::new(Box::new(mapped)).map_err(|why: Refused| TerminologyError::Refused { path: path.to_owned(), why })
}

impl HeldTerminology for Held {
    fn system(&self, url: &str, version: Option<&str>) -> Option<&dyn HeldSystem> {
        self.of_version(self.code_systems.get(url)?, version).map(|open| open as &dyn HeldSystem)
    }

    fn value_set(&self, url: &str, version: Option<&str>) -> Option<&dyn HeldValueSet> {
        self.of_version(self.value_sets.get(url)?, version).map(|open| open as &dyn HeldValueSet)
    }
}

impl Open {
    /// Whether a code that is not there may be one of the system's all the same.
    fn may_exist(&self, code: &str) -> bool {
        let meta = self.set.meta();
        if meta.content == Content::Fragment || meta.open_prefixes.iter().any(|p| code.starts_with(p.as_str())) {
            return true;
        }
        meta.url == SNOMED && namespace(code).is_none_or(|n| !n.is_empty() && !meta.namespaces.iter().any(|m| m == n))
    }
}

/// The namespace of a SNOMED CT identifier, empty for one of the international core and for what is no identifier;
/// `None` for an expression
/// (<https://confluence.ihtsdotools.org/display/DOCRELFMT/6+SNOMED+CT+Identifiers>).
pub fn namespace(code: &str) -> Option<&str> {
    if code.contains([':', '+', '|', '=', '{', '<', '(']) {
        return None;
    }
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    let partition = code.len().checked_sub(3).and_then(|at| code.get(at..at + 2)).filter(|_| digits);
    // A partition that begins with 1 is of an extension: seven digits before it tell of which.
    let long = partition.filter(|p| p.starts_with('1')).and_then(|_| code.len().checked_sub(10));
    Some(long.and_then(|at| code.get(at..at + 7)).unwrap_or(""))
}

impl HeldSystem for Open {
    fn version(&self) -> &str {
        &self.set.meta().version
    }

    fn find(&self, code: &str) -> HeldCode {
        match self.set.find(code) {
            Some(index) => HeldCode::Known(index),
            None if self.may_exist(code) => HeldCode::Open,
            None => HeldCode::Absent,
        }
    }

    fn has_name(&self, index: u32, text: &str) -> bool {
        self.set.has_name(index, text)
    }

    fn names(&self, index: u32, see: &mut dyn FnMut(&str)) {
        self.set.names(index, |_, text| {
            see(text);
            true
        });
    }

    fn is_inactive(&self, index: u32) -> bool {
        self.set.is_inactive(index)
    }

    fn is_a(&self, index: u32, ancestor: u32) -> Option<bool> {
        let meta = self.set.meta();
        let is = meta.hierarchy.then(|| self.below.is_below(&self.set, ancestor, index))?;
        // What is missing from a part may be between them.
        (is || meta.content == Content::Complete).then_some(is)
    }

    fn is_child(&self, index: u32, parent: u32) -> Option<bool> {
        self.set.meta().hierarchy.then(|| self.set.parents(index).any(|p| p == parent))
    }

    fn is_leaf(&self, index: u32) -> Option<bool> {
        let meta = self.set.meta();
        (meta.hierarchy && meta.content == Content::Complete).then(|| !self.set.has_children(index))
    }

    fn has_value(&self, index: u32, property: &str, asked: &str, wanted: &mut dyn FnMut(&str) -> bool) -> Option<bool> {
        match property {
            "code" | "concept" => return Some(wanted(self.set.code(index))),
            "parent" if self.set.meta().hierarchy => {
                return Some(self.set.parents(index).any(|p| wanted(self.set.code(p))));
            }
            _ => {}
        }
        // Values of LOINC's axes may be named by their parts, which are other codes.
        if self.set.meta().url == LOINC && asked.starts_with("LP") {
            return None;
        }
        let number = self.set.property(property)?;
        Some(self.set.has_value(index, number, wanted))
    }
}

impl HeldValueSet for Open {
    fn has(&self, system: Option<&str>, code: &str) -> Option<bool> {
        let systems = self.set.meta().systems.iter().enumerate();
        let mut of_system = systems.filter(|(_, url)| system.is_none_or(|s| s == url.as_str()));
        let found = of_system.any(|(i, _)| self.set.find(&format!("{i}{OF_SYSTEM}{code}")).is_some());
        if !found && self.set.meta().content == Content::Fragment { None } else { Some(found) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_of_snomed_ct() {
        for (code, wanted) in [
            ("138875005", Some("")),
            ("991000124102", Some("1000124")),
            ("100700:363698007=100700", None),
            ("73211009 |Diabetes mellitus|", None),
            ("diabetes", Some("")),
            ("110", Some("")),
            ("", Some("")),
        ] {
            assert_eq!(namespace(code), wanted, "{code}");
        }
    }
}
