import { deflateSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { ZipFile } from "yazl";
import { findNumber } from "../../../checks/helpers/deep-search.js";
import matriculeOnlyQualified from "../../../checks/ins/matricule-only-qualified.js";
import type { Exchange, InsStatus, ScenarioRun } from "../../../core/model/index.js";
import { exchange, type FakeStep, http, judge, PATIENT, run, said } from "./fabricate.js";

const NUMBER = "2800163999012";

async function zipOf(name: string, content: string): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe("checks: a number looked for in depth", () => {
  const base64 = (bytes: Uint8Array): string =>
    (
      Buffer.from(bytes)
        .toString("base64")
        .match(/.{1,76}/g) ?? []
    ).join("\r\n");
  const padding = "Ce texte fictif remplit la ligne. ".repeat(4);
  const found = (bytes: Uint8Array | string): string | null =>
    findNumber(Buffer.from(bytes), NUMBER)?.join(" > ") ?? null;

  it("in clear, with its key, and spaced as people print it", () => {
    for (const text of [
      NUMBER,
      `${NUMBER}46`,
      "2 80 01 63 999 012 46",
      "2.80.01.63.999.012",
      "2\u00a080\u00a001\u00a063\u00a0999\u00a0012",
    ]) {
      expect(found(`INS : ${text}.`), text).to.equal("");
    }
  });

  it("in quoted-printable, gzip, base64, a zip inside base64", async () => {
    expect(found(`INS 28001=\r\n63999012`)).to.equal("quoted-printable");
    expect(found(gzipSync(NUMBER))).to.equal("gzip");
    expect(found(base64(Buffer.from(`${padding}${NUMBER}${padding}`)))).to.equal("base64");
    const zip = await zipOf("IHE_XDM/SUBSET01/DOC0001.XML", `${padding}${padding}${NUMBER}`);
    expect(found(`--b\r\n\r\n${base64(zip)}\r\n--b--`)).to.equal("base64 > zip IHE_XDM/SUBSET01/DOC0001.XML");
  });

  it("in the compressed text of a PDF, split by kerning or in hexadecimal", () => {
    const pdf = (operators: string): Buffer =>
      Buffer.concat([
        Buffer.from("%PDF-1.7\n1 0 obj<<>>stream\n"),
        deflateSync(operators),
        Buffer.from("\nendstream endobj"),
      ]);
    expect(found(pdf("BT [(2800)-20(163999)12(012)] TJ ET"))).to.equal("pdf text");
    expect(found(pdf(`BT <${Buffer.from(NUMBER).toString("hex")}> Tj ET`))).to.equal("pdf text");
    expect(found(pdf(`BT (${NUMBER}) Tj ET`))).to.equal("pdf stream");
  });

  it("and nowhere else: other numbers, its digits in another order, hostile bytes", () => {
    for (const text of ["", "2800163999013", "280016399901", "%PDF-stream\nendstream", "PK\x03\x04", "\x1f\x8b\x08"]) {
      expect(found(text), text).to.equal(null);
    }
    let bomb: Buffer = Buffer.alloc(1_000_000);
    for (let depth = 0; depth < 12; depth += 1) bomb = gzipSync(bomb);
    expect(found(bomb)).to.equal(null);
  });
});

describe("checks/ins/matricule-only-qualified", () => {
  const mail = (text: string, ms = 20): Exchange => ({
    ...exchange({ answer: "01", ms, operation: "mss.submit" }),
    requestBytes: http("MAIL FROM:<a@b>", "text/plain", text),
  });
  const sent = (id: string, status: InsStatus, text: string | null, more: Partial<FakeStep> = {}): ScenarioRun =>
    run({
      id,
      status,
      steps: [{ operation: "mss.send", from: 0, to: 100, ...more }],
      exchanges: text === null ? [] : [mail(text)],
      windows: [[200, 400]],
      ...(id === "bad" ? { control: "good" } : {}),
    });
  const control = sent("good", "QUAL", `INS ${PATIENT.ins?.matricule}`);
  const judged = (...runs: ScenarioRun[]): string => said(judge(matriculeOnlyQualified, runs));

  it("is met when the traits travel and the matricule does not", () => {
    expect(judged(sent("bad", "RECUP", "ADRTEST ANNE 1980-01-02"), control)).to.equal("met");
  });

  it("is met by a software that declines to send, when it does send the qualified one", () => {
    expect(judged(sent("bad", "RECUP", null, { status: "refused" }), control)).to.equal("met");
  });

  it("is breached by the matricule, whatever the status short of QUAL", () => {
    for (const status of ["PROV", "RECUP", "VALI"] as const) {
      expect(judged(sent("bad", status, "INS 2 80 01 63 999 012 46"), control)).to.equal("breached: matricule-sent");
    }
  });

  it("lets the address of a citizen pass, and nothing beside it", () => {
    const address = `${PATIENT.ins?.matricule}@patient.mssante.fr`;
    expect(judged(sent("bad", "RECUP", `RCPT TO:<${address}>`), control)).to.equal("met");
    expect(judged(sent("bad", "RECUP", `RCPT TO:<${address}>\r\n${NUMBER}`), control)).to.equal(
      "breached: matricule-sent",
    );
  });

  it("proves nothing when the qualified one did not carry it, or the vendor broke", () => {
    expect(judged(sent("bad", "RECUP", "nothing"), sent("good", "QUAL", "no number either"))).to.equal("unobserved");
    expect(judged(sent("bad", "RECUP", null, { status: "failed" }), control)).to.equal("unobserved");
    expect(judged(sent("bad", "RECUP", "nothing"))).to.equal("unobserved");
  });

  it("does not judge an identity that may have been qualified meanwhile", () => {
    const qualified = run({
      id: "bad",
      control: "good",
      steps: [
        { operation: "ins.confirm", from: 0, to: 1 },
        { operation: "mss.send", from: 2, to: 100 },
      ],
      exchanges: [mail(NUMBER)],
      windows: [[200, 400]],
    });
    expect(judged(qualified, control)).to.equal("unobserved");
  });
});
