//! JSON Patch (RFC 6902) on the old state, an operation at a time, so that what it makes stays bounded.

use fhir_accord_profiles::interrupt::Interrupt;
use json_patch::jsonptr::Pointer;
use json_patch::{PatchOperation, patch};
use serde_json::Value;

use super::access::Reason;
use super::limits::{DOCUMENT_BYTES, DOCUMENT_DEPTH, PATCH_OPERATIONS, PATCHED_VALUES};
use super::refusal::{beyond, broken_off, refused};

/// What a patch makes of a resource.
pub(super) fn patched(
    old: &[u8],
    body: &[u8],
    content_type: Option<&str>,
    interrupt: &Interrupt,
) -> Result<Vec<u8>, Reason> {
    let kind = content_type.map(|t| t.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    if kind.is_some_and(|kind| kind != "application/json-patch+json") {
        let text = "only JSON Patch can be judged: what another patch makes of the resource cannot be computed";
        return Err(refused("patch-unjudged", text));
    }
    if body.len() > DOCUMENT_BYTES {
        return Err(beyond("the patch has more bytes than are read", DOCUMENT_BYTES));
    }
    let malformed = || refused("patch-unjudged", "the body is not a JSON Patch, a list of operations");
    let operations: Vec<PatchOperation> = serde_json::from_slice(body).map_err(|_| malformed())?;
    if operations.len() > PATCH_OPERATIONS {
        return Err(beyond("the patch has more operations than are applied", PATCH_OPERATIONS));
    }
    let failed = |_| refused("patch-failed", "the patch cannot be applied to the resource as it stands");
    let mut value: Value = serde_json::from_slice(old).map_err(|_| malformed())?;
    let mut size = Size::of(&value);
    for operation in &operations {
        if interrupt.is_raised() {
            return Err(broken_off());
        }
        let more = added(operation, &value);
        size.values = size.values.saturating_add(more.values);
        size.bytes = size.bytes.saturating_add(more.bytes);
        if size.values > PATCHED_VALUES {
            return Err(beyond("the patch makes more values than a resource may have", PATCHED_VALUES));
        }
        if size.bytes > DOCUMENT_BYTES {
            return Err(beyond("the patch makes more bytes than a resource may have", DOCUMENT_BYTES));
        }
        // So every value on the way is shallow: what works on them recurses.
        if more.depth > DOCUMENT_DEPTH {
            return Err(beyond("the patch nests values deeper than a resource may", DOCUMENT_DEPTH));
        }
        patch(&mut value, std::slice::from_ref(operation)).map_err(|e| failed(e.to_string()))?;
    }
    serde_json::to_vec(&value).map_err(|e| failed(e.to_string()))
}

/// How large a value is.
#[derive(Clone, Copy, Default)]
struct Size {
    values: usize,
    /// Of its texts and names.
    bytes: usize,
    depth: usize,
}

impl Size {
    fn of(value: &Value) -> Size {
        let own = Size { values: 1, bytes: 1, depth: 1 };
        match value {
            Value::Array(all) => all.iter().fold(own, |size, held| size.and(Size::of(held))),
            Value::Object(all) => all.iter().fold(own, |size, (name, held)| {
                let held = Size::of(held);
                size.and(Size { bytes: held.bytes.saturating_add(name.len()), ..held })
            }),
            Value::String(text) => Size { bytes: 1 + text.len(), ..own },
            _ => own,
        }
    }

    /// With another one in it.
    fn and(self, held: Size) -> Size {
        Size {
            values: self.values.saturating_add(held.values),
            bytes: self.bytes.saturating_add(held.bytes),
            depth: self.depth.max(held.depth.saturating_add(1)),
        }
    }
}

/// What an operation adds at most, and how deep that is from the root.
fn added(operation: &PatchOperation, value: &Value) -> Size {
    let at = |path: &Pointer, size: Size| Size { depth: size.depth.saturating_add(path.count()), ..size };
    let from = |from: &Pointer| value.pointer(from.as_str()).map_or_else(Size::default, Size::of);
    match operation {
        PatchOperation::Add(add) => at(&add.path, Size::of(&add.value)),
        PatchOperation::Replace(replace) => at(&replace.path, Size::of(&replace.value)),
        PatchOperation::Copy(copy) => at(&copy.path, from(&copy.from)),
        PatchOperation::Move(moved) => Size { values: 0, bytes: 0, ..at(&moved.path, from(&moved.from)) },
        _ => Size::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(old: &str, patch: &str) -> Result<String, &'static str> {
        let json = Some("application/json-patch+json");
        let made = patched(old.as_bytes(), patch.as_bytes(), json, &Interrupt::never());
        made.map(|m| String::from_utf8(m).unwrap()).map_err(|r| r.rule)
    }

    #[test]
    fn a_patch_is_applied_or_refused_by_name() {
        let old = r#"{"resourceType":"Patient","id":"1","x":[1.10]}"#;
        let patch = r#"[{"op":"add","path":"/x/-","value":2.50},{"op":"remove","path":"/id"}]"#;
        assert_eq!(made(old, patch).unwrap(), r#"{"resourceType":"Patient","x":[1.10,2.50]}"#);
        for (patch, rule) in [
            (r#"{"resourceType":"Parameters"}"#, "patch-unjudged"),
            (r#"[{"op":"frobnicate","path":"/x"}]"#, "patch-unjudged"),
            (r#"[{"op":"remove","path":"/y"}]"#, "patch-failed"),
            (r#"[{"op":"test","path":"/id","value":"2"}]"#, "patch-failed"),
        ] {
            assert_eq!(made(old, patch), Err(rule), "{patch}");
        }
        let fhirpath = patched(old.as_bytes(), b"{}", Some("application/fhir+json"), &Interrupt::never());
        assert_eq!(fhirpath.unwrap_err().rule, "patch-unjudged");
    }

    #[test]
    fn a_patch_that_doubles_itself_ends() {
        let doubling: Vec<String> = (0..100).map(|i| format!(r#"{{"op":"copy","from":"","path":"/a{i}"}}"#)).collect();
        assert_eq!(made("{}", &format!("[{}]", doubling.join(","))), Err("guard-limit"));
        let many = vec![r#"{"op":"test","path":"/x","value":1}"#; PATCH_OPERATIONS + 1];
        assert_eq!(made(r#"{"x":1}"#, &format!("[{}]", many.join(","))), Err("guard-limit"));
        let deeper: Vec<String> = (0..60)
            .map(|i| format!(r#"{{"op":"copy","from":"","path":"{}/a"}}"#, "/a".repeat((1 << i.min(12)) - 1)))
            .collect();
        assert_eq!(made("{}", &format!("[{}]", deeper.join(","))), Err("guard-limit"));
        let wide = (0..200).map(|i| format!(r#"{{"op":"copy","from":"/x","path":"/x{i}"}}"#)).collect::<Vec<_>>();
        let old = format!(r#"{{"x":"{}"}}"#, "x".repeat(1 << 20));
        assert_eq!(made(&old, &format!("[{}]", wide.join(","))), Err("guard-limit"));
        let deep = format!(r#"[{{"op":"add","path":"/x","value":{}{}}}]"#, "[".repeat(5000), "]".repeat(5000));
        assert_eq!(made("{}", &deep), Err("patch-unjudged"));
    }
}
