package cabinet;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The operations of the contract, over patient files kept in memory. */
final class Office {
  private static final List<String> OPERATIONS = List.of("patient.put", "patient.get", "login", "session.get", "logout",
      "dmp.exists", "dmp.authorise", "dmp.submit", "document.validate", "dmp.pending", "patient.choice", "dmp.search",
      "dmp.retrieve", "dmp.update", "mss.send", "ins.search", "ins.confirm");

  private final Settings settings;
  private final Psc psc;
  private final String base;
  private final Dmp dmp;
  private final Registry registry;
  private final Uploads uploads;
  private final Queue queue;
  private final Mail mail;
  private final Insi insi;
  private final Map<String, Patient> patients = new ConcurrentHashMap<>();
  private final AtomicInteger files = new AtomicInteger();

  Office(Settings settings, Psc psc, String base) {
    this.settings = settings;
    this.psc = psc;
    this.base = base;
    dmp = new Dmp(settings);
    registry = new Registry(dmp);
    uploads = new Uploads(settings, dmp, registry);
    queue = new Queue(dmp, uploads);
    mail = new Mail(settings, psc);
    insi = new Insi(settings);
  }

  JsonObject health() {
    JsonObject health = new JsonObject();
    health.addProperty("name", settings.at("candidate", "product"));
    health.addProperty("version", settings.at("candidate", "version"));
    JsonArray operations = new JsonArray();
    OPERATIONS.forEach(operations::add);
    health.add("operations", operations);
    return health;
  }

  JsonObject run(String operation, JsonObject input) {
    JsonObject answer = new JsonObject();
    switch (operation) {
      case "patient.put" -> {
        JsonObject traits = input.getAsJsonObject("patient");
        String id = "D" + files.incrementAndGet();
        patients.put(id, new Patient(traits));
        answer.addProperty("patientId", id);
        answer.add("insStatus", traits.get("status"));
      }
      case "patient.get" -> answer.add("patient", patient(input).json);
      case "login" -> answer.addProperty("start", base + "/login");
      case "logout" -> {
        String end = psc.leave();
        if (end != null) answer.addProperty("start", end);
      }
      case "session.get" -> session(answer);
      case "dmp.exists" -> exists(answer, dmp.exists(qualified(input), caller(input)));
      case "dmp.submit" -> {
        Patient patient = qualified(input);
        Dmp.Caller caller = caller(input);
        Dmp.Existence state = dmp.exists(patient, caller);
        if (!state.open()) throw new Refusal("Pas d'envoi : le DMP de ce patient n'est pas ouvert (" + state.state() + ")");
        Uploads.Sent sent = uploads.submit(patient, caller, input);
        JsonArray ids = new JsonArray();
        sent.uniqueIds().forEach(ids::add);
        answer.add("uniqueIds", ids);
        answer.addProperty("uniqueId", sent.uniqueIds().get(0));
        answer.addProperty("submissionSetId", sent.setId());
      }
      case "dmp.authorise" -> {
        Patient patient = qualified(input);
        boolean add = input.get("action").getAsString().equals("add");
        if (add && patient.consultation.equals("opposed")) throw new Refusal("Le patient refuse la consultation");
        dmp.authorise(patient, caller(input), add);
      }
      case "dmp.search" -> {
        Patient patient = qualified(input);
        Dmp.Caller caller = consulting(patient, input);
        JsonArray documents = new JsonArray();
        JsonObject filters = input.has("filters") ? input.getAsJsonObject("filters") : null;
        registry.find(patient, caller, filters).forEach((entry) -> documents.add(Registry.shown(entry)));
        answer.add("documents", documents);
      }
      case "dmp.retrieve" -> {
        Patient patient = qualified(input);
        Dmp.Caller caller = consulting(patient, input);
        List<String> ids = new ArrayList<>();
        input.getAsJsonArray("uniqueIds").forEach((id) -> ids.add(id.getAsString()));
        answer.add("documents", registry.retrieve(patient, caller, ids));
      }
      case "dmp.update" -> {
        String action = input.get("action").getAsString();
        boolean confirmed = !input.has("confirmed") || input.get("confirmed").getAsBoolean();
        if (!confirmed && (action.startsWith("show-") || action.equals("delete"))) throw new Refusal("Non confirmé");
        registry.update(qualified(input), caller(input), input.get("uniqueId").getAsString(), action);
      }
      case "ins.search" -> insi.search(patient(input), input, answer);
      case "ins.confirm" -> {
        Insi.confirm(patient(input));
        answer.add("insStatus", patient(input).json.get("status"));
      }
      case "mss.send" -> answer.addProperty("messageId", mail.send(patient(input), caller(input).user(), input));
      case "patient.choice" -> {
        Patient patient = patient(input);
        if (input.has("upload")) patient.uploadOpposed = input.get("upload").getAsString().equals("opposed");
        if (input.has("consultation")) patient.consultation = input.get("consultation").getAsString();
        answer.addProperty("upload", patient.uploadOpposed ? "opposed" : "allowed");
        answer.addProperty("consultation", patient.consultation);
      }
      case "document.validate" -> queue.validate(answer, patient(input), caller(input), input);
      case "dmp.pending" -> {
        if (Uploads.flag(input, "retry")) queue.retry(patient(input), caller(input));
        answer.add("documents", queue.waiting(patient(input)));
      }
      default -> throw new Refusal("Ce logiciel ne le fait pas : " + operation);
    }
    return answer;
  }

