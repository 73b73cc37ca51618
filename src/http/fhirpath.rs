//! `POST /$fhirpath`: an expression on a resource, by the interface of the FHIRPath Lab
//! (<https://github.com/brianpos/fhirpath-lab/blob/develop/server-api.md>).

mod answer;
mod call;

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::evaluate::{Answers, Memory, Policies, Terms};
use fhir_accord_profiles::fhirpath::{Collection, Context, Item, Options, Scratch, Temporal, Typing};
use fhir_accord_profiles::instance::{Limits, Tape, read as read_instance};
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::script::Budget;

use super::client::Client;
use super::service::Service;
use super::work::{self, Size};
use super::{Fault, body, media};
use crate::fhirpath::{
    Broken, Definitions, Expression, Parts, TracingPorts, Writer, asks_for_definitions, now, options,
};
use answer::Answer;
use call::Call;

/// The most items of a `context` that are evaluated.
const MAX_CONTEXTS: usize = 1000;

/// The resource where none is given.
const NOTHING: &[u8] = b"{}";

/// `POST /$fhirpath`
pub(super) async fn evaluate(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let content_type = media::answer(&req)?;
    media::check_instance(&req)?;
    let limits = &service.config.limits;
    let body =
        body::read(&req, payload, limits.body_bytes, Duration::from_millis(limits.body_timeout_ms), &service.budget)
            .await?;
    let shared = Arc::clone(&service);
    let large = work::size(&body, limits.inline_bytes) == Size::Large;
    let lane = if large { &service.bulk } else { &service.pool };
    let answer = lane.run(Client::asking(&req), move |interrupt| run(&shared, &body, now(), interrupt)).await?;
    Ok(HttpResponse::Ok().content_type(content_type).body(answer?))
}

/// The tape of a text in either format; a resource that does not read is a fault of the parameter `resource`.
fn read<'t>(text: &'t [u8], typing: &'t Typing<'t>, limits: &Limits) -> Result<Tape<'t>, Fault> {
    let tape = read_instance(text, typing.model().names(), limits);
    if tape.is_fatal() || tape.root().is_none() {
        let at = tape.faults().last().map_or(0, |f| f.span.start);
        return Err(Fault::invalid(
            "resource",
            format!("parameter `resource` cannot be read: syntax error at byte {at}"),
        ));
    }
    Ok(tape)
}

/// The expressions of a call, compiled.
struct Compiled {
    expression: Expression,
    /// What gives the contexts, where the call has one.
    around: Option<Expression>,
    /// The expression again, each part of which reports what it yields, if the steps are asked for.
    watched: Option<Expression>,
}

impl Compiled {
    fn of(
        call: &Call<'_>,
        typing: &Typing<'_>,
        names: &[&str],
        outside: &dyn Fn(&str) -> bool,
    ) -> Result<Compiled, Fault> {
        let compile = |given: &call::Given| {
            Expression::compile(&given.text, typing, Some(names), outside).map_err(|b| broken(&b, given))
        };
        let expression = compile(&call.expression)?;
        let around = call.context.as_ref().map(compile).transpose()?;
        let watched = call
            .debug_trace
            .then(|| expression.watched(typing, names, outside))
            .transpose()
            .map_err(|b| broken(&b, &call.expression))?;
        Ok(Compiled { expression, around, watched })
    }

    /// What the expression is evaluated on: the items of the context, else the resource.
    fn contexts<'t>(
        &'t self,
        call: &Call<'_>,
        resource: Item<'t>,
        context: &Context<'t>,
        scratch: &mut Scratch,
    ) -> Result<Collection<'t>, Fault> {
        let (Some(given), Some(around)) = (&call.context, &self.around) else {
            return Ok(std::iter::once(resource).collect());
        };
        let items = around.items(&resource, context, scratch).map_err(|b| broken(&b, given))?;
        if items.len() > MAX_CONTEXTS {
            return Err(Fault::unprocessable(
                "expression",
                format!("the context has {} items; at most {MAX_CONTEXTS} are evaluated", items.len()),
            ));
        }
        Ok(items)
    }
}

