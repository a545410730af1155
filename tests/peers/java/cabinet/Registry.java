package cabinet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** TD3.1, TD3.2 and TD3.3: what the registry lists, what the repository gives, and changes of what is stored. */
final class Registry {
  private static final String STATUS = "urn:oasis:names:tc:ebxml-regrep:StatusType:";
  private static final String ASIP_STATUS = "urn:asip:ci-sis:2010:StatusType:";
  private static final String LOINC = "2.16.840.1.113883.6.1";
  private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

  private final Dmp dmp;

  Registry(Dmp dmp) {
    this.dmp = dmp;
  }

  /** TD3.1a. `filters`: as the driver gives them, or null. */
  List<Element> find(Patient patient, Dmp.Caller caller, JsonObject filters) {
    Map<String, String> slots = new LinkedHashMap<>();
    slots.put("$XDSDocumentEntryPatientId", quoted(patient.asIdentifier()));
    List<String> statuses = new ArrayList<>();
    if (filters != null && filters.has("status")) {
      for (JsonElement status : filters.getAsJsonArray("status")) statuses.add(quoted(urn(status.getAsString())));
    } else {
      statuses.add(quoted(STATUS + "Approved"));
    }
    slots.put("$XDSDocumentEntryStatus", "(" + String.join(",", statuses) + ")");
    if (filters != null) {
      coded(slots, filters, "classCode", "$XDSDocumentEntryClassCode", "1.2.250.1.213.1.1.4.1");
      coded(slots, filters, "typeCode", "$XDSDocumentEntryTypeCode", LOINC);
      coded(slots, filters, "practiceSetting", "$XDSDocumentEntryPracticeSettingCode", "1.2.250.1.213.1.1.4.9");
      coded(slots, filters, "facilityType", "$XDSDocumentEntryHealthcareFacilityTypeCode", Practitioner.SECTORS);
      if (filters.has("from")) slots.put("$XDSDocumentEntryCreationTimeFrom", midnight(filters.get("from"), 0));
      if (filters.has("to")) slots.put("$XDSDocumentEntryCreationTimeTo", midnight(filters.get("to"), 1));
    }
    return query("urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d", slots, patient, caller);
  }

  /** TD3.1b: the entries of these documents. */
  List<Element> entries(Patient patient, Dmp.Caller caller, List<String> uniqueIds) {
    String ids = "(" + String.join(",", uniqueIds.stream().map(Registry::quoted).toList()) + ")";
    return query("urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4", Map.of("$XDSDocumentEntryUniqueId", ids), patient, caller);
  }

  Element entry(Patient patient, Dmp.Caller caller, String uniqueId) {
    List<Element> found = entries(patient, caller, List.of(uniqueId));
    if (found.isEmpty()) throw new Refusal("Le DMP ne connaît pas ce document");
    return found.get(0);
  }

