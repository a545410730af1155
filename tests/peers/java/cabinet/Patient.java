package cabinet;

import com.google.gson.JsonObject;

/** A patient file, as the driver wrote it. */
final class Patient {
  static final String LOCAL_IDS = "2.25.201190237911853287301871934561230017331";

  final JsonObject json;
  boolean uploadOpposed = false;
  String consultation = "unknown";

  Patient(JsonObject json) {
    this.json = json;
  }

  String text(String name) {
    return json.get(name).getAsString();
  }

  /** True when the matricule may leave: the identity is qualified. */
  boolean qualified() {
    return text("status").equals("QUAL") && json.get("ins").isJsonObject();
  }

  String matricule() {
    return json.getAsJsonObject("ins").get("matricule").getAsString();
  }

  String authority() {
    return json.getAsJsonObject("ins").get("oid").getAsString();
  }

  /** The INS as a CX; the number of the file while the identity is not qualified. */
  String asIdentifier() {
    if (!qualified()) return text("localId") + "^^^&" + LOCAL_IDS + "&ISO^PI";
    return matricule() + "^^^&" + authority() + "&ISO^NH";
  }

  /** As a TS: a day or a month that is not known (00) is left out. */
  String birthDay() {
    return text("birthDate").replace("-", "").replaceAll("(00){1,2}$", "");
  }
}
