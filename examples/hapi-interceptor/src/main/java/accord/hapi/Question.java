package accord.hapi;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.hl7.fhir.instance.model.api.IBaseResource;

/** The Parameters that Accord is sent. */
final class Question {

    /** The question would be longer than allowed. */
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final JsonFactory JSON = new JsonFactory();

    private Question() {}

    /**
     * The Parameters as JSON. Without a caller only the resource is in it.
     *
     * @throws TooLong where it has more than {@code limitBytes} bytes; no more than that is ever built
     */
    static byte[] write(FhirContext context, Write write, Caller caller, int limitBytes) throws TooLong {
        Bounded out = new Bounded(limitBytes);
        try (JsonGenerator json = JSON.createGenerator(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            json.writeStartObject();
            json.writeStringField("resourceType", "Parameters");
            json.writeArrayFieldStart("parameter");
            resource(json, context, "resource", write.resource());
            if (caller != null) {
                // Even an empty one: Accord wants to be told the scopes.
                text(json, "scope", "valueString", caller.scope());
                text(json, "patient", "valueId", caller.patient());
                text(json, "method", "valueCode", write.method());
                text(json, "url", "valueString", write.url());
                text(json, "ifNoneExist", "valueString", write.ifNoneExist());
                if (write.old().resource() != null) {
                    resource(json, context, "old", write.old().resource());
                } else if (write.old().isRead()) {
                    flag(json, "oldAbsent");
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException | RuntimeException e) {
            if (out.isFull) {
                throw new TooLong();
            }
            throw e instanceof RuntimeException r ? r : new UncheckedIOException((IOException) e);
        }
        return out.toByteArray();
    }

    private static void text(JsonGenerator json, String name, String member, String value) throws IOException {
        if (value != null) {
            json.writeStartObject();
            json.writeStringField("name", name);
            json.writeStringField(member, value);
            json.writeEndObject();
        }
    }

    private static void flag(JsonGenerator json, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeBooleanField("valueBoolean", true);
        json.writeEndObject();
    }

    private static void resource(JsonGenerator json, FhirContext context, String name, IBaseResource resource)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeFieldName("resource");
        json.writeRawValue("");
        json.flush();
        IParser parser = context.newJsonParser();
        // What is stored is judged, not what HAPI shows of it.
        parser.setStripVersionsFromReferences(false);
        parser.setPrettyPrint(false);
        Writer writer = new Unclosed((OutputStreamWriter) json.getOutputTarget());
        parser.encodeResourceToWriter(resource, writer);
        writer.flush();
        json.writeEndObject();
    }

    /** Keeps an encoder from closing what others write to, too. */
    private static final class Unclosed extends java.io.FilterWriter {
        Unclosed(Writer out) {
            super(out);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    private static final class Bounded extends OutputStream {
        private final int limitBytes;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private boolean isFull;

        Bounded(int limitBytes) {
            this.limitBytes = limitBytes;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (length > limitBytes - kept.size()) {
                isFull = true;
                throw new IOException("the limit is reached");
            }
            kept.write(bytes, from, length);
        }

        byte[] toByteArray() {
            return kept.toByteArray();
        }
    }
}
