package accord.hapi;

import static accord.hapi.Bench.PATIENT;
import static accord.hapi.Bench.json;
import static accord.hapi.Bench.parameter;
import static accord.hapi.Bench.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plain RestfulServer: what Accord is asked, and what becomes of its verdicts. */
class RequestHooksTest {

    private static final String[] VERIFIED = {"X-Verified-Scope", "patient/Patient.cu", "X-Verified-Patient", "p1"};

    @Test
    void aValidCreateIsStoredAfterOneQuestion() throws Exception {
        try (Bench bench = Bench.with("NEGOTIATION", "n/1 ü", "TOKEN", "t0ken")) {
            HttpResponse<String> response = bench.server.send("POST", "/Patient", PATIENT, VERIFIED);
            assertEquals(201, response.statusCode(), response.body());
            assertEquals(1, bench.shelf.kept.size());
            StandIn.Asked asked = bench.accord.only();
            assertEquals("/Patient/$validate?negotiation=n%2F1+%C3%BC", asked.address());
            assertEquals("Bearer t0ken", asked.authorization());
            assertEquals("application/fhir+json", asked.contentType());
            assertEquals("Okafor-Secret", parameter(asked, "resource").at("/name/0/family").asText());
            assertEquals("patient/Patient.cu", text(asked, "scope"));
            assertEquals("p1", text(asked, "patient"));
            assertEquals("POST", text(asked, "method"));
            assertEquals("Patient", text(asked, "url"));
            assertNull(text(asked, "ifNoneExist"));
            assertNull(text(asked, "old"));
            assertNull(text(asked, "oldAbsent"));
        }
    }

