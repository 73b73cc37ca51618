//! Answers that the HTTP library writes by itself, without a body: 400 for what is no request, 408 for a head that does
//! not come, 431 for one that is too large. They are told by their form: what the service answers has a request id.

use crate::http::content_type::FHIR_JSON;
use crate::http::{Fault, REQUEST_ID};

/// The longest that such an answer can be: a status line and three short headers.
const MOST_BYTES: usize = 256;
const END: &[u8] = b"\r\n\r\n";

/// Such an answer at the end of what is to be written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bare<'b> {
    /// Where it begins.
    pub start: usize,
    pub status: u16,
    /// As it was written: version, status and reason.
    status_line: &'b str,
    date: Option<&'b str>,
}

impl<'b> Bare<'b> {
    /// The answer without a body that ends these bytes, if one does.
    pub fn at_end(bytes: &'b [u8]) -> Option<Bare<'b>> {
        let head = bytes.strip_suffix(END)?;
        let from = head.len().saturating_sub(MOST_BYTES);
        let start = from + memchr::memmem::rfind(head.get(from..)?, b"HTTP/1.")?;
        let mut lines = std::str::from_utf8(head.get(start..)?).ok()?.split("\r\n");
        let status_line = lines.next()?;
        let status = status_line.split(' ').nth(1)?.parse().ok().filter(|s| matches!(s, 400 | 408 | 431 | 500))?;
        let (mut date, mut is_empty) = (None, false);
        for line in lines {
            match line.split_once(": ")? {
                ("content-length", "0") => is_empty = true,
                ("connection", _) => {}
                ("date", value) => date = Some(value),
                _ => return None,
            }
        }
        is_empty.then_some(Bare { start, status, status_line, date })
    }

    /// Why it was given.
    pub fn fault(&self) -> Fault {
        match self.status {
            408 => Fault::slow_head(),
            431 => Fault::large_head(),
            500 => Fault::internal("the connection failed; see the log of the service"),
            _ => Fault::no_request(),
        }
    }

    /// The same answer with an OperationOutcome; the head of it alone, where HEAD was asked.
    pub fn told(&self, fault: &Fault, id: &str, is_head: bool) -> Vec<u8> {
        let body = fault.outcome().to_string();
        let mut out = format!(
            "{}\r\ncontent-length: {}\r\ncontent-type: {FHIR_JSON}\r\nconnection: close\r\n{REQUEST_ID}: {id}\r\n",
            self.status_line,
            body.len()
        );
        if let Some(date) = self.date {
            out.push_str(&format!("date: {date}\r\n"));
        }
        out.push_str("\r\n");
        if !is_head {
            out.push_str(&body);
        }
        out.into_bytes()
    }
}

#[cfg(test)]
#[path = "bare_tests.rs"]
mod tests;
