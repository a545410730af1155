package cabinet;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Documents that leave by themselves once validated; those a technical failure kept here leave again. */
final class Queue {
  private static final class Item {
    final String id;
    final Patient patient;
    final Clinical.Written document;
    final List<String> hidden;
    String state;
    String message = "";

    Item(String id, Patient patient, Clinical.Written document, List<String> hidden, String state) {
      this.id = id;
      this.patient = patient;
      this.document = document;
      this.hidden = hidden;
      this.state = state;
    }
  }

  private final Dmp dmp;
  private final Uploads uploads;
  private final List<Item> items = new ArrayList<>();

  Queue(Dmp dmp, Uploads uploads) {
    this.dmp = dmp;
    this.uploads = uploads;
  }

  synchronized void validate(JsonObject answer, Patient patient, Dmp.Caller caller, JsonObject input) {
    if (!patient.qualified()) throw new Refusal("L'identité de ce patient n'est pas qualifiée");
    Clinical.Written document = uploads.write(patient, caller, input.getAsJsonObject("document"));
    Item item = new Item("V" + (items.size() + 1), patient, document, Uploads.visibility(input), "queued");
    items.add(item);
    if (Uploads.flag(input, "keepLocal")) item.state = "blocked";
    else attempt(item, caller);
    answer.addProperty("documentId", item.id);
    answer.addProperty("upload", item.state);
    answer.addProperty("uniqueId", item.state.equals("sent") ? document.uniqueId() : null);
    if (!item.message.isEmpty()) answer.addProperty("message", item.message);
  }

  synchronized void retry(Patient patient, Dmp.Caller caller) {
    for (Item item : items) {
      if (item.patient == patient && item.state.equals("queued")) attempt(item, caller);
    }
  }

  synchronized JsonArray waiting(Patient patient) {
    JsonArray waiting = new JsonArray();
    for (Item item : items) {
      if (item.patient != patient || item.state.equals("sent")) continue;
      JsonObject shown = new JsonObject();
      shown.addProperty("documentId", item.id);
      shown.addProperty("title", item.document.title());
      shown.addProperty("upload", item.state);
      waiting.add(shown);
    }
    return waiting;
  }

  private void attempt(Item item, Dmp.Caller caller) {
    try {
      if (item.patient.uploadOpposed) {
        item.state = "blocked";
        item.message = "Le patient s'oppose à l'envoi";
        return;
      }
      if (!dmp.exists(item.patient, caller).open()) {
        item.state = "blocked";
        item.message = "Le DMP de ce patient n'est pas ouvert";
        return;
      }
      uploads.send(item.patient, caller, List.of(item.document), item.hidden, null, false);
      item.state = "sent";
      item.message = "";
    } catch (Dmp.Unavailable failure) {
      item.state = "queued";
      item.message = failure.getMessage();
    } catch (Dmp.Rejected rejected) {
      // The document arrived before and its answer was lost: the DMP has it.
      boolean there = rejected.codes.stream().allMatch((code) -> code.contains("DuplicateUniqueId"));
      item.state = there ? "sent" : "refused";
      item.message = there ? "" : rejected.getMessage();
    } catch (Refusal refusal) {
      item.state = "refused";
      item.message = refusal.getMessage();
    }
  }
}
