package accord.hapi;

import static accord.hapi.Bench.PATIENT;
import static accord.hapi.Bench.parameter;
import static accord.hapi.Bench.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import java.net.http.HttpResponse;
import java.util.List;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** A storage that fires HAPI's storage hooks, as the JPA server's does. */
class StorageHooksTest {

    private static final String[] VERIFIED = {"X-Verified-Scope", "system/*.cu"};
    private final StoredPatients stored = new StoredPatients();

    private Bench bench() throws Exception {
        return Bench.withProviders(List.of(stored), "HOOKS", "storage", "NEGOTIATION", "n");
    }

    private Patient only() {
        assertEquals(1, stored.getStoredResources().size());
        return stored.getStoredResources().get(0);
    }

    @Test
    void aCreateIsAskedAboutOnceAndStoredOnlyIfValid() throws Exception {
        try (Bench bench = bench()) {
            String[] headers = {VERIFIED[0], VERIFIED[1], "If-None-Exist", "identifier=x"};
            bench.accord.answering = StandIn.invalid("invalid", "element-min");
            assertEquals(422, bench.server.send("POST", "/Patient", PATIENT, headers).statusCode());
            assertTrue(stored.getStoredResources().isEmpty());
            assertEquals("POST", text(bench.accord.only(), "method"));
            assertEquals("Patient", text(bench.accord.only(), "url"));
            assertEquals("identifier=x", text(bench.accord.only(), "ifNoneExist"));
            bench.accord.answering = StandIn.verdict("valid");
            assertEquals(201, bench.server.send("POST", "/Patient", PATIENT, headers).statusCode());
            assertEquals("Okafor-Secret", only().getNameFirstRep().getFamily());
        }
    }

    @Test
    void updatesAndPatchesAreJudgedByTheirResultAndTheOldState() throws Exception {
        try (Bench bench = bench()) {
            HttpResponse<String> first = bench.server.send("PUT", "/Patient/p1", PATIENT, VERIFIED);
            assertEquals(201, first.statusCode(), first.body());
            StandIn.Asked created = bench.accord.only();
            assertEquals("PUT", text(created, "method"), "an update that creates stays an update");
            assertEquals("Patient/p1", text(created, "url"));
            assertNull(text(created, "old"));
            assertEquals("true", text(created, "oldAbsent"));

            bench.accord.asked.clear();
            String changed = PATIENT.replace("female", "male");
            assertEquals(200, bench.server.send("PUT", "/Patient/p1", changed, VERIFIED).statusCode());
            StandIn.Asked updated = bench.accord.only();
            assertEquals("male", parameter(updated, "resource").get("gender").asText());
            assertEquals("female", parameter(updated, "old").get("gender").asText());
            assertNull(text(updated, "oldAbsent"));

            bench.accord.asked.clear();
            bench.accord.answering = StandIn.invalid("forbidden", "interaction-not-negotiated");
            assertEquals(403, bench.server.send("PATCH", "/Patient/p1", "[]", VERIFIED).statusCode());
            StandIn.Asked patched = bench.accord.only();
            assertEquals("PUT", text(patched, "method"));
            assertEquals("Patient/p1", text(patched, "url"));
            assertEquals("other", parameter(patched, "resource").get("gender").asText());
            assertEquals("male", parameter(patched, "old").get("gender").asText());
            assertEquals("male", only().getGender().toCode());
        }
    }

    @Test
    void entriesOfATransactionAreJudgedAsTheyAreStored() throws Exception {
        try (Bench bench = bench()) {
            bench.server.send("PUT", "/Patient/p8", "{\"resourceType\":\"Patient\",\"id\":\"p8\"}", VERIFIED);
            bench.accord.asked.clear();
            String bundle = """
                    {"resourceType":"Bundle","type":"transaction","entry":[
                     {"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},
                     {"resource":{"resourceType":"Patient"},"request":{"method":"PUT","url":"Patient/p7"}},
                     {"resource":{"resourceType":"Patient"},"request":{"method":"PUT","url":"Patient?identifier=x"}},
                     {"request":{"method":"PATCH","url":"Patient/p8"}}]}""";
            HttpResponse<String> response = bench.server.send("POST", "", bundle, VERIFIED);
            assertEquals(200, response.statusCode(), response.body());
            List<String> asked = bench.accord.asked.stream()
                    .map(a -> text(a, "method") + " " + text(a, "url"))
                    .toList();
            // The condition is only in the request; what it leads to is only known to the storage.
            assertEquals(
                    List.of(
                            "PUT Patient?identifier=x",
                            "POST Patient",
                            "PUT Patient/p7",
                            "POST Patient",
                            "PUT Patient/p8"),
                    asked);
            assertEquals("other", parameter(bench.accord.asked.get(4), "resource").get("gender").asText());
            assertFalse(parameter(bench.accord.asked.get(4), "old").has("gender"));
        }
    }

    @Test
    void whatAStorageCreatesOnTheWayIsACreateOfItsOwn() throws Exception {
        try (Bench bench = Bench.withCallers(
                request -> Caller.of("system/*.cu", null), "HOOKS", "storage", "NEGOTIATION", "n")) {
            SystemRequestDetails request = new SystemRequestDetails();
            request.setRestOperationType(RestOperationTypeEnum.UPDATE);
            request.setResourceName("Patient");
            request.setId(new IdType("Patient/p1"));
            for (Resource other : List.of(new Patient().setId("Patient/p9"), new Practitioner().setId("p9"))) {
                bench.accord.asked.clear();
                bench.interceptor.beforeCreate(other, request);
                assertEquals("POST", text(bench.accord.only(), "method"));
                assertEquals(other.fhirType(), text(bench.accord.only(), "url"));
                assertEquals("true", text(bench.accord.only(), "oldAbsent"));
            }
        }
    }

    @Test
    void whatTheServerWritesByItselfNeedsACaller() throws Exception {
        try (Bench bench = bench()) {
            SystemRequestDetails job = new SystemRequestDetails();
            for (SystemRequestDetails request : new SystemRequestDetails[] {job, null}) {
                Assertions.assertThrows(
                        ForbiddenOperationException.class,
                        () -> bench.interceptor.beforeCreate(new Patient(), request));
            }
            assertTrue(bench.accord.asked.isEmpty());
        }
        AccordSettings settings = AccordSettings.from(Bench.variables(
                "URL", "http://127.0.0.1:9", "HOOKS", "storage", "NEGOTIATION", "n"));
        CallerSource callers = request -> request == null ? Caller.ofServer() : null;
        new AccordInterceptor(HapiServer.R4, settings, callers, null).beforeCreate(new Patient(), null);
    }
}
