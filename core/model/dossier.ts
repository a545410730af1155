/** What a person supplies for the rows that a machine cannot establish alone: facts of a proof, what rules say of it, where it stands. */

/** What the candidate declares about a proof whose content no machine can read for sure. Dates are `YYYY-MM-DD`. */
export type ProofFacts =
  | {
      readonly kind: "pentest";
      /** Day written on the form: the proof is to be under one year old (proof-rules.md). */
      readonly on: string;
      readonly auditor: string;
      /** Failures by severity (CVSS v3: high 8 and more, medium 4 to 8). */
      readonly failures: { readonly high: number; readonly medium: number };
      /** Controls answered N/A or NO, with their comment: all must have one. */
      readonly uncommented?: number;
    }
  | {
      readonly kind: "certificate";
      /** As the CNDA wrote it. */
      readonly number: string;
      readonly version: string;
      readonly issued?: string;
      readonly expires?: string;
    }
  | {
      readonly kind: "execution";
      /** Execution id or permanent link in the test space. */
      readonly reference: string;
      readonly testCase?: string;
      readonly result?: string;
    }
  | {
      readonly kind: "commitment";
      readonly signedBy: string;
      readonly on: string;
    };

/** What the candidate itself says of a proof, or of a claim. */
export interface OwnReview {
  readonly state: "accepted" | "refused";
  readonly by: string;
  readonly on: string;
  readonly why?: string;
}

/** A proof as the candidate supplied it; a part of segur.yaml and of run.json. */
export interface SuppliedProof {
  /** Absolute paths; in the run.json of a bundle, names in the bundle. */
  readonly files: readonly string[];
  /** `sha256`: of each of `files`, as it was when it was reviewed. Without it an acceptance is of nothing, and does not count. */
  readonly review?: OwnReview & { readonly sha256?: readonly string[] };
  readonly facts?: ProofFacts;
  /** Day it was last looked at, `YYYY-MM-DD`: ages are counted up to it (`lookedAtOn`), so that whoever judges again finds the same. */
  readonly on?: string;
}

/** The candidate's statement that a row does not apply though neither its profiles nor a condition says so. */
export interface NotApplicableClaim {
  readonly justification: string;
  /** `sha256`: of the justification that was read, in UTF-8. Without it an acceptance is of nothing, and does not count. */
  readonly review?: OwnReview & { readonly sha256?: string };
}

/** What the first bytes and the container of a file say. */
export interface MediaFacts {
  /** Sniffed, never from the name: `video/mp4`, `image/png`, `application/pdf`… */
  readonly type: string;
  /** Seconds; null where it has none or it could not be read. */
  readonly seconds: number | null;
  readonly width: number | null;
  readonly height: number | null;
  /** A PDF or XML that carries a signature; null where the kind of file cannot. */
  readonly signed: boolean | null;
}

export interface ProofFile {
  /** As the user gave it, without folders. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Null when nothing was recognised. */
  readonly media: MediaFacts | null;
  /** Text read in it (documents, logs, mails; at most 1 MB), null when it has none that we can read. */
  readonly text: string | null;
}

/** What a rule says of a proof. `blocks`: it does not count until mended; only rules with a verified source may. */
export interface ProofFinding {
  readonly rule: string;
  readonly weight: "blocks" | "remark";
  /** For the sentence of the rule. */
  readonly slots: Readonly<Record<string, string | number>>;
}

export interface ProofLimits {
  /** Failures of medium severity from which the form is warned of: official pages disagree on the limit (10, or fewer than 10). */
  readonly pentestMedium: number;
  /** Bytes of one file from which it is warned of. */
  readonly fileBytes: number;
  /** Months after which a video, screenshot or document is warned of. */
  readonly ageMonths: number;
}

export const DEFAULT_LIMITS: ProofLimits = { pentestMedium: 10, fileBytes: 100_000_000, ageMonths: 12 };

/**
 * First match wins: `owed` no usable file · `blocked` by a rule · `refused` by a reviewer · `stale` accepted, and what was
 * accepted is another today (bytes, product version) · `accepted` · `to_review`.
 */
export type ProofState = "owed" | "blocked" | "refused" | "stale" | "accepted" | "to_review";

/** One proof demanded by rows of the chosen perimeters that apply. */
export interface DossierProof {
  /** Official proof id, or the row's own id where the source gives the proof none. */
  readonly id: string;
  /** Rows that it serves. */
  readonly rows: readonly string[];
  readonly perimeters: readonly string[];
  /** Official scenario id, where the register links one. */
  readonly scenario: string | null;
  /** Domain of the register: `INS`, `MSS`… */
  readonly chapter: string;
  readonly kinds: readonly string[];
  /** A row that decides demands it. */
  readonly mandatory: boolean;
  readonly state: ProofState;
  /** `run`: taken from a recording; `person`: supplied. Null when owed. */
  readonly origin: "run" | "person" | null;
  readonly files: readonly { readonly name: string; readonly bytes: number | null; readonly sha256: string | null }[];
  readonly findings: readonly ProofFinding[];
  readonly review: OwnReview | null;
  /** Why it is stale: `bytes`, `product`, `age`; null otherwise. */
  readonly stale: string | null;
}

export interface DossierView {
  /** Day the dossier was looked at, `YYYY-MM-DD`. */
  readonly asOf: string;
  /** By chapter, then id. */
  readonly proofs: readonly DossierProof[];
  readonly notApplicable: readonly {
    readonly row: string;
    readonly justification: string;
    readonly state: "accepted" | "refused" | "to_review";
    /** It was reviewed, and the justification is another text today. */
    readonly stale?: true;
  }[];
}

/** Declared by the candidate for the maturity view: how much of a domain it says it does. */
export const MATURITY_ANSWERS = ["none", "some", "half", "most", "all"] as const;
export type MaturityAnswer = (typeof MATURITY_ANSWERS)[number];
