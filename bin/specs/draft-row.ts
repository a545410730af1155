/** One row of a draft: what the workbook says, and what we know of a row with that id. */
import type { Couloir, Level, Requirement, Text } from "../../core/model/index.js";
import { cut } from "../../reports/safe.js";
import { column, type GatheredRow } from "./gather.js";
import { couloirPrefix, withoutCouloir } from "./known-rows.js";
import { PROOF_KINDS, plainText, type ProofKind, proofKindsOf, verificationOf } from "./proof-kinds.js";

/** What a person has to look at before the draft is relied on. */
export const DRAFT_NOTES = [
  /** Our checks decide the row, and only a person can say that the file's statement is the one they follow. */
  "statement_to_compare",
  /** Our checks cover a part of the row; same question. */
  "statement_in_part",
  /** No row of ours has the id: no check; how it can be established was read from the kinds of its proofs. */
  "unknown_id",
  /** The file says neither EXIGENCE nor PRECONISATION, and we know no level: counted as mandatory. */
  "level_unknown",
  /** The file says neither; the level is that of our register. */
  "level_kept",
  /** `Exigence conditionnelle` is OUI and no profile says when: the row applies until a condition is written. */
  "condition_unnamed",
  /** A proof whose text has no word that we know. */
  "kind_unknown",
  /** The file lists no proof; those of our register stay. */
  "proofs_kept",
  /** Neither check nor proof: excluded, until one is written. */
  "nothing_serves",
  /** The file has no statement for it. */
  "no_statement",
  /** Several statements under one id: the first was taken. */
  "several_statements",
  /** Several ids of the file are one row of ours. */
  "several_ids",
  /** The id is taken by another row of ours: written with the prefix of the couloir. */
  "id_prefixed",
  /** The row had alternatives among its scenarios, and the file has other scenarios: all are asked. */
  "alternatives_lost",
  /** Left out: the file marks it obsolete. */
  "obsolete",
  /** Left out: the id has characters that no id has, or no number. */
  "id_unusable",
  /** Left out: a line without id. */
  "no_id",
] as const;
export type DraftNote = (typeof DRAFT_NOTES)[number];

export interface DraftRow {
  readonly row: Requirement;
  readonly known: boolean;
  readonly notes: readonly DraftNote[];
}

export interface DraftContext {
  readonly couloir: Couloir;
  /** Name of the workbook, without folders. */
  readonly file: string;
  /** A row of ours other than the one meant bears this id. */
  readonly taken: (id: string) => boolean;
}

/** As in requirements.schema.json; every official id has a number. */
const ID = /^[A-Za-z](?=.*[0-9])[A-Za-z0-9_./-]*$/;
const LONGEST_ID = 100;
/** Characters of proof texts shown as what the proofs must show. */
const SUMMARY_MAX = 1_500;

/** What is told of a kept row: the draft must not pass for a list that somebody compared. */
const KNOWN_NOTE: Text = {
  fr: "Brouillon : contrôles, moyen de vérification et condition repris de la suite pour cet identifiant. L'énoncé du classeur (statement) peut différer de celui que les contrôles suivent : à comparer.",
  en: "Draft: checks, verification and condition taken from the suite for this id. The workbook's statement can differ from the one that the checks follow: to be compared.",
};
const UNKNOWN_NOTE: Text = {
  fr: "Brouillon : identifiant inconnu de la suite. Aucun contrôle ; moyen de vérification déduit des preuves ; énoncé du classeur, non traduit.",
  en: "Draft: id unknown to the suite. No check; verification guessed from the proofs; the workbook's statement, untranslated.",
};
const NOTHING_SERVES: Text = {
  fr: "Le classeur ne liste aucune preuve et la suite n'a pas de contrôle pour cet identifiant.",
  en: "The workbook lists no proof and the suite has no check for this id.",
};

/** The id a row unknown to us gets, or null when none can be made of what the file says. */
export function newId(
  gathered: GatheredRow,
  { couloir, taken }: DraftContext,
): { readonly id: string; readonly prefixed: boolean } | null {
  const plain = withoutCouloir(gathered.id, couloir).replace(/\s+/g, "");
  if (!ID.test(plain) || plain.length > LONGEST_ID) return null;
  if (!taken(plain)) return { id: plain, prefixed: false };
  return { id: `${couloirPrefix(couloir)}.${plain}`, prefixed: true };
}

