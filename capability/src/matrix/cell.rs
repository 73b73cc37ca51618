//! What a matrix keeps of one negotiation.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::agreement::{
    Agreement, Answer, Counts, Direction, Finding, Kind, ProfileDetails, ProfileStatus, ResourceAgreement, Row,
    ShallCounts, TypeCounts, Usable, Verdict,
};
use crate::expectation::Weight;
use crate::part::Part;
use crate::reason::Reason;

/// How far a type of a client works with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Works {
    /// All that weighs SHALL or SHOULD.
    Whole,
    /// All that weighs SHALL.
    Partly,
    /// It cannot be determined.
    Unknown,
    /// Something that weighs SHALL fails.
    No,
    /// The server does not have the type.
    Absent,
}

/// A type of the client, with one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TypeCell {
    /// The type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// How far it works.
    pub works: Works,
    /// What the client's entry weighs; null: it requires nothing.
    pub weighs: Option<Weight>,
}

/// What a row about a profile tells beyond other rows.
#[derive(Clone, Debug, PartialEq)]
pub struct CellProfile {
    /// Which way the resources flow.
    pub direction: Direction,
    /// Whether the requirement is met.
    pub status: ProfileStatus,
    /// The server's profile that the status is about.
    pub satisfied_by: Option<String>,
    /// What selects the part of a partial status.
    pub conditions: Vec<String>,
    /// An instance of one profile that does not conform to the other.
    pub witness: Option<Value>,
}

/// A requirement of the client, with one server.
#[derive(Clone, Debug, PartialEq)]
pub struct CellRow {
    /// Which part of the client's statement it is.
    pub part: Part,
    /// The type; `None` at the system level.
    pub resource_type: Option<String>,
    /// What kind of item it is.
    pub kind: Kind,
    /// What it weighs; `None`: it requires nothing.
    pub weighs: Option<Weight>,
    /// Whether it is met.
    pub finding: Finding,
    /// Whether the app can expect to be allowed.
    pub usable: Usable,
    /// Why it is not met.
    pub why: Vec<Reason>,
    /// Of a row about a profile.
    pub profile: Option<Box<CellProfile>>,
}

/// A client with one server.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it cannot be determined, where no requirement says so.
    pub why: Vec<Reason>,
    /// What the statements as a whole fail at, or leave open: the FHIR version, the format.
    pub whole: Vec<Reason>,
    /// The FHIR version that both sides speak, as `4.0`.
    pub fhir_version: Option<String>,
    /// How many of the client's types the server has.
    pub types: TypeCounts,
    /// What the client itself marks SHALL, on the types that the server has.
    pub shall: ShallCounts,
    /// Over all rows, and over the statements as a whole.
    pub counts: Counts,
    /// The client's types, in its order.
    pub by_type: Vec<TypeCell>,
    /// Every requirement, in the client's order.
    pub rows: Vec<CellRow>,
    /// The scope string to send.
    pub ask: String,
    /// True where the version, a statement or a policy cannot be relied on, whatever the rows say.
    pub is_uncertain: bool,
}

impl Cell {
    /// What a matrix tells of a negotiation.
    pub fn of(agreement: &Agreement) -> Cell {
        let mut rows: Vec<CellRow> = agreement.system.rows.iter().map(|row| CellRow::of(None, row)).collect();
        for resource in &agreement.resources {
            rows.extend(resource.all().map(|row| CellRow::of(Some(&resource.resource_type), row)));
        }
        Cell {
            verdict: agreement.verdict,
            why: agreement.why.clone(),
            whole: whole(agreement),
            fhir_version: agreement.fhir_version.chosen.clone(),
            types: agreement.summary.types,
            shall: agreement.summary.shall,
            counts: agreement.counts,
            by_type: agreement.resources.iter().map(type_cell).collect(),
            rows,
            ask: agreement.ask.scope.clone(),
            is_uncertain: agreement.verdict != agreement.counts.verdict(),
        }
    }

    /// Whether the app works with the server.
    pub fn works(&self) -> bool {
        self.verdict <= Verdict::Degraded
    }

    /// The types that the server does not have.
    pub fn absent_types(&self) -> impl Iterator<Item = &str> {
        self.by_type.iter().filter(|t| t.works == Works::Absent).map(|t| t.resource_type.as_str())
    }

    /// The requirements that are not met, or not known to be.
    pub fn open(&self) -> impl Iterator<Item = &CellRow> {
        self.rows.iter().filter(|r| r.weighs.is_some() && r.finding != Finding::Satisfied)
    }
}

/// What no row tells: why there is no version in common, and that there is no format.
fn whole(agreement: &Agreement) -> Vec<Reason> {
    let format = agreement.issues.iter().map(|i| i.rule).find(|rule| *rule == Reason::Format);
    agreement.fhir_version.why.iter().copied().chain(format).collect()
}

fn type_cell(resource: &ResourceAgreement) -> TypeCell {
    let works = match resource.verdict {
        _ if resource.entry.server == Answer::No => Works::Absent,
        Verdict::Compatible => Works::Whole,
        Verdict::Degraded => Works::Partly,
        Verdict::Indeterminate => Works::Unknown,
        Verdict::Incompatible => Works::No,
    };
    let resource_type = resource.resource_type.clone();
    TypeCell { resource_type, works, weighs: resource.entry.weighs }
}

impl CellRow {
    fn of(resource_type: Option<&str>, row: &Row) -> CellRow {
        let profile = |p: &ProfileDetails| {
            Box::new(CellProfile {
                direction: p.direction,
                status: p.status,
                satisfied_by: p.satisfied_by.clone(),
                conditions: p.conditions.clone(),
                witness: p.witness.clone(),
            })
        };
        CellRow {
            part: Part::of(resource_type, &row.item),
            resource_type: resource_type.map(str::to_owned),
            kind: row.kind(),
            weighs: row.weighs,
            finding: row.finding,
            usable: row.usable,
            why: row.why.clone(),
            profile: row.profile().map(profile),
        }
    }

    /// Whether it is about what the client writes.
    pub fn is_write(&self) -> bool {
        self.profile.as_ref().is_some_and(|p| p.direction == Direction::Write)
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("verdict", &self.verdict)?;
        map.serialize_entry("why", &self.why)?;
        map.serialize_entry("whole", &self.whole)?;
        map.serialize_entry("fhirVersion", &self.fhir_version)?;
        map.serialize_entry("types", &self.types)?;
        map.serialize_entry("shall", &self.shall)?;
        map.serialize_entry("counts", &self.counts)?;
        map.serialize_entry("byType", &self.by_type)?;
        map.serialize_entry("open", &self.open().collect::<Vec<_>>())?;
        map.serialize_entry("ask", &self.ask)?;
        map.end()
    }
}

impl Serialize for CellRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("part", &self.part.to_string())?;
        map.serialize_entry("type", &self.resource_type)?;
        map.serialize_entry("kind", self.kind.name())?;
        map.serialize_entry("weighs", &self.weighs)?;
        map.serialize_entry("verdict", if self.finding == Finding::Unmet { "failed" } else { "unknown" })?;
        map.serialize_entry("usable", &self.usable)?;
        map.serialize_entry("why", &self.why)?;
        if let Some(profile) = &self.profile {
            map.serialize_entry("direction", &profile.direction)?;
            map.serialize_entry("status", &profile.status)?;
            map.serialize_entry("satisfiedBy", &profile.satisfied_by)?;
            map.serialize_entry("conditions", &profile.conditions)?;
            map.serialize_entry("witness", &profile.witness)?;
        }
        map.end()
    }
}
