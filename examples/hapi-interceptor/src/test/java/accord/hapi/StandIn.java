package accord.hapi;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands in for Accord on a port of loopback: keeps what it is asked, and answers as it is told. */
final class StandIn implements AutoCloseable {

    /** What it was asked. */
    record Asked(String address, String authorization, String contentType, String body) {}

    /** How it answers. */
    interface Answering {
        void answer(Asked asked, HttpExchange exchange) throws IOException, InterruptedException;
    }

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    volatile Answering answering = verdict("valid");
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    StandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Asked only() {
        if (asked.size() != 1) {
            throw new AssertionError("asked " + asked.size() + " times: " + asked);
        }
        return asked.get(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        Asked one = new Asked(
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("Content-Type"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        asked.add(one);
        try {
            answering.answer(one, exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    /** One answer for all questions. */
    static Answering text(int status, String body) {
        return (asked, exchange) -> send(exchange, status, body);
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/fhir+json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** A verdict without issues that say more. */
    static Answering verdict(String code) {
        return text(200, outcome(code, "information", "informational", "none", "no issues", "Patient"));
    }

    /** The verdict {@code invalid}, by one issue of this type and rule. */
    static Answering invalid(String type, String rule) {
        return text(200, outcome("invalid", "error", type, rule, "something is wrong", "Patient.identifier[0]"));
    }

    /** An OperationOutcome as Accord writes it. */
    static String outcome(String verdict, String severity, String type, String rule, String text, String expression) {
        return """
                {"resourceType":"OperationOutcome",
                 "meta":{"tag":[{"system":"https://accord.example/verdict","code":"%s"}]},
                 "issue":[{"extension":[
                    {"url":"http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line","valueInteger":1},
                    {"url":"http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id","valueString":"%s"}],
                  "severity":"%s","code":"%s",
                  "details":{"coding":[{"system":"https://accord.example/rule","code":"%s"}],"text":"%s"},
                  "expression":["%s"]}]}"""
                .formatted(verdict, rule, severity, type, rule, text, expression);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
