//! The head of a request, as it is judged and passed on.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use fhir_accord_capability::guard::Method;
use fhir_accord_profiles::model::is_id;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, IF_MATCH};

use super::headers;
use super::passed;
use super::refused::Refused;
use super::settings::Settings;
use super::target::Target;

/// The most methods that are passed on in shadow mode are those of FHIR; any other is passed on by its name.
const IF_NONE_EXIST: HeaderName = HeaderName::from_static("if-none-exist");

/// The subtype of a form of parameters.
const FORM: &str = "x-www-form-urlencoded";

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// What the gate reads: JSON.
    Judged,
    /// What the gate reads: a form of parameters.
    Parameters,
    /// What is passed on unseen: the content of a Binary.
    Unseen,
}

/// The head of a request.
pub(super) struct Asked {
    pub target: Target,
    /// The method as it is passed on.
    pub method: http::Method,
    /// The headers as they are passed on.
    pub headers: HeaderMap,
}

impl Asked {
    /// Reads the head of a request.
    ///
    /// # Errors
    /// Where it can be passed on nowhere, in shadow mode either.
    pub fn read(req: &HttpRequest, settings: &Settings) -> Result<Asked, Refused> {
        let target = Target::read(req.uri(), &settings.upstream)?;
        let method = http::Method::from_bytes(req.method().as_str().as_bytes());
        let method = method.ok().filter(|m| *m != http::Method::CONNECT && *m != http::Method::TRACE);
        let method = method.ok_or_else(unknown_method)?;
        let peer = req.peer_addr().map(|a| a.ip());
        let headers = headers::of_request(req.headers(), peer, settings.trust_forwarded);
        Ok(Asked { target, method, headers })
    }

    /// The method of FHIR.
    ///
    /// # Errors
    /// Where it is none, or a header could change what is done, or the target can be read in two ways.
    pub fn judged_method(&self, settings: &Settings) -> Result<Method, Refused> {
        if let Some(fault) = &self.target.fault {
            return Err(fault.clone());
        }
        passed::check(&self.headers, &settings.pass_headers)?;
        passed::of_version(&self.headers, settings.fhir_version.as_deref())?;
        Method::parse(self.method.as_str()).ok_or_else(unknown_method)
    }

    /// The values of `Authorization`.
    pub fn authorization(&self) -> impl Iterator<Item = &[u8]> {
        self.headers.get_all(AUTHORIZATION).iter().map(|v| v.as_bytes())
    }

    /// A header that may be there once.
    ///
    /// # Errors
    /// Where it is there twice, or is no text.
    fn once(&self, name: &HeaderName) -> Result<Option<&str>, Refused> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) if value.to_str().is_ok() => Ok(value.to_str().ok()),
            _ => Err(Refused::malformed("header-twice", format!("the header `{name}` is there twice, or is no text"))),
        }
    }

    /// `If-None-Exist`.
    ///
    /// # Errors
    /// As any header that may be there once.
    pub fn if_none_exist(&self) -> Result<Option<String>, Refused> {
        Ok(self.once(&IF_NONE_EXIST)?.map(str::to_owned))
    }

    /// `If-Match`.
    ///
    /// # Errors
    /// As any header that may be there once.
    pub fn if_match(&self) -> Result<Option<&str>, Refused> {
        self.once(&IF_MATCH)
    }

    /// Its path below the base.
    pub fn path(&self) -> &str {
        self.target.below.split('?').next().unwrap_or_default()
    }

    /// Whether it may change something: anything but a read, and a search by POST.
    pub fn is_write(&self) -> bool {
        let is_search = self.method == http::Method::POST && self.path().rsplit('/').next() == Some("_search");
        !matches!(self.method, http::Method::GET | http::Method::HEAD) && !is_search
    }

    /// `Content-Type`.
    ///
    /// # Errors
    /// As any header that may be there once.
    pub fn content_type(&self) -> Result<Option<String>, Refused> {
        Ok(self.once(&CONTENT_TYPE)?.map(str::to_owned))
    }

    /// Whether the body is compressed.
    ///
    /// # Errors
    /// 415 where it is so otherwise than by gzip.
    pub fn is_compressed(&self) -> Result<bool, Refused> {
        is_gzip(self.once(&CONTENT_ENCODING)?)
            .ok_or_else(|| Refused::media_type("body-encoding", "a body can be judged plain, or compressed by gzip"))
    }

    /// Whether it makes or replaces a Binary, so that its body is the content of one.
    fn is_content(&self) -> bool {
        match self.path().split_once('/') {
            None => self.method == http::Method::POST && self.path() == "Binary",
            Some((kind, id)) => self.method == http::Method::PUT && kind == "Binary" && is_id(id),
        }
    }

    /// What the body is, by its type.
    ///
    /// # Errors
    /// 415 where it cannot be judged.
    pub fn form(&self) -> Result<Form, Refused> {
        let content_type = self.content_type()?.unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let subtype = essence.split('/').nth(1).unwrap_or_default();
        let is_json = subtype == "json" || subtype.ends_with("+json") || subtype == "json+fhir";
        match subtype {
            _ if (is_json || subtype == FORM) && !is_unicode(&content_type) => {
                Err(Refused::media_type("body-charset", "a body can be judged in UTF-8 only"))
            }
            FORM => Ok(Form::Parameters),
            _ if is_json => Ok(Form::Judged),
            "xml" => Err(xml()),
            _ if subtype.starts_with("xml+") || subtype == "fhir+xml" || subtype.contains("xml-patch") => Err(xml()),
            "" => Err(Refused::media_type("body-type", "the body needs a Content-Type")),
            _ if self.is_content() => Ok(Form::Unseen),
            _ => Err(Refused::media_type("body-type", "a body of this Content-Type cannot be judged; send JSON")),
        }
    }
}

/// Whether a type names no other charset than UTF-8, which what is judged is read as.
fn is_unicode(content_type: &str) -> bool {
    let parameters = content_type.split(';').skip(1).filter_map(|part| part.split_once('='));
    let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    charsets.all(|(_, value)| {
        let value = value.trim().trim_matches('"');
        value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("us-ascii")
    })
}

fn xml() -> Refused {
    Refused::media_type("body-xml", "a body in XML cannot be judged; send JSON")
}

/// Whether an encoding is gzip; `None` where it is neither that nor none.
pub(super) fn is_gzip(encoding: Option<&str>) -> Option<bool> {
    match encoding.map(|e| e.trim().to_ascii_lowercase()).as_deref() {
        None | Some("" | "identity") => Some(false),
        Some("gzip" | "x-gzip") => Some(true),
        Some(_) => None,
    }
}

fn unknown_method() -> Refused {
    Refused::new(StatusCode::METHOD_NOT_ALLOWED, "method", "no interaction of FHIR has this method")
}
