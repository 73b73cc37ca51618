//! The walk as a judge of instances by one profile, for the rooms that build instances.

use super::{Answers, Evaluator, Memory, Policies, Terms};
use crate::fhirpath::Temporal;
use crate::generate::{FaultDetail, Judge, Judged, JudgedFault, PathStep};
use crate::instance::{Limits, Node, Tape, parse};
use crate::interrupt::Interrupt;
use crate::issue::{RuleId, Verdict};
use crate::judge::{Detail, Finding, Truth, Weight};
use crate::model::{Model, TypeId};
use crate::plan::{Handle, ImageSet, Plans};

/// The moment that `now()` and `today()` tell, so that the same instance always gets the same verdict.
const NOW: &str = "2024-06-01T12:00:00Z";

/// Judges instances along plans, with the policies of a plain validation and nobody to ask.
pub struct ProfileJudge<'s> {
    evaluator: Evaluator<'s>,
    policies: Policies,
    answers: Answers,
    now: Option<Temporal>,
    memory: Memory,
}

impl<'s> ProfileJudge<'s> {
    /// A judge over these plans.
    pub fn new(plans: &'s Plans) -> ProfileJudge<'s> {
        ProfileJudge {
            evaluator: Evaluator::new(plans),
            policies: Policies::default(),
            answers: Answers::default(),
            now: Temporal::date_time(NOW),
            memory: Memory::default(),
        }
    }

    /// The same, broken off by this interrupt: from then on every instance is undetermined, so that a search ends soon.
    pub fn under(mut self, interrupt: &Interrupt) -> ProfileJudge<'s> {
        self.policies.work.interrupt = interrupt.clone();
        self
    }
}

impl Judge for ProfileJudge<'_> {
    fn judge(&mut self, json: &str, profile: Handle) -> Judged {
        let set = self.evaluator.set();
        let tape = parse(json.as_bytes(), set.model().names(), &Limits::default());
        if let Some(fault) = tape.faults().first() {
            let detail = FaultDetail::Text(format!("{:?}", fault.kind));
            let fault = JudgedFault {
                rule: RuleId::JSON_SYNTAX,
                weight: Weight::Error,
                path: Vec::new(),
                detail,
                handles: Vec::new(),
            };
            return Judged { verdict: Verdict::Invalid, faults: vec![fault] };
        }
        let terms =
            Terms { policies: &self.policies, answers: &self.answers, asks: false, now: self.now, resources: None };
        let judgement = self.evaluator.evaluate(&tape, &[profile], terms, &mut self.memory);
        let counts = |f: &&Finding| matches!(f.weight, Weight::Error | Weight::Question);
        let faults = judgement.findings.iter().filter(counts).map(|f| told(set, &tape, f)).collect();
        let verdict = match judgement.counts.truth() {
            Truth::True => Verdict::Valid,
            Truth::False => Verdict::Invalid,
            Truth::Unknown => Verdict::Undetermined,
        };
        Judged { verdict, faults }
    }
}

fn told(set: &ImageSet, tape: &Tape<'_>, f: &Finding) -> JudgedFault {
    let model = set.model();
    let detail = match &f.detail {
        Detail::Child { name, .. } => FaultDetail::Child(model.names().text(*name).to_owned()),
        Detail::Name(name) => FaultDetail::Child(name.clone()),
        Detail::Slice { slice, .. } | Detail::NoSlice(slice) => FaultDetail::Slice(*slice),
        Detail::Constraint { layer, row, .. } => {
            let image = set.layer(*layer);
            let key = image.constraint(*row).map_or("", |c| image.str(c.key)).to_owned();
            FaultDetail::Constraint { layer: *layer, row: *row, key }
        }
        Detail::Code { canonical, found, reason } => FaultDetail::Text(format!("{found} / {canonical} {reason}")),
        Detail::Text(text) | Detail::Fault { found: text, .. } => FaultDetail::Text(text.clone()),
        Detail::Site(site) => FaultDetail::Text(site.text.clone()),
        Detail::Definition(faulty) => {
            FaultDetail::Text(format!("{} {}: {}", faulty.profile, faulty.element, faulty.message))
        }
        Detail::None | Detail::Value(_) => FaultDetail::None,
    };
    let path = way(model, tape.node(f.node));
    JudgedFault { rule: f.rule, weight: f.weight, path, detail, handles: f.handles.clone() }
}

/// The names on the way down to a node.
fn way(model: &Model, node: Node<'_>) -> Vec<PathStep> {
    let nodes = node.way();
    let mut types = model.types_along(&nodes).into_iter();
    let mut holder: TypeId = types.next().unwrap_or_default();
    let mut path = Vec::new();
    for (n, own) in nodes.iter().skip(1).zip(types) {
        let repeats = model.child(holder, n.name()).is_none_or(|row| row.is_list());
        let index = n.ordinal().filter(|_| repeats).and_then(|i| u32::try_from(i).ok());
        path.push(PathStep { name: n.name_text().to_owned(), index });
        holder = own;
    }
    path
}
