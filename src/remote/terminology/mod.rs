//! A terminology server: questions about codes that the loaded packages leave open, asked over HTTP in batches.
//!
//! It answers, or it does not: a server that is down, slow, or talks nonsense leaves questions open, quickly, and says
//! why once ([why](../../../docs/adr/terminology-server.md)).

mod address;
mod batch;
mod breaker;
mod cache;
mod exchange;
mod request;
mod response;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fhir_accord_profiles::evaluate::{Answer, AskedCode, Question, Told};
use rustc_hash::FxHashMap;

pub use address::TerminologyUrl;
pub use breaker::Fuse;
pub use cache::Shelf;
pub use exchange::Patience;

use breaker::Breaker;
use cache::Cache;
use exchange::{Answered, Exchange, Fault};
use request::{Request, SentAlong, request};
use response::{Reading, bare_no, has_entries, is_sound, read, without_display};

use crate::settle::{Answerer, Asking, Replies};

/// How long answers are kept where nothing else is said.
pub const LIFE: Duration = Duration::from_hours(24);

/// After so many answers in a row that say nothing of any code, a server is asked about single ones only.
const EMPTY_WHOLES: usize = 20;
/// Bound on the code systems of which it is kept whether a server has them.
const SYSTEMS: usize = 1_000;

/// How a server is asked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Time limits, retries, and the size of answers.
    pub patience: Patience,
    /// When it is left alone.
    pub fuse: Fuse,
    /// How long its answers are kept.
    pub life: Duration,
    /// Where they are kept beyond the life of the process.
    pub shelf: Option<Arc<dyn Shelf>>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { patience: Patience::default(), fuse: Fuse::default(), life: LIFE, shelf: None }
    }
}

/// A client of one terminology server; shared by threads.
#[derive(Debug)]
pub struct TerminologyServer {
    name: String,
    exchange: Exchange,
    breaker: Breaker,
    cache: Cache,
    /// It was seen to refuse batches.
    no_batch: AtomicBool,
    /// How many of its answers about several codes, one after another, said nothing of any.
    empty_wholes: AtomicUsize,
    /// How long its answers are kept.
    life: Duration,
    /// Whether it has a code system, as far as that had to be asked, and when that was.
    systems: Mutex<FxHashMap<String, (Instant, bool)>>,
}

impl TerminologyServer {
    /// A client; goes online only when it is asked for something.
    ///
    /// # Errors
    /// A message, where TLS cannot be set up.
    pub fn new(url: TerminologyUrl, settings: Settings) -> Result<TerminologyServer, String> {
        let Settings { patience, fuse, life, shelf } = settings;
        Ok(TerminologyServer {
            name: url.to_string(),
            cache: Cache::new(url.secret().to_owned(), life, shelf),
            exchange: Exchange::new(url, patience)?,
            breaker: Breaker::new(fuse),
            no_batch: AtomicBool::new(false),
            empty_wholes: AtomicUsize::new(0),
            life,
            systems: Mutex::default(),
        })
    }

    /// The answers to the requests of a batch, in their order; why there is none.
    fn send(&self, requests: &[&Request]) -> Vec<Result<Answered, String>> {
        let mut out = Vec::with_capacity(requests.len());
        while let Some(rest) = requests.get(out.len()..).filter(|r| !r.is_empty()) {
            let count = if self.no_batch.load(Ordering::Relaxed) { 1 } else { rest.len() };
            let now = rest.get(..count).unwrap_or(rest);
            if let Err(why) = self.breaker.check() {
                out.extend(rest.iter().map(|_| Err(why.clone())));
                break;
            }
            match self.attempt(now) {
                Ok(Some(answers)) => {
                    match answers.iter().any(is_sound) {
                        true => self.breaker.succeeded(),
                        false => self.breaker.failed("its answers are not Parameters", false),
                    }
                    out.extend(answers.into_iter().map(Ok));
                }
                Ok(None) => self.no_batch.store(true, Ordering::Relaxed),
                Err(Fault { text, slow }) => {
                    self.breaker.failed(&text, slow);
                    out.extend(now.iter().map(|_| Err(text.clone())));
                }
            }
        }
        out
    }

    /// The answers to requests that are made at once; `None` where the server takes no batches.
    fn attempt(&self, requests: &[&Request]) -> Result<Option<Vec<Answered>>, Fault> {
        if let [one] = requests {
            return Ok(Some(vec![self.exchange.post(one.path, &one.body)?]));
        }
        let answered = self.exchange.post("", &batch::bundle(requests))?;
        match answered.status.is_success() {
            true => batch::answers(answered.body, requests.len()).map(Some),
            false => Ok(None),
        }
    }

