//! JSON Patch (RFC 6902), as far as the files use it: `add`, `remove`, `replace`.

use serde_json::Value;

/// The instance with these operations applied.
pub fn patched(instance: &Value, operations: &Value) -> Value {
    let mut out = instance.clone();
    for operation in operations.as_array().unwrap() {
        let path = operation["path"].as_str().unwrap();
        let (parent, last) = path.rsplit_once('/').unwrap();
        let last = last.replace("~1", "/").replace("~0", "~");
        let place = out.pointer_mut(parent).unwrap_or_else(|| panic!("{path} is not there"));
        let value = || operation["value"].clone();
        match (operation["op"].as_str().unwrap(), place) {
            ("add", Value::Array(list)) if last == "-" => list.push(value()),
            ("add", Value::Array(list)) => list.insert(last.parse().unwrap(), value()),
            ("remove", Value::Array(list)) => drop(list.remove(last.parse().unwrap())),
            ("replace", Value::Array(list)) => list[last.parse::<usize>().unwrap()] = value(),
            ("add", Value::Object(object)) => drop(object.insert(last, value())),
            ("replace", Value::Object(object)) => *object.get_mut(&last).unwrap() = value(),
            ("remove", Value::Object(object)) => drop(object.shift_remove(&last).unwrap()),
            (op, _) => panic!("`{op}` at {path}"),
        }
    }
    out
}
