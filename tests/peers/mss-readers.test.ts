/** Our readers of mail and archives against those of Python, Info-ZIP and their writers. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { writeZip } from "../../checks/mss/helpers/edits.js";
import { leafParts, mailHeader, readMail } from "../../protocols/mime.js";
import { readZip } from "../../protocols/zip.js";
import { document, mail } from "../checks/mss/support.js";

const PARSE = `
import email, email.policy, hashlib, json, sys
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
leaves = [p for p in mail.walk() if not p.is_multipart()]
print(json.dumps({
  "subject": mail["subject"], "from": mail["from"].addresses[0].display_name, "id": mail["message-id"].strip(),
  "parts": [[p.get_content_type(), p.get_filename(), hashlib.sha1(p.get_payload(decode=True)).hexdigest()] for p in leaves],
  "defects": [str(d) for p in mail.walk() for d in p.defects]}))
`;

const COMPOSE = `
import sys
from email.message import EmailMessage
mail = EmailMessage()
mail["Subject"] = "Compte rendu d'imagerie médicale, très long objet accentué pour être replié : ÉÈÀ"
mail["From"] = "Zoé_EXEMPLE <zoe@cabinet-demo.mssante.example>"
mail["Message-ID"] = "<a@b.example>"
mail.set_content("Bonjour é", charset="utf-8")
mail.add_alternative("<p>Bonjour é</p>", subtype="html")
mail.add_attachment(bytes(range(256)) * 40, maintype="application", subtype="pdf", filename="20240102_CR d'imagerie médicale_NOM_PRÉNOM.pdf")
sys.stdout.buffer.write(mail.as_bytes())
`;

function python(program: string, input: Uint8Array = Buffer.alloc(0)): Buffer {
  return execFileSync("python3", ["-c", program], { input, maxBuffer: 64 * 1024 * 1024 });
}

function ours(bytes: Uint8Array) {
  const read = readMail(bytes);
  const digest = (body: Uint8Array): string =>
    execFileSync("sha1sum", { input: body }).toString("latin1").split(" ")[0] ?? "";
  return {
    subject: mailHeader(read, "subject")?.value,
    from: mailHeader(read, "from")?.value.replace(/^"|"? <.*$/g, ""),
    id: mailHeader(read, "message-id")?.value,
    parts: leafParts(read).map((part) => [part.mediaType, part.fileName, digest(part.body)]),
    defects: [],
  };
}

describe("readers of mail and archives, beside foreign ones", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-mss-peers-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("reads a mail as Python's email does, whoever composed it", async () => {
    const composed = await mail([document({ label: "Compte rendu d'imagerie médicale très détaillé" })]);
    expect(ours(composed)).to.deep.equal(JSON.parse(python(PARSE, composed).toString()));
    const foreign = python(COMPOSE);
    expect(ours(foreign)).to.deep.equal(JSON.parse(python(PARSE, foreign).toString()));
  });

  it("reads archives of Info-ZIP and of Python's zipfile, names and contents", () => {
    const text = "Compte rendu fictif. ".repeat(500);
    writeFileSync(path.join(folder, "DOC0001.XML"), text);
    writeFileSync(path.join(folder, "NOTE.TXT"), "note");
    execFileSync("zip", ["-q", "info.zip", "DOC0001.XML", "NOTE.TXT"], { cwd: folder });
    python(
      `import zipfile\nz = zipfile.ZipFile(${JSON.stringify(path.join(folder, "python.zip"))}, "w", zipfile.ZIP_DEFLATED)\n` +
        `z.writestr("DOC0001.XML", ${JSON.stringify(text)})\nz.writestr("r\\u00e9sum\\u00e9.txt", "note")\nz.close()`,
    );
    for (const [name, second] of [
      ["info.zip", "NOTE.TXT"],
      ["python.zip", "résumé.txt"],
    ] as const) {
      const read = readZip(readFileSync(path.join(folder, name)));
      if (!read.ok) throw new Error(`${name}: ${read.reason}`);
      const found = read.archive.entries.map((entry) => [
        entry.name,
        entry.problem,
        Buffer.from(entry.data ?? []).toString(),
      ]);
      expect(found, name).to.deep.equal([
        ["DOC0001.XML", null, text],
        [second, null, "note"],
      ]);
    }
  });

  it("writes archives for counter-examples that Info-ZIP and Python take, and that break when damaged", () => {
    const file = path.join(folder, "ours.zip");
    const bytes = writeZip([
      ["README.TXT", Buffer.from("lisez-moi")],
      ["IHE_XDM/SUBSET01/DOC0001.XML", Buffer.from("<x/>")],
    ]);
    writeFileSync(file, bytes);
    expect(execFileSync("unzip", ["-t", file]).toString()).to.include("No errors detected");
    const damaged = Buffer.from(bytes);
    damaged[45] = (damaged[45] ?? 0) ^ 0xff;
    writeFileSync(file, damaged);
    expect(() => execFileSync("unzip", ["-t", file], { stdio: "pipe" })).to.throw();
    const read = readZip(damaged);
    expect(read.ok && read.archive.entries[0]?.problem).to.equal("crc_differs");
  });
});
