package accord.hapi;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A HAPI FHIR server on a port of loopback. */
final class HapiServer implements AutoCloseable {

    static final FhirContext R4 = FhirContext.forR4();

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private final Server jetty = new Server();
    private final ServerConnector connector = new ServerConnector(jetty);

    HapiServer(List<Object> providers, Object... interceptors) throws Exception {
        RestfulServer fhir = new RestfulServer(R4);
        fhir.registerProviders(providers);
        for (Object interceptor : interceptors) {
            fhir.registerInterceptor(interceptor);
        }
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(fhir), "/fhir/*");
        jetty.setHandler(context);
        jetty.start();
    }

    String base() {
        return "http://127.0.0.1:" + connector.getLocalPort() + "/fhir";
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        String type = method.equals("PATCH") ? "application/json-patch+json" : "application/fhir+json";
        return sendAs(type, method, path, body, headers);
    }

    HttpResponse<String> sendAs(String type, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
