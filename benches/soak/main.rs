//! Drives `accord serve` for long as operators and attackers do, kills it, fills its disk, and writes down what came
//! of it.
//!
//! `cargo bench --bench soak -- [MINUTES] [--accord PATH] [--out FILE] [--store sled|redb]` (`just soak`): 30 minutes,
//! the release binary, a report in `benches/record/`. Capacity is measured first, with as many requests as are
//! answered; then requests come at 80 % of it, evenly. Exits with 1 where a check of the report fails. Linux only: it
//! reads /proc.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]
#![allow(dead_code, reason = "every benchmark uses a part of `common`")]

mod chance;
mod client;
#[path = "../common/mod.rs"]
mod common;
mod corpus;
mod course;
mod histogram;
mod hostile;
mod kept;
mod load;
mod options;
mod report;
mod room;
mod service;
mod tally;

use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use corpus::Corpus;
use course::Course;
use kept::Kept;
use load::{HOSTILE, ORDINARY, World};
use options::Options;
use room::Room;
use service::Service;
use tally::Tally;

/// The two that ask for health, and the one that negotiates.
const OTHERS: usize = 3;

fn main() {
    let options = Options::read();
    let room = Room::make();
    let beside = tempfile::tempdir().unwrap();
    eprintln!("asking the command line for its verdicts");
    let corpus = Corpus::make(&options.accord, beside.path());
    let service = Service::new(options.accord.clone(), options.store.clone(), room.path(), beside.path());
    let world = World {
        service: service.address,
        health: service.health,
        corpus,
        token: service.token.clone(),
        rate: 0.into(),
        life: 0.into(),
        is_up: false.into(),
        is_over: false.into(),
        is_full: false.into(),
        begun: Instant::now(),
        up_at: 0.into(),
        tallies: (0..ORDINARY + HOSTILE + OTHERS).map(|_| Mutex::new(Tally::default())).collect(),
    };
    let kept = Kept::new();
    let (sender, receiver) = sync_channel(HOSTILE);
    let receiver = Mutex::new(receiver);
    let course = std::thread::scope(|scope| {
        let (world, kept, receiver) = (&world, &kept, &receiver);
        for number in 0..ORDINARY {
            let sender = sender.clone();
            scope.spawn(move || load::ordinary(world, number, &sender));
        }
        for number in 0..HOSTILE {
            scope.spawn(move || load::hostile(world, number, receiver));
        }
        for which in 0..2 {
            scope.spawn(move || load::health(world, which));
        }
        scope.spawn(move || kept::run(world, kept, &world.tallies[ORDINARY + HOSTILE + 2]));
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            Course::run(&options, &service, world, kept, &room)
        }));
        // The threads end, whatever happened.
        world.is_over.store(true, Ordering::SeqCst);
        ended
    });
    let course = course.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let is_good = report::write(&options, &service, &world, &room, &course);
    drop(room);
    std::process::exit(i32::from(!is_good));
}
