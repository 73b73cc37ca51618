//! What every rule works with: the scene (what is read only), the place (where we are), the ledger (what was found, and
//! with it the truth), the resolver, membership in value sets, trials, and the limits of work. No rule lives here, and
//! no loop.

mod answers;
mod asked;
mod claims;
mod codes;
mod compliance;
mod elsewhere;
mod entries;
mod finding;
mod held;
mod ledger;
mod limit;
mod membership;
mod notes;
mod pattern;
mod place;
mod policy;
mod ports;
mod reference;
mod resolver;
mod scene;
mod shared;
mod trial;
mod trials;
mod truth;
mod validated;
mod versions;

pub use answers::{Answer, Answers, AskedCode, Beside, Question, Told, Withheld};
pub use compliance::{Comparer, Compliance};
pub use elsewhere::{Elsewhere, Resources};
pub use entries::EntryProfile;
pub use finding::{Detail, Finding, Site, Weight};
pub use ledger::Counts;
pub use limit::Work;
pub use notes::{NOTES, NOTES_BY_POLICY};
pub use policy::{Level, Policies, References};
pub use ports::{JudgePorts, Session};
pub use shared::Memory;
pub use truth::Truth;
pub use versions::fits_version;

pub(crate) use asked::ToldOfCode;
pub(crate) use codes::codes_of;
pub(crate) use entries::demanded;
pub(crate) use ledger::Ledger;
pub(crate) use membership::{Coded, Membership};
pub(crate) use pattern::Pattern;
pub(crate) use place::{Frame, Place};
pub(crate) use reference::{Target, type_in, unversioned};
pub(crate) use resolver::Entries;
pub(crate) use scene::{Calls, Judge, Scene};
pub(crate) use shared::Shared;
