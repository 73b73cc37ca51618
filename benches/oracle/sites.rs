//! The places of an instance in JSON, and what is changed there.

use serde_json::{Map, Value};

use crate::random::Random;

/// A step of a path: a member of an object, or an entry of an array.
#[derive(Clone)]
pub enum Step {
    Member(String),
    Entry(usize),
}

/// A value with its way from the root. `name` is that of the member that holds it, or whose array does.
pub struct Site<'v> {
    pub path: Vec<Step>,
    pub name: &'v str,
    pub value: &'v Value,
    /// The names of the members from the root, `.` between them, without entries of arrays.
    pub way: String,
}

/// What was made: the text, whether it is XML, and what was done in a few words.
pub struct Made {
    pub text: String,
    pub xml: bool,
    pub note: String,
}

/// The values below the root, in the order of the text; the narrative's own members are left out.
pub fn all(root: &Value) -> Vec<Site<'_>> {
    let mut out = Vec::new();
    descend(root, &mut Vec::new(), ("", ""), &mut out);
    out
}

fn descend<'v>(value: &'v Value, path: &mut Vec<Step>, (name, way): (&'v str, &str), out: &mut Vec<Site<'v>>) {
    match value {
        Value::Object(members) => {
            for (key, v) in members.iter().filter(|(k, _)| *k != "div" && *k != "resourceType") {
                path.push(Step::Member(key.clone()));
                let way = format!("{way}.{key}");
                out.push(Site { path: path.clone(), name: key, value: v, way: way.clone() });
                descend(v, path, (key, &way), out);
                path.pop();
            }
        }
        Value::Array(entries) => {
            for (i, v) in entries.iter().enumerate() {
                path.push(Step::Entry(i));
                out.push(Site { path: path.clone(), name, value: v, way: way.to_owned() });
                descend(v, path, (name, way), out);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The value at the end of a path.
pub fn at<'v>(root: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |v, step| match step {
        Step::Member(name) => v.get_mut(name.as_str()),
        Step::Entry(i) => v.get_mut(*i),
    })
}

/// A path as `entry[0].resource`.
pub fn written(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Member(name) if out.is_empty() => out.push_str(name),
            Step::Member(name) => out.push_str(&format!(".{name}")),
            Step::Entry(i) => out.push_str(&format!("[{i}]")),
        }
    }
    out
}

/// One of the places that are wanted, by chance: places of every name are as likely, however many it has.
pub fn choose(root: &Value, random: &mut Random, wanted: impl Fn(&Site<'_>) -> bool) -> Option<Vec<Step>> {
    let found: Vec<Site<'_>> = all(root).into_iter().filter(|s| wanted(s)).collect();
    let mut ways: Vec<&str> = found.iter().map(|s| s.way.as_str()).collect();
    ways.sort_unstable();
    ways.dedup();
    let way = random.one(&ways)?;
    let of: Vec<&Site<'_>> = found.iter().filter(|s| s.way == **way).collect();
    random.one(&of).map(|s| s.path.clone())
}

/// The instance with another value at one of the wanted places; `edit` changes it and tells what it did.
pub fn change(
    base: &Value,
    random: &mut Random,
    wanted: impl Fn(&Site<'_>) -> bool,
    edit: impl FnOnce(&mut Value, &mut Random) -> Option<String>,
) -> Option<Made> {
    let path = choose(base, random, wanted)?;
    let mut root = base.clone();
    let note = edit(at(&mut root, &path)?, random)?;
    Some(made(&root, format!("{}: {note}", written(&path))))
}

/// The instance with a change to an object: the one that holds a member that is wanted, and that member's name.
pub fn around(
    base: &Value,
    random: &mut Random,
    wanted: impl Fn(&Site<'_>) -> bool,
    edit: impl FnOnce(&mut Map<String, Value>, &str, &mut Random) -> Option<String>,
) -> Option<Made> {
    let mut path = choose(base, random, |s| matches!(s.path.last(), Some(Step::Member(_))) && wanted(s))?;
    let Some(Step::Member(name)) = path.pop() else { return None };
    let mut root = base.clone();
    let note = edit(at(&mut root, &path)?.as_object_mut()?, &name, random)?;
    Some(made(&root, format!("{} {name}: {note}", written(&path))))
}

/// The instance with a change to the object of the whole.
pub fn whole(base: &Value, edit: impl FnOnce(&mut Map<String, Value>) -> Option<String>) -> Option<Made> {
    let mut root = base.clone();
    let note = edit(root.as_object_mut()?)?;
    Some(made(&root, note))
}

/// The object at a wanted place with one of these changes: each a name and a value, or nothing for "removed".
pub fn with(
    base: &Value,
    random: &mut Random,
    wanted: impl Fn(&Site<'_>) -> bool,
    changes: &[&[(&str, Value)]],
) -> Option<Made> {
    change(base, random, wanted, |v, random| {
        let o = v.as_object_mut()?;
        let changes = random.one(changes)?;
        changes.iter().for_each(|(name, value)| set(o, name, value));
        let note: Vec<String> =
            changes.iter().map(|(n, v)| if v.is_null() { format!("no {n}") } else { format!("{n} {v}") }).collect();
        Some(note.join(", "))
    })
}

/// A member with another value; `null` takes it out.
pub fn set(o: &mut Map<String, Value>, name: &str, value: &Value) {
    if value.is_null() {
        o.shift_remove(name);
    } else {
        o.insert(name.to_owned(), value.clone());
    }
}

/// Another value of a list, at a wanted place: as a string, or as a number where a number stands and it can be one.
pub fn replaced(
    base: &Value,
    random: &mut Random,
    wanted: impl Fn(&Site<'_>) -> bool,
    values: &[&str],
) -> Option<Made> {
    let wanted = |s: &Site<'_>| wanted(s) && (s.value.is_string() || s.value.is_number());
    change(base, random, wanted, |v, random| {
        let new = random.one(values)?;
        *v = if v.is_number() { raw(new) } else { Value::String((*new).to_owned()) };
        Some(format!("`{new}`"))
    })
}

/// A string in a changed instance that [`made`] writes without quotes: any text, well-formed or not.
pub fn raw(text: &str) -> Value {
    Value::String(format!("{RAW}{text}{END}"))
}

/// Characters for private use, which no instance has.
const RAW: char = '\u{f8fe}';
const END: char = '\u{f8ff}';

/// An instance as JSON, with what [`raw`] holds as it is.
pub fn made(root: &Value, note: String) -> Made {
    let text = root.to_string();
    let start = format!("\"{RAW}");
    let mut parts = text.split(&start);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inner, rest) = part.split_once(&format!("{END}\"")).unwrap_or((part, ""));
        out.push_str(&serde_json::from_str::<String>(&format!("\"{inner}\"")).unwrap_or_default());
        out.push_str(rest);
    }
    Made { text: out, xml: false, note }
}

/// Whether a value is a string that passes.
pub fn text_is(site: &Site<'_>, passes: impl Fn(&str) -> bool) -> bool {
    site.value.as_str().is_some_and(passes)
}

/// Whether a value is an object with this member.
pub fn has(site: &Site<'_>, member: &str) -> bool {
    site.value.get(member).is_some()
}

/// Whether a value is an object that is no resource.
pub fn is_element(site: &Site<'_>) -> bool {
    site.value.is_object() && !has(site, "resourceType")
}
