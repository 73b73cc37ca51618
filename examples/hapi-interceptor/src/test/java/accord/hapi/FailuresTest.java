package accord.hapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Accord is down, slow, busy, or something else answers in its place. */
class FailuresTest {

    private static final String LIMIT_MS = "600";
    private static final String VALID =
            StandIn.outcome("valid", "information", "informational", "none", "no issues", "Patient");

    private static final String INVALID_TAG =
            "{\"system\":\"https://accord.example/verdict\",\"code\":\"invalid\"},";

    private static void slow(StandIn.Asked asked, HttpExchange exchange) throws InterruptedException {
        Thread.sleep(10_000);
    }

    /** The head at once, then a byte now and then. */
    private static void dripping(StandIn.Asked asked, HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, VALID.length());
        for (byte one : VALID.getBytes(StandardCharsets.UTF_8)) {
            exchange.getResponseBody().write(one);
            exchange.getResponseBody().flush();
            Thread.sleep(50);
        }
    }

    /** Less than was announced. */
    private static void cut(StandIn.Asked asked, HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, VALID.length());
        exchange.getResponseBody().write(VALID.substring(0, 40).getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static Arguments named(String name, StandIn.Answering answering) {
        return Arguments.of(name, answering);
    }

    static Stream<Arguments> unanswered() {
        return Stream.of(
                named("slow", FailuresTest::slow),
                named("dripping", FailuresTest::dripping),
                named("cut", FailuresTest::cut),
                named("500", StandIn.text(500, "")),
                named("502 of a proxy", StandIn.text(502, "<html>Bad Gateway</html>")),
                named("503 that is no verdict", StandIn.text(503, "{}")),
                named("429", StandIn.text(429, "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unanswered")
    void withoutAnAnswerTheSettingDecides(String name, StandIn.Answering answering) throws Exception {
        for (boolean admits : List.of(false, true)) {
            try (Bench bench =
                    Bench.with("TIME_LIMIT_MS", LIMIT_MS, "ON_FAILURE", admits ? "admit" : "refuse")) {
                bench.accord.answering = answering;
                long start = System.nanoTime();
                HttpResponse<String> response = bench.create();
                assertEquals(admits ? 201 : 503, response.statusCode(), response.body());
                assertEquals(admits ? 1 : 0, bench.shelf.kept.size());
                assertEquals(!admits, response.headers().firstValue("Retry-After").isPresent());
                assertTrue(System.nanoTime() - start < 4_000_000_000L, "the time limit holds");
            }
        }
    }

    @Test
    void accordIsDown() throws Exception {
        for (boolean admits : List.of(false, true)) {
            try (Bench bench = Bench.with("ON_FAILURE", admits ? "admit" : "refuse")) {
                bench.accord.close();
                assertEquals(admits ? 201 : 503, bench.create().statusCode());
                assertEquals(admits ? 1 : 0, bench.shelf.kept.size());
            }
        }
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                named("nothing", StandIn.text(200, "")),
                named("a page", StandIn.text(200, "<html>welcome</html>")),
                named("no FHIR", StandIn.text(200, "{\"valid\":true}")),
                named("another resource", StandIn.text(200, "{\"resourceType\":\"Patient\"}")),
                named("no verdict", StandIn.text(200, VALID.replace("/verdict", "/other"))),
                named("an unknown verdict", StandIn.text(200, VALID.replace("\"valid\"", "\"fine\""))),
                named("two verdicts", StandIn.text(200, VALID.replace("\"tag\":[", "\"tag\":[" + INVALID_TAG))),
                named("no issue", StandIn.text(200, VALID.replaceAll("(?s)\"issue\":.*", "\"issue\":[]}"))),
                named("valid with an error", StandIn.text(200, VALID.replace("\"information\"", "\"error\""))),
                named("valid by an error's status", StandIn.text(503, VALID)),
                named("cut off JSON", StandIn.text(200, VALID.substring(0, VALID.length() - 9))),
                named("deep", StandIn.text(200, "{\"a\":".repeat(50_000))),
                named("arrays", StandIn.text(200, "[".repeat(50_000))),
                named("a redirect", (asked, exchange) -> {
                    exchange.getResponseHeaders().set("Location", "/elsewhere");
                    StandIn.send(exchange, 307, "");
                }),
                named("another token wanted", StandIn.text(401, "")),
                named("an unknown negotiation", StandIn.text(404, "")),
                named("an expired negotiation", StandIn.text(410, "")),
                named("an unusable negotiation", StandIn.text(422, VALID.replace("/verdict", "/other"))),
                named("huge", FailuresTest::huge),
                named("endless", FailuresTest::endless));
    }

    private static void huge(StandIn.Asked asked, HttpExchange exchange) throws IOException {
        StandIn.send(exchange, 200, VALID + " ".repeat(200_000));
    }

    private static void endless(StandIn.Asked asked, HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] part = new byte[8_192];
        // Ends by the exception that a closed connection gives; the bound is for when it does not come.
        for (int i = 0; i < 100_000; i++) {
            exchange.getResponseBody().write(part);
        }
    }

    /** Whoever answers is not Accord, or is set up wrongly: that admits nothing, whatever the settings. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("nonsense")
    void nonsenseIsRefusedAlways(String name, StandIn.Answering answering) throws Exception {
        try (Bench bench = Bench.with(
                "ON_FAILURE", "admit", "ON_UNDETERMINED", "admit", "ANSWER_BYTES", "100000", "NEGOTIATION", "n")) {
            bench.accord.answering = answering;
            HttpResponse<String> response =
                    bench.server.send("POST", "/Patient", Bench.PATIENT, "X-Verified-Scope", "system/*.c");
            assertEquals(500, response.statusCode(), response.body());
            assertTrue(bench.shelf.kept.isEmpty());
            assertEquals(1, bench.accord.asked.size());
        }
    }

    @Test
    void whatIsNotHttpIsRefusedAlways() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> greet(other));
            answering.start();
            String url = "http://127.0.0.1:" + other.getLocalPort();
            try (Bench bench = Bench.with("URL", url, "ON_FAILURE", "admit", "TIME_LIMIT_MS", "5000")) {
                assertEquals(500, bench.create().statusCode());
                assertTrue(bench.shelf.kept.isEmpty());
            }
        }
    }

    /** Greets like a mail server whoever connects, until the socket is closed. */
    private static void greet(ServerSocket server) {
        while (true) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read(new byte[65_536]);
                socket.getOutputStream().write("220 mail.test ESMTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    /** What Accord says of a body that it does not take is about the body. */
    @ParameterizedTest
    @ValueSource(ints = {400, 413})
    void aBodyThatAccordDoesNotTakeIsRefusedWithItsReason(int status) throws Exception {
        try (Bench bench = Bench.with("ON_FAILURE", "admit")) {
            String fault = StandIn.outcome("x", "error", "invalid", "type-mismatch", "another type", "Patient");
            bench.accord.answering = StandIn.text(status, fault.replace("/verdict", "/other"));
            HttpResponse<String> response = bench.create();
            assertEquals(422, response.statusCode());
            assertTrue(response.body().contains("another type"));
            assertTrue(bench.shelf.kept.isEmpty());
        }
    }

    /** Limits of Accord's own work come with 413 and 503, and the verdict undetermined. */
    @ParameterizedTest
    @ValueSource(ints = {413, 503})
    void aLimitOfAccordIsUndetermined(int status) throws Exception {
        for (boolean admits : List.of(false, true)) {
            try (Bench bench =
                    Bench.with("ON_UNDETERMINED", admits ? "admit" : "refuse", "ON_FAILURE", "admit")) {
                String limit =
                        StandIn.outcome("undetermined", "warning", "timeout", "limit-time", "too long", "Patient");
                bench.accord.answering = StandIn.text(status, limit);
                assertEquals(admits ? 201 : 422, bench.create().statusCode());
            }
        }
    }

    @Test
    void oneConnectionServesManyQuestions() throws Exception {
        try (Bench bench = Bench.with()) {
            Set<Integer> ports = ConcurrentHashMap.newKeySet();
            StandIn.Answering valid = bench.accord.answering;
            bench.accord.answering = (asked, exchange) -> {
                ports.add(exchange.getRemoteAddress().getPort());
                valid.answer(asked, exchange);
            };
            for (int i = 0; i < 5; i++) {
                assertEquals(201, bench.create().statusCode());
            }
            assertEquals(1, ports.size());
        }
    }

    @Test
    void whoeverIsTooSlowIsHungUpOn() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (Bench bench = Bench.with("TIME_LIMIT_MS", LIMIT_MS)) {
            bench.accord.answering = (asked, exchange) -> {
                try {
                    dripping(asked, exchange);
                } catch (IOException e) {
                    hungUp.countDown();
                }
            };
            assertEquals(503, bench.create().statusCode());
            assertTrue(hungUp.await(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void aResourceBeyondTheLimitIsRefusedUnasked() throws Exception {
        try (Bench bench = Bench.with("QUESTION_BYTES", "20000", "ON_FAILURE", "admit", "ON_UNDETERMINED", "admit")) {
            String name = "x".repeat(20_000);
            String body = Bench.PATIENT.replace("Okafor-Secret", name);
            HttpResponse<String> response = bench.server.send("POST", "/Patient", body);
            assertEquals(422, response.statusCode());
            assertTrue(response.body().contains("more than 20000 bytes"), response.body());
            assertFalse(response.body().contains("xxx"));
            assertTrue(bench.accord.asked.isEmpty() && bench.shelf.kept.isEmpty());
            assertEquals(201, bench.create().statusCode());
        }
    }

    @Test
    void aConnectionThatBreaksIsTriedOnceMore() throws Exception {
        try (Bench bench = Bench.with()) {
            StandIn.Answering valid = bench.accord.answering;
            bench.accord.answering = (asked, exchange) -> {
                if (bench.accord.asked.size() > 1) {
                    valid.answer(asked, exchange);
                }
            };
            assertEquals(201, bench.create().statusCode());
            assertEquals(2, bench.accord.asked.size());
        }
    }

    @Test
    void noMoreQuestionsAreUnderWayThanAllowed() throws Exception {
        try (Bench bench = Bench.with("CONCURRENT", "3", "TIME_LIMIT_MS", "20000")) {
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            StandIn.Answering valid = bench.accord.answering;
            bench.accord.answering = (asked, exchange) -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.sleep(50);
                now.decrementAndGet();
                valid.answer(asked, exchange);
            };
            assertEquals(List.of(), together(bench, 24, 201));
            assertEquals(3, most.get());
        }
    }

    @Test
    void whoeverFindsNoPlaceInTimeIsRefused() throws Exception {
        try (Bench bench = Bench.with("CONCURRENT", "1", "TIME_LIMIT_MS", LIMIT_MS)) {
            bench.accord.answering = FailuresTest::slow;
            assertEquals(List.of(), together(bench, 6, 503));
            assertTrue(bench.shelf.kept.isEmpty());
            // The places are free again.
            bench.accord.answering = StandIn.verdict("valid");
            assertEquals(201, bench.create().statusCode());
        }
    }

    /** The statuses other than the expected one. */
    private static List<Integer> together(Bench bench, int number, int expected) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(number);
        try {
            Callable<Integer> one = () -> bench.create().statusCode();
            List<Callable<Integer>> all = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                all.add(one);
            }
            List<Integer> others = new ArrayList<>();
            for (Future<Integer> future : threads.invokeAll(all)) {
                if (future.get() != expected) {
                    others.add(future.get());
                }
            }
            return others;
        } finally {
            threads.shutdownNow();
        }
    }
}
