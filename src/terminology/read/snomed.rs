//! SNOMED CT's Release Format 2, snapshots: concepts, descriptions, is-a relationships, language reference sets
//! (<https://confluence.ihtsdotools.org/display/DOCRELFMT>). Files of several modules make one edition; of a component
//! that is in several of them the latest row counts.

use rustc_hash::FxHashMap;

use super::super::TerminologyError;
use super::super::held::namespace;
use super::super::inputs::Input;
use super::super::lines::rows;
use super::super::set::{Content, Draft, Kind, Meta};
use super::super::systems::SNOMED;
use super::super::told::{Fault, Told};
use super::names::{digits, from};

const CONCEPTS: [&str; 5] = ["id", "effectiveTime", "active", "moduleId", "definitionStatusId"];
const DESCRIPTIONS: [&str; 8] =
    ["id", "effectiveTime", "active", "moduleId", "conceptId", "languageCode", "typeId", "term"];
const RELATIONSHIPS: [&str; 8] =
    ["id", "effectiveTime", "active", "moduleId", "sourceId", "destinationId", "relationshipGroup", "typeId"];
const LANGUAGES: [&str; 7] =
    ["id", "effectiveTime", "active", "moduleId", "refsetId", "referencedComponentId", "acceptabilityId"];

/// The root of all concepts, which the international core has.
const ROOT: &str = "138875005";
const IS_A: &str = "116680003";
const FULLY_SPECIFIED: &str = "900000000000003001";
const PREFERRED: &str = "900000000000548007";
/// The language reference sets whose terms are displays first: English as in the United States, then in Great Britain.
const ENGLISH: [&str; 2] = ["900000000000509007", "900000000000508004"];
/// The modules of the international edition: core, and the metadata of all editions.
const INTERNATIONAL: &str = "900000000000207008";
const METADATA: &str = "900000000000012004";

/// What a file of a release is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Concepts,
    Descriptions,
    Relationships,
    Languages,
}

fn part(name: &str) -> Option<Part> {
    let starts = [
        ("sct2_Concept_", Part::Concepts),
        ("sct2_Description_", Part::Descriptions),
        ("sct2_Relationship_", Part::Relationships),
        ("der2_cRefset_Language", Part::Languages),
    ];
    let name = name.strip_prefix('x').unwrap_or(name);
    starts.iter().find(|(start, _)| name.starts_with(start)).map(|(_, part)| *part)
}

/// Whether a name is that of a file of a release.
pub(super) fn is_release_file(name: &str) -> bool {
    let name = name.strip_prefix('x').unwrap_or(name);
    name.starts_with("sct2_") || name.starts_with("der2_")
}

#[derive(Clone)]
struct Description {
    concept: u32,
    time: u32,
    active: bool,
    full: bool,
    language: u16,
    term: Box<str>,
    /// By which language reference set it is preferred, the best first, and since when.
    preferred: Option<(usize, u32)>,
}

#[derive(Default)]
struct Release {
    /// When the row of each concept took effect, and its module.
    concepts: Vec<(u32, u64)>,
    descriptions: Vec<Description>,
    of_id: FxHashMap<u64, u32>,
    /// Relationships by id: when they took effect, whether they are active, source and destination.
    relationships: FxHashMap<u64, (u32, bool, u32, u32)>,
    refsets: Vec<String>,
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_default()
}

fn time(text: &str) -> u32 {
    text.parse().unwrap_or_default()
}

