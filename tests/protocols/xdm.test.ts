import { once } from "node:events";
import { expect } from "chai";
import yazl from "yazl";
import { fileOfUri, readXdm, type Xdm } from "../../protocols/xdm.js";

async function archive(files: Readonly<Record<string, string>>): Promise<Xdm> {
  const zip = new yazl.ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  const chunks: Buffer[] = [];
  zip.outputStream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(zip.outputStream, "end");
  const result = readXdm(Buffer.concat(chunks));
  if (!result.ok) throw new Error(result.reason);
  return result.xdm;
}

describe("protocols/xdm", () => {
  it("reads the layout of ITI-32", async () => {
    const xdm = await archive({
      "README.TXT": "r",
      "INDEX.HTM": "i",
      "IHE_XDM/SUBSET01/METADATA.XML": "<m/>",
      "IHE_XDM/SUBSET01/DOC0001.XML": "<d/>",
      "IHE_XDM/SUBSET01/STYLE.XSL": "<s/>",
    });
    expect(xdm.readme?.path).to.equal("README.TXT");
    expect(xdm.index?.path).to.equal("INDEX.HTM");
    expect(xdm.subsets.map((s) => [s.name, s.metadata?.name, s.files.map((f) => f.name)])).to.deep.equal([
      ["SUBSET01", "METADATA.XML", ["DOC0001.XML", "STYLE.XSL"]],
    ]);
    expect([xdm.strays, xdm.caseDiffers, xdm.notIso9660]).to.deep.equal([[], [], []]);
  });

  it("finds names under another case and says so", async () => {
    const xdm = await archive({
      "readme.txt": "",
      "ihe_xdm/subset01/metadata.xml": "",
      "ihe_xdm/subset01/doc.xml": "",
    });
    expect(xdm.readme?.path).to.equal("readme.txt");
    expect(xdm.subsets[0]?.metadata?.path).to.equal("ihe_xdm/subset01/metadata.xml");
    expect(xdm.caseDiffers).to.deep.equal(["readme.txt", "ihe_xdm", "metadata.xml"]);
    expect(xdm.notIso9660).to.have.length(3);
    expect(xdm.index).to.equal(null);
  });

  it("lists what lies elsewhere, several subsets, and a folder without metadata", async () => {
    const xdm = await archive({
      "METADATA.XML": "",
      "IHE_XDM/METADATA.XML": "",
      "IHE_XDM/SUBSET01/DOC0001.XML": "",
      "IHE_XDM/SUBSET02/METADATA.XML": "",
      "IHE_XDM/SUBSET02/SUB/METADATA.XML": "",
    });
    expect(xdm.strays).to.deep.equal(["METADATA.XML", "IHE_XDM/METADATA.XML"]);
    expect(xdm.subsets.map((s) => [s.name, s.metadata !== null, s.files.length])).to.deep.equal([
      ["SUBSET01", false, 1],
      ["SUBSET02", true, 1],
    ]);
  });

  it("resolves a URI exactly first, else case aside", async () => {
    const xdm = await archive({ "IHE_XDM/S/doc.xml": "1", "IHE_XDM/S/DOC.XML": "2", "IHE_XDM/S/Other.Xml": "3" });
    const subset = xdm.subsets[0];
    if (!subset) throw new Error("no subset");
    expect(fileOfUri(subset, "DOC.XML")?.name).to.equal("DOC.XML");
    expect(fileOfUri(subset, "./OTHER.XML")?.name).to.equal("Other.Xml");
    expect(fileOfUri(subset, "absent.xml")).to.equal(null);
  });

  it("gives the reason when it is no archive", () => {
    expect(readXdm(Buffer.from("no"))).to.deep.equal({ ok: false, reason: "not_zip" });
  });
});
