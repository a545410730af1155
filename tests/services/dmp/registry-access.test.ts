/** Who may search, retrieve and update: authorisations, choices of the patient, modes; the journal that tells it. */
import { expect } from "chai";
import { STORED_QUERIES } from "../../../protocols/xds-query.js";
import { SuiteError } from "../../../core/model/index.js";
import { dmpService } from "../../../services/dmp/index.js";
import { patientIdOf } from "./client.js";
import { type Bench, openBench, ZOE } from "./registry-bench.js";
import {
  APPROVED,
  ARCHIVED,
  assertion,
  DELETED,
  ME,
  OTHER,
  statusChange,
  updateRequest,
  type Who,
} from "./registry-client.js";

describe("services/dmp: access", () => {
  let bench: Bench;
  let mine: { uniqueId: string; entryUuid: string };
  let theirs: { uniqueId: string; entryUuid: string };

  before(async () => {
    bench = await openBench();
  });
  after(() => bench.close());
  beforeEach(async () => {
    await bench.service.control("reset");
    mine = await bench.deposit("Le mien", { by: "ps-exemple" });
    theirs = await bench.deposit("Le leur", { by: "ps-double" });
  });

  const choose = (choices: Record<string, unknown>) => bench.service.control("choose", { patient: ZOE, ...choices });
  const authorise = (state: string) =>
    bench.service.control("authorise", { patient: ZOE, professional: "ps-exemple", state });
  const update = (entryUuid: string, next: string, who?: Who) =>
    bench.update(
      updateRequest(
        patientIdOf(bench.patient(ZOE)),
        statusChange(entryUuid, APPROVED, next),
        assertion(bench.patient(ZOE), who),
      ),
    );
  /** Faults of a search, a retrieval and an update of somebody else's document; null when it went well. */
  const refusals = async (who: Who = {}) => {
    const found = await bench.find({}, { who });
    const got = await bench.retrieve([theirs.uniqueId], who);
    const changed = await update(theirs.entryUuid, ARCHIVED, who);
    if (changed.status === "Success") {
      await bench.update(
        updateRequest(
          patientIdOf(bench.patient(ZOE)),
          statusChange(theirs.entryUuid, ARCHIVED, APPROVED),
          assertion(bench.patient(ZOE), who),
        ),
      );
    }
    return [found.fault, got.status === 400 ? "Sender" : null, changed.fault];
  };
  const all = ["Sender", "Sender", "Sender"];
  const none = [null, null, null];
  const journal = async () =>
    (await bench.service.control("accesses", { patient: ZOE })) as {
      operation: string;
      outcome: string;
      refusal: string | null;
      purpose: string;
      reason: string | null;
      mode: string;
    }[];

  it("lets a professional consult unless something else was said", async () => {
    expect(await refusals()).to.deep.equal(none);
  });

  for (const state of ["none", "expired", "denied"]) {
    it(`refuses without subcode when the authorisation is ${state}`, async () => {
      await authorise(state);
      expect(await refusals()).to.deep.equal(all);
      expect(await refusals({ nationalId: OTHER })).to.deep.equal(none);
      await authorise("valid");
      expect(await refusals()).to.deep.equal(none);
    });
  }

  it("refuses a blocked professional, in an emergency too, until unblocked", async () => {
    await choose({ blockProfessional: "ps-exemple" });
    expect(await refusals()).to.deep.equal(all);
    expect(await refusals({ purpose: "bris_de_glace" })).to.deep.equal(all);
    expect(await refusals({ nationalId: OTHER })).to.deep.equal(none);
    await choose({ unblockProfessional: ME });
    expect(await refusals()).to.deep.equal(none);
  });

  it("lets break-glass and regulation in without an authorisation, unless the patient refuses them", async () => {
    await authorise("none");
    expect(await refusals({ purpose: "bris_de_glace", reason: "Patient inconscient" })).to.deep.equal(none);
    expect(await refusals({ purpose: "centre_15" })).to.deep.equal(none);
    await choose({ refuseEmergency: true });
    expect(await refusals({ purpose: "bris_de_glace" })).to.deep.equal(all);
    expect(await refusals({ purpose: "centre_15" })).to.deep.equal(none);
    await choose({ refuseRegulation: true, refuseEmergency: false });
    expect(await refusals({ purpose: "bris_de_glace" })).to.deep.equal(none);
    expect(await refusals({ purpose: "centre_15" })).to.deep.equal(all);
  });

  it("refuses when the patient opposes consultation, not when only uploads are opposed", async () => {
    await choose({ oppose: "upload" });
    expect(await refusals()).to.deep.equal(none);
    await choose({ oppose: "both" });
    expect(await refusals()).to.deep.equal(all);
    await choose({ oppose: "none" });
    expect(await refusals()).to.deep.equal(none);
  });

  it("refuses consultation and management in indirect mode, even to the author; not deletion", async () => {
    const who = { mode: "INDIRECTE" };
    expect(await refusals(who)).to.deep.equal(all);
    expect((await bench.retrieve([mine.uniqueId], who)).status).to.equal(400);
    expect((await update(mine.entryUuid, ARCHIVED, who)).fault).to.equal("Sender");
    expect((await update(mine.entryUuid, DELETED, who)).status).to.equal("Success");
    expect(await refusals({ mode: "DIRECTE" })).to.deep.equal(none);
  });

  it("gives whoever may not consult the identifiers of the own documents, and of no other (TD3.1b)", async () => {
    const asked = { $XDSDocumentEntryUniqueId: `('${mine.uniqueId}','${theirs.uniqueId}')` };
    const titles = async (who?: Who) =>
      (await bench.query(STORED_QUERIES.GetDocuments, asked, who ? { who } : {})).titles;
    expect(await titles()).to.deep.equal(["Le leur", "Le mien"]);
    expect(await titles({ mode: "INDIRECTE" })).to.deep.equal(["Le mien"]);
    await authorise("none");
    expect(await titles()).to.deep.equal(["Le mien"]);
    const links = await bench.query(STORED_QUERIES.GetAssociations, {
      $uuid: `('${mine.entryUuid}','${theirs.entryUuid}')`,
    });
    expect(links.kinds).to.deep.equal(["Association"]);
    const sets = await bench.query(STORED_QUERIES.GetSubmissionSets, { $uuid: `('${theirs.entryUuid}')` });
    expect(sets.kinds).to.deep.equal([]);
    const last = (await journal()).pop();
    expect(last).to.include({ outcome: "own_documents", refusal: "no_authorisation" });
  });

  it("lets the author delete without an authorisation", async () => {
    await authorise("none");
    expect((await update(mine.entryUuid, DELETED)).status).to.equal("Success");
  });

  it("shows a masked document in an emergency or regulation access the patient does not refuse", async () => {
    await bench.service.control("hide", { patient: ZOE, title: "Le leur", codes: ["MASQUE_PS"] });
    for (const purpose of ["bris_de_glace", "centre_15"]) {
      expect((await bench.find({}, { who: { purpose } })).titles).to.deep.equal(["Le leur", "Le mien"]);
      expect((await bench.retrieve([theirs.uniqueId], { purpose })).body.toString()).to.contain("Type:Success");
    }
    await choose({ refuseEmergency: true });
    expect((await bench.find({}, { who: { purpose: "bris_de_glace" } })).fault).to.equal("Sender");
  });

  it("shows a masked document in a normal access to its author and to the attending physician only", async () => {
    await bench.service.control("hide", { patient: ZOE, title: "Le leur", codes: ["MASQUE_PS"] });
    expect((await bench.find()).titles).to.deep.equal(["Le mien"]);
    expect((await bench.find({}, { who: { nationalId: OTHER } })).titles).to.deep.equal(["Le leur", "Le mien"]);
    const links = await bench.query(STORED_QUERIES.GetAssociations, { $uuid: `('${theirs.entryUuid}')` });
    expect(links.ids).to.have.length(0);
    const old = await bench.query(STORED_QUERIES.GetDocuments, {
      $XDSDocumentEntryEntryUUID: `('${theirs.entryUuid}')`,
      $MetadataLevel: "2",
    });
    expect([old.status, old.kinds]).to.deep.equal(["Success", []]);
    const hidden = await bench.retrieve([theirs.uniqueId]);
    expect(hidden.body.toString()).to.contain("XDSDocumentUniqueIdError");
    await choose({ attending: "ps-exemple" });
    expect((await bench.find()).titles).to.deep.equal(["Le leur", "Le mien"]);
    expect((await bench.retrieve([theirs.uniqueId])).body.toString()).to.contain("ResponseStatusType:Success");
    await choose({ attending: "ps-double" });
    await bench.service.control("hide", { patient: ZOE, uniqueId: theirs.uniqueId, codes: [] });
    expect((await bench.find()).titles).to.deep.equal(["Le leur", "Le mien"]);
  });

  it("returns a document hidden from the patient with its code", async () => {
    await bench.service.control("hide", { patient: ZOE, codes: ["INVISIBLE_PATIENT"] });
    const { documents } = await bench.find();
    const codes = documents.find((d) => d.title === "Le leur")?.confidentialityCodes.map((c) => c.code);
    expect(codes).to.deep.equal(["N", "INVISIBLE_PATIENT"]);
    expect((await bench.retrieve([theirs.uniqueId])).body.toString()).to.contain("ResponseStatusType:Success");
  });

  it("keeps a journal of purpose and reason, over a restart", async () => {
    await bench.find({}, { who: { purpose: "bris_de_glace", reason: "Patient inconscient" } });
    await choose({ refuseEmergency: true });
    await bench.retrieve([theirs.uniqueId], { purpose: "bris_de_glace" });
    await authorise("expired");
    const told = (await journal()).map((a) => [a.operation, a.outcome, a.refusal, a.purpose, a.reason]);
    expect(told).to.deep.equal([
      ["dmp.search", "allowed", null, "bris_de_glace", "Patient inconscient"],
      ["dmp.retrieve", "refused", "emergency_refused", "bris_de_glace", null],
    ]);
    const again = await dmpService.start(bench.context);
    try {
      const known = (await again.control("accesses")) as unknown[];
      expect(known).to.have.length(2);
      expect(await again.control("choose", { patient: ZOE })).to.include({ refusesEmergency: true });
    } finally {
      await again.stop();
    }
  });

  describe("control commands", () => {
    const wrong: readonly (readonly [string, Record<string, unknown>])[] = [
      ["deposit", {}],
      ["deposit", { patient: "nobody" }],
      ["deposit", { patient: "houilles-pierre" }],
      ["deposit", { patient: ZOE, by: "nobody" }],
      ["deposit", { patient: ZOE, document: "text" }],
      ["deposit", { patient: ZOE, document: { visibility: ["R"] } }],
      ["deposit", { patient: ZOE, document: { visibility: "MASQUE_PS" } }],
      ["deposit", { patient: ZOE, document: { eventDate: "hier" } }],
      ["deposit", { patient: ZOE, document: { status: "Deleted" } }],
      ["hide", { patient: ZOE, title: "Aucun", codes: [] }],
      ["choose", { patient: ZOE, oppose: "toString" }],
      ["choose", { patient: ZOE, refuseEmergency: "oui" }],
      ["authorise", { patient: ZOE, professional: "ps-exemple", state: "perhaps" }],
      ["authorise", { patient: ZOE, state: "valid" }],
      ["constructor", {}],
    ];
    for (const [command, args] of wrong) {
      it(`${command} ${JSON.stringify(args)} is refused`, async () => {
        let error: unknown = null;
        try {
          await bench.service.control(command, args);
        } catch (thrown) {
          error = thrown;
        }
        expect(error).to.be.instanceOf(SuiteError);
        expect((error as SuiteError).code).to.equal("ERR_USAGE");
      });
    }
  });
});
