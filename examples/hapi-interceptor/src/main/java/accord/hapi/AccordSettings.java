package accord.hapi;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of the interceptor; README.md lists them.
 *
 * @param url             the base of Accord, without a slash at its end
 * @param negotiation     the id of a kept negotiation; null: only the resource itself is validated
 * @param token           Accord's bearer token; null where it needs none
 * @param timeLimit       for one question, from the wait for a free place to the last byte of the answer
 * @param concurrent      questions that may be under way at the same time
 * @param bundleEntries   entries that a batch or transaction may have
 * @param bundleTimeLimit for all questions about one batch or transaction
 * @param questionBytes   bytes of one question, that is of the resource with what it replaces
 * @param answerBytes     bytes of one answer
 * @param onFailure       what happens where Accord gives no answer
 * @param onUndetermined  what happens where Accord cannot decide
 * @param hooks           where writes are looked at
 * @param patch           who judges patches, where writes are looked at as requests
 */
public record AccordSettings(
        URI url,
        String negotiation,
        String token,
        Duration timeLimit,
        int concurrent,
        int bundleEntries,
        Duration bundleTimeLimit,
        int questionBytes,
        int answerBytes,
        Otherwise onFailure,
        Otherwise onUndetermined,
        Hooks hooks,
        Patch patch) {

    /** What becomes of a write about which nothing is known. */
    public enum Otherwise {
        /** It is refused: fail closed. */
        REFUSE,
        /** It goes on: fail open. */
        ADMIT
    }

    /** Where writes are looked at. */
    public enum Hooks {
        /** At the request, before the provider's method: any RestfulServer. */
        REQUEST,
        /** At the storage, for storages that fire HAPI's STORAGE_PRESTORAGE_… hooks, as the JPA server's. */
        STORAGE
    }

    /** Who judges a patch at the request, where its result is not known yet. */
    public enum Patch {
        /** Nobody: patches are refused. */
        REFUSE,
        /** The provider, who calls {@link AccordInterceptor#judge} with the result. */
        PROVIDER
    }

    private static final String PREFIX = "ACCORD_CHECK_";
    private static final Set<String> NAMES = Set.of(
            "URL",
            "NEGOTIATION",
            "TOKEN",
            "TOKEN_FILE",
            "TIME_LIMIT_MS",
            "CONCURRENT",
            "BUNDLE_ENTRIES",
            "BUNDLE_TIME_LIMIT_MS",
            "QUESTION_BYTES",
            "ANSWER_BYTES",
            "ON_FAILURE",
            "ON_UNDETERMINED",
            "HOOKS",
            "PATCH");
    private static final int MIB = 1024 * 1024;

    /**
     * The settings out of variables, as {@code System.getenv()} gives them; those with other prefixes are ignored.
     *
     * @throws IllegalArgumentException naming the variable that is missing, unknown or has an impossible value
     */
    public static AccordSettings from(Map<String, String> variables) {
        for (String name : new TreeSet<>(variables.keySet())) {
            if (name.startsWith(PREFIX) && !NAMES.contains(name.substring(PREFIX.length()))) {
                throw new IllegalArgumentException("unknown setting `" + name + "`");
            }
        }
        Reading reading = new Reading(variables);
        return new AccordSettings(
                reading.url(),
                reading.text("NEGOTIATION"),
                reading.token(),
                Duration.ofMillis(reading.number("TIME_LIMIT_MS", 5_000)),
                reading.number("CONCURRENT", 16),
                reading.number("BUNDLE_ENTRIES", 500),
                Duration.ofMillis(reading.number("BUNDLE_TIME_LIMIT_MS", 60_000)),
                reading.number("QUESTION_BYTES", 16 * MIB),
                reading.number("ANSWER_BYTES", 4 * MIB),
                reading.choice("ON_FAILURE", Otherwise.REFUSE),
                reading.choice("ON_UNDETERMINED", Otherwise.REFUSE),
                reading.choice("HOOKS", Hooks.REQUEST),
                reading.choice("PATCH", Patch.REFUSE));
    }

    /** Whether resources and tokens would leave this machine without encryption. */
    boolean isInClear() {
        String host = url.getHost();
        boolean isHere = host.equals("localhost") || host.equals("[::1]") || host.matches("127\\.[0-9.]+");
        return !isHere && "http".equals(url.getScheme());
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "AccordSettings[%s, negotiation %s, %s]"
                .formatted(url, negotiation == null ? "none" : "set", hooks.name().toLowerCase(Locale.ROOT));
    }

    private record Reading(Map<String, String> variables) {

        String text(String name) {
            String value = variables.get(PREFIX + name);
            return value == null || value.isBlank() ? null : value.strip();
        }

        IllegalArgumentException fault(String name, String expected) {
            return new IllegalArgumentException("`" + PREFIX + name + "`: expected " + expected);
        }

        URI url() {
            String text = text("URL");
            IllegalArgumentException fault =
                    fault("URL", "the base URL of Accord, http or https, without user, query and fragment");
            if (text == null) {
                throw fault;
            }
            URI url;
            try {
                url = URI.create(text.replaceAll("/+$", ""));
            } catch (IllegalArgumentException e) {
                throw fault;
            }
            boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean isBare = url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
            if (!isHttp || url.getHost() == null || !isBare) {
                throw fault;
            }
            return url;
        }

        String token() {
            String token = text("TOKEN");
            String file = text("TOKEN_FILE");
            if (token != null && file != null) {
                throw fault("TOKEN_FILE", "either a token or a file with one");
            }
            if (file != null) {
                try {
                    token = Files.readString(Path.of(file)).strip();
                } catch (IOException | RuntimeException e) {
                    throw fault("TOKEN_FILE", "a file that can be read");
                }
                if (token.isEmpty()) {
                    throw fault("TOKEN_FILE", "a file that contains a token");
                }
            }
            if (token != null && !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw fault("TOKEN", "visible ASCII characters");
            }
            return token;
        }

        int number(String name, int otherwise) {
            String text = text(name);
            if (text == null) {
                return otherwise;
            }
            try {
                int number = Integer.parseInt(text);
                if (number > 0) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Told below.
            }
            throw fault(name, "a whole number from 1 to " + Integer.MAX_VALUE);
        }

        <E extends Enum<E>> E choice(String name, E otherwise) {
            String text = text(name);
            if (text == null) {
                return otherwise;
            }
            E[] all = otherwise.getDeclaringClass().getEnumConstants();
            for (E one : all) {
                if (one.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return one;
                }
            }
            throw fault(name, "`%s` or `%s`".formatted((Object[]) all).toLowerCase(Locale.ROOT));
        }
    }
}
