package accord.hapi;

import org.hl7.fhir.instance.model.api.IBaseResource;

/**
 * What a write replaces.
 *
 * @param isRead   whether anybody has looked
 * @param resource what is stored; null where there is none, or nobody has looked
 */
record Old(boolean isRead, IBaseResource resource) {

    static final Old NOT_READ = new Old(false, null);

    /** What somebody found who has looked; null where there is none. */
    static Old found(IBaseResource resource) {
        return new Old(true, resource);
    }
}
