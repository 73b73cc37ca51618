package accord.hapi;

import accord.hapi.AccordSettings.Hooks;
import accord.hapi.AccordSettings.Otherwise;
import accord.hapi.AccordSettings.Patch;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.FhirVersionEnum;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Accord about every resource before it is stored, and refuses those that it does not find valid. README.md
 * says which writes are covered. Its log has no values of instances, no ids and no tokens.
 */
@Interceptor(order = AccordInterceptor.ORDER)
public final class AccordInterceptor {

    /** Behind HAPI's own interceptors for consent, authorization and conversion: what they leave is what is stored. */
    public static final int ORDER = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(AccordInterceptor.class);

    private final AccordSettings settings;
    private final CallerSource callers;
    private final OldResources old;
    private final AccordClient accord;

    /**
     * @param context the server's, of FHIR R4
     * @param callers tells who writes; may be null without a negotiation
     * @param old     finds what updates replace, where writes are looked at as requests; may be null
     */
    public AccordInterceptor(FhirContext context, AccordSettings settings, CallerSource callers, OldResources old) {
        if (context.getVersion().getVersion() != FhirVersionEnum.R4) {
            throw new IllegalArgumentException("the interceptor is for servers of FHIR R4");
        }
        if (callers == null && settings.negotiation() != null) {
            throw new IllegalArgumentException("a negotiation needs a source of callers");
        }
        this.settings = settings;
        this.callers = callers;
        this.old = old;
        this.accord = new AccordClient(context, settings);
        LOG.info("asking {} before writes", settings);
        if (settings.isInClear()) {
            LOG.warn("resources are sent to Accord without encryption");
        }
    }

