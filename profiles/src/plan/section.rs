//! The sections of an image.

/// The sections in the order of the header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub enum Section {
    Meta,
    Pool,
    Names,
    TypeNames,
    Types,
    Children,
    Structures,
    Elements,
    TypeRefs,
    Lists,
    Constraints,
    Code,
    Bindings,
    Slicings,
    Discriminators,
    Values,
    ValueSets,
    Slots,
    Concepts,
    OpenSystems,
    CodeSystems,
    Canonicals,
    /// The strings of compiled expressions, as text padded with spaces.
    CodeText,
    /// What constraints say to people, by constraint.
    Humans,
    /// The texts of the section before, padded with spaces.
    HumanText,
    /// Where extensions may be used.
    Contexts,
    /// Where the urls of structures, value sets, code systems and other canonicals stand, as tables by hash.
    StructureUrls,
    ValueSetUrls,
    CodeSystemUrls,
    CanonicalUrls,
    /// What is wrong with structures.
    Faults,
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
    ];
}

/// How many sections an image has.
pub const SECTIONS: usize = 31;
