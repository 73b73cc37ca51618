//! The header of a JSON Web Signature (<https://www.rfc-editor.org/rfc/rfc7515#section-4>).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// What RFC 7515 defines itself: no header may name it as critical.
const DEFINED: [&str; 11] = ["alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"];

/// A header that names an algorithm.
pub(super) struct Header(Value);

impl Header {
    /// Reads the first part of a JSON Web Signature; `None` where it is no JSON object in base64url with an `alg`.
    pub fn read(part: &[u8]) -> Option<Header> {
        let value: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
        value.get("alg").is_some_and(Value::is_string).then_some(Header(value))
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    pub fn certificates(&self) -> Option<&Vec<Value>> {
        self.get("x5c").and_then(Value::as_array)
    }

    /// Whether the payload is signed as it is, not in base64url (<https://www.rfc-editor.org/rfc/rfc7797>).
    pub fn is_plain(&self) -> bool {
        self.get("b64") == Some(&Value::Bool(false))
    }

    /// What stands in `crit` although it must not: what RFC 7515 defines itself, and what the header does not have
    /// (<https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11>).
    pub fn wrongly_critical(&self) -> Option<String> {
        let critical = self.get("crit")?;
        let Some(all) = critical.as_array().filter(|all| !all.is_empty()) else { return Some("nothing".to_owned()) };
        let may_stand =
            |name: &&Value| name.as_str().is_some_and(|name| !DEFINED.contains(&name) && self.get(name).is_some());
        all.iter().find(|name| !may_stand(name)).map(|name| format!("`{}`", name.as_str().unwrap_or("what is no text")))
    }

    /// The first extension that is critical and that nothing here understands.
    pub fn not_understood(&self) -> Option<&str> {
        let critical = self.get("crit").and_then(Value::as_array);
        critical.into_iter().flatten().filter_map(Value::as_str).find(|name| *name != "b64")
    }
}
