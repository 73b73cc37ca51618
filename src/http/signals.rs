//! The signals that stop the service, and that have it read files again.

use std::io;

/// How the service is to stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// Requests that run may end, within the grace.
    Graceful,
    /// At once.
    AtOnce,
}

/// Waits for a signal that stops the service: SIGTERM in order, SIGINT and SIGQUIT at once.
///
/// # Errors
/// [`io::Error`] where signals cannot be heard.
#[cfg(unix)]
pub async fn stop() -> io::Result<Stop> {
    use actix_web::rt::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    Ok(tokio::select! {
        _ = terminate.recv() => Stop::Graceful,
        _ = interrupt.recv() => Stop::AtOnce,
        _ = quit.recv() => Stop::AtOnce,
    })
}

/// Keeps SIGHUP from ending the process from now on; what it asks for is done once the service is served.
///
/// # Errors
/// [`io::Error`] where signals cannot be heard.
#[cfg(unix)]
pub async fn heed_reload() -> io::Result<()> {
    use actix_web::rt::signal::unix::{SignalKind, signal};
    signal(SignalKind::hangup()).map(drop)
}

/// Does nothing: there is no such signal here.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub async fn heed_reload() -> io::Result<()> {
    Ok(())
}

/// Calls `reload` for each SIGHUP, as long as it is awaited.
#[cfg(unix)]
pub(super) async fn on_reload(reload: impl Fn()) {
    use actix_web::rt::signal::unix::{SignalKind, signal};
    match signal(SignalKind::hangup()) {
        Ok(mut hangup) => {
            while hangup.recv().await.is_some() {
                reload();
            }
        }
        Err(error) => tracing::error!(%error, "no signal can have files read again"),
    }
}

/// Never calls `reload`: there is no such signal here.
#[cfg(not(unix))]
pub(super) async fn on_reload(_: impl Fn()) {}

/// Waits for Ctrl-C.
///
/// # Errors
/// [`io::Error`] where it cannot be heard.
#[cfg(not(unix))]
pub async fn stop() -> io::Result<Stop> {
    actix_web::rt::signal::ctrl_c().await?;
    Ok(Stop::AtOnce)
}
