//! Weighs the rows of an agreement, and marks those whose weight changes.

use super::{Weighed, Weighing};
use crate::agreement::{
    Finding, InteractionAgreement, OperationAgreement, ResourceAgreement, SearchParamAgreement, SystemAgreement,
};
use crate::expectation::{Expectation, Weight};

/// The parts of a row that change with its weight.
struct Row<'r> {
    weighs: &'r mut Option<Weight>,
    why: &'r mut Vec<&'static str>,
}

impl Weighing<'_> {
    /// `of` is the dimension, the type and the item.
    fn row(
        &self,
        row: Row<'_>,
        of: (&'static str, Option<&str>, &str),
        finding: Finding,
        expectation: Option<Expectation>,
    ) {
        let (dimension, resource_type, item) = of;
        let weighed = Weighed { dimension, resource_type, item, finding, expectation, why: row.why };
        let to = self.weigh(*row.weighs, &weighed);
        if to != *row.weighs {
            row.why.push("policy-script");
            *row.weighs = to;
        }
    }

    fn interactions(&self, rows: &mut [InteractionAgreement], of: Option<&str>) {
        for i in rows {
            let finding = i.server.finding_with_scope(i.scope);
            self.row(Row { weighs: &mut i.weighs, why: &mut i.why }, ("interaction", of, &i.code), finding, i.client);
        }
    }

    fn search_params(&self, rows: &mut [SearchParamAgreement], of: Option<&str>) {
        for p in rows {
            let finding = p.server.finding();
            self.row(Row { weighs: &mut p.weighs, why: &mut p.why }, ("search", of, &p.name), finding, p.client);
        }
    }

    fn operations(&self, rows: &mut [OperationAgreement], of: Option<&str>) {
        for o in rows {
            let finding = o.server.finding_with_scope(o.scope);
            self.row(Row { weighs: &mut o.weighs, why: &mut o.why }, ("operation", of, &o.name), finding, o.client);
        }
    }

    /// Weighs what is at the system level.
    pub fn system(&self, system: &mut SystemAgreement) {
        if self.script.is_none() {
            return;
        }
        self.interactions(&mut system.interactions, None);
        self.search_params(&mut system.search_params, None);
        self.operations(&mut system.operations, None);
    }

    /// Weighs everything of a type but its flags, its own entry first.
    pub fn resource(&self, made: &mut ResourceAgreement) {
        if self.script.is_none() {
            return;
        }
        let name = made.resource_type.clone();
        let of = Some(name.as_str());
        let entry = Row { weighs: &mut made.weighs, why: &mut made.why };
        self.row(entry, ("type", of, &name), made.server.finding(), made.client);
        for p in &mut made.profiles {
            let finding = p.status.finding();
            self.row(Row { weighs: &mut p.weighs, why: &mut p.why }, ("profile", of, &p.required), finding, p.client);
        }
        self.interactions(&mut made.interactions, of);
        self.search_params(&mut made.search_params, of);
        for c in &mut made.combinations {
            let item = c.required.iter().chain(&c.optional).map(String::as_str).collect::<Vec<_>>().join("+");
            let finding = c.server.finding();
            self.row(Row { weighs: &mut c.weighs, why: &mut c.why }, ("combination", of, &item), finding, c.client);
        }
        for i in &mut made.includes {
            let finding = i.server.finding();
            self.row(Row { weighs: &mut i.weighs, why: &mut i.why }, ("include", of, &i.code), finding, i.client);
        }
        self.operations(&mut made.operations, of);
    }
}
