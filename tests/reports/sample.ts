/**
 * A made-up result with everything a report can hold: two perimeters, rows of each verdict, findings with hostile text,
 * all outcomes. Vendor, product and values are fictitious; row ids stand for rows, they do not quote the referential.
 */
import type {
  CheckResult,
  Finding,
  Level,
  MessageDef,
  Outcome,
  Perimeter,
  PerimeterResult,
  Pointer,
  RowResult,
  RunResult,
  Score,
  Text,
  Verdict,
  Verification,
} from "../../core/model/index.js";
import type { EvidenceExcerpt, Lang, ReportInput, RequirementText } from "../../reports/model.js";

/** Everything a vendor could put in a value to break a page, a table, a terminal or a parser. */
export const HOSTILE = {
  script: `<script>alert("x")</script><img src=x onerror=alert(1)>{{t.title}}`,
  breakout: `"'></dd></section><style>*{display:none}</style>&lt;b&gt;`,
  bidi: "FIN\u202e\u2066rovne\u2069 DEBUT",
  controls: "a\u0000b\u001b[31mrouge\u001b]0;titre\u0007\r\n\u0085\u2028suite",
  markdown: "`code` | cell | **bold** [link](https://vendor.example) @someone #1 ```",
  xml: "]]> <!-- --> &#0; \ufffe\ud800 fin",
  pile: `Z${"\u0301".repeat(200)}`,
  long: "A".repeat(1_048_576),
} as const;

const MATRICULE = "299129941234512";

export interface SampleOptions {
  readonly lang?: Lang;
  readonly mask?: boolean;
  readonly gate?: "checks" | "wave";
  readonly color?: boolean;
  /** Rows added per domain, to see a page of true size. */
  readonly extraRows?: number;
}

function message(weight: MessageDef["weight"], fr: string, en: string, more: Partial<MessageDef> = {}): MessageDef {
  return {
    weight,
    source: "Texte de référence, section 4.1 (domain.md §4.1)",
    mark: weight === "breach" ? "verified" : "inferred",
    witness: "none",
    fr,
    en,
    ...more,
  };
}

interface SampleCheck {
  readonly title: Text;
  readonly outcome: Outcome;
  readonly messages: Readonly<Record<string, MessageDef>>;
  readonly findings?: readonly Omit<Finding, "check">[];
  readonly reason?: string;
  readonly planned?: boolean;
  readonly cause?: CheckResult["cause"];
  readonly fix?: Text;
}

const at = (exchange: string, where?: string, side: "request" | "response" = "request"): Pointer =>
  where === undefined ? { exchange, side } : { exchange, side, where };

