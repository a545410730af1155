/** TD3.3: mask, make visible, delete, archive; versions; what a registry refuses of an update. */
import { expect } from "chai";
import { STORED_QUERIES } from "../../../protocols/xds-query.js";
import { freshOid, patientIdOf } from "./client.js";
import { type Bench, DOMINIQUE, openBench, ZOE } from "./registry-bench.js";
import {
  APPROVED,
  ARCHIVED,
  assertion,
  DELETED,
  DEPRECATED,
  ME,
  MY_STRUCTURE,
  newVersion,
  OTHER,
  statusChange,
  updateRequest,
  type Who,
  withCode,
} from "./registry-client.js";

describe("services/dmp: TD3.3", () => {
  let bench: Bench;

  before(async () => {
    bench = await openBench();
  });
  after(() => bench.close());

  const zoe = () => bench.patient(ZOE);
  const send = (objects: string, who: Who = {}, setId?: string, patientId?: string) =>
    bench.update(updateRequest(patientId ?? patientIdOf(zoe()), objects, assertion(zoe(), who), setId));
  /** The versions of a document the registry has, oldest first; `xml` of the newest. */
  const versions = async (uniqueId: string) => {
    const asked = { $XDSDocumentEntryUniqueId: `('${uniqueId}')` };
    const all = await bench.query(STORED_QUERIES.GetDocuments, { ...asked, $MetadataLevel: "2" });
    const newest = await bench.query(STORED_QUERIES.GetDocuments, asked);
    const xml = /<rim:ExtrinsicObject[\s\S]*<\/rim:ExtrinsicObject>/.exec(newest.xml)?.[0] ?? "";
    return { all: all.documents, newest: newest.documents, xml };
  };
  const mine = (title: string, document: Record<string, unknown> = {}) =>
    bench.deposit(title, { by: "ps-exemple" }, document);

  describe("new metadata", () => {
    it("masks and shows again: a new version each time, the logical id and the content constant", async () => {
      const { uniqueId, entryUuid } = await mine("À masquer");
      const before = await versions(uniqueId);
      const masked = await send(newVersion(before.xml, "1", (xml) => withCode(xml, "MASQUE_PS")));
      expect([masked.status, masked.action]).to.deep.equal(["Success", "urn:ihe:iti:2010:UpdateDocumentSet-Response"]);
      const after = await versions(uniqueId);
      expect(after.newest).to.have.length(1);
      expect(after.all.map((d) => [d.status, d.logicalId])).to.deep.equal([
        [DEPRECATED, entryUuid],
        [APPROVED, entryUuid],
      ]);
      expect(after.newest[0]?.id).to.not.equal(entryUuid);
      expect(after.newest[0]?.confidentialityCodes.map((c) => c.code)).to.deep.equal(["N", "MASQUE_PS"]);
      expect(after.newest[0]?.hash).to.equal(before.newest[0]?.hash);
      expect(after.xml).to.contain('versionName="2"');
      const shown = await send(newVersion(before.xml, "2"));
      expect(shown.status).to.equal("Success");
      expect((await versions(uniqueId)).newest[0]?.confidentialityCodes.map((c) => c.code)).to.deep.equal(["N"]);
    });

    it("shows a document to the patient, and to the legal representatives for ever", async () => {
      const { uniqueId } = await mine("Caché", { visibility: ["INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"] });
      const hidden = (await versions(uniqueId)).xml;
      const without = (code: string) => (xml: string) =>
        xml.replace(
          new RegExp(`<rim:Classification [^>]*nodeRepresentation="${code}"[\\s\\S]*?</rim:Classification>`),
          "",
        );
      const show = without("INVISIBLE_PATIENT");
      const showAll = (xml: string) => without("INVISIBLE_REPRESENTANTS_LEGAUX")(show(xml));
      expect((await send(newVersion(hidden, "1", show))).status).to.equal("Success");
      expect((await send(newVersion(hidden, "2", showAll))).status).to.equal("Success");
      const again = await send(newVersion(hidden, "3", show));
      expect([again.status, again.codes]).to.deep.equal(["Failure", ["XDSMetadataUpdateError"]]);
      expect((await versions(uniqueId)).newest[0]?.confidentialityCodes.map((c) => c.code)).to.deep.equal(["N"]);
    });

    it("lets anybody mask in a normal access, the author and the attending physician unmask", async () => {
      const { uniqueId } = await mine("Masqué par un autre");
      const plain = (await versions(uniqueId)).xml;
      const mask = newVersion(plain, "1", (xml) => withCode(xml, "MASQUE_PS"));
      const stranger = { nationalId: "899900000094" };
      for (const purpose of ["bris_de_glace", "centre_15"]) {
        expect((await send(mask, { ...stranger, purpose })).codes).to.deep.equal(["XDSMetadataUpdateError"]);
      }
      expect((await send(mask, stranger)).status).to.equal("Success");
      expect((await send(newVersion(plain, "2"), stranger)).codes).to.deep.equal(["XDSMetadataUpdateError"]);
      await bench.service.control("choose", { patient: ZOE, attending: "ps-double" });
      expect((await send(newVersion(plain, "2"), { nationalId: OTHER })).status).to.equal("Success");
    });

    it("keeps the hash of the repository, whatever the message says", async () => {
      const { uniqueId } = await mine("Empreinte");
      const before = await versions(uniqueId);
      const hash = before.newest[0]?.hash ?? "";
      await send(newVersion(before.xml, "1", (xml) => xml.replace(hash, "0".repeat(40))));
      expect((await versions(uniqueId)).newest[0]?.hash).to.equal(hash);
    });

    it("makes the links between documents again for the new version", async () => {
      const { uniqueId } = await mine("Lié");
      const before = await versions(uniqueId);
      await send(newVersion(before.xml, "1"));
      const answer = await bench.query(STORED_QUERIES.GetDocumentsAndAssociations, {
        $XDSDocumentEntryUniqueId: `('${uniqueId}')`,
      });
      // The set of the update is its only link: a HasMember of the version before is not carried over.
      expect(answer.kinds).to.deep.equal(["ExtrinsicObject", "Association"]);
      expect(answer.xml).to.contain('<rim:Slot name="PreviousVersion">');
    });

    const refusals: readonly (readonly [string, string, (xml: string) => string, string | null])[] = [
      ["another PreviousVersion", "XDSMetadataVersionError", (x) => x, "2"],
      ["no PreviousVersion", "XDSMetadataUpdateOperationError", (x) => x, null],
      ["no logical id", "XDSMetadataUpdateOperationError", (x) => x.replace(/ lid="[^"]+"/, ""), "1"],
      [
        "a first version",
        "XDSMetadataUpdateOperationError",
        (x) => x.replace(/ lid="[^"]+"/, ' lid="Document01"'),
        "1",
      ],
      [
        "an unknown logical id",
        "XDSMetadataUpdateError",
        (x) => x.replace(/ lid="[^"]+"/, ' lid="urn:uuid:00000000-0000-4000-8000-000000000000"'),
        "1",
      ],
      ["another uniqueId", "XDSMetadataUpdateError", (x) => x.replace(/value="2\.25\.\d+"/, 'value="1.2.3"'), "1"],
      [
        "another objectType",
        "XDSMetadataUpdateError",
        (x) => x.replace("7edca82f-054d-47f2-a032-9b2a5b5186c1", "34268e47-fdf5-41a6-ba33-82133c465248"),
        "1",
      ],
      [
        "another patient",
        "XDSPatientIDReconciliationError",
        (x) => x.replace(/value="\d+\w*\^\^\^/, 'value="199999999999999^^^'),
        "1",
      ],
    ];
    for (const [what, code, edit, previous] of refusals) {
      it(`refuses ${what}: ${code}, and keeps what it had`, async () => {
        const { uniqueId } = await mine(`Refus: ${what}`);
        const { xml } = await versions(uniqueId);
        expect(edit(xml) !== xml || previous !== "1").to.equal(true);
        const answer = await send(newVersion(xml, previous, edit));
        expect([answer.status, answer.codes]).to.deep.equal(["Failure", [code]]);
        const after = await versions(uniqueId);
        expect(after.all).to.have.length(1);
        expect(after.all[0]?.status).to.equal(APPROVED);
      });
    }

    it("refuses to change an archived version", async () => {
      const { uniqueId } = await bench.deposit("Archivé", { by: "ps-exemple" }, { status: "Archived" });
      const answer = await send(newVersion((await versions(uniqueId)).xml, "1"));
      expect(answer.codes).to.deep.equal(["XDSMetadataUpdateError"]);
    });
  });

  describe("status", () => {
    const statusIn = async (uniqueId: string) => (await versions(uniqueId)).newest[0]?.status ?? null;

    it("archives, takes back, deletes", async () => {
      const { uniqueId, entryUuid } = await mine("Cycle");
      expect((await send(statusChange(entryUuid, APPROVED, ARCHIVED))).status).to.equal("Success");
      expect(await statusIn(uniqueId)).to.equal(ARCHIVED);
      expect((await send(statusChange(entryUuid, ARCHIVED, APPROVED))).status).to.equal("Success");
      expect(await statusIn(uniqueId)).to.equal(APPROVED);
      expect((await send(statusChange(entryUuid, APPROVED, DELETED))).status).to.equal("Success");
      expect(await statusIn(uniqueId)).to.equal(DELETED);
      expect((await bench.find()).titles).to.not.include("Cycle");
      expect((await bench.find({ $XDSDocumentEntryStatus: `('${DELETED}')` })).titles).to.include("Cycle");
      expect((await send(statusChange(entryUuid, DELETED, APPROVED))).codes).to.deep.equal(["XDSMetadataUpdateError"]);
    });

    it("deletes an archived document", async () => {
      const { entryUuid } = await mine("Archivé puis supprimé", { status: "Archived" });
      expect((await send(statusChange(entryUuid, ARCHIVED, DELETED))).status).to.equal("Success");
    });

    it("lets the author delete, and nobody else: the person, or in indirect mode the structure", async () => {
      const someone = await bench.deposit("D'un autre", { by: "ps-double" });
      const refused = await send(statusChange(someone.entryUuid, APPROVED, DELETED));
      expect([refused.status, refused.codes]).to.deep.equal(["Failure", ["XDSMetadataUpdateError"]]);
      const person = await mine("Par la personne");
      const elsewhere = { nationalId: ME, structure: "499900000099001", purpose: "bris_de_glace" };
      expect((await send(statusChange(person.entryUuid, APPROVED, DELETED), elsewhere)).status).to.equal("Success");
      const structure = await mine("Par la structure");
      const change = statusChange(structure.entryUuid, APPROVED, DELETED);
      const colleague = { nationalId: OTHER, structure: MY_STRUCTURE };
      expect((await send(change, colleague)).codes).to.deep.equal(["XDSMetadataUpdateError"]);
      const indirect = { ...colleague, mode: "INDIRECTE" };
      const stranger = { ...indirect, structure: "499900000099001" };
      expect((await send(change, stranger)).codes).to.deep.equal(["XDSMetadataUpdateError"]);
      expect((await send(change, indirect)).status).to.equal("Success");
    });

    const archiving: readonly (readonly [string, Who, boolean])[] = [
      ["a physician through AIR", {}, true],
      ["a physician with a card", { mode: "DIRECTE" }, false],
      ["a physician with a card, in an emergency", { mode: "DIRECTE", purpose: "bris_de_glace" }, true],
      ["another professional through AIR", { profession: "50" }, false],
      ["another professional, in an emergency", { profession: "50", purpose: "bris_de_glace" }, false],
      ["the attending physician with a card", { mode: "DIRECTE", nationalId: OTHER }, true],
    ];
    for (const [who, caller, allowed] of archiving) {
      it(`${allowed ? "lets" : "does not let"} ${who} archive somebody else's document`, async () => {
        await bench.service.control("choose", { patient: ZOE, attending: "ps-double" });
        const { entryUuid } = await bench.deposit("Archivé par un autre");
        const answer = await send(statusChange(entryUuid, APPROVED, ARCHIVED), caller);
        expect(answer.codes).to.deep.equal(allowed ? [] : ["XDSMetadataUpdateError"]);
      });
    }

    it("does not let another professional than a physician archive an own document in an emergency", async () => {
      const { entryUuid } = await mine("Le sien");
      const change = statusChange(entryUuid, APPROVED, ARCHIVED);
      expect((await send(change, { profession: "50", purpose: "centre_15" })).codes).to.deep.equal([
        "XDSMetadataUpdateError",
      ]);
      expect((await send(change, { profession: "50" })).status).to.equal("Success");
    });

    it("refuses another original status, an unknown one, none, an unknown target, an older version", async () => {
      const { uniqueId, entryUuid } = await mine("Refusé");
      const codes = async (objects: string) => (await send(objects)).codes;
      const nobody = "urn:uuid:00000000-0000-4000-8000-000000000000";
      expect(await codes(statusChange(entryUuid, ARCHIVED, DELETED))).to.deep.equal(["XDSMetadataUpdateError"]);
      expect(await codes(statusChange(entryUuid, APPROVED, "urn:x:Gone"))).to.deep.equal(["XDSMetadataUpdateError"]);
      expect(await codes(statusChange(entryUuid, null, DELETED))).to.deep.equal(["XDSMetadataUpdateError"]);
      expect(await codes(statusChange(entryUuid, APPROVED, null))).to.deep.equal(["XDSMetadataUpdateError"]);
      expect(await codes(statusChange(nobody, APPROVED, DELETED))).to.deep.equal(["XDSMetadataUpdateError"]);
      await send(newVersion((await versions(uniqueId)).xml, "1"));
      expect(await codes(statusChange(entryUuid, DEPRECATED, ARCHIVED))).to.deep.equal(["XDSMetadataUpdateError"]);
      expect(await statusIn(uniqueId)).to.equal(APPROVED);
    });
  });

  describe("the request", () => {
    it("is taken whole or not at all", async () => {
      const good = await mine("Bon");
      const bad = statusChange("urn:uuid:00000000-0000-4000-8000-000000000000", APPROVED, ARCHIVED);
      const answer = await send(`${statusChange(good.entryUuid, APPROVED, ARCHIVED)}${bad}`);
      expect([answer.status, answer.codes]).to.deep.equal(["Failure", ["XDSMetadataUpdateError"]]);
      expect((await bench.find()).titles).to.include("Bon");
    });
    it("has one submission set, whose uniqueId is new and whose patient is the document's", async () => {
      const { entryUuid } = await mine("Lots");
      const change = statusChange(entryUuid, APPROVED, ARCHIVED);
      const setId = freshOid();
      const other = patientIdOf(bench.patient(DOMINIQUE));
      expect((await send(change, {}, undefined, other)).codes).to.deep.equal(["XDSPatientIDReconciliationError"]);
      expect((await send(change, {}, undefined, "1^^^&1.2&ISO^NH")).codes).to.include("XDSUnknownPatientId");
      expect((await send(change, {}, setId)).status).to.equal("Success");
      const twice = await send(statusChange(entryUuid, ARCHIVED, APPROVED), {}, setId);
      expect(twice.codes).to.deep.equal(["XDSDuplicateUniqueIdInRegistry"]);
    });
    it("XDSMetadataUpdateOperationError when nothing, or something else, is asked", async () => {
      const { entryUuid, uniqueId } = await mine("Autre chose");
      const { xml } = await versions(uniqueId);
      const codes = async (objects: string) => (await send(objects)).codes;
      const operation = ["XDSMetadataUpdateOperationError"];
      expect(await codes("")).to.deep.equal(operation);
      expect(await codes(xml)).to.deep.equal(operation);
      expect(await codes(statusChange(entryUuid, APPROVED, ARCHIVED, "Elsewhere"))).to.deep.equal(operation);
      const change = statusChange(entryUuid, APPROVED, ARCHIVED);
      expect(await codes(change + change.replace("a1", "a2"))).to.deep.equal(operation);
      const withoutSet = updateRequest(patientIdOf(zoe()), change, assertion(zoe())).replace(
        "a54d6aa5-d40d-43f9-88c5-b4633d873bdd",
        "00000000-0000-4000-8000-000000000000",
      );
      expect((await bench.update(withoutSet)).codes).to.deep.equal(operation);
      const noList = updateRequest(patientIdOf(zoe()), change, assertion(zoe())).replaceAll("RegistryObjectList", "X");
      expect((await bench.update(noList)).codes).to.deep.equal(operation);
    });
    it("plays the scripted faults, and does nothing then", async () => {
      const { entryUuid, uniqueId } = await mine("Panne");
      const change = statusChange(entryUuid, APPROVED, ARCHIVED);
      const failed = await bench.withFault({ at: "update", kind: "registry-error" }, () => send(change));
      expect([failed.status, failed.codes]).to.deep.equal(["Failure", ["XDSRegistryError"]]);
      const fault = await bench.withFault({ at: "update", kind: "soap-fault" }, () => send(change));
      expect(fault.fault).to.equal("Sender/DMPInvalidCertificate");
      expect((await versions(uniqueId)).newest[0]?.status).to.equal(APPROVED);
    });
  });

  it("knows every version again after a restart", async () => {
    const { uniqueId } = await mine("Durable");
    await send(newVersion((await versions(uniqueId)).xml, "1"));
    const again = await (await import("../../../services/dmp/index.js")).dmpService.start(bench.context);
    try {
      const stored = (await again.control("documents")) as { uniqueId: string; version: number; status: string }[];
      const found = stored.filter((entry) => entry.uniqueId === uniqueId);
      expect(found.map((entry) => [entry.version, entry.status])).to.deep.equal([
        [1, "Deprecated"],
        [2, "Approved"],
      ]);
    } finally {
      await again.stop();
    }
  });
});
