package cabinet;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** TD2.1: submissions of new documents and of versions that replace others. */
final class Uploads {
  private static final String LOT = "lot";
  private static final String ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";

  /** What the DMP took. */
  record Sent(List<String> uniqueIds, String setId) {}

  private final Settings settings;
  private final Dmp dmp;
  private final Registry registry;
  private final Map<String, Clinical.Written> written = new ConcurrentHashMap<>();

  Uploads(Settings settings, Dmp dmp, Registry registry) {
    this.settings = settings;
    this.dmp = dmp;
    this.registry = registry;
  }

  Sent submit(Patient patient, Dmp.Caller caller, JsonObject input) {
    List<JsonObject> wishes = new ArrayList<>();
    if (input.has("document")) wishes.add(input.getAsJsonObject("document"));
    else for (JsonElement each : input.getAsJsonArray("documents")) wishes.add(each.getAsJsonObject());
    Clinical.Written before = null;
    String replacedEntry = null;
    if (input.has("replaces")) {
      before = written.get(input.get("replaces").getAsString());
      if (before == null) throw new Refusal("Ce logiciel n'a pas produit le document à remplacer");
      replacedEntry = registry.entry(patient, caller, before.uniqueId()).getAttribute("id");
    }
    List<Clinical.Written> documents = new ArrayList<>();
    boolean signed = flag(input, "signed");
    for (JsonObject wish : wishes) {
      documents.add(Clinical.write(patient, caller.user(), wish, before, settings.otherManner, settings.otherManner && !signed));
    }
    return send(patient, caller, documents, visibility(input), replacedEntry, signed);
  }

  Clinical.Written write(Patient patient, Dmp.Caller caller, JsonObject wish) {
    return Clinical.write(patient, caller.user(), wish, null, settings.otherManner, settings.otherManner);
  }

  /** `replacedEntry`: entryUUID of the document that the only one sent replaces, or null. */
  Sent send(Patient patient, Dmp.Caller caller, List<Clinical.Written> documents, List<String> hidden,
      String replacedEntry, boolean signed) {
    String setId = Clinical.newId();
    Tree body = Tree.rooted(Metadata.SPACES, settings.otherManner ? "reg" : "",
        "xds:ProvideAndRegisterDocumentSetRequest");
    Tree list = body.add("lcm:SubmitObjectsRequest").add("reg:RegistryObjectList");
    Map<String, byte[]> contents = new LinkedHashMap<>();
    if (settings.otherManner) Metadata.set(list, LOT, setId, caller.user(), patient.asIdentifier());
    for (Clinical.Written document : documents) {
      String id = settings.otherManner ? Metadata.newId() : "doc-" + (contents.size() + 1);
      Metadata.member(list, LOT, id);
      if (replacedEntry != null) {
        Metadata.association(list, "urn:ihe:iti:2007:AssociationType:RPLC", id, replacedEntry);
      }
      Metadata.document(list, id, document.bytes(), hidden, null, settings);
      contents.put(id, document.bytes());
    }
    if (signed) {
      List<Clinical.Written> sealed = settings.flawed("seal-swapped") ? swapped(documents) : documents;
      byte[] signature = Seal.sign(settings.identity("sign"), setId, sealed, settings.otherManner);
      Metadata.member(list, LOT, "sceau");
      Metadata.slot(Metadata.association(list, "urn:ihe:iti:2007:AssociationType:signs", "sceau", LOT),
          "SubmissionSetStatus", "Original");
      Metadata.signature(list, "sceau", signature, patient, caller.user());
      contents.put("sceau", signature);
    }
    if (!settings.otherManner) Metadata.set(list, LOT, setId, caller.user(), patient.asIdentifier());
    LinkedHashMap<String, byte[]> parts = new LinkedHashMap<>();
    contents.forEach((id, bytes) -> {
      String part = settings.otherManner ? id : id + "." + setId + "@cabinet.example";
      parts.put(part, bytes);
      body.add("xds:Document", "id", id)
          .put("inc:Include", "href", "cid:" + URLEncoder.encode(part, StandardCharsets.UTF_8));
    });
    Dmp.accepted(dmp.call("repository", ACTION, body, parts, patient, caller).envelope());
    for (Clinical.Written document : documents) written.put(document.uniqueId(), document);
    return new Sent(documents.stream().map(Clinical.Written::uniqueId).toList(), setId);
  }

  /** A mistake: each document under the identifier of another. */
  private static List<Clinical.Written> swapped(List<Clinical.Written> documents) {
    List<Clinical.Written> swapped = new ArrayList<>();
    for (int index = 0; index < documents.size(); index++) {
      swapped.add(documents.get(index).as(documents.get((index + 1) % documents.size()).uniqueId()));
    }
    return swapped;
  }

  static List<String> visibility(JsonObject input) {
    List<String> codes = new ArrayList<>();
    if (!input.has("visibility")) return codes;
    JsonObject wanted = input.getAsJsonObject("visibility");
    if (flag(wanted, "maskedFromProfessionals")) codes.add("MASQUE_PS");
    if (flag(wanted, "hiddenFromPatient")) codes.add("INVISIBLE_PATIENT");
    if (flag(wanted, "hiddenFromRepresentatives")) codes.add("INVISIBLE_REPRESENTANTS_LEGAUX");
    return codes;
  }

  static boolean flag(JsonObject input, String name) {
    return input.has(name) && input.get(name).getAsBoolean();
  }
}
