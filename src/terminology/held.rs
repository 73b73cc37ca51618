//! The code sets of a folder, as validation asks them. A file is verified and mapped when it is first asked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use fhir_accord_profiles::terminology::{HeldCode, HeldSystem, HeldTerminology, HeldValueSet};

use super::folder::{Listed, TerminologyError, list, read_head};
use super::set::{CodeSet, Content, Kind, Refused, Subsumption};
use super::systems::{LOINC, SNOMED};
use crate::images::MappedFile;

/// What is between the number of a system and a code, where a value set's codes are kept.
pub const OF_SYSTEM: char = '\n';

/// The code sets of a folder.
pub struct Held {
    code_systems: BTreeMap<String, Versions>,
    value_sets: BTreeMap<String, Versions>,
}

/// The versions of a code system, or of a value set, the newest first. As a code system it is all of them: what the
/// newest that has a code says of it, and a code is absent where none of them may have it.
#[derive(Default)]
struct Versions(Vec<One>);

/// One code set.
struct One {
    listed: Listed,
    /// Mapped, or why it is refused.
    set: OnceLock<Result<Open, String>>,
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
        let mut held = Held { code_systems: BTreeMap::new(), value_sets: BTreeMap::new() };
        let all = list(folder)?;
        if all.is_empty() {
            return Ok(None);
        }
        for listed in all {
            let place = match listed.meta.kind {
                Kind::CodeSystem => &mut held.code_systems,
                Kind::ValueSet => &mut held.value_sets,
            };
            place.entry(listed.meta.url.clone()).or_default().0.push(One { listed, set: OnceLock::new() });
        }
        Ok(Some(held))
    }

    /// What was refused when it was asked: nothing was answered from it.
    pub fn faults(&self) -> Vec<String> {
        let all = self.code_systems.values().chain(self.value_sets.values()).flat_map(|versions| &versions.0);
        all.filter_map(|one| one.set.get()?.as_ref().err().cloned()).collect()
    }
}

impl One {
    /// The set, mapped; `None` where it is refused, which is logged once.
    fn opened(&self) -> Option<&Open> {
        let path = &self.listed.path;
        let mapped = || {
            open(path).map(|set| Open { set, below: Subsumption::default() }).map_err(|error| {
                tracing::error!(path = %path.display(), %error, "imported terminology is refused; it is not asked");
                error.to_string()
            })
        };
        self.set.get_or_init(mapped).as_ref().ok()
    }
}

impl Versions {
    /// The newest of a version, mapped; `None` where none has it, or it is refused.
    fn of_version(&self, version: Option<&str>) -> Option<&Open> {
        let is_asked_for = |one: &&One| {
            let own = &one.listed.meta.version;
            // An edition of SNOMED CT stands for all its versions (<https://hl7.org/fhir/R4/snomedct.html>).
            version.is_none_or(|v| own == v || own.strip_prefix(v).is_some_and(|rest| rest.starts_with("/version/")))
        };
        self.0.iter().find(is_asked_for)?.opened()
    }

    /// The version that has a code of all versions, and the code's index there.
    fn at(&self, index: u32) -> Option<(&Open, u32)> {
        let mut rest = u64::from(index);
        for one in &self.0 {
            let count = one.listed.meta.concepts;
            if rest < count {
                return Some((one.opened()?, u32::try_from(rest).ok()?));
            }
            rest -= count;
        }
        None
    }

    /// What the newest version that has two codes says of them; `None` where none has both.
    fn of_both(&self, a: u32, b: u32, ask: impl Fn(&Open, u32, u32) -> Option<bool>) -> Option<bool> {
        let ((in_a, a), (in_b, b)) = (self.at(a)?, self.at(b)?);
        let (a, b) = (in_a.set.code(a), in_b.set.code(b));
        let mut all = self.0.iter().filter_map(One::opened);
        let (open, a, b) = all.find_map(|open| Some((open, open.set.find(a)?, open.set.find(b)?)))?;
        ask(open, a, b)
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
        let versions = self.code_systems.get(url)?;
        let newest = versions.of_version(version)?;
        let is_one = version.is_some() || versions.0.len() == 1;
        Some(if is_one { newest as &dyn HeldSystem } else { versions as &dyn HeldSystem })
    }

