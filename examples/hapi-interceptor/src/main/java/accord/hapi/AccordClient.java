package accord.hapi;

import accord.hapi.Answer.Failure;
import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks Accord about one resource at a time, with as many questions under way as the settings allow. */
final class AccordClient {

    private final FhirContext context;
    private final AccordSettings settings;
    private final HttpClient http;
    private final Semaphore places;

    AccordClient(FhirContext context, AccordSettings settings) {
        this.context = context;
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeLimit())
                .build();
        this.places = new Semaphore(settings.concurrent(), true);
    }

    /**
     * What Accord says of a write, within the time limit or what is left until {@code deadline}, the earlier.
     *
     * @param caller   null where Accord is not asked under a negotiation
     * @param deadline as {@link System#nanoTime} tells it
     * @throws Question.TooLong     where there is more to send than allowed
     * @throws InterruptedException where the thread is interrupted
     */
    Answer ask(Write write, Caller caller, long deadline) throws Question.TooLong, InterruptedException {
        byte[] body = Question.write(context, write, caller, settings.questionBytes());
        long own = System.nanoTime() + settings.timeLimit().toNanos();
        long end = own - deadline < 0 ? own : deadline;
        if (!places.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return new Answer.Missing(Failure.BUSY);
        }
        try {
            return exchange(write, body, end, true);
        } finally {
            places.release();
        }
    }

    /** A question changes nothing: where a connection broke it is asked once more, on a new one. */
    private Answer exchange(Write write, byte[] body, long end, boolean again) throws InterruptedException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            return new Answer.Missing(Failure.SLOW);
        }
        BoundedBody received = new BoundedBody(settings.answerBytes());
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request(write, body, Duration.ofNanos(left)), head -> received);
        try {
            // The request's own time limit ends with the head of the answer, this one with its last byte.
            HttpResponse<byte[]> response = answer.get(left, TimeUnit.NANOSECONDS);
            return AnswerReader.read(context, response.statusCode(), response.body());
        } catch (TimeoutException e) {
            return new Answer.Missing(Failure.SLOW);
        } catch (ExecutionException e) {
            return failed(write, body, end, again, e.getCause());
        } finally {
            answer.cancel(true);
            received.stop();
        }
    }

    private Answer failed(Write write, byte[] body, long end, boolean again, Throwable cause)
            throws InterruptedException {
        if (caused(cause, BoundedBody.TooLong.class)) {
            return new Answer.Unreadable("an answer of more than " + settings.answerBytes() + " bytes");
        }
        if (caused(cause, ProtocolException.class)) {
            return new Answer.Unreadable("an answer that is not HTTP");
        }
        if (caused(cause, HttpTimeoutException.class)) {
            return new Answer.Missing(Failure.SLOW);
        }
        if (again && cause instanceof IOException && !caused(cause, ConnectException.class)) {
            return exchange(write, body, end, false);
        }
        return new Answer.Missing(Failure.DOWN);
    }

    /** The HTTP client wraps what went wrong, so that the thread that waits is in the stack. */
    private static boolean caused(Throwable error, Class<? extends Throwable> type) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < 8; depth++) {
            if (type.isInstance(at)) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    private HttpRequest request(Write write, byte[] body, Duration limit) {
        String query = settings.negotiation() == null
                ? ""
                : "?negotiation=" + URLEncoder.encode(settings.negotiation(), StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(settings.url() + "/" + write.type() + "/$validate" + query))
                .timeout(limit)
                .header("Content-Type", "application/fhir+json")
                .header("Accept", "application/fhir+json")
                .POST(BodyPublishers.ofByteArray(body));
        if (settings.token() != null) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        return request.build();
    }
}
