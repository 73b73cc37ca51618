package accord.hapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The interceptor says what it decided, and nothing of what is in instances and tokens. */
class LogsTest {

    private static final List<String> SECRETS =
            List.of("Okafor", "female", "p1", "t0ken", "patient/Patient", "n3gotiation", "identifier");

    @Test
    void noLineHasAValue() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("accord.hapi");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
        logger.addAppender(lines);
        String[] verified = {"X-Verified-Scope", "patient/Patient.cu", "X-Verified-Patient", "p1"};
        Map<String, StandIn.Answering> answers = new TreeMap<>(Map.of(
                "valid", StandIn.verdict("valid"),
                "refused", StandIn.text(200, StandIn.outcome(
                        "invalid", "error", "invalid", "x", "`Okafor-Secret` is wrong", "Patient.name[0]")),
                "undetermined", StandIn.verdict("undetermined"),
                "unavailable", StandIn.text(500, Bench.PATIENT),
                "status 404", StandIn.text(404, Bench.PATIENT),
                "no OperationOutcome", StandIn.text(200, Bench.PATIENT)));
        try (Bench bench = Bench.with("NEGOTIATION", "n3gotiation", "TOKEN", "t0ken", "QUESTION_BYTES", "5000")) {
            for (Map.Entry<String, StandIn.Answering> answer : answers.entrySet()) {
                bench.accord.answering = answer.getValue();
                int before = lines.list.size();
                bench.server.send("PUT", "/Patient/p1", Bench.PATIENT, verified);
                bench.server.send("PUT", "/Patient?identifier=p1", Bench.PATIENT, verified);
                assertEquals(before + 2, lines.list.size());
                String line = lines.list.get(before).getFormattedMessage();
                assertTrue(line.startsWith("PUT Patient: ") && line.contains(answer.getKey()), line);
            }
            bench.server.send("PUT", "/Patient/p1", Bench.PATIENT.replace("Secret", "x".repeat(9_000)), verified);
            bench.create();
            bench.accord.close();
            bench.server.send("PUT", "/Patient/p1", Bench.PATIENT, verified);
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(Level.OFF);
        }
        assertEquals(1 + 12 + 3, lines.list.size());
        for (ILoggingEvent line : lines.list) {
            String text = line.getFormattedMessage() + line.getThrowableProxy();
            SECRETS.forEach(secret -> assertFalse(text.contains(secret), text));
        }
    }
}
