//! One value as a word with a tone: the colour and the sign before it say the same as the word.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::capability::agreement::{Answer, Outcome, ProfileStatus, RowVerdict, ScopeAnswer, Usable, Verdict};
use crate::wording::words::{answer_word, outcome_word, row_word, scope_word, status_word, usable_word};

/// How good a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Less than it should be.
    Fair,
    /// Not as it should be.
    Bad,
    /// Not known.
    Open,
    /// Nothing to be said.
    Quiet,
}

/// A word with its tone.
#[derive(Clone, Copy, Debug, Template)]
#[template(source = r#"<span class="chip {{ tone.class() }}">{{ word }}</span>"#, ext = "html")]
pub struct Chip {
    word: &'static str,
    tone: Tone,
}

impl HtmlSafe for Chip {}

impl Tone {
    /// The class in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Fair => "fair",
            Tone::Bad => "bad",
            Tone::Open => "open",
            Tone::Quiet => "quiet",
        }
    }
}

impl Chip {
    /// The class of its tone.
    pub fn class(&self) -> &'static str {
        self.tone.class()
    }

    /// Any word.
    pub fn new(word: &'static str, tone: Tone) -> Chip {
        Chip { word, tone }
    }
}

impl From<Verdict> for Chip {
    fn from(verdict: Verdict) -> Chip {
        match verdict {
            Verdict::Compatible => Chip::new("compatible", Tone::Good),
            Verdict::Degraded => Chip::new("degraded", Tone::Fair),
            Verdict::Indeterminate => Chip::new("indeterminate", Tone::Open),
            Verdict::Incompatible => Chip::new("incompatible", Tone::Bad),
        }
    }
}

impl From<RowVerdict> for Chip {
    fn from(verdict: RowVerdict) -> Chip {
        let tone = match verdict {
            RowVerdict::Ok => Tone::Good,
            RowVerdict::Failed => Tone::Bad,
            RowVerdict::Unknown => Tone::Open,
            RowVerdict::Told => Tone::Quiet,
        };
        Chip::new(row_word(verdict), tone)
    }
}

impl From<Answer> for Chip {
    fn from(answer: Answer) -> Chip {
        let tone = match answer {
            Answer::Yes => Tone::Good,
            Answer::No => Tone::Bad,
            Answer::Unknown => Tone::Open,
        };
        Chip::new(answer_word(answer), tone)
    }
}

impl From<Option<ScopeAnswer>> for Chip {
    fn from(scope: Option<ScopeAnswer>) -> Chip {
        let tone = match scope {
            Some(ScopeAnswer::Granted | ScopeAnswer::Likely) => Tone::Good,
            Some(ScopeAnswer::NotAsked | ScopeAnswer::Missing) => Tone::Bad,
            Some(ScopeAnswer::Unknown) => Tone::Open,
            None => Tone::Quiet,
        };
        Chip::new(scope_word(scope), tone)
    }
}

impl From<Usable> for Chip {
    fn from(usable: Usable) -> Chip {
        let tone = match usable {
            Usable::Yes | Usable::Likely => Tone::Good,
            Usable::No => Tone::Bad,
            Usable::Unknown => Tone::Open,
        };
        Chip::new(usable_word(usable), tone)
    }
}

impl From<ProfileStatus> for Chip {
    fn from(status: ProfileStatus) -> Chip {
        let tone = match status {
            ProfileStatus::Proven | ProfileStatus::Claimed => Tone::Good,
            ProfileStatus::Partial => Tone::Fair,
            ProfileStatus::Refuted => Tone::Bad,
            ProfileStatus::Unknown => Tone::Open,
        };
        Chip::new(status_word(status), tone)
    }
}

impl From<Outcome> for Chip {
    fn from(outcome: Outcome) -> Chip {
        let tone = match outcome {
            Outcome::Granted => Tone::Good,
            Outcome::Downscoped | Outcome::Upgraded => Tone::Fair,
            Outcome::Dropped | Outcome::Rejected => Tone::Bad,
            Outcome::Unknown => Tone::Open,
        };
        Chip::new(outcome_word(outcome), tone)
    }
}
