/** A CDA written otherwise gets the same verdicts, alone and in an upload; a CDA broken by its writing does not pass. */
import { createHash } from "node:crypto";
import { expect } from "chai";
import { cdaChecks } from "../../../checks/cda/index.js";
import { dmpDocumentChecks } from "../../../checks/dmp/document/index.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { CheckDef, RecordingView } from "../../../core/model/index.js";
import { REWRITINGS, tokensOf, writeTokens } from "../../support/xml-rewrite.js";
import { fileView } from "../cda/support.js";
import { document, recorded, type Upload, upload } from "../dmp-document/sample.js";

/** Outcome and messages of each check, without places and observed texts. */
function verdicts(view: RecordingView, checks: readonly CheckDef[] = cdaChecks): string[] {
  const planned = checks.map((check) => ({ check, planned: true }));
  const results = evaluate(view, planned, (_id, error) => {
    throw error instanceof Error ? error : new Error(String(error));
  });
  return results.map((r) => `${r.id} ${r.outcome} ${r.findings.map((f) => `${f.weight} ${f.message}`).join(", ")}`);
}

function breaches(bytes: Uint8Array): string[] {
  const planned = cdaChecks.map((check) => ({ check, planned: true }));
  return evaluate(fileView(bytes), planned).flatMap((r) =>
    r.findings.filter((f) => f.weight === "breach").map((f) => `${f.check} ${f.message}`),
  );
}

/** The upload of another writing of its document; hash and size follow. */
function uploadOf(good: Upload, cda: Buffer): Upload {
  const digest = (bytes: Buffer): string => createHash("sha1").update(bytes).digest("hex");
  const old = good.document.cda;
  const at = good.request.indexOf(old);
  const before = good.request
    .subarray(0, at)
    .toString("latin1")
    .replace(digest(old), digest(cda))
    .replace(`>${old.length}<`, `>${cda.length}<`);
  const bytes = Buffer.concat([Buffer.from(before, "latin1"), cda, good.request.subarray(at + old.length)]);
  const [head = ""] = bytes.toString("latin1").split("\r\n\r\n");
  const length = `Content-Length: ${bytes.length - head.length - 4}`;
  const request = Buffer.from(bytes.toString("latin1").replace(/Content-Length: \d+/, length), "latin1");
  return { ...good, request };
}

describe("metamorphic: a CDA written otherwise", () => {
  for (const [name, write] of REWRITINGS) {
    it(`gets the same verdicts with ${name}`, async () => {
      const good = (await document()).cda;
      const bytes = Buffer.from(write(good.toString("utf8")));
      expect(bytes.equals(good), "the form differs").to.equal(false);
      expect(verdicts(fileView(bytes))).to.deep.equal(verdicts(fileView(good)));
    });

    it(`gets the same verdicts in an upload, with ${name}`, async () => {
      const good = await upload();
      const other = uploadOf(good, Buffer.from(write(good.document.cda.toString("utf8"))));
      const checks = [...dmpDocumentChecks, ...cdaChecks];
      const expected = verdicts(recorded(good).view, checks);
      expect(expected.filter((line) => line.includes("breach"))).to.deep.equal([]);
      expect(verdicts(recorded(other).view, checks)).to.deep.equal(expected);
    });
  }
});

describe("metamorphic: a CDA broken by its writing", () => {
  let good: string;
  before(async () => {
    good = (await document()).cda.toString("utf8");
  });

  /** Children of ClinicalDocument, each once, with the ways to spoil one of them. */
  const PARTS =
    `realmCode typeId templateId id code title effectiveTime confidentialityCode languageCode setId versionNumber
    recordTarget author custodian legalAuthenticator documentationOf componentOf component`.split(/\s+/);

  for (const part of PARTS) {
    it(`is a breach when ${part} is in no namespace`, () => {
      const bare = spoil(good, part, (xml) => xml.replace(`<${part}`, `<${part} xmlns=""`));
      expect(breaches(bare)).to.not.deep.equal([]);
    });
    it(`is a breach when ${part} is the text of a CDATA section`, () => {
      expect(breaches(spoil(good, part, (xml) => `<![CDATA[${xml}]]>`))).to.not.deep.equal([]);
    });
    it(`is a breach when ${part} is commented out`, () => {
      expect(breaches(spoil(good, part, (xml) => `<!-- ${xml.replaceAll("--", "- -")} -->`))).to.not.deep.equal([]);
    });
    it(`is a breach when ${part} is written in capitals`, () => {
      const upper = spoil(good, part, (xml) =>
        writeTokens(
          tokensOf(`<x>${xml}</x>`)
            .slice(1, -1)
            .map((t) => ("name" in t ? { ...t, name: t.name.toUpperCase() } : t)),
        ),
      );
      expect(breaches(upper)).to.not.deep.equal([]);
    });
  }

  it("is a breach when the whole document is in another namespace", () => {
    expect(breaches(Buffer.from(good.replace("urn:hl7-org:v3", "urn:hl7-org:v2")))).to.include(
      "cda/identification not_cda",
    );
  });
  it("is a breach when attributes of the codes are in a namespace", () => {
    const bound = good.replace("<ClinicalDocument ", '<ClinicalDocument xmlns:h="urn:hl7-org:v3" ');
    expect(breaches(Buffer.from(bound.replace(/<languageCode code=/, "<languageCode h:code=")))).to.not.deep.equal([]);
  });
  it("is a breach when it is escaped twice", () => {
    expect(breaches(Buffer.from(good.replace(/<title>[^<]*<\/title>/, "<title></title>")))).to.not.deep.equal([]);
    expect(breaches(Buffer.from(good.replaceAll("<", "&lt;")))).to.deep.equal(["cda/identification not_xml"]);
  });
});

/** Changes every child of the root with that name. */
function spoil(xml: string, part: string, change: (element: string) => string): Buffer {
  const tokens = tokensOf(xml);
  const out: string[] = [];
  let depth = 0;
  let held: string[] | null = null;
  for (const token of tokens) {
    if (token.kind === "open" && depth === 1 && token.name === part) held = [];
    (held ?? out).push(writeTokens([token]));
    if (token.kind === "open" && !token.empty) depth += 1;
    if (token.kind === "close") depth -= 1;
    if (held && depth === 1) {
      out.push(change(held.join("")));
      held = null;
    }
  }
  const spoilt = out.join("");
  if (spoilt === writeTokens(tokens)) throw new Error(`no ${part} to spoil`);
  return Buffer.from(spoilt);
}
