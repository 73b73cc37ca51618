//! The address of a terminology server, as the operator gives it.

use reqwest::Url;

use super::super::server_url::shown;

/// The base URL of a terminology server. It may be any address: it is the operator's own word.
#[derive(Clone, PartialEq, Eq)]
pub struct TerminologyUrl {
    /// Its path has no slash at the end.
    base: Url,
}

impl TerminologyUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    /// A message, where the text is no http or https URL. It contains no credentials.
    pub fn parse(text: &str) -> Result<TerminologyUrl, String> {
        let mut base = Url::parse(text.trim()).map_err(|e| {
            format!("the URL of the terminology server is not valid: {e}; expected http://… or https://…")
        })?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err("the URL of the terminology server must start with http:// or https://".to_owned());
        }
        let path = base.path().trim_end_matches('/').to_owned();
        base.set_path(&path);
        base.set_fragment(None);
        Ok(TerminologyUrl { base })
    }

    /// The address of an operation; the base itself where `path` is empty. A query of the base stays.
    pub(super) fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        if !path.is_empty() {
            let path = format!("{}/{path}", url.path().trim_end_matches('/'));
            url.set_path(&path);
        }
        url
    }

    /// The whole address, which may contain credentials: for keys only, never shown.
    pub(super) fn secret(&self) -> &str {
        self.base.as_str()
    }
}

/// The address without credentials and query.
impl std::fmt::Display for TerminologyUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut url = self.base.clone();
        // A URL without a host cannot have credentials either.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        f.write_str(shown(&url).trim_end_matches('/'))
    }
}

impl std::fmt::Debug for TerminologyUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TerminologyUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_joined_and_shown_without_secrets() {
        let url = TerminologyUrl::parse("http://me:s3cret@10.0.0.7:8080/fhir/?key=s3cret").unwrap();
        assert_eq!(url.to_string(), "http://10.0.0.7:8080/fhir");
        assert!(!format!("{url:?}").contains("s3cret"));
        assert_eq!(url.at("A/$b").as_str(), "http://me:s3cret@10.0.0.7:8080/fhir/A/$b?key=s3cret");
        assert_eq!(url.at("").path(), "/fhir");
        assert_eq!(TerminologyUrl::parse("https://a.test").unwrap().at("A").as_str(), "https://a.test/A");
        for wrong in ["", "tx.fhir.org/r4", "ftp://me:s3cret@a.test/", "http://me:s3cret@"] {
            let error = TerminologyUrl::parse(wrong).unwrap_err();
            assert!(error.contains("http") && !error.contains("s3cret"), "{error}");
        }
    }
}
