package cabinet;

import java.security.MessageDigest;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** ebRIM of a submission; what describes a document is read back from its CDA (domain notes dmp.md, sections 2.2 to 2.5). */
final class Metadata {
  static final Map<String, String> SPACES = Map.of(
      "reg", "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0",
      "lcm", "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0",
      "rs", "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0",
      "qry", "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0",
      "xds", "urn:ihe:iti:xds-b:2007",
      "inc", "http://www.w3.org/2004/08/xop/include");
  static final String CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f";
  static final String VISIBILITY_SYSTEM = "1.2.250.1.213.1.1.4.13";
  private static final String OBJECT = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:";
  private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CDA_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx");

  private Metadata() {}

  static String utc(String cdaTime) {
    return UTC.format(OffsetDateTime.parse(cdaTime, CDA_TIME));
  }

  static String now() {
    return UTC.format(ZonedDateTime.now());
  }

  /** The submission set, sent by that user; `id` is its symbolic id in the message. */
  static void set(Tree list, String id, String uniqueId, Practitioner sender, String patientId) {
    Tree set = list.add("reg:RegistryPackage", "id", id, "objectType", OBJECT + "RegistryPackage");
    slot(set, "submissionTime", now());
    author(set, "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", id, sender.asPerson(), sender.asStructure(), "");
    code(set, "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500", id, "07", "1.2.250.1.213.2.2", "Consultation");
    set.put("reg:Classification", "id", newId(), "objectType", OBJECT + "Classification", "classifiedObject", id,
        "classificationNode", "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd");
    // The schema wants external identifiers last.
    identifier(set, "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832", id, "XDSSubmissionSet.sourceId", Patient.LOCAL_IDS);
    identifier(set, "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8", id, "XDSSubmissionSet.uniqueId", uniqueId);
    identifier(set, "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446", id, "XDSSubmissionSet.patientId", patientId);
  }

