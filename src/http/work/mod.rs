//! CPU work outside of the workers: bounded in number, in queue and in time, and no panic leaves it.

mod clock;
mod estimate;
mod places;
mod priority;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fhir_accord_profiles::interrupt::Interrupt;

use super::Fault;
use super::client::Client;
pub use clock::{Clock, Waiting as Awaited};
pub use estimate::{Size, parts, size};
use places::{Places, Taken};

use crate::telemetry::{self, Active, Kind};

/// How long work whose time is up may take to say what it found until then.
const GRACE: Duration = Duration::from_millis(500);
/// Longer than any work lasts: what the settings allow may be more than a clock can hold.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);
/// For how many clients at once there are places: while one client uses all that it may have, there is room for
/// another.
const CLIENTS: usize = 2;

/// Bounds on the work that runs outside of the workers.
#[derive(Debug)]
pub struct Pool {
    places: Arc<Places>,
    waiting: AtomicUsize,
    queue: usize,
    timeout: Duration,
}

impl Pool {
    /// A pool that runs `threads` pieces of work of one client at once and lets `queue` more wait; each has `timeout`
    /// from the moment it is handed in.
    pub fn new(threads: usize, queue: usize, timeout: Duration) -> Pool {
        let each = threads.max(1);
        Pool { places: Places::new(each * CLIENTS, each), waiting: AtomicUsize::new(0), queue, timeout }
    }

    /// Runs `work` on a thread of its own. When its time is up, or the caller is dropped, its interrupt is raised: it
    /// breaks off then, and what it gives within a grace is the result. Until it ends it keeps its place.
    ///
    /// # Errors
    /// 503 where the queue is full or the time is up, 500 where the work panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        client: Client,
        work: impl FnOnce(&Interrupt) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let waiting = Waiting::enter(self)?;
        let scope = telemetry::current();
        let waited = scope.as_ref().and_then(|s| s.begin("wait", Kind::Internal));
        let timeout = || Fault::timeout(self.timeout.as_millis() as u64);
        let end = Instant::now() + self.timeout.min(LONGEST);
        let place = match self.places.take(client, self.queue.div_ceil(CLIENTS)) {
            Taken::Now(place) => place,
            Taken::Full => return Err(Fault::busy("too many requests of this client are waiting; try again")),
            Taken::Later(turn) => {
                let turn = tokio::time::timeout_at(end.into(), turn).await.map_err(|_| timeout())?;
                turn.map_err(|_| Fault::busy("the service is stopping"))?
            }
        };
        drop((waiting, waited));
        let clock = Clock::until(Some(end));
        let interrupt = clock.interrupt();
        let _waits = clock::Waiting(clock);
        let done = actix_web::web::block(move || {
            let _place = place;
            priority::step_back();
            if interrupt.is_raised() {
                return None;
            }
            let span = scope.as_ref().and_then(|s| s.begin("work", Kind::Internal));
            let inside = span.as_ref().and_then(Active::scope).or(scope);
            Some(guarded(|| telemetry::within(inside, || work(&interrupt))))
        });
        match tokio::time::timeout_at((end + GRACE).into(), done).await {
            Ok(Ok(Some(result))) => result,
            Ok(Err(_)) => Err(Fault::busy("the service is stopping")),
            Ok(Ok(None)) | Err(_) => Err(timeout()),
        }
    }

    /// How many pieces of work run, and how many wait.
    pub fn load(&self) -> (usize, usize) {
        (self.places.held(), self.waiting.load(Ordering::Relaxed))
    }
}

/// Runs `work` here and now.
///
/// # Errors
/// 500 where it panicked.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        tracing::error!("work panicked; the service lives on");
        Fault::internal("the work broke off by a fault of the service; please report what led to it")
    })
}

/// Counts itself among those who wait, as long as it lives.
struct Waiting<'p>(&'p Pool);

impl<'p> Waiting<'p> {
    fn enter(pool: &'p Pool) -> Result<Waiting<'p>, Fault> {
        let waiting = Waiting(pool);
        if pool.waiting.fetch_add(1, Ordering::Relaxed) > pool.queue {
            return Err(Fault::busy("too many requests are waiting; try again"));
        }
        Ok(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::atomic::AtomicBool;

    use super::*;

    fn client(n: u8) -> Client {
        Client::of(IpAddr::V4(Ipv4Addr::new(127, 0, 0, n)))
    }

    #[actix_web::test]
    async fn work_is_bounded() {
        let pool = Pool::new(1, 4, Duration::from_millis(60));
        assert_eq!(pool.run(client(1), |_| 7).await.unwrap(), 7);
        let slow = pool.run(client(1), |_| std::thread::sleep(Duration::from_millis(1200)));
        let next = pool.run(client(1), |_| ());
        let third = pool.run(client(1), |_| ());
        let other = pool.run(client(2), |_| 7);
        let (slow, next, third, other) = tokio::join!(slow, next, third, other);
        assert_eq!(slow.unwrap_err().name(), "timeout");
        let names: Vec<&str> = [next, third].into_iter().filter_map(|r| r.err().map(|f| f.name())).collect();
        assert_eq!(names, ["timeout", "timeout"]);
        assert_eq!(other.unwrap(), 7, "another client has a place");
        let (a, b, c) =
            tokio::join!(pool.run(client(1), |_| ()), pool.run(client(1), |_| ()), pool.run(client(1), |_| ()));
        let names: Vec<&str> = [a, b, c].into_iter().filter_map(|r| r.err().map(|f| f.name())).collect();
        assert!(names.contains(&"busy"), "{names:?}");
    }

    /// Works until it is broken off, and says so.
    fn endless(interrupt: &Interrupt, ended: &AtomicBool) -> u32 {
        while !interrupt.is_raised() {
            std::thread::sleep(Duration::from_millis(1));
        }
        ended.store(true, Ordering::Relaxed);
        7
    }

    #[actix_web::test]
    async fn work_is_broken_off() {
        let pool = Pool::new(1, 1, Duration::from_millis(60));
        let ended = Arc::new(AtomicBool::new(false));
        let own = Arc::clone(&ended);
        assert_eq!(pool.run(client(1), move |i| endless(i, &own)).await.unwrap(), 7, "what it found until then");
        let pool = Pool::new(1, 1, Duration::from_secs(60));
        let ended = Arc::new(AtomicBool::new(false));
        let own = Arc::clone(&ended);
        let left = pool.run(client(1), move |i| endless(i, &own));
        assert!(tokio::time::timeout(Duration::from_millis(50), left).await.is_err());
        assert_eq!(pool.run(client(1), |_| 7).await.unwrap(), 7, "its place is free");
        assert!(ended.load(Ordering::Relaxed));
    }

    #[actix_web::test]
    async fn a_panic_is_an_answer() {
        let pool = Pool::new(1, 1, Duration::from_secs(5));
        assert_eq!(pool.run(client(1), |_| -> () { panic!("on purpose") }).await.unwrap_err().name(), "internal");
        assert_eq!(pool.run(client(1), |_| 7).await.unwrap(), 7);
    }
}
