//! What a scope string tells of a client: the types that it names, and what it wants to do with them.

use super::item::Item;
use super::notice::Kind;
use super::place::{Part, Place};
use super::recorder::Recorder;
use super::types::{is_r4, known};
use crate::scope::{Kind as TokenKind, Permission, ResourceScope, Syntax, parse};

impl Recorder {
    /// Adds the interactions that a SMART scope string asks for. A wildcard names no type, and a query narrows what may
    /// be read without telling that the app searches so: both are told and add nothing.
    pub fn scope(&mut self, text: &str) {
        let source = self.source("scope string");
        for (token, number) in parse(text).iter().zip(1..) {
            let place = Place::new(source, Part::Token(number));
            match &token.kind {
                TokenKind::Resource(scope, syntax) => self.resource_scope(scope, *syntax, place),
                TokenKind::Faulty(_) => self.note(Kind::FaultyScope, place),
                TokenKind::Foreign => self.note(Kind::ForeignScope, place),
                TokenKind::Launch | TokenKind::Identity | TokenKind::Refresh | TokenKind::Extension => {}
            }
        }
    }

    fn resource_scope(&mut self, scope: &ResourceScope, syntax: Syntax, place: Place) {
        let name = match known(&scope.resource_type) {
            _ if scope.resource_type == "*" => return self.note(Kind::Wildcard, place),
            Some(name) if is_r4(name) => name,
            _ => return self.note(Kind::ScopeType, place),
        };
        if syntax == Syntax::V1 {
            self.note(Kind::CoarseScope, place);
        }
        if !scope.query.is_empty() {
            self.note(Kind::ScopeQuery, place);
        }
        for permission in scope.permissions.iter() {
            self.need(Some(name), Item::Interaction(interaction(permission)), place);
        }
    }
}

/// The interaction that a permission is asked for, at the least.
fn interaction(permission: Permission) -> &'static str {
    match permission {
        Permission::Create => "create",
        Permission::Read => "read",
        Permission::Update => "update",
        Permission::Delete => "delete",
        Permission::Search => "search-type",
    }
}
