//! Why a token is not taken.

/// Why a token is not taken. None of it says anything of the token itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// There is none.
    Missing,
    /// The header `Authorization` is given twice, or is not `Bearer` and a token.
    Header,
    /// It is longer than the bound on a token's bytes.
    TooLong,
    /// It is not of a form that a configured source knows.
    Malformed,
    /// Its algorithm is not one that is allowed.
    Algorithm,
    /// Its header has critical members, of which none is known.
    Critical,
    /// No configured key verifies it.
    Key,
    /// Its signature is wrong.
    Signature,
    /// A member is there twice.
    Duplicate,
    /// A claim is missing, or has a value that it cannot have.
    Claim,
    /// Somebody else issued it.
    Issuer,
    /// It is for somebody else.
    Audience,
    /// It is not an access token, or not one for its bearer.
    Kind,
    /// It is bound to a key of its holder, which is not checked here.
    Bound,
    /// It has expired.
    Expired,
    /// It is not valid yet.
    NotYetValid,
    /// Its issuer says that it is not active.
    Inactive,
    /// Its issuer, or the issuer's keys, could not be asked.
    SourceDown,
    /// Its issuer, or the issuer's keys, did not answer in time.
    SourceSlow,
    /// Its issuer is being asked about too many tokens.
    SourceBusy,
}

/// The longest token that is looked at, in bytes.
pub const MOST_BYTES: usize = 16 << 10;

impl Refusal {
    /// A stable name, for answers, logs and counters.
    pub fn name(self) -> &'static str {
        match self {
            Refusal::Missing => "token-missing",
            Refusal::Header => "token-header",
            Refusal::TooLong => "token-too-long",
            Refusal::Malformed => "token-malformed",
            Refusal::Algorithm => "token-algorithm",
            Refusal::Critical => "token-critical",
            Refusal::Key => "token-key",
            Refusal::Signature => "token-signature",
            Refusal::Duplicate => "token-duplicate",
            Refusal::Claim => "token-claim",
            Refusal::Issuer => "token-issuer",
            Refusal::Audience => "token-audience",
            Refusal::Kind => "token-kind",
            Refusal::Bound => "token-bound",
            Refusal::Expired => "token-expired",
            Refusal::NotYetValid => "token-not-yet-valid",
            Refusal::Inactive => "token-inactive",
            Refusal::SourceDown => "token-source-down",
            Refusal::SourceSlow => "token-source-slow",
            Refusal::SourceBusy => "token-source-busy",
        }
    }

    /// A sentence for people.
    pub fn text(self) -> String {
        match self {
            Refusal::Missing => "a token is required; send it as `Authorization: Bearer …`",
            Refusal::Header => "the header `Authorization` must be given once, as `Bearer` and a token",
            Refusal::TooLong => return format!("the token is longer than {MOST_BYTES} bytes"),
            Refusal::Malformed => "the token is not of a form that is accepted here",
            Refusal::Algorithm => "the algorithm of the token is not allowed",
            Refusal::Critical => "the token demands extensions that are not supported",
            Refusal::Key => "no configured key fits the token",
            Refusal::Signature => "the signature of the token is wrong",
            Refusal::Duplicate => "the token has a member twice",
            Refusal::Claim => "a claim of the token is missing or malformed",
            Refusal::Issuer => "the token is from another issuer",
            Refusal::Audience => "the token is for another audience",
            Refusal::Kind => "the token is not an access token of the type `Bearer`",
            Refusal::Bound => "the token is bound to a key; only bearer tokens are accepted",
            Refusal::Expired => "the token has expired",
            Refusal::NotYetValid => "the token is not valid yet",
            Refusal::Inactive => "the token is not active",
            Refusal::SourceDown => "the token cannot be verified now: its issuer could not be asked",
            Refusal::SourceSlow => "the token cannot be verified now: its issuer did not answer in time",
            Refusal::SourceBusy => "the token cannot be verified now: its issuer is asked about too many at once",
        }
        .to_owned()
    }

    /// Whether nothing is known of the token: another attempt may succeed.
    pub fn is_passing(self) -> bool {
        matches!(self, Refusal::SourceDown | Refusal::SourceSlow | Refusal::SourceBusy)
    }
}
