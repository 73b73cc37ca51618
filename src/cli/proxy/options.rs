//! The options of `accord proxy`, on the command line and in a file.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// How the proxy works.
#[derive(clap::Args, Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct Options {
    /// The base URL of the FHIR server, as http://fhir.internal:8080/fhir; the proxy serves the same paths.
    #[arg(long, value_name = "URL")]
    pub upstream: Option<String>,
    /// PEM: the authorities that sign the certificate of the FHIR server, in the place of those of the web.
    #[arg(long, value_name = "FILE")]
    pub upstream_ca: Option<PathBuf>,
    /// A result of `accord negotiate --format json`.
    #[arg(long, value_name = "FILE")]
    pub negotiation: Option<PathBuf>,
    /// A base URL by which clients and the server name it in references, beside --upstream; may be repeated.
    #[arg(long, value_name = "URL")]
    pub base: Vec<String>,
    /// The address to listen on; port 0 picks a free one [default: 127.0.0.1:8090]
    #[arg(long, value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// The address where health and counts are answered [default: 127.0.0.1:8091]
    #[arg(long, value_name = "HOST:PORT")]
    pub health_listen: Option<String>,
    /// Refuse nothing: record what would be refused.
    #[arg(long)]
    pub shadow: bool,
    /// The file that decisions are appended to, as lines of JSON [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// The JWK set that signed tokens are verified by.
    #[arg(long, value_name = "FILE|URL")]
    pub jwks: Option<String>,
    /// The issuer that tokens must have.
    #[arg(long, value_name = "ISSUER")]
    pub issuer: Option<String>,
    /// The audience that tokens must have; may be repeated: one of them.
    #[arg(long, value_name = "AUDIENCE")]
    pub audience: Vec<String>,
    /// An algorithm that signed tokens may have; may be repeated [default: RS256, RS384, ES256 and ES384]
    #[arg(long, value_name = "RS256|RS384|RS512|PS256|PS384|PS512|ES256|ES384|EdDSA")]
    pub algorithm: Vec<String>,
    /// How far the clocks of issuer and proxy may be apart, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=300))]
    pub leeway_seconds: Option<u64>,
    /// The URL of the server that introspects tokens (RFC 7662).
    #[arg(long, value_name = "URL")]
    pub introspection: Option<String>,
    /// What the introspection server knows the proxy by; the secret is in ACCORD_INTROSPECTION_SECRET.
    #[arg(long, value_name = "ID")]
    pub introspection_client: Option<String>,
    /// Do not pass the header `Authorization` on.
    #[arg(long)]
    pub drop_authorization: bool,
    /// Believe what `X-Forwarded-…` headers say: there is a trusted proxy in front.
    #[arg(long)]
    pub trust_forwarded: bool,
    /// A further header beginning with `X-` to pass on, by its name; may be repeated. Unknown ones are refused.
    #[arg(long = "pass-header", value_name = "NAME")]
    pub pass_headers: Vec<String>,
    /// How long the FHIR server may be silent, in milliseconds [default: 25000]
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout_ms: Option<u64>,
    /// How long one request may be judged, in milliseconds [default: 10000]
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    pub judging_ms: Option<u64>,
    /// How long requests may take to end after SIGTERM, in milliseconds [default: 25000]
    #[arg(long, value_name = "MS")]
    pub shutdown_timeout_ms: Option<u64>,
    /// The largest body that is judged, in bytes [default: 10 MiB]
    #[arg(long, value_name = "BYTES")]
    pub max_body_bytes: Option<usize>,
    /// The largest answer that is judged, in bytes [default: 32 MiB]
    #[arg(long, value_name = "BYTES")]
    pub max_answer_bytes: Option<usize>,
    /// The bytes of all bodies and answers that are held at once to be judged [default: 512 MiB]
    #[arg(long, value_name = "BYTES")]
    pub max_held_bytes: Option<usize>,
    /// Worker threads [default: one per core]
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    /// The packages, where the command line has none.
    #[arg(skip)]
    packages: Vec<String>,
}

impl Options {
    /// The options in a file.
    ///
    /// # Errors
    /// A message where it cannot be read, or has what is no option.
    pub fn read(path: &Path) -> Result<Options, String> {
        let text = std::fs::read(path).map_err(|e| format!("cannot read `{}`: {e}", path.display()))?;
        serde_json::from_slice(&text).map_err(|e| format!("`{}` has no options of a proxy: {e}", path.display()))
    }

    /// The packages of the command line, else those of the file.
    pub fn package(&self, given: &[String]) -> Vec<String> {
        if given.is_empty() { self.packages.clone() } else { given.to_vec() }
    }

    /// These options, and what they leave open by others.
    pub fn or(self, others: Options) -> Options {
        let list = |own: Vec<String>, other: Vec<String>| if own.is_empty() { other } else { own };
        Options {
            upstream: self.upstream.or(others.upstream),
            upstream_ca: self.upstream_ca.or(others.upstream_ca),
            negotiation: self.negotiation.or(others.negotiation),
            base: list(self.base, others.base),
            listen: self.listen.or(others.listen),
            health_listen: self.health_listen.or(others.health_listen),
            shadow: self.shadow || others.shadow,
            decisions: self.decisions.or(others.decisions),
            jwks: self.jwks.or(others.jwks),
            issuer: self.issuer.or(others.issuer),
            audience: list(self.audience, others.audience),
            algorithm: list(self.algorithm, others.algorithm),
            leeway_seconds: self.leeway_seconds.or(others.leeway_seconds),
            introspection: self.introspection.or(others.introspection),
            introspection_client: self.introspection_client.or(others.introspection_client),
            drop_authorization: self.drop_authorization || others.drop_authorization,
            trust_forwarded: self.trust_forwarded || others.trust_forwarded,
            pass_headers: list(self.pass_headers, others.pass_headers),
            timeout_ms: self.timeout_ms.or(others.timeout_ms),
            judging_ms: self.judging_ms.or(others.judging_ms),
            shutdown_timeout_ms: self.shutdown_timeout_ms.or(others.shutdown_timeout_ms),
            max_body_bytes: self.max_body_bytes.or(others.max_body_bytes),
            max_answer_bytes: self.max_answer_bytes.or(others.max_answer_bytes),
            max_held_bytes: self.max_held_bytes.or(others.max_held_bytes),
            workers: self.workers.or(others.workers),
            packages: list(self.packages, others.packages),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_takes_precedence() {
        let file = r#"{"upstream": "a", "timeoutMs": 5, "audience": ["x"], "passHeaders": ["x-a"]}"#;
        let file: Options = serde_json::from_str(file).unwrap();
        let own = Options { upstream: Some("b".to_owned()), ..Options::default() };
        let both = own.or(file);
        assert_eq!(
            (both.upstream.as_deref(), both.timeout_ms, both.audience, both.pass_headers),
            (Some("b"), Some(5), vec!["x".to_owned()], vec!["x-a".to_owned()])
        );
        assert!(serde_json::from_str::<Options>(r#"{"upstrem": "a"}"#).is_err());
    }
}
