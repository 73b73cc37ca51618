//! The threads that ask.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::client::Client;
use crate::corpus::{Corpus, Instance};
use crate::hostile::{self, End, KINDS};
use crate::tally::Tally;

/// Threads that send instances, and threads that send what is hostile.
pub const ORDINARY: usize = 24;
pub const HOSTILE: usize = 48;
/// Of 10,000 instances so many are invalid, and so many large: 5 % and 1 % of all, with the hostile requests.
const INVALID_OF_10_000: usize = 505;
const LARGE_OF_10_000: usize = 101;
/// After so many instances comes a hostile request.
const BETWEEN_HOSTILE: usize = 99;
/// After a start so much time is counted apart: what waited comes at once, and nothing is warm.
pub const YOUNG: Duration = Duration::from_secs(10);
/// An answer may be this late to a process that was killed.
const GRACE: Duration = Duration::from_secs(3);

/// What the threads share.
pub struct World {
    pub service: SocketAddr,
    pub health: SocketAddr,
    pub corpus: Corpus,
    pub token: String,
    /// Instances a second of all threads together; 0: as many as are answered.
    pub rate: AtomicU64,
    /// Starts of the service that became ready.
    pub life: AtomicUsize,
    pub is_up: AtomicBool,
    pub is_over: AtomicBool,
    pub is_full: AtomicBool,
    /// When the service came up last, in milliseconds after `begun`.
    pub begun: Instant,
    pub up_at: AtomicU64,
    pub tallies: Vec<Mutex<Tally>>,
}

pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl World {
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// The service is there.
    pub fn is_up_now(&self) {
        self.up_at.store(self.begun.elapsed().as_millis() as u64, Ordering::SeqCst);
        self.life.fetch_add(1, Ordering::SeqCst);
        self.is_up.store(true, Ordering::SeqCst);
    }

    /// Whether it has just started.
    fn is_young(&self) -> bool {
        let up_at = Duration::from_millis(self.up_at.load(Ordering::Relaxed));
        self.begun.elapsed().saturating_sub(up_at) < YOUNG
    }

    /// Waits while the service is down. Returns its life.
    pub fn life_when_up(&self) -> usize {
        while !self.is_up.load(Ordering::SeqCst) && !self.is_over() {
            std::thread::sleep(Duration::from_millis(2));
        }
        self.life.load(Ordering::SeqCst)
    }

    /// Whether a failure in this life is that of a service that was killed.
    fn was_killed(&self, life: usize) -> bool {
        let started = Instant::now();
        while started.elapsed() < GRACE {
            if !self.is_up.load(Ordering::SeqCst) || self.life.load(Ordering::SeqCst) != life || self.is_over() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        false
    }

    /// Counts a request that got no answer.
    pub fn unanswered(&self, tally: &Mutex<Tally>, what: &'static str, life: usize, error: &io::Error) {
        let was_killed = self.was_killed(life);
        let mut tally = locked(tally);
        if was_killed {
            tally.broken += 1;
        } else {
            tally.answered(what, 0);
            tally.failed(format!("{what}: {error}"));
        }
    }

    /// What was counted since the last call.
    pub fn take(&self) -> Tally {
        let mut all = Tally::default();
        for tally in &self.tallies {
            all.merge(&std::mem::take(&mut *locked(tally)));
        }
        all
    }
}

/// Sends instances at the rate, or as soon as the last is answered, and asks for a hostile one now and then.
pub fn ordinary(world: &World, number: usize, hostile: &SyncSender<()>) {
    let tally = &world.tallies[number];
    let mut chance = Chance::new(number);
    let mut client = Client::new(world.service, format!("192.0.2.{}", number + 1));
    let (mut life, mut rate, mut due) = (usize::MAX, 0, Instant::now());
    for count in number * 4.. {
        let (life_now, rate_now) = (world.life_when_up(), world.rate.load(Ordering::Relaxed));
        if world.is_over() {
            return;
        }
        let every = ORDINARY as f64 / rate_now as f64;
        if rate_now == 0 {
            due = Instant::now();
        } else if (life_now, rate_now) != (life, rate) {
            due = Instant::now() + Duration::from_secs_f64(every * chance.below(1000) as f64 / 1000.0);
        } else {
            due += Duration::from_secs_f64(every);
        }
        (life, rate) = (life_now, rate_now);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        one(world, tally, &mut client, &mut chance, due, life);
        if count % BETWEEN_HOSTILE == 0 && ask_for_hostile(world, rate, hostile).is_err() {
            locked(tally).unsent += 1;
        }
    }
}

/// With a rate nobody waits for a thread that is free.
fn ask_for_hostile(world: &World, rate: u64, hostile: &SyncSender<()>) -> Result<(), ()> {
    while hostile.try_send(()).is_err() {
        if rate > 0 || world.is_over() {
            return Err(());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

fn one(world: &World, tally: &Mutex<Tally>, client: &mut Client, chance: &mut Chance, due: Instant, life: usize) {
    let corpus = &world.corpus;
    let (what, instance): (_, &Instance) = match chance.below(10_000) {
        n if n < INVALID_OF_10_000 => ("invalid", chance.of(&corpus.invalid)),
        n if n < INVALID_OF_10_000 + LARGE_OF_10_000 => ("valid, large", chance.of(&corpus.large)),
        _ => ("valid, small", chance.of(&corpus.small)),
    };
    let sent = Instant::now();
    let asked = client.ask("POST", "/$validate", "content-type: application/fhir+json\r\n", &instance.body);
    let now = Instant::now();
    let answer = match asked {
        Ok(answer) => answer,
        Err(error) => return world.unanswered(tally, what, life, &error),
    };
    let mut tally = locked(tally);
    tally.answered(what, answer.status);
    match what {
        "valid, small" if world.is_young() => tally.young.add(now - due.min(sent)),
        "valid, small" => {
            tally.due.add(now - due.min(sent));
            tally.sent.add(now - sent);
        }
        "valid, large" => tally.large.add(now - due.min(sent)),
        _ => {}
    }
    if answer.status != 200 {
        return tally.failed(format!("{what}: {} {}", answer.status, answer.told()));
    }
    tally.compared += 1;
    let verdict = answer.verdict().unwrap_or("none");
    if verdict != instance.verdict {
        tally.wrong(format!("{what}: {verdict} ({}) instead of {}", answer.told(), instance.verdict));
    }
}

/// Sends a hostile request whenever it is asked for one.
pub fn hostile(world: &World, number: usize, wanted: &Mutex<Receiver<()>>) {
    let tally = &world.tallies[ORDINARY + number];
    let mut chance = Chance::new(1000 + number);
    let mut client = Client::new(world.service, format!("198.51.100.{}", number % 8 + 1));
    while !world.is_over() {
        let received = locked(wanted).recv_timeout(Duration::from_millis(100));
        if received.is_err() {
            continue;
        }
        let life = world.life_when_up();
        let kind = chance.below(KINDS);
        let what = hostile::name(kind);
        match hostile::send(&mut client, kind, &world.corpus, &mut chance) {
            Ok(End::Closed) => locked(tally).answered(what, 0),
            Ok(End::Answered(answer, right)) => {
                let mut tally = locked(tally);
                tally.answered(what, answer.status);
                tally.compared += u64::from(answer.verdict().is_some());
                if let Err(told) = right {
                    tally.wrong(format!("{what}: {told}"));
                }
            }
            Err(error) => world.unanswered(tally, what, life, &error),
        }
    }
}

/// Asks for health all the time.
pub fn health(world: &World, which: usize) {
    let tally = &world.tallies[ORDINARY + HOSTILE + which];
    let mut client = Client::new([world.health, world.service][which], "203.0.113.1".to_owned());
    while !world.is_over() {
        let life = world.life_when_up();
        let asked = Instant::now();
        match client.ask("GET", "/health/live", "", b"") {
            Ok(answer) => {
                let mut tally = locked(tally);
                tally.health[which].add(asked.elapsed());
                tally.answered("health", answer.status);
                if answer.status != 200 {
                    tally.failed(format!("health: {} {}", answer.status, answer.told()));
                }
            }
            Err(error) => world.unanswered(tally, "health", life, &error),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
