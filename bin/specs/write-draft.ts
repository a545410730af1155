/**
 * The folder of a draft: written beside its place, signed, read back by the loader that every command uses, and only then put
 * there. On any failure nothing is left behind.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { type Perimeter, type Requirement, type RulePackFacts, SuiteError } from "../../core/model/index.js";
import { generateKeyPem, readSigningKey, type SigningKey } from "../../core/seal/keys.js";
import { RULES_CARD, RULES_ENVELOPE, rulePackManifest, signRulePack } from "../../core/seal/rule-pack.js";
import { makeFolder } from "../run-folder.js";
import { openSuite } from "../suite.js";
import type { Draft } from "./draft.js";

/** Characters of one file of rows; the loader takes half a million. */
const FILE_CHARACTERS = 250_000;

/** Brackets of one row from which they are written as escapes. */
const MANY_BRACKETS = 100;

const HEAD = `# Draft made by segur specs import from a REM workbook, read over by nobody. docs/rem-files.md says what to look at.
`;

export interface DraftFolder {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** Signs the draft; null = a key made for it and thrown away, which proves nothing but that the files are whole. */
  readonly key: SigningKey | null;
}

/** Throws SuiteError ERR_FILE when the folder is not free, ERR_RULES or ERR_SPEC when the draft would not load. */
export function writeDraft(draft: Draft, { folder, name, version, key }: DraftFolder): RulePackFacts {
  const place = path.resolve(folder);
  demandFree(place);
  const temporary = `${place}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    makeFolder(temporary);
    const files = filesOf(draft, name, version);
    for (const [file, text] of files) {
      mkdirSync(path.dirname(path.join(temporary, file)), { recursive: true });
      writeFileSync(path.join(temporary, file), text);
    }
    const bytes = new Map([...files].map(([file, text]) => [file, Buffer.from(text)]));
    const signer = key ?? readSigningKey(generateKeyPem("ed25519").privatePem, RULES_ENVELOPE);
    writeFileSync(
      path.join(temporary, RULES_ENVELOPE),
      signRulePack(rulePackManifest({ name, version }, bytes), signer),
    );
    const { rules } = openSuite({ specs: temporary });
    if (!rules) throw new Error("a suite opened with a rule pack has one");
    if (statSync(place, { throwIfNoEntry: false })) rmdirSync(place);
    renameSync(temporary, place);
    return rules;
  } catch (cause) {
    if (cause instanceof SuiteError || !(cause instanceof Error) || !("code" in cause)) throw cause;
    throw new SuiteError("ERR_FILE", "the folder of the draft cannot be written", {
      where: place,
      mend: "check that the folder above it exists, is writable and has room",
      cause,
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The folder must be absent, or empty. Throws SuiteError ERR_FILE. */
export function demandFree(folder: string): void {
  const facts = statSync(folder, { throwIfNoEntry: false });
  if (!facts || (facts.isDirectory() && readdirSync(folder).length === 0)) return;
  throw new SuiteError("ERR_FILE", "the folder for the draft is not empty", {
    where: path.resolve(folder),
    mend: "give the name of a folder that does not exist: nothing is ever written over",
  });
}

/** Names with `/` and texts. */
function filesOf({ rows, perimeters }: Draft, name: string, version: string): ReadonlyMap<string, string> {
  const [first] = perimeters;
  if (!first) throw new Error("a draft has a perimeter");
  const card = { format: "segur-rules/1", name, version, basisNote: first.basisNote };
  return new Map([
    [RULES_CARD, HEAD + yaml(card)],
    ...perimeters.map((perimeter): [string, string] => [
      `perimeters/${perimeter.id}.yaml`,
      HEAD + yaml(ordered(perimeter)),
    ]),
    ...rowFiles(rows),
  ]);
}

/**
 * YAML, or JSON (which is YAML) where the texts of the row open brackets that they do not close: the loader counts brackets to
 * bound the nesting of a file, also those in texts, and escaped ones are none.
 */
function rowText(row: Requirement): string {
  const text = yaml([row]);
  const count = (brackets: RegExp): number => text.match(brackets)?.length ?? 0;
  if (count(/[[{]/g) === count(/[\]}]/g) && count(/[[{]/g) < MANY_BRACKETS) return text;
  const escaped = (quoted: string): string => quoted.replaceAll("[", "\\u005b").replaceAll("{", "\\u007b");
  return `- ${JSON.stringify(row).replace(/"(?:[^"\\]|\\.)*"/g, escaped)}\n`;
}

/** One file per domain, or several where a domain is long. */
function rowFiles(rows: readonly Requirement[]): [string, string][] {
  const domains = new Map<string, string[]>();
  for (const row of rows) {
    const text = rowText(row);
    if (text.length > FILE_CHARACTERS) {
      throw new SuiteError("ERR_FILE", "a requirement of the workbook holds too much text", {
        where: row.id,
        mend: "shorten its texts in the workbook: a row is written in 250,000 characters at most",
      });
    }
    const stem = row.domain.toLowerCase().replace(/[^a-z0-9]+/g, "-") || "rows";
    const chunks = domains.get(stem) ?? [""];
    const last = chunks.at(-1) ?? "";
    if (last.length + text.length > FILE_CHARACTERS) chunks.push(text);
    else chunks[chunks.length - 1] = last === "" ? text : `${last}\n${text}`;
    domains.set(stem, chunks);
  }
  return [...domains].flatMap(([stem, chunks]) =>
    chunks.map((text, index): [string, string] => [
      `requirements/${stem === "conditions" ? "rows-conditions" : stem}${index === 0 ? "" : `-${index + 1}`}.yaml`,
      HEAD + text,
    ]),
  );
}

/** Members in the order of our own files. */
function ordered({
  id,
  couloir,
  wave,
  title,
  frozen,
  basis,
  basisNote,
  knownGap,
  subProfiles,
  groups,
}: Perimeter): Perimeter {
  return { id, couloir, wave, title, frozen, basis, basisNote, knownGap, subProfiles, groups };
}

/** Long texts as blocks, so that a person can read and correct them; never an alias, which the loader bounds. */
function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 120, aliasDuplicateObjects: false, version: "1.2" });
}
