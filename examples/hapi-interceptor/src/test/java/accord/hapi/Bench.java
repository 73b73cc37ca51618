package accord.hapi;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A HAPI server with the interceptor, and a stand-in for Accord behind it. */
final class Bench implements AutoCloseable {

    static final String PATIENT = """
            {"resourceType":"Patient","id":"p1","name":[{"family":"Okafor-Secret"}],"gender":"female"}""";

    final StandIn accord = new StandIn();
    final Shelf shelf = new Shelf();
    final AccordInterceptor interceptor;
    final HapiServer server;

    private Bench(Map<String, String> variables, CallerSource callers, OldResources old, List<Object> providers)
            throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("ACCORD_CHECK_URL", accord.url()));
        all.putAll(variables);
        interceptor = new AccordInterceptor(HapiServer.R4, AccordSettings.from(all), callers, old);
        List<Object> served = new ArrayList<>(providers);
        if (served.isEmpty()) {
            served.add(shelf);
            served.add(new ShelfTransactions(shelf));
        }
        server = new HapiServer(served, interceptor);
    }

    /** With the trivial storage, and the scopes that a test's headers say. */
    static Bench with(String... variables) throws Exception {
        return new Bench(variables(variables), Bench::ofHeaders, null, List.of());
    }

    static Bench withOld(OldResources old, String... variables) throws Exception {
        return new Bench(variables(variables), Bench::ofHeaders, old, List.of());
    }

    static Bench withCallers(CallerSource callers, String... variables) throws Exception {
        return new Bench(variables(variables), callers, null, List.of());
    }

    static Bench withProviders(List<Object> providers, String... variables) throws Exception {
        return new Bench(variables(variables), Bench::ofHeaders, null, providers);
    }

    static Map<String, String> variables(String... pairs) {
        Map<String, String> out = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            out.put("ACCORD_CHECK_" + pairs[i], pairs[i + 1]);
        }
        return out;
    }

    /** What an authentication interceptor would have verified. */
    private static Caller ofHeaders(RequestDetails request) {
        String scope = request == null ? null : request.getHeader("X-Verified-Scope");
        return scope == null ? null : Caller.of(scope, request.getHeader("X-Verified-Patient"));
    }

    HttpResponse<String> create() throws Exception {
        return server.send("POST", "/Patient", PATIENT);
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** A member of the Parameters that Accord was sent: its value or resource; null where it is missing. */
    static JsonNode parameter(StandIn.Asked asked, String name) {
        JsonNode found = null;
        for (JsonNode parameter : json(asked.body()).get("parameter")) {
            if (parameter.get("name").asText().equals(name)) {
                if (found != null) {
                    throw new AssertionError("twice: " + name);
                }
                found = parameter;
            }
        }
        if (found == null) {
            return null;
        }
        for (Map.Entry<String, JsonNode> member : found.properties()) {
            if (!member.getKey().equals("name")) {
                return member.getValue();
            }
        }
        return null;
    }

    static String text(StandIn.Asked asked, String name) {
        JsonNode value = parameter(asked, name);
        return value == null ? null : value.asText();
    }

    @Override
    public void close() {
        server.close();
        accord.close();
    }
}
