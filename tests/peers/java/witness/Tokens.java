package witness;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

/** `token`: a JWS in compact form, RS256; `keys`: the JSON of the key set its `kid` is looked up in. */
final class Tokens {
  private Tokens() {}

  static String judge(JsonObject task) throws Exception {
    String[] parts = task.get("token").getAsString().split("\\.", -1);
    if (parts.length != 3) return "not a compact form";
    JsonObject header = JsonParser.parseString(new String(decode(parts[0]), StandardCharsets.UTF_8)).getAsJsonObject();
    if (!header.get("alg").getAsString().equals("RS256")) return "algorithm " + header.get("alg").getAsString();
    for (JsonElement each : JsonParser.parseString(task.get("keys").getAsString()).getAsJsonObject().getAsJsonArray("keys")) {
      JsonObject key = each.getAsJsonObject();
      if (!key.get("kid").equals(header.get("kid"))) continue;
      PublicKey rsa = KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(
          new BigInteger(1, decode(key.get("n").getAsString())), new BigInteger(1, decode(key.get("e").getAsString()))));
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(rsa);
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(decode(parts[2])) ? "good" : "the signature is wrong";
    }
    return "no such key";
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }
}
