//! The address of a FHIR server: where its statement is, and its SMART configuration.

use reqwest::Url;

/// The URL of a server's statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrl {
    /// It ends in `/metadata`.
    statement: Url,
}

impl ServerUrl {
    /// Whether a text is meant as a URL and not as a path.
    pub fn is_meant(text: &str) -> bool {
        let scheme = text.trim_start().split(':').next().unwrap_or_default();
        text.contains("://") || (text.contains(':') && ["http", "https"].iter().any(|s| scheme.eq_ignore_ascii_case(s)))
    }

    /// Reads the base URL of a server, or the URL of its `metadata`, which is taken as it is.
    ///
    /// # Errors
    /// A message, where the text is no http or https URL, or contains credentials. It contains none of these.
    pub fn parse(text: &str) -> Result<ServerUrl, String> {
        // Whatever is before such a sign could be a password, however the rest is read.
        if text.contains('@') {
            return Err("a URL with `user:password@` is refused: accord sends no credentials; save the document with \
                        curl and pass the file"
                .to_owned());
        }
        let public = text.split(['?', '#']).next().unwrap_or_default();
        let mut statement = Url::parse(text).map_err(|e| format!("`{public}` is not a valid URL: {e}"))?;
        if !matches!(statement.scheme(), "http" | "https") {
            return Err(format!("`{public}` cannot be fetched: only http and https are spoken"));
        }
        let path = statement.path().trim_end_matches('/');
        if !path.ends_with("/metadata") {
            let path = format!("{path}/metadata");
            statement.set_path(&path);
        }
        statement.set_fragment(None);
        Ok(ServerUrl { statement })
    }

    /// Where the statement is (<https://hl7.org/fhir/R4/http.html#capabilities>).
    pub(super) fn statement(&self) -> &Url {
        &self.statement
    }

    /// Where the SMART configuration is (<https://hl7.org/fhir/smart-app-launch/conformance.html#using-well-known>).
    pub(super) fn smart_configuration(&self) -> Url {
        let mut url = self.statement.clone();
        let base = url.path().trim_end_matches('/');
        let base = base.strip_suffix("/metadata").unwrap_or(base);
        let path = format!("{base}/.well-known/smart-configuration");
        url.set_path(&path);
        url
    }
}

/// The URL of the statement, without its query, which may contain a key.
impl std::fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&shown(&self.statement))
    }
}

/// A URL as it may be shown: without its query.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.into()
}

#[cfg(test)]
mod tests;
