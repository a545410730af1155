package cabinet;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Login through Pro Santé Connect: authorization code with PKCE; the tokens are verified with the JDK alone. */
final class Psc {
  /** Who is logged in, since when, and the tokens of the session. */
  record Session(Practitioner user, Instant since, String idToken, String accessToken, String refreshToken, Instant goodUntil) {}

  private record Pending(String nonce, String verifier) {}

  private static final Base64.Encoder URL_SAFE = Base64.getUrlEncoder().withoutPadding();
  private static final long TOLERANCE = 30;

  private final Settings settings;
  private final HttpClient http;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Pending> pending = new ConcurrentHashMap<>();
  private JsonObject discovery;
  private volatile Session session;
  private volatile String message = "";

  Psc(Settings settings) {
    this.settings = settings;
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(settings.tls("auth"))
        .connectTimeout(Duration.ofSeconds(20)).build();
  }

  Session session() {
    return session;
  }

  String message() {
    return message;
  }

  /** Where the browser goes from the login page. */
  synchronized String begin() {
    session = null;
    message = "";
    String state = secret(24);
    Pending begun = new Pending(secret(32), secret(48));
    pending.put(state, begun);
    return metadata().get("authorization_endpoint").getAsString() + "?" + form(Map.of(
        "response_type", "code",
        "client_id", settings.at("pscClient", "id"),
        "redirect_uri", settings.at("pscClient", "redirectUri"),
        "scope", "openid scope_all",
        "acr_values", "eidas1",
        "state", state,
        "nonce", begun.nonce(),
        "code_challenge_method", "S256",
        "code_challenge", URL_SAFE.encodeToString(sha256(begun.verifier()))));
  }

  /** The return from Pro Santé Connect: a session is open, or a refusal says why not. */
  synchronized void end(Map<String, String> query) {
    try {
      Pending begun = pending.remove(query.getOrDefault("state", ""));
      if (begun == null) throw new Refusal("Cette connexion n'a pas été demandée ici");
      String issuer = metadata().get("issuer").getAsString();
      if (query.containsKey("iss") && !query.get("iss").equals(issuer)) throw new Refusal("Réponse d'un autre fournisseur");
      if (!query.containsKey("code")) throw new Refusal("Pro Santé Connect refuse : " + query.get("error"));
      JsonObject tokens = post("token_endpoint", Map.of("grant_type", "authorization_code", "code", query.get("code"),
          "redirect_uri", settings.at("pscClient", "redirectUri"), "code_verifier", begun.verifier()));
      String idToken = tokens.get("id_token").getAsString();
      JsonObject claims = verified(idToken, issuer, begun.nonce());
      JsonObject user = get(metadata().get("userinfo_endpoint").getAsString(), tokens.get("access_token").getAsString());
      if (!user.get("sub").equals(claims.get("sub"))) throw new Refusal("Identité d'une autre personne");
      Instant since = claims.has("auth_time") ? Instant.ofEpochSecond(claims.get("auth_time").getAsLong()) : Instant.now();
      session = with(tokens, Practitioner.of(user), since, idToken);
    } catch (Refusal refusal) {
      message = refusal.getMessage();
      throw refusal;
    }
  }

  /** An access token for other services; `fresh`: the one held was refused. */
  synchronized String accessToken(boolean fresh) {
    Session held = session;
    if (held == null) throw new Refusal("Personne n'est connecté");
    if (!fresh && Instant.now().isBefore(held.goodUntil())) return held.accessToken();
    try {
      JsonObject tokens = post("token_endpoint", Map.of("grant_type", "refresh_token", "refresh_token", held.refreshToken()));
      session = with(tokens, held.user(), held.since(), held.idToken());
      return session.accessToken();
    } catch (Refusal refusal) {
      session = null;
      message = "La session Pro Santé Connect est terminée : reconnectez-vous";
      throw new Refusal(message);
    }
  }

  private static Session with(JsonObject tokens, Practitioner user, Instant since, String idToken) {
    return new Session(user, since, idToken, tokens.get("access_token").getAsString(),
        tokens.get("refresh_token").getAsString(), Instant.now().plusSeconds(tokens.get("expires_in").getAsLong() - 10));
  }

