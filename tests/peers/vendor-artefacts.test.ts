/** What the reference vendor sends, before judges of others: xmlsec1, unzip, openssl, Python's email. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { mailOf, mtomParts, requestText, slotOf } from "../fixtures/vendors/reading.js";
import { openRoad, type Road } from "../fixtures/vendors/road.js";

const DOCUMENT = {
  typeCode: "11488-4",
  title: "Compte rendu & suites",
  text: "Examen sans particularité. Œdème absent.",
};
const RECIPIENT = { type: "professional", address: "dominique.essai@cabinet-demo.mssante.example" };

function run(program: string, args: readonly string[], input = "") {
  const done = spawnSync(program, args, { encoding: "utf8", input, timeout: 30_000 });
  if (done.error) throw done.error;
  return done;
}

describe("reference vendor before other people's judges", () => {
  let road: Road;
  let folder: string;
  let upload: ReturnType<typeof mtomParts>;
  let question: string;
  let mail: Awaited<ReturnType<typeof mailOf>>;
  const file = (name: string, content: string | Buffer): string => {
    const target = path.join(folder, name);
    writeFileSync(target, content);
    return target;
  };

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-vendor-"));
    road = await openRoad();
    // One certificate per file: xmlsec1 reads the first only.
    const bundle = road.context.pki.caBundlePem.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n/g) ?? [];
    authorities = bundle.map((pem, index) => file(`authority-${index}.pem`, pem));
    await road.inScenario([], async () => {
      await road.login();
      const patientId = await road.put("adrun-zoe", "QUAL", { usedName: "D'Œuvre-Épouse" });
      await road.call("dmp.submit", { patientId, document: DOCUMENT });
      await road.call("mss.send", {
        patientId,
        recipients: [RECIPIENT],
        document: DOCUMENT,
        body: "Voilà.",
        noReply: false,
      });
      upload = mtomParts(road.seen("dmp.submit")[0]);
      question = requestText(road.seen("dmp.exists")[0]);
      mail = await mailOf(road.seen("mss.submit")[0]);
    });
  });

  after(async () => {
    await road.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  let authorities: string[];
  const xmlsec = (name: string, envelope: string) =>
    run("xmlsec1", [
      "--verify",
      ...authorities.flatMap((pem) => ["--trusted-pem", pem]),
      "--enabled-reference-uris",
      "same-doc",
      "--id-attr:ID",
      "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
      file(name, envelope),
    ]);

  it("signs the VIHF as xmlsec1 understands it, in both messages", () => {
    const asked = question.slice(question.indexOf("<?xml"));
    for (const [name, envelope] of [
      ["submit.xml", upload.envelope],
      ["exists.xml", asked],
    ] as const) {
      const { status, stderr, stdout } = xmlsec(name, envelope);
      expect(status, `${name}: ${stderr}${stdout}`).to.equal(0);
    }
  });

  it("is refused by xmlsec1 once a letter of the VIHF changed", () => {
    const changed = upload.envelope.replace(">EXEMPLE CAMILLE<", ">EXEMPLE CAMILLA<");
    expect(changed).not.to.equal(upload.envelope);
    expect(xmlsec("changed.xml", changed).status).not.to.equal(0);
  });

  it("makes an archive that unzip tests and lays out", () => {
    const archive = mail.parsed.attachments.find(({ contentType }) => contentType === "application/zip");
    const zip = file("IHE_XDM.zip", archive?.content ?? "");
    expect(run("unzip", ["-tq", zip]).status).to.equal(0);
    const names = run("unzip", ["-Z1", zip]).stdout.trim().split("\n");
    expect(names).to.have.members([
      "README.TXT",
      "INDEX.HTM",
      "IHE_XDM/SUBSET01/METADATA.XML",
      "IHE_XDM/SUBSET01/DOC0001.XML",
    ]);
    const out = path.join(folder, "out");
    mkdirSync(out);
    expect(run("unzip", ["-q", zip, "-d", out]).status).to.equal(0);
    const document = path.join(out, "IHE_XDM/SUBSET01/DOC0001.XML");
    const metadata = readFileSync(path.join(out, "IHE_XDM/SUBSET01/METADATA.XML"), "utf8");
    const digest = run("openssl", ["dgst", "-sha1", "-r", document]).stdout.split(" ")[0];
    expect(slotOf(metadata, "hash")).to.equal(digest);
    for (const xml of [document, path.join(out, "IHE_XDM/SUBSET01/METADATA.XML")]) {
      const parsed = run("python3", ["-c", "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])", xml]);
      expect(parsed.status, parsed.stderr).to.equal(0);
    }
  });

  it("writes a mail that Python's email reads without a defect", () => {
    const script = `
import email, email.policy, json, sys
message = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
defects = [repr(d) for part in message.walk() for d in part.defects]
print(json.dumps({
  "subject": message["subject"], "from": message["from"].addresses[0].display_name, "defects": defects,
  "nil": message["X-MSS-NIL"], "body": message.get_body(("plain",)).get_content().strip(),
  "files": [part.get_filename() for part in message.iter_attachments()],
  "pdf": [part.get_content()[:5].decode("latin1") for part in message.iter_attachments() if part.get_content_type() == "application/pdf"],
}))`;
    const { status, stdout, stderr } = run("python3", ["-c", script, file("mail.eml", mail.raw)]);
    expect(status, stderr).to.equal(0);
    const read = JSON.parse(stdout) as Record<string, unknown> & { files: string[] };
    expect(read.defects).to.deep.equal([]);
    expect(read.subject).to.equal("XDM/1.0/DDM+CR ou fiche de consultation ou de visite ADRUN ZOE 31/12/1975");
    expect(read.from).to.equal("Dr_CAMILLE_EXEMPLE_CABINET DE DEMONSTRATION");
    expect(read.body).to.equal("Voilà.");
    expect(read.files[0]).to.equal("IHE_XDM.zip");
    expect(read.files[1]).to.match(/^\d{8}_CR ou fiche de consultation ou de visite_ADRUN_ZOE\.pdf$/);
    expect(read.pdf).to.deep.equal(["%PDF-"]);
  });

  it("shows the certificate lent to it, which openssl verifies by name", async () => {
    const { host } = new URL(road.base);
    const names = ["-servername", "localhost", "-verify_hostname", "localhost", "-verify_return_error"];
    // Not spawnSync: the vendor answers from this very process.
    const openssl = spawn("openssl", [
      "s_client",
      "-connect",
      host,
      ...names,
      "-CAfile",
      road.context.pki.caBundleFile,
    ]);
    let told = "";
    openssl.stdout.on("data", (part: Buffer) => {
      told += part.toString("latin1");
    });
    openssl.stdin.end("Q\n");
    await new Promise((resolve) => openssl.once("close", resolve));
    expect(told).to.contain("Verify return code: 0 (ok)");
  });
});
