//! What the entries of a batch or a transaction would change, as it stands on the server, one read for each entry that
//! needs it. Between the reads and the write somebody else may change it: where the token's scopes have limits, an
//! entry has to name the version that was judged.

use actix_web::web::Bytes;
use fhir_accord_capability::guard::{Decision, Verdict};
use fhir_accord_capability::scope::{Context, Token, parse};
use http::header::HeaderValue;
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::time::{Instant, timeout_at};

use super::answer::Bounded;
use super::asked::Asked;
use super::judge::{Old, Question};
use super::old::{Shown, Standing, get, resource, unread};
use super::refused::Refused;
use super::worker::Worker;
use crate::remote::upstream::Failure;

/// How many resources are read for one batch or transaction.
const READS: usize = 100;

#[derive(Deserialize)]
struct Batch {
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    url: String,
    if_match: Option<String>,
}

/// Whether one request is a batch or a transaction whose entries need what stands on the server.
pub(super) fn is_meant(decision: &Decision) -> bool {
    decision.entries.iter().any(|entry| entry.verdict == Verdict::NeedsOld)
}

/// Whether a scope of the token is limited to a patient or by a filter.
fn is_limited(scope: &str) -> bool {
    let all = parse(scope);
    all.iter().filter_map(Token::resource).any(|s| s.context == Context::Patient || !s.query.is_empty())
}

/// Reads what the entries would change, as a Bundle with an entry for each of theirs.
///
/// # Errors
/// 403 where an entry names no single resource, does not name the version that it has to, or the server does not show
/// what is there; 502 and 504 where the server does not answer, or the reads together take longer than it may be
/// silent.
pub(super) async fn read(
    worker: &Worker,
    asked: &Asked,
    question: &Question,
    decision: &Decision,
) -> Result<Standing, Refused> {
    let body = question.body.as_deref().unwrap_or_default();
    let batch: Batch = serde_json::from_slice(body).map_err(|_| unread("its entries do not read"))?;
    let needs: Vec<bool> = decision.entries.iter().map(|entry| entry.verdict == Verdict::NeedsOld).collect();
    if batch.entry.len() != needs.len() {
        return Err(unread("its entries do not read"));
    }
    if needs.iter().filter(|needed| **needed).count() > READS {
        return Err(unread(&format!("more than {READS} entries change what stands on the server")));
    }
    let is_limited = is_limited(&question.token.scope);
    let deadline = Instant::now() + worker.shared.settings.timeout;
    let mut held = Bounded::new(worker.shared.settings.answer_bytes, &worker.shared.held);
    let mut all = br#"{"resourceType":"Bundle","type":"collection","entry":["#.to_vec();
    for (i, (entry, needed)) in batch.entry.iter().zip(needs).enumerate() {
        if i > 0 {
            all.push(b',');
        }
        let shown = match needed {
            true => {
                let shown = timeout_at(deadline, one(worker, asked, (i, &entry.request), is_limited, &mut held)).await;
                shown.map_err(|_| Refused::upstream(Failure::Slow))??
            }
            false => None,
        };
        all.extend_from_slice(b"{");
        if let Some((json, _)) = shown {
            // What is no JSON by itself could be read as another entry.
            serde_json::from_slice::<IgnoredAny>(&json).map_err(|_| unread("the server does not answer with JSON"))?;
            all.extend_from_slice(br#""resource":"#);
            all.extend_from_slice(&json);
        }
        all.extend_from_slice(b"}");
        if all.len() > worker.shared.settings.answer_bytes {
            return Err(unread("what stands on the server has more bytes than are judged (`--max-answer-bytes`)"));
        }
    }
    all.extend_from_slice(b"]}");
    Ok(Standing { old: Old::Resource(Bytes::from(all)), etag: None, _held: held })
}

/// What one entry would change.
async fn one(
    worker: &Worker,
    asked: &Asked,
    (i, request): (usize, &Request),
    is_limited: bool,
    held: &mut Bounded,
) -> Result<Shown, Refused> {
    let path = resource(&request.url).ok_or_else(|| unread(&format!("entry {i} does not name one resource")))?;
    let shown = get(worker, asked, path, held).await?;
    match &shown {
        Some((_, version)) if is_limited && !is_same(request.if_match.as_deref(), version.as_ref()) => {
            Err(unread(&format!("entry {i} has to name the version that it changes, in `request.ifMatch`")))
        }
        _ => Ok(shown),
    }
}

/// Whether an entry names the version that was read.
fn is_same(named: Option<&str>, version: Option<&HeaderValue>) -> bool {
    named.zip(version).is_some_and(|(named, version)| named.as_bytes() == version.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_versions_are_told() {
        assert!(is_limited("openid patient/Observation.rs"));
        assert!(is_limited("user/Observation.u?category=lab"));
        assert!(is_limited("openid\tpatient/Observation.u"));
        assert!(is_limited("http://smarthealthit.org/fhir/scopes/patient/Observation.write"));
        assert!(!is_limited("user/*.cruds system/Patient.rs launch/patient"));
        let version = HeaderValue::from_static("W/\"1\"");
        assert!(is_same(Some("W/\"1\""), Some(&version)));
        assert!(!is_same(Some("W/\"2\""), Some(&version)));
        assert!(!is_same(None, Some(&version)) && !is_same(Some("W/\"1\""), None));
    }
}
