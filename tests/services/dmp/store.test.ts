import { expect } from "chai";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { SuiteError } from "../../../core/model/index.js";
import { parseXml } from "../../../protocols/xml.js";
import { association, statusOf, statusUrn, withStatus } from "../../../services/dmp/metadata.js";
import { openStore, type StoredEntry } from "../../../services/dmp/store.js";
import { openDesk } from "./desk.js";

describe("services/dmp/store", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-store-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const entry = (entryUuid: string, changed: Partial<StoredEntry> = {}): StoredEntry => ({
    entryUuid,
    logicalId: entryUuid,
    version: 1,
    uniqueId: "1.2.3",
    submissionSetId: "1.2.4",
    patientId: "1^^^&1.2&ISO^NH",
    repositoryUniqueId: "1.2.5",
    status: "Approved",
    visibility: ["N"],
    mimeType: "text/xml",
    title: null,
    typeCode: "11488-4",
    classCode: "10",
    hash: "0".repeat(40),
    size: 1,
    authors: [],
    depositor: { nationalId: null, structure: null },
    xml: `<rim:ExtrinsicObject xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" id="${entryUuid}" objectType="x" status="x"><rim:Slot name="constructor"><rim:ValueList><rim:Value>a &amp; b</rim:Value></rim:ValueList></rim:Slot></rim:ExtrinsicObject>`,
    receivedAt: "2026-01-01T00:00:00.000Z",
    ...changed,
  });
  const journal = (): string => path.join(folder, "registry.jsonl");

  it("knows again after a restart versions, links, sets and contents", () => {
    const store = openStore(folder);
    const link = association({ type: "t", source: "a", target: "b" }, { SubmissionSetStatus: "Original" });
    const set = { entryUuid: "s", uniqueId: "1.2.4", patientId: "p", xml: "<x/>", receivedAt: "t" };
    store.commit({
      sets: [set],
      entries: [entry("a")],
      associations: [link],
      contents: [{ uniqueId: "1.2.3", bytes: Buffer.from("abc") }],
    });
    store.commit({ entries: [entry("a", { status: "Deprecated" }), entry("b", { version: 2 })] });
    const again = openStore(folder);
    expect([...again.entries.values()].map((e) => [e.entryUuid, e.status])).to.deep.equal([
      ["a", "Deprecated"],
      ["b", "Approved"],
    ]);
    expect(again.latest("1.2.3")?.entryUuid).to.equal("b");
    expect(again.sets.get("1.2.4")).to.deep.equal(set);
    expect(again.associations.get(link.id)).to.deep.equal(link);
    expect(Buffer.from(again.read("1.2.3") ?? []).toString()).to.equal("abc");
    expect(again.read("1.2.9")).to.equal(null);
  });

  it("takes off a line cut by a crash, and loses nothing written after it", () => {
    openStore(folder).commit({ entries: [entry("a")] });
    appendFileSync(journal(), '{"sets":[],"entr');
    const store = openStore(folder);
    expect([...store.entries.keys()]).to.deep.equal(["a"]);
    store.commit({ entries: [entry("b", { uniqueId: "1.2.8" })] });
    expect([...openStore(folder).entries.keys()]).to.deep.equal(["a", "b"]);
  });

  it("drops lines that are not its own", () => {
    const good = JSON.stringify({ sets: [], entries: [entry("a")], associations: [] });
    const wrong = [
      "null",
      "[]",
      "no json",
      '{"sets":{},"entries":[],"associations":[]}',
      JSON.stringify({ sets: [], entries: [{ ...entry("b"), status: "Lost" }], associations: [] }),
      JSON.stringify({ sets: [], entries: [{ ...entry("c"), version: "1" }], associations: [] }),
      JSON.stringify({ sets: [{}], entries: [], associations: [] }),
    ];
    writeFileSync(journal(), `${[...wrong, good].join("\n")}\n`);
    expect([...openStore(folder).entries.keys()]).to.deep.equal(["a"]);
  });

  it("forgets all on reset", () => {
    const store = openStore(folder);
    store.commit({ entries: [entry("a")], contents: [{ uniqueId: "1.2.3", bytes: Buffer.from("abc") }] });
    store.reset();
    expect(store.entries.size).to.equal(0);
    expect(store.latest("1.2.3")).to.equal(null);
    expect(openStore(folder).entries.size).to.equal(0);
  });

  it("ends in a named error when the disk does not take the change, and knows nothing of it", () => {
    const store = openStore(folder);
    mkdirSync(journal());
    const act = (): void => store.commit({ entries: [entry("a")] });
    expect(act).to.throw(SuiteError, "cannot be written").with.property("code", "ERR_DISK");
    expect(store.entries.size).to.equal(0);
    expect(() => openStore(folder))
      .to.throw(SuiteError, "cannot be read")
      .with.property("where")
      .that.contains("EISDIR");
  });

  it("answers a fault of its own and records whose it is when the disk is full", async () => {
    const desk = await openDesk();
    try {
      mkdirSync(path.join(desk.context.stateFolder, "registry.jsonl"));
      const { soap } = await desk.submit();
      expect(soap.fault?.code).to.equal("Receiver");
      expect(desk.context.logs.at(-1)).to.contain("ERR_DISK").and.not.contain("    at ");
      expect(desk.context.view().events.at(-1)?.kind).to.equal("suite.error");
      expect(await desk.entries()).to.have.length(0);
    } finally {
      await desk.close();
    }
  });

  it("writes a status and its XML together, other slots kept as they are", () => {
    const changed = withStatus(entry("a"), "Archived");
    expect(changed.status).to.equal("Archived");
    const node = parseXml(changed.xml);
    expect(node.attributes.find((a) => a.name === "status")?.value).to.equal(
      "urn:asip:ci-sis:2010:StatusType:Archived",
    );
    expect(changed.xml).to.contain('name="constructor"').and.contain("a &amp; b").and.contain('versionName="1"');
    expect(statusOf(statusUrn("Deleted"))).to.equal("Deleted");
    expect(statusOf("urn:other")).to.equal(null);
  });

  it("names contents by a digest, so that no identifier leads out of the folder", () => {
    const store = openStore(folder);
    store.commit({
      entries: [entry("a", { uniqueId: "../../x" })],
      contents: [{ uniqueId: "../../x", bytes: Buffer.from("abc") }],
    });
    expect(Buffer.from(store.read("../../x") ?? []).toString()).to.equal("abc");
    expect(readFileSync(journal(), "utf8")).to.contain("../../x");
  });
});
