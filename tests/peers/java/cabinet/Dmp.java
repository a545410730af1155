package cabinet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Calls of the DMP: an envelope with its VIHF over mutual TLS, and the answer read. */
final class Dmp {
  /** In whose name and why a call is made. */
  record Caller(Practitioner user, Instant loggedIn, Vihf.Purpose purpose) {}

  /** An answer without fault. */
  record Answer(Document envelope, Map<String, byte[]> parts) {}

  /** No answer came, or none that tells whether the call was carried out. */
  static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unavailable(String why) {
      super(why);
    }
  }

  /** The registry said no; `codes` are those of its errors. */
  static final class Rejected extends Refusal {
    private static final long serialVersionUID = 1L;
    final transient List<String> codes;

    Rejected(List<String> codes, String reason) {
      super(reason);
      this.codes = codes;
    }
  }

  private static final Map<String, String> SPACES = Map.of(
      "e", "http://www.w3.org/2003/05/soap-envelope",
      "w", "http://www.w3.org/2005/08/addressing",
      "o", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd");
  private static final Map<String, String> V3 = Map.of("m", "urn:hl7-org:v3");
  private static final Map<String, String> RIGHTS = Map.of("r", "urn:si-dmp-habilitations");

  private final Settings settings;
  private final Vihf vihf;
  private final HttpClient http;

  Dmp(Settings settings) {
    this.settings = settings;
    vihf = new Vihf(settings);
    http = HttpClient.newBuilder().version(settings.otherManner ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
        .sslContext(settings.tls("auth"))
        .connectTimeout(Duration.ofSeconds(20)).build();
  }

  /** `parts`: null for a plain SOAP message, else what the envelope refers to by Content-ID. */
  Answer call(String service, String action, Tree body, LinkedHashMap<String, byte[]> parts, Patient patient, Caller caller) {
    String url = settings.endpoint("dmp", service);
    Tree envelope = Tree.rooted(SPACES, settings.otherManner ? "e" : "", "e:Envelope");
    Tree header = envelope.add("e:Header");
    if (settings.otherManner) header.text("\n\t");
    header.add("w:To").text(url);
    header.add("w:MessageID").text("urn:uuid:" + UUID.randomUUID());
    header.add("w:Action", "e:mustUnderstand", "true").text(action);
    header.add("w:ReplyTo").add("w:Address").text("http://www.w3.org/2005/08/addressing/anonymous");
    Tree security = header.add("o:Security", "e:mustUnderstand", settings.otherManner ? "1" : null);
    if (settings.otherManner) security.text("\n\t\t");
    security.adopt(vihf.assertion(caller.user(), caller.loggedIn(), patient, caller.purpose()));
    envelope.add("e:Body").adopt(body.element);
    String type = "application/soap+xml; charset=utf-8; action=\"" + action + "\"";
    byte[] bytes = envelope.bytes();
    if (parts != null) {
      Mtom.Packed packed = Mtom.pack(bytes, action, parts, settings.otherManner);
      type = packed.contentType();
      bytes = packed.bytes();
    }
    // A stream has no length: the other manner sends in chunks.
    ByteArrayInputStream stream = new ByteArrayInputStream(bytes);
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20))
        .header("Content-Type", type).POST(settings.otherManner ? HttpRequest.BodyPublishers.ofInputStream(() -> stream)
            : HttpRequest.BodyPublishers.ofByteArray(bytes)).build();
    HttpResponse<byte[]> response;
    try {
      response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException error) {
      throw new Unavailable("Le DMP ne répond pas (" + error.getMessage() + ")");
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new Unavailable("Interrompu");
    }
    String answered = response.headers().firstValue("content-type").orElse("");
    if (response.statusCode() >= 500 && !answered.contains("xml")) {
      throw new Unavailable("Le DMP est indisponible (HTTP " + response.statusCode() + ")");
    }
    Mtom.Unpacked unpacked = Mtom.unpack(answered.isEmpty() ? "text/plain" : answered, response.body());
    Document read = Tree.parse(unpacked.envelope());
    Element fault = Tree.first(read, "Fault");
    if (fault != null) throw new Refusal("Le DMP refuse : " + Tree.textOf(fault, "Text"));
    return new Answer(read, unpacked.parts());
  }

  /** What the answer to TD0.2 says. */
  record Existence(String state, String closure, String authorisation, Boolean attending, boolean otherTraits) {
    boolean open() {
      return state.equals("open");
    }
  }

  /** TD0.2. */
  Existence exists(Patient patient, Caller caller) {
    Tree query = Tree.root(V3, "m:PRPA_IN201307UV02", "ITSVersion", "XML_1.0");
    query.put("m:id", "root", Clinical.newId())
        .put("m:creationTime", "value", Metadata.now())
        .put("m:interactionId", "root", "2.16.840.1.113883.1.6", "extension", "PRPA_IN201307UV02")
        .put("m:processingCode", "code", "P")
        .put("m:processingModeCode", "code", "T")
        .put("m:acceptAckCode", "code", "AL");
    query.add("m:receiver", "typeCode", "RCV").add("m:device", "classCode", "DEV", "determinerCode", "INSTANCE")
        .put("m:id", "root", "1.2.250.1.213.4.1.1.1");
    Tree device = query.add("m:sender", "typeCode", "SND")
        .add("m:device", "classCode", "DEV", "determinerCode", "INSTANCE");
    device.put("m:id", "root", Patient.LOCAL_IDS);
    device.add("m:softwareName").text(settings.at("candidate", "product"));
    Tree act = query.add("m:controlActProcess", "classCode", "CACT", "moodCode", "EVN");
    act.put("m:code", "code", "PRPA_TE201307UV02", "codeSystem", "2.16.840.1.113883.1.6")
        .put("m:reasonCode", "code", "TEST_EXST", "codeSystem", "1.2.250.1.213.1.1.4.11");
    Tree payload = act.add("m:queryByParameter");
    payload.put("m:queryId", "root", Clinical.newId()).put("m:statusCode", "code", "new");
    Tree identifier = payload.add("m:parameterList").add("m:patientIdentifier");
    identifier.put("m:value", "root", patient.authority(), "extension", patient.matricule());
    identifier.add("m:semanticsText").text("Patient.id");
    Document answer = call("patients", "urn:hl7-org:v3:PRPA_IN201307UV02", query, null, patient, caller).envelope();
    String acknowledged = Tree.attribute(answer, "typeCode", "acknowledgement");
    String found = Tree.attribute(answer, "code", "queryAck", "queryResponseCode");
    if (!acknowledged.equals("AA") || found.isEmpty()) {
      throw new Refusal("Le DMP n'a pas pu répondre : " + Tree.textOf(answer, "acknowledgementDetail", "text"));
    }
    if (!found.equals("OK")) return new Existence("absent", null, null, null, false);
    Element person = Tree.first(answer, "patient");
    boolean open = Tree.attribute(person, "code", "statusCode").equals("active");
    String authorisation = null;
    Boolean attending = null;
    for (Element line : Tree.all(answer, "attentionLine")) {
      String key = Tree.attribute(line, "code", "keyWordText");
      if (key.equals("AUTORISATION")) authorisation = switch (Tree.attribute(line, "code", "value")) {
        case "VALIDE" -> "valid";
        case "EXPIRE" -> "expired";
        case "INTERDIT" -> "denied";
        default -> "none";
      };
      if (key.equals("STATUT_MT")) attending = Tree.attribute(line, "value", "value").equals("true");
    }
    return new Existence(open ? "open" : "closed", open ? null : closure(answer), authorisation, attending,
        otherTraits(person, patient));
  }

  /** TD0.3: adds or removes the user's right to consult. */
  void authorise(Patient patient, Caller caller, boolean add) {
    Tree body = Tree.root(RIGHTS, "r:setAuthorization");
    body.add("r:action").text(add ? "AJOUT" : "SUPPRESSION");
    Document answer = call("habilitations", "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization", body, null,
        patient, caller).envelope();
    String status = Tree.textOf(answer, "status");
    if (!status.equalsIgnoreCase("DMPOK")) throw new Refusal("Le DMP refuse : " + status + " " + Tree.textOf(answer, "context"));
  }

  private static String closure(Document answer) {
    List<String> said = new ArrayList<>();
    String date = Tree.attribute(answer, "value", "registrationEvent", "effectiveTime");
    if (date.length() >= 8) {
      said.add("Fermé le " + date.substring(6, 8) + "/" + date.substring(4, 6) + "/" + date.substring(0, 4));
    }
    String motive = Tree.attribute(answer, "code", "reasonOf", "detectedIssueEvent", "code");
    if (!motive.isEmpty()) said.add(motive);
    String reason = Tree.textOf(answer, "reasonOf", "detectedIssueEvent", "text");
    if (!reason.isEmpty()) said.add(reason);
    return said.isEmpty() ? "DMP fermé" : String.join(", ", said);
  }

  private static boolean otherTraits(Element person, Patient patient) {
    String family = Tree.textOf(person, "name", "family");
    String given = Tree.textOf(person, "name", "given");
    String birth = Tree.attribute(person, "value", "birthTime");
    String sex = Tree.attribute(person, "code", "administrativeGenderCode");
    return differs(family, patient.text("birthName")) || differs(given, patient.text("firstName"))
        || differs(birth, patient.birthDay()) || differs(sex, patient.text("sex"));
  }

  private static boolean differs(String said, String ours) {
    return !said.isEmpty() && !said.equalsIgnoreCase(ours);
  }

  /** A RegistryResponse: a failure ends the operation in the words of the DMP. */
  static void accepted(Document answer) {
    Element response = Tree.first(answer, "RegistryResponse");
    String status = response == null ? "" : response.getAttribute("status");
    if (!status.endsWith(":Success")) reject(answer);
  }

  static void reject(Document answer) {
    List<String> codes = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (Element error : Tree.all(answer, "RegistryError")) {
      codes.add(error.getAttribute("errorCode"));
      errors.add(error.getAttribute("errorCode") + " " + error.getAttribute("codeContext"));
    }
    throw new Rejected(codes, "Le DMP n'accepte pas : " + String.join(" ; ", errors));
  }

  /** The part of the package that an XOP reference names. */
  static byte[] part(Answer answer, Element include) {
    String id = URLDecoder.decode(include.getAttribute("href").replaceFirst("^cid:", ""), StandardCharsets.UTF_8);
    byte[] bytes = answer.parts().get(id);
    if (bytes == null) throw new Refusal("Le document n'est pas dans la réponse");
    return bytes;
  }
}