  /** Ends the session; gives the page of Pro Santé Connect that ends its own. */
  synchronized String leave() {
    Session ended = session;
    session = null;
    if (ended == null) return null;
    return metadata().get("end_session_endpoint").getAsString() + "?" + form(Map.of("id_token_hint", ended.idToken(),
        "post_logout_redirect_uri", settings.at("pscClient", "logoutUri"), "state", secret(16)));
  }

  /** Claims of the ID token once signature, issuer, audience, times, nonce and level are verified. */
  private JsonObject verified(String token, String issuer, String nonce) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) throw new Refusal("Jeton illisible");
    JsonObject header = decoded(parts[0]);
    if (!header.get("alg").getAsString().equals("RS256")) throw new Refusal("Algorithme de signature refusé");
    JsonObject key = key(header.get("kid").getAsString());
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(KeyFactory.getInstance("RSA").generatePublic(
          new RSAPublicKeySpec(number(key, "n"), number(key, "e"))));
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      if (!signature.verify(Base64.getUrlDecoder().decode(parts[2]))) throw new Refusal("Signature du jeton fausse");
    } catch (java.security.GeneralSecurityException error) {
      throw new Refusal("Signature du jeton fausse : " + error.getMessage());
    }
    JsonObject claims = decoded(parts[1]);
    String client = settings.at("pscClient", "id");
    JsonElement audience = claims.get("aud");
    boolean mine = audience != null && (audience.isJsonArray()
        ? audience.getAsJsonArray().contains(new com.google.gson.JsonPrimitive(client))
        : audience.getAsString().equals(client));
    long now = Instant.now().getEpochSecond();
    if (!issuer.equals(text(claims, "iss"))) throw new Refusal("Jeton d'un autre émetteur");
    if (!mine) throw new Refusal("Jeton destiné à un autre logiciel");
    if (!claims.has("exp") || claims.get("exp").getAsLong() + TOLERANCE < now) throw new Refusal("Jeton expiré");
    if (!claims.has("iat") || claims.get("iat").getAsLong() - TOLERANCE > now) throw new Refusal("Jeton du futur");
    if (!nonce.equals(text(claims, "nonce"))) throw new Refusal("Jeton d'une autre connexion");
    if (!text(claims, "acr").equals("eidas1")) throw new Refusal("Niveau d'authentification refusé");
    return claims;
  }

  private JsonObject key(String kid) {
    JsonObject keys = get(metadata().get("jwks_uri").getAsString(), null);
    for (JsonElement each : keys.getAsJsonArray("keys")) {
      if (kid.equals(text(each.getAsJsonObject(), "kid"))) return each.getAsJsonObject();
    }
    throw new Refusal("Clé de signature inconnue");
  }

  private JsonObject metadata() {
    if (discovery == null) discovery = get(settings.endpoint("psc", "walletDiscovery"), null);
    return discovery;
  }

  private JsonObject post(String endpoint, Map<String, String> fields) {
    String basic = encoded(settings.at("pscClient", "id")) + ":" + encoded(settings.at("pscClient", "secret"));
    return answer(HttpRequest.newBuilder(URI.create(metadata().get(endpoint).getAsString()))
        .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.US_ASCII)))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form(fields))));
  }

  private JsonObject get(String url, String bearer) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).header("Accept", "application/json");
    if (bearer != null) request.header("Authorization", "Bearer " + bearer);
    return answer(request);
  }

  private JsonObject answer(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) throw new Refusal("Pro Santé Connect refuse (HTTP " + response.statusCode() + ")");
      return JsonParser.parseString(response.body()).getAsJsonObject();
    } catch (IOException | com.google.gson.JsonParseException | IllegalStateException error) {
      throw new Refusal("Pro Santé Connect ne répond pas : " + error.getMessage());
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new Refusal("Interrompu");
    }
  }

  private String secret(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return URL_SAFE.encodeToString(bytes);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (java.security.NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }

  private static BigInteger number(JsonObject key, String name) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(key.get(name).getAsString()));
  }

  private static JsonObject decoded(String part) {
    try {
      return JsonParser.parseString(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8)).getAsJsonObject();
    } catch (RuntimeException error) {
      throw new Refusal("Jeton illisible");
    }
  }

  private static String text(JsonObject object, String name) {
    return object.has(name) && object.get(name).isJsonPrimitive() ? object.get(name).getAsString() : "";
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream().map((field) -> field.getKey() + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