    @Test
    void withoutANegotiationOnlyTheResourceIsSent() throws Exception {
        try (Bench bench = Bench.withCallers(null)) {
            assertEquals(201, bench.create().statusCode());
            StandIn.Asked asked = bench.accord.only();
            assertEquals("/Patient/$validate", asked.address());
            assertNull(asked.authorization());
            assertEquals(1, json(asked.body()).get("parameter").size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "invalid,element-min,422",
        "security,html,422",
        "forbidden,body-invalid,422",
        "forbidden,profile-failed,422",
        "forbidden,insufficient-scope,403",
        "forbidden,interaction-not-negotiated,403",
        "forbidden,outside-patient,403"
    })
    void aRefusalPassesTheOutcomeOn(String type, String rule, int status) throws Exception {
        try (Bench bench = Bench.with()) {
            bench.accord.answering = StandIn.invalid(type, rule);
            HttpResponse<String> response = bench.create();
            assertEquals(status, response.statusCode());
            assertTrue(bench.shelf.kept.isEmpty());
            JsonNode outcome = json(response.body());
            assertEquals("OperationOutcome", outcome.get("resourceType").asText());
            assertEquals("invalid", outcome.at("/meta/tag/0/code").asText());
            assertEquals(rule, outcome.at("/issue/0/details/coding/0/code").asText());
            assertEquals("something is wrong", outcome.at("/issue/0/details/text").asText());
            assertEquals("Patient.identifier[0]", outcome.at("/issue/0/expression/0").asText());
            // The line is one of the question; the rule stays.
            assertEquals(1, outcome.at("/issue/0/extension").size());
        }
    }

    @Test
    void onlyErrorsForbid() throws Exception {
        try (Bench bench = Bench.with()) {
            bench.accord.answering = StandIn.text(
                    200, StandIn.outcome("invalid", "warning", "forbidden", "outside-patient", "a remark", "Patient"));
            assertEquals(422, bench.create().statusCode());
        }
    }

    @Test
    void undeterminedIsRefusedUnlessTheSettingAdmitsIt() throws Exception {
        for (boolean admits : List.of(false, true)) {
            try (Bench bench = Bench.with("ON_UNDETERMINED", admits ? "admit" : "refuse", "ON_FAILURE", "admit")) {
                bench.accord.answering = StandIn.verdict("undetermined");
                HttpResponse<String> response = bench.create();
                assertEquals(admits ? 201 : 422, response.statusCode());
                assertEquals(admits ? 1 : 0, bench.shelf.kept.size());
                assertEquals(!admits, response.body().contains("undetermined"));
            }
        }
    }

    @Test
    void anUpdateNamesItsIdAndTheOldState() throws Exception {
        Patient before = new Patient().setActive(true);
        before.setId("Patient/p1");
        OldResources old = (request, id) -> id.getIdPart().equals("p1") ? before : null;
        try (Bench bench = Bench.withOld(old, "NEGOTIATION", "n")) {
            assertEquals(201, bench.server.send("PUT", "/Patient/p1", PATIENT, VERIFIED).statusCode());
            StandIn.Asked asked = bench.accord.only();
            assertEquals("PUT", text(asked, "method"));
            assertEquals("Patient/p1", text(asked, "url"));
            assertEquals("p1", parameter(asked, "resource").get("id").asText());
            assertTrue(parameter(asked, "old").get("active").asBoolean());

            bench.accord.asked.clear();
            String other = PATIENT.replace("p1", "p2");
            assertEquals(201, bench.server.send("PUT", "/Patient/p2", other, VERIFIED).statusCode());
            assertNull(text(bench.accord.only(), "old"));
            assertEquals("true", text(bench.accord.only(), "oldAbsent"));
        }
    }

    @Test
    void conditionsAreTold() throws Exception {
        try (Bench bench = Bench.with("NEGOTIATION", "n")) {
            String[] headers = {VERIFIED[0], VERIFIED[1], "If-None-Exist", "Patient?identifier=a%7Cb"};
            assertEquals(201, bench.server.send("POST", "/Patient?_pretty=true", PATIENT, headers).statusCode());
            assertEquals("Patient", text(bench.accord.only(), "url"));
            assertEquals("identifier=a%7Cb", text(bench.accord.only(), "ifNoneExist"));
            bench.accord.asked.clear();
            HttpResponse<String> update = bench.server.send("PUT", "/Patient?identifier=a%7Cb", PATIENT, VERIFIED);
            assertEquals(201, update.statusCode(), update.body());
            assertEquals("Patient?identifier=a%7Cb", text(bench.accord.only(), "url"));
        }
    }

    @Test
    void aPatchIsRefusedOrJudgedByTheProvider() throws Exception {
        try (Bench bench = Bench.with()) {
            bench.shelf.keep("p1", new Patient());
            assertEquals(422, bench.server.send("PATCH", "/Patient/p1", "[]").statusCode());
            assertNull(bench.shelf.kept.get("p1").getGender());
            assertTrue(bench.accord.asked.isEmpty());
        }
        try (Bench bench = Bench.with("PATCH", "provider", "NEGOTIATION", "n")) {
            bench.shelf.keep("p1", new Patient());
            bench.shelf.judge = bench.interceptor;
            bench.accord.answering = StandIn.invalid("invalid", "element-min");
            assertEquals(422, bench.server.send("PATCH", "/Patient/p1", "[]", VERIFIED).statusCode());
            assertNull(bench.shelf.kept.get("p1").getGender());
            StandIn.Asked asked = bench.accord.only();
            assertEquals("PUT", text(asked, "method"));
            assertEquals("Patient/p1", text(asked, "url"));
            assertEquals("other", parameter(asked, "resource").get("gender").asText());
            assertFalse(parameter(asked, "old").has("gender"));
        }
    }

    @Test
    void whoeverIsNotVerifiedWritesNothingUnderANegotiation() throws Exception {
        try (Bench bench = Bench.with("NEGOTIATION", "n", "ON_FAILURE", "admit", "ON_UNDETERMINED", "admit")) {
            assertEquals(403, bench.create().statusCode());
            assertTrue(bench.shelf.kept.isEmpty() && bench.accord.asked.isEmpty());
        }
    }

    @Test
    void aCallerWithoutScopesIsAskedAboutAsSuch() throws Exception {
        try (Bench bench = Bench.withCallers(request -> Caller.of("", null), "NEGOTIATION", "n")) {
            bench.accord.answering = StandIn.invalid("forbidden", "insufficient-scope");
            assertEquals(403, bench.create().statusCode());
            assertEquals("", text(bench.accord.only(), "scope"));
            assertNull(text(bench.accord.only(), "patient"));
        }
    }

    @Test
    void theServersOwnWritesAreNotJudged() throws Exception {
        try (Bench bench = Bench.withCallers(request -> Caller.ofServer(), "NEGOTIATION", "n")) {
            assertEquals(201, bench.create().statusCode());
            bench.shelf.keep("p1", new Patient());
            assertEquals(200, bench.server.send("PATCH", "/Patient/p1", "[]").statusCode());
            assertTrue(bench.accord.asked.isEmpty());
        }
    }

    @Test
    void readsAreNotAskedAbout() throws Exception {
        try (Bench bench = Bench.with("NEGOTIATION", "n")) {
            bench.shelf.keep("p1", new Patient());
            assertEquals(200, bench.server.send("GET", "/Patient/p1", "").statusCode());
            assertTrue(bench.accord.asked.isEmpty());
        }
    }

    @Test
    void aBodyInXmlIsSentAsJson() throws Exception {
        try (Bench bench = Bench.with()) {
            String xml = "<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"male\"/></Patient>";
            HttpResponse<String> response = bench.server.sendAs("application/fhir+xml", "POST", "/Patient", xml);
            assertEquals(201, response.statusCode(), response.body());
            assertEquals("male", parameter(bench.accord.only(), "resource").get("gender").asText());
        }
    }
}
