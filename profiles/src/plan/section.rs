//! The sections of an image.

/// The sections in the order of the header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub enum Section {
    /// The package's id, version and FHIR version, then what could not be compiled: strings.
    Meta,
    /// The strings: for each its length in bytes (LEB128), then the bytes; padded at the end.
    Pool,
    /// The element names of the model, in the order of their ids.
    Names,
    /// The names of the model's types.
    TypeNames,
    /// The types of the model.
    Types,
    /// The children of the model's types.
    Children,
    /// StructureDefinitions, by url and version.
    Structures,
    /// The elements of snapshots without their facets, those of one structure together.
    Elements,
    /// The types of elements.
    TypeRefs,
    /// Lists of strings and of row numbers.
    Lists,
    /// Constraints with an expression.
    Constraints,
    /// The words of compiled expressions, and masks.
    Code,
    /// Bindings of elements, additional ones too.
    Bindings,
    /// The slicings of elements.
    Slicings,
    /// The discriminators of slicings.
    Discriminators,
    /// Fixed values, patterns and bounds, as trees.
    Values,
    /// Expanded value sets, by url and version.
    ValueSets,
    /// The tables of value sets and code systems, by code.
    Slots,
    /// The members of value sets and the concepts of code systems.
    Concepts,
    /// Code systems whose membership in a value set is open.
    OpenSystems,
    /// Code systems, by url and version.
    CodeSystems,
    /// Any other canonical, by url and version.
    Canonicals,
    /// The strings of compiled expressions, as text padded with spaces.
    CodeText,
    /// What constraints say to people, by constraint.
    Humans,
    /// The texts of the section before, padded with spaces.
    HumanText,
    /// Where extensions may be used.
    Contexts,
    /// Which structure is the first of each url, as a table by hash.
    StructureUrls,
    /// The same for value sets.
    ValueSetUrls,
    /// The same for code systems.
    CodeSystemUrls,
    /// The same for other canonicals.
    CanonicalUrls,
    /// What is wrong with structures.
    Faults,
    /// The facets of elements: those of equal ones once.
    ElementFacets,
    /// What concepts have in common.
    ConceptKinds,
}

impl Section {
    /// All sections in their order.
    pub const ALL: [Section; SECTIONS] = [
        Section::Meta,
        Section::Pool,
        Section::Names,
        Section::TypeNames,
        Section::Types,
        Section::Children,
        Section::Structures,
        Section::Elements,
        Section::TypeRefs,
        Section::Lists,
        Section::Constraints,
        Section::Code,
        Section::Bindings,
        Section::Slicings,
        Section::Discriminators,
        Section::Values,
        Section::ValueSets,
        Section::Slots,
        Section::Concepts,
        Section::OpenSystems,
        Section::CodeSystems,
        Section::Canonicals,
        Section::CodeText,
        Section::Humans,
        Section::HumanText,
        Section::Contexts,
        Section::StructureUrls,
        Section::ValueSetUrls,
        Section::CodeSystemUrls,
        Section::CanonicalUrls,
        Section::Faults,
        Section::ElementFacets,
        Section::ConceptKinds,
    ];
}

/// How many sections an image has.
pub const SECTIONS: usize = 33;
