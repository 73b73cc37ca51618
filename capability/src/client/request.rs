//! A request, as a client was seen to send it.

/// A request. What a log does not tell is `None`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The address, absolute or from the path on, percent-encoded.
    pub target: &'a str,
    /// The body as text.
    pub body: Option<&'a str>,
    /// The fields of a form by name and value, decoded, where the body is given so.
    pub fields: &'a [(&'a str, &'a str)],
    /// The header `If-None-Exist`.
    pub if_none_exist: Option<&'a str>,
    /// The header `Accept`.
    pub accept: Option<&'a str>,
    /// The header `Content-Type`.
    pub content_type: Option<&'a str>,
}

/// The methods that FHIR uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// HEAD, too: it is answered as GET without the body.
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Options,
    Other,
}

impl Method {
    /// The method of this name, in any case.
    pub fn parse(name: &str) -> Method {
        let is = |method: &str| name.eq_ignore_ascii_case(method);
        match name {
            _ if is("GET") || is("HEAD") => Method::Get,
            _ if is("POST") => Method::Post,
            _ if is("PUT") => Method::Put,
            _ if is("PATCH") => Method::Patch,
            _ if is("DELETE") => Method::Delete,
            _ if is("OPTIONS") => Method::Options,
            _ => Method::Other,
        }
    }
}
