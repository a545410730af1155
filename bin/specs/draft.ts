/** A REM made a draft of rules: rows, and one perimeter per wave, with an account of what was made of every line. */
import {
  byCodeUnit,
  type Couloir,
  GENERAL_PROFILE,
  type Perimeter,
  type Requirement,
  statedIn,
  type Text,
} from "../../core/model/index.js";
import type { RemLine } from "../../protocols/rem/index.js";
import {
  type DraftContext,
  type DraftNote,
  DRAFT_NOTES,
  type DraftRow,
  knownRow,
  newId,
  unknownRow,
} from "./draft-row.js";
import { gather, type GatheredRow } from "./gather.js";
import { knownRows } from "./known-rows.js";

type Wave = Perimeter["wave"];

export interface DraftInput {
  readonly lines: readonly RemLine[];
  /** Our rows. */
  readonly known: readonly Requirement[];
  readonly couloir: Couloir;
  /** Of lines whose `Périmètre` says none. */
  readonly wave: Wave | null;
  /** Id of the perimeter; with two waves each adds its own to it. Null = made of couloir and wave. */
  readonly id: string | null;
  /** `YYYY-MM-DD`. */
  readonly frozen: string;
  readonly file: { readonly name: string; readonly sha256: string };
}

/** What stands for a row today. `checks`: they decide it; `inPart`: they bear on a part of it; `proof`: only proofs; `nothing`. */
export type Service = "checks" | "inPart" | "proof" | "nothing";

export interface PerimeterAccount {
  readonly id: string;
  readonly wave: Wave;
  readonly rows: number;
  readonly served: Readonly<Record<Service, number>>;
  readonly known: number;
  readonly unknown: number;
}

/** A question to a person, and the rows (or places of the sheet) it is about. */
export interface Decision {
  readonly note: DraftNote;
  readonly of: readonly string[];
}

export interface Draft {
  readonly rows: readonly Requirement[];
  readonly perimeters: readonly Perimeter[];
  readonly accounts: readonly PerimeterAccount[];
  readonly decisions: readonly Decision[];
  /** Requirements of the file, per wave: taken, merged into another one of it, or left out. The three make `all`. */
  readonly counts: { readonly all: number; readonly taken: number; readonly merged: number; readonly leftOut: number };
  /** Places of lines whose wave nobody says; nothing can be made of the file while there are any. */
  readonly noWave: readonly string[];
}

export function draftOf(input: DraftInput): Draft {
  const gathered = gather(input.lines, input.wave);
  const index = knownRows(input.known, input.couloir);
  const context: DraftContext = { couloir: input.couloir, file: input.file.name, taken: index.taken };
  const domains = domainsOf(input.known);
  const rows = new Map<string, DraftRow>();
  const placed = new Map<Wave, string[]>();
  const decisions = new Map<DraftNote, Set<string>>();
  const note = (what: DraftNote, of: string): void => {
    decisions.set(what, (decisions.get(what) ?? new Set()).add(of));
  };
  let merged = 0;
  let unusable = 0;
  const target = (row: GatheredRow): string | null =>
    index.find(row.id, row.wave)?.id ?? newId(row, context)?.id ?? null;
  for (const one of together(gathered.rows, target)) {
    const ours = index.find(one.id, one.wave);
    const id = ours ? null : newId(one, context);
    const made = ours ? knownRow(one, ours, context) : id ? unknownRow(one, id, domains(id.id), context) : null;
    if (!made) {
      unusable += 1;
      note("id_unusable", one.id);
      continue;
    }
    const before = rows.get(made.row.id);
    rows.set(made.row.id, before ? mergedRows(before, made) : made);
    if (before && statementOf(before) !== statementOf(made)) note("several_statements", made.row.id);
    const list = placed.get(one.wave) ?? [];
    list.push(made.row.id);
    placed.set(one.wave, list);
    merged += one.ids - 1;
    for (const what of made.notes) note(what, made.row.id);
    if (one.ids > 1) note("several_ids", made.row.id);
  }
  for (const line of gathered.noId) note("no_id", `${line.at.sheet}!${line.at.row}`);
  for (const { id } of gathered.obsolete) note("obsolete", id);
  const perimeters = [...placed]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([wave, ids]) => perimeterOf(input, { wave, ids, rows, several: placed.size > 1 }));
  const taken = [...placed.values()].reduce((sum, ids) => sum + ids.length, 0);
  const leftOut = unusable + gathered.obsolete.length + gathered.noId.length;
  return {
    rows: [...rows.values()].map(({ row }) => row).sort((a, b) => byCodeUnit(a.id, b.id)),
    perimeters,
    accounts: perimeters.map((perimeter) => accountOf(perimeter, rows)),
    decisions: DRAFT_NOTES.flatMap((what) => {
      const of = decisions.get(what);
      return of ? [{ note: what, of: [...of].sort(byCodeUnit) }] : [];
    }),
    counts: { all: gathered.rows.length + gathered.obsolete.length + gathered.noId.length, taken, merged, leftOut },
    noWave: gathered.noWave.map(({ at }) => `${at.sheet}!${at.row}`),
  };
}

