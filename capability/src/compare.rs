//! Compares the system level and each of the client's types in all dimensions, weighs the rows and counts them.

use crate::agreement::{Answer, CanDo, Counts, Item, ResourceAgreement, Row, SystemAgreement, Usable};
use crate::dimension::ground::{Sides, TypeGround};
use crate::dimension::{interaction, narrowing, rows_of_system, rows_of_type};
use crate::reason::Reason;
use crate::statement::{Resource, Stated};
use crate::weighing::Weighing;

/// All rows of a negotiation.
pub struct Compared {
    pub system: SystemAgreement,
    pub resources: Vec<ResourceAgreement>,
    /// Over all rows.
    pub counts: Counts,
    pub can_do: CanDo,
}

/// Compares the system level, then every type of the client, in its order.
pub fn all(sides: Sides<'_>, weighing: &Weighing<'_>) -> Compared {
    let (system, mut counts) = system(&sides, weighing);
    let mut can_do = CanDo::default();
    let types = sides.client.rest.resources.iter().take_while(|_| !sides.definitions.interrupt().is_raised());
    let resources: Vec<ResourceAgreement> = types.map(|r| resource(sides, r, weighing, &mut can_do)).collect();
    resources.iter().for_each(|r| counts.include(&r.counts));
    Compared { system, resources, counts, can_do }
}

/// The system level, with its counts.
fn system(sides: &Sides<'_>, weighing: &Weighing<'_>) -> (SystemAgreement, Counts) {
    let mut rows = rows_of_system(sides);
    rows.iter_mut().for_each(|row| weighing.row(None, row));
    let counts = count(&rows);
    (SystemAgreement { rows }, counts)
}

/// A type of the client, and what the app can expect to be allowed on it.
fn resource(sides: Sides<'_>, client: &Resource, weighing: &Weighing<'_>, can_do: &mut CanDo) -> ResourceAgreement {
    let ground = TypeGround::new(sides, client);
    let mut entry = entry(&ground);
    let mut rows = rows_of_type(&ground);
    let shut = narrowing::apply(&ground, &mut rows);
    can_do.0.push((client.resource_type.clone(), narrowing::actions(interaction::actions(&ground), shut)));
    weighing.row(Some(&client.resource_type), &mut entry);
    rows.iter_mut().for_each(|row| weighing.row(Some(&client.resource_type), row));
    let mut counts = count(std::slice::from_ref(&entry));
    counts.include(&count(&rows));
    let verdict = counts.verdict();
    ResourceAgreement { resource_type: client.resource_type.clone(), entry, verdict, counts, rows }
}

/// The client's entry for a type, which is a requirement itself.
fn entry(ground: &TypeGround<'_>) -> Row {
    let client = ground.client;
    let mut offered = ground.server.offered.clone();
    if offered.answer == Answer::No {
        offered.why.retain(|w| *w == Reason::Prohibited);
        offered.why.push(Reason::TypeAbsent);
    }
    let stated = Stated { value: (), expectation: client.expectation, path: client.path.clone() };
    let row = ground.sides.row(Item::Type(client.resource_type.clone()), &stated, ground.entry, offered);
    Row { usable: Usable::of(row.server, None), ..row }
}

fn count(rows: &[Row]) -> Counts {
    let mut counts = Counts::default();
    rows.iter().for_each(|row| counts.add(row.weighs, row.finding));
    counts
}
