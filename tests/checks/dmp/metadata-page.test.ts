/** docs/dmp-metadata.md is kept by hand: what it names exists, and no message of the checks it is about is left out. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { dmpDocumentChecks } from "../../../checks/dmp/document/index.js";
import { dmpChecks } from "../../../checks/dmp/index.js";
import { type CheckDef, packageRoot } from "../../../core/model/index.js";

const SIGNATURE = "dmp/submission-signature";

describe("docs/dmp-metadata.md", () => {
  const page = readFileSync(path.join(packageRoot(import.meta.url), "docs", "dmp-metadata.md"), "utf8");
  const checks = new Map<string, CheckDef>([...dmpChecks, ...dmpDocumentChecks].map((check) => [check.id, check]));
  const rows = page.split("\n").filter((line) => line.startsWith("|") && line.includes("`"));
  const inSignature = page.slice(page.indexOf("## Signature of the submission"));

  /** Messages a row names, each with the check before it; a row of the signature's table names no check. */
  const named = rows.flatMap((row): { readonly check: string; readonly message: string | null }[] => {
    const column = row.split("|")[2] ?? "";
    let check = inSignature.includes(row) ? SIGNATURE : "";
    return [...column.matchAll(/`([a-z0-9_/-]+)`/g)].map(([, word = ""]) => {
      if (!word.startsWith("dmp/")) return { check, message: word };
      check = word;
      return { check, message: null };
    });
  });

  it("names checks and messages that exist", () => {
    const wrong = named.filter(({ check, message }) => {
      const messages = checks.get(check)?.messages;
      return !messages || (message !== null && !(message in messages));
    });
    expect(wrong).to.deep.equal([]);
  });

  it("names every message of the checks on metadata, VIHF and signature", () => {
    const about = [...checks.values()].filter(
      ({ id }) => id.startsWith("dmp/vihf-") || dmpDocumentChecks.some((check) => check.id === id),
    );
    const missing = about.flatMap(({ id, messages }) =>
      Object.keys(messages)
        .filter((message) => !named.some((one) => one.check === id && one.message === message))
        .map((message) => `${id} ${message}`),
    );
    expect(missing).to.deep.equal([]);
  });
});
