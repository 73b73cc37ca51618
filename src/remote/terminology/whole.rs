//! Several codes of one concept as one question, and what its answer says of each: which of them matched, which are not
//! in the value set, which do not exist, and whose display is wrong
//! (<https://hl7.org/fhir/R4/valueset-operation-validate-code.html>,
//! <https://build.fhir.org/ig/HL7/fhir-tx-ecosystem-ig/ecosystem.html>).

use fhir_accord_profiles::evaluate::{Answer, AskedCode, Question, Told};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::exchange::Answered;
use super::response::{Issue, all, issues, value};

/// The value set, or none, and the code that a question is about.
fn parts(question: &Question) -> Option<(Option<&str>, &AskedCode)> {
    match question {
        Question::Member { value_set, code } => Some((Some(value_set), code)),
        Question::Code(code) => Some((None, code)),
        Question::Reference(_) => None,
    }
}

/// The code of a question that is about one.
pub(super) fn code_of(question: &Question) -> Option<&AskedCode> {
    parts(question).map(|(_, code)| code)
}

/// The questions that are asked together, by their places: those about the codes of one concept and the same value set,
/// two at least, each once. Of those that are not asked together each is alone where `alone` says so.
pub(super) fn together(
    questions: &[&Question],
    is_fit: impl Fn(usize, &Question) -> bool,
    alone: bool,
) -> Vec<Vec<usize>> {
    let places: FxHashMap<(Option<&str>, &AskedCode), usize> =
        questions.iter().enumerate().filter_map(|(i, q)| Some((parts(q)?, i))).collect();
    let mut taken: FxHashSet<usize> = FxHashSet::default();
    let mut groups = Vec::new();
    for (i, question) in questions.iter().enumerate() {
        if taken.contains(&i) {
            continue;
        }
        let mut group = Vec::new();
        if let Some((value_set, code)) = parts(question).filter(|_| is_fit(i, question)) {
            let beside = code.beside.codes().iter().filter_map(|other| places.get(&(value_set, other)).copied());
            group.extend(beside.filter(|place| !taken.contains(place)));
            // A concept may have a code twice.
            let mut seen = FxHashSet::default();
            group.retain(|place| seen.insert(*place));
        }
        if group.len() > 1 && group.contains(&i) {
            taken.extend(group.iter().copied());
            groups.push(group);
        } else if alone {
            groups.push(vec![i]);
        }
    }
    groups
}

/// The questions about the codes beside those of some questions, as far as they are not asked themselves: they may have
/// been answered before, and are part of what is asked about a concept as a whole all the same.
pub(super) fn beside(questions: &[&Question], is_meant: impl Fn(usize) -> bool) -> Vec<Question> {
    let mut known: FxHashSet<(Option<&str>, &AskedCode)> = questions.iter().filter_map(|q| parts(q)).collect();
    let meant = questions.iter().enumerate().filter(|(i, _)| is_meant(*i)).filter_map(|(_, q)| parts(q));
    let others = meant.flat_map(|(value_set, code)| code.beside.codes().iter().map(move |other| (value_set, other)));
    let missing = others.filter(|other| known.insert(*other));
    missing
        .map(|(value_set, code)| match value_set {
            Some(value_set) => Question::Member { value_set: value_set.to_owned(), code: code.clone() },
            None => Question::Code(code.clone()),
        })
        .collect()
}

