package accord.hapi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The program itself, serving on a port of loopback that it chooses. */
final class RealAccord implements AutoCloseable {

    static final String TOKEN = "t0ken";
    private static final String TOLD = "listening on ";

    final String url;
    private final Process process;

    /** Starts it on a data folder; it has stopped when this is closed. */
    RealAccord(String program, Path data) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(program, "serve", "--listen", "127.0.0.1:0", "--data", data.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("ACCORD"));
        builder.environment().put("ACCORD_ADMIN_TOKEN", TOKEN);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        process = builder.start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith(TOLD)) {
            process.destroyForcibly();
            throw new IOException("`" + program + "` does not serve: " + line);
        }
        url = line.substring(TOLD.length()).strip();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url + path)));
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + TOKEN)
                .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