fn run(service: &Service, body: &[u8], now: Option<Temporal>, interrupt: &Interrupt) -> Result<String, Fault> {
    let answer = evaluated(service, body, now, interrupt);
    let limit_ms = service.config.limits.work_timeout_ms;
    // What was broken off fails in many ways.
    answer.map_err(|fault| if interrupt.is_raised() { Fault::timeout(limit_ms) } else { fault })
}

fn evaluated(service: &Service, body: &[u8], now: Option<Temporal>, interrupt: &Interrupt) -> Result<String, Fault> {
    let engine = service.engine();
    let evaluator = engine.evaluator();
    let typing = evaluator.typing();
    let mut policies = Policies { work: service.config.limits.work(), ..Policies::default() };
    policies.work.interrupt = interrupt.clone();
    let intake = policies.intake();
    let limits = Limits { depth: intake.depth + 3, ..intake.clone() };
    let parameters = read_instance(body, typing.model().names(), &limits);
    let call = Call::read(&parameters, body)?;
    let resource = call.resource.as_ref().map_or(NOTHING, |r| r.text(body));
    let tape = read(resource, typing, &intake)?;
    let root = tape.root().ok_or_else(|| Fault::invalid("resource", "parameter `resource` is empty"))?;
    let root_type = typing.resource_type(root);
    let held = call.variables(typing)?;
    let variables: Vec<(&str, &[Item<'_>])> = held.iter().map(|(n, items)| (*n, &items[..])).collect();
    let names: Vec<&str> = variables.iter().map(|(n, _)| *n).collect();
    let outside = |name: &str| evaluator.has_function(name);
    let compiled = Compiled::of(&call, typing, &names, &outside)?;
    let expression = &compiled.expression;

    let budget = Budget::under(interrupt);
    let (answers, mut memory) = (Answers::default(), Memory::default());
    let terms = Terms { policies: &policies, answers: &answers, asks: false, now, resources: None };
    let session = evaluator
        .session(&tape, terms, &budget, &mut memory)
        .ok_or_else(|| Fault::invalid("resource", "parameter `resource` is empty"))?;
    let writer = Writer::new(typing, &tape);
    let definitions = asks_for_definitions(&expression.tree)
        .then(|| engine.graph())
        .flatten()
        .map(|g| Definitions::of(&tape, g, typing.model()));
    let parts = compiled.watched.as_ref().map(|w| Parts::of(&w.tree, &call.expression.text));
    let ports = TracingPorts::new(session.ports(), writer.clone(), definitions.as_ref()).watching(parts);
    let mut context = Context {
        now,
        interrupt: Some(interrupt),
        variables: &variables,
        options: options(service.config.limits.fhirpath_steps),
        ..Context::new(typing, root, &ports)
    };
    let focus = Item::node(root, root_type);
    let mut scratch = Scratch::default();
    let mut answer = Answer::new(&call, body, expression, typing, root_type);
    let contexts = compiled.contexts(&call, focus, &context, &mut scratch)?;
    // What the context traced is left out.
    ports.take();
    context.options = Options { steps: context.options.steps / contexts.len().max(1) as u64, ..context.options };
    for (i, item) in contexts.iter().enumerate() {
        let items = expression.items(item, &context, &mut scratch).map_err(|b| broken(&b, &call.expression))?;
        let told = call.context.as_ref().map(|c| answer::path(item, i, &c.text, typing));
        answer.result(told.as_deref(), &items, ports.take(), scratch.questions(), &writer)?;
        if let Some(watched) = &compiled.watched {
            let ended = watched.items(item, &context, &mut scratch).err().map(|b| b.placed(&call.expression.text));
            answer.steps(told.as_deref(), &ports.take_steps(), ended.as_deref())?;
        }
    }
    Ok(answer.finish())
}

/// A fault of an expression, with its place in it and its own in the body.
fn broken(broken: &Broken, given: &call::Given) -> Fault {
    Fault::complaints("expression", vec![given.complaint(broken.placed(&given.text))])
}
