//! Why the service cannot serve a request that may be right: the faults with a status of 5xx.

use actix_web::http::StatusCode;

use super::Fault;
use crate::store::{Bounds, StoreError};

impl Fault {
    /// 500: our own failure.
    pub fn internal(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "exception", "internal", text)
    }

    /// 503: too much at once.
    pub fn busy(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::SERVICE_UNAVAILABLE, "throttled", "busy", text).with("retry-after", "1")
    }

    /// 507: the disk is full.
    pub fn full() -> Fault {
        let text = "there is no room left on the disk of the service; nothing of this request was kept, and it can be \
                    sent again when there is";
        Fault::new(StatusCode::INSUFFICIENT_STORAGE, "no-store", "store-full", text)
    }

    /// 507: as many negotiated sets are kept as the settings allow.
    pub fn negotiation_limit(bounds: Bounds) -> Fault {
        let Bounds { sets, bytes } = bounds;
        let text = format!(
            "no more than {sets} negotiated sets with {bytes} bytes are kept; delete some (DELETE /negotiate/…), or \
             raise limits.keptNegotiations or limits.keptNegotiationBytes"
        );
        Fault::new(StatusCode::INSUFFICIENT_STORAGE, "no-store", "negotiation-limit", text)
    }

    /// 507: as many parties are kept as the settings allow.
    pub fn party_limit(bounds: Bounds) -> Fault {
        let Bounds { sets, bytes } = bounds;
        let text = format!(
            "no more than {sets} parties with {bytes} bytes are kept; delete some (DELETE /parties/…), or raise \
             limits.parties or limits.partyBytes"
        );
        Fault::new(StatusCode::INSUFFICIENT_STORAGE, "no-store", "party-limit", text)
    }

    /// 502: a document of a party could not be had from its server; `kind` names why.
    pub fn party_unread(document: &str, kind: &str) -> Fault {
        let text = format!(
            "this party could not be fetched ({document}: {kind}); what it had is kept, and GET /parties/… tells when \
             it is tried again"
        );
        Fault::new(StatusCode::BAD_GATEWAY, "transient", "party-unread", text)
    }

    /// 503: the work took too long.
    pub fn timeout(limit_ms: u64) -> Fault {
        Fault::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timeout",
            "timeout",
            format!("the request was not completed within {limit_ms} ms; split it, or raise the limit"),
        )
        .with("retry-after", "5")
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Fault {
        if let StoreError::Bound(bounds) = error {
            tracing::warn!(%error, "a negotiation was refused");
            return Fault::negotiation_limit(bounds);
        }
        if let StoreError::PartyBound(bounds) = error {
            tracing::warn!(%error, "a party was refused");
            return Fault::party_limit(bounds);
        }
        tracing::error!(%error, "the store failed");
        if error.is_full() {
            return Fault::full();
        }
        if matches!(error, StoreError::Record(_)) {
            return Fault::internal("what was stored is damaged; have it made again, and see the log of the service");
        }
        Fault::internal("the store failed; see the log of the service")
    }
}
