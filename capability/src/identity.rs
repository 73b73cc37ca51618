//! The id of a negotiation, and of documents: SHA-256 over inputs as JSON without spaces and with the members of every
//! object sorted.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The hash of an object of these members, in hexadecimal digits.
pub fn identity(members: &mut [(&str, &Value)]) -> String {
    let mut text = Vec::new();
    object(members, &mut text);
    Sha256::digest(&text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        for digit in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        hex
    })
}

fn object(members: &mut [(&str, &Value)], out: &mut Vec<u8>) {
    members.sort_by_key(|(name, _)| *name);
    out.push(b'{');
    for (i, (name, member)) in members.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        scalar(name, out);
        out.push(b':');
        write(member, out);
    }
    out.push(b'}');
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            let mut members: Vec<(&str, &Value)> = map.iter().map(|(name, member)| (name.as_str(), member)).collect();
            object(&mut members, out);
        }
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        other => scalar(other, out),
    }
}

/// Numbers, strings, booleans and null as JSON; writing into memory does not fail.
fn scalar(value: &(impl serde::Serialize + ?Sized), out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, value);
}