/// Whether a text is an identifier of SNOMED CT; what is not is noted.
fn is_id(text: &str, input: &Input, line: u64, told: &mut Told) -> bool {
    let fits = (6..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !fits {
        told.note(Fault::NoCode, &input.name, line, || format!("`{text}` is not an identifier of SNOMED CT"));
    }
    fits
}

pub(super) fn read(files: &[&Input], told: &mut Told) -> Result<Draft, TerminologyError> {
    let mut all: Vec<(Part, &Input)> = Vec::new();
    for input in files {
        let name = input.file_name();
        match part(name) {
            Some(part) if name.contains("Snapshot") => all.push((part, input)),
            Some(_) => {
                told.note(Fault::Ignored, &input.name, 0, || "not a snapshot; only snapshots are read".to_owned())
            }
            None => told.note(Fault::Ignored, &input.name, 0, || "nothing that is imported".to_owned()),
        }
    }
    all.sort_by_key(|(part, _)| *part);
    if !all.iter().any(|(part, _)| *part == Part::Concepts) {
        let why = "no snapshot of concepts (sct2_Concept_Snapshot…) among the files of SNOMED CT".to_owned();
        return Err(TerminologyError::Ask(why));
    }
    let mut draft = Draft::new(Meta::new(Kind::CodeSystem, SNOMED, ""));
    let mut release = Release { refsets: ENGLISH.map(str::to_owned).to_vec(), ..Release::default() };
    for (part, input) in &all {
        match part {
            Part::Concepts => release.concepts(input, &mut draft, told)?,
            Part::Descriptions => release.descriptions(input, &mut draft, told)?,
            Part::Relationships => release.relationships(input, &draft, told)?,
            Part::Languages => release.languages(input, told)?,
        }
        from(&mut draft, input);
    }
    draft.meta.hierarchy = all.iter().any(|(part, _)| *part == Part::Relationships);
    let date = all.iter().filter(|(p, _)| *p == Part::Concepts).filter_map(|(_, i)| digits(i.file_name(), 8)).max();
    draft.meta.version = release.version(date);
    release.finish(&mut draft);
    without_core(&mut draft, told);
    Ok(draft)
}

/// An extension without the international core is a part: codes of the core are missing.
fn without_core(draft: &mut Draft, told: &mut Told) {
    if draft.find(ROOT).is_some() {
        return;
    }
    draft.meta.content = Content::Fragment;
    told.note(Fault::Partial, &draft.meta.canonical(), 0, || {
        format!("no concept `{ROOT}`: an extension without the core; of other codes it is not known whether they exist")
    });
}

impl Release {
    fn concepts(&mut self, input: &Input, draft: &mut Draft, told: &mut Told) -> Result<(), TerminologyError> {
        rows(input, '\t', &CONCEPTS, told, |[id, since, active, module, _], line, told| {
            if !is_id(id, input, line, told) {
                return;
            }
            let (index, is_new) = draft.add(id);
            let row = (time(since), number(module));
            match self.concepts.get_mut(index as usize) {
                Some(known) if !is_new => {
                    if known.0 == row.0 {
                        told.note(Fault::Duplicate, &input.name, line, || {
                            format!("concept `{id}` came before with the same effectiveTime; the first counts")
                        });
                    }
                    if known.0 >= row.0 {
                        return;
                    }
                    *known = row;
                }
                _ => self.concepts.push(row),
            }
            draft.at(index).into_iter().for_each(|c| c.inactive = *active != "1");
        })?;
        Ok(())
    }

    fn descriptions(&mut self, input: &Input, draft: &mut Draft, told: &mut Told) -> Result<(), TerminologyError> {
        rows(input, '\t', &DESCRIPTIONS, told, |[id, since, active, _, concept, language, kind, term], line, told| {
            if !is_id(id, input, line, told) {
                return;
            }
            let Some(index) = draft.find(concept) else {
                told.note(Fault::NoConcept, &input.name, line, || format!("no concept `{concept}`"));
                return;
            };
            let row = Description {
                concept: index,
                time: time(since),
                active: *active == "1",
                full: *kind == FULLY_SPECIFIED,
                language: draft.language(language),
                term: (*term).into(),
                preferred: None,
            };
            let next = self.descriptions.len() as u32;
            let at = *self.of_id.entry(number(id)).or_insert(next);
            match self.descriptions.get_mut(at as usize) {
                Some(known) if known.time < row.time => *known = row,
                Some(_) => {}
                None => self.descriptions.push(row),
            }
        })?;
        Ok(())
    }

    fn relationships(&mut self, input: &Input, draft: &Draft, told: &mut Told) -> Result<(), TerminologyError> {
        rows(input, '\t', &RELATIONSHIPS, told, |[id, since, active, _, source, target, _, kind], line, told| {
            if *kind != IS_A || !is_id(id, input, line, told) {
                return;
            }
            let missing = [source, target].into_iter().find(|c| draft.find(c).is_none());
            let (Some(child), Some(parent)) = (draft.find(source), draft.find(target)) else {
                let missing = missing.map_or("", |c| c);
                told.note(Fault::NoParent, &input.name, line, || format!("no concept `{missing}`"));
                return;
            };
            let row = (time(since), *active == "1", child, parent);
            let known = self.relationships.entry(number(id)).or_insert(row);
            if known.0 < row.0 {
                *known = row;
            }
        })?;
        Ok(())
    }

    fn languages(&mut self, input: &Input, told: &mut Told) -> Result<(), TerminologyError> {
        rows(input, '\t', &LANGUAGES, told, |[_, since, active, _, refset, description, preferred], line, told| {
            if *active != "1" || *preferred != PREFERRED {
                return;
            }
            let known = self.of_id.get(&number(description)).and_then(|i| self.descriptions.get_mut(*i as usize));
            let Some(known) = known else {
                told.note(Fault::NoConcept, &input.name, line, || format!("no description `{description}`"));
                return;
            };
            let rank = self.refsets.iter().position(|r| r == refset).unwrap_or_else(|| {
                self.refsets.push((*refset).to_owned());
                self.refsets.len() - 1
            });
            let own = (rank, time(since));
            let is_better = known.preferred.is_none_or(|(r, t)| rank < r || rank == r && own.1 > t);
            known.preferred = if is_better { Some(own) } else { known.preferred };
        })?;
        Ok(())
    }

    /// The edition and its date as a uri (<https://hl7.org/fhir/R4/snomedct.html>): the module with most concepts that
    /// is not of the international edition, else the international one.
    fn version(&self, date: Option<&str>) -> String {
        let mut counts: FxHashMap<u64, u64> = FxHashMap::default();
        for (_, module) in &self.concepts {
            *counts.entry(*module).or_default() += 1;
        }
        let is_national = |m: &u64| ![number(INTERNATIONAL), number(METADATA), 0].contains(m);
        let national = counts.iter().filter(|(m, _)| is_national(m)).max_by_key(|(m, n)| (**n, **m));
        let module = national.map_or_else(|| INTERNATIONAL.to_owned(), |(m, _)| m.to_string());
        let latest = || self.concepts.iter().map(|(t, _)| *t).max().unwrap_or_default().to_string();
        format!("{SNOMED}/{module}/version/{}", date.map_or_else(latest, str::to_owned))
    }

    /// Gives concepts their names, the preferred one first, and their parents.
    fn finish(mut self, draft: &mut Draft) {
        self.descriptions.retain(|d| d.active);
        self.descriptions.sort_by_key(|d| {
            // Without a preferred one, a synonym comes before the fully specified name.
            let (rank, since) = d.preferred.filter(|_| !d.full).unwrap_or((usize::MAX, 0));
            (d.concept, rank, std::cmp::Reverse(since), d.full)
        });
        for d in &self.descriptions {
            draft.at(d.concept).into_iter().for_each(|c| c.name(d.language, &d.term));
        }
        let active = self.relationships.values().filter(|(_, active, _, _)| *active);
        draft.links.extend(active.map(|(_, _, child, parent)| (*child, *parent)));
        let mut found: Vec<String> = draft
            .concepts
            .iter()
            .filter_map(|c| namespace(&c.code))
            .filter(|n| !n.is_empty())
            .map(str::to_owned)
            .collect();
        found.sort_unstable();
        found.dedup();
        draft.meta.namespaces = found;
    }
}
