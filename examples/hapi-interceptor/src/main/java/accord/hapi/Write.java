package accord.hapi;

import org.hl7.fhir.instance.model.api.IBaseResource;

/**
 * One resource that is about to be stored.
 *
 * @param method      {@code POST} or {@code PUT}
 * @param url         the address below the server's base, percent-encoded: {@code Patient/1}
 * @param ifNoneExist the condition of a create; null where there is none
 * @param resource    what would be stored; of a patch its result
 * @param old         what it replaces
 */
record Write(String method, String url, String ifNoneExist, IBaseResource resource, Old old) {

    String type() {
        return resource.fhirType();
    }

    /** No values: this may land in a log. */
    @Override
    public String toString() {
        return method + " " + type();
    }
}
