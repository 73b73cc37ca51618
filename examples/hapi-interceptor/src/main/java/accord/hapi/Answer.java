package accord.hapi;

import org.hl7.fhir.r4.model.OperationOutcome;

/** What came of asking Accord. */
sealed interface Answer {

    /** Accord judged the resource. */
    record Judged(Verdict verdict, OperationOutcome outcome) implements Answer {}

    /** Accord does not judge what it was sent, and says so; {@code outcome} is null where its answer has none. */
    record Rejected(int status, OperationOutcome outcome) implements Answer {}

    /** Something answered that cannot be understood, or is too long. */
    record Unreadable(String why) implements Answer {}

    /** There is no answer. */
    record Missing(Failure failure) implements Answer {}

    /** The verdicts of Accord, by their codes in lower case. */
    enum Verdict {
        VALID,
        INVALID,
        UNDETERMINED
    }

    /** Why there is no answer. */
    enum Failure {
        /** No connection, or one that ended too early. */
        DOWN,
        /** None within the time limit. */
        SLOW,
        /** As many requests as are allowed were under way until the time limit. */
        BUSY,
        /** Accord could not serve the request: 429 or 5xx. */
        UNAVAILABLE
    }
}
