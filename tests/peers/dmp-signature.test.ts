/** The detached signature of a submission, as the reference vendor makes it, verified by xmlsec1. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { partsOf } from "../fixtures/vendors/reading.js";
import { openRoad, type Road } from "../fixtures/vendors/road.js";

const run = promisify(execFile);
const DOCUMENTS = [
  { typeCode: "11488-4", title: "Compte rendu", text: "Été, <naïf> & œuvre." },
  { typeCode: "57833-6", title: "Ordonnance", text: "Ordonnance fictive." },
];

describe("peers: xmlsec1 and the detached signature of the reference vendor", function () {
  let road: Road;
  let folder: string;

  before(async () => {
    road = await openRoad({ services: ["psc", "dmp"] });
    folder = mkdtempSync(path.join(tmpdir(), "segur-dsg-"));
  });
  after(async () => {
    await road.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const signature = (): Promise<string> =>
    road.inScenario([], async () => {
      await road.call("dmp.submit", {
        patientId: await road.put("adrun-zoe", "QUAL"),
        documents: DOCUMENTS,
        signed: true,
      });
      return partsOf(road.seen("dmp.submit")[0]).at(-1)?.toString("utf8") ?? "";
    });

  const verifies = async (xml: string): Promise<boolean> => {
    const file = path.join(folder, "signature.xml");
    writeFileSync(file, xml);
    const authorities = road.context.pki.caBundlePem.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n/g) ?? [];
    const trust = authorities.flatMap((pem, index) => {
      const authority = path.join(folder, `authority-${index}.pem`);
      writeFileSync(authority, pem);
      return ["--trusted-pem", authority];
    });
    const ids = [
      "--id-attr:Id",
      "http://www.w3.org/2000/09/xmldsig#:Manifest",
      "--id-attr:Id",
      "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
    ];
    try {
      await run("xmlsec1", ["--verify", "--ignore-manifests", ...ids, ...trust, file]);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw error;
      return false;
    }
  };

  it("holds as it was sent", async () => expect(await verifies(await signature())).to.equal(true));

  const touched: Record<string, (xml: string) => string> = {
    "a digest of the manifest": (xml) => xml.replace("DigestValue>AA==", "DigestValue>AQ=="),
    "a document of the manifest": (xml) => xml.replace("urn:oid:2.25.", "urn:oid:2.26."),
    "the signing time": (xml) => xml.replace(/SigningTime>\d{4}/, "SigningTime>1999"),
    "the signature value": (xml) => xml.replace(/SignatureValue>[^<]{4}/, "SignatureValue>AAAA"),
  };
  for (const [what, touch] of Object.entries(touched)) {
    it(`falls with ${what}`, async () => {
      const xml = await signature();
      expect(touch(xml)).not.to.equal(xml);
      expect(await verifies(touch(xml))).to.equal(false);
    });
  }

  it("falls with the defect that writes no signature", async () => {
    await road.restart("dmp-signature-invalid");
    expect(await verifies(await signature())).to.equal(false);
  });
});
