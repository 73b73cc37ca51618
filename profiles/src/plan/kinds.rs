//! The field's terms that images store as numbers. A number that no build writes comes from a damaged image: each kind
//! says how it is read then, so that damage never lets anything pass.

macro_rules! kinds {
    ($(#[$about:meta])* $name:ident or $fallback:ident { $($(#[$what:meta])* $kind:ident = $number:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u32)]
        pub enum $name { $($(#[$what])* $kind = $number),* }

        impl $name {
            /// What a number of an image stands for.
            #[inline]
            pub fn of(number: u32) -> $name {
                match number {
                    $($number => $name::$kind,)*
                    _ => $name::$fallback,
                }
            }

            /// The number that an image stores.
            #[inline]
            pub fn number(self) -> u32 {
                self as u32
            }
        }
    };
}

kinds! {
    /// How binding a value set is, the strongest first. An unknown number is the strongest: it demands at least what
    /// was meant.
    BindingStrength or Required {
        Required = 0,
        Extensible = 1,
        Preferred = 2,
        Example = 3,
    }
}

kinds! {
    /// Whether entries may match no slice. An unknown number is closed: it demands at least what was meant.
    SlicingRules or Closed {
        Open = 0,
        Closed = 1,
        OpenAtEnd = 2,
    }
}

kinds! {
    /// What a discriminator looks at. What is unknown nobody evaluates: the slice stays an open question.
    DiscriminatorKind or Unknown {
        Value = 0,
        Pattern = 1,
        Exists = 2,
        Type = 3,
        Profile = 4,
        Position = 5,
        Unknown = 6,
    }
}

kinds! {
    /// How much of a code system a package holds. An unknown number is a fragment: what is not in it may exist all the
    /// same.
    CodeSystemContent or Fragment {
        Complete = 0,
        /// A part of it: a fragment, or examples.
        Fragment = 1,
        NotPresent = 2,
        /// Additions to another code system.
        Supplement = 3,
    }
}

kinds! {
    /// The form of a value in a definition. An unknown number is a string: no object, number or boolean is ever equal
    /// to it.
    ValueKind or String {
        Object = 0,
        String = 1,
        Number = 2,
        True = 3,
        False = 4,
    }
}

kinds! {
    /// Whether references name a version. An unknown number is specific: the usual reference, which names none, does
    /// not pass.
    ReferenceVersioning or Specific {
        Either = 0,
        Independent = 1,
        Specific = 2,
    }
}

kinds! {
    /// What the context of an extension names. An unknown number is a kind that cannot be judged, as an unknown code
    /// is.
    ContextKind or Unknown {
        Element = 0,
        Extension = 1,
        Fhirpath = 2,
        Unknown = 3,
    }
}

kinds! {
    /// Of which version of a code system a value set takes codes. An unknown number is a selection: what another
    /// version has stays open.
    VersionTaken or Filtered {
        /// Those that it lists, whatever the version.
        Any = 0,
        /// The version that the value set names.
        Pinned = 1,
        /// No version is named: all codes of the one that is loaded.
        Whole = 2,
        /// No version is named: a selection from the one that is loaded.
        Filtered = 3,
    }
}

/// Where the targets of a reference may lie, as bits; none: anywhere. Bits that no build writes allow nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
#[repr(transparent)]
pub struct Aggregation(u32);

impl Aggregation {
    pub const ANY: Aggregation = Aggregation(0);
    pub const CONTAINED: Aggregation = Aggregation(1);
    pub const REFERENCED: Aggregation = Aggregation(2);
    pub const BUNDLED: Aggregation = Aggregation(4);

    /// What a number of an image stands for.
    pub fn of(number: u32) -> Aggregation {
        Aggregation(number)
    }

    /// The number that an image stores.
    pub fn number(self) -> u32 {
        self.0
    }

    pub fn is_any(self) -> bool {
        self == Aggregation::ANY
    }

    /// These places and those.
    pub fn with(self, other: Aggregation) -> Aggregation {
        Aggregation(self.0 | other.0)
    }

    /// Whether a target may lie at any of these places.
    pub fn allows(self, places: Aggregation) -> bool {
        self.is_any() || self.0 & places.0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_back() {
        for n in 0..6 {
            assert_eq!(DiscriminatorKind::of(n).number(), n);
        }
        assert_eq!(
            [0, 1, 2, 3].map(BindingStrength::of),
            [
                BindingStrength::Required,
                BindingStrength::Extensible,
                BindingStrength::Preferred,
                BindingStrength::Example
            ]
        );
        assert!(
            BindingStrength::Required < BindingStrength::Extensible
                && ReferenceVersioning::Either < ReferenceVersioning::Specific
        );
        assert_eq!([0, 1, 2, 3, 4].map(|n| ValueKind::of(n).number()), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn numbers_that_nobody_writes_let_nothing_pass() {
        assert_eq!(
            (BindingStrength::of(9), SlicingRules::of(9), ReferenceVersioning::of(9)),
            (BindingStrength::Required, SlicingRules::Closed, ReferenceVersioning::Specific)
        );
        assert_eq!(
            (DiscriminatorKind::of(9), CodeSystemContent::of(9), ContextKind::of(9)),
            (DiscriminatorKind::Unknown, CodeSystemContent::Fragment, ContextKind::Unknown)
        );
        assert_eq!((ValueKind::of(9), VersionTaken::of(9)), (ValueKind::String, VersionTaken::Filtered));
        let all = Aggregation::CONTAINED.with(Aggregation::REFERENCED).with(Aggregation::BUNDLED);
        assert!(!Aggregation::of(8).allows(all) && Aggregation::ANY.allows(Aggregation::BUNDLED));
        assert!(all.allows(Aggregation::CONTAINED) && !Aggregation::CONTAINED.allows(Aggregation::BUNDLED));
    }
}
