//! CDS Hooks 2.0 (<https://cds-hooks.hl7.org/2.0/>) and the published hooks of its library
//! (<https://cds-hooks.org/hooks/>): discovery, request, response and feedback.

use super::model::{Condition, Member, Members, Shape, Text, Then, optional, required};

const ANY: Shape = Shape::Text(Text::Any);
const URL: Shape = Shape::Text(Text::Url);
const USERS: &[&str] = &["Practitioner", "PractitionerRole", "Patient", "RelatedPerson"];
const BUNDLE: Shape = Shape::Resource(&["Bundle"]);
const EXTENSION: Member = optional("extension", Shape::Any);

const fn plain(all: &'static [Member]) -> Members {
    Members { all, conditions: &[] }
}

/// What a server says of its services.
pub static SERVICES: Members =
    plain(&[required("services", Shape::List(&Shape::Object(&SERVICE))), optional("extension", Shape::Any)]);

static SERVICE: Members = plain(&[
    required("hook", ANY),
    optional("title", ANY),
    required("description", ANY),
    required("id", ANY),
    optional("prefetch", Shape::Map(&ANY)),
    optional("usageRequirements", ANY),
    EXTENSION,
]);

/// What a client sends to a service.
pub static REQUEST: Members = Members {
    all: &[
        required("hook", ANY),
        required("hookInstance", Shape::Text(Text::Uuid)),
        optional("fhirServer", URL),
        optional("fhirAuthorization", Shape::Object(&AUTHORIZATION)),
        required("context", Shape::By("hook", CONTEXTS, &Shape::Any)),
        optional("prefetch", Shape::Map(&Shape::OrNull(&Shape::Resource(&[])))),
        EXTENSION,
    ],
    conditions: &[Condition { when: "fhirAuthorization", is: &[], then: Then::Needs("fhirServer") }],
};

static AUTHORIZATION: Members = plain(&[
    required("access_token", ANY),
    required("token_type", Shape::Text(Text::Code(&["Bearer"]))),
    required("expires_in", Shape::Integer),
    required("scope", Shape::Text(Text::UpTo(usize::MAX))),
    required("subject", ANY),
    optional("patient", Shape::Text(Text::Id)),
    EXTENSION,
]);

const USER: Member = required("userId", Shape::Text(Text::Reference(USERS)));
const PATIENT: Member = required("patientId", Shape::Text(Text::Id));
const ENCOUNTER: Member = optional("encounterId", Shape::Text(Text::Id));
const IN_ENCOUNTER: Member = required("encounterId", Shape::Text(Text::Id));
const DRAFTS: Member = required("draftOrders", BUNDLE);

/// The context of each published hook; that of any other is what its author says.
const CONTEXTS: &[(&str, Shape)] = &[
    ("patient-view", Shape::Object(&Members { all: &[USER, PATIENT, ENCOUNTER, EXTENSION], conditions: &[] })),
    ("encounter-start", Shape::Object(&Members { all: &[USER, PATIENT, IN_ENCOUNTER, EXTENSION], conditions: &[] })),
    (
        "encounter-discharge",
        Shape::Object(&Members { all: &[USER, PATIENT, IN_ENCOUNTER, EXTENSION], conditions: &[] }),
    ),
    (
        "appointment-book",
        Shape::Object(&Members {
            all: &[USER, PATIENT, ENCOUNTER, required("appointments", BUNDLE), EXTENSION],
            conditions: &[],
        }),
    ),
    (
        "order-select",
        Shape::Object(&Members {
            all: &[
                USER,
                PATIENT,
                ENCOUNTER,
                required("selections", Shape::List(&Shape::Text(Text::Reference(&[])))),
                DRAFTS,
                EXTENSION,
            ],
            conditions: &[],
        }),
    ),
    ("order-sign", Shape::Object(&Members { all: &[USER, PATIENT, ENCOUNTER, DRAFTS, EXTENSION], conditions: &[] })),
    (
        "order-dispatch",
        Shape::Object(&Members {
            all: &[
                PATIENT,
                // Version 1.0 of the hook has one order, 1.1 a list.
                optional("order", Shape::Text(Text::Reference(&[]))),
                optional("dispatchedOrders", Shape::List(&Shape::Text(Text::Reference(&[])))),
                required("performer", Shape::Text(Text::Reference(&[]))),
                optional("task", Shape::Resource(&["Task"])),
                optional("fulfillmentTasks", Shape::List(&Shape::Resource(&["Task"]))),
                EXTENSION,
            ],
            conditions: &[],
        }),
    ),
];

