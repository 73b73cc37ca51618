//! Whether a service answers that it is ready.

use std::time::Duration;

use reqwest::blocking::Client;

use super::http::cause;

/// Asks a service whether it is ready: `GET` on the address of its readiness. `Ok(true)` on 200, `Ok(false)` on any
/// other status. No proxy is used, and no redirect is followed.
///
/// # Errors
/// The message, where there was no answer within the time.
pub fn is_ready(url: &str, within: Duration) -> Result<bool, String> {
    let builder = Client::builder().timeout(within).no_proxy().redirect(reqwest::redirect::Policy::none());
    let client = builder.build().map_err(|e| cause(&e))?;
    let answer = client.get(url).send().map_err(|e| cause(&e))?;
    Ok(answer.status().as_u16() == 200)
}
