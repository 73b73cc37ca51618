//! Spans in the JSON of OTLP (<https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding>): ids in hexadecimal,
//! 64-bit numbers as strings, enums as numbers.

use serde_json::{Map, Value, json};

use super::span::{Attribute, Span};

fn attribute(name: &str, value: Value) -> Value {
    json!({"key": name, "value": value})
}

fn span(span: &Span) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    put("traceId", format!("{:032x}", span.context.trace_id).into());
    put("spanId", format!("{:016x}", span.context.span_id).into());
    if let Some(state) = &span.context.state {
        put("traceState", (&**state).into());
    }
    if let Some(parent) = span.parent {
        put("parentSpanId", format!("{parent:016x}").into());
    }
    put("flags", u8::from(span.context.is_sampled).into());
    put("name", span.name.as_str().into());
    put("kind", (span.kind as u8).into());
    put("startTimeUnixNano", span.start_ns.to_string().into());
    put("endTimeUnixNano", span.end_ns.to_string().into());
    let value = |value: &Attribute| match value {
        Attribute::Text(text) => json!({"stringValue": text}),
        Attribute::Number(number) => json!({"intValue": number.to_string()}),
    };
    put("attributes", span.attributes.iter().map(|(name, v)| attribute(name, value(v))).collect());
    if span.is_error {
        put("status", json!({"code": 2}));
    }
    Value::Object(out)
}

/// The body of a request that hands over these spans.
pub(super) fn request(resource: &[(String, String)], spans: &[Span]) -> Vec<u8> {
    let resource: Vec<Value> = resource.iter().map(|(n, v)| attribute(n, json!({"stringValue": v}))).collect();
    let spans: Vec<Value> = spans.iter().map(span).collect();
    let scope = json!({"name": "accord", "version": env!("CARGO_PKG_VERSION")});
    let body = json!({"resourceSpans": [
        {"resource": {"attributes": resource}, "scopeSpans": [{"scope": scope, "spans": spans}]},
    ]});
    body.to_string().into_bytes()
}
