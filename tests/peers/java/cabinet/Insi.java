package cabinet;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Searches of the INS teleservice by traits or by card, and what the file becomes (domain notes ins.md, sections 2 to 4). */
final class Insi {
  private static final String URN = "urn:ServiceIdentiteCertifiee:1.0.0:";
  private static final Map<String, String> SPACES = Map.of(
      "e", "http://www.w3.org/2003/05/soap-envelope",
      "w", "http://www.w3.org/2005/08/addressing",
      "o", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
      "b", "urn:siram:bam:ctxbam",
      "l", "urn:siram:lps:ctxlps",
      "t", "http://www.cnamts.fr/INSiRecSans",
      "v", "http://www.cnamts.fr/INSiRecVit");
  private static final int MATRICULE = 13;

  /** The code of an answer, null when the service gave none; the identity it holds, if any. */
  private record Answer(String code, Element identity, String message) {}

  private final Settings settings;
  private final HttpClient http;
  private final String installation = UUID.randomUUID().toString();

  Insi(Settings settings) {
    this.settings = settings;
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(settings.tls("insi"))
        .connectTimeout(Duration.ofSeconds(20)).build();
  }

  /** `accept`: what the operator says of the identity proposed. */
  void search(Patient patient, JsonObject input, JsonObject answer) {
    Answer found = input.get("mode").getAsString().equals("vitale")
        ? byCard(patient, input.getAsJsonObject("card")) : byTraits(patient);
    String message = found.message();
    if (found.identity() != null) {
      message = input.get("accept").getAsBoolean() ? takeOver(patient, found.identity()) : "Identité refusée par l'opérateur";
    }
    answer.add("code", JsonNull.INSTANCE);
    if (found.code() != null) answer.addProperty("code", found.code());
    answer.add("insStatus", patient.json.get("status"));
    answer.addProperty("message", message);
  }

  /** A document of high confidence was shown. */
  static void confirm(Patient patient) {
    String status = patient.text("status");
    if (status.equals("PROV")) patient.json.addProperty("status", "VALI");
    if (status.equals("RECUP")) patient.json.addProperty("status", "QUAL");
  }

  /** One first name, then the others when nobody is found; all of them, then the place, when several are. */
  private Answer byTraits(Patient patient) {
    List<String> all = Arrays.asList(plain(patient.text("birthFirstNames")).split(" +"));
    Set<String> alone = new LinkedHashSet<>(List.of(plain(patient.text("firstName"))));
    alone.addAll(all);
    Answer answer = null;
    for (String name : alone) {
      answer = traits(patient, List.of(name), false);
      if (!"01".equals(answer.code())) break;
    }
    if ("02".equals(answer.code()) && all.size() > 1) answer = traits(patient, all, false);
    if ("02".equals(answer.code())) answer = traits(patient, all, true);
    return answer;
  }

  private Answer traits(Patient patient, List<String> firstNames, boolean withPlace) {
    Tree body = Tree.rooted(SPACES, settings.otherManner ? "t" : "", "t:RECSANSVITALE");
    body.add("t:NomNaissance").text(plain(patient.text("birthName")));
    // Both are seen: an element for each name, and one for all.
    for (String name : settings.otherManner ? List.of(String.join(" ", firstNames)) : firstNames) {
      body.add("t:Prenom").text(name);
    }
    body.add("t:Sexe").text(patient.text("sex"));
    body.add("t:DateNaissance").text(patient.text("birthDate"));
    if (withPlace) body.add("t:LieuNaissance").text(patient.text("birthPlace"));
    return call("rechercherInsAvecTraitsIdentite", body, null, patient);
  }

  private Answer byCard(Patient patient, JsonObject card) {
    String number = card.get("number").getAsString();
    Tree body = Tree.rooted(SPACES, settings.otherManner ? "v" : "", "v:RECVITALE");
    Tree insured = body.add("v:MatriculeOD");
    insured.add("v:NumIdentifiant").text(number.substring(0, MATRICULE));
    insured.add("v:Cle").text(number.substring(MATRICULE));
    insured.add("v:TypeMatricule").text("NIR");
    body.add("v:NomNaissance").text(plain(patient.text("birthName")));
    body.add("v:DateNaissance").text(patient.text("birthDate"));
    body.add("v:RangNaissance").text(card.get("rank").getAsString());
    return call("rechercherInsAvecCarteVitale", body, card, patient);
  }

