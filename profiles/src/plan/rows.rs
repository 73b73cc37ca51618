//! The rows of an image: fixed size, linked by indices, the same bytes in memory and on disk. No logic, but
//! that words which stand for a kind are read as it.

use bytemuck::{Pod, Zeroable};

use super::kinds::{
    Aggregation, BindingStrength, CodeSystemContent, ContextKind, DiscriminatorKind, ReferenceVersioning, SlicingRules,
    ValueKind,
};
pub use super::marks::{
    ELEMENT_CHOICE, ELEMENT_LIST, ELEMENT_MODIFIER, ELEMENT_MUST_HAVE_VALUE, ELEMENT_MUST_SUPPORT, ELEMENT_SUMMARY,
    ELEMENT_SUMMARY_SAID, STRUCTURE_ABSTRACT, STRUCTURE_CONSTRAINT, STRUCTURE_EXPERIMENTAL, STRUCTURE_EXTENSION,
    STRUCTURE_LOGICAL, STRUCTURE_MODIFIER, STRUCTURE_OBLIGATIONS, STRUCTURE_PRIMITIVE, STRUCTURE_RESOURCE,
    STRUCTURE_STATUS,
};
use crate::definition::VersionRange;
use crate::instance::NameId;

/// A string in the image's pool: the byte where it begins. 0 is the empty string.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Pod, Zeroable)]
#[repr(transparent)]
pub struct Str(pub u32);

impl Str {
    pub const EMPTY: Str = Str(0);

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// No row: what an optional link holds.
pub const NONE: u32 = u32::MAX;

/// A run of rows of another section.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub struct Run {
    pub start: u32,
    pub len: u32,
}

impl Run {
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

/// A StructureDefinition. Sorted by url, then version, in its section.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct StructureRow {
    pub url: Str,
    pub version: Str,
    /// The type that it constrains or defines.
    pub type_name: Str,
    pub base: Str,
    /// Row of the root element.
    pub root: u32,
    pub flags: u32,
    /// Contexts of an extension, in the section of contexts.
    pub contexts: Run,
    /// `contextInvariant` of an extension: expressions in the section of contexts.
    pub context_invariants: Run,
    /// Profiles that this one imposes, in the string lists.
    pub imposed: Run,
    /// What is wrong with it, in the section of faults.
    pub faults: Run,
    /// The word of a [`VersionRange`]: the FHIR versions for which an extension is defined.
    pub versions: u32,
}

impl StructureRow {
    pub fn versions(&self) -> VersionRange {
        VersionRange::from_word(self.versions)
    }

    /// The marks of `super::marks::STATUS_OLD` that its definition bears.
    pub fn status(&self) -> u32 {
        self.flags >> STRUCTURE_STATUS
    }
}

/// What is wrong with a structure, or with one that it is derived from.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct FaultRow {
    /// The url of the definition at fault.
    pub profile: Str,
    /// The id of its element.
    pub element: Str,
    pub message: Str,
    /// 1: it loosens what its base demands, and the base's demand was compiled; 0: what it means is left open.
    pub overruled: u32,
}

/// Where an extension may be used.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct ContextRow {
    /// A [`ContextKind`].
    pub kind: u32,
    /// The element, the url or the expression.
    pub expression: Str,
    /// Words of a compiled FHIRPath expression; empty where it is none, or does not compile.
    pub code: Run,
    /// The word of a [`VersionRange`]: the FHIR versions in which the context counts.
    pub versions: u32,
}

impl ContextRow {
    pub fn versions(&self) -> VersionRange {
        VersionRange::from_word(self.versions)
    }

    pub fn kind(&self) -> ContextKind {
        ContextKind::of(self.kind)
    }
}

/// An ElementDefinition of a snapshot, put together from its two rows (`super::element_row`).
#[derive(Clone, Copy, Debug)]
pub struct ElementRow {
    /// The name, for a choice its choice base.
    pub name: NameId,
    /// `ElementDefinition.id`.
    pub id: Str,
    pub slice_name: Str,
    /// The structure that it belongs to.
    pub structure: u32,
    pub min: u32,
    /// `u32::MAX` = unbounded.
    pub max: u32,
    pub flags: u32,
    pub parent: u32,
    pub first_child: u32,
    /// The next child of the same parent that is no slice.
    pub next: u32,
    /// The first slice of this element.
    pub first_slice: u32,
    /// The next slice of the same element.
    pub next_slice: u32,
    pub types: Run,
    /// Row numbers of its constraints, in the lists.
    pub constraints: Run,
    /// Row of the slicing.
    pub slicing: u32,
    pub binding: u32,
    /// Roots in the values section.
    pub fixed: u32,
    pub pattern: u32,
    pub min_value: u32,
    pub max_value: u32,
    /// `u32::MAX` = none.
    pub max_length: u32,
    /// 0 = none.
    pub min_length: u32,
    /// The extensions of which one may take the place of a value, in the string lists.
    pub value_alternatives: Run,
    /// What systems have to do with it, in the string lists: nothing is valid or invalid by it.
    pub obligations: Run,
    /// What extensions of its definition demand of the node, in the string lists: the extension's name, a space, its
    /// value.
    pub controls: Run,
    /// The element whose content this one takes over.
    pub content: u32,
}

/// One type of an element.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct TypeRefRow {
    pub code: Str,
    /// Canonicals, in the string lists.
    pub profiles: Run,
    pub targets: Run,
    /// The bits of an [`Aggregation`].
    pub aggregation: u32,
    /// A [`ReferenceVersioning`].
    pub versioning: u32,
}