  private void session(JsonObject answer) {
    Psc.Session session = psc.session();
    answer.addProperty("authenticated", session != null);
    answer.add("professional", JsonNull.INSTANCE);
    if (!psc.message().isEmpty()) answer.addProperty("message", psc.message());
    if (session == null) return;
    JsonObject professional = new JsonObject();
    professional.addProperty("nationalId", session.user().nationalId());
    professional.addProperty("familyName", session.user().familyName());
    professional.addProperty("givenName", session.user().givenName());
    answer.add("professional", professional);
  }

  private static void exists(JsonObject answer, Dmp.Existence found) {
    answer.addProperty("exists", found.open());
    answer.addProperty("state", found.state());
    answer.addProperty("closure", found.closure());
    answer.addProperty("authorisation", found.authorisation());
    answer.addProperty("attendingPhysician", found.attending());
    answer.addProperty("identityAlert", found.otherTraits());
    if (found.otherTraits()) answer.addProperty("message", "L'identité du DMP n'est pas celle du dossier : vérifiez-la");
  }

  private Patient patient(JsonObject input) {
    Patient found = patients.get(input.get("patientId").getAsString());
    if (found == null) throw new Refusal("Dossier inconnu");
    return found;
  }

  private Patient qualified(JsonObject input) {
    Patient found = patient(input);
    if (!found.qualified()) throw new Refusal("L'identité de ce patient n'est pas qualifiée");
    return found;
  }

  private Dmp.Caller caller(JsonObject input) {
    Psc.Session session = psc.session();
    if (session == null) throw new Refusal("Personne n'est connecté");
    String purpose = input.has("purpose") ? input.get("purpose").getAsString() : "normal";
    String reason = input.has("reason") ? input.get("reason").getAsString().strip() : "";
    if (purpose.equals("bris_de_glace") && reason.isEmpty()) throw new Refusal("Donnez le motif de l'accès en urgence");
    return new Dmp.Caller(session.user(), session.since(), new Vihf.Purpose(purpose, reason));
  }

  /** Who consults: the patient must not have refused, and an ordinary access needs a right that holds (TD0.2). */
  private Dmp.Caller consulting(Patient patient, JsonObject input) {
    if (patient.consultation.equals("opposed")) throw new Refusal("Le patient refuse la consultation de son DMP");
    Dmp.Caller caller = caller(input);
    Dmp.Existence found = dmp.exists(patient, caller);
    if (!found.open()) throw new Refusal("Le DMP de ce patient n'est pas ouvert");
    if (caller.purpose().code().equals("normal") && !"valid".equals(found.authorisation())) {
      throw new Refusal("Pas d'autorisation d'accès à ce DMP");
    }
    return caller;
  }
}