/** A row of ours, with the lists of the file. What decides it stays ours: a workbook holds no check. */
export function knownRow(gathered: GatheredRow, ours: Requirement, context: DraftContext): DraftRow {
  const { couloir } = context;
  const told = fromFile(gathered, context);
  const listsProofs = gathered.proofs.length > 0;
  const same = sameMembers(told.scenarios, ours.scenarios);
  const { excluded, oneOfScenarios, origin: _origin, ...kept } = ours;
  const proofs = listsProofs
    ? { ...told.proofs, kinds: told.kinds.length > 0 ? told.kinds : ours.proofs.kinds }
    : ours.proofs;
  const served = ours.checks.length + proofs.ids.length + proofs.kinds.length > 0;
  const level = levelOf(gathered, told.profiles.length > 0 ? told.profiles : ours.profiles);
  const row: Requirement = {
    ...kept,
    aliases: aliasesOf(ours.aliases, gathered.id, ours.id),
    couloirs: [...new Set([...ours.couloirs, couloir])],
    obsoleteFor: ours.obsoleteFor.filter((one) => one !== couloir),
    profiles: told.profiles.length > 0 ? told.profiles : ours.profiles,
    // The word of the file says EXIGENCE of both; that ours opens with "if" is not in it.
    level: level === null || (level === "mandatory" && ours.level === "conditional") ? ours.level : level,
    scenarios: told.scenarios.length > 0 ? told.scenarios : ours.scenarios,
    ...(oneOfScenarios && (same || told.scenarios.length === 0) ? { oneOfScenarios } : {}),
    proofs,
    ...(served ? {} : { excluded: excluded ?? NOTHING_SERVES }),
    source: told.source,
    confidence: "verified",
    register: { ...ours.register, ...told.register, ...earlierIds(ours, told), draft: KNOWN_NOTE },
  };
  const bears = ours.variants?.[couloir] === undefined ? row.checks : [];
  const notes: DraftNote[] = [
    ...told.notes,
    ...(bears.length > 0 ? ["statement_to_compare" as const] : []),
    ...(bears.length === 0 && row.checks.length + row.supports.length > 0 ? ["statement_in_part" as const] : []),
    ...(level === null ? ["level_kept" as const] : []),
    ...(gathered.conditional && everybody(row) && row.condition === undefined ? ["condition_unnamed" as const] : []),
    ...(!listsProofs && ours.proofs.ids.length + ours.proofs.kinds.length > 0 ? ["proofs_kept" as const] : []),
    ...(served ? [] : ["nothing_serves" as const]),
    ...(oneOfScenarios && row.oneOfScenarios === undefined ? ["alternatives_lost" as const] : []),
  ];
  return { row, known: true, notes };
}

/** A row nobody here has heard of. `domain`: of our rows with such ids, or the beginning of the id. */
export function unknownRow(
  gathered: GatheredRow,
  { id, prefixed }: { readonly id: string; readonly prefixed: boolean },
  domain: string,
  context: DraftContext,
): DraftRow {
  const told = fromFile(gathered, context);
  const level = levelOf(gathered, told.profiles) ?? (/\dp$/.test(id) ? "optional" : "unknown");
  // A proof that is asked for and that no word tells is looked at by a person: most are videos or screenshots.
  const kinds = told.kinds.length === 0 && gathered.proofs.length > 0 ? ["video-or-screenshot"] : told.kinds;
  const served = told.proofs.ids.length + kinds.length > 0;
  const text = gathered.statement === "" ? id : gathered.statement;
  const row: Requirement = {
    id,
    aliases: aliasesOf([], gathered.id, id),
    wave: /\/va1\./i.test(id) ? "1" : gathered.wave,
    domain,
    couloirs: [context.couloir],
    obsoleteFor: [],
    profiles: told.profiles,
    level,
    title: { fr: text, en: text },
    verification: verificationOf(told.kinds),
    services: [],
    scenarios: told.scenarios,
    proofs: { ...told.proofs, kinds },
    checks: [],
    supports: [],
    ...(served ? {} : { excluded: NOTHING_SERVES }),
    source: told.source,
    confidence: "verified",
    register: { ...told.register, draft: UNKNOWN_NOTE, untranslated: true },
  };
  const notes: DraftNote[] = [
    "unknown_id",
    ...told.notes,
    ...(level === "unknown" ? ["level_unknown" as const] : []),
    ...(gathered.conditional && everybody(row) ? ["condition_unnamed" as const] : []),
    ...(served ? [] : ["nothing_serves" as const]),
    ...(prefixed ? ["id_prefixed" as const] : []),
  ];
  return { row, known: false, notes };
}

