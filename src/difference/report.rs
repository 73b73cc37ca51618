//! What was found, as data: for JSON, text and Markdown.

use serde::Serialize;

use super::status::{Status, weight};
use crate::profiles::difference::{Change, Effect, Facet, Level};
use crate::profiles::plan::{Handle, ImageSet};
use crate::relations::WitnessText;

/// What is a list of things that are allowed: only what came and went is told of it.
const LISTS: [&str; 4] = [Facet::Type.name(), Facet::Profile.name(), Facet::Target.name(), Facet::Context.name()];

/// The differences of two versions.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The old version, as it was found.
    pub old: String,
    /// The new one.
    pub new: String,
    /// The worst level that is found, harmless changes aside; `None` where nothing is different.
    pub worst: Option<&'static str>,
    /// How many changes there are of each level.
    pub counts: Counts,
    /// Profiles that only the new version has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<String>,
    /// Profiles that only the old version has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// How many profiles are the same in both.
    pub unchanged: usize,
    /// The profiles that are different, by url.
    pub profiles: Vec<ProfileChanges>,
}

/// How many changes there are of each level, and how many of them are proven to break nothing.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// Old data may be invalid now.
    pub writer: usize,
    /// Old readers may refuse new data.
    pub reader: usize,
    /// Other elements must be supported.
    pub must_support: usize,
    /// All others.
    pub documentation: usize,
    /// Of the writers' and readers' levels, those that a proof shows to break no instance.
    pub harmless: usize,
}

/// The changes of one profile.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileChanges {
    /// The type that it constrains.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The old version, as `url|version`.
    pub old: String,
    /// The new one.
    pub new: String,
    /// Whether old data is invalid now.
    pub writer: Break,
    /// Whether new data is invalid for the old version.
    pub reader: Break,
    /// What has changed, in the order of the elements.
    pub changes: Vec<ChangeText>,
}

/// Whether instances of one version are invalid for the other.
#[derive(Clone, Debug, Serialize)]
pub struct Break {
    /// What is known of it.
    pub status: Status,
    /// An instance that is valid for the one and invalid for the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<WitnessText>,
}

/// One change.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeText {
    /// The id of the element.
    pub element: String,
    /// What has changed: `min`, `value-set`, `slice` …
    pub facet: &'static str,
    /// `tightened`, `loosened`, `changed`, `added` or `removed`.
    pub effect: &'static str,
    /// Whom it can break.
    pub level: &'static str,
    /// A proof shows that it breaks no instance.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub harmless: bool,
    /// What only the old version says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub old: String,
    /// What only the new version says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub new: String,
    /// What has to be known beside it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The level that counts, after proofs.
    #[serde(skip)]
    pub weight: Level,
}

impl Report {
    /// A report without profiles.
    pub(super) fn of(old: &str, new: &str) -> Report {
        Report {
            old: old.to_owned(),
            new: new.to_owned(),
            worst: None,
            counts: Counts::default(),
            added: Vec::new(),
            removed: Vec::new(),
            unchanged: 0,
            profiles: Vec::new(),
        }
    }

    /// Adds a profile, where it is different.
    pub(super) fn take(&mut self, profile: ProfileChanges) {
        let broken = [&profile.writer, &profile.reader].into_iter().any(|b| b.status == Status::Confirmed);
        if profile.changes.is_empty() && !broken {
            self.unchanged += 1;
            return;
        }
        for c in &profile.changes {
            self.counts.count(c);
        }
        self.profiles.push(profile);
    }
}

impl Counts {
    fn count(&mut self, change: &ChangeText) {
        match change.level {
            "writer" => self.writer += 1,
            "reader" => self.reader += 1,
            "must-support" => self.must_support += 1,
            _ => self.documentation += 1,
        }
        self.harmless += usize::from(change.harmless);
    }
}

impl ProfileChanges {
    pub(super) fn of(
        set: &ImageSet,
        (old, new): (Handle, Handle),
        changes: &[Change],
        (writer, reader): (Break, Break),
    ) -> ProfileChanges {
        let changes = changes.iter().map(|c| ChangeText::of(c, (writer.status, reader.status))).collect();
        ProfileChanges {
            type_name: set.type_name_of(new).unwrap_or_default().to_owned(),
            old: set.canonical_of(old),
            new: set.canonical_of(new),
            writer,
            reader,
            changes,
        }
    }
}

impl ChangeText {
    fn of(change: &Change, breaks: (Status, Status)) -> ChangeText {
        let weight = weight(change, breaks);
        ChangeText {
            element: change.element.clone(),
            facet: change.facet.name(),
            effect: change.effect.name(),
            level: change.level.name(),
            harmless: change.level >= Level::Reader && weight < Level::Reader,
            old: change.old.clone(),
            new: change.new.clone(),
            note: change.note.clone(),
            weight,
        }
    }

    /// The change in words, without its element: `min tightened: 0 -> 1`.
    pub(super) fn words(&self, quote: &str) -> String {
        let q = |text: &str| format!("{quote}{text}{quote}");
        let one_sided = [Effect::Added.name(), Effect::Removed.name()].contains(&self.effect);
        let is_list = LISTS.contains(&self.facet);
        let values = match (self.old.as_str(), self.new.as_str()) {
            ("", "") => String::new(),
            ("", new) if is_list => format!(": now also {}", q(new)),
            (old, "") if is_list => format!(": no longer {}", q(old)),
            (old, new) if old == new => format!(": {}", q(old)),
            ("", new) if one_sided => format!(": {}", q(new)),
            (old, "") if one_sided => format!(": {}", q(old)),
            ("", new) => format!(": none -> {}", q(new)),
            (old, "") => format!(": {} -> none", q(old)),
            (old, new) => format!(": {} -> {}", q(old), q(new)),
        };
        let note = if self.note.is_empty() { String::new() } else { format!(" ({})", self.note) };
        format!("{} {}{values}{note}", self.facet, self.effect)
    }
}
