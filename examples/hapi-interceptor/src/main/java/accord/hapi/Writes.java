package accord.hapi;

import accord.hapi.AccordSettings.Hooks;
import accord.hapi.AccordSettings.Patch;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome;

/** Requests and entries of bundles as the writes that Accord is asked about. */
final class Writes {

    /** The key of what {@link #remember} keeps. */
    private static final String UPDATED = Writes.class.getName() + ".updated";

    private Writes() {}

    /**
     * An entry of a batch or transaction.
     *
     * @param write   what it would store; null where it stores nothing, or another hook looks at it
     * @param refused why it cannot be looked at; null where it can
     */
    record Entry(Write write, String refused) {
        private static final Entry NONE = new Entry(null, null);
    }

    /** What an entry would store. */
    static Entry entry(
            RequestDetails request, BundleEntryComponent entry, AccordSettings settings, OldResources old) {
        HTTPVerb method = entry.getRequest().getMethod();
        String url = belowBase(request, entry.getRequest().getUrl());
        if (method == null) {
            return new Entry(null, "it has no method");
        }
        if (method == HTTPVerb.PATCH) {
            boolean isLooked = settings.hooks() == Hooks.STORAGE || settings.patch() == Patch.PROVIDER;
            return isLooked ? Entry.NONE : new Entry(null, "the result of a patch cannot be validated");
        }
        if (method != HTTPVerb.POST && method != HTTPVerb.PUT) {
            return Entry.NONE;
        }
        // A provider might take the entry for a create, whatever its address says.
        String path = url.split("\\?", 2)[0];
        if (method == HTTPVerb.POST && (path.contains("$") || path.endsWith("_search"))) {
            boolean isLooked = settings.hooks() == Hooks.STORAGE;
            return isLooked ? Entry.NONE : new Entry(null, "an operation cannot be validated");
        }
        if (entry.getResource() == null) {
            return new Entry(null, "it has no resource");
        }
        String condition = query(entry.getRequest().getIfNoneExist());
        boolean isConditional = condition != null || url.contains("?");
        // The storage does not tell under which condition an entry of a bundle is stored.
        if (settings.hooks() == Hooks.STORAGE && !isConditional) {
            return Entry.NONE;
        }
        Old previous = Old.NOT_READ;
        if (old != null && method == HTTPVerb.PUT && !isConditional) {
            IdType id = new IdType(url);
            previous = id.hasIdPart() ? Old.found(old.read(request, id)) : Old.NOT_READ;
        }
        return new Entry(new Write(method.toCode(), url, condition, entry.getResource(), previous), null);
    }

    /** What a storage, or a provider, is about to store; {@code request} is null outside of any. */
    static Write stored(RequestDetails request, IBaseResource resource, Old previous) {
        String type = resource.fhirType();
        RestOperationTypeEnum operation = request == null ? null : request.getRestOperationType();
        if (operation == RestOperationTypeEnum.TRANSACTION || operation == RestOperationTypeEnum.BATCH) {
            Write write = ofBundle(request, resource, previous);
            if (write != null) {
                return write;
            }
        } else if (operation != null && type.equals(request.getResourceName())) {
            Write write = ofRequest(request, operation, resource, previous);
            if (write != null) {
                return write;
            }
        }
        return previous.resource() == null
                ? new Write("POST", type, null, resource, previous)
                : new Write("PUT", address(type, resource.getIdElement().getIdPart()), null, resource, previous);
    }

    private static Write ofRequest(
            RequestDetails request, RestOperationTypeEnum operation, IBaseResource resource, Old previous) {
        String method =
                switch (operation) {
                    case CREATE -> "POST";
                    // What is judged of a patch is its result, as an update to it.
                    case UPDATE, UPDATE_REWRITE_HISTORY, PATCH -> "PUT";
                    default -> null;
                };
        if (method == null) {
            return null;
        }
        String type = request.getResourceName();
        if (operation == RestOperationTypeEnum.CREATE) {
            return new Write(method, type, query(request.getHeader("If-None-Exist")), resource, previous);
        }
        if (request.getId() != null && request.getId().hasIdPart()) {
            String id = request.getId().getIdPart();
            String own = resource.getIdElement().getIdPart();
            // A storage may create others on the way, such as the targets of references.
            boolean isOther = own != null && !own.equals(id);
            return isOther ? null : new Write(method, address(type, id), null, resource, previous);
        }
        String conditional = request.getConditionalUrl(operation);
        return new Write(method, conditional == null ? type : conditional, null, resource, previous);
    }

    /** Keeps with the request which of a bundle's entries update and patch what. */
    static void remember(RequestDetails request, List<BundleEntryComponent> entries) {
        Set<String> addresses = new HashSet<>();
        for (BundleEntryComponent entry : entries) {
            HTTPVerb method = entry.getRequest().getMethod();
            if (method == HTTPVerb.PUT || method == HTTPVerb.PATCH) {
                addresses.add(belowBase(request, entry.getRequest().getUrl()));
            }
        }
        request.getUserData().put(UPDATED, addresses);
    }

    /** By the entry that names the resource by its id; null where none does. */
    private static Write ofBundle(RequestDetails request, IBaseResource resource, Old previous) {
        String id = resource.getIdElement().getIdPart();
        if (id == null || !(request.getUserData().get(UPDATED) instanceof Set<?> addresses)) {
            return null;
        }
        String address = address(resource.fhirType(), id);
        return addresses.contains(address) ? new Write("PUT", address, null, resource, previous) : null;
    }

    private static String address(String type, String id) {
        if (id == null) {
            return type;
        }
        return type + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String belowBase(RequestDetails request, String url) {
        String text = url == null ? "" : url;
        String base = request.getFhirServerBase();
        if (base != null && text.startsWith(base + "/")) {
            text = text.substring(base.length());
        }
        return text.replaceFirst("^/+", "");
    }

    /** The query of a condition, which may come with the type before it. */
    private static String query(String condition) {
        if (condition == null || condition.isBlank()) {
            return null;
        }
        return condition.substring(condition.indexOf('?') + 1);
    }

    /** Says of an entry's issues where in the bundle they are; {@code place} is null where there is no bundle. */
    static void relocate(OperationOutcome outcome, String place) {
        if (place == null) {
            return;
        }
        for (OperationOutcome.OperationOutcomeIssueComponent issue : outcome.getIssue()) {
            issue.getExpression().forEach(path -> {
                String text = path.getValue() == null ? "" : path.getValue();
                int dot = text.indexOf('.');
                path.setValue(dot < 0 ? place : place + text.substring(dot));
            });
        }
    }
}