  /** One entry of a CDA; `hidden`: codes of visibility added to the confidentiality; `uri`: file of an archive, or null. */
  static void document(Tree list, String id, byte[] bytes, List<String> hidden, String uri, Settings settings) {
    Document cda = Tree.parse(bytes);
    Tree entry = list.add("reg:ExtrinsicObject", "id", id, "mimeType", "text/xml", "objectType",
        "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1", "status",
        "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved");
    slot(entry, "size", Integer.toString(bytes.length));
    String hash = digest("SHA-1", uri == null && settings.flawed("hash-wrong") ? new byte[0] : bytes);
    slot(entry, "hash", settings.otherManner ? hash.toUpperCase(java.util.Locale.ROOT) : hash);
    String written = Tree.attribute(cda, "value", "effectiveTime");
    slot(entry, "creationTime", uri == null && settings.flawed("time-local") ? written.substring(0, 14) : utc(written));
    slot(entry, "serviceStartTime", utc(Tree.attribute(cda, "value", "documentationOf", "effectiveTime", "low")));
    slot(entry, "languageCode", Tree.attribute(cda, "code", "languageCode"));
    slot(entry, "legalAuthenticator", person(cda, "legalAuthenticator", "assignedEntity"));
    if (uri != null) slot(entry, "URI", uri);
    // The number of the file comes last; the INS stands before it when the identity is qualified.
    List<Element> identifiers = Tree.all(Tree.first(cda, "patientRole"), "id");
    slot(entry, "sourcePatientId", identifier(identifiers.get(identifiers.size() - 1), "PI"));
    String patientId = identifier(identifiers.get(0), identifiers.size() > 1 ? "NH" : "PI");
    slot(entry, "sourcePatientInfo",
        "PID-3|" + patientId,
        "PID-5|" + Tree.textOf(cda, "patient", "family") + "^" + birthFirstName(cda) + "^^^^^L",
        "PID-7|" + Tree.attribute(cda, "value", "birthTime"),
        "PID-8|" + Tree.attribute(cda, "code", "administrativeGenderCode"));
    named(entry, "reg:Name", Tree.textOf(cda, "title"));
    String type = Tree.attribute(cda, "code", "code");
    code(entry, "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983", id, type, Tree.attribute(cda, "codeSystem", "code"),
        Tree.attribute(cda, "displayName", "code"));
    boolean prescription = type.equals("57833-6");
    code(entry, "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a", id, prescription ? "42" : "10",
        "1.2.250.1.213.1.1.4.1", prescription ? "Prescription" : "Compte rendu");
    code(entry, "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d", id, "urn:ihe:iti:xds-sd:pdf:2008",
        "1.3.6.1.4.1.19376.1.2.3", "Document à corps non structuré en PDF");
    code(entry, CONFIDENTIALITY, id, Tree.attribute(cda, "code", "confidentialityCode"),
        Tree.attribute(cda, "codeSystem", "confidentialityCode"),
        Tree.attribute(cda, "displayName", "confidentialityCode"));
    for (String code : hidden) code(entry, CONFIDENTIALITY, id, code, VISIBILITY_SYSTEM, visibilityLabel(code));
    String[] facility = {"healthCareFacility", "code"};
    code(entry, "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", id, Tree.attribute(cda, "code", facility),
        Tree.attribute(cda, "codeSystem", facility), Tree.attribute(cda, "displayName", facility));
    String[] setting = {"documentationOf", "standardIndustryClassCode"};
    code(entry, "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead", id, Tree.attribute(cda, "code", setting),
        Tree.attribute(cda, "codeSystem", setting), Tree.attribute(cda, "displayName", setting));
    String[] skill = {"author", "assignedAuthor", "code"};
    author(entry, "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d", id, person(cda, "author", "assignedAuthor"),
        Tree.textOf(cda, "author", "representedOrganization", "name") + "^^^^^&"
            + Tree.attribute(cda, "root", "author", "representedOrganization", "id") + "&ISO^IDNST^^^"
            + Tree.attribute(cda, "extension", "author", "representedOrganization", "id"),
        Tree.attribute(cda, "code", skill) + "^" + Tree.attribute(cda, "displayName", skill) + "^"
            + Tree.attribute(cda, "codeSystem", skill));
    String extension = Tree.attribute(cda, "extension", "id");
    identifier(entry, "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab", id, "XDSDocumentEntry.uniqueId",
        Tree.attribute(cda, "root", "id") + (extension.isEmpty() ? "" : "^" + extension));
    identifier(entry, "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427", id, "XDSDocumentEntry.patientId", patientId);
  }

  /** The entry of the signature of a submission, hidden from all readers (dmp.md, section 2.6). */
  static void signature(Tree list, String id, byte[] bytes, Patient patient, Practitioner user) {
    Tree entry = list.add("reg:ExtrinsicObject", "id", id, "mimeType", "text/xml", "objectType",
        "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1");
    slot(entry, "size", Integer.toString(bytes.length));
    slot(entry, "hash", digest("SHA-1", bytes));
    slot(entry, "creationTime", now());
    slot(entry, "serviceStartTime", now());
    slot(entry, "languageCode", "art");
    slot(entry, "legalAuthenticator", user.asPerson());
    slot(entry, "sourcePatientId", patient.asIdentifier());
    slot(entry, "sourcePatientInfo", "PID-5|" + patient.text("birthName") + "^" + patient.text("firstName") + "^^^^^L",
        "PID-7|" + patient.birthDay(), "PID-8|" + patient.text("sex"));
    named(entry, "reg:Name", "Source");
    code(entry, "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983", id, "E1762", "ASTM", "Full Document");
    code(entry, "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a", id, "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "URN",
        "Digital Signature");
    code(entry, "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d", id, "http://www.w3.org/2000/09/xmldsig#", "URN",
        "Default Signature Style");
    code(entry, "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4", id, Seal.PURPOSE, "1.2.840.10065.1.12", "Source");
    code(entry, CONFIDENTIALITY, id, "N", "2.16.840.1.113883.5.25", "Normal");
    code(entry, CONFIDENTIALITY, id, "MASQUE_PS", VISIBILITY_SYSTEM, visibilityLabel("MASQUE_PS"));
    code(entry, CONFIDENTIALITY, id, "INVISIBLE_PATIENT", VISIBILITY_SYSTEM, visibilityLabel("INVISIBLE_PATIENT"));
    code(entry, "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", id, user.sector(), Practitioner.SECTORS, user.sectorLabel());
    code(entry, "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead", id, "AMBULATOIRE", "1.2.250.1.213.1.1.4.9", "Ambulatoire");
    author(entry, "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d", id, user.asPerson(), user.asStructure(), "");
    identifier(entry, "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab", id, "XDSDocumentEntry.uniqueId", Clinical.newId());
    identifier(entry, "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427", id, "XDSDocumentEntry.patientId",
        patient.asIdentifier());
  }

