//! The rules of a site: their scripts run on each resource once, after its own walk; and its functions for FHIRPath.

use super::finding::{Detail, Site, Weight};
use super::ports::WalkPorts;
use super::walk::Walk;
use crate::fhirpath::{Collection, Outcome};
use crate::instance::Node;
use crate::issue::{RuleId, Severity};
use crate::model::TypeId;
use crate::script::{Said, View};

impl<'t> Walk<'_, 't> {
    /// Runs the scripts that look at resources of this type. A trial walk reports nothing, so none run in it.
    pub fn site_rules(&mut self, n: Node<'t>, type_id: TypeId) {
        let Some((scripts, budget)) = self.scripts.filter(|_| self.trials == 0) else { return };
        let name = self.model().type_name(type_id);
        if !scripts.look_at(name) {
            return;
        }
        let mut scratch = std::mem::take(&mut self.memory.fhirpath);
        let said = {
            let ports = WalkPorts { walk: self };
            scripts.check(name, &self.view(n, type_id, &ports), budget, &mut scratch)
        };
        self.memory.fhirpath = scratch;
        for s in said {
            self.said(n, s);
        }
    }

    fn said(&mut self, n: Node<'t>, said: Said) {
        match said {
            Said::Report { rule, code, severity, node, text, help, file } => {
                let weight = match severity {
                    Some(Severity::Fatal | Severity::Error) => Weight::Error,
                    Some(Severity::Warning) => Weight::Warning,
                    Some(Severity::Information) => Weight::Note,
                    None => Weight::Question,
                };
                let at = self.tape.node(node);
                self.find(rule, weight, at, &[], Detail::Site(Box::new(Site { text, code, help, file })));
            }
            Said::Open { file, question } => self.find(RuleId::SCRIPT_UNDECIDED, Weight::Question, n, &[], Detail::Text(format!("{file} asks for {question}"))),
            Said::Failed(e) => self.find(RuleId::SCRIPT_FAILED, Weight::Question, n, &[], Detail::Text(e.to_string())),
        }
    }

    fn view<'a>(&'a self, n: Node<'a>, type_id: TypeId, ports: &'a WalkPorts<'a>) -> View<'a> {
        let context = self.context_of(n, ports);
        View { typing: self.typing, ports, focus: (n, type_id), resource: context.resource, root_resource: context.root_resource, options: context.options }
    }

    /// Calls a function of a script out of an expression.
    pub fn site_function(&self, name: &str, args: &[Collection<'t>]) -> Option<Outcome<'t>> {
        let (scripts, budget) = self.scripts?;
        let resource = self.resources.last()?;
        let ports = WalkPorts { walk: self };
        let answer = scripts.call(name, args, &self.view(resource.node, resource.type_id, &ports), budget)?;
        Some(answer.and_then(|a| a.items(self.tape)))
    }
}
