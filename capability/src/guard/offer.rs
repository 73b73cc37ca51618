//! What a negotiation allows, read from its published JSON.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a row says of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// It can be used, as far as both sides say.
    pub usable: bool,
    /// It is said that it cannot.
    pub is_excluded: bool,
    /// Of an operation: the policy says what scope it needs, and that is granted.
    pub by_policy: bool,
    /// Of an operation: the policy says that it needs no scope.
    pub is_free: bool,
}

/// What is negotiated for a type, or for the system as a whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    pub interactions: BTreeMap<String, Standing>,
    pub parameters: BTreeMap<String, Standing>,
    /// By `_include=` or `_revinclude=` and the code.
    pub includes: BTreeMap<String, Standing>,
    pub operations: BTreeMap<String, Standing>,
    pub flags: BTreeMap<String, Standing>,
}

impl Level {
    /// Whether an interaction is listed and not excluded.
    pub(super) fn allows(&self, code: &str) -> bool {
        self.interactions.get(code).is_some_and(|s| s.usable)
    }
}

/// A profile under which a type may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteProfile {
    /// The client's profile, as `url|version`.
    pub profile: String,
    /// What a body is validated against: the server's profile where it is known by name, else the client's.
    pub validated: String,
    /// The query that selects its instances; `None` where no query tells them from others of the type.
    pub selector: Option<String>,
}

/// A negotiated set, as far as a guard needs it.
#[derive(Clone, Debug, Default)]
pub struct Negotiated {
    version: String,
    pub(super) types: BTreeMap<String, Level>,
    pub(super) system: Level,
    writes: BTreeMap<String, Vec<WriteProfile>>,
}

impl Negotiated {
    /// Reads what `accord negotiate --format json` writes.
    ///
    /// # Errors
    /// A sentence that says what is missing, or why nothing can be guarded by it.
    pub fn read(negotiation: &Value) -> Result<Negotiated, String> {
        let foreign = |what: &str| format!("not a result of `accord negotiate --format json`: {what}");
        text(negotiation, "id").ok_or_else(|| foreign("`id` is missing"))?;
        let version = negotiation.pointer("/fhirVersion/chosen");
        if version.is_some_and(Value::is_null) {
            return Err("the two sides of this negotiation have no FHIR version in common".to_owned());
        }
        let version = version.and_then(Value::as_str);
        let version = version.ok_or_else(|| foreign("`fhirVersion.chosen` is missing"))?.to_owned();
        let mut all = Negotiated {
            version,
            system: level(&negotiation["system"]).map_err(|e| foreign(&format!("`system`: {e}")))?,
            ..Negotiated::default()
        };
        for resource in list(negotiation, "resources").map_err(|e| foreign(&e))? {
            let name = text(resource, "type").ok_or_else(|| foreign("an entry of `resources` has no `type`"))?;
            let own = level(resource).map_err(|e| foreign(&format!("`resources` of {name}: {e}")))?;
            if all.types.insert(name.to_owned(), own).is_some() {
                return Err(foreign(&format!("`resources` lists {name} more than once")));
            }
        }
        for shared in list(negotiation, "profileSet").map_err(|e| foreign(&e))? {
            let member =
                |m: &str| text(shared, m).ok_or_else(|| foreign(&format!("an entry of `profileSet` has no `{m}`")));
            let (name, profile) = (member("type")?, member("profile")?);
            if member("direction")? == "write" {
                all.writes.entry(name.to_owned()).or_default().push(WriteProfile {
                    profile: profile.to_owned(),
                    validated: text(shared, "as").unwrap_or(profile).to_owned(),
                    selector: text(shared, "selector").map(str::to_owned),
                });
            }
        }
        // A row names the policy as well where the policy gives the grant: then it is not known which of the two.
        let mut scopes = list(negotiation, "scopes").map_err(|e| foreign(&e))?.iter();
        if scopes.any(|s| whys(s).any(|why| why == "policy")) {
            let levels = all.types.values_mut().chain([&mut all.system]);
            levels.flat_map(|l| l.operations.values_mut()).for_each(|s| s.is_free = false);
        }
        Ok(all)
    }

