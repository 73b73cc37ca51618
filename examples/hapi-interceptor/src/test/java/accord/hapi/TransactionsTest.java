package accord.hapi;

import static accord.hapi.Bench.json;
import static accord.hapi.Bench.parameter;
import static accord.hapi.Bench.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches and transactions of a plain RestfulServer, entry by entry. */
class TransactionsTest {

    private static final String PATIENT = "{\"resourceType\":\"Patient\",\"active\":true}";

    private static String bundle(String... entries) {
        return "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + String.join(",", entries) + "]}";
    }

    private static String entry(String method, String url, String more) {
        return "{\"fullUrl\":\"urn:uuid:%s\",\"resource\":%s,\"request\":{\"method\":\"%s\",\"url\":\"%s\"%s}}"
                .formatted(UUID.randomUUID(), PATIENT, method, url, more);
    }

    private static HttpResponse<String> post(Bench bench, String bundle) throws Exception {
        return bench.server.send("POST", "", bundle, "X-Verified-Scope", "system/*.cu");
    }

    @Test
    void everyWriteIsAskedAboutInItsOrder() throws Exception {
        try (Bench bench = Bench.with("NEGOTIATION", "n")) {
            String bundle = bundle(
                    entry("POST", "Patient", ",\"ifNoneExist\":\"identifier=x\""),
                    "{\"request\":{\"method\":\"GET\",\"url\":\"Patient/7\"}}",
                    entry("PUT", "/Patient/1", ""),
                    "{\"request\":{\"method\":\"DELETE\",\"url\":\"Patient/8\"}}",
                    entry("PUT", "Patient?identifier=a$b", ""),
                    entry("PUT", bench.server.base() + "/Patient/2", ""));
            HttpResponse<String> response = post(bench, bundle);
            assertEquals(200, response.statusCode(), response.body());
            List<StandIn.Asked> asked = bench.accord.asked;
            assertEquals(
                    List.of("POST", "PUT", "PUT", "PUT"), asked.stream().map(a -> text(a, "method")).toList());
            assertEquals(
                    List.of("Patient", "Patient/1", "Patient?identifier=a$b", "Patient/2"),
                    asked.stream().map(a -> text(a, "url")).toList());
            assertEquals("identifier=x", text(asked.get(0), "ifNoneExist"));
            assertFalse(parameter(asked.get(0), "resource").has("id"), "the name of an entry is no id");
            assertNull(text(asked.get(1), "ifNoneExist"));
            assertEquals("system/*.cu", text(asked.get(3), "scope"));
        }
    }

    @Test
    void oneRefusedEntryRefusesAllAndSaysWhich() throws Exception {
        try (Bench bench = Bench.with()) {
            StandIn.Answering valid = bench.accord.answering;
            bench.accord.answering = (asked, exchange) -> {
                boolean isSecond = bench.accord.asked.size() == 2;
                (isSecond ? StandIn.invalid("invalid", "element-min") : valid).answer(asked, exchange);
            };
            String one = entry("POST", "Patient", "");
            HttpResponse<String> response = post(bench, bundle(one, one, one));
            assertEquals(422, response.statusCode());
            assertEquals(2, bench.accord.asked.size());
            assertTrue(bench.shelf.kept.isEmpty());
            assertEquals(
                    "Bundle.entry[1].resource.identifier[0]",
                    json(response.body()).at("/issue/0/expression/0").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"request\":{\"method\":\"PATCH\",\"url\":\"Patient/1\"}}",
        "{\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}}",
        "{\"resource\":{\"resourceType\":\"Patient\"}}",
        "{\"resource\":{\"resourceType\":\"Patient\"},\"request\":{\"method\":\"POST\",\"url\":\"Patient/$x\"}}",
    })
    void whatCannotBeLookedAtIsRefused(String entry) throws Exception {
        try (Bench bench = Bench.with("ON_FAILURE", "admit", "ON_UNDETERMINED", "admit")) {
            HttpResponse<String> response = post(bench, bundle(entry("POST", "Patient", ""), entry));
            assertEquals(422, response.statusCode(), response.body());
            assertTrue(response.body().contains("entry 1"), response.body());
            assertTrue(bench.shelf.kept.isEmpty());
        }
    }

    @Test
    void moreEntriesThanAllowedAreRefusedUnasked() throws Exception {
        try (Bench bench = Bench.with("BUNDLE_ENTRIES", "50")) {
            String[] many = Collections.nCopies(51, entry("POST", "Patient", "")).toArray(String[]::new);
            HttpResponse<String> response = post(bench, bundle(many));
            assertEquals(422, response.statusCode());
            assertTrue(response.body().contains("more than 50 entries"), response.body());
            assertTrue(bench.accord.asked.isEmpty() && bench.shelf.kept.isEmpty());
        }
    }

    @Test
    void allQuestionsTogetherHaveATimeLimit() throws Exception {
        try (Bench bench = Bench.with("BUNDLE_TIME_LIMIT_MS", "700")) {
            StandIn.Answering valid = bench.accord.answering;
            bench.accord.answering = (asked, exchange) -> {
                Thread.sleep(100);
                valid.answer(asked, exchange);
            };
            String[] many = Collections.nCopies(40, entry("POST", "Patient", "")).toArray(String[]::new);
            long start = System.nanoTime();
            HttpResponse<String> response = post(bench, bundle(many));
            assertEquals(503, response.statusCode(), response.body());
            assertTrue(System.nanoTime() - start < 3_000_000_000L);
            assertTrue(bench.accord.asked.size() < 10 && bench.shelf.kept.isEmpty());
        }
    }
}
