//! The list of versions that a registry gives, and the release in it that is meant.

use serde_json::Value;

use super::{Registry, Release};
use crate::packages::Range;
use crate::packages::reading::is_name;
use crate::remote::document::{Wanted, get};
use crate::remote::http::Refusal;

/// The most that a registry may answer to the question for versions.
const LIST_LIMIT_BYTES: u64 = 32 << 20;

/// The longest that this answer may take.
const LIST_LIMIT_MS: u64 = 60_000;

impl Registry {
    pub(super) fn release(&self, base: &str, id: &str, range: &Range) -> Result<Release, Refusal> {
        if !is_name(id) {
            return Err(Refusal::NotFound);
        }
        let wanted = Wanted {
            url: &format!("{base}/{id}"),
            accept: "application/json",
            guard: None,
            limit_bytes: LIST_LIMIT_BYTES,
            limit_ms: LIST_LIMIT_MS,
        };
        let answer = get(&self.client, &self.settings.patience, &wanted)?;
        let list: Value = serde_json::from_slice(&answer.bytes)
            .map_err(|_| Refusal::Failed("its list of versions is not JSON".to_owned()))?;
        let versions = list
            .get("versions")
            .and_then(Value::as_object)
            .ok_or_else(|| Refusal::Failed("it lists no versions".to_owned()))?;
        let latest = list
            .get("dist-tags")
            .and_then(|t| t.get("latest"))
            .and_then(Value::as_str)
            .filter(|v| *range == Range::Newest && versions.contains_key(*v));
        let picked = latest
            .or_else(|| range.pick(versions.keys().map(String::as_str)))
            .filter(|v| is_name(v))
            .ok_or(Refusal::NotFound)?;
        let dist = versions.get(picked).and_then(|v| v.get("dist"));
        let told = |key: &str| dist.and_then(|d| d.get(key)).and_then(Value::as_str).filter(|t| !t.is_empty());
        let url = told("tarball")
            .filter(|url| is_safe(base, url))
            .map_or_else(|| format!("{base}/{id}/{picked}"), str::to_owned);
        Ok(Release {
            id: id.to_owned(),
            version: picked.to_owned(),
            url,
            checksum: told("shasum").map(str::to_ascii_lowercase),
        })
    }
}

/// Whether an archive's URL that a registry gives may be followed: on the registry's own origin, or by https.
fn is_safe(base: &str, url: &str) -> bool {
    let origin = |text: &str| reqwest::Url::parse(text).ok().map(|u| u.origin());
    url.starts_with("https://") || (url.starts_with("http://") && origin(base).is_some() && origin(base) == origin(url))
}
