/** What a rendering needs beside the result: texts, evidence and the facts of this rendering, handed over as plain data. */
import type {
  BaselineCover,
  DossierView,
  MaturityAnswer,
  MessageDef,
  OfficialRun,
  Perimeter,
  Pointer,
  Requirement,
  RunResult,
  Text,
} from "../core/model/index.js";

import type { StepTrouble } from "./steps.js";

export const REPORT_FORMATS = ["html", "text", "markdown", "junit"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
export type Lang = "fr" | "en";

/** Texts of one check. A `CheckDef` fits; `doc` holds the French and the English half of its .md, as Markdown. */
export interface CheckText {
  readonly title: Text;
  readonly messages: Readonly<Record<string, MessageDef>>;
  readonly doc?: Text;
}

/** What is shown of a row. A `Requirement` fits. */
export type RequirementText = Pick<
  Requirement,
  "title" | "level" | "domain" | "verification" | "how" | "source" | "confidence" | "proofs" | "excluded" | "profiles"
> &
  Partial<Pick<Requirement, "checks" | "supports" | "variants">>;

/** One sentence per rule on proofs, in the language of the report. Slots come made safe to show, and masked when asked. */
export type ProofTexts = Readonly<Record<string, (slots: Readonly<Record<string, string | number>>) => string>>;

export interface Catalogue {
  readonly checks: Readonly<Record<string, CheckText>>;
  readonly requirements: Readonly<Record<string, RequirementText>>;
  readonly perimeters: Readonly<Record<string, Perimeter>>;
  /** By scenario id (the part of an attempt's key before `#`). */
  readonly scenarios: Readonly<Record<string, { readonly title: Text }>>;
}

/** A bounded piece of evidence. `text` may be anything: every renderer makes it safe again. */
export interface EvidenceExcerpt {
  readonly operation: string;
  /** ISO, UTC. */
  readonly at: string;
  readonly text: string;
  /** Bytes of the whole stream part the excerpt was taken from, and where the excerpt starts and ends in it. */
  readonly bytes: { readonly start: number; readonly end: number; readonly total: number };
}

export interface ReportMeta {
  readonly toolVersion: string;
  /** ISO, UTC. Lives in renderings only, never in result.json. */
  readonly generatedAt: string;
  /** Name of the run folder, for people; not a path. */
  readonly runFolder: string;
  readonly gate: "checks" | "wave";
}

export interface ReportInput {
  readonly result: RunResult;
  readonly catalogue: Catalogue;
  evidence(pointer: Pointer): EvidenceExcerpt | null;
  readonly meta: ReportMeta;
  readonly lang: Lang;
  /** Hides matricules, national ids, tokens and `maskNames` in slots and excerpts. The recording itself is never changed. */
  readonly mask: boolean;
  /** Names (patients, professionals) hidden when `mask` is set. */
  readonly maskNames?: readonly string[];
  /** Known failures set against this result; absent when none were given. */
  readonly baseline?: BaselineCover;
  /** What the official rules said of the documents of this recording; absent when they were not asked. */
  readonly official?: OfficialRun;
  /** Where each proof of the dossier stands; absent or null when there is no dossier. */
  readonly dossier?: DossierView | null;
  readonly proofTexts?: ProofTexts;
  /** Steps that were refused or failed, of the recording; absent when it is not at hand. */
  readonly steps?: readonly StepTrouble[];
  /** What the candidate declares per domain; absent when it declared nothing. */
  readonly maturity?: Readonly<Record<string, MaturityAnswer>>;
  /** ANSI colours in the text format; the caller knows about terminals and NO_COLOR. */
  readonly color?: boolean;
}
