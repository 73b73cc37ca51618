//! Definitions of which a test says itself how they relate.

use std::sync::Arc;

use fhir_accord::capability::relation::{Coverage, Relation, Validity};
use fhir_accord::capability::{CodesAt, Definitions, GuideInfo, PackageDefinitions, ProfileInfo, SearchParameterInfo};
use fhir_accord::profiles::definition::Canonical;
use serde_json::{Value, json};

/// The heads of packages, and what is told of pairs: narrow, wide, relation.
pub struct Told {
    pub heads: PackageDefinitions,
    pub relations: Vec<(String, String, Relation)>,
    /// What is told of the codes that a profile demands.
    pub codes: Vec<(String, CodesAt)>,
}

impl Told {
    pub fn new(heads: PackageDefinitions) -> Told {
        Told { heads, relations: Vec::new(), codes: Vec::new() }
    }

    /// The same, with a relation of one pair of canonicals.
    pub fn with(mut self, narrow: &str, wide: &str, relation: Relation) -> Told {
        self.relations.push((narrow.to_owned(), wide.to_owned(), relation));
        self
    }
}

/// All instances are valid, and serve so much of the use.
pub fn valid(coverage: Coverage) -> Relation {
    let covered = if coverage == Coverage::Part { vec!["code is a".to_owned()] } else { Vec::new() };
    Relation { validity: Validity::Proven, coverage, covered, ..Relation::default() }
}

/// A witness refutes it.
pub fn refuted(coverage: Coverage) -> Relation {
    let witness = Some(json!({"resourceType": "Patient"}));
    Relation { validity: Validity::Refuted, coverage, witness, ..open(1) }
}

/// So many demands are open.
pub fn open(count: usize) -> Relation {
    Relation {
        open: vec!["min of Patient.identifier".to_owned()],
        open_count: count,
        bridge: vec!["Patient.identifier: at least 1".to_owned()],
        bridge_count: count,
        ..Relation::default()
    }
}

impl Definitions for Told {
    fn packages(&self) -> Vec<String> {
        self.heads.packages()
    }

    fn profiles(&self, url: &str) -> Vec<Arc<ProfileInfo>> {
        self.heads.profiles(url)
    }

    fn search_parameter(&self, release: Option<&str>, of: &str, code: &str) -> Option<Arc<SearchParameterInfo>> {
        self.heads.search_parameter(release, of, code)
    }

    fn patient_compartment(&self, release: Option<&str>) -> Option<Arc<Vec<String>>> {
        self.heads.patient_compartment(release)
    }

    fn codes_at(&self, profile: &Canonical, _element: &str) -> CodesAt {
        let told = self.codes.iter().find(|(of, _)| *of == profile.to_string());
        told.map_or(CodesAt::Unknown, |(_, codes)| codes.clone())
    }

    fn relation(&self, narrow: &Canonical, wide: &Canonical) -> Arc<Relation> {
        let (narrow, wide) = (narrow.to_string(), wide.to_string());
        let told = self.relations.iter().find(|(n, w, _)| *n == narrow && *w == wide);
        Arc::new(told.map(|(_, _, relation)| relation.clone()).unwrap_or_default())
    }

    fn proof(&self, narrow: &Canonical, wide: &Canonical) -> Arc<Relation> {
        let told = self.relation(narrow, wide);
        match told.validity {
            Validity::Refuted | Validity::Partial => {
                Arc::new(Relation { validity: Validity::Unknown, witness: None, ..Relation::clone(&told) })
            }
            _ => told,
        }
    }

    fn guide(&self, id: &str, version: Option<&str>) -> Option<Arc<GuideInfo>> {
        self.heads.guide(id, version)
    }

    fn guides(&self, canonical: &Canonical) -> Vec<Arc<GuideInfo>> {
        self.heads.guides(canonical)
    }

    fn statement(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.heads.statement(canonical)
    }

    fn nearest(&self, url: &str) -> Option<String> {
        self.heads.nearest(url)
    }
}