const CHECKS: Readonly<Record<string, SampleCheck>> = {
  "dmp/patient-identifier": {
    title: {
      fr: "L'identifiant du patient est l'INS avec son OID",
      en: "The patient identifier is the INS with its OID",
    },
    outcome: "breached",
    cause: "software",
    messages: {
      "not-the-ins": message(
        "breach",
        "L'identifiant envoyé est {observed}, alors que l'INS qualifiée du patient est {expected}.",
        "The identifier sent is {observed}, while the qualified INS of the patient is {expected}.",
        { witness: "exemple officiel de soumission", mark: "kit" },
      ),
      "no-oid": message(
        "breach",
        "L'identifiant {value} n'a pas d'autorité d'affectation.",
        "The identifier {value} has no assigning authority.",
      ),
    },
    findings: [
      {
        message: "not-the-ins",
        weight: "breach",
        slots: { expected: MATRICULE, observed: HOSTILE.script, oid: null, autorite: "" },
        at: at("e0012", "ExtrinsicObject/Slot[@name='sourcePatientId']"),
      },
      { message: "no-oid", weight: "breach", slots: { value: HOSTILE.bidi }, at: at("e0014") },
      { message: "no-oid", weight: "breach", slots: { value: HOSTILE.long }, at: at("e0015") },
    ],
    fix: {
      fr: "Construire `sourcePatientId` à partir de l'INS **qualifiée** et de son OID, jamais de l'IPP local.\n\nSecond paragraphe, non repris.",
      en: "Build `sourcePatientId` from the **qualified** INS and its OID, never from the local id.\n\nSecond paragraph, left out.",
    },
  },
  "dmp/existence-first": {
    title: { fr: "L'existence du DMP est vérifiée avant l'envoi", en: "The DMP is looked up before the upload" },
    outcome: "met",
    messages: {
      missing: message("breach", "Aucune interrogation avant {operation}.", "No lookup before {operation}."),
    },
  },
  "mss/subject": {
    title: { fr: "L'objet du courriel est reconstruit depuis le CDA", en: "The mail subject is rebuilt from the CDA" },
    outcome: "breached",
    cause: "configuration",
    messages: {
      "other-subject": message("breach", "L'objet est « {observed} ».", "The subject is “{observed}”.", {
        decision: "docs/decisions/004-subject.md",
        mark: "observed",
      }),
    },
    findings: [
      {
        message: "other-subject",
        weight: "breach",
        slots: {
          expected: "XDM/1.0/DDM+CR",
          observed: HOSTILE.breakout,
          suite: HOSTILE.controls,
          table: HOSTILE.markdown,
        },
        at: at("e0031", HOSTILE.script),
      },
      {
        message: "removed-message",
        weight: "breach",
        slots: { pile: HOSTILE.pile, xml: HOSTILE.xml },
        at: { event: "v0007" },
      },
    ],
  },
  "mss/message-id": {
    title: { fr: "Message-ID unique", en: "Unique Message-ID" },
    outcome: "met",
    messages: {
      shape: message("remark", "Message-ID de forme inhabituelle : {value}.", "Message-ID of unusual shape: {value}."),
    },
    findings: [{ message: "shape", weight: "remark", slots: { value: HOSTILE.xml }, at: at("e0031", "Message-ID") }],
  },
  "psc/nonce": {
    title: { fr: "Le nonce est neuf et vérifié", en: "The nonce is fresh and verified" },
    outcome: "unobserved",
    reason: "no_control",
    messages: {
      reused: message("breach", "Le nonce {value} a déjà servi.", "The nonce {value} was used before.", {
        mark: "standard",
      }),
    },
  },
  "psc/logout": {
    title: { fr: "La session est fermée à la déconnexion", en: "The session is closed at logout" },
    outcome: "unobserved",
    reason: "driver_cannot",
    messages: {},
  },
  "ins/traits": {
    title: { fr: "Traits normalisés dans la recherche", en: "Normalised traits in the search" },
    outcome: "inapplicable",
    reason: "no search by traits was asked of the software",
    messages: { accents: message("breach", "Trait non normalisé : {value}.", "Trait not normalised: {value}.") },
  },
  "ins/retries": {
    title: { fr: "Pas de rafale d'appels après une erreur", en: "No retry storm on a fault" },
    outcome: "error",
    cause: "suite",
    reason: "check_threw",
    messages: {},
  },
  "cda/header": {
    title: { fr: "En-tête CDA minimal", en: "Minimum CDA header" },
    outcome: "unobserved",
    reason: "no_exchange",
    planned: false,
    messages: {},
  },
};

const VERDICTS: readonly { verdict: Verdict; checks: readonly string[]; reason: string | null }[] = [
  { verdict: "conform", checks: ["dmp/existence-first"], reason: "dmp/existence-first" },
  {
    verdict: "not_conform",
    checks: ["dmp/patient-identifier", "dmp/existence-first"],
    reason: "dmp/patient-identifier",
  },
  { verdict: "undetermined", checks: ["ins/retries"], reason: "ins/retries" },
  { verdict: "not_tested", checks: ["psc/nonce"], reason: "psc/nonce" },
  { verdict: "not_tested", checks: [], reason: "no_check" },
  { verdict: "to_review", checks: [], reason: null },
  { verdict: "not_applicable", checks: [], reason: "condition:teleconsultation" },
];
const DOMAINS = ["DMP", "INS", "MSS", "PSC", "SSI"] as const;
const VERIFICATIONS: readonly Verification[] = ["observed", "artifact", "answered", "declared", "demonstration"];
const LEVELS: readonly Level[] = ["mandatory", "mandatory", "mandatory", "conditional", "unknown", "optional"];