  /** What the user reads of an entry. */
  static JsonObject shown(Element entry) {
    JsonObject shown = new JsonObject();
    shown.addProperty("uniqueId", uniqueId(entry));
    shown.addProperty("title", Tree.attribute(entry, "value", "Name", "LocalizedString"));
    shown.addProperty("typeCode", codes(entry, "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983").get(0));
    String creation = slot(entry, "creationTime");
    shown.addProperty("creationTime", LocalDateTime.parse(creation, UTC).atOffset(ZoneOffset.UTC)
        .atZoneSameInstant(Clinical.HERE).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    String status = entry.getAttribute("status");
    shown.addProperty("status", status.substring(status.lastIndexOf(':') + 1).toLowerCase(java.util.Locale.ROOT));
    String[] author = slot(entry, "authorPerson").split("\\^", -1);
    if (author.length > 2) shown.addProperty("author", author[1] + " " + author[2]);
    List<String> visibility = codes(entry, Metadata.CONFIDENTIALITY);
    shown.addProperty("maskedFromProfessionals", visibility.contains("MASQUE_PS"));
    shown.addProperty("hiddenFromPatient", visibility.contains("INVISIBLE_PATIENT"));
    shown.addProperty("hiddenFromRepresentatives", visibility.contains("INVISIBLE_REPRESENTANTS_LEGAUX"));
    return shown;
  }

  /** TD3.2: every document asked, its bytes compared with what the registry says of them. */
  JsonArray retrieve(Patient patient, Dmp.Caller caller, List<String> uniqueIds) {
    List<Element> entries = entries(patient, caller, uniqueIds);
    Tree body = Tree.root(Metadata.SPACES, "xds:RetrieveDocumentSetRequest");
    Map<String, Element> byId = new LinkedHashMap<>();
    for (Element entry : entries) {
      byId.put(uniqueId(entry), entry);
      Tree request = body.add("xds:DocumentRequest");
      request.add("xds:RepositoryUniqueId").text(slot(entry, "repositoryUniqueId"));
      request.add("xds:DocumentUniqueId").text(uniqueId(entry));
    }
    if (!byId.keySet().containsAll(uniqueIds)) throw new Refusal("Le DMP ne connaît pas tous ces documents");
    Dmp.Answer answer =
        dmp.call("repository", "urn:ihe:iti:2007:RetrieveDocumentSet", body, new LinkedHashMap<>(), patient, caller);
    Dmp.accepted(answer.envelope());
    JsonArray documents = new JsonArray();
    for (String id : uniqueIds) {
      Element entry = byId.get(id);
      Element response = Tree.all(answer.envelope(), "DocumentResponse").stream()
          .filter((each) -> Tree.textOf(each, "DocumentUniqueId").equals(id)).findFirst()
          .orElseThrow(() -> new Refusal("Le DMP n'a pas donné ce document"));
      Element include = Tree.first(response, "Document", "Include");
      byte[] bytes = include == null
          ? Base64.getMimeDecoder().decode(Tree.textOf(response, "Document")) : Dmp.part(answer, include);
      if (!slot(entry, "size").equals(Integer.toString(bytes.length))
          || !slot(entry, "hash").equalsIgnoreCase(Metadata.digest("SHA-1", bytes))) {
        throw new Refusal("Le document reçu n'est pas celui que le registre décrit");
      }
      JsonObject document = new JsonObject();
      document.addProperty("uniqueId", id);
      document.addProperty("mimeType", Tree.textOf(response, "mimeType"));
      document.addProperty("size", bytes.length);
      document.addProperty("sha256", Metadata.digest("SHA-256", bytes));
      document.addProperty("alert", alert(codes(entry, Metadata.CONFIDENTIALITY)));
      documents.add(document);
    }
    return documents;
  }

  /** TD3.3. */
  void update(Patient patient, Dmp.Caller caller, String uniqueId, String action) {
    Element entry = entry(patient, caller, uniqueId);
    boolean own = slot(entry, "authorPerson").startsWith(caller.user().nationalId() + "^");
    if (action.equals("delete") && !own) throw new Refusal("Seul l'auteur d'un document peut le supprimer");
    Tree body = Tree.root(Metadata.SPACES, "lcm:SubmitObjectsRequest");
    Tree list = body.add("reg:RegistryObjectList");
    Metadata.set(list, "lot", Clinical.newId(), caller.user(), patient.asIdentifier());
    switch (action) {
      case "delete" -> status(list, entry, ASIP_STATUS + "Deleted");
      case "archive" -> status(list, entry, ASIP_STATUS + "Archived");
      case "unarchive" -> status(list, entry, STATUS + "Approved");
      default -> visibility(list, entry, action);
    }
    Dmp.accepted(dmp.call("registry", "urn:ihe:iti:2010:UpdateDocumentSet", body, null, patient, caller).envelope());
  }

  private static void status(Tree list, Element entry, String status) {
    Tree change = Metadata.association(
        list, "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus", "lot", entry.getAttribute("id"));
    Metadata.slot(change, "NewStatus", status);
    Metadata.slot(change, "OriginalStatus", entry.getAttribute("status"));
  }

  /** The whole entry again under a new id, with one code of visibility more or less. */
  private static void visibility(Tree list, Element entry, String action) {
    String code = switch (action) {
      case "mask", "unmask" -> "MASQUE_PS";
      case "show-patient" -> "INVISIBLE_PATIENT";
      case "show-representatives" -> "INVISIBLE_REPRESENTANTS_LEGAUX";
      default -> throw new Refusal("Ce logiciel ne le fait pas : " + action);
    };
    Tree member = Metadata.association(
        list, "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember", "lot", "doc-1");
    Metadata.slot(member, "SubmissionSetStatus", "Original");
    Metadata.slot(member, "PreviousVersion", Tree.attribute(entry, "versionName", "VersionInfo"));
    list.adopt(entry);
    Element next = (Element) list.element.getLastChild();
    next.setAttribute("id", "doc-1");
    for (Element each : Tree.all(next, "Classification")) {
      each.setAttribute("classifiedObject", "doc-1");
      boolean same = each.getAttribute("classificationScheme").equals(Metadata.CONFIDENTIALITY)
          && each.getAttribute("nodeRepresentation").equals(code);
      if (same) each.getParentNode().removeChild(each);
    }
    for (Element each : Tree.all(next, "ExternalIdentifier")) each.setAttribute("registryObject", "doc-1");
    Tree.all(next, "VersionInfo").forEach((each) -> each.getParentNode().removeChild(each));
    if (!action.equals("mask")) return;
    Metadata.code(list.under(next), Metadata.CONFIDENTIALITY, "doc-1", code, Metadata.VISIBILITY_SYSTEM,
        Metadata.visibilityLabel(code));
    // The schema wants classifications before external identifiers.
    next.insertBefore(next.getLastChild(), Tree.first(next, "Classification"));
  }

  private List<Element> query(String id, Map<String, String> slots, Patient patient, Dmp.Caller caller) {
    Tree body = Tree.root(Metadata.SPACES, "qry:AdhocQueryRequest");
    body.put("qry:ResponseOption", "returnType", "LeafClass", "returnComposedObjects", "true");
    Tree query = body.add("reg:AdhocQuery", "id", id);
    slots.forEach((name, value) -> Metadata.slot(query, name, value));
    Document answer = dmp.call("registry", "urn:ihe:iti:2007:RegistryStoredQuery", body, null, patient, caller).envelope();
    Element response = Tree.first(answer, "AdhocQueryResponse");
    if (response == null || !response.getAttribute("status").endsWith(":Success")) Dmp.reject(answer);
    return Tree.all(answer, "ExtrinsicObject");
  }

  private static void coded(Map<String, String> slots, JsonObject filters, String name, String slot, String system) {
    if (filters.has(name)) slots.put(slot, "(" + quoted(filters.get(name).getAsString() + "^^" + system) + ")");
  }

  private static String midnight(JsonElement day, int later) {
    return UTC.format(LocalDate.parse(day.getAsString()).plusDays(later).atStartOfDay(Clinical.HERE));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String urn(String status) {
    return switch (status) {
      case "approved" -> STATUS + "Approved";
      case "deprecated" -> STATUS + "Deprecated";
      case "archived" -> ASIP_STATUS + "Archived";
      default -> ASIP_STATUS + "Deleted";
    };
  }

  private static String uniqueId(Element entry) {
    for (Element each : Tree.all(entry, "ExternalIdentifier")) {
      if (each.getAttribute("identificationScheme").equals("urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab")) {
        return each.getAttribute("value");
      }
    }
    throw new Refusal("Une fiche du DMP est sans identifiant");
  }

  private static String slot(Element entry, String name) {
    for (Element each : Tree.all(entry, "Slot")) {
      if (each.getAttribute("name").equals(name)) return Tree.textOf(each, "Value");
    }
    return "";
  }

  private static List<String> codes(Element entry, String scheme) {
    return Tree.all(entry, "Classification").stream()
        .filter((each) -> each.getAttribute("classificationScheme").equals(scheme))
        .map((each) -> each.getAttribute("nodeRepresentation")).toList();
  }

  private static String alert(List<String> visibility) {
    if (visibility.contains("INVISIBLE_PATIENT")) return "Ce document n'est pas visible par le patient";
    if (visibility.contains("INVISIBLE_REPRESENTANTS_LEGAUX")) {
      return "Ce document n'est pas visible par les représentants légaux";
    }
    return null;
  }
}
