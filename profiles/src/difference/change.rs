//! One change: where, of what, in which direction, and whom it can break.

/// Whom a change can break, the mildest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Nobody: it is not about which instances are valid.
    Documentation,
    /// Systems that have to support an element, or no longer have to.
    MustSupport,
    /// Readers of the old version: new data may be what they refuse.
    Reader,
    /// Writers of the old version: old data may be invalid now.
    Writer,
}

impl Level {
    /// All levels, the worst first.
    pub const ALL: [Level; 4] = [Level::Writer, Level::Reader, Level::MustSupport, Level::Documentation];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Level::Documentation => "documentation",
            Level::MustSupport => "must-support",
            Level::Reader => "reader",
            Level::Writer => "writer",
        }
    }
}

/// The direction of a change.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// Fewer instances are valid.
    Tightened,
    /// More instances are valid.
    Loosened,
    /// Other instances are valid, or which is not known; of what is no matter of validity: it is another now.
    Changed,
    /// The new version has it, the old one does not.
    Added,
    /// The old version has it, the new one does not.
    Removed,
}

impl Effect {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Effect::Tightened => "tightened",
            Effect::Loosened => "loosened",
            Effect::Changed => "changed",
            Effect::Added => "added",
            Effect::Removed => "removed",
        }
    }

    /// The level of a change of what decides validity.
    pub(super) fn level(self) -> Level {
        match self {
            Effect::Tightened | Effect::Changed | Effect::Added => Level::Writer,
            Effect::Loosened | Effect::Removed => Level::Reader,
        }
    }
}

macro_rules! facets {
    ($($(#[$what:meta])* $facet:ident = $name:literal,)*) => {
        /// What of an element, or of a definition, has changed.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Facet { $($(#[$what])* $facet),* }

        impl Facet {
            /// Its name in reports.
            pub const fn name(self) -> &'static str {
                match self { $(Facet::$facet => $name),* }
            }
        }
    };
}

facets! {
    /// The element itself.
    Element = "element",
    /// The least number of entries.
    Min = "min",
    /// The largest number of entries.
    Max = "max",
    /// The types that it may have.
    Type = "type",
    /// The profiles of a type.
    Profile = "profile",
    /// The targets of a reference or canonical.
    Target = "target",
    /// Where the targets of a reference may lie.
    Aggregation = "aggregation",
    /// Whether references name a version.
    Versioning = "versioning",
    /// A fixed value.
    Fixed = "fixed",
    /// A pattern.
    Pattern = "pattern",
    /// The least value.
    MinValue = "min-value",
    /// The largest value.
    MaxValue = "max-value",
    /// The least length of a text.
    MinLength = "min-length",
    /// The largest length of a text.
    MaxLength = "max-length",
    /// Whether a value may be absent in favour of extensions.
    MustHaveValue = "must-have-value",
    /// How binding a value set is.
    Strength = "binding-strength",
    /// The value set of a binding, or its codes.
    ValueSet = "value-set",
    /// The maximum value set.
    MaxValueSet = "max-value-set",
    /// An additional binding.
    AdditionalBinding = "additional-binding",
    /// A constraint.
    Constraint = "constraint",
    /// A slice.
    Slice = "slice",
    /// Whether entries may match no slice, and their order.
    SlicingRules = "slicing-rules",
    /// What tells slices from each other.
    Discriminator = "discriminator",
    /// The must-support flag.
    MustSupport = "must-support",
    /// An obligation.
    Obligation = "obligation",
    /// Whether the element modifies what others mean.
    Modifier = "modifier",
    /// Where an extension may be used.
    Context = "context",
    /// A condition on where an extension may be used.
    ContextInvariant = "context-invariant",
    /// A profile that this one imposes.
    Imposed = "imposed-profile",
    /// Whether instances may claim the definition.
    Abstract = "abstract",
    /// The definition that this one is derived from.
    Base = "base",
    /// The type that the definition constrains.
    ConstrainedType = "constrained-type",
}

/// A change between two versions of a definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The id of the element, as the version writes it that has the element.
    pub element: String,
    /// What has changed.
    pub facet: Facet,
    /// In which direction.
    pub effect: Effect,
    /// Whom it can break.
    pub level: Level,
    /// What only the old version says; empty where it says nothing.
    pub old: String,
    /// What only the new version says.
    pub new: String,
    /// What has to be known beside it; empty for most.
    pub note: String,
    /// Whether it is about which instances are valid, so that a proof can show that it breaks nothing.
    pub decides_validity: bool,
}

impl Change {
    /// Whether old instances may be invalid for the new version.
    pub fn breaks_writers(&self) -> bool {
        self.level == Level::Writer
    }

    /// Whether new instances may be invalid for the old version.
    pub fn breaks_readers(&self) -> bool {
        self.level == Level::Reader || (self.level == Level::Writer && self.effect == Effect::Changed)
    }

    /// This change, with what has to be known beside it.
    pub(super) fn noted(self, note: impl Into<String>) -> Change {
        Change { note: note.into(), ..self }
    }

    /// This change at another level.
    pub(super) fn at(self, level: Level) -> Change {
        Change { level, decides_validity: self.decides_validity && level >= Level::Reader, ..self }
    }

    /// This change, of something that instances are not invalid by.
    pub(super) fn advisory(self) -> Change {
        Change { decides_validity: false, ..self }
    }
}
