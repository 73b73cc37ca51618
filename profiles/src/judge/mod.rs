//! What every rule works with: the scene (what is read only), the place (where we are), the ledger (what was found, and
//! with it the truth), the resolver, membership in value sets, trials, and the limits of work. No rule lives here, and no loop.

mod answers;
mod codes;
mod finding;
mod ledger;
mod limit;
mod notes;
mod place;
mod policy;
mod ports;
mod resolver;
mod scene;
mod shared;
mod trial;
mod truth;
mod versions;

pub use answers::{Answers, Question, Withheld};
pub use codes::{Coded, Membership, codes_of, country_template};
pub use finding::{Detail, Faulty, Finding, Site, Weight};
pub use ledger::{Counts, Ledger, Shown};
pub use limit::Work;
pub use notes::{NOTES, NOTES_BY_POLICY};
pub use place::{Frame, Place};
pub use policy::{Level, Policies, References};
pub use ports::{JudgePorts, Session};
pub use resolver::{Entries, Target, entry_around, type_in, unversioned};
pub use scene::{Calls, Judge, Scene};
pub use shared::{Memory, Shared};
pub use truth::Truth;
