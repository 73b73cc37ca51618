package accord.hapi;

import java.util.Objects;

/**
 * On whose behalf something is written, as the server's own authentication verified it.
 *
 * @param scope   the granted scopes, separated by spaces; may be empty
 * @param patient the id of the patient in context, as {@code 123}; null where there is none
 * @param trusted whether Accord is not asked at all, as for the server's own jobs
 */
public record Caller(String scope, String patient, boolean trusted) {

    public Caller {
        Objects.requireNonNull(scope, "scope");
    }

    /** A client whose token was verified; {@code patient} may be null. */
    public static Caller of(String scope, String patient) {
        return new Caller(scope, patient, false);
    }

    /** The server itself: what it writes is not judged. */
    public static Caller ofServer() {
        return new Caller("", null, true);
    }

    /** Neither scopes nor patient: this may land in a log. */
    @Override
    public String toString() {
        return trusted ? "Caller[server]" : "Caller[client]";
    }
}