    fn value_set(&self, url: &str, version: Option<&str>) -> Option<&dyn HeldValueSet> {
        self.value_sets.get(url)?.of_version(version).map(|open| open as &dyn HeldValueSet)
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

impl HeldSystem for Versions {
    fn version(&self) -> &str {
        self.0.first().map_or("", |newest| newest.listed.meta.version.as_str())
    }

    fn find(&self, code: &str) -> HeldCode {
        let (mut before, mut found) = (0u64, HeldCode::Absent);
        for one in &self.0 {
            match one.opened().map_or(HeldCode::Open, |open| open.find(code)) {
                HeldCode::Known(index) => {
                    return u32::try_from(before + u64::from(index)).map_or(HeldCode::Open, HeldCode::Known);
                }
                HeldCode::Open => found = HeldCode::Open,
                HeldCode::Absent => {}
            }
            before += one.listed.meta.concepts;
        }
        found
    }

    fn has_name(&self, index: u32, text: &str) -> bool {
        self.at(index).is_some_and(|(open, index)| open.has_name(index, text))
    }

    fn names(&self, index: u32, see: &mut dyn FnMut(&str)) {
        if let Some((open, index)) = self.at(index) {
            open.names(index, see);
        }
    }

    fn is_inactive(&self, index: u32) -> bool {
        self.at(index).is_some_and(|(open, index)| open.is_inactive(index))
    }

    fn is_a(&self, index: u32, ancestor: u32) -> Option<bool> {
        self.of_both(index, ancestor, |open, index, ancestor| open.is_a(index, ancestor))
    }

    fn is_child(&self, index: u32, parent: u32) -> Option<bool> {
        self.of_both(index, parent, |open, index, parent| open.is_child(index, parent))
    }

    fn is_leaf(&self, index: u32) -> Option<bool> {
        self.at(index).and_then(|(open, index)| open.is_leaf(index))
    }

    fn has_value(&self, index: u32, property: &str, asked: &str, wanted: &mut dyn FnMut(&str) -> bool) -> Option<bool> {
        self.at(index).and_then(|(open, index)| open.has_value(index, property, asked, wanted))
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
    use super::super::folder::store;
    use super::super::set::{Draft, Meta, write};
    use super::*;

    const URL: &str = "http://here.test/cs";

    /// A folder with two versions of a code system, each with its version as its one code; `damaged` is one of them.
    fn two(damaged: Option<&str>) -> (tempfile::TempDir, Held) {
        let folder = tempfile::tempdir().unwrap();
        for version in ["1", "2"] {
            let mut draft = Draft::new(Meta::new(Kind::CodeSystem, URL, version));
            draft.add(version);
            let meta = draft.meta.clone();
            let mut bytes = write(draft).unwrap().bytes;
            let last = bytes.len() - 9;
            bytes[last] ^= u8::from(damaged == Some(version));
            store(folder.path(), &meta, &bytes).unwrap();
        }
        let held = Held::open(folder.path()).unwrap().unwrap();
        (folder, held)
    }

    #[test]
    fn a_code_is_absent_where_no_version_has_it() {
        let (_folder, held) = two(None);
        let all = held.system(URL, None).unwrap();
        assert_eq!(all.version(), "2");
        assert_eq!(["2", "1", "3"].map(|c| all.find(c)), [HeldCode::Known(0), HeldCode::Known(1), HeldCode::Absent]);
        let older = held.system(URL, Some("1")).unwrap();
        assert_eq!(["1", "2"].map(|c| older.find(c)), [HeldCode::Known(0), HeldCode::Absent]);
        assert!(held.system(URL, Some("3")).is_none() && held.faults().is_empty());
    }

    #[test]
    fn of_a_damaged_version_nothing_is_known() {
        let (_folder, held) = two(Some("1"));
        for _ in 0..2 {
            let all = held.system(URL, None).unwrap();
            assert_eq!(["2", "1", "3"].map(|c| all.find(c)), [HeldCode::Known(0), HeldCode::Open, HeldCode::Open]);
            assert!(held.system(URL, Some("1")).is_none());
            assert_eq!(held.faults().len(), 1);
        }
        let (_folder, held) = two(Some("2"));
        assert!(held.system(URL, None).is_none() && held.system(URL, Some("1")).is_some());
        assert!(held.faults().iter().all(|f| f.contains("it is damaged")) && held.faults().len() == 1);
    }

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