/// What the answer to a question about several codes says of each; `None` of those of which it says nothing that is
/// certain. A server may stop at the first code that it likes.
pub(super) fn read(answered: &Answered, codes: &[&AskedCode]) -> Vec<Option<Answer>> {
    let body = &answered.body;
    let is_so = value(body, "result", "valueBoolean").and_then(Value::as_bool);
    let is_answer = answered.status.is_success() && body.get("resourceType").is_some_and(|t| t == "Parameters");
    let Some(is_so) = is_so.filter(|_| is_answer) else { return vec![None; codes.len()] };
    let issues = issues(body);
    let told = Whole {
        body,
        // A no is understood where all that is wrong is said of single codes.
        is_understood: is_so || !issues.is_empty() && issues.iter().all(|i| !i.is_fault || i.coding.is_some()),
        is_caused_elsewhere: all(body, "x-caused-by-unknown-system").next().is_some(),
        has_unplaced_display: issues.iter().any(|i| i.kind == "invalid-display" && i.coding.is_none()),
        issues,
    };
    let mut named: FxHashMap<(Option<&str>, &str), usize> = FxHashMap::default();
    for code in codes {
        *named.entry((code.system.as_deref(), &code.code)).or_default() += 1;
    }
    let is_alone = |code: &AskedCode| named.get(&(code.system.as_deref(), &*code.code)) == Some(&1);
    codes.iter().enumerate().map(|(i, code)| told.of(i, code, is_alone(code))).collect()
}

/// An answer about several codes.
struct Whole<'v> {
    body: &'v Value,
    issues: Vec<Issue<'v>>,
    is_understood: bool,
    /// Whether a no may come of a code system that the server does not have: it is none then, for any code.
    is_caused_elsewhere: bool,
    /// Whether a display is wrong, and which is not said.
    has_unplaced_display: bool,
}

impl Whole<'_> {
    /// What it says of the code at this place of the concept, which is alone where no other has its system and code.
    fn of(&self, at: usize, code: &AskedCode, is_alone: bool) -> Option<Answer> {
        let own: Vec<&Issue<'_>> = self.issues.iter().filter(|i| i.coding == Some(at)).collect();
        let says = |kind: &str| own.iter().any(|i| i.kind == kind);
        let answer = |told, in_system, display| Answer { told, in_system, display, inactive: false, names: Vec::new() };
        let is_misnamed = code.display.is_some() && says("invalid-display");
        let display = is_misnamed.then_some(false);
        // A warning says that the code system is a fragment, which may have the code.
        let faults = |kind: &str| own.iter().any(|i| i.kind == kind && i.is_fault);
        let lacks_system = faults("not-found") || self.lacks_system(code);
        let is_invalid = faults("invalid-code");
        if says("this-code-not-in-vs") {
            let in_system = (is_invalid && !lacks_system).then_some(false);
            return Some(answer(Told::No, in_system, display)).filter(|_| !self.is_caused_elsewhere);
        }
        if lacks_system {
            return Some(answer(Told::UnknownSystem, None, None));
        }
        if is_invalid {
            return Some(answer(Told::No, Some(false), None)).filter(|_| !self.is_caused_elsewhere);
        }
        let (system, name) = (self.text("system", "valueUri"), self.text("code", "valueCode"));
        let is_match = system.is_some_and(|s| Some(s) == code.system.as_deref()) && name == Some(&*code.code);
        if !is_match || !is_alone || !self.is_understood || !own.iter().all(|i| is_harmless(i)) {
            return None;
        }
        let inactive = value(self.body, "inactive", "valueBoolean").and_then(Value::as_bool) == Some(true);
        let names = self.text("display", "valueString").filter(|_| is_misnamed).map(str::to_owned);
        let is_open = !is_misnamed && self.has_unplaced_display;
        let display = (code.display.is_some() && !is_open).then_some(!is_misnamed);
        let names = names.into_iter().collect();
        Some(Answer { told: Told::Yes, in_system: Some(true), display, inactive, names })
    }

    fn text(&self, name: &str, of: &str) -> Option<&str> {
        value(self.body, name, of).and_then(Value::as_str)
    }

    /// Whether the server says that it does not have the code system, or the version, of a code.
    fn lacks_system(&self, code: &AskedCode) -> bool {
        let named = ["x-unknown-system", "x-caused-by-unknown-system"].into_iter().flat_map(|n| all(self.body, n));
        let mut named = named.filter_map(|p| p.get("valueCanonical").or_else(|| p.get("valueUri"))?.as_str());
        named.any(|named| {
            let (url, version) = named.split_once('|').map_or((named, None), |(url, version)| (url, Some(version)));
            Some(url) == code.system.as_deref() && version.is_none_or(|v| Some(v) == code.version.as_deref())
        })
    }
}

