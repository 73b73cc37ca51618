//! A matrix for the service: its request as JSON.

use fhir_accord_capability::issue::Party;
use fhir_accord_capability::matrix::{MATRIX_PAIRS, MATRIX_ROWS, Matrix};
use fhir_accord_capability::{NegotiateError, NegotiateRequest, Side};
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::Value;

use super::hooks::hooks_in;
use super::matrix::{Effort, Entrant, NoMatrix, matrix};
use super::{Complaint, Known};

/// The members of a body that are sides.
const LISTS: [&str; 2] = ["clients", "servers"];

/// A side of a body.
struct Asked {
    name: String,
    side: Side,
    smart: Option<(String, Value)>,
}

/// The sides of a body, which no longer has them.
pub(super) struct Sides([Vec<Asked>; 2]);

impl Sides {
    /// Takes the sides out of a body that has passed its schema.
    ///
    /// # Errors
    /// A complaint about the side that cannot be read.
    pub fn take(body: &mut Value) -> Result<Sides, Complaint> {
        let mut list = |name: &str| -> Result<Vec<Asked>, Complaint> {
            let taken = body.as_object_mut().and_then(|members| members.remove(name));
            let Some(Value::Array(entries)) = taken else { return Ok(Vec::new()) };
            entries.into_iter().enumerate().map(|(at, entry)| one(entry, &format!("/{name}/{at}"))).collect()
        };
        let [clients, servers] = LISTS;
        Ok(Sides([list(clients)?, list(servers)?]))
    }

    /// The guides among them, as `ID#VERSION` or `ID`, each with its place in the body.
    pub fn guides(&self) -> Vec<(String, String)> {
        let lists = LISTS.iter().zip(&self.0);
        let all = lists.flat_map(|(list, sides)| sides.iter().enumerate().map(move |(at, side)| (list, at, side)));
        let guide = |(list, at, asked): (&&str, usize, &Asked)| match &asked.side {
            Side::Guide { id, version } => {
                let version = version.as_ref().map(|v| format!("#{v}")).unwrap_or_default();
                Some((format!("/{list}/{at}/statement"), format!("{id}{version}")))
            }
            Side::Statement(_) => None,
        };
        all.filter_map(guide).collect()
    }

    /// Negotiates all pairs, in this thread.
    ///
    /// # Errors
    /// A complaint about the side that cannot be read, or about the bound that is exceeded.
    pub fn negotiate(
        &self,
        request: &NegotiateRequest,
        known: &Known,
        interrupt: &Interrupt,
    ) -> Result<Matrix, Complaint> {
        let effort = Effort { pairs: MATRIX_PAIRS, rows: MATRIX_ROWS, threads: 1, interrupt: interrupt.clone() };
        let [clients, servers] = self.0.each_ref().map(|all| all.iter().map(entrant).collect());
        let made = matrix(clients, servers, &request.terms(), known, &effort);
        made.map_err(|e| match e {
            NoMatrix::Side(party, at, error) => {
                let list = if party == Party::Client { "clients" } else { "servers" };
                Complaint::at(format!("/{list}/{at}/statement"), told(&error))
            }
            NoMatrix::Bound(text) => Complaint::at("/servers", text),
        })
    }
}

/// Without the option of the command line.
fn told(error: &NegotiateError) -> String {
    match error {
        NegotiateError::GuideAbsent { guide, .. } => {
            format!("the guide `{guide}` is not in the package set; name it in `packages`")
        }
        other => other.to_string(),
    }
}

fn entrant(asked: &Asked) -> Entrant<'_> {
    Entrant {
        name: asked.name.clone(),
        side: &asked.side,
        from: None,
        smart: asked.smart.as_ref().map(|(from, value)| (from.as_str(), value)),
    }
}

/// A side at its place in the body: `{"name", "statement", "smart"}`.
fn one(mut entry: Value, at: &str) -> Result<Asked, Complaint> {
    let mut take = |member: &str| entry.as_object_mut().and_then(|members| members.remove(member));
    let (name, smart) = (take("name"), take("smart").filter(|v| !v.is_null()));
    let mut wrapped = serde_json::json!({"client": take("statement")});
    let place = |c: Complaint| Complaint::at(format!("{at}/statement"), c.text);
    if at.starts_with("/clients") {
        hooks_in(&mut wrapped).map_err(place)?;
    }
    let statement = wrapped.get_mut("client").map(Value::take).unwrap_or_default();
    let title = |member: &str| statement.get(member).and_then(Value::as_str).map(str::to_owned);
    let own = statement.as_str().map(str::to_owned).or_else(|| title("title")).or_else(|| title("name"));
    let name = name.as_ref().and_then(Value::as_str).map(str::to_owned).or(own);
    let side = match statement {
        Value::Object(_) => Side::Statement(statement),
        other => Side::from_json(&other)
            .ok_or_else(|| place(Complaint::new("this is neither a statement nor `ig:ID#VERSION`")))?,
    };
    Ok(Asked {
        name: name.unwrap_or_else(|| at.trim_start_matches('/').replace('/', " ")),
        side,
        smart: smart.map(|value| (format!("{at}/smart"), value)),
    })
}
