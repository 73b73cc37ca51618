//! Three-valued truth: an open question is neither.

/// Yes, no, or an open question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It cannot be decided with what is loaded and known.
    Unknown,
}

impl Truth {
    /// [`Truth::True`] or [`Truth::False`].
    pub fn of(b: bool) -> Truth {
        if b { Truth::True } else { Truth::False }
    }

    /// Both: false as soon as one is false, whatever the other.
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, Truth::True) => Truth::True,
            _ => Truth::Unknown,
        }
    }

    /// Either: true as soon as one is true, whatever the other.
    pub fn or(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::False, Truth::False) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// The opposite; an open question stays one.
    #[allow(clippy::should_implement_trait, reason = "a method of truth values beside `and` and `or`")]
    pub fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }

    /// Whether any, or none, of these holds.
    pub fn any(items: impl IntoIterator<Item = Truth>) -> Truth {
        let mut all = Truth::False;
        for t in items {
            all = all.or(t);
            if all == Truth::True {
                break;
            }
        }
        all
    }
}