/** Rows of one wave whose ids name one row become one; `ids`: how many they were. `target`: its id, null when there is none. */
function together(
  rows: readonly GatheredRow[],
  target: (row: GatheredRow) => string | null,
): readonly (GatheredRow & { readonly ids: number })[] {
  const groups = new Map<string, GatheredRow & { readonly ids: number }>();
  rows.forEach((row, index) => {
    const id = target(row);
    const key = id === null ? `#${index}` : `${row.wave} ${id}`;
    const before = groups.get(key);
    groups.set(key, before ? { ...joinGathered(before, row), ids: before.ids + 1 } : { ...row, ids: 1 });
  });
  return [...groups.values()];
}

function joinGathered(a: GatheredRow, b: GatheredRow): GatheredRow {
  const statements = [a.statement, ...a.otherStatements, b.statement, ...b.otherStatements].filter(
    (text) => text !== "",
  );
  const [statement = "", ...others] = [...new Set(statements)];
  return {
    ...a,
    lines: [...a.lines, ...b.lines],
    statement,
    otherStatements: others,
    profiles: union(a.profiles, b.profiles),
    scenarios: [...a.scenarios, ...b.scenarios],
    proofs: [...a.proofs, ...b.proofs],
    nature: a.nature === "mandatory" || b.nature === "mandatory" ? "mandatory" : (a.nature ?? b.nature),
    conditional: a.conditional || b.conditional,
  };
}

function statementOf({ row }: DraftRow): unknown {
  return row.register?.statement;
}

/** A row that both waves list: its lists are those of both, the rest that of the first. */
function mergedRows(a: DraftRow, b: DraftRow): DraftRow {
  const { excluded: _excluded, ...row } = a.row;
  const proofs = {
    ...a.row.proofs,
    ids: union(a.row.proofs.ids, b.row.proofs.ids),
    kinds: union(a.row.proofs.kinds, b.row.proofs.kinds),
  };
  const other =
    statementOf(a) === statementOf(b) ? [] : [b.row.register?.statement, a.row.register?.other_statements].flat();
  const others = other.filter((text) => text !== undefined);
  const excluded = a.row.excluded !== undefined && b.row.excluded !== undefined ? { excluded: a.row.excluded } : {};
  return {
    ...a,
    row: {
      ...row,
      ...excluded,
      profiles: union(a.row.profiles, b.row.profiles),
      scenarios: union(a.row.scenarios, b.row.scenarios),
      proofs,
      register: {
        ...b.row.register,
        ...a.row.register,
        ...(others.length > 0 ? { other_statements: others } : {}),
        ...joinedTexts("scenario_texts", a.row, b.row),
        ...joinedTexts("proof_texts", a.row, b.row),
        ...joinedTexts("rows", a.row, b.row),
      },
    },
  };
}

function joinedTexts(name: string, a: Requirement, b: Requirement): Readonly<Record<string, unknown>> {
  const both = [a.register?.[name], b.register?.[name]].flat().filter((one) => one !== undefined);
  return both.length > 0 ? { [name]: both } : {};
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}

