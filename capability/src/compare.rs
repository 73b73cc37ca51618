//! Runs the dimensions over the system level and over each of the client's types, and counts what they find.

use crate::agreement::{
    CanDo, Counts, InteractionAgreement, OperationAgreement, ResourceAgreement, SearchParamAgreement, SystemAgreement,
};
use crate::definitions::Definitions;
use crate::dimension::offer::{Server, ServerType};
use crate::dimension::profile::Profiles;
use crate::dimension::{include, interaction, operation, search};
use crate::expectation::{Weight, weigh};
use crate::grant::GrantRequest;
use crate::need::Needs;
use crate::policy::Policy;
use crate::statement::{Resource, Statement};
use crate::weighing::{Weighed, Weighing};

/// Both statements in normal form and all that decides between them.
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
        let writes = interactions
            .iter()
            .any(|i| matches!(i.code.as_str(), "create" | "update" | "patch") && i.weighs > Some(Weight::May));
        let release = self.server.statement.release();
        let profiles = Profiles {
            client,
            server: &server,
            parent: weighs,
            writes,
            definitions: self.definitions,
            release: release.as_deref(),
        }
        .compare();
        let mut why = if server.is_absent() { absent_why(&server) } else { server.offered.1.clone() };
        let mut counts = Counts::default();
        for flag in &client.flags {
            let finding = interaction::flag(&server, flag, self.grant);
            let rule = crate::rules::flag_rule(&flag.value.0);
            let of = Weighed {
                dimension: "flag",
                resource_type: Some(name),
                item: &flag.value.0,
                finding,
                expectation: flag.expectation,
                why: &[rule],
            };
            counts.add(self.weighing.weigh(weigh(weighs, flag.expectation), &of), finding);
            if finding != crate::agreement::Finding::Satisfied {
                why.push(rule);
            }
        }
        let search_params = client
            .search_params
            .iter()
            .map(|p| search::search_param(p, weigh(weighs, p.expectation), search::offered_on_type(&server, &p.value)));
        let combinations = client
            .combinations
            .iter()
            .map(|c| search::combination(&server, &c.value, c.expectation, weigh(weighs, c.expectation)));
        let includes = [(false, &client.includes), (true, &client.rev_includes)];
        let includes = includes
            .into_iter()
            .flat_map(|(reverse, list)| list.iter().map(move |i| (reverse, i)))
            .map(|(reverse, i)| include::include(&server, i, reverse, weighs, self.grant));
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
            includes: includes.collect(),
            operations: self.operations(client, &server, weighs),
        };
        self.weighing.resource(&mut made);
        count_resource(&mut made);
        made
    }

    fn interactions(
        &self,
        client: &Resource,
        server: &ServerType<'_>,
        parent: Option<Weight>,
    ) -> Vec<InteractionAgreement> {
        let name = client.resource_type.as_str();
        let one = |i: &crate::statement::Stated<String>| {
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
        let one = |o: &crate::statement::Stated<crate::statement::Named>| {
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
        counts.add(i.weighs, interaction::finding(i.server, i.scope));
    }
    for p in search_params {
        counts.add(p.weighs, p.server.finding());
    }
    for o in operations {
        counts.add(o.weighs, interaction::finding(o.server, o.scope));
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
