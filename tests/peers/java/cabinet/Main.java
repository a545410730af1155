package cabinet;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * A software of a medical practice in Java, driven over `specs/vendor-endpoints.yaml`. It shares no line with the suite: the
 * JDK, Jakarta Mail, PDFBox and Gson make its bytes. Arguments: --port N, --manner other for the other of two
 * manners of writing, --flaws A,B for mistakes on purpose.
 */
public final class Main {
  private static final int MOST = 1 << 20;

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (int index = 0; index + 1 < arguments.length; index += 2) options.put(arguments[index], arguments[index + 1]);
    // The services close a connection that is idle for five seconds: ours are given up before.
    System.setProperty("jdk.httpclient.keepalive.timeout", "2");
    Settings settings = new Settings(Path.of(System.getenv("SEGUR_ENV")), List.of(options.getOrDefault("--flaws", "").split(",")),
        options.getOrDefault("--manner", "").equals("other"));
    Psc psc = new Psc(settings);
    Office office = new Office(settings, psc, "https://localhost:" + options.get("--port"));
    HttpsServer server = HttpsServer.create(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(options.get("--port"))), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(settings.tls("vendor")));
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/segur/health", (call) -> answer(call, 200, office.health()));
    server.createContext("/segur/operations/", (call) -> operation(call, office));
    server.createContext("/login", (call) -> redirect(call, psc.begin()));
    server.createContext("/callback", (call) -> {
      try {
        psc.end(query(call));
        page(call, 200, "Connecté");
      } catch (Refusal refusal) {
        page(call, 403, refusal.getMessage());
      }
    });
    server.createContext("/", (call) -> page(call, 200, "Accueil"));
    server.start();
    // The suite closes our input when it has finished.
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private static void operation(HttpExchange call, Office office) throws IOException {
    JsonObject answer = new JsonObject();
    try {
      byte[] body = call.getRequestBody().readNBytes(MOST + 1);
      if (body.length > MOST) {
        answer.addProperty("error", "too large");
        answer(call, 413, answer);
        return;
      }
      String name = call.getRequestURI().getPath().substring("/segur/operations/".length());
      JsonObject input = JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
      answer = office.run(name, input);
      answer.addProperty("status", "done");
    } catch (Refusal | Dmp.Unavailable refused) {
      answer.addProperty("status", "refused");
      answer.addProperty("reason", refused.getMessage());
    } catch (RuntimeException error) {
      error.printStackTrace();
      answer.addProperty("error", String.valueOf(error));
      answer(call, 500, answer);
      return;
    }
    answer(call, 200, answer);
  }

  private static Map<String, String> query(HttpExchange call) {
    Map<String, String> fields = new HashMap<>();
    String query = call.getRequestURI().getRawQuery();
    for (String field : query == null ? new String[0] : query.split("&")) {
      String[] sides = field.split("=", 2);
      fields.put(decoded(sides[0]), sides.length > 1 ? decoded(sides[1]) : "");
    }
    return fields;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void redirect(HttpExchange call, String to) throws IOException {
    call.getResponseHeaders().set("Location", to);
    call.sendResponseHeaders(302, -1);
    call.close();
  }

  private static void page(HttpExchange call, int status, String text) throws IOException {
    send(call, status, "text/plain; charset=utf-8", text);
  }

  private static void answer(HttpExchange call, int status, JsonObject json) throws IOException {
    send(call, status, "application/json", json.toString());
  }

  private static void send(HttpExchange call, int status, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().set("Content-Type", type);
    call.sendResponseHeaders(status, bytes.length);
    try (var out = call.getResponseBody()) {
      out.write(bytes);
    }
  }
}