/** The id history that the register and the file tell together. */
function earlierIds(ours: Requirement, { register }: Told): { readonly replaces?: readonly unknown[] } {
  const both = [ours.register?.replaces, register.replaces].flat().filter((id) => id !== undefined);
  return both.length > 0 ? { replaces: [...new Set(both)] } : {};
}

interface Told {
  readonly profiles: readonly string[];
  readonly scenarios: readonly string[];
  readonly proofs: { readonly ids: readonly string[]; readonly summary?: Text };
  readonly kinds: readonly ProofKind[];
  readonly source: string;
  readonly register: Readonly<Record<string, unknown>>;
  readonly notes: readonly DraftNote[];
}

function fromFile(gathered: GatheredRow, { file }: DraftContext): Told {
  const { lines, statement, otherStatements, profiles, proofs, scenarios } = gathered;
  const kindsOf = proofs.map((proof) => proofKindsOf(proof.text));
  const texts = [...new Set(proofs.map(({ text }) => text).filter((text) => text !== ""))];
  const { text: summary } = cut(texts.join("\n"), SUMMARY_MAX);
  const [first] = lines;
  const facts: Readonly<Record<string, string>> = {
    file_id: gathered.id,
    statement,
    comment: joined(lines.map((line) => line.comment)),
    chapter: first?.chapter ?? "",
    function: first?.function ?? "",
    nature: first?.nature ?? "",
    criticality: first?.criticality ?? "",
    order: first?.order ?? "",
    historical_profile: joined(lines.map((line) => line.historicalProfile)),
    publication: first ? column(first, /statut publication|evolution/) : "",
  };
  const earlier = [...new Set(lines.map((line) => column(line, /^va n-1$/)).filter((id) => ID.test(id)))];
  return {
    profiles,
    scenarios: [...new Set(scenarios.map(({ id }) => id).filter((id) => id !== ""))],
    proofs: {
      ids: [...new Set(proofs.map(({ id }) => id).filter((id) => id !== ""))],
      ...(summary === "" ? {} : { summary: { fr: summary, en: summary } }),
    },
    kinds: PROOF_KINDS.filter((kind) => kindsOf.flat().includes(kind)),
    source: `file:${file}`,
    register: {
      ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== "")),
      ...(earlier.length > 0 ? { replaces: earlier } : {}),
      ...(otherStatements.length > 0 ? { other_statements: otherStatements } : {}),
      ...(scenarios.length > 0 ? { scenario_texts: scenarios } : {}),
      ...(proofs.length > 0 ? { proof_texts: proofs } : {}),
      rows: [...new Set(lines.map(({ at }) => `${at.sheet}!${at.row}`))],
    },
    notes: [
      ...(statement === "" ? ["no_statement" as const] : []),
      ...(otherStatements.length > 0 ? ["several_statements" as const] : []),
      ...(kindsOf.some((kinds, index) => kinds.length === 0 && proofs[index]?.text !== "")
        ? ["kind_unknown" as const]
        : []),
    ],
  };
}

/** Null when the file does not say. A requirement of a sub-profile, or one the file calls conditional, is conditional. */
function levelOf({ nature, conditional }: GatheredRow, profiles: readonly string[]): Level | null {
  if (nature !== "mandatory") return nature;
  return conditional || !everybody({ profiles }) ? "conditional" : "mandatory";
}

function everybody({ profiles }: Pick<Requirement, "profiles">): boolean {
  return profiles.length === 0 || profiles.some((profile) => plainText(profile) === "general" || profile === "unknown");
}

function aliasesOf(known: readonly string[], written: string, id: string): readonly string[] {
  return [...new Set([...known, written])].filter((alias) => alias !== id && alias !== "");
}

function joined(texts: readonly string[]): string {
  return [...new Set(texts.filter((text) => text !== ""))].join("\n");
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
