package accord.hapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import accord.hapi.AccordSettings.Hooks;
import accord.hapi.AccordSettings.Otherwise;
import accord.hapi.AccordSettings.Patch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static AccordSettings with(String name, String value) {
        Map<String, String> all = new HashMap<>(Bench.variables("URL", "http://127.0.0.1:8080/", name, value));
        all.put("ACCORD_LISTEN", "ignored");
        return AccordSettings.from(all);
    }

    @Test
    void everythingIsClosedByDefault() {
        AccordSettings settings = with("NEGOTIATION", " ");
        assertEquals("http://127.0.0.1:8080", settings.url().toString());
        assertNull(settings.negotiation());
        assertNull(settings.token());
        assertEquals(Duration.ofSeconds(5), settings.timeLimit());
        assertEquals(Otherwise.REFUSE, settings.onFailure());
        assertEquals(Otherwise.REFUSE, settings.onUndetermined());
        assertEquals(Hooks.REQUEST, settings.hooks());
        assertEquals(Patch.REFUSE, settings.patch());
    }

    @ParameterizedTest
    @CsvSource({
        "URL,''",
        "URL,127.0.0.1:8080",
        "URL,ftp://127.0.0.1",
        "URL,http://user:secret@127.0.0.1",
        "URL,http://127.0.0.1/?x=1",
        "URL,http://127.0.0.1/ x",
        "TIME_LIMIT_MS,0",
        "TIME_LIMIT_MS,5s",
        "CONCURRENT,-1",
        "ANSWER_BYTES,99999999999",
        "ON_FAILURE,open",
        "ON_UNDETERMINED,true",
        "HOOKS,both",
        "PATCH,admit",
        "TOKEN,a\u007Fb",
        "TOKEN,two words",
        "TOKEN_FILE,no/such",
        "ON_FALIURE,admit",
    })
    void whatIsWrongIsNamed(String name, String value) {
        String message = assertThrows(IllegalArgumentException.class, () -> with(name, value)).getMessage();
        assertTrue(message.contains("ACCORD_CHECK_" + name), message);
        assertFalse(message.contains("secret") || message.contains("words"), message);
    }

    @Test
    void theTokenMayComeFromAFileAndIsNeverShown(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("token");
        Files.writeString(file, "t0ken\n");
        AccordSettings settings = with("TOKEN_FILE", file.toString());
        assertEquals("t0ken", settings.token());
        assertFalse(settings.toString().contains("t0ken"));
        Map<String, String> both =
                Bench.variables("URL", "http://127.0.0.1", "TOKEN", "x", "TOKEN_FILE", file.toString());
        assertThrows(IllegalArgumentException.class, () -> AccordSettings.from(both));
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:1,false", "http://localhost,false", "http://[::1]:1,false", "https://accord.test,false",
        "http://accord.test,true", "http://127.accord.test,true"
    })
    void whatLeavesTheMachineInClearIsKnown(String url, boolean isInClear) {
        assertEquals(isInClear, with("URL", url).isInClear());
    }

    @Test
    void aNegotiationNeedsCallers() {
        AccordSettings settings = with("NEGOTIATION", "n");
        assertThrows(
                IllegalArgumentException.class, () -> new AccordInterceptor(HapiServer.R4, settings, null, null));
    }
}
