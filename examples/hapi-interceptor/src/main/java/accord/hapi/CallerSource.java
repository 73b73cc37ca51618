package accord.hapi;

import ca.uhn.fhir.rest.api.server.RequestDetails;

/**
 * Tells who writes. Supplied by the server's operator: it reads what the server's own authentication interceptor
 * has verified and kept, such as an attribute of the request, and never a token that nobody has verified.
 */
@FunctionalInterface
public interface CallerSource {

    /**
     * The caller, or null where nobody was verified: with a negotiation the write is then refused.
     *
     * @param request the request; null where the storage writes outside of any
     */
    Caller caller(RequestDetails request);
}
