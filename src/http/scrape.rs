//! `GET /metrics`: what the service does, in the text format of OpenMetrics.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::service::Service;

/// The media type of the answer.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `GET /metrics`
pub(super) async fn metrics(service: Data<Service>) -> HttpResponse {
    for (lane, pool) in service.lanes() {
        let (running, waiting) = pool.load();
        service.metrics.lane(lane, running, waiting);
    }
    let plans = service.engine().loaded().plans().kept();
    service.metrics.state(service.budget.used(), plans, service.is_ready());
    if let Some(tracer) = &service.tracer {
        service.metrics.spans(tracer.counts());
    }
    service.metrics.held(service.held.load());
    service.metrics.parties(service.parties.book.count());
    let text = service.metrics.text();
    HttpResponse::Ok().content_type(OPEN_METRICS).insert_header(("cache-control", "no-store")).body(text)
}
