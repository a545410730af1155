package witness;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Judges what others made with the JDK alone. A JSON array of tasks comes on stdin, an array of verdicts goes to stdout:
 * "good", or the reason of the refusal. Each task has a `kind` and what its class says.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    JsonArray verdicts = new JsonArray();
    var input = new InputStreamReader(System.in, StandardCharsets.UTF_8);
    for (JsonElement each : JsonParser.parseReader(input).getAsJsonArray()) {
      verdicts.add(verdict(each.getAsJsonObject()));
    }
    System.out.println(verdicts);
  }

  private static String verdict(JsonObject task) {
    try {
      return switch (task.get("kind").getAsString()) {
        case "assertion" -> Signatures.assertion(task);
        case "submission" -> Signatures.submission(task);
        case "token" -> Tokens.judge(task);
        case "chain" -> Chains.judge(task);
        default -> "unknown kind";
      };
    } catch (Exception error) {
      return "unreadable: " + error.getClass().getSimpleName() + " " + error.getMessage();
    }
  }
}
