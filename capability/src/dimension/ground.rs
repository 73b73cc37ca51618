//! What all dimensions of one type are judged by.

use std::cell::OnceCell;

use super::declared::Declared;
use super::effort::Effort;
use super::offer::{Offered, Server, ServerType};
use super::path::paths;
use crate::agreement::{Answer, Finding, Item, Row, ScopeAnswer, Usable};
use crate::definitions::Definitions;
use crate::expectation::{Expectation, Weight, weigh};
use crate::grant::{GrantRequest, reaching};
use crate::need::Needs;
use crate::observed::Observed;
use crate::policy::Policy;
use crate::reason::Reason;
use crate::scope::{Permission, Query};
use crate::statement::{Resource, Stated, Statement};

/// What is known of a grant, and why.
pub type Granted = (ScopeAnswer, Vec<Reason>);

/// Both statements in normal form, and everything that decides between them.
#[derive(Clone, Copy)]
pub struct Sides<'a> {
    pub client: &'a Statement,
    pub server: Server<'a>,
    pub grant: &'a GrantRequest,
    pub needs: &'a Needs,
    pub policy: &'a Policy,
    pub definitions: &'a dyn Definitions,
    /// Where the server declares which profile.
    pub declared: &'a Declared<'a>,
    /// What may still be spent on comparing.
    pub effort: &'a Effort,
    /// The FHIR release of the server's statement.
    pub release: Option<&'a str>,
    /// What real answers of the server tell.
    pub observed: Option<&'a Observed>,
    /// An item's own expectation counts where the server has the type, whatever its parent weighs.
    pub weigh_present: bool,
}

/// One type of the client beside what the server says of it.
pub struct TypeGround<'a> {
    pub sides: Sides<'a>,
    pub client: &'a Resource,
    pub server: ServerType<'a>,
    /// What the client's entry weighs.
    pub entry: Option<Weight>,
    /// An item's own expectation counts, whatever the entry weighs.
    own_counts: bool,
    search: OnceCell<(Answer, Option<Granted>)>,
    reading: OnceCell<Queries<'a>>,
    searching: OnceCell<Queries<'a>>,
}

/// The queries by which a grant is expected to reach a type, sorted, each once.
pub struct Queries<'a> {
    pub all: Vec<&'a Query>,
    /// Their pairs and values together.
    pub size: usize,
}

impl<'a> Sides<'a> {
    /// What the root of the client's statement weighs.
    pub fn root(&self) -> Option<Weight> {
        weigh(Some(Weight::Shall), self.client.rest.expectation)
    }

    /// A row that needs no scope.
    pub fn row<T>(&self, item: Item, stated: &Stated<T>, weighs: Option<Weight>, offered: Offered<'_>) -> Row {
        self.scoped(item, stated, weighs, offered, None)
    }

    /// A row with what is granted for it.
    pub fn scoped<T>(
        &self,
        item: Item,
        stated: &Stated<T>,
        weighs: Option<Weight>,
        offered: Offered<'_>,
        scope: Option<Granted>,
    ) -> Row {
        let Offered { answer, mut why, path } = offered;
        let scope = scope.map(|(scope, reasons)| {
            why.extend(reasons);
            scope
        });
        Row {
            item,
            client: stated.expectation,
            weighs,
            server: answer,
            scope,
            usable: Usable::of(answer, scope),
            finding: answer.finding_with_scope(scope),
            why,
            paths: paths((self.client, &stated.path), (self.server.statement, path)),
        }
    }
}

impl<'a> TypeGround<'a> {
    /// The ground of one of the client's types.
    pub fn new(sides: Sides<'a>, client: &'a Resource) -> TypeGround<'a> {
        let name = client.resource_type.as_str();
        let server = sides.server.of_type(name);
        let entry = sides.needs.of_type(name, weigh(sides.root(), client.expectation));
        let own_counts = sides.weigh_present && server.offered.answer == Answer::Yes;
        let (reading, searching) = (OnceCell::new(), OnceCell::new());
        TypeGround { sides, client, server, entry, own_counts, search: OnceCell::new(), reading, searching }
    }

    /// The name of the type.
    pub fn name(&self) -> &'a str {
        &self.client.resource_type
    }

    /// The queries by which the grant is expected to reach the type with a letter: for reading, else for searching.
    pub fn queries(&self, letter: Permission) -> &Queries<'a> {
        let (cell, letters): (_, &'static [Permission]) = match letter {
            Permission::Read => (&self.reading, &[Permission::Read]),
            _ => (&self.searching, &[Permission::Search]),
        };
        cell.get_or_init(|| {
            let expected = self.sides.grant.expected.as_deref().unwrap_or_default();
            let mut all: Vec<&Query> = reaching(expected, self.name(), letters).map(|s| &s.query).collect();
            all.sort_unstable();
            all.dedup();
            let size = all.iter().flat_map(|q| &q.pairs).map(|pair| 1 + pair.values.len()).sum();
            Queries { all, size }
        })
    }

    /// What an item of the entry weighs.
    pub fn weigh(&self, own: Option<Expectation>) -> Option<Weight> {
        let parent = if self.own_counts && own.is_some() { Some(Weight::Shall) } else { self.entry };
        weigh(parent, own)
    }

    /// A row about something that rides on a search of the type: without the interaction, or a scope for it, it cannot
    /// be used.
    pub fn searched<T>(&self, item: Item, stated: &Stated<T>, weighs: Option<Weight>, offered: Offered<'_>) -> Row {
        let (search, scope) = self.search.get_or_init(|| {
            let search = self.server.interaction("search-type").answer;
            (search, self.sides.grant.standing(self.name(), Permission::Search))
        });
        let mut row = self.sides.scoped(item, stated, weighs, offered, scope.clone());
        if *search != Answer::Yes && row.server != Answer::No {
            row.why.push(Reason::SearchUnusable);
            row.usable = row.usable.min(Usable::of(*search, None));
            row.finding = match (row.finding, search) {
                (Finding::Unmet, _) | (_, Answer::No) => Finding::Unmet,
                _ => Finding::Unknown,
            };
        }
        row
    }
}