export interface Rows {
  readonly rows: RowResult[];
  readonly texts: Record<string, RequirementText>;
}

export function makeRows(prefix: string, extraRows: number): Rows {
  const rows: RowResult[] = [];
  const texts: Record<string, RequirementText> = {};
  let n = 0;
  for (const domain of DOMAINS) {
    const count = 4 + extraRows;
    for (let k = 0; k < count; k += 1) {
      const kind = VERDICTS[n % VERDICTS.length];
      const id = `${domain}/${prefix}.${String(k + 1).padStart(2, "0")}`;
      const level = LEVELS[n % LEVELS.length] ?? "mandatory";
      const established = kind?.verdict === "conform" || kind?.verdict === "not_conform";
      const owed = kind?.verdict !== "conform" && kind?.verdict !== "not_applicable";
      rows.push({
        id,
        level,
        verdict: kind?.verdict ?? "conform",
        reason: kind?.reason ?? null,
        strength: established ? (n % 3 === 0 ? "answered" : "witnessed") : null,
        dossier: owed ? "owed" : n % 2 === 0 ? "complete" : "none_demanded",
        proofs: {
          accepted: owed ? [] : [`${id}.01.01`],
          toReview: [],
          owed: owed ? [`${id}.01.01`, `${id}.01.02`] : [],
        },
        checks: kind?.checks ?? [],
        cause: kind?.verdict === "not_conform" ? "software" : null,
        justification: kind?.verdict === "not_applicable" ? `Pas de téléconsultation. ${HOSTILE.script}` : null,
      });
      texts[id] = {
        title: {
          fr: `Exigence de démonstration ${n + 1} : transmettre au service national l'identité qualifiée du patient avec son domaine.`,
          en: `Sample requirement ${n + 1}: send the national service the qualified identity of the patient with its domain.`,
        },
        level,
        domain,
        verification: VERIFICATIONS[n % VERIFICATIONS.length] ?? "observed",
        how: {
          fr: "L'identifiant du message est égal à celui que connaît le service simulé",
          en: "Identifier in the message equals the one known to the mock",
        },
        source: "https://example.org/registre",
        confidence: n % 9 === 0 ? "inferred" : "verified",
        proofs: {
          ids: [`${id}.01.01`, `${id}.01.02`],
          kinds: ["video-or-screenshot"],
          summary: { fr: "Capture d'écran du bandeau d'identité", en: "Screenshot of the identity banner" },
        },
        profiles: ["Général"],
        supports: n % 4 === 0 ? ["mss/message-id"] : [],
      };
      n += 1;
    }
  }
  return { rows, texts };
}

function score(rows: readonly RowResult[]): Score {
  const weighing = rows.filter((row) => row.level !== "optional" && row.verdict !== "not_applicable");
  const optional = rows.filter((row) => row.level === "optional" && row.verdict !== "not_applicable");
  const conform = (list: readonly RowResult[]): number => list.filter((row) => row.verdict === "conform").length;
  return {
    mandatory: { conform: conform(weighing), total: weighing.length },
    machine: { proved: conform(weighing), provable: Math.ceil(weighing.length * 0.7) },
    proofs: {
      accepted: rows.reduce((sum, row) => sum + row.proofs.accepted.length, 0),
      demanded: rows.reduce((sum, row) => sum + row.proofs.accepted.length + row.proofs.owed.length, 0),
    },
    optional: { conform: conform(optional), total: optional.length },
  };
}

