//! CPU work outside of the workers: bounded in number, in queue and in time, and no panic leaves it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::Fault;

/// Bounds on the work that runs outside of the workers.
#[derive(Debug)]
pub struct Pool {
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    timeout: Duration,
}

impl Pool {
    /// A pool that runs `threads` pieces of work at once and lets `queue` more wait; each has `timeout` from the moment
    /// it is handed in.
    pub fn new(threads: usize, queue: usize, timeout: Duration) -> Pool {
        Pool { permits: Arc::new(Semaphore::new(threads.max(1))), waiting: AtomicUsize::new(0), queue, timeout }
    }

    /// Runs `work` on a thread of its own. Work that is given up on goes on to its end and keeps its place until then.
    ///
    /// # Errors
    /// 503 where the queue is full or the time is up, 500 where the work panicked.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let _waiting = Waiting::enter(self)?;
        let permits = Arc::clone(&self.permits);
        let all = async move {
            let permit = permits.acquire_owned().await.map_err(|_| Fault::busy("the service is stopping"))?;
            actix_web::web::block(move || {
                let result = guarded(work);
                drop(permit);
                result
            })
            .await
            .map_err(|_| Fault::busy("the service is stopping"))?
        };
        match tokio::time::timeout(self.timeout, all).await {
            Ok(result) => result,
            Err(_) => Err(Fault::timeout(self.timeout.as_millis() as u64)),
        }
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
    use super::*;

    #[actix_web::test]
    async fn work_is_bounded() {
        let pool = Pool::new(1, 1, Duration::from_millis(60));
        assert_eq!(pool.run(|| 7).await.unwrap(), 7);
        let slow = pool.run(|| std::thread::sleep(Duration::from_millis(200)));
        let next = pool.run(|| ());
        let third = pool.run(|| ());
        let (slow, next, third) = (slow.await, next.await, third.await);
        assert_eq!(slow.unwrap_err().name(), "timeout");
        assert_eq!(next.unwrap_err().name(), "timeout");
        assert_eq!(third.unwrap_err().name(), "timeout");
        let (a, b, c) = (pool.run(|| ()), pool.run(|| ()), pool.run(|| ()));
        let names: Vec<&str> = all(a, b, c).await.into_iter().filter_map(|r| r.err().map(|f| f.name())).collect();
        assert!(names.contains(&"busy"), "{names:?}");
    }

    async fn all<T>(a: impl Future<Output = T>, b: impl Future<Output = T>, c: impl Future<Output = T>) -> Vec<T> {
        let (a, b, c) = tokio::join!(a, b, c);
        vec![a, b, c]
    }

    #[actix_web::test]
    async fn a_panic_is_an_answer() {
        let pool = Pool::new(1, 1, Duration::from_secs(5));
        assert_eq!(pool.run(|| -> () { panic!("on purpose") }).await.unwrap_err().name(), "internal");
        assert_eq!(pool.run(|| 7).await.unwrap(), 7);
    }
}