    /// What the server says to questions about codes, in their order; the places of those with which definitions were
    /// sent along.
    fn ask(&self, questions: &[&Question], sent: &mut SentAlong<'_>) -> (Vec<Reading>, BTreeSet<usize>) {
        let nothing = || Reading::Open(String::new());
        let mut out: Vec<Reading> = questions.iter().map(|_| nothing()).collect();
        let known = |i: usize| questions.get(i).copied();
        let all: Vec<usize> = (0..questions.len()).collect();
        self.together(questions, &mut out);
        // A value set that the server does not know is sent along; a bare no is asked again without the display.
        let unknown = |r: &Reading| {
            matches!(r, Reading::Refused(_)) || matches!(r, Reading::Answer(a) if a.told == Told::UnknownValueSet)
        };
        let mut second: Vec<usize> = all.iter().copied().filter(|i| out.get(*i).is_some_and(unknown)).collect();
        second.sort_by_key(|i| known(*i).and_then(canonical));
        second.retain(|i| known(*i).is_some_and(|q| sent.has(q)));
        self.read(&second, questions, true, &mut out, &mut |i| sent.request(known(i)?, true));
        let along: BTreeSet<usize> = second.iter().copied().collect();
        let bare = |r: &Reading| if let Reading::BareNo(name) = r { Some(name.clone()) } else { None };
        let bare: BTreeMap<usize, Option<String>> =
            out.iter().enumerate().filter_map(|(i, r)| Some((i, bare(r)?))).collect();
        // The order of the value sets stays.
        let third = all.iter().filter(|i| !along.contains(*i)).chain(&second).copied();
        let third: Vec<usize> = third.filter(|i| bare.contains_key(i)).collect();
        self.read(&third, questions, false, &mut out, &mut |i| match along.contains(&i) {
            true => sent.request(known(i)?, false),
            false => request(known(i)?, false),
        });
        for (i, name) in bare {
            if let Some(slot) = out.get_mut(i) {
                *slot = without_display(name, std::mem::replace(slot, nothing()));
            }
        }
        for (slot, question) in out.iter_mut().zip(questions) {
            if let (Reading::BareNo(_), Question::Code(code)) = (&*slot, question) {
                let known = self.knows_system(code.system.as_deref().unwrap_or_default());
                *slot = known.map_or_else(Reading::Open, |known| Reading::Answer(bare_no(known)));
            }
        }
        self.as_wholes(questions, &mut out);
        (out, along)
    }

    /// Asks all questions: those about the codes of a concept and a value set as one, then again one by one those of
    /// which its answer says nothing.
    fn together(&self, questions: &[&Question], out: &mut [Reading]) {
        let has_sense = self.empty_wholes.load(Ordering::Relaxed) < EMPTY_WHOLES;
        let is_member = |_: usize, q: &Question| has_sense && matches!(q, Question::Member { .. });
        let groups = whole::together(questions, is_member, true);
        let open = self.ask_groups(&groups, questions, out);
        self.read(&open, questions, true, out, &mut |i| request(questions.get(i).copied()?, true));
    }

    /// Asks what the server refused to say of single codes of a concept about the concept as a whole.
    fn as_wholes(&self, questions: &[&Question], out: &mut [Reading]) {
        let is_refused = |i: usize| matches!(out.get(i), Some(Reading::Refused(_)));
        if !(0..questions.len()).any(is_refused) {
            return;
        }
        let others = whole::beside(questions, is_refused);
        let questions: Vec<&Question> = questions.iter().copied().chain(&others).collect();
        let groups = whole::together(&questions, |i, _| is_refused(i), false);
        let mut told: Vec<Reading> = questions.iter().map(|_| Reading::Open(String::new())).collect();
        self.ask_groups(&groups, &questions, &mut told);
        for (slot, told) in out.iter_mut().zip(told) {
            if let (Reading::Refused(_), Reading::Answer(_)) = (&*slot, &told) {
                *slot = told;
            }
        }
    }

    /// Asks groups of questions, each as one request, and puts there what the answers say. Returns the places of those
    /// of which an answer about several said nothing.
    fn ask_groups(&self, groups: &[Vec<usize>], questions: &[&Question], out: &mut [Reading]) -> Vec<usize> {
        let of =
            |group: &[usize]| -> Vec<&Question> { group.iter().filter_map(|i| questions.get(*i).copied()).collect() };
        let mut make = |i: usize| {
            let group = groups.get(i).map(|group| of(group))?;
            if let [one] = group.as_slice() { request(one, true) } else { request::together(&group) }
        };
        let mut open = Vec::new();
        let all: Vec<usize> = (0..groups.len()).collect();
        self.each(&all, &mut make, &mut |i, answered| {
            let group = groups.get(i).map(Vec::as_slice).unwrap_or_default();
            let mut put = |place: usize, reading| {
                if let Some(slot) = out.get_mut(place) {
                    *slot = reading;
                }
            };
            match (group, answered) {
                (group, Err(why)) => group.iter().for_each(|place| put(*place, Reading::Open(why.clone()))),
                ([one], Ok(answered)) => {
                    let Some(question) = questions.get(*one) else { return };
                    put(*one, read(&answered, question, true));
                }
                (group, Ok(answered)) => {
                    let asked = of(group);
                    let codes: Vec<&AskedCode> = asked.iter().filter_map(|q| whole::code_of(q)).collect();
                    let told = whole::read(&answered, &codes);
                    if told.iter().any(Option::is_some) {
                        self.empty_wholes.store(0, Ordering::Relaxed);
                    } else if is_sound(&answered) && answered.status.is_success() {
                        self.empty_wholes.fetch_add(1, Ordering::Relaxed);
                    }
                    for (place, told) in group.iter().zip(told) {
                        match told {
                            Some(answer) => put(*place, Reading::Answer(answer)),
                            None => open.push(*place),
                        }
                    }
                }
            }
        });
        open
    }