export function perimeterResult(
  id: string,
  wave: "1" | "2",
  made: Rows,
  groups: readonly string[],
  clean: boolean,
): PerimeterResult {
  const rows = clean
    ? made.rows.filter((row) => row.verdict !== "not_conform" && row.verdict !== "undetermined")
    : made.rows;
  const weighing = rows.filter((row) => row.level !== "optional");
  const ids = (verdict: Verdict): string[] => weighing.filter((row) => row.verdict === verdict).map((row) => row.id);
  const size = Math.ceil(rows.length / groups.length);
  return {
    id,
    couloir: "MDV/LGC",
    wave,
    basis: "working-draft-2023-02",
    decision: "not_referencable",
    reason: clean ? "owed" : "breach",
    deciding: {
      notConform: ids("not_conform"),
      undetermined: ids("undetermined"),
      notTested: ids("not_tested"),
      toReview: ids("to_review"),
      dossierOwed: weighing.filter((row) => row.dossier === "owed").map((row) => row.id),
    },
    groups: groups.map((group, index) => ({ id: group, rows: rows.slice(index * size, (index + 1) * size) })),
    score: {
      all: score(rows),
      byDomain: Object.fromEntries(DOMAINS.map((d) => [d, score(rows.filter((row) => row.id.startsWith(`${d}/`)))])),
    },
  };
}

function perimeter(id: string, wave: "1" | "2", groups: readonly { id: string; title: Text }[]): Perimeter {
  return {
    id,
    couloir: "MDV/LGC",
    wave,
    title: {
      fr: `Médecin de ville, logiciel de cabinet, vague ${wave}`,
      en: `City doctors, practice software, wave ${wave}`,
    },
    frozen: "2026-11-21",
    basis: "working-draft-2023-02",
    basisNote: {
      fr: "Copie de travail publique de février 2023, antérieure au référentiel publié.",
      en: "Public working copy of February 2023, older than the published referential.",
    },
    knownGap: {
      fr: "Une analyse publique compte 198 lignes dans le référentiel publié de la vague 2.",
      en: "A public analysis counts 198 rows in the published wave 2 referential.",
    },
    subProfiles: [],
    groups: groups.map((group) => ({ ...group, rows: [] })),
  };
}

/** What a recording would give; the excerpt of `e0014` is missing on purpose. */
function evidence(pointer: Pointer): EvidenceExcerpt | null {
  if (pointer.exchange === "e0014") return null;
  if (pointer.event !== undefined) {
    const text = JSON.stringify({ kind: "fault.injected", data: { note: HOSTILE.controls } }, null, 2);
    return {
      operation: "fault.injected",
      at: "2026-11-21T18:25:07.004Z",
      text,
      bytes: { start: 0, end: text.length, total: text.length },
    };
  }
  const text = [
    "POST /si-dmp-server/v2/services/repository HTTP/1.1\r",
    "Host: localhost:41234\r",
    "Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJmOjEifQ.c2lnbmF0dXJl\r",
    "\r",
    `<rim:Slot name="sourcePatientId"><rim:Value>${MATRICULE}^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH</rim:Value></rim:Slot>`,
    HOSTILE.script,
    HOSTILE.bidi,
    `PATIENT: DÉMONSTRATION Élodie, RPPS 899700000001`,
    HOSTILE.controls,
  ].join("\n");
  return { operation: "dmp.submit", at: "2026-11-21T18:25:03.120Z", text, bytes: { start: 0, end: 960, total: 48211 } };
}

