//! What is asked of others about codes, and what they told.

use super::answers::{Answer, AskedCode, Beside, Question};
use super::membership::Coded;
use super::policy::Level;
use super::scene::{Judge, Scene};
use super::truth::Truth;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Weight};
use crate::plan::{BindingStrength, PlanBinding};
use crate::terminology::Grammar;

/// Bound on the codes of one concept that are asked about together; those of a larger one are asked about one by one.
const TOGETHER: usize = 50;

/// What others said of a code in its code system.
pub enum ToldOfCode<'e> {
    /// Nobody can be asked.
    Nothing,
    /// It has no answer, or none yet.
    Open,
    /// The answer.
    Told(&'e Answer),
}

impl<'e> Scene<'e, '_> {
    /// Whether somebody can be asked, or was.
    pub fn can_ask(&self) -> bool {
        self.asks || !self.answers.is_empty()
    }

    /// Whether a code is in the value set of a canonical, as far as somebody else has answered.
    pub fn asked_member(&self, canonical: &str, coded: &Coded<'_>, need_system: bool) -> Truth {
        // A code of no system is in no value set, which a server would have to guess.
        if !self.can_ask() || (need_system && coded.system.is_none()) {
            return Truth::Unknown;
        }
        let told = self.ask_beside(self.member_question(canonical, coded, need_system), coded.coding);
        told.and_then(Answer::truth).map_or(Truth::Unknown, Truth::of)
    }

    fn member_question(&self, canonical: &str, coded: &Coded<'_>, need_system: bool) -> Question {
        Question::Member { value_set: canonical.to_owned(), code: self.asked_code(coded, need_system) }
    }

    /// What others told of a code in its code system, which the loaded packages do not decide. The answer about a value
    /// set that it is bound to may tell, too.
    pub fn told_of_code(&self, coding: Node<'_>, bindings: [&[PlanBinding]; 2]) -> ToldOfCode<'e> {
        let Some(code) = coding.child_text(NameId::CODE).filter(|_| self.can_ask()) else {
            return ToldOfCode::Nothing;
        };
        let coded = Coded { system: coding.child_text(NameId::SYSTEM), code, coding: Some(coding) };
        for binding in bindings.into_iter().flatten().filter(|b| b.strength < BindingStrength::Preferred) {
            // The codings of a concept are judged before the concept's binding: it is asked here already.
            let _ = match binding.value_set {
                Some(value_set) => self.membership(value_set, &coded, true).truth,
                None => self.asked_member(&binding.canonical, &coded, true),
            };
            let canonical = binding.value_set.and_then(|v| self.value_set_canonical(v));
            let question = self.member_question(canonical.as_deref().unwrap_or(&binding.canonical), &coded, true);
            match self.answers.get(&question) {
                Some(Some(answer)) if answer.in_system.is_some() => return ToldOfCode::Told(answer),
                None if self.shared.is_asked(&question) => return ToldOfCode::Open,
                _ => {}
            }
        }
        let answer = self.ask_beside(Question::Code(self.asked_code(&coded, true)), Some(coding));
        answer.map_or(ToldOfCode::Open, ToldOfCode::Told)
    }

    /// A code as it is asked about: with its display where that is to be judged, and no package knows the code's names.
    fn asked_code(&self, coded: &Coded<'_>, need_system: bool) -> AskedCode {
        let coding = coded.coding.filter(|_| need_system);
        let text = |name| coding.and_then(|c| c.child_text(name)).filter(|t| !t.is_empty()).map(|t| t.into_owned());
        let is_judged = self.policies.display != Level::Allow;
        let display = if is_judged && !self.knows_names(coded) { text(NameId::DISPLAY) } else { None };
        AskedCode {
            system: coded.system.as_deref().filter(|_| need_system).map(str::to_owned),
            version: text(NameId::VERSION),
            code: coded.code.to_string(),
            language: coding.filter(|_| display.is_some()).and_then(|c| self.language_of(c)),
            display,
            beside: Beside::default(),
        }
    }

    /// Asks about a code, with what stands beside it in its concept where it was not asked about before.
    fn ask_beside(&self, mut question: Question, coding: Option<Node<'_>>) -> Option<&'e Answer> {
        if self.asks && self.answers.get(&question).is_none() && !self.shared.is_asked(&question) {
            match &mut question {
                Question::Member { code, .. } | Question::Code(code) if code.system.is_some() => {
                    code.beside = coding.map_or_else(Beside::default, |coding| self.beside(coding));
                }
                _ => {}
            }
        }
        self.ask(question)
    }

    /// The codes of the concept that a Coding is one of.
    fn beside(&self, coding: Node<'_>) -> Beside {
        let Some(concept) = coding.parent().filter(|_| coding.name() == NameId::CODING) else {
            return Beside::default();
        };
        let codings: Vec<Node<'_>> = concept.children_named(NameId::CODING).take(TOGETHER + 1).collect();
        if codings.len() < 2 || codings.len() > TOGETHER {
            return Beside::default();
        }
        if let Some((_, known)) = self.shared.beside.borrow().as_ref().filter(|(of, _)| *of == concept.index()) {
            return known.clone();
        }
        let coded = |c: Node<'_>| {
            let (system, code) = (c.child_text(NameId::SYSTEM)?, c.child_text(NameId::CODE)?);
            Some(self.asked_code(&Coded { system: Some(system), code, coding: Some(c) }, true))
        };
        let beside = Beside::new(codings.into_iter().filter_map(coded).collect());
        *self.shared.beside.borrow_mut() = Some((concept.index(), beside.clone()));
        beside
    }

    /// Whether the names of a code are in a package.
    fn knows_names(&self, coded: &Coded<'_>) -> bool {
        let Some(system) = coded.system.as_deref() else { return true };
        match self.code_system(system) {
            Some((handle, row)) => {
                self.set.layer(handle.layer).concepts_of(row.slots, coded.code.as_bytes()).next().is_some()
            }
            None => Grammar::of_system(system).is_some_and(|grammar| !grammar.has_names()),
        }
    }

    /// The language of the resource that contains a node: looked up once for each resource.
    fn language_of(&self, n: Node<'_>) -> Option<String> {
        let is_resource = |x: &Node<'_>| x.parent().is_none() || x.child(NameId::RESOURCE_TYPE).is_some();
        let resource = std::iter::successors(Some(n), |x| x.parent()).find(is_resource)?;
        let mut languages = self.shared.languages.borrow_mut();
        let language = languages.entry(resource.index()).or_insert_with(|| {
            let language = resource.children().find(|c| c.name_text() == "language")?;
            Some(language.text().into_owned()).filter(|t| !t.is_empty())
        });
        language.clone()
    }
}

impl Judge<'_, '_> {
    /// Writes down that the code of a node was asked about in vain: an open question, told once in a report. Inside a
    /// trial it leaves that trial open.
    pub fn unanswered(&mut self, node: u32) {
        match self.ledger.is_final() {
            true => self.shared.open_codes.set(true),
            false => self.ledger.find(RuleId::TERMINOLOGY_SERVER, Weight::Question, node, &[], || Detail::None),
        }
    }

    /// Tells once why others have not answered what they were asked about codes.
    pub(super) fn tell_unanswered(&mut self) {
        let Some(root) = self.tape.root().filter(|_| self.shared.open_codes.get() || self.shared.unanswered.get())
        else {
            return;
        };
        let is_open = self.shared.open_codes.get() || self.ledger.counts().questions > 0;
        let weight = if is_open { Weight::Question } else { Weight::Note };
        let trouble = self.answers.trouble().unwrap_or_default().to_owned();
        self.ledger.find(RuleId::TERMINOLOGY_SERVER, weight, root.index(), &[], || Detail::Text(trouble));
    }
}