/// Whether an issue about a code leaves it a code that is right.
fn is_harmless(issue: &Issue<'_>) -> bool {
    !issue.is_fault || issue.kind == "invalid-display"
}

#[cfg(test)]
mod tests {
    use fhir_accord_profiles::evaluate::Beside;
    use reqwest::StatusCode;
    use serde_json::json;

    use super::*;

    fn code(name: &str) -> AskedCode {
        AskedCode { system: Some("http://s".to_owned()), code: name.to_owned(), ..AskedCode::default() }
    }

    /// Questions about the codes of concepts, each with what is beside it.
    fn concepts(all: &[&[&str]]) -> Vec<Question> {
        let mut questions: Vec<Question> = Vec::new();
        for concept in all {
            let codes: Vec<AskedCode> = concept.iter().map(|c| code(c)).collect();
            for one in &codes {
                let code = AskedCode { beside: Beside::new(codes.clone()), ..one.clone() };
                let question = Question::Member { value_set: "http://v".to_owned(), code };
                if !questions.contains(&question) {
                    questions.push(question);
                }
            }
        }
        questions
    }

    fn groups(all: &[&[&str]]) -> Vec<Vec<usize>> {
        let questions = concepts(all);
        let questions: Vec<&Question> = questions.iter().collect();
        together(&questions, |_, _| true, true)
    }

    #[test]
    fn the_codes_of_a_concept_are_asked_together_each_once() {
        assert_eq!(groups(&[&["a", "b"]]), [[0, 1]]);
        assert_eq!(groups(&[&["a"], &["b"]]), [[0], [1]]);
        // What was asked with another code is not asked again.
        assert_eq!(groups(&[&["a", "b"], &["b", "c"]]), [vec![0, 1], vec![2]]);
        assert_eq!(groups(&[&["a", "a", "b"]]), [[0, 1]]);
    }

    #[test]
    fn what_was_answered_before_is_part_of_a_concept() {
        let all = concepts(&[&["a", "b"], &["a", "c"]]);
        let asked: Vec<&Question> = all.iter().skip(1).collect();
        let others = beside(&asked, |_| true);
        assert_eq!(others, [all[0].clone()]);
        let whole: Vec<&Question> = asked.iter().copied().chain(&others).collect();
        assert_eq!(together(&whole, |i, _| i == 0, false), [[2, 0]]);
        assert_eq!(beside(&asked, |_| false), []);
    }

    fn told(result: bool, issues: &[(&str, &str, Option<usize>)], more: Value) -> Vec<Option<(Told, Option<bool>)>> {
        let issue = |(severity, kind, at): &(&str, &str, Option<usize>)| {
            let at = at.map_or("CodeableConcept".to_owned(), |i| format!("CodeableConcept.coding[{i}].code"));
            json!({"severity": severity, "expression": [at], "details": {"coding": [
                {"system": "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type", "code": kind}]}})
        };
        let mut all = vec![json!({"name": "result", "valueBoolean": result})];
        if !issues.is_empty() {
            let issues: Vec<Value> = issues.iter().map(issue).collect();
            all.push(json!({"name": "issues", "resource": {"resourceType": "OperationOutcome", "issue": issues}}));
        }
        all.extend(more.as_array().cloned().unwrap_or_default());
        let body = json!({"resourceType": "Parameters", "parameter": all});
        let codes = [code("a"), code("b")];
        let read = read(&Answered { status: StatusCode::OK, body }, &codes.each_ref());
        read.into_iter().map(|a| a.map(|a| (a.told, a.in_system))).collect()
    }