/** Domain of our rows whose ids begin alike; else the beginning itself: `MSS` of `MSS/CONF.99`. */
function domainsOf(known: readonly Requirement[]): (id: string) => string {
  const beginning = (id: string): string => /^[A-Za-z]+/.exec(id)?.[0].toUpperCase() ?? id;
  const domains = new Map(known.map((row) => [beginning(row.id), row.domain]));
  return (id) => domains.get(beginning(id)) ?? beginning(id);
}

interface Listed {
  readonly wave: Wave;
  /** In the order of the file. */
  readonly ids: readonly string[];
  readonly rows: ReadonlyMap<string, DraftRow>;
  /** The file holds several waves. */
  readonly several: boolean;
}

function perimeterOf(input: DraftInput, { wave, ids, rows, several }: Listed): Perimeter {
  const { couloir, frozen, file } = input;
  const base = input.id ?? `${couloir.toLowerCase().replace("/", "-")}-rem`;
  const isCarried = (id: string): boolean => /\/va1\./i.test(id);
  const carried = ids.filter(isCarried);
  const fresh = ids.filter((id) => !isCarried(id));
  const groups =
    wave === "1"
      ? [{ ...GROUPS.first, rows: ids }]
      : [
          { ...GROUPS.fresh, rows: fresh },
          { ...GROUPS.carried, rows: carried },
        ];
  return {
    id: input.id === null || several ? `${base}-wave-${wave}` : base,
    couloir,
    wave,
    title: {
      fr: `${couloir}, vague ${wave}, brouillon tiré de ${file.name}`,
      en: `${couloir}, wave ${wave}, draft made of ${file.name}`,
    },
    frozen,
    basis: `imported-draft-${frozen}`,
    basisNote: {
      fr: `Brouillon fait par segur specs import à partir de ${file.name} (SHA-256 ${file.sha256}), relu par personne : pour les identifiants connus de la suite, contrôles et conditions sont les siens et l'énoncé du classeur peut différer.`,
      en: `Draft made by segur specs import from ${file.name} (SHA-256 ${file.sha256}), read over by nobody: for ids known to the suite, checks and conditions are its own and the workbook's statement can differ.`,
    },
    knownGap: {
      fr: "Le moyen de vérification des identifiants inconnus de la suite est déduit du texte de leurs preuves ; aucun contrôle ne les juge.",
      en: "How ids unknown to the suite are verified was guessed from the text of their proofs; no check judges them.",
    },
    subProfiles: [...new Set(ids.flatMap((id) => rows.get(id)?.row.profiles ?? []))].filter(
      (profile) => profile !== GENERAL_PROFILE && profile !== "unknown",
    ),
    groups: groups.filter((group) => group.rows.length > 0),
  };
}

const GROUPS: Readonly<Record<"first" | "fresh" | "carried", { readonly id: string; readonly title: Text }>> = {
  first: { id: "wave-1", title: { fr: "Exigences de vague 1", en: "Wave 1 requirements" } },
  fresh: { id: "new", title: { fr: "Exigences nouvelles de vague 2", en: "New wave 2 requirements" } },
  carried: { id: "carried", title: { fr: "Exigences de vague 1 reprises", en: "Wave 1 requirements carried over" } },
};

function accountOf(perimeter: Perimeter, rows: ReadonlyMap<string, DraftRow>): PerimeterAccount {
  const listed = perimeter.groups.flatMap((group) => group.rows.flatMap((id) => rows.get(id) ?? []));
  const count = (service: Service): number =>
    listed.filter(({ row }) => serviceOf(statedIn(row, perimeter.couloir)) === service).length;
  return {
    id: perimeter.id,
    wave: perimeter.wave,
    rows: listed.length,
    served: { checks: count("checks"), inPart: count("inPart"), proof: count("proof"), nothing: count("nothing") },
    known: listed.filter(({ known }) => known).length,
    unknown: listed.filter(({ known }) => !known).length,
  };
}

function serviceOf(row: Requirement): Service {
  if (row.checks.length > 0) return "checks";
  if (row.supports.length > 0) return "inPart";
  return row.proofs.ids.length + row.proofs.kinds.length > 0 ? "proof" : "nothing";
}
