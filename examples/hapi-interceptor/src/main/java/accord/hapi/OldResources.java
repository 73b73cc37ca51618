package accord.hapi;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.instance.model.api.IIdType;

/**
 * Finds what an update would replace, for a server whose storage does not fire HAPI's storage hooks. Without it
 * Accord is told nothing of the old state, and refuses the updates that it cannot decide on without.
 */
@FunctionalInterface
public interface OldResources {

    /** The resource as it is stored now, or null where there is none. */
    IBaseResource read(RequestDetails request, IIdType id);
}
