package cabinet;

import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/** A CDA R2 of level 1 (structuration minimale of the CI-SIS): header, and the page in base64. */
final class Clinical {
  /** A document ready to leave, its page alone, and what a version to come must know of it. */
  record Written(String uniqueId, String setId, int version, String title, String typeCode, byte[] bytes, byte[] page) {
    Written as(String otherId) {
      return new Written(otherId, setId, version, title, typeCode, bytes, page);
    }
  }

  static final ZoneId HERE = ZoneId.of("Europe/Paris");
  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx");
  private static final DateTimeFormatter READABLE = DateTimeFormatter.ofPattern("dd/MM/yyyy");
  private static final Map<String, String> SPACES =
      Map.of("cda", "urn:hl7-org:v3", "xsi", "http://www.w3.org/2001/XMLSchema-instance");

  private Clinical() {}

  /** A number nobody else has, under 2.25 (ITU-T X.667). */
  static String newId() {
    UUID uuid = UUID.randomUUID();
    ByteBuffer bits = ByteBuffer.allocate(16).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    return "2.25." + new BigInteger(1, bits.array());
  }

  static String typeLabel(String typeCode) {
    return switch (typeCode) {
      case "11488-4" -> "CR ou fiche de consultation ou de visite";
      case "57833-6" -> "Prescription de produits de santé";
      default -> throw new Refusal("Ce type de document n'est pas produit ici : " + typeCode);
    };
  }

  /**
   * `before`: the version that this one replaces, or null. The other manner: Latin-1, no prefix, UTC, base64 in one line.
   * `extended`: the identifier has an extension; a signature cannot name it, as urn:oid: takes no such thing.
   */
  static Written write(Patient patient, Practitioner author, JsonObject wish, Written before, boolean otherManner,
      boolean extended) {
    String root = extended ? Patient.LOCAL_IDS : newId();
    String extension = extended ? UUID.randomUUID().toString() : null;
    String uniqueId = extended ? root + "^" + extension : root;
    String setId = before == null ? newId() : before.setId();
    int version = before == null ? 1 : before.version() + 1;
    String title = wish.get("title").getAsString();
    String type = wish.get("typeCode").getAsString();
    ZonedDateTime now = ZonedDateTime.now(otherManner ? ZoneOffset.UTC : HERE);
    String act = wish.has("eventDate")
        ? LocalDate.parse(wish.get("eventDate").getAsString()).atTime(9, 30).atZone(HERE).format(LOCAL)
        : now.format(LOCAL);
    Tree cda = Tree.rooted(SPACES, otherManner ? "cda" : "", "cda:ClinicalDocument");
    if (otherManner) cda.before("Écrit par le cabinet, avant l'en-tête");
    cda.put("cda:realmCode", "code", "FR")
        .put("cda:typeId", "extension", "POCD_HD000040", "root", "2.16.840.1.113883.1.3")
        .put("cda:templateId", "root", "2.16.840.1.113883.2.8.2.1")
        .put("cda:templateId", "root", "1.2.250.1.213.1.1.1.1")
        .put("cda:templateId", "root", "1.3.6.1.4.1.19376.1.2.20")
        .put("cda:id", "root", root, "extension", extension)
        .put("cda:code", "displayName", typeLabel(type), "code", type, "codeSystemName", "LOINC", "codeSystem",
            "2.16.840.1.113883.6.1");
    cda.add("cda:title").text(title);
    cda.put("cda:effectiveTime", "value", now.format(LOCAL))
        .put("cda:confidentialityCode", "codeSystem", "2.16.840.1.113883.5.25", "code", "N", "displayName", "Normal")
        .put("cda:languageCode", "code", "fr-FR")
        .put("cda:setId", "root", setId)
        .put("cda:versionNumber", "value", Integer.toString(version));
    patient(cda, patient);
    Tree writer = cda.add("cda:author");
    writer.put("cda:time", "value", now.format(LOCAL));
    assigned(writer.add("cda:assignedAuthor"), author);
    Tree keeper = cda.add("cda:custodian").add("cda:assignedCustodian").add("cda:representedCustodianOrganization");
    keeper.put("cda:id", "root", Practitioner.STRUCTURES, "extension", author.structureId());
    keeper.add("cda:name").text(author.structureName());
    Tree responsible = cda.add("cda:legalAuthenticator");
    responsible.put("cda:time", "value", now.format(LOCAL)).put("cda:signatureCode", "code", "S");
    assigned(responsible.add("cda:assignedEntity"), author);
    Tree event = cda.add("cda:documentationOf").add("cda:serviceEvent");
    event.add("cda:effectiveTime").put("cda:low", "value", act);
    Tree performer = event.add("cda:performer", "typeCode", "PRF").add("cda:assignedEntity");
    assigned(performer, author).put("cda:standardIndustryClassCode", "code", "AMBULATOIRE", "codeSystem",
        "1.2.250.1.213.1.1.4.9", "displayName", "Ambulatoire");
    if (before != null) {
      cda.add("cda:relatedDocument", "typeCode", "RPLC").add("cda:parentDocument")
          .put("cda:id", "root", before.uniqueId().replaceFirst("\\^.*", ""), "extension",
              before.uniqueId().contains("^") ? before.uniqueId().replaceFirst(".*\\^", "") : null)
          .put("cda:setId", "root", setId)
          .put("cda:versionNumber", "value", Integer.toString(before.version()));
    }
    Tree encounter = cda.add("cda:componentOf").add("cda:encompassingEncounter");
    encounter.put("cda:code", "code", "AMB", "codeSystem", "2.16.840.1.113883.5.4", "displayName", "Ambulatoire");
    encounter.add("cda:effectiveTime").put("cda:low", "value", act);
    encounter.add("cda:location").add("cda:healthCareFacility").put("cda:code", "code", author.sector(), "codeSystem",
        Practitioner.SECTORS, "displayName", author.sectorLabel());
    byte[] page = Paper.print(title, patient.text("birthName") + " " + patient.text("firstName"),
        now.format(READABLE), wish.get("text").getAsString());
    cda.add("cda:component").add("cda:nonXMLBody")
        .add("cda:text", "representation", "B64", "mediaType", "application/pdf")
        .text((otherManner ? Base64.getEncoder() : Base64.getMimeEncoder(76, new byte[] {'\n'})).encodeToString(page));
    byte[] bytes = Tree.bytes(cda.document(), otherManner ? "ISO-8859-1" : "UTF-8");
    return new Written(uniqueId, setId, version, title, type, bytes, page);
  }

