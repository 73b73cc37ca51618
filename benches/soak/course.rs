//! What happens to the service, one thing after another.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::kept::Kept;
use crate::load::{World, locked};
use crate::options::Options;
use crate::room::Room;
use crate::service::{Running, Service};
use crate::tally::Tally;

/// The share of capacity that is asked for.
pub const SHARE: f64 = 0.8;
/// Load before capacity is measured, in seconds.
const WARMING: u64 = 5;
/// Negotiations until a full disk has to show, and how long the disk stays full.
const UNTIL_FULL: usize = 200;
const FULL_FOR: Duration = Duration::from_secs(5);
/// Time in which what frees the disk has to show.
const UNTIL_FREE: Duration = Duration::from_secs(30);

/// The time between one start and the next.
#[derive(Default)]
pub struct Life {
    pub ready_after: Duration,
    /// Kilobytes, second by second.
    pub memory: Vec<u64>,
    /// Seconds, and seconds of processors in them.
    pub lasted: f64,
    pub processor: f64,
    /// Negotiations that were asked for after its start, and those that were not there.
    pub checked: usize,
    pub lost: Vec<String>,
}

/// What the full disk did.
pub struct Full {
    pub bytes: u64,
    /// Negotiations that were acknowledged until one was refused, and the status that it was refused with.
    pub acknowledged: usize,
    pub refused: u16,
    pub lost: usize,
    /// The time until one was acknowledged again; `None`: never.
    pub passed: Option<Duration>,
}

/// What was found.
#[derive(Default)]
pub struct Course {
    /// Requests a second, when as many came as were answered.
    pub capacity: f64,
    pub tally: Tally,
    pub lives: Vec<Life>,
    pub full: Option<Full>,
    /// Seconds of load, with the service up.
    pub seconds: f64,
    pub acknowledged: usize,
}

/// The parts that act.
struct Acting<'a> {
    service: &'a Service,
    world: &'a World,
    kept: &'a Kept,
    client: Client,
}

impl Acting<'_> {
    /// Starts the service, and asks for all that was acknowledged.
    fn start(&mut self) -> (Running, Life) {
        let (running, ready_after) = self.service.start();
        self.world.is_up_now();
        let checked = locked(&self.kept.records).len();
        let lost = self.kept.lost(&mut self.client);
        (running, Life { ready_after, checked, lost, ..Life::default() })
    }

    /// Kills it in the middle of everything.
    fn kill(&self, running: &mut Running) {
        running.kill();
        self.world.is_up.store(false, Ordering::SeqCst);
    }

    /// Fills the disk, and frees it.
    fn fill(&mut self, room: &Room) -> Option<Full> {
        self.world.is_full.store(true, Ordering::SeqCst);
        let bytes = room.fill()?;
        let (mut acknowledged, mut refused) = (0, 200);
        while refused == 200 && acknowledged < UNTIL_FULL {
            refused = self.kept.negotiate(&mut self.client, &self.world.token).map_or(0, |a| a.status);
            acknowledged += usize::from(refused == 200);
        }
        std::thread::sleep(FULL_FOR);
        let lost = self.kept.lost(&mut self.client).len();
        room.free();
        let freed = Instant::now();
        let mut passed = None;
        while passed.is_none() && freed.elapsed() < UNTIL_FREE {
            let asked = self.kept.negotiate(&mut self.client, &self.world.token);
            passed = asked.is_ok_and(|a| a.status == 200).then(|| freed.elapsed());
            std::thread::sleep(Duration::from_millis(20));
        }
        // Answers that were under way.
        std::thread::sleep(Duration::from_secs(1));
        self.world.is_full.store(false, Ordering::SeqCst);
        Some(Full { bytes, acknowledged, refused, lost, passed })
    }
}

impl Course {
    /// Runs all of it.
    pub fn run(options: &Options, service: &Service, world: &World, kept: &Kept, room: &Room) -> Self {
        let client = Client::new(service.address, "203.0.113.4".to_owned());
        let mut acting = Acting { service, world, kept, client };
        let mut course = Self::default();
        let (running, life) = acting.start();
        course.measure(options, world);
        eprintln!("{:.0} requests a second are answered; now {:.0}", course.capacity, course.capacity * SHARE);
        course.drive(options, &mut acting, room, running, life);
        course.tally = world.take();
        course.acknowledged = locked(&kept.records).len();
        course
    }

    /// Measures capacity, and sets the rate.
    fn measure(&mut self, options: &Options, world: &World) {
        std::thread::sleep(Duration::from_secs(WARMING));
        world.take();
        let started = Instant::now();
        std::thread::sleep(options.measured());
        let (tally, seconds) = (world.take(), started.elapsed().as_secs_f64());
        self.capacity = tally.load() as f64 / seconds;
        world.rate.store((tally.instances() as f64 / seconds * SHARE) as u64, Ordering::SeqCst);
        // What waits until then is answered.
        std::thread::sleep(Duration::from_secs(2));
        world.take();
    }

    /// Kills, fills and counts until the time is over, and once more at the end.
    fn drive(&mut self, options: &Options, acting: &mut Acting<'_>, room: &Room, mut running: Running, mut life: Life) {
        let started = Instant::now();
        let every = options.kill_every();
        let intervals = (options.duration.as_secs_f64() / every.as_secs_f64()) as u32;
        let mut fill_at = Some(every.mul_f64(f64::from(intervals / 2) + 0.5));
        let (mut kill_at, mut born, mut processor) = (every, started, running.processor_seconds());
        loop {
            std::thread::sleep(Duration::from_secs(1));
            life.memory.extend(running.memory_kb());
            let now = started.elapsed();
            if fill_at.is_some_and(|at| now >= at) {
                fill_at = None;
                eprintln!("{:.0} s: the disk is filled", now.as_secs_f64());
                self.full = acting.fill(room);
            }
            let is_over = now >= options.duration;
            if now < kill_at && !is_over {
                continue;
            }
            kill_at += every;
            life.lasted = born.elapsed().as_secs_f64();
            life.processor = running.processor_seconds().unwrap_or(0.0) - processor.unwrap_or(0.0);
            self.seconds += life.lasted;
            acting.kill(&mut running);
            self.lives.push(std::mem::take(&mut life));
            (running, life) = acting.start();
            (born, processor) = (Instant::now(), running.processor_seconds());
            eprintln!("{:.0} s: killed, {} acknowledged, {} lost", now.as_secs_f64(), life.checked, life.lost.len());
            if is_over {
                self.lives.push(life);
                return;
            }
        }
    }
}
