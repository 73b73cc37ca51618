//! `POST /satisfies`, `POST /diff` and `POST /generate`: questions about profiles. They can take long: they run apart
//! from validations, and end when their time is up.

use std::sync::Arc;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::Client;
use super::service::Service;
use super::{Fault, content_type, json_body};
use crate::app::{App, Complaint};
use crate::difference;
use crate::profiles::evaluate::ProfileJudge;
use crate::profiles::generate::{Generator, Kind};
use crate::relations::{self, Operand, Until, Within};
use crate::schema::Schema;

/// How many boundary instances are made where no count is given.
const BOUNDARY: usize = 20;

/// What `POST /satisfies` asks.
#[derive(Deserialize)]
struct Satisfies {
    left: String,
    right: String,
    #[serde(default)]
    both: bool,
    #[serde(default)]
    explain: bool,
    #[serde(flatten)]
    within: Within,
}

/// What `POST /diff` asks.
#[derive(Deserialize)]
struct Diff {
    old: String,
    new: String,
    witnesses: Option<bool>,
    #[serde(flatten)]
    within: Within,
}

/// What `POST /generate` asks.
#[derive(Deserialize)]
struct Generate {
    profile: String,
    kind: Option<String>,
    count: Option<usize>,
    #[serde(default)]
    seed: u64,
    #[serde(flatten)]
    within: Within,
}

/// `POST /satisfies`: is every instance of one profile valid for another?
pub(super) async fn satisfies(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    answer(service, req, payload, "satisfies-request.json", |app, asked: Satisfies, until| {
        let named = [("/left", asked.left.as_str()), ("/right", asked.right.as_str())];
        asked.within.with(app, &named, Operand::find, |app, sides| {
            let [left, right] = sides else { return Err(Complaint::new("two profiles are compared")) };
            let ask = relations::Ask { both: asked.both, explain: asked.explain, until };
            let matrix = relations::compare(app, left, right, ask).map_err(Complaint::new)?;
            serde_json::to_value(matrix).map_err(|e| Complaint::new(e.to_string()))
        })
    })
    .await
}

/// `POST /diff`: what has changed between two versions of a package or profile?
pub(super) async fn diff(service: Data<Service>, req: HttpRequest, payload: Payload) -> Result<HttpResponse, Fault> {
    answer(service, req, payload, "diff-request.json", |app, asked: Diff, until| {
        let named = [("/old", asked.old.as_str()), ("/new", asked.new.as_str())];
        asked.within.with(app, &named, Operand::find_all, |app, sides| {
            let [old, new] = sides else { return Err(Complaint::new("two versions are compared")) };
            let ask = difference::Ask { witnesses: asked.witnesses.unwrap_or(true), until };
            let report = difference::compare(app, old, new, ask).map_err(Complaint::new)?;
            serde_json::to_value(report).map_err(|e| Complaint::new(e.to_string()))
        })
    })
    .await
}

/// `POST /generate`: instances of a profile.
pub(super) async fn generate(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    answer(service, req, payload, "generate-request.json", |app, asked: Generate, until| {
        let named = [("/profile", asked.profile.as_str())];
        asked.within.with(app, &named, Operand::find, |app, sides| {
            let profiles = sides.first().map(|s| s.profiles.as_slice()).unwrap_or_default();
            let [profile] = profiles else { return Err(Complaint::at("/profile", "name one profile")) };
            let (kind, usual) = match asked.kind.as_deref() {
                Some("full") => (Kind::Full, 1),
                Some("boundary") => (Kind::Boundary, BOUNDARY),
                _ => (Kind::Minimal, 1),
            };
            let mut judge = ProfileJudge::new(app.plans()).under(&until.0);
            let generator = Generator::new(app.plans());
            let made = generator.instances(profile.root, kind, asked.count.unwrap_or(usual), asked.seed, &mut judge);
            until.check().map_err(Complaint::new)?;
            let instances: Vec<Value> = made.instances.into_iter().map(|i| i.value).collect();
            let not_built: Vec<String> = made.unbuildable.iter().map(ToString::to_string).collect();
            Ok(json!({"instances": instances, "notBuilt": not_built}))
        })
    })
    .await
}

/// Reads the body of a question, and answers it apart from the workers.
async fn answer<Q: DeserializeOwned + 'static>(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
    schema: &str,
    work: impl FnOnce(&App, Q, Until) -> Result<Value, Complaint> + Send + 'static,
) -> Result<HttpResponse, Fault> {
    let body = json_body::read(&service, &req, payload, Schema::by_file(schema)).await?.value;
    let engine = service.engine();
    let shared = Arc::clone(&service);
    let limit_ms = service.config.limits.work_timeout_ms;
    let text = shared
        .comparing
        .run(Client::asking(&req), move |interrupt| {
            let until = Until(interrupt.clone());
            let asked =
                serde_json::from_value(body).map_err(|e| Fault::refused("profiles", Complaint::new(e.to_string())))?;
            let answer = work(engine.loaded(), asked, until);
            if interrupt.is_raised() {
                return Err(Fault::timeout(limit_ms));
            }
            answer.map(|value| value.to_string()).map_err(|e| Fault::refused("profiles", e))
        })
        .await??;
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(text))
}
