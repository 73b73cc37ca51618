package accord.hapi;

import accord.hapi.Answer.Failure;
import accord.hapi.Answer.Verdict;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.ErrorHandlerAdapter;
import ca.uhn.fhir.parser.IParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.OperationOutcomeIssueComponent;

/** Reads what Accord answers. */
final class AnswerReader {

    private static final String VERDICT_SYSTEM = "https://accord.example/verdict";
    /** Where in the question an issue is: the client has never seen that text. */
    private static final Set<String> PLACES = Set.of(
            "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line",
            "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col");

    private AnswerReader() {}

    /** An answer out of its status and body. */
    static Answer read(FhirContext context, int status, byte[] body) {
        OperationOutcome outcome = outcome(context, body);
        Verdict verdict = outcome == null ? null : verdict(outcome);
        if (verdict == Verdict.VALID && status != 200) {
            return new Answer.Unreadable("status " + status + " with the verdict valid");
        }
        if (verdict == Verdict.VALID && outcome.getIssue().stream().anyMatch(AnswerReader::isError)) {
            return new Answer.Unreadable("the verdict valid with an error");
        }
        if (verdict != null) {
            return new Answer.Judged(verdict, outcome);
        }
        if (status == 200) {
            return new Answer.Unreadable("no OperationOutcome with a verdict");
        }
        if (status == 429 || status >= 500) {
            return new Answer.Missing(Failure.UNAVAILABLE);
        }
        return new Answer.Rejected(status, outcome);
    }

    private static boolean isError(OperationOutcomeIssueComponent issue) {
        return issue.getSeverity() == IssueSeverity.ERROR || issue.getSeverity() == IssueSeverity.FATAL;
    }

    /** The OperationOutcome in a body, or null where there is none with an issue. */
    private static OperationOutcome outcome(FhirContext context, byte[] body) {
        IParser parser = context.newJsonParser();
        parser.setParserErrorHandler(new ErrorHandlerAdapter());
        try {
            OperationOutcome outcome =
                    parser.parseResource(OperationOutcome.class, new String(body, StandardCharsets.UTF_8));
            if (outcome.getIssue().isEmpty()) {
                return null;
            }
            outcome.getIssue().forEach(issue -> issue.getExtension().removeIf(e -> PLACES.contains(e.getUrl())));
            return outcome;
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static Verdict verdict(OperationOutcome outcome) {
        List<Coding> tags = outcome.getMeta().getTag().stream()
                .filter(tag -> VERDICT_SYSTEM.equals(tag.getSystem()))
                .toList();
        if (tags.size() != 1 || tags.get(0).getCode() == null) {
            return null;
        }
        return switch (tags.get(0).getCode()) {
            case "valid" -> Verdict.VALID;
            case "invalid" -> Verdict.INVALID;
            case "undetermined" -> Verdict.UNDETERMINED;
            default -> null;
        };
    }
}
