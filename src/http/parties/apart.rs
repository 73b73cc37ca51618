//! Work that is not broken off, and answers in JSON.

use actix_web::HttpResponse;
use actix_web::web::block;
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;

use crate::http::{Fault, content_type, work};

/// Runs what writes, or goes online, on a thread of its own; it is not broken off where its client leaves. Its place is
/// free again when it has ended.
pub(super) async fn apart<T: Send + 'static>(
    place: OwnedSemaphorePermit,
    run: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let run = move || {
        let _place = place;
        work::guarded(run)
    };
    let done = block(run).await.map_err(|_| Fault::busy("the service is stopping"))?;
    done.and_then(|result| result)
}

/// An answer of success.
pub(super) fn answer(value: &Value) -> HttpResponse {
    HttpResponse::Ok().content_type(content_type::JSON).body(value.to_string())
}
