//! Settings from the environment.

use serde_json::{Map, Value};

use super::source::{ConfigError, check, merge};

/// How a variable of the environment is read.
enum Form {
    Text,
    Number,
    Flag,
    /// Separated by commas.
    List,
}

/// The variables of the environment: name, JSON pointer of the setting, form.
const VARIABLES: &[(&str, &str, Form)] = &[
    ("ACCORD_LISTEN", "/listen", Form::Text),
    ("ACCORD_HEALTH_LISTEN", "/healthListen", Form::Text),
    ("ACCORD_WORKERS", "/workers", Form::Number),
    ("ACCORD_DATA", "/data", Form::Text),
    ("ACCORD_STORE", "/store", Form::Text),
    ("ACCORD_PACKAGE", "/packages", Form::List),
    ("ACCORD_RULES", "/rules", Form::List),
    ("ACCORD_POLICY", "/policies", Form::List),
    ("ACCORD_PROJECT", "/project", Form::Text),
    ("ACCORD_FETCH", "/fetch", Form::Flag),
    ("ACCORD_TX", "/tx", Form::Text),
    ("ACCORD_TX_CACHE_SECONDS", "/txCacheSeconds", Form::Number),
    ("ACCORD_TLS_CERTIFICATE", "/tlsCertificate", Form::Text),
    ("ACCORD_TLS_KEY", "/tlsKey", Form::Text),
    ("ACCORD_BASE_URL", "/baseUrl", Form::Text),
    ("ACCORD_CORS_ORIGINS", "/corsOrigins", Form::List),
    ("ACCORD_TRUSTED_PROXIES", "/trustedProxies", Form::List),
    ("ACCORD_ADMIN_TOKEN_FILE", "/adminTokenFile", Form::Text),
    ("ACCORD_READ_TOKENS_FILE", "/readTokensFile", Form::Text),
    ("ACCORD_PARTY_TOKEN_FILE", "/partyTokenFile", Form::Text),
    ("ACCORD_PARTY_HOSTS", "/partyHosts", Form::List),
    ("ACCORD_PARTY_PRIVATE_ADDRESSES", "/partyPrivateAddresses", Form::Flag),
    ("ACCORD_WRAPPER_OPEN_ERRORS", "/wrapperOpenErrors", Form::Flag),
    ("ACCORD_LOG", "/log/filter", Form::Text),
    ("ACCORD_LOG_JSON", "/log/json", Form::Flag),
    ("ACCORD_LIMIT_BODY_BYTES", "/limits/bodyBytes", Form::Number),
    ("ACCORD_LIMIT_UPLOAD_BYTES", "/limits/uploadBytes", Form::Number),
    ("ACCORD_LIMIT_ALL_BODIES_BYTES", "/limits/allBodiesBytes", Form::Number),
    ("ACCORD_LIMIT_INLINE_BYTES", "/limits/inlineBytes", Form::Number),
    ("ACCORD_LIMIT_HEAD_TIMEOUT_MS", "/limits/headTimeoutMs", Form::Number),
    ("ACCORD_LIMIT_BODY_TIMEOUT_MS", "/limits/bodyTimeoutMs", Form::Number),
    ("ACCORD_LIMIT_WORK_TIMEOUT_MS", "/limits/workTimeoutMs", Form::Number),
    ("ACCORD_LIMIT_SHUTDOWN_TIMEOUT_MS", "/limits/shutdownTimeoutMs", Form::Number),
    ("ACCORD_LIMIT_FHIRPATH_STEPS", "/limits/fhirpathSteps", Form::Number),
    ("ACCORD_LIMIT_ELEMENTS", "/limits/elements", Form::Number),
    ("ACCORD_LIMIT_VISITS", "/limits/visits", Form::Number),
    ("ACCORD_LIMIT_TRIALS", "/limits/trials", Form::Number),
    ("ACCORD_LIMIT_EXPRESSION", "/limits/expression", Form::Number),
    ("ACCORD_LIMIT_EXPRESSIONS", "/limits/expressions", Form::Number),
    ("ACCORD_LIMIT_QUEUE", "/limits/queue", Form::Number),
    ("ACCORD_LIMIT_CONNECTIONS", "/limits/connections", Form::Number),
    ("ACCORD_LIMIT_KEPT_NEGOTIATIONS", "/limits/keptNegotiations", Form::Number),
    ("ACCORD_LIMIT_KEPT_NEGOTIATION_BYTES", "/limits/keptNegotiationBytes", Form::Number),
    ("ACCORD_LIMIT_PARTIES", "/limits/parties", Form::Number),
    ("ACCORD_LIMIT_PARTY_BYTES", "/limits/partyBytes", Form::Number),
    ("ACCORD_LIMIT_PARTY_DOCUMENT_BYTES", "/limits/partyDocumentBytes", Form::Number),
    ("ACCORD_LIMIT_PARTY_HISTORY", "/limits/partyHistory", Form::Number),
    ("ACCORD_LIMIT_PARTY_TIMEOUT_MS", "/limits/partyTimeoutMs", Form::Number),
    ("ACCORD_LIMIT_CACHED_NEGOTIATIONS", "/limits/cachedNegotiations", Form::Number),
    ("ACCORD_LIMIT_CACHED_NEGOTIATION_BYTES", "/limits/cachedNegotiationBytes", Form::Number),
    ("ACCORD_LIMIT_CACHED_NEGOTIATION_SECONDS", "/limits/cachedNegotiationSeconds", Form::Number),
];

/// The variables of the environment that hold settings: name, and JSON pointer of the setting in the file.
pub fn variables() -> impl Iterator<Item = (&'static str, &'static str)> {
    VARIABLES.iter().map(|(name, pointer, _)| (*name, *pointer))
}

/// The settings that the environment makes; `variable` looks one up.
///
/// # Errors
/// [`ConfigError`] that names the variable.
pub(super) fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Value, ConfigError> {
    let mut all = Value::Object(Map::new());
    for (name, pointer, form) in VARIABLES {
        let Some(text) = variable(name).filter(|t| !t.is_empty()) else { continue };
        let refuse = |wanted: &str| ConfigError(format!("{name} cannot be `{text}`: {wanted}"));
        let value = match form {
            Form::Text => Value::from(text.as_str()),
            Form::Number => {
                text.trim().parse::<u64>().map(Value::from).map_err(|_| refuse("expected a whole number"))?
            }
            Form::Flag => match text.trim() {
                "1" | "true" | "on" => Value::from(true),
                "0" | "false" | "off" => Value::from(false),
                _ => return Err(refuse("expected true or false")),
            },
            Form::List => text.split(',').map(str::trim).filter(|p| !p.is_empty()).map(Value::from).collect(),
        };
        let one = pointer
            .rsplit('/')
            .filter(|p| !p.is_empty())
            .fold(value, |inner, key| Value::Object(Map::from_iter([(key.to_owned(), inner)])));
        check(name, &one)?;
        merge(&mut all, one);
    }
    Ok(all)
}