  private static void patient(Tree cda, Patient patient) {
    Tree role = cda.add("cda:recordTarget").add("cda:patientRole");
    if (patient.qualified()) {
      role.put("cda:id", "root", patient.authority(), "extension", patient.matricule());
    }
    role.put("cda:id", "root", Patient.LOCAL_IDS, "extension", patient.text("localId"))
        .put("cda:addr", "nullFlavor", "NASK")
        .put("cda:telecom", "nullFlavor", "NASK");
    Tree person = role.add("cda:patient");
    Tree name = person.add("cda:name");
    name.add("cda:family", "qualifier", "BR").text(patient.text("birthName"));
    if (patient.json.has("usedName")) name.add("cda:family", "qualifier", "CL").text(patient.text("usedName"));
    name.add("cda:given").text(patient.text("birthFirstNames"));
    name.add("cda:given", "qualifier", "BR").text(patient.text("firstName"));
    boolean woman = patient.text("sex").equals("F");
    person.put("cda:administrativeGenderCode", "code", woman ? "F" : "M", "codeSystem", "2.16.840.1.113883.5.1",
            "displayName", woman ? "Féminin" : "Masculin")
        .put("cda:birthTime", "value", patient.birthDay());
    person.add("cda:birthplace").add("cda:place").add("cda:addr").add("cda:county").text(patient.text("birthPlace"));
  }

  /** Who acts, and for which structure, which is given back; the schema's order is the same for authors and entities. */
  private static Tree assigned(Tree role, Practitioner who) {
    role.put("cda:id", "root", Practitioner.PEOPLE, "extension", who.nationalId())
        .put("cda:code", "code", "G15_" + who.profession() + "/" + who.skill(), "codeSystem", "1.2.250.1.213.1.1.4.5",
            "displayName", "Médecin - " + who.skillLabel())
        .put("cda:addr", "nullFlavor", "NASK")
        .put("cda:telecom", "nullFlavor", "NASK");
    Tree name = role.add("cda:assignedPerson").add("cda:name");
    name.add("cda:family").text(who.familyName());
    name.add("cda:given").text(who.givenName());
    Tree structure = role.add("cda:representedOrganization");
    structure.put("cda:id", "extension", who.structureId(), "root", Practitioner.STRUCTURES);
    structure.add("cda:name").text(who.structureName());
    return structure;
  }
}