export function sample(options: SampleOptions = {}): ReportInput {
  const extraRows = options.extraRows ?? 12;
  const first = makeRows("va1", extraRows);
  const second = makeRows("va2", extraRows);
  const checks: CheckResult[] = Object.entries(CHECKS).map(([id, check]) => ({
    id,
    planned: check.planned ?? true,
    outcome: check.outcome,
    strength: check.outcome === "met" || check.outcome === "breached" ? "witnessed" : null,
    observed:
      check.outcome === "met" || check.outcome === "breached"
        ? { count: 1234, at: [at("e0012"), at("e0014", "Message-ID"), { connection: "c0003" }] }
        : { count: 0, at: [] },
    findings: (check.findings ?? []).map((finding) => ({ check: id, ...finding })),
    cause: check.cause ?? (check.outcome === "unobserved" ? "software" : null),
    reason: check.reason ?? null,
  }));
  const counts = { met: 0, breached: 0, unobserved: 0, inapplicable: 0, error: 0 };
  for (const check of checks) if (check.planned) counts[check.outcome] += 1;
  const result: RunResult = {
    format: "segur-result/1",
    recording: { id: "20261121T182500Z-demo", sha256: "4f".repeat(32) },
    ruleSet: "b1".repeat(32),
    configHash: "0c".repeat(32),
    mode: "sandbox",
    candidate: { vendor: "Éditions Fictives & Fils <b>SARL</b>", product: `Cabinet ${HOSTILE.bidi}`, version: "4.2.0" },
    checks,
    perimeters: [
      perimeterResult("mdv-lgc-wave-1", "1", first, ["wave-1"], true),
      perimeterResult("mdv-lgc-wave-2", "2", second, ["new", "carried"], false),
    ],
    scenarios: [
      { key: "psc-login#1", state: "done", reason: null },
      { key: "psc-wrong-state#1", state: "failed", reason: HOSTILE.script },
      { key: "dmp-submit#2", state: "interrupted", reason: null },
      { key: "mss-send#1", state: "not_played", reason: "driver_cannot" },
    ],
    unattributed: [{ exchange: "e0040", operation: "mss.submit" }],
    unexpected: [
      { exchange: "e0041", operation: "dmp.unexpected" },
      { exchange: "e0014", operation: "psc.malformed" },
    ],
    gate: { checks: "error", counts, unplanned: 1 },
  };
  return {
    result,
    catalogue: {
      checks: Object.fromEntries(
        Object.entries(CHECKS).map(([id, { title, messages, fix }]) => [
          id,
          {
            title,
            messages,
            ...(fix
              ? {
                  doc: {
                    fr: `## Ce qui est demandé\n\nUn texte.\n\n## Comment corriger\n\n${fix.fr}\n\n## Ambiguïtés connues\n\nAucune.`,
                    en: `## What is asked\n\nA text.\n\n## How to fix\n\n${fix.en}\n\n## Known ambiguities\n\nNone.`,
                  },
                }
              : {}),
          },
        ]),
      ),
      requirements: { ...first.texts, ...second.texts },
      perimeters: {
        "mdv-lgc-wave-1": perimeter("mdv-lgc-wave-1", "1", [{ id: "wave-1", title: { fr: "Vague 1", en: "Wave 1" } }]),
        "mdv-lgc-wave-2": perimeter("mdv-lgc-wave-2", "2", [
          { id: "new", title: { fr: "Nouvelles en vague 2", en: "New in wave 2" } },
          { id: "carried", title: { fr: "Reprises de la vague 1", en: "Carried from wave 1" } },
        ]),
      },
      scenarios: {
        "psc-login": { title: { fr: "Connexion par Pro Santé Connect", en: "Login through Pro Santé Connect" } },
        "mss-send": { title: { fr: "Envoi d'un courriel sécurisé", en: "Sending a secure mail" } },
      },
    },
    evidence,
    meta: {
      toolVersion: "0.1.0",
      generatedAt: "2026-11-21T18:31:02.500Z",
      runFolder: "20261121T182500Z-demo",
      gate: options.gate ?? "checks",
    },
    lang: options.lang ?? "fr",
    mask: options.mask ?? false,
    maskNames: ["Démonstration", "Elodie"],
    ...(options.color === undefined ? {} : { color: options.color }),
  };
}
