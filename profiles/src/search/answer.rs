//! Three-valued answers.

use std::borrow::Cow;

/// Whether a resource meets a query, or is in a compartment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It does, on every server that keeps to the specification.
    Yes,
    /// It does not.
    No,
    /// It cannot be told; why, for people, without values of the resource.
    Unknown(String),
}

/// Why something cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// This alone stays open; what else there is may still decide.
    Question(Cow<'static, str>),
    /// The work ends here.
    Limit(Cow<'static, str>),
}

/// Whether something holds.
pub(super) type Told = Result<bool, Open>;

/// An open question.
pub(super) fn open<T>(why: &'static str) -> Result<T, Open> {
    Err(Open::Question(Cow::Borrowed(why)))
}

/// Whether any holds: one that does decides, whatever else is open.
pub(super) fn any(all: impl IntoIterator<Item = Told>) -> Told {
    deciding(all, true)
}

/// Whether all hold: one that does not decides, whatever else is open.
pub(super) fn all(all: impl IntoIterator<Item = Told>) -> Told {
    deciding(all, false)
}

fn deciding(all: impl IntoIterator<Item = Told>, decisive: bool) -> Told {
    let mut question = None;
    for told in all {
        match told {
            Ok(holds) if holds == decisive => return Ok(decisive),
            Ok(_) => {}
            Err(limit @ Open::Limit(_)) => return Err(limit),
            Err(found) => {
                question.get_or_insert(found);
            }
        }
    }
    question.map_or(Ok(!decisive), Err)
}

impl From<Told> for Answer {
    fn from(told: Told) -> Answer {
        match told {
            Ok(true) => Answer::Yes,
            Ok(false) => Answer::No,
            Err(Open::Question(why) | Open::Limit(why)) => Answer::Unknown(why.into_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decides_decides_and_a_limit_ends() {
        let unknown = || open("x");
        let limit = || Err(Open::Limit("y".into()));
        assert_eq!(any([Ok(false), unknown(), Ok(true)]), Ok(true));
        assert_eq!(any([Ok(false), unknown(), Ok(false)]), unknown());
        assert_eq!(any([limit(), Ok(true)]), limit());
        assert_eq!(any([]), Ok(false));
        assert_eq!(all([Ok(true), unknown(), Ok(false)]), Ok(false));
        assert_eq!(all([Ok(true), unknown()]), unknown());
        assert_eq!(all([]), Ok(true));
    }
}
