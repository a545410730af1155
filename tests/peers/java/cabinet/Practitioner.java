package cabinet;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** Who is logged in, in the work situation that Pro Santé Connect gives for the session. */
record Practitioner(
    String nationalId, String familyName, String givenName, String profession, String skill, String sector,
    String structureId, String structureName) {

  static final String PEOPLE = "1.2.250.1.71.4.2.1";
  static final String STRUCTURES = "1.2.250.1.71.4.2.2";
  static final String SECTORS = "1.2.250.1.71.4.2.4";

  static Practitioner of(JsonObject claims) {
    String sector = code(text(claims, "Secteur_Activite"));
    for (JsonElement each : claims.getAsJsonObject("SubjectRefPro").getAsJsonArray("exercices")) {
      JsonObject practice = each.getAsJsonObject();
      for (JsonElement one : practice.getAsJsonArray("activities")) {
        JsonObject activity = one.getAsJsonObject();
        if (!text(activity, "codeSecteurDactivite").equals(sector)) continue;
        return new Practitioner(text(claims, "SubjectNameID"), text(practice, "nomDexercice"),
            text(practice, "prenomDexercice"), text(practice, "codeProfession"), text(practice, "codeSavoirFaire"),
            sector, text(activity, "ancienIdentifiantDeLaStructure"), text(activity, "raisonSocialeSite"));
      }
    }
    throw new Refusal("Aucune situation d'exercice dans le secteur de la session");
  }

  /** XCN of the CI-SIS: identifier, name, authority, types. */
  String asPerson() {
    return nationalId + "^" + familyName + "^" + givenName + "^^^^^^&" + PEOPLE + "&ISO^D^^^IDNPS";
  }

  /** XON of the CI-SIS. */
  String asStructure() {
    return structureName + "^^^^^&" + STRUCTURES + "&ISO^IDNST^^^" + structureId;
  }

  String sectorLabel() {
    return switch (sector) {
      case "SA01" -> "Etablissement public de santé";
      case "SA07" -> "Cabinet individuel";
      default -> throw new Refusal("Secteur d'activité sans libellé : " + sector);
    };
  }

  String skillLabel() {
    return switch (skill) {
      case "SM26" -> "Qualifié en médecine générale (SM)";
      case "SM54" -> "Médecine générale (SM)";
      default -> throw new Refusal("Savoir-faire sans libellé : " + skill);
    };
  }

  private static String code(String coded) {
    int caret = coded.indexOf('^');
    return caret < 0 ? coded : coded.substring(0, caret);
  }

  private static String text(JsonObject object, String name) {
    return object.has(name) && !object.get(name).isJsonNull() ? object.get(name).getAsString() : "";
  }
}
