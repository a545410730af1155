import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { openSuite } from "../../../bin/suite.js";
import { editAnswer } from "../../../checks/helpers/edit-answer.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { RecordingEditor, RecordingView } from "../../../core/model/index.js";
import { viewOf } from "../../../core/record/reader.js";
import { editRecording } from "../../selftest/editor.js";
import { openStage, type PlayedStage, type Stage } from "../../selftest/stage.js";

const SCENARIOS = [
  "dmp-submit",
  "dmp-validate",
  "dmp-authorise",
  "dmp-search",
  "dmp-retrieve",
  "dmp-retrieve-cut",
  "dmp-replace",
  "dmp-update-delete",
  "dmp-update-mask",
  "dmp-validate-kept",
  "dmp-opposed-consultation",
  "dmp-unavailable-queue",
  "dmp-answer-lost",
  "dmp-submit-visibility",
];

/** What other faithful products do, laid over one recording of the reference vendor. */
describe("checks on the life of DMP documents, other faithful products", () => {
  const suite = openSuite();
  const pkiFolder = mkdtempSync(path.join(tmpdir(), "segur-lifecycle-pki-"));
  let stage: Stage;
  let good: PlayedStage;
  let goodView: RecordingView;

  before(async function () {
    stage = await openStage(suite, pkiFolder);
    good = await stage.play(
      null,
      SCENARIOS.flatMap((id) => suite.specs.scenarios.filter((scenario) => scenario.id === id)),
    );
    goodView = viewOf(good.records, good.source);
  });
  after(async () => {
    await stage?.close();
    rmSync(pkiFolder, { recursive: true, force: true });
  });

  /** Outcome and messages of a check over the edited recording. */
  const judge = (id: string, edit: (r: RecordingEditor) => void): { outcome: string; said: readonly string[] } => {
    const session = editRecording(good.records, good.source, stage.pki, goodView);
    edit(session.editor);
    const check = suite.checks.find((one) => one.id === id);
    if (!check) throw new Error(`no check ${id}`);
    const [result] = evaluate(session.view(), [{ check, planned: true }], (_id, error) => {
      throw error;
    });
    return { outcome: String(result?.outcome), said: [...new Set(result?.findings.map(({ message }) => message))] };
  };
  const MET = { outcome: "met", said: [] };
  const UNSEEN = { outcome: "unobserved", said: [] };
  const removeAll = (r: RecordingEditor, operation: string, scenario: string): void => {
    for (const exchange of r.exchanges(operation, scenario)) r.remove(exchange);
  };
  const earlier = (iso: string): string => new Date(Date.parse(iso) - 1).toISOString();
  const later = (iso: string): string => new Date(Date.parse(iso) + 1).toISOString();

  it("lets a list be all that a retrieval rests on", () => {
    const noGetDocuments = (r: RecordingEditor): void => {
      for (const search of r.exchanges("dmp.search", "dmp-retrieve").slice(1)) r.remove(search);
    };
    expect(judge("dmp/retrieve-request", noGetDocuments)).to.deep.equal(MET);
    expect(judge("dmp/retrieved-bytes", noGetDocuments)).to.deep.equal(MET);
    expect(judge("dmp/hidden-document-told", noGetDocuments)).to.deep.equal(MET);
  });

  it("lets the right be asked several times, and by TD0.4, which is not served", () => {
    const twice = (r: RecordingEditor): void => {
      for (const question of r.exchanges("dmp.exists")) r.duplicate(question, { at: earlier(question.startedAt) });
    };
    expect(judge("dmp/right-before-consultation", twice)).to.deep.equal(MET);
    const unserved = (r: RecordingEditor): void => {
      for (const question of r.exchanges("dmp.exists")) {
        r.duplicate(question, { operation: "dmp.unexpected" });
        r.remove(question);
      }
    };
    expect(judge("dmp/right-before-consultation", unserved)).to.deep.equal(UNSEEN);
  });

  it("lets software look ahead for other patients, and search a day by the time of the act", () => {
    const ahead = (r: RecordingEditor): void => {
      for (const search of r.exchanges("dmp.search", "dmp-search")) {
        const copy = r.duplicate(search, { at: earlier(search.startedAt) });
        r.replaceInRequest(copy, /(?<=PatientId".*?')[0-9AB]+/, "275126322074974");
      }
    };
    expect(judge("dmp/search-request", ahead)).to.deep.equal(MET);
    expect(judge("dmp/search-filters", ahead)).to.deep.equal(MET);
    const byAct = (r: RecordingEditor): void => {
      const search = r.exchanges("dmp.search", "dmp-search")[1];
      if (search) r.replaceInRequest(search, "EntryCreationTimeFrom", "EntryServiceStartTimeFrom");
    };
    expect(judge("dmp/search-filters", byAct)).to.deep.equal(MET);
  });

  it("says nothing of an adapter that leaves optional members out", () => {
    const bare = (operation: string) => (r: RecordingEditor) => {
      for (const step of r.view.runs.flatMap(({ steps }) => steps)) {
        const { documents } = (step.answer ?? {}) as { documents?: { uniqueId: string }[] };
        if (step.operation !== operation || !step.endEvent || !documents) continue;
        const answer = { status: "done", documents: documents.map(({ uniqueId }) => ({ uniqueId })) };
        r.patchEvent(step.endEvent, { data: { step: step.index, status: step.status, answer } });
      }
    };
    expect(judge("dmp/listed-times", bare("dmp.search"))).to.deep.equal(UNSEEN);
    expect(judge("dmp/hidden-document-told", bare("dmp.retrieve"))).to.deep.equal(UNSEEN);
    expect(judge("dmp/retrieved-bytes", bare("dmp.retrieve")).said).to.deep.equal([]);
  });

  it("lets a document be read again whole after a cut answer", () => {
    const again = (r: RecordingEditor): void => {
      const cut = r.exchange("dmp.retrieve", "dmp-retrieve-cut");
      const whole = r.exchange("dmp.retrieve", "dmp-retrieve");
      const served = /DocumentUniqueId>([^<]*)</.exec(Buffer.from(whole.requestBytes).toString("latin1"))?.[1] ?? "";
      const wanted = /DocumentUniqueId>([^<]*)</.exec(Buffer.from(cut.requestBytes).toString("latin1"))?.[1] ?? "";
      const copy = r.duplicate(whole, { scenario: cut.scenario, at: later(cut.startedAt) });
      r.replaceInResponse(copy, `DocumentUniqueId>${served}`, `DocumentUniqueId>${wanted}`);
      const step = r.run("dmp-retrieve").steps.find(({ operation }) => operation === "dmp.retrieve");
      const told = (step?.answer as { documents: object[] }).documents.map((one) => ({ ...one, uniqueId: wanted }));
      editAnswer(r, "dmp-retrieve-cut", "dmp.retrieve", { documents: told }, "done");
    };
    expect(judge("dmp/retrieved-bytes", again)).to.deep.equal(MET);
  });

  it("lets software remember technical ids that no answer of the recording shows", () => {
    const silent = (scenario: string) => (r: RecordingEditor) => removeAll(r, "dmp.search", scenario);
    expect(judge("dmp/delete-document", silent("dmp-update-delete"))).to.deep.equal(MET);
    expect(judge("dmp/update-visibility", silent("dmp-update-mask")).said).to.deep.equal([]);
    expect(judge("dmp/replacement", silent("dmp-replace"))).to.deep.equal(MET);
  });

  it("does not hold a document that waits against the software", () => {
    const queued = (r: RecordingEditor): void => {
      r.remove(r.exchange("dmp.submit", "dmp-validate"));
      editAnswer(r, "dmp-validate", "document.validate", { upload: "queued" });
    };
    expect(judge("dmp/automatic-upload", queued)).to.deep.equal(UNSEEN);
    const next = (r: RecordingEditor): void => {
      r.remove(r.exchange("dmp.submit", "dmp-validate-kept"));
      const step = r.run("dmp-validate-kept").steps.filter(({ operation }) => operation === "document.validate")[1];
      if (!step?.endEvent) throw new Error("no second document");
      const answer = { ...(step.answer as object), upload: "queued" };
      r.patchEvent(step.endEvent, { data: { step: step.index, status: step.status, answer } });
    };
    expect(judge("dmp/upload-kept-back", next)).to.deep.equal(UNSEEN);
    const waitsStill = (r: RecordingEditor): void => {
      removeAll(r, "dmp.submit", "dmp-unavailable-queue");
      const steps = r.run("dmp-unavailable-queue").steps.filter(({ operation }) => operation === "dmp.pending");
      const [first, retried] = steps;
      if (!first || !retried?.endEvent) throw new Error("no waiting list");
      r.patchEvent(retried.endEvent, { data: { step: retried.index, status: "done", answer: first.answer } });
    };
    expect(judge("dmp/queued-once", waitsStill)).to.deep.equal(UNSEEN);
  });

  it("has nothing to say of a queue when the software got through at once", () => {
    const atOnce = (r: RecordingEditor): void => {
      const upload = r.exchange("dmp.submit", "dmp-unavailable-queue");
      const question = r.exchange("dmp.exists", "dmp-unavailable-queue");
      r.patchExchange(upload, { startedAt: later(question.startedAt), endedAt: later(question.startedAt) });
      editAnswer(r, "dmp-unavailable-queue", "dmp.pending", { documents: [] });
    };
    expect(judge("dmp/queue-listed", atOnce)).to.deep.equal(UNSEEN);
    expect(judge("dmp/queued-once", atOnce)).to.deep.equal(MET);
  });

  it("asks for nothing after a second sending under the same ids, taken or refused", () => {
    const taken = (r: RecordingEditor): void => {
      const second = r.exchanges("dmp.submit", "dmp-answer-lost")[1];
      const success = r.exchange("dmp.submit", "dmp-submit").responseBytes;
      if (!second || !success) throw new Error("no second sending");
      r.setResponse(second, success);
    };
    expect(judge("dmp/queued-once", () => undefined)).to.deep.equal(MET);
    expect(judge("dmp/queued-once", taken)).to.deep.equal(MET);
  });

  it("lets the existence be asked while the consultation is refused, and the right be taken away", () => {
    const asked = (r: RecordingEditor): void => {
      const run = r.run("dmp-opposed-consultation");
      const noted = run.steps.find(({ operation }) => operation === "patient.choice")?.endedAt ?? "";
      r.duplicate(r.exchange("dmp.exists", "dmp-authorise"), { scenario: run.key, at: later(noted) });
      const right = r.duplicate(r.exchange("dmp.authorise", "dmp-authorise"), { scenario: run.key, at: later(noted) });
      r.replaceInRequest(right, ">AJOUT<", ">SUPPRESSION<");
    };
    expect(judge("dmp/consultation-opposed", asked)).to.deep.equal(MET);
  });

  it("lets software refuse a choice of visibility", () => {
    const refused = (r: RecordingEditor): void => {
      const upload = r.exchanges("dmp.submit", "dmp-submit-visibility")[2];
      if (upload) r.remove(upload);
    };
    expect(judge("dmp/visibility-codes", refused)).to.deep.equal(MET);
  });

  /** The registry objects of the replacing upload, with a second document that replaces nothing put behind the first. */
  const secondDocument = (r: RecordingEditor): void => {
    const upload = r.exchanges("dmp.submit", "dmp-replace")[1];
    const former = r.exchange("dmp.submit", "dmp-replace");
    if (!upload) throw new Error("no replacing upload");
    const bytes = Buffer.from(upload.requestBytes).toString("utf8");
    const entry = /<rim:ExtrinsicObject [\s\S]*?<\/rim:ExtrinsicObject>/.exec(bytes)?.[0] ?? "";
    const member = /<rim:Association [^>]*HasMember[\s\S]*?<\/rim:Association>/.exec(bytes)?.[0] ?? "";
    const other = `${entry}${member}`
      .replaceAll("Document01", "Document02")
      .replace(/(?<=id="urn:uuid:)[0-9a-f]{4}/g, "0000");
    const cda = /<ClinicalDocument[\s\S]*<\/ClinicalDocument>/.exec(
      Buffer.from(former.requestBytes).toString("utf8"),
    )?.[0];
    const document = `<x:Document id="Document02">${Buffer.from(cda ?? "").toString("base64")}</x:Document>`;
    r.replaceInRequest(upload, /(?=<\/rim:RegistryObjectList>)/, other.replace(/(?<=value=")2\.25\.\d+/, "2.25.77"));
    r.replaceInRequest(upload, /(?=<\/x:ProvideAndRegisterDocumentSetRequest>)/, document);
  };

  it("lets a replacement travel with another document in one submission", () => {
    expect(judge("dmp/replacement", secondDocument)).to.deep.equal(MET);
    expect(judge("dmp/replacement-document", secondDocument)).to.deep.equal(MET);
    const without = (r: RecordingEditor): void => {
      secondDocument(r);
      const upload = r.exchanges("dmp.submit", "dmp-replace")[1];
      if (upload) r.replaceInRequest(upload, ":RPLC", ":APND");
    };
    expect(judge("dmp/replacement", without).said).to.deep.equal(["not_linked"]);
  });

  it("lets one validated report leave in two forms, and sees two of one form", () => {
    const second = (format: string) => (r: RecordingEditor) => {
      const success = r.exchange("dmp.submit", "dmp-submit").responseBytes;
      const again = r.exchanges("dmp.submit", "dmp-answer-lost")[1];
      if (!again || !success) throw new Error("no second sending");
      const id = /2e82c1f6-a085-4c72-9da3-8640a32e42ab" value="([^"]*)"/.exec(
        Buffer.from(again.requestBytes).toString("latin1"),
      );
      r.replaceInRequest(again, `value="${id?.[1] ?? ""}"`, 'value="2.25.78"');
      if (format !== "") r.replaceInRequest(again, "urn:ihe:iti:xds-sd:pdf:2008", format);
      r.setResponse(again, success);
    };
    expect(judge("dmp/queued-once", second("urn:ihe:lab:xd-lab:2008"))).to.deep.equal(MET);
    expect(judge("dmp/queued-once", second("")).said).to.deep.equal(["duplicate"]);
  });

  it("does not take a document that leaves the queue for the one whose visibility was chosen", () => {
    const queue = (r: RecordingEditor): void => {
      const [first] = r.exchanges("dmp.submit", "dmp-submit-visibility");
      if (!first) throw new Error("no upload");
      const other = r.exchange("dmp.submit", "dmp-submit");
      r.duplicate(other, { scenario: first.scenario, at: later(first.startedAt) });
    };
    expect(judge("dmp/visibility-codes", queue)).to.deep.equal(MET);
  });

  it("lets software that reads the list ahead ask for the right before it uploads", () => {
    const ahead = (consulted: boolean) => (r: RecordingEditor) => {
      const upload = r.exchange("dmp.submit", "dmp-submit");
      const at = (milliseconds: number): string => new Date(Date.parse(upload.startedAt) - milliseconds).toISOString();
      r.duplicate(r.exchange("dmp.authorise", "dmp-authorise"), { scenario: upload.scenario, at: at(2) });
      if (consulted) r.duplicate(r.exchange("dmp.search", "dmp-search"), { scenario: upload.scenario, at: at(1) });
    };
    expect(judge("dmp/right-only-for-consultation", ahead(true))).to.deep.equal(MET);
    expect(judge("dmp/right-only-for-consultation", ahead(false)).said).to.deep.equal(["asked"]);
  });

  it("does not count a question of another vocabulary as a test of existence", () => {
    const foreign = (r: RecordingEditor): void => {
      for (const question of r.exchanges("dmp.exists")) {
        r.replaceInRequest(
          question,
          /(<(?:\w+:)?PRPA_IN201307UV02 [^>]*xmlns(?::\w+)?=")urn:hl7-org:v3"/,
          'urn:hl7-org:v2"',
        );
      }
    };
    expect(judge("dmp/existence-first", foreign).said).to.deep.equal(["not_asked"]);
  });
});
