//! The profiles that both sides can use.

use askama::Template;

use super::bounds::PROFILES;
use super::chip::Chip;
use super::text::Shown;
use crate::capability::agreement::{Agreement, Direction, SharedProfile};

/// The negotiated profile set.
#[derive(Template)]
#[template(path = "page/profiles.html")]
pub struct ProfilesPart<'a> {
    profiles: &'a [SharedProfile],
    more: usize,
}

impl<'a> ProfilesPart<'a> {
    /// Of a result.
    pub fn of(agreement: &'a Agreement) -> ProfilesPart<'a> {
        let all = agreement.profile_set.as_slice();
        let profiles = all.get(..PROFILES).unwrap_or(all);
        ProfilesPart { profiles, more: all.len() - profiles.len() }
    }

    fn direction(&self, profile: &SharedProfile) -> &'static str {
        direction_words(profile.direction)
    }

    fn status(&self, profile: &SharedProfile) -> Chip {
        profile.status.into()
    }
}

/// Which way the resources flow, for people.
pub fn direction_words(direction: Direction) -> &'static str {
    match direction {
        Direction::Read => "server to client",
        Direction::Write => "client to server",
    }
}
