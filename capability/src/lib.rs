//! What a FHIR client and a FHIR server can do together: capability statements and SMART scopes compared and
//! negotiated. Pure and synchronous: no I/O, no clock; the same inputs give the same bytes.

pub mod scope;
