//! Compares the system level and each of the client's types in all dimensions, and counts the findings.

use crate::agreement::{
    CanDo, Counts, Finding, IncludeAgreement, InteractionAgreement, OperationAgreement, ProfileAgreement,
    ResourceAgreement, SearchParamAgreement, SystemAgreement,
};
use crate::definitions::Definitions;
use crate::dimension::offer::{Server, ServerType};
use crate::dimension::profile::Profiles;
use crate::dimension::{include, interaction, operation, search};
use crate::expectation::{Weight, weigh};
use crate::grant::GrantRequest;
use crate::need::Needs;
use crate::policy::Policy;
use crate::rules::flag_rule;
use crate::statement::{Named, Resource, Stated, Statement};
use crate::weighing::{Weighed, Weighing};

/// Both statements in normal form, and everything that decides between them.
pub struct Comparison<'a> {
    pub client: &'a Statement,
    pub server: Server<'a>,
    pub grant: &'a GrantRequest,
    pub needs: &'a Needs,
    pub policy: &'a Policy,
    pub definitions: &'a dyn Definitions,
    pub weighing: &'a Weighing<'a>,
}

impl Comparison<'_> {
    fn root(&self) -> Option<Weight> {
        weigh(Some(Weight::Shall), self.client.rest.expectation)
    }

    /// The system level, with its counts.
    pub fn system(&self) -> (SystemAgreement, Counts) {
        let rest = &self.client.rest;
        let root = self.root();
        let interactions = rest.interactions.iter().map(|i| {
            interaction::interaction(
                &i.value,
                i.expectation,
                weigh(root, i.expectation),
                interaction::offered_on_system(self.server, &i.value),
                self.grant,
                "*",
            )
        });
        let search_params = rest.search_params.iter().map(|p| {
            search::search_param(p, weigh(root, p.expectation), search::offered_on_system(self.server, &p.value))
        });
        let operations = rest.operations.iter().map(|o| {
            operation::operation(
                o,
                weigh(root, o.expectation),
                operation::offered_on_system(self.server, &o.value),
                "*",
                self.grant,
                self.policy,
            )
        });
        let mut system = SystemAgreement {
            interactions: interactions.collect(),
            search_params: search_params.collect(),
            operations: operations.collect(),
        };
        self.weighing.system(&mut system);
        let mut counts = Counts::default();
        count_items(&mut counts, &system.interactions, &system.search_params, &system.operations);
        (system, counts)
    }

    /// Every type of the client, in its order.
    pub fn resources(&self) -> Vec<ResourceAgreement> {
        self.client.rest.resources.iter().map(|r| self.resource(r)).collect()
    }

    /// What the app can expect on each of the client's types.
    pub fn can_do(&self) -> CanDo {
        let of = |r: &Resource| {
            (
                r.resource_type.clone(),
                interaction::actions(&self.server.of_type(&r.resource_type), &r.resource_type, self.grant),
            )
        };
        CanDo(self.client.rest.resources.iter().map(of).collect())
    }

    fn resource(&self, client: &Resource) -> ResourceAgreement {
        let name = client.resource_type.as_str();
        let server = self.server.of_type(name);
        let weighs = self.needs.of_type(name, weigh(self.root(), client.expectation));
        let interactions = self.interactions(client, &server, weighs);
        let profiles = self.profiles(client, &server, weighs, &interactions);
        let mut why = if server.is_absent() { absent_why(&server) } else { server.offered.1.clone() };
        let mut counts = Counts::default();
        self.flags(client, &server, weighs, &mut counts, &mut why);
        let search_params = client
            .search_params
            .iter()
            .map(|p| search::search_param(p, weigh(weighs, p.expectation), search::offered_on_type(&server, &p.value)));
        let combinations = client
            .combinations
            .iter()
            .map(|c| search::combination(&server, &c.value, c.expectation, weigh(weighs, c.expectation)));
        let mut made = ResourceAgreement {
            resource_type: name.to_owned(),
            client: client.expectation,
            weighs,
            server: server.offered.0,
            verdict: counts.verdict(),
            counts,
            why,
            profiles,
            interactions,
            search_params: search_params.collect(),
            combinations: combinations.collect(),
            includes: self.includes(client, &server, weighs),
            operations: self.operations(client, &server, weighs),
        };
        self.weighing.resource(&mut made);
        count_resource(&mut made);
        made
    }

    /// Counts the flags of the client's entry, and adds the rules of those that are not met to `why`.
    fn flags(
        &self,
        client: &Resource,
        server: &ServerType<'_>,
        parent: Option<Weight>,
        counts: &mut Counts,
        why: &mut Vec<&'static str>,
    ) {
        for flag in &client.flags {
            let finding = interaction::flag(server, flag, self.grant);
            let rule = flag_rule(&flag.value.0);
            let of = Weighed {
                dimension: "flag",
                resource_type: Some(&client.resource_type),
                item: &flag.value.0,
                finding,
                expectation: flag.expectation,
                why: &[rule],
            };
            counts.add(self.weighing.weigh(weigh(parent, flag.expectation), &of), finding);
            if finding != Finding::Satisfied {
                why.push(rule);
            }
        }
    }

    fn profiles(
        &self,
        client: &Resource,
        server: &ServerType<'_>,
        parent: Option<Weight>,
        interactions: &[InteractionAgreement],
    ) -> Vec<ProfileAgreement> {
        let writes = interactions
            .iter()
            .any(|i| matches!(i.code.as_str(), "create" | "update" | "patch") && i.weighs > Some(Weight::May));
        let release = self.server.statement.release();
        let (definitions, release) = (self.definitions, release.as_deref());
        Profiles { client, server, parent, writes, definitions, release }.compare()
    }

    fn includes(&self, client: &Resource, server: &ServerType<'_>, parent: Option<Weight>) -> Vec<IncludeAgreement> {
        let one = |wanted: &Stated<String>, reverse| include::include(server, wanted, reverse, parent, self.grant);
        let includes = client.includes.iter().map(|i| one(i, false));
        includes.chain(client.rev_includes.iter().map(|i| one(i, true))).collect()
    }

    fn interactions(
        &self,
        client: &Resource,
        server: &ServerType<'_>,
        parent: Option<Weight>,
    ) -> Vec<InteractionAgreement> {
        let name = client.resource_type.as_str();
        let one = |i: &Stated<String>| {
            let weighs = self.needs.of_item(name, &i.value, weigh(parent, i.expectation));
            interaction::interaction(
                &i.value,
                i.expectation,
                weighs,
                interaction::offered_on_type(server, &i.value),
                self.grant,
                name,
            )
        };
        client.interactions.iter().map(one).collect()
    }

    fn operations(
        &self,
        client: &Resource,
        server: &ServerType<'_>,
        parent: Option<Weight>,
    ) -> Vec<OperationAgreement> {
        let name = client.resource_type.as_str();
        let one = |o: &Stated<Named>| {
            let weighs = self.needs.of_item(name, &o.value.name, weigh(parent, o.expectation));
            operation::operation(o, weighs, operation::offered_on_type(server, &o.value), name, self.grant, self.policy)
        };
        client.operations.iter().map(one).collect()
    }
}

/// `type-absent`, after `prohibited` where the server says so.
fn absent_why(server: &ServerType<'_>) -> Vec<&'static str> {
    server.offered.1.iter().copied().filter(|w| *w == "prohibited").chain(["type-absent"]).collect()
}

fn count_items(
    counts: &mut Counts,
    interactions: &[InteractionAgreement],
    search_params: &[SearchParamAgreement],
    operations: &[OperationAgreement],
) {
    for i in interactions {
        counts.add(i.weighs, i.server.finding_with_scope(i.scope));
    }
    for p in search_params {
        counts.add(p.weighs, p.server.finding());
    }
    for o in operations {
        counts.add(o.weighs, o.server.finding_with_scope(o.scope));
    }
}

fn count_resource(made: &mut ResourceAgreement) {
    let mut counts = made.counts;
    counts.add(made.weighs, made.server.finding());
    for p in &made.profiles {
        counts.add(p.weighs, p.status.finding());
    }
    count_items(&mut counts, &made.interactions, &made.search_params, &made.operations);
    for c in &made.combinations {
        counts.add(c.weighs, c.server.finding());
    }
    for i in &made.includes {
        counts.add(i.weighs, i.server.finding());
    }
    made.counts = counts;
    made.verdict = counts.verdict();
}