/// What a service answers.
pub static RESPONSE: Members = plain(&[
    required("cards", Shape::List(&Shape::Object(&CARD))),
    optional("systemActions", Shape::List(&Shape::Object(&SYSTEM_ACTION))),
    EXTENSION,
]);

static CARD: Members = Members {
    all: &[
        optional("uuid", ANY),
        required("summary", Shape::Text(Text::UpTo(139))),
        optional("detail", ANY),
        required("indicator", Shape::Text(Text::Code(&["info", "warning", "critical"]))),
        required("source", Shape::Object(&SOURCE)),
        optional("suggestions", Shape::List(&Shape::Object(&SUGGESTION))),
        optional("selectionBehavior", Shape::Text(Text::Code(&["at-most-one", "any"]))),
        optional("overrideReasons", Shape::List(&Shape::Object(&REASON))),
        optional("links", Shape::List(&Shape::Object(&LINK))),
        EXTENSION,
    ],
    conditions: &[Condition { when: "suggestions", is: &[], then: Then::Needs("selectionBehavior") }],
};

static SOURCE: Members = plain(&[
    required("label", ANY),
    optional("url", URL),
    optional("icon", URL),
    optional("topic", Shape::Object(&CODING)),
    EXTENSION,
]);

const fn coding(display: Member) -> [Member; 6] {
    [
        required("code", ANY),
        optional("system", ANY),
        optional("version", ANY),
        display,
        optional("userSelected", Shape::Boolean),
        EXTENSION,
    ]
}

static CODING: Members = plain(&const { coding(optional("display", ANY)) });
/// A Coding that somebody is to choose.
static REASON: Members = plain(&const { coding(required("display", ANY)) });

static SUGGESTION: Members = plain(&[
    required("label", ANY),
    optional("uuid", ANY),
    optional("isRecommended", Shape::Boolean),
    optional("actions", Shape::List(&Shape::Object(&ACTION))),
    EXTENSION,
]);

const ACTION_TYPE: Member = required("type", Shape::Text(Text::Code(&["create", "update", "delete"])));
const ACTION_RESOURCE: Member = optional("resource", Shape::Resource(&[]));
const ACTION_ID: Member = optional("resourceId", Shape::OneOrList(&ANY));
const ACTION_CONDITIONS: &[Condition] = &[
    Condition { when: "type", is: &["create", "update"], then: Then::Needs("resource") },
    Condition { when: "type", is: &["delete"], then: Then::Needs("resourceId") },
];

static ACTION: Members = Members {
    all: &[ACTION_TYPE, required("description", ANY), ACTION_RESOURCE, ACTION_ID, EXTENSION],
    conditions: ACTION_CONDITIONS,
};

/// An action that the client takes by itself: nobody reads its description.
static SYSTEM_ACTION: Members = Members {
    all: &[ACTION_TYPE, optional("description", ANY), ACTION_RESOURCE, ACTION_ID, EXTENSION],
    conditions: ACTION_CONDITIONS,
};

static LINK: Members = Members {
    all: &[
        required("label", ANY),
        required("url", URL),
        required("type", Shape::Text(Text::Code(&["absolute", "smart"]))),
        optional("appContext", ANY),
        optional("autolaunchable", Shape::Boolean),
        EXTENSION,
    ],
    conditions: &[Condition { when: "type", is: &["absolute"], then: Then::Forbids("appContext") }],
};

/// What a client tells of what became of cards.
pub static FEEDBACK: Members = plain(&[required("feedback", Shape::List(&Shape::Object(&OUTCOME))), EXTENSION]);

static OUTCOME: Members = Members {
    all: &[
        required("card", ANY),
        required("outcome", Shape::Text(Text::Code(&["accepted", "overridden"]))),
        optional("acceptedSuggestions", Shape::List(&Shape::Object(&ACCEPTED))),
        optional("overrideReason", Shape::Object(&OVERRIDE)),
        required("outcomeTimestamp", Shape::Text(Text::Instant)),
        EXTENSION,
    ],
    conditions: &[Condition { when: "outcome", is: &["accepted"], then: Then::Needs("acceptedSuggestions") }],
};

static ACCEPTED: Members = plain(&[required("id", ANY), EXTENSION]);

static OVERRIDE: Members =
    plain(&[optional("reason", Shape::Object(&CODING)), optional("userComment", ANY), EXTENSION]);