    #[test]
    fn a_warning_or_what_another_system_causes_is_no_no() {
        let matched = || json!([{"name": "system", "valueUri": "http://s"}, {"name": "code", "valueCode": "a"}]);
        let yes = Some((Told::Yes, Some(true)));
        for kind in ["invalid-code", "not-found"] {
            assert_eq!(told(true, &[("warning", kind, Some(0))], matched()), [yes, None], "{kind}");
            assert_eq!(told(true, &[("warning", kind, Some(1))], matched()), [yes, None], "{kind}");
        }
        let caused = || json!([{"name": "x-caused-by-unknown-system", "valueCanonical": "http://other"}]);
        assert_eq!(told(false, &[("information", "this-code-not-in-vs", Some(0))], caused()), [None, None]);
        assert_eq!(told(false, &[("error", "invalid-code", Some(1))], caused()), [None, None]);
    }

    #[test]
    fn what_matched_is_one_code_with_its_own_display() {
        let body = |issues: Value| {
            json!({"resourceType": "Parameters", "parameter": [
                {"name": "result", "valueBoolean": true}, {"name": "system", "valueUri": "http://s"},
                {"name": "code", "valueCode": "a"},
                {"name": "issues", "resource": {"resourceType": "OperationOutcome", "issue": issues}}]})
        };
        let named = |name: &str, display: &str| AskedCode { display: Some(display.to_owned()), ..code(name) };
        let read = |issues: Value, codes: [&AskedCode; 2]| {
            let read = read(&Answered { status: StatusCode::OK, body: body(issues) }, &codes);
            read.into_iter().map(|a| a.map(|a| (a.told, a.display))).collect::<Vec<_>>()
        };
        let (a, b) = (named("a", "A"), named("b", "B"));
        assert_eq!(read(json!([]), [&a, &b]), [Some((Told::Yes, Some(true))), None]);
        // Which of two with the same code matched is not said.
        assert_eq!(read(json!([]), [&a, &named("a", "B")]), [None, None]);
        let unplaced = json!([{"severity": "warning", "expression": ["CodeableConcept"], "details": {"coding": [
            {"system": "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type", "code": "invalid-display"}]}}]);
        assert_eq!(read(unplaced, [&a, &b]), [Some((Told::Yes, None)), None]);
    }

    #[test]
    fn an_answer_says_of_each_code_what_is_certain() {
        let matched = || json!([{"name": "system", "valueUri": "http://s"}, {"name": "code", "valueCode": "a"}]);
        let yes = Some((Told::Yes, Some(true)));
        // A yes without more is one about the code that matched.
        assert_eq!(told(true, &[], matched()), [yes, None]);
        assert_eq!(told(true, &[], json!([])), [None, None]);
        let other = ("information", "this-code-not-in-vs", Some(1));
        assert_eq!(told(true, &[other], matched()), [yes, Some((Told::No, None))]);
        let unknown = ("error", "invalid-code", Some(1));
        assert_eq!(told(false, &[other, unknown], matched()), [yes, Some((Told::No, Some(false)))]);
        let absent = ("error", "not-found", Some(1));
        assert_eq!(told(false, &[absent], matched()), [yes, Some((Told::UnknownSystem, None))]);
        // A no about the whole, and one without a reason, leave open what matched.
        assert_eq!(told(false, &[("error", "not-in-vs", None), other], matched())[0], None);
        assert_eq!(told(false, &[], matched()), [None, None]);
        let lacking = json!([{"name": "x-unknown-system", "valueCanonical": "http://s"}]);
        assert_eq!(told(false, &[], lacking), [Some((Told::UnknownSystem, None)); 2]);
    }

    #[test]
    fn what_is_no_answer_says_nothing() {
        let codes = [code("a"), code("b")];
        let nothing = |status, body| read(&Answered { status, body }, &codes.each_ref()) == vec![None, None];
        assert!(nothing(StatusCode::NOT_FOUND, json!({"resourceType": "OperationOutcome"})));
        assert!(nothing(StatusCode::OK, json!({"resourceType": "Parameters", "parameter": "x"})));
    }
}
