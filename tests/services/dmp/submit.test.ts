import { expect } from "chai";
import { REGISTRY_FAILURE, REGISTRY_SUCCESS } from "../../../protocols/xds.js";
import { openStore, type StoredEntry } from "../../../services/dmp/store.js";
import { freshOid, patientIdOf, REPLACES, SIGNS } from "./client.js";
import { type Desk, openDesk } from "./desk.js";

const METADATA = "XDSRegistryMetadataError";
const CLASS_CODE = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a";

describe("services/dmp, TD2.1", () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  const other = "corse-anthony";
  const asOther = () => ({ patientId: patientIdOf(desk.patient(other)), assertion: desk.token(other) });
  const replace = (target: string) => ({ links: [{ type: REPLACES, source: "Document01", target }] });
  const stored = async (): Promise<StoredEntry> => desk.entry((await desk.submit()).uniqueId);
  /** Codes of the answer to a submission whose metadata were changed; the change must have found its place. */
  const edited = async (from: string | RegExp, to: string): Promise<readonly (string | null)[]> => {
    const edit = (xml: string): string => {
      const changed = xml.replace(from, to);
      if (changed === xml) throw new Error(`nothing to change for ${String(from)}`);
      return changed;
    };
    return (await desk.submit({ edit })).codes;
  };

  it("keeps what the registry computes and who sent it", async () => {
    const content = Buffer.from("<ClinicalDocument xmlns='urn:hl7-org:v3'/>");
    const { uniqueId } = await desk.submit({ content, visibility: ["INVISIBLE_PATIENT"] });
    const entry = await desk.entry(uniqueId);
    expect(entry).to.include({ status: "Approved", version: 1, size: content.length, typeCode: "11488-4" });
    expect(entry.logicalId).to.equal(entry.entryUuid);
    expect(entry.visibility).to.deep.equal(["N", "INVISIBLE_PATIENT"]);
    expect(entry.depositor).to.deep.equal({ nationalId: "899900000011", structure: "499900000011001" });
    expect(entry.authors).to.deep.equal(["899900000011"]);
    expect(entry.xml).to.contain(`id="${entry.entryUuid}"`).and.contain('status="urn:oasis:names:tc:ebxml');
    expect(entry.xml).not.to.contain("Document01");
  });

  it("stores several documents of one submission, or none", async () => {
    const [first, second] = [freshOid(), freshOid()];
    const more = [{ id: "Document02", uniqueId: second, content: Buffer.from("second") }];
    expect((await desk.submit({ uniqueId: first, more })).registry?.status).to.equal(REGISTRY_SUCCESS);
    expect((await desk.entries()).map((e) => e.uniqueId)).to.deep.equal([first, second]);
    const wrong = await desk.submit({ size: "1", more: [{ id: "Document02" }] });
    expect(wrong.codes).to.deep.equal(["XDSRepositoryMetadataError"]);
    expect(await desk.entries()).to.have.length(2);
  });

  it("takes the detached signature: an entry that signs the set", async () => {
    const signature = { id: "Signature01", visibility: ["MASQUE_PS", "INVISIBLE_PATIENT"] };
    const links = [{ type: SIGNS, source: "Signature01", target: "Set01", status: "Original" }];
    expect((await desk.submit({ more: [signature], links })).codes).to.deep.equal([]);
    expect((await desk.entries()).map((e) => e.visibility.length)).to.deep.equal([1, 3]);
    const store = openStore(desk.context.stateFolder);
    const signs = [...store.associations.values()].find((a) => a.type === SIGNS);
    expect(store.entries.get(signs?.source ?? "")?.visibility).to.include("MASQUE_PS");
    expect([...store.sets.values()].map((set) => set.entryUuid)).to.deep.equal([signs?.target]);
  });

  it("takes 50 MB", async () => {
    const { uniqueId, codes } = await desk.submit({ content: Buffer.alloc(50 * 1024 * 1024, 0x61) });
    expect(codes).to.deep.equal([]);
    expect((await desk.entry(uniqueId)).size).to.equal(50 * 1024 * 1024);
  });

  it("refuses more objects than it treats, at once", async () => {
    const many = Array.from({ length: 1000 }, () => ({ type: SIGNS, source: "Document01", target: "Set01" }));
    expect((await desk.submit({ links: many })).codes).to.deep.equal(["XDSRepositoryOutOfResources"]);
    expect((await desk.submit({ links: many.slice(3) })).codes).to.deep.equal([]);
  });

  describe("replacement", () => {
    it("deprecates what it replaces", async () => {
      const before = await stored();
      const { uniqueId, registry } = await desk.submit(replace(before.entryUuid));
      expect(registry?.status).to.equal(REGISTRY_SUCCESS);
      const after = await desk.entry(before.uniqueId);
      expect(after.status).to.equal("Deprecated");
      expect(after.xml).to.contain("StatusType:Deprecated").and.not.contain("StatusType:Approved");
      const next = await desk.entry(uniqueId);
      expect(next.status).to.equal("Approved");
      expect(next.logicalId).not.to.equal(before.logicalId);
    });

    it("refuses a target that is unknown, deprecated, of another patient or in the message", async () => {
      const lost = "urn:uuid:00000000-0000-4000-8000-000000000000";
      expect((await desk.submit(replace(lost))).codes).to.deep.equal([METADATA]);
      const before = await stored();
      expect((await desk.submit(replace(before.uniqueId))).codes).to.deep.equal([METADATA]);
      expect((await desk.submit({ ...asOther(), ...replace(before.entryUuid) })).codes).to.deep.equal([
        "XDSPatientIdDoesNotMatch",
      ]);
      expect((await desk.submit({ more: [{ id: "Document02" }], ...replace("Document02") })).codes).to.deep.equal([
        METADATA,
      ]);
      expect((await desk.entry(before.uniqueId)).status).to.equal("Approved");
      await desk.submit(replace(before.entryUuid));
      expect((await desk.submit(replace(before.entryUuid))).codes).to.deep.equal([
        "XDSRegistryDeprecatedDocumentError",
      ]);
    });

    it("refuses a source that is no document of the message", async () => {
      const { entryUuid } = await stored();
      const links = [{ type: REPLACES, source: "Set01", target: entryUuid }];
      expect((await desk.submit({ links })).codes).to.deep.equal([METADATA]);
    });

    it("refuses a target that is archived or deleted", async () => {
      for (const status of ["Archived", "Deleted"] as const) {
        const entry = await stored();
        // The state an earlier start left: what TD3.3 does to a document is tested with it.
        openStore(desk.context.stateFolder).commit({ entries: [{ ...entry, status }] });
        const again = await openDesk(desk.context);
        try {
          expect((await again.submit(replace(entry.entryUuid))).codes).to.deep.equal([METADATA]);
        } finally {
          await again.service.stop();
        }
      }
    });
  });

  describe("associations", () => {
    it("refuses a document without HasMember, or that of another set", async () => {
      expect(await edited(/<rim:Association .*<\/rim:Association>/, "")).to.deep.equal([METADATA]);
      expect(await edited('sourceObject="Set01"', 'sourceObject="Set02"')).to.deep.equal([METADATA, METADATA]);
    });

    it("refuses an association that leads nowhere, or misses an end", async () => {
      expect(await edited('targetObject="Document01"', 'targetObject="Document09"')).to.deep.equal([
        METADATA,
        METADATA,
      ]);
      const links = [{ type: SIGNS, source: "Document01", target: "" }];
      expect((await desk.submit({ links })).codes).to.deep.equal([METADATA]);
    });
  });

  describe("metadata", () => {
    const attributes: readonly (readonly [string, RegExp])[] = [
      ["submissionTime", /<rim:Slot name="submissionTime">.*?<\/rim:Slot>/],
      ["sourceId", /<rim:ExternalIdentifier [^>]*554ac39e[^>]*\/>/],
      ["contentTypeCode", /<rim:Classification [^>]*aa543740.*?<\/rim:Classification>/],
      ["mimeType", / mimeType="text\/xml"/],
      ["objectType", / objectType="urn:uuid:7edca82f[^"]*"/],
      ["creationTime", /<rim:Slot name="creationTime">.*?<\/rim:Slot>/],
      ["languageCode", /<rim:Slot name="languageCode">.*?<\/rim:Slot>/],
      ["sourcePatientId", /<rim:Slot name="sourcePatientId">.*?<\/rim:Slot>/],
      ["classCode", /<rim:Classification [^>]*41a5887f.*?<\/rim:Classification>/],
      ["confidentialityCode", /<rim:Classification [^>]*f4f85eac.*?<\/rim:Classification>/],
      ["formatCode", /<rim:Classification [^>]*a09d5840.*?<\/rim:Classification>/],
      ["healthcareFacilityTypeCode", /<rim:Classification [^>]*f33fb8ac.*?<\/rim:Classification>/],
      ["practiceSettingCode", /<rim:Classification [^>]*cccf5598.*?<\/rim:Classification>/],
      ["typeCode", /<rim:Classification [^>]*f0306f51.*?<\/rim:Classification>/],
      ["uniqueId", /<rim:ExternalIdentifier [^>]*2e82c1f6[^>]*\/>/],
    ];
    for (const [name, piece] of attributes) {
      it(`refuses a submission without ${name}, and says which`, async () => {
        const edit = (xml: string): string => xml.replace(piece, "");
        const { registry, codes } = await desk.submit({ edit });
        expect(codes).to.deep.equal([METADATA]);
        expect(registry?.errors[0]?.context).to.contain(name);
      });
    }

    it("refuses a document without patientId: missing, and not that of the set", async () => {
      expect(await edited(/<rim:ExternalIdentifier [^>]*58a6f841[^>]*\/>/, "")).to.deep.equal([
        METADATA,
        "XDSPatientIdDoesNotMatch",
      ]);
    });

    it("refuses a code without its scheme and a code under the wrong scheme", async () => {
      const scheme = new RegExp(`(<rim:Classification [^>]*${CLASS_CODE}[^>]*>)<rim:Slot .*?</rim:Slot>`);
      expect(await edited(scheme, "$1")).to.deep.equal([METADATA]);
      expect(await edited("9c3699a4309d", "9fdf87b75cc4")).to.deep.equal([METADATA]);
    });

    it("takes a submission without the optional title, author, hash and size", async () => {
      const edit = (xml: string): string =>
        xml
          .replace(/<rim:Name>.*?<\/rim:Name>/g, "")
          .replace(/<rim:Slot name="(hash|size)">.*?<\/rim:Slot>/g, "")
          .replace(/<rim:Classification [^>]*93606bcf.*?<\/rim:Slot><\/rim:Classification>/, "");
      const { uniqueId, codes } = await desk.submit({ edit });
      expect(codes).to.deep.equal([]);
      expect((await desk.entry(uniqueId)).hash).to.match(/^[0-9a-f]{40}$/);
    });

    it("refuses a set without uniqueId or patientId, no set, two sets, no objects", async () => {
      const refused = ["XDSRepositoryMetadataError"];
      expect(await edited(/<rim:ExternalIdentifier [^>]*96fdda7c[^>]*\/>/, "")).to.deep.equal(refused);
      expect(await edited(/<rim:ExternalIdentifier [^>]*6b5aea1a[^>]*\/>/, "")).to.deep.equal(refused);
      expect(
        await edited("a54d6aa5-d40d-43f9-88c5-b4633d873bdd", "d9d542f3-6cc4-48b6-8870-ea235fbc94c2"),
      ).to.deep.equal(refused);
      expect(await edited(/<lcm:SubmitObjectsRequest.*<\/lcm:SubmitObjectsRequest>/, "")).to.deep.equal(refused);
      const twice = /(<rim:RegistryPackage.*<\/rim:RegistryPackage>)/;
      expect(await edited(twice, '$1<rim:RegistryPackage id="Set01"/>')).to.deep.equal(refused);
    });
  });

  describe("identifiers", () => {
    it("refuses an identifier it knows, whatever the content and whatever bore it", async () => {
      const setId = freshOid();
      const { uniqueId } = await desk.submit({ setId });
      const known = ["XDSDuplicateUniqueIdInRegistry"];
      const same = await desk.submit({ uniqueId });
      expect(same.codes).to.deep.equal(known);
      expect(same.registry?.errors[0]?.context).to.contain("same content");
      const different = await desk.submit({ uniqueId, content: Buffer.from("other") });
      expect(different.codes).to.deep.equal(known);
      expect(different.registry?.errors[0]?.context).to.contain("another content");
      expect((await desk.submit({ setId })).codes).to.deep.equal(known);
      expect((await desk.submit({ uniqueId: setId })).codes).to.deep.equal(known);
      expect((await desk.submit({ setId: uniqueId })).codes).to.deep.equal(known);
    });

    it("refuses one identifier twice in a message, and one id on two objects", async () => {
      const uniqueId = freshOid();
      expect((await desk.submit({ uniqueId, more: [{ id: "Document02", uniqueId }] })).codes).to.deep.equal([
        "XDSRepositoryDuplicateUniqueIdInMessage",
      ]);
      expect((await desk.submit({ more: [{ id: "Document01" }] })).codes).to.include(METADATA);
    });

    it("keeps the sender's entryUUID, and refuses one it has", async () => {
      const own = "urn:uuid:7953af1a-ba1c-41eb-816f-0050569e422e";
      const edit = (xml: string): string => xml.replaceAll("Document01", own);
      const { uniqueId, codes } = await desk.submit({ edit });
      expect(codes).to.deep.equal([]);
      expect((await desk.entry(uniqueId)).entryUuid).to.equal(own);
      expect((await desk.submit({ edit })).codes).to.deep.equal([METADATA]);
    });
  });

  describe("patient", () => {
    const as = (patientId: string) => desk.submit({ patientId });

    it("refuses a patient unknown, without DMP, or named under another authority", async () => {
      const unknown = ["XDSUnknownPatientId"];
      expect((await as("299010100000000^^^&1.2.250.1.213.1.4.10&ISO^NH")).codes).to.deep.equal(unknown);
      expect((await as(patientIdOf(desk.patient("adrtrois-toussaint")))).codes).to.deep.equal(unknown);
      const matricule = desk.patient("adrun-zoe").ins?.matricule ?? "";
      expect((await as(`${matricule}^^^&1.2.3.4&ISO^NH`)).codes).to.deep.equal(unknown);
    });

    it("takes the components the kit appends to the identifier", async () => {
      expect((await as(`${patientIdOf(desk.patient("adrun-zoe"))}^^20100907`)).codes).to.deep.equal([]);
    });

    it("refuses a closed DMP", async () => {
      const { codes, registry } = await as(patientIdOf(desk.patient("ecetinsi-pierre-alain")));
      expect(codes).to.deep.equal(["XDSRegistryError"]);
      expect(registry?.errors[0]?.context).to.contain("fermé");
    });

    it("refuses a document of another patient than the set", async () => {
      const { codes, registry } = await desk.submit({ documentPatientId: patientIdOf(desk.patient(other)) });
      expect(codes).to.deep.equal(["XDSPatientIdDoesNotMatch"]);
      expect(registry?.status).to.equal(REGISTRY_FAILURE);
    });
  });
});
