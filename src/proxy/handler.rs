//! A request from its head to its answer.

use std::sync::Arc;
use std::time::Instant;

use actix_web::http::Method as HttpMethod;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_capability::guard::{Method, Verdict};
use http::header::HeaderValue;

use super::answer::{self, Bounded, Head};
use super::asked::{Asked, Form};
use super::body::Intake;
use super::forward::{self, Noted};
use super::judge::{Old, Question};
use super::old;
use super::olds;
use super::record::Told;
use super::refused::Refused;
use super::shadow;
use super::shared::Shared;
use super::target::{has_token, second_token};
use super::worker::{Passing, Worker, failed};

/// How much of a body that is refused is still read, so that the client gets to read the answer, in bytes.
const DRAIN: usize = 16 << 20;

/// Serves a request.
pub(super) async fn handle(req: HttpRequest, payload: Payload, worker: Data<Worker>) -> HttpResponse {
    let (began, mut told) = (Instant::now(), Told::default());
    let shared = &worker.shared;
    let asked = match Asked::read(&req, &shared.settings) {
        Ok(asked) => asked,
        Err(refused) => return refuse(shared, &told, &refused, began),
    };
    let mut intake = Intake::new(&req, payload.into_inner(), shared.settings.timeout, &shared.held);
    let ruling = rule(&worker, &asked, &mut intake, &mut told);
    let ruling = match shared.settings.shadow {
        true => shadow::in_time(shared.settings.judging, ruling).await,
        false => ruling.await,
    };
    if shared.settings.shadow {
        return shadow::pass(&worker, asked, intake, ruling, told, began).await;
    }
    match ruling {
        Err(refused) => {
            intake.drain(DRAIN).await;
            refuse(shared, &told, &refused, began)
        }
        Ok(passing) => enforce(&worker, asked, intake, passing, told, began, req.method() == HttpMethod::HEAD).await,
    }
}

/// The answer to what is refused.
fn refuse(shared: &Shared, told: &Told, refused: &Refused, began: Instant) -> HttpResponse {
    shared.record.decided(told, Some((refused.rule, refused.status.as_u16())), began.elapsed());
    refused.response()
}

/// Whether a request may go on.
async fn rule(worker: &Worker, asked: &Asked, intake: &mut Intake, told: &mut Told) -> Result<Passing, Refused> {
    let shared = &worker.shared;
    let method = asked.judged_method(&shared.settings)?;
    let is_reading = matches!(method, Method::Get | Method::Head);
    if is_reading && asked.target.is_open() && intake.is_empty() {
        return Ok(Passing { if_match: None, seen: None });
    }
    let token = shared.tokens.verify(asked.authorization()).await.map_err(Refused::token)?;
    asked.if_match()?;
    let body = match method {
        Method::Post | Method::Put | Method::Patch => body(shared, asked, intake).await?,
        _ if intake.is_empty() => None,
        _ => return Err(Refused::malformed("body-unexpected", "a request with this method must not have a body")),
    };
    let question = Arc::new(Question {
        token: token.context,
        method,
        below: asked.target.below.clone(),
        if_none_exist: asked.if_none_exist()?,
        content_type: asked.content_type()?,
        body,
    });
    let mut decision = shared.judge.decide(&question, Old::NotRead).await?;
    told.take(&decision);
    let mut if_match = None;
    if decision.verdict == Verdict::NeedsOld {
        let standing = match olds::is_meant(&decision) {
            true => olds::read(worker, asked, &question, &decision).await?,
            false => old::read(worker, asked).await?,
        };
        decision = shared.judge.decide(&question, standing.old.clone()).await?;
        told.take(&decision);
        // Only who may change it learns whether it has the version that is named.
        if matches!(decision.verdict, Verdict::Allowed | Verdict::JudgeAnswer) {
            if_match = old::if_match(&standing, asked)?;
        }
    }
    match decision.verdict {
        Verdict::Allowed => Ok(Passing { if_match, seen: None }),
        Verdict::JudgeAnswer => Ok(Passing { if_match, seen: Some(question) }),
        Verdict::Refused => Err(Refused::decided(&decision)),
        Verdict::NeedsOld => Err(Refused::forbidden("old-state", "what the request would change cannot be judged")),
    }
}

/// The body as it is judged; `None` where there is none, or it is passed on unseen.
async fn body(shared: &Shared, asked: &Asked, intake: &mut Intake) -> Result<Option<Bytes>, Refused> {
    if intake.is_empty() {
        return Ok(None);
    }
    let form = asked.form()?;
    if form == Form::Unseen {
        return Ok(None);
    }
    let plain = intake.plain(shared.settings.body_bytes, asked.is_compressed()?).await?;
    if form == Form::Parameters && has_token(&plain) {
        return Err(second_token());
    }
    Ok(Some(plain).filter(|p| !p.is_empty()))
}

/// Passes on what may go on, and its answer where it may be seen.
async fn enforce(
    worker: &Worker,
    asked: Asked,
    intake: Intake,
    passing: Passing,
    told: Told,
    began: Instant,
    is_head: bool,
) -> HttpResponse {
    let shared = &worker.shared;
    let Passing { if_match, seen } = passing;
    if let Some(question) = seen {
        return seeing(worker, asked, intake, if_match, &question, told, began).await;
    }
    shared.record.decided(&told, None, began.elapsed());
    let answer = match forward::judged(worker, asked, intake, if_match, false).await {
        Ok(answer) => answer,
        Err(failure) => return failed(shared, failure),
    };
    let body = Noted { chunks: answer.body, shared: Arc::clone(shared) };
    forward::streamed(answer.status.as_u16(), answer.headers, answer.length, is_head, body)
}

/// Passes on what may go on, and its answer once that was judged.
async fn seeing(
    worker: &Worker,
    asked: Asked,
    intake: Intake,
    if_match: Option<HeaderValue>,
    question: &Arc<Question>,
    mut told: Told,
    began: Instant,
) -> HttpResponse {
    let shared = &worker.shared;
    let (decided, is_write) = (began.elapsed(), asked.is_write());
    let answer = match forward::judged(worker, asked, intake, if_match, true).await {
        Ok(answer) => answer,
        Err(failure) => {
            shared.record.decided(&told, None, decided);
            return failed(shared, failure);
        }
    };
    let (head, headers) = (Head::of(&answer), answer.headers);
    let mut bounded = Bounded::new(shared.settings.answer_bytes, &shared.held);
    let judged = async {
        let body = bounded.read(answer.body).await?;
        answer::judge(&shared.judge, question, &head, &body, &mut bounded, &mut told).await?;
        Ok::<Bytes, Refused>(body)
    };
    let judged = judged.await;
    match judged {
        Err(refused) if is_write && (200..300).contains(&head.status) => {
            let response = refused.withheld(head.status);
            shared.record.decided(&told, Some((refused.rule, response.status().as_u16())), began.elapsed());
            response
        }
        Err(refused) => refuse(shared, &told, &refused, began),
        Ok(body) => {
            shared.record.decided(&told, None, began.elapsed());
            forward::held(head.status, headers, body, bounded)
        }
    }
}