    /// Whether the server has a code system: asked once in the life of an answer.
    ///
    /// # Errors
    /// Why it did not say.
    fn knows_system(&self, url: &str) -> Result<bool, String> {
        let systems = || self.systems.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |at: &Instant| at.elapsed().as_secs() <= self.life.as_secs();
        if let Some((_, known)) = systems().get(url).filter(|(at, _)| is_fresh(at)) {
            return Ok(*known);
        }
        self.breaker.check()?;
        let found = self.exchange.search("CodeSystem", "url", url).map_err(|fault| {
            self.breaker.failed(&fault.text, fault.slow);
            fault.text
        })?;
        let known = has_entries(&found);
        let mut systems = systems();
        if systems.len() >= SYSTEMS {
            systems.clear();
        }
        systems.insert(url.to_owned(), (Instant::now(), known));
        Ok(known)
    }

    /// Asks the questions at these places, each of which has a request, and puts there what the answers say.
    fn read(
        &self,
        places: &[usize],
        questions: &[&Question],
        with_display: bool,
        out: &mut [Reading],
        make: &mut dyn FnMut(usize) -> Option<Request>,
    ) {
        self.each(places, make, &mut |i, answered| {
            let (Some(question), Some(slot)) = (questions.get(i), out.get_mut(i)) else { return };
            *slot = match answered {
                Ok(answered) => read(&answered, question, with_display),
                Err(why) => Reading::Open(why),
            };
        });
    }

    /// Makes the requests of these places, batch by batch, because with the definitions that are sent along they are
    /// large; and hands on what is answered to each.
    fn each(
        &self,
        places: &[usize],
        make: &mut dyn FnMut(usize) -> Option<Request>,
        take: &mut dyn FnMut(usize, Result<Answered, String>),
    ) {
        let mut requests = places.iter().filter_map(|i| Some((*i, make(*i)?))).peekable();
        loop {
            let batch = batch::next(&mut requests);
            let Some((first, _)) = batch.first() else { return };
            if let Err(why) = self.breaker.check() {
                places.iter().skip_while(|i| *i != first).for_each(|i| take(*i, Err(why.clone())));
                return;
            }
            let all: Vec<&Request> = batch.iter().map(|(_, r)| r).collect();
            for ((i, _), answered) in batch.iter().zip(self.send(&all)) {
                take(*i, answered);
            }
        }
    }
}

/// The value set that a question is about.
fn canonical(question: &Question) -> Option<&str> {
    match question {
        Question::Member { value_set, .. } => Some(value_set),
        _ => None,
    }
}

impl Answerer for TerminologyServer {
    fn answer(&self, questions: &[Question], asking: &dyn Asking) -> Replies {
        let version = asking.fhir_version();
        let mut sent = SentAlong::new(asking);
        let keys: Vec<String> = questions.iter().map(|q| self.cache.key(version, q)).collect();
        let known = |(question, key): (&Question, &String)| {
            let (answer, definitions) = self.cache.get(key)?;
            (definitions.is_none() || definitions == sent.hash(question)).then_some(answer)
        };
        let mut answers: Vec<Option<Answer>> = questions.iter().zip(&keys).map(known).collect();
        let is_open = |(i, q): &(usize, &Question)| {
            !matches!(q, Question::Reference(_)) && answers.get(*i).is_some_and(Option::is_none)
        };
        let (places, open): (Vec<usize>, Vec<&Question>) = questions.iter().enumerate().filter(is_open).unzip();
        let mut trouble = None;
        let (readings, along) = self.ask(&open, &mut sent);
        for (i, ((place, question), reading)) in places.into_iter().zip(open).zip(readings).enumerate() {
            match reading {
                Reading::Answer(answer) => {
                    let (Some(slot), Some(key)) = (answers.get_mut(place), keys.get(place)) else { continue };
                    // It holds for these definitions only, or for as long as there is none.
                    let is_of_these = along.contains(&i) || answer.told == Told::UnknownValueSet;
                    let definitions = if is_of_these { sent.hash(question) } else { None };
                    self.cache.put(key, &(answer.clone(), definitions));
                    *slot = Some(answer);
                }
                Reading::BareNo(_) => {}
                Reading::Refused(why) | Reading::Open(why) => {
                    trouble.get_or_insert_with(|| format!("terminology server `{}`: {why}", self.name));
                }
            }
        }
        Replies { answers, trouble }
    }
}