  static Tree association(Tree list, String type, String source, String target) {
    return list.add("reg:Association", "targetObject", target, "sourceObject", source, "associationType", type,
        "objectType", OBJECT + "Association", "id", newId());
  }

  static void member(Tree list, String set, String document) {
    slot(association(list, "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember", set, document),
        "SubmissionSetStatus", "Original");
  }

  static String visibilityLabel(String code) {
    return switch (code) {
      case "MASQUE_PS" -> "Document masqué aux professionnels de santé";
      case "INVISIBLE_PATIENT" -> "Document non visible par le patient";
      default -> "Document non visible par les représentants légaux";
    };
  }

  static void slot(Tree owner, String name, String... values) {
    Tree list = owner.add("reg:Slot", "name", name).add("reg:ValueList");
    for (String value : values) list.add("reg:Value").text(value);
  }

  static void code(Tree owner, String scheme, String id, String code, String system, String label) {
    Tree given = owner.add("reg:Classification", "nodeRepresentation", code, "classificationScheme", scheme,
        "classifiedObject", id, "objectType", OBJECT + "Classification", "id", newId());
    slot(given, "codingScheme", system);
    named(given, "reg:Name", label);
  }

  static void identifier(Tree owner, String scheme, String id, String name, String value) {
    named(owner.add("reg:ExternalIdentifier", "value", value, "identificationScheme", scheme, "registryObject", id,
        "objectType", OBJECT + "ExternalIdentifier", "id", newId()), "reg:Name", name);
  }

  static String newId() {
    return "urn:uuid:" + UUID.randomUUID();
  }

  static String digest(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (java.security.NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }

  private static void author(Tree owner, String scheme, String id, String person, String structure, String skill) {
    Tree given = owner.add("reg:Classification", "nodeRepresentation", "", "classificationScheme", scheme,
        "classifiedObject", id, "objectType", OBJECT + "Classification", "id", newId());
    slot(given, "authorPerson", person);
    slot(given, "authorInstitution", structure);
    if (!skill.isEmpty()) slot(given, "authorSpecialty", skill);
  }

  static void named(Tree owner, String element, String text) {
    owner.add(element).put("reg:LocalizedString", "value", text, "xml:lang", "fr");
  }

  private static String person(Document cda, String... path) {
    var role = Tree.first(cda, path);
    return Tree.attribute(role, "extension", "id") + "^" + Tree.textOf(role, "assignedPerson", "family") + "^"
        + Tree.textOf(role, "assignedPerson", "given") + "^^^^^^&" + Tree.attribute(role, "root", "id")
        + "&ISO^D^^^IDNPS";
  }

  private static String identifier(Element id, String type) {
    return id.getAttribute("extension") + "^^^&" + id.getAttribute("root") + "&ISO^" + type;
  }

  private static String birthFirstName(Document cda) {
    for (var given : Tree.all(Tree.first(cda, "patient"), "given")) {
      if (given.getAttribute("qualifier").equals("BR")) return given.getTextContent();
    }
    return "";
  }
}
