//! Settling: what validations leave open is asked in one batch, and the validations are done again with the answers,
//! until nothing new is asked or the rounds are used up.

use std::collections::HashSet;
use std::fmt::Debug;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Answer, Answers, Judgement, Question};
use serde_json::Value;

/// Who may answer what neither an instance nor the loaded packages say: a terminology server, a store of resources.
pub trait Answerer: Send + Sync + Debug {
    /// One answer for each question, in their order; `None` where it has none.
    fn answer(&self, questions: &[Question], asking: &dyn Asking) -> Replies;
}

/// Who asks, as far as an answer depends on it.
pub trait Asking {
    /// The FHIR version of the instances.
    fn fhir_version(&self) -> FhirVersion;

    /// The definition of a loaded value set, as JSON; `None` where none is loaded, or it cannot be read.
    fn value_set(&self, canonical: &str) -> Option<Value>;
}

/// What was answered.
#[derive(Clone, Debug, Default)]
pub struct Replies {
    /// An answer for each question, in their order; what is missing has none.
    pub answers: Vec<Option<Answer>>,
    /// Why questions have no answer: who was asked, and what happened.
    pub trouble: Option<String>,
}

/// Bound on the rounds of questions of one validation. What is open then stays open.
pub const ROUNDS: usize = 8;

/// Asks questions, and keeps what is answered.
fn ask(to: (&dyn Answerer, &dyn Asking), questions: Vec<Question>, answers: &mut Answers) {
    let replies = to.0.answer(&questions, to.1);
    let mut told = replies.answers.into_iter();
    for question in questions {
        answers.insert(question, told.next().flatten());
    }
    if let Some(trouble) = replies.trouble {
        answers.note_trouble(trouble);
    }
}

/// Evaluates until nothing new is asked. Each question is asked once: one that nobody can answer is not asked again.
pub fn settle(
    answerer: Option<(&dyn Answerer, &dyn Asking)>,
    mut evaluate: impl FnMut(&Answers) -> Judgement,
) -> Judgement {
    let mut answers = Answers::default();
    let mut judgement = evaluate(&answers);
    let Some(to) = answerer else { return judgement };
    for _ in 0..ROUNDS {
        if judgement.questions.is_empty() {
            break;
        }
        ask(to, std::mem::take(&mut judgement.questions), &mut answers);
        judgement = evaluate(&answers);
    }
    judgement
}

/// Settles `count` validations together: each round asks at once what all of them leave open. `evaluate` gives the
/// results of those with these numbers, in their order, and what each leaves open; the results are in the order of all.
pub fn settle_all<T>(
    to: (&dyn Answerer, &dyn Asking),
    count: usize,
    mut evaluate: impl FnMut(&[usize], &Answers) -> Vec<(T, Vec<Question>)>,
) -> Vec<T> {
    let mut answers = Answers::default();
    let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
    let mut open: Vec<usize> = (0..count).collect();
    for round in 0..=ROUNDS {
        let (mut questions, mut known) = (Vec::new(), HashSet::new());
        let evaluated = evaluate(&open, &answers);
        let mut still_open = Vec::new();
        for (i, (result, asked)) in open.iter().zip(evaluated) {
            if let Some(slot) = results.get_mut(*i) {
                *slot = Some(result);
            }
            if !asked.is_empty() {
                still_open.push(*i);
            }
            questions.extend(asked.into_iter().filter(|q| known.insert(q.clone())));
        }
        open = still_open;
        if questions.is_empty() || round == ROUNDS {
            break;
        }
        ask(to, questions, &mut answers);
    }
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use fhir_accord_profiles::evaluate::Counts;

    use super::*;

    #[derive(Debug)]
    struct Yes;

    struct Nobody;

    impl Asking for Nobody {
        fn fhir_version(&self) -> FhirVersion {
            FhirVersion::R4
        }

        fn value_set(&self, _: &str) -> Option<Value> {
            None
        }
    }

    impl Answerer for Yes {
        fn answer(&self, questions: &[Question], _: &dyn Asking) -> Replies {
            let one = |q: &Question| (*q != Question::Reference("b".to_owned())).then(|| Answer::of(true));
            Replies { answers: questions.iter().map(one).collect(), trouble: None }
        }
    }

    fn asking(texts: &[&str]) -> Judgement {
        let questions: Vec<Question> = texts.iter().map(|t| Question::Reference((*t).to_owned())).collect();
        Judgement {
            counts: Counts { questions: questions.len() as u64, ..Counts::default() },
            questions,
            ..Judgement::default()
        }
    }

    #[test]
    fn each_question_is_asked_once() {
        let rounds = Cell::new(0);
        let open = |answers: &Answers, texts: &[&str]| {
            let new: Vec<&str> = texts
                .iter()
                .copied()
                .filter(|t| answers.get(&Question::Reference((*t).to_owned())).is_none())
                .collect();
            asking(&new)
        };
        let out = settle(Some((&Yes, &Nobody)), |answers| {
            rounds.set(rounds.get() + 1);
            match rounds.get() {
                1 => open(answers, &["a", "b"]),
                2 => open(answers, &["a", "b", "c"]),
                _ => open(answers, &["a", "b", "c"]),
            }
        });
        assert_eq!((rounds.get(), out.questions.len()), (3, 0));
    }

    #[test]
    fn rounds_are_bounded() {
        let round = Cell::new(0);
        let out = settle(Some((&Yes, &Nobody)), |_| {
            round.set(round.get() + 1);
            asking(&[&round.get().to_string()])
        });
        assert_eq!((round.get(), out.counts.questions), (ROUNDS + 1, 1));
        assert_eq!(settle(None, |_| asking(&["a"])).questions.len(), 1);
    }

    #[test]
    fn many_are_asked_about_together() {
        let rounds = Cell::new(0);
        let results = settle_all((&Yes, &Nobody), 5, |open, answers| {
            let one = |i: &usize| {
                rounds.set(rounds.get() + 1);
                // The fourth and fifth ask nothing; the others ask the same, and one of them once more.
                let texts: &[&str] = if *i == 0 { &["a", "c"] } else { &["a"] };
                let questions = texts.iter().map(|t| Question::Reference((*t).to_owned()));
                let new: Vec<Question> = questions.filter(|q| *i < 3 && answers.get(q).is_none()).collect();
                ((*i, new.len()), new)
            };
            open.iter().map(one).collect()
        });
        assert_eq!((results, rounds.get()), (vec![(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)], 5 + 3));
    }
}