    /** Creates, updates, patches, batches and transactions, before the method of their provider. */
    @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_HANDLED)
    public void beforeRequest(RequestDetails request, RestOperationTypeEnum operation) {
        switch (operation) {
            case CREATE, UPDATE, UPDATE_REWRITE_HISTORY -> {
                if (settings.hooks() == Hooks.REQUEST) {
                    judgeRequest(request, operation);
                }
            }
            case PATCH -> {
                if (settings.hooks() == Hooks.REQUEST && settings.patch() == Patch.REFUSE && !isTrusted(request)) {
                    throw Refusal.unjudged("patches are not accepted here: their result cannot be validated");
                }
            }
            case TRANSACTION, BATCH -> judgeBundle(request);
            default -> {
                // Stores nothing, or only by the hooks of the storage.
            }
        }
    }

    /** A new resource, before it is stored. */
    @Hook(Pointcut.STORAGE_PRESTORAGE_RESOURCE_CREATED)
    public void beforeCreate(IBaseResource resource, RequestDetails request) {
        if (settings.hooks() == Hooks.STORAGE) {
            judge(caller(request), Writes.stored(request, resource, Old.found(null)), ownDeadline(), null);
        }
    }

    /** The result of an update or a patch, before it is stored. */
    @Hook(Pointcut.STORAGE_PRESTORAGE_RESOURCE_UPDATED)
    public void beforeUpdate(IBaseResource previous, IBaseResource resource, RequestDetails request) {
        if (settings.hooks() == Hooks.STORAGE) {
            judge(caller(request), Writes.stored(request, resource, Old.found(previous)), ownDeadline(), null);
        }
    }

    /**
     * For providers that store what no hook shows, such as the result of a patch: returns where it may be stored.
     *
     * @param request  the request that the provider serves
     * @param resource what is to be stored
     * @param previous what it replaces; null where there is nothing
     * @throws BaseServerResponseException where it may not
     */
    public void judge(RequestDetails request, IBaseResource resource, IBaseResource previous) {
        judge(caller(request), Writes.stored(request, resource, Old.found(previous)), ownDeadline(), null);
    }

    private void judgeRequest(RequestDetails request, RestOperationTypeEnum operation) {
        IBaseResource resource = request.getResource();
        if (resource == null) {
            throw Refusal.unjudged("the resource could not be read");
        }
        Old previous = Old.NOT_READ;
        boolean hasId = request.getId() != null && request.getId().hasIdPart();
        if (old != null && hasId && operation != RestOperationTypeEnum.CREATE) {
            previous = Old.found(old.read(request, request.getId()));
        }
        judge(caller(request), Writes.stored(request, resource, previous), ownDeadline(), null);
    }

    /** Entry by entry, in their order; the first that is refused ends it. */
    private void judgeBundle(RequestDetails request) {
        if (!(request.getResource() instanceof Bundle bundle)) {
            throw Refusal.unjudged("the bundle could not be read");
        }
        List<BundleEntryComponent> entries = bundle.getEntry();
        if (entries.size() > settings.bundleEntries()) {
            throw Refusal.unjudged("the bundle has more than " + settings.bundleEntries() + " entries");
        }
        Writes.remember(request, entries);
        Caller caller = caller(request);
        if (caller != null && caller.trusted()) {
            return;
        }
        long deadline = System.nanoTime() + settings.bundleTimeLimit().toNanos();
        for (int i = 0; i < entries.size(); i++) {
            Writes.Entry entry = Writes.entry(request, entries.get(i), settings, old);
            if (entry.refused() != null) {
                throw Refusal.unjudged("entry " + i + ": " + entry.refused());
            }
            if (entry.write() != null) {
                judge(caller, entry.write(), deadline, "Bundle.entry[" + i + "].resource");
            }
        }
    }

    private boolean isTrusted(RequestDetails request) {
        Caller caller = caller(request);
        return caller != null && caller.trusted();
    }

    private long ownDeadline() {
        return System.nanoTime() + settings.timeLimit().toNanos();
    }

    /** Who writes; null where Accord is not asked under a negotiation. */
    private Caller caller(RequestDetails request) {
        Caller caller = callers == null ? null : callers.caller(request);
        if (caller != null && caller.trusted()) {
            return caller;
        }
        if (settings.negotiation() == null) {
            return null;
        }
        if (caller == null) {
            LOG.info("refused: the caller was not verified");
            throw Refusal.nobody();
        }
        return caller;
    }

    private void judge(Caller caller, Write write, long deadline, String place) {
        if (caller != null && caller.trusted()) {
            return;
        }
        long start = System.nanoTime();
        Answer answer;
        try {
            answer = accord.ask(write, caller, deadline);
        } catch (Question.TooLong e) {
            LOG.info("{}: refused, it has more than {} bytes", write, settings.questionBytes());
            throw Refusal.unjudged("the resource has more than " + settings.questionBytes() + " bytes");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.missing();
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        BaseServerResponseException refusal = decide(write, answer, tookMs, place);
        if (refusal != null) {
            throw refusal;
        }
    }

    /** The refusal, or null where the write goes on. */
    private BaseServerResponseException decide(Write write, Answer answer, long tookMs, String place) {
        if (answer instanceof Answer.Judged judged) {
            Writes.relocate(judged.outcome(), place);
            return decide(write, judged, tookMs);
        }
        if (answer instanceof Answer.Missing missing) {
            boolean admits = settings.onFailure() == Otherwise.ADMIT;
            LOG.warn(
                    "{}: Accord is {} after {} ms; {}",
                    write,
                    missing.failure().name().toLowerCase(Locale.ROOT),
                    tookMs,
                    admits ? "admitted unseen" : "refused");
            return admits ? null : Refusal.missing();
        }
        if (answer instanceof Answer.Rejected rejected) {
            LOG.warn("{}: refused, Accord answered with status {} in {} ms", write, rejected.status(), tookMs);
            return Refusal.rejected(rejected.status(), rejected.outcome());
        }
        String why = ((Answer.Unreadable) answer).why();
        LOG.warn("{}: refused, Accord gave {} in {} ms", write, why, tookMs);
        return Refusal.unreadable();
    }

    private BaseServerResponseException decide(Write write, Answer.Judged judged, long tookMs) {
        OperationOutcome outcome = judged.outcome();
        switch (judged.verdict()) {
            case VALID -> {
                LOG.debug("{}: valid in {} ms", write, tookMs);
                return null;
            }
            case INVALID -> {
                LOG.info("{}: refused in {} ms, {} issues", write, tookMs, outcome.getIssue().size());
                return Refusal.invalid(outcome);
            }
            default -> {
                boolean admits = settings.onUndetermined() == Otherwise.ADMIT;
                LOG.info("{}: undetermined in {} ms; {}", write, tookMs, admits ? "admitted" : "refused");
                return admits ? null : Refusal.undetermined(outcome);
            }
        }
    }
}
