package accord.hapi;

import static accord.hapi.Bench.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that the variable {@code ACCORD} names, behind the interceptor. */
class RealAccordTest {

    /** HAPI reads it without complaint; US Core wants identifiers to have a system. */
    private static final String INVALID = """
            {"resourceType":"Patient","identifier":[{"value":"1"}],"name":[{"family":"A"}],"gender":"male","meta":{
             "profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0"]}}""";

    private static RealAccord accord;

    @TempDir
    static Path data;

    @BeforeAll
    static void start() throws Exception {
        String program = System.getenv("ACCORD");
        needs(
                program != null && !program.isBlank(),
                "ACCORD names no program (ACCORD=../../target/release/accord mvn -q -B test)");
        accord = new RealAccord(program, data);
    }

    @AfterAll
    static void stop() {
        if (accord != null) {
            accord.close();
        }
    }

    /** Skips what cannot be tested here, and says so even where Maven is quiet. */
    private static void needs(boolean isHere, String why) {
        if (!isHere) {
            System.out.println("RealAccordTest skipped: " + why);
        }
        assumeTrue(isHere, why);
    }

    private static String example(String name) throws Exception {
        return Files.readString(Path.of("..", name));
    }

    private static Bench bench(String... more) throws Exception {
        return bench(List.of(), more);
    }

    private static Bench bench(List<Object> providers, String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of("URL", accord.url, "TOKEN", RealAccord.TOKEN));
        all.addAll(List.of("TIME_LIMIT_MS", "30000"));
        all.addAll(List.of(more));
        return Bench.withProviders(providers, all.toArray(String[]::new));
    }

    @Test
    void validIsStoredInvalidIsNotAndUndeterminedIsASetting() throws Exception {
        try (Bench bench = bench()) {
            assertEquals(201, bench.server.send("POST", "/Patient", example("us-core-patient.json")).statusCode());
            assertEquals(1, bench.shelf.kept.size());
            HttpResponse<String> invalid = bench.server.send("POST", "/Patient", INVALID);
            assertEquals(422, invalid.statusCode(), invalid.body());
            List<String> rules = new ArrayList<>();
            json(invalid.body()).get("issue").forEach(i -> rules.add(i.at("/details/coding/0/code").asText()));
            assertEquals(List.of("element-min"), rules);
            assertEquals("Patient.identifier[0]", json(invalid.body()).at("/issue/0/expression/0").asText());
            HttpResponse<String> open = bench.server.send("POST", "/Patient", example("us-core-patient-race.json"));
            assertEquals(422, open.statusCode());
            assertEquals("undetermined", json(open.body()).at("/meta/tag/0/code").asText());
            assertEquals(1, bench.shelf.kept.size());
        }
        try (Bench bench = bench("ON_UNDETERMINED", "admit")) {
            assertEquals(201, bench.server.send("POST", "/Patient", example("us-core-patient-race.json")).statusCode());
        }
    }

    @Test
    void anUnknownNegotiationAdmitsNothing() throws Exception {
        try (Bench bench = bench("NEGOTIATION", "no-such", "ON_FAILURE", "admit", "ON_UNDETERMINED", "admit")) {
            HttpResponse<String> response = bench.server.send(
                    "POST", "/Patient", example("us-core-patient.json"), "X-Verified-Scope", "system/*.cu");
            assertTrue(response.statusCode() == 500 || response.statusCode() == 422, response.body());
            assertTrue(bench.shelf.kept.isEmpty());
        }
    }

    /** A client and a server that write patients by US Core; the server does not offer `delete`. */
    private static String negotiation() throws Exception {
        String statement = """
                {"resourceType":"CapabilityStatement","status":"active","date":"2026-01-01","kind":"requirements",
                 "fhirVersion":"4.0.1","format":["json"],"rest":[{"mode":"%s","resource":[{"type":"Patient",
                  "supportedProfile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0"],
                  "updateCreate":true,
                  "interaction":[{"code":"create"},{"code":"update"},{"code":"patch"},{"code":"read"}]}]}]}""";
        String smart = """
                {"scopes_supported":["system/*.cruds","patient/*.cruds"],"capabilities":["permission-v2",
                 "permission-patient","client-confidential-asymmetric"],"grant_types_supported":["client_credentials"],
                 "token_endpoint":"https://fhir.example.test/token"}""";
        String body = "{\"client\":%s,\"server\":%s,\"smart\":%s,\"flow\":\"backend\",\"scope\":\"system/Patient.cru\"}"
                .formatted(statement.formatted("client"), statement.formatted("server"), smart);
        HttpResponse<String> made = accord.post("/negotiate", body);
        assertEquals(200, made.statusCode(), made.body());
        return json(made.body()).get("id").asText();
    }

    private static boolean hasGuard() throws Exception {
        JsonNode api = json(accord.get("/openapi.json").body());
        JsonNode validate = api.at("/paths").get("/{type}/$validate");
        return (validate == null ? api : validate).toString().contains("negotiation");
    }

    @Test
    void underANegotiationScopesAndInteractionsCount() throws Exception {
        needs(hasGuard(), "$validate of this program has no parameter `negotiation`");
        String id = negotiation();
        StoredPatients stored = new StoredPatients();
        try (Bench bench = bench(List.of(stored), "HOOKS", "storage", "NEGOTIATION", id)) {
            String valid = example("us-core-patient.json");
            String[] may = {"X-Verified-Scope", "system/Patient.cru"};
            HttpResponse<String> created = bench.server.send("POST", "/Patient", valid, may);
            assertEquals(201, created.statusCode(), created.body());
            Patient kept = stored.getStoredResources().get(0).copy();
            String path = "/Patient/" + kept.getIdElement().getIdPart();

            HttpResponse<String> unscoped =
                    bench.server.send("POST", "/Patient", valid, "X-Verified-Scope", "system/Patient.r");
            assertEquals(403, unscoped.statusCode(), unscoped.body());
            HttpResponse<String> invalid = bench.server.send("POST", "/Patient", INVALID, may);
            assertEquals(422, invalid.statusCode(), invalid.body());

            kept.setActive(!kept.getActive());
            String changed = HapiServer.R4.newJsonParser().encodeResourceToString(kept);
            HttpResponse<String> updated = bench.server.send("PUT", path, changed, may);
            assertEquals(200, updated.statusCode(), updated.body());
            HttpResponse<String> patched = bench.server.send("PATCH", path, "[]", may);
            assertEquals(200, patched.statusCode(), patched.body());
            HttpResponse<String> foreign = bench.server.send(
                    "PUT", path, changed, "X-Verified-Scope", "patient/Patient.u", "X-Verified-Patient", "another");
            assertEquals(403, foreign.statusCode(), foreign.body());
            assertEquals(1, stored.getStoredResources().size());
        }
    }
}