impl TypeRefRow {
    pub fn aggregation(&self) -> Aggregation {
        Aggregation::of(self.aggregation)
    }

    pub fn versioning(&self) -> ReferenceVersioning {
        ReferenceVersioning::of(self.versioning)
    }
}

/// A constraint with an expression.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct ConstraintRow {
    pub key: Str,
    pub expression: Str,
    pub source: Str,
    pub flags: u32,
    /// Words of the compiled expression; empty where it does not compile.
    pub code: Run,
    /// One of the operations that `assertion::native` knows, 0 = none.
    pub native: u32,
    /// The words of the mask, where the operation is one.
    pub mask: Run,
}

/// What a constraint says to people. Sorted by constraint; nothing is decided by it, and packages without prose have
/// none.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct HumanRow {
    /// Its row.
    pub constraint: u32,
    /// Bytes of the text section.
    pub text: Run,
}

pub const CONSTRAINT_WARNING: u32 = 1;
pub const CONSTRAINT_BEST_PRACTICE: u32 = 2;
/// A result that is empty satisfies the constraint.
pub const CONSTRAINT_EMPTY_HOLDS: u32 = 4;
/// The expression is not the published one, which is in error.
pub const CONSTRAINT_MENDED: u32 = 8;

/// A binding.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct BindingRow {
    /// A [`BindingStrength`].
    pub strength: u32,
    pub value_set: Str,
    /// The maximum value set.
    pub max: Str,
    pub min: Str,
    /// The rows of additional bindings.
    pub additional: Run,
}

impl BindingRow {
    pub fn strength(&self) -> BindingStrength {
        BindingStrength::of(self.strength)
    }
}

/// The slicing of an element.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct SlicingRow {
    pub discriminators: Run,
    /// A [`SlicingRules`].
    pub rules: u32,
    pub ordered: u32,
}

impl SlicingRow {
    pub fn rules(&self) -> SlicingRules {
        SlicingRules::of(self.rules)
    }
}

/// One discriminator.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct DiscriminatorRow {
    /// A [`DiscriminatorKind`].
    pub kind: u32,
    pub path: Str,
}

impl DiscriminatorRow {
    pub fn kind(&self) -> DiscriminatorKind {
        DiscriminatorKind::of(self.kind)
    }
}

/// A node of a fixed value, pattern or bound, as a tree.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct ValueRow {
    pub name: NameId,
    /// A [`ValueKind`].
    pub kind: u32,
    pub text: Str,
    pub first_child: u32,
    pub next: u32,
    /// The element name as in an instance of the root's type (`valueQuantity` …); roots hold the choice suffix.
    pub type_name: Str,
}

impl ValueRow {
    pub fn kind(&self) -> ValueKind {
        ValueKind::of(self.kind)
    }
}

/// An expanded value set. Sorted by url, then version.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct ValueSetRow {
    pub url: Str,
    pub version: Str,
    /// The table of its codes, in the slots.
    pub slots: Run,
    /// Code systems whose codes belong by a grammar or cannot be decided, in the open systems section.
    pub open: Run,
    /// A reason why any code may belong; empty where the set is complete.
    pub incomplete: Str,
    pub count: u32,
    /// Of which versions of code systems codes are taken, in the lists: for each a [`super::VersionTaken`], the system
    /// and the version.
    pub versions: Run,
    /// The definition in a normal form, where some part of it is open: sets with the same rule have the same codes,
    /// whatever those are. Empty where nothing is open, and where there is no definition.
    pub rule: Str,
    /// How far the definition may be relied on: `STATUS_…`.
    pub status: u32,
}

/// A code system whose membership in a value set is open.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct OpenSystemRow {
    pub system: Str,
    /// The words of a grammar whose codes belong; the first is 0 where there is none.
    pub grammar: [u32; 3],
    /// 1: all codes of the system belong; the system is not loaded, so which codes it has is not known.
    pub whole: u32,
    /// Why that cannot be determined for other codes; empty where they do not belong.
    pub reason: Str,
}

/// A code system. Sorted by url, then version.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct CodeSystemRow {
    pub url: Str,
    pub version: Str,
    /// A [`CodeSystemContent`].
    pub content: u32,
    pub case_sensitive: u32,
    pub slots: Run,
    pub count: u32,
    /// The properties that it declares, in the string lists: the code, a tab, the type.
    pub properties: Run,
    /// The filters that it declares, in the string lists: the code and the operators, tabs between them.
    pub filters: Run,
    /// How far the definition may be relied on: `STATUS_…`.
    pub status: u32,
    /// Its `hierarchyMeaning`, and the language of its displays; empty where it states none.
    pub hierarchy: Str,
    pub language: Str,
}

impl CodeSystemRow {
    /// Whether the package has all the codes of the system.
    pub fn is_complete(&self) -> bool {
        self.content() == CodeSystemContent::Complete && self.count > 0
    }

    pub fn content(&self) -> CodeSystemContent {
        CodeSystemContent::of(self.content)
    }
}

/// Any other canonical that the package defines: its resource type and url.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct CanonicalRow {
    pub url: Str,
    pub version: Str,
    pub resource_type: Str,
    /// Of a Questionnaire the JSON of its items, by which responses are judged; of a guide its global profiles; of a
    /// search parameter its type and bases; of an identifier the urls of its code systems; else empty.
    pub content: Str,
}