  private Answer call(String operation, Tree body, JsonObject card, Patient patient) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Tree envelope = Tree.rooted(SPACES, settings.otherManner ? "e" : "", "e:Envelope");
    Tree header = envelope.add("e:Header");
    if (settings.otherManner) header.put("o:Security");
    header.add("w:Action").text(URN + operation);
    header.add("w:MessageID").text("uuid:" + UUID.randomUUID());
    Tree benefits = header.add("b:ContexteBAM", "Version", "01_02");
    benefits.add("b:Id").text(UUID.randomUUID().toString());
    benefits.add("b:Temps").text(now);
    benefits.add("b:Emetteur").text(organisation());
    Tree cover = benefits.add("b:COUVERTURE");
    if (card != null) {
      String number = card.get("number").getAsString().substring(0, MATRICULE);
      cover.add("b:ASSURE").add("b:Id").add("b:Num").text(number);
      Tree holder = cover.add("b:BENEFICIAIRE");
      holder.add("b:Nir").add("b:Num").text(number);
      holder.add("b:DateNai").text(patient.text("birthDate"));
      holder.add("b:Rang").text(card.get("rank").getAsString());
      holder.add("b:Porteur").text("1");
    }
    Tree context = header.add("l:ContexteLPS", "Version", "01_00");
    context.add("l:Id").text(UUID.randomUUID().toString());
    context.add("l:Temps").text(now);
    context.add("l:Emetteur").text(organisation());
    Tree software = context.add("l:LPS");
    software.add("l:IDAM", "R", "4").text(settings.at("candidate", "nil"));
    software.add("l:Version").text(settings.at("candidate", "version"));
    software.add("l:Instance").text(installation);
    software.add("l:Nom").text("urn:lps:cabinet-java:" + settings.at("candidate", "version"));
    envelope.add("e:Body").adopt(body.element);
    HttpRequest request = HttpRequest.newBuilder(URI.create(settings.endpoint("ins", "url"))).timeout(Duration.ofSeconds(20))
        .header("Content-Type", "application/soap+xml; charset=utf-8; action=\"" + URN + operation + "\"")
        .POST(HttpRequest.BodyPublishers.ofByteArray(envelope.bytes())).build();
    try {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      Document read = Tree.parse(response.body());
      Element fault = Tree.first(read, "Fault");
      if (fault != null) return new Answer(null, null, Tree.textOf(fault, "Text"));
      String code = Tree.textOf(read, "RESULTAT", "CR", "CodeCR");
      if (!List.of("00", "01", "02").contains(code)) return new Answer(null, null, "Réponse inattendue de l'INSi");
      Element identity = code.equals("00") ? Tree.first(read, "INDIVIDU") : null;
      return new Answer(code, identity, Tree.textOf(read, "RESULTAT", "CR", "LibelleCR"));
    } catch (IOException | Refusal error) {
      return new Answer(null, null, "L'INSi ne répond pas : " + error.getMessage());
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      return new Answer(null, null, "Interrompu");
    }
  }

  /** The strict traits of the INSi replace those of the file, unless one is missing or a date is unknown in part. */
  private static String takeOver(Patient patient, Element identity) {
    Element traits = Tree.first(identity, "TIQ");
    String firstNames = Tree.textOf(traits, "ListePrenom");
    List<String> read = new ArrayList<>(List.of(Tree.textOf(traits, "NomNaissance"), firstNames,
        Tree.textOf(traits, "Sexe"), Tree.textOf(traits, "DateNaissance"), Tree.textOf(traits, "LieuNaissance")));
    if (read.contains("") || read.get(3).contains("-00")) return "Identité incomplète : le dossier n'est pas changé";
    String firstName = Tree.textOf(traits, "Prenom");
    if (firstName.isEmpty()) {
      boolean kept = firstNames.equals(patient.text("firstName")) || firstNames.startsWith(patient.text("firstName") + " ");
      firstName = kept ? patient.text("firstName") : firstNames.split(" ")[0];
    }
    patient.json.addProperty("birthName", read.get(0));
    patient.json.addProperty("birthFirstNames", firstNames);
    patient.json.addProperty("firstName", firstName);
    patient.json.addProperty("sex", read.get(2));
    patient.json.addProperty("birthDate", read.get(3));
    patient.json.addProperty("birthPlace", read.get(4));
    Element active = Tree.first(identity, "INSACTIF");
    JsonObject ins = new JsonObject();
    ins.addProperty("matricule", Tree.textOf(active, "NumIdentifiant") + Tree.textOf(active, "Cle"));
    ins.addProperty("oid", Tree.textOf(active, "OID"));
    String status = patient.text("status");
    if (status.equals("PROV")) patient.json.addProperty("status", "RECUP");
    if (status.equals("VALI")) patient.json.addProperty("status", "QUAL");
    patient.json.add("ins", ins);
    return "Identité acceptée";
  }

  /** The organisation of the certificate shown: its OU. */
  private String organisation() {
    try {
      String name = settings.identity("insi").certificate().getSubjectX500Principal().getName();
      return new LdapName(name).getRdns().stream().filter((part) -> part.getType().equalsIgnoreCase("OU"))
          .map((part) -> part.getValue().toString()).findFirst().orElse("");
    } catch (InvalidNameException error) {
      throw new IllegalStateException(error);
    }
  }

  /** Capitals without accents nor ligatures; hyphens and apostrophes stay. */
  private static String plain(String text) {
    return Normalizer.normalize(text.toUpperCase(Locale.ROOT), Normalizer.Form.NFD).replaceAll("\\p{M}", "")
        .replace("Œ", "OE").replace("Æ", "AE").replace('\u2019', '\'');
  }
}
