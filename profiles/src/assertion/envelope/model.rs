//! What a published format demands of its JSON, as data: the formats are tables of this, and one check reads them.

/// What a JSON value has to be.
#[derive(Debug)]
pub enum Shape {
    /// Anything. Resources in it, at any depth, are handed back like others.
    Any,
    /// A string.
    Text(Text),
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// An object with these members; others are unknown.
    Object(&'static Members),
    /// An object whose members all have this shape, under any names.
    Map(&'static Shape),
    /// An array of these.
    List(&'static Shape),
    /// An array of strings, this one among them.
    Listing(&'static str),
    /// One of these or an array of them.
    OneOrList(&'static Shape),
    /// A FHIR resource of one of these types, of any where none is listed.
    Resource(&'static [&'static str]),
    /// `null`, or this.
    OrNull(&'static Shape),
    /// What the value of another member of the same object chooses; the last where it chooses none.
    By(&'static str, &'static [(&'static str, Shape)], &'static Shape),
}

/// What a string has to be.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    /// Any string that is not empty.
    Any,
    /// Any string of at most this many characters.
    UpTo(usize),
    /// One of these codes.
    Code(&'static [&'static str]),
    /// An absolute URL.
    Url,
    /// An absolute URL that begins with `https://` and does not end with a slash.
    HttpsBase,
    /// A UUID, without a prefix.
    Uuid,
    /// The id of a resource.
    Id,
    /// A relative reference to a resource of one of these types.
    Reference(&'static [&'static str]),
    /// A JSON Web Signature in its compact form.
    Signature,
    /// The number of the FHIR version that is loaded; of another one the resources cannot be judged.
    FhirVersion,
    /// A date and time with an offset from UTC.
    Instant,
}

/// The members of an object, and what they demand of one another.
#[derive(Debug)]
pub struct Members {
    /// The members, by name.
    pub all: &'static [Member],
    /// What members demand of others.
    pub conditions: &'static [Condition],
}

/// A member of an object.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// Whether it has to be there.
    pub required: bool,
    /// What it has to be.
    pub shape: Shape,
}

/// What a member demands of another one of the same object.
#[derive(Debug)]
pub struct Condition {
    /// The member that demands it.
    pub when: &'static str,
    /// The values of it that do; empty: any value.
    pub is: &'static [&'static str],
    /// What it demands.
    pub then: Then,
}

/// What is demanded.
#[derive(Debug)]
pub enum Then {
    /// This member has to be there.
    Needs(&'static str),
    /// This member must not be there.
    Forbids(&'static str),
}

/// A member that has to be there.
pub const fn required(name: &'static str, shape: Shape) -> Member {
    Member { name, required: true, shape }
}

/// A member that may be there.
pub const fn optional(name: &'static str, shape: Shape) -> Member {
    Member { name, required: false, shape }
}
