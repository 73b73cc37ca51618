//! Many requests as one: a Bundle of type batch (<https://hl7.org/fhir/R4/http.html#transaction>).

use std::iter::Peekable;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::exchange::{Answered, Fault};
use super::request::Request;

/// The most requests of one batch.
pub(super) const BATCH: usize = 100;
/// The most bytes of one batch; a single larger request makes a batch of its own.
const BATCH_BYTES: usize = 4 << 20;

/// Takes the requests of the next batch, with the places of their questions; empty where none is left. Further
/// requests are not made yet, but for one that did not fit.
pub(super) fn next(requests: &mut Peekable<impl Iterator<Item = (usize, Request)>>) -> Vec<(usize, Request)> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while batch.len() < BATCH {
        let Some((_, request)) = requests.peek() else { break };
        bytes += request.body.to_string().len();
        if bytes > BATCH_BYTES && !batch.is_empty() {
            break;
        }
        batch.extend(requests.next());
    }
    batch
}

/// The Bundle of these requests.
pub(super) fn bundle(requests: &[&Request]) -> Value {
    let entry = |r: &&Request| json!({"request": {"method": "POST", "url": r.path}, "resource": r.body});
    json!({"resourceType": "Bundle", "type": "batch", "entry": requests.iter().map(entry).collect::<Vec<_>>()})
}

/// The answers in a Bundle, in the order of the requests.
///
/// # Errors
/// It is no answer to a batch of so many.
pub(super) fn answers(bundle: Value, count: usize) -> Result<Vec<Answered>, Fault> {
    let kind = bundle.get("resourceType").and_then(Value::as_str);
    if kind != Some("Bundle") {
        let what = if kind == Some("OperationOutcome") { "an OperationOutcome" } else { "a resource of another type" };
        return Err(Fault::of(format!("it answers a batch with {what}, expected a Bundle")));
    }
    let entries = bundle.get("entry").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if entries.len() != count {
        let found = entries.len();
        return Err(Fault::of(format!("it answers a batch of {count} requests with {found} entries")));
    }
    let each = entries.iter().map(|entry| {
        let status = entry.pointer("/response/status").and_then(Value::as_str).unwrap_or_default();
        let status = status.get(..3).and_then(|s| StatusCode::from_bytes(s.as_bytes()).ok());
        let body = entry.get("resource").or_else(|| entry.pointer("/response/outcome")).cloned().unwrap_or_default();
        Some(Answered { status: status?, body })
    });
    let all: Option<Vec<Answered>> = each.collect();
    all.ok_or_else(|| Fault::of("it answers a batch with an entry without a status"))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// How many requests of so many bytes are in each batch, and how many were made when it was taken.
    fn batches(count: usize, bytes: usize) -> Vec<(usize, usize)> {
        let made = Cell::new(0);
        let make = |i: usize| {
            made.set(made.get() + 1);
            (i, Request { path: "", body: Value::from("x".repeat(bytes)) })
        };
        let mut requests = (0..count).map(make).peekable();
        let each = std::iter::from_fn(|| Some(next(&mut requests)).filter(|batch| !batch.is_empty()));
        each.map(|batch| (batch.len(), made.get())).collect()
    }

    #[test]
    fn requests_are_made_batch_by_batch() {
        assert!(batches(0, 1).is_empty());
        assert_eq!(batches(250, 1), [(100, 100), (100, 200), (50, 250)]);
        assert_eq!(batches(5, BATCH_BYTES / 2 - 2), [(2, 3), (2, 5), (1, 5)]);
        assert_eq!(batches(2, BATCH_BYTES * 2), [(1, 2), (1, 2)]);
    }
}