    /// The FHIR version, as `4.0`.
    pub fn fhir_version(&self) -> &str {
        &self.version
    }

    /// The profiles under which a type may be written.
    pub fn writes(&self, resource_type: &str) -> &[WriteProfile] {
        self.writes.get(resource_type).map_or(&[], Vec::as_slice)
    }

    /// All profiles under which types may be written.
    pub fn all_writes(&self) -> impl Iterator<Item = &WriteProfile> {
        self.writes.values().flatten()
    }

    /// What is negotiated for a type, or with `None` for the system.
    pub(super) fn level(&self, resource_type: Option<&str>) -> Option<&Level> {
        match resource_type {
            Some(name) => self.types.get(name),
            None => Some(&self.system),
        }
    }
}

fn text<'v>(value: &'v Value, member: &str) -> Option<&'v str> {
    value.get(member)?.as_str().filter(|t| !t.is_empty())
}

fn list<'v>(value: &'v Value, member: &str) -> Result<&'v [Value], String> {
    value.get(member).and_then(Value::as_array).map(Vec::as_slice).ok_or_else(|| format!("`{member}` is not a list"))
}

fn whys(row: &Value) -> impl Iterator<Item = &str> {
    row["why"].as_array().map_or(&[][..], |a| a).iter().filter_map(Value::as_str)
}

fn level(value: &Value) -> Result<Level, String> {
    let optional = |member: &str, key: &dyn Fn(&Value) -> Option<String>| match value.get(member) {
        Some(_) => rows(list(value, member)?, member, key),
        None => Ok(BTreeMap::new()),
    };
    let named = |row: &Value| text(row, "name").map(str::to_owned);
    let include = |row: &Value| {
        let lead = if row["reverse"] == Value::Bool(true) { "_revinclude" } else { "_include" };
        text(row, "code").map(|code| format!("{lead}={code}"))
    };
    Ok(Level {
        interactions: rows(list(value, "interactions")?, "interactions", &|row| text(row, "code").map(str::to_owned))?,
        parameters: optional("searchParams", &named)?,
        includes: optional("includes", &include)?,
        operations: optional("operations", &named)?,
        flags: optional("flags", &named)?,
    })
}

/// Rows by their names. What is listed twice is usable where both rows say so.
fn rows(
    all: &[Value],
    member: &str,
    key: &dyn Fn(&Value) -> Option<String>,
) -> Result<BTreeMap<String, Standing>, String> {
    let mut found: BTreeMap<String, Standing> = BTreeMap::new();
    for row in all {
        let name = key(row).ok_or_else(|| format!("a row of `{member}` has no name"))?;
        let usable = match text(row, "usable") {
            Some("no") => false,
            Some("yes" | "likely") => true,
            // The token tells what the prediction left open; of what the server does nobody knows more.
            Some("unknown") if member != "operations" => text(row, "server") == Some("yes"),
            Some("unknown") => true,
            _ => return Err(format!("a row of `{member}` does not say whether it is usable")),
        };
        let granted = matches!(text(row, "scope"), Some("granted" | "likely"));
        let by_policy = usable && granted && !whys(row).any(|why| why == "operation-scope");
        let is_excluded = text(row, "usable") == Some("no");
        let is_free = by_policy && whys(row).any(|why| why == "policy");
        let own = found.entry(name).or_insert(Standing { usable, is_excluded, by_policy, is_free });
        *own = Standing {
            usable: own.usable && usable,
            is_excluded: own.is_excluded || is_excluded,
            by_policy: own.by_policy && by_policy,
            is_free: own.is_free && is_free,
        };
    }
    Ok(found)
}
