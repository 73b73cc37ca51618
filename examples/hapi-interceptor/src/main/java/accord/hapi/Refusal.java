package accord.hapi;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import ca.uhn.fhir.rest.server.exceptions.InternalErrorException;
import ca.uhn.fhir.rest.server.exceptions.UnclassifiedServerFailureException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import java.util.List;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.OperationOutcome.OperationOutcomeIssueComponent;

/**
 * What the server's client is told of a write that does not go on. The texts have no values of instances, because
 * servers log them; Accord's issues, which may have some, are in the OperationOutcome only.
 */
final class Refusal {

    private static final String RULE_SYSTEM = "https://accord.example/rule";
    /** How the ids of the rules start by which a guard refuses what is in the body: {@code profile-failed}. */
    private static final List<String> OF_BODY = List.of("body-", "profile-");
    /** When a write may be tried again, in seconds. */
    private static final String RETRY_SECONDS = "5";

    private Refusal() {}

    /** The resource is invalid (422), or the caller may not write it (403). */
    static BaseServerResponseException invalid(OperationOutcome outcome) {
        return outcome.getIssue().stream().anyMatch(Refusal::isForbidding)
                ? new ForbiddenOperationException("Accord refuses the write", outcome)
                : new UnprocessableEntityException("Accord found the resource invalid", outcome);
    }

    /** Accord cannot tell (422). */
    static BaseServerResponseException undetermined(OperationOutcome outcome) {
        return new UnprocessableEntityException("Accord cannot determine whether the resource is valid", outcome);
    }

    /** Accord does not judge what it was sent: 422 where that is the request's fault, else 500. */
    static BaseServerResponseException rejected(int status, OperationOutcome outcome) {
        boolean isOfRequest = status == 400 || status == 413;
        return isOfRequest && outcome != null
                ? new UnprocessableEntityException("Accord does not accept the resource", outcome)
                : new InternalErrorException("Accord refused to be asked");
    }

    /** What answered is not Accord, or not in order (500). */
    static BaseServerResponseException unreadable() {
        return new InternalErrorException("the answer of Accord could not be understood");
    }

    /** There is no answer (503). */
    static BaseServerResponseException missing() {
        BaseServerResponseException out =
                new UnclassifiedServerFailureException(503, "Accord could not be asked; nothing was stored");
        return out.addResponseHeader("Retry-After", RETRY_SECONDS);
    }

    /** 403: nobody was verified. */
    static BaseServerResponseException nobody() {
        return new ForbiddenOperationException("the caller was not verified");
    }

    /** 422: what is to be stored is not known yet, or cannot be looked at. */
    static BaseServerResponseException unjudged(String why) {
        return new UnprocessableEntityException(why);
    }

    /** Whether an issue is a refusal by what the caller may do: those have a type of their own. */
    private static boolean isForbidding(OperationOutcomeIssueComponent issue) {
        boolean isError = issue.getSeverity() == IssueSeverity.ERROR || issue.getSeverity() == IssueSeverity.FATAL;
        return isError && issue.getCode() == IssueType.FORBIDDEN && !isOfBody(issue);
    }

    private static boolean isOfBody(OperationOutcomeIssueComponent issue) {
        return issue.getDetails().getCoding().stream()
                .filter(coding -> RULE_SYSTEM.equals(coding.getSystem()) && coding.getCode() != null)
                .anyMatch(coding -> OF_BODY.stream().anyMatch(coding.getCode()::startsWith));
    }
}
