//! Settling: what a validation leaves open is asked in one batch, and the validation is done again with the answers,
//! until nothing new is asked or the rounds are used up.

use fhir_accord_profiles::evaluate::{Answers, Judgement, Question};

/// Who may answer what neither an instance nor the loaded packages say: a terminology server, a store of resources.
pub trait Answerer: Send + Sync {
    /// One answer for each question, in their order; `None` where it has none.
    fn answer(&self, questions: &[Question]) -> Vec<Option<bool>>;
}

/// Bound on the rounds of questions of one validation. What is open then stays open.
pub const ROUNDS: usize = 8;

/// Evaluates until nothing new is asked. Each question is asked once: one that nobody can answer is not asked again.
pub fn settle(answerer: Option<&dyn Answerer>, mut evaluate: impl FnMut(&Answers) -> Judgement) -> Judgement {
    let mut answers = Answers::default();
    let mut judgement = evaluate(&answers);
    let Some(answerer) = answerer else { return judgement };
    for _ in 0..ROUNDS {
        if judgement.questions.is_empty() {
            break;
        }
        let mut told = answerer.answer(&judgement.questions).into_iter();
        for question in std::mem::take(&mut judgement.questions) {
            answers.insert(question, told.next().flatten());
        }
        judgement = evaluate(&answers);
    }
    judgement
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use fhir_accord_profiles::evaluate::Counts;

    use super::*;

    struct Yes;

    impl Answerer for Yes {
        fn answer(&self, questions: &[Question]) -> Vec<Option<bool>> {
            questions.iter().map(|q| (*q != Question::Reference("b".to_owned())).then_some(true)).collect()
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
        let out = settle(Some(&Yes), |answers| {
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
        let out = settle(Some(&Yes), |_| {
            round.set(round.get() + 1);
            asking(&[&round.get().to_string()])
        });
        assert_eq!((round.get(), out.counts.questions), (ROUNDS + 1, 1));
        assert_eq!(settle(None, |_| asking(&["a"])).questions.len(), 1);
    }
}
