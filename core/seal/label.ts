/**
 * The label (segur-label/1): an agency's signed statement that a version of a product was found referencable on a perimeter.
 * `issueLabel` is the only place of the suite where a decision becomes more than a self-assessment, and refuses unless all of
 * its grounds are there.
 */
import { canonicalJson, type Decision, type SessionMode } from "../model/index.js";
import { signEnvelope } from "./envelope.js";
import { isInstant } from "./instants.js";
import type { SigningKey } from "./keys.js";
import { closedRecord, isDigest, isText } from "./shape.js";
import { type Trust, validAt } from "./trust.js";

export const LABEL_FORMAT = "segur-label/1";

export interface Label {
  readonly format: typeof LABEL_FORMAT;
  /** 128 random bits in lower-case hexadecimal: what a revocation names. */
  readonly id: string;
  readonly candidate: { readonly vendor: string; readonly product: string; readonly version: string };
  readonly perimeter: {
    readonly id: string;
    readonly couloir: string;
    readonly wave: string;
    /** The text the perimeter was drawn from. */
    readonly basis: string;
  };
  readonly decision: "referencable";
  /** Digest of the rule set that the agency judged with. */
  readonly ruleSet: string;
  /** SHA-256 of the bundle that was judged. */
  readonly bundle: string;
  /** SHA-256 of the file of reviews the decision took into account; null = there was none. */
  readonly reviews: string | null;
  /** Instants such as `2026-11-21T20:56:18Z`, both included. */
  readonly issuedAt: string;
  readonly validUntil: string;
  /** The agency's name, as its users' keys.yaml has it. */
  readonly issuer: string;
}

/** Longest text of a member, in UTF-16 units. */
const MAX_TEXT = 1000;

export function isLabelId(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{32}$/.test(value);
}

/** The payload of a label, or null when it is not as this tool writes it. */
export function readLabel(value: unknown): Label | null {
  const label = closedRecord(value, [
    "bundle",
    "candidate",
    "decision",
    "format",
    "id",
    "issuedAt",
    "issuer",
    "perimeter",
    "reviews",
    "ruleSet",
    "validUntil",
  ]);
  if (!label || label.format !== LABEL_FORMAT || !isLabelId(label.id) || label.decision !== "referencable") return null;
  const candidate = closedRecord(label.candidate, ["product", "vendor", "version"]);
  const perimeter = closedRecord(label.perimeter, ["basis", "couloir", "id", "wave"]);
  if (!candidate || !perimeter) return null;
  const texts = [...Object.values(candidate), ...Object.values(perimeter), label.issuer];
  if (!texts.every((text) => isText(text, MAX_TEXT))) return null;
  if (!isDigest(label.ruleSet) || !isDigest(label.bundle)) return null;
  if (label.reviews !== null && !isDigest(label.reviews)) return null;
  if (!isInstant(label.issuedAt) || !isInstant(label.validUntil) || label.issuedAt > label.validUntil) return null;
  return label as unknown as Label;
}

/**
 * What the agency found out before it labels: all of it by `segur verify` and by its own reviews, nothing as claimed. Null =
 * verification stopped before it got there; that alone forbids a label.
 */
export interface LabelGround {
  readonly candidate: Label["candidate"] | null;
  /** Digest of the rule set that judged again. */
  readonly ruleSet: string;
  /** SHA-256 of the bundle. */
  readonly bundle: string;
  readonly verify: {
    readonly status: "equal" | "different" | "refused" | "cannot_recompute";
    /** Reason of a refusal. */
    readonly reason: string | null;
    /** The bundle's signature is that of a key trusted for this candidate. */
    readonly signerTrusted: boolean | null;
    readonly mode: SessionMode | null;
    /** The challenge of the session: an agency's, one that no trusted agency issued, or none. */
    readonly challenge: "agency" | "other" | "none" | null;
    /** The recorded bytes carry what the challenge drew. */
    readonly tracesFound: boolean | null;
    /** Scenarios played more than once: the latest attempt alone was judged, what an earlier one showed no machine weighed. */
    readonly repeated: readonly string[] | null;
  };
  /** SHA-256 of the file of reviews; null = there is none. */
  readonly reviews: string | null;
  /** After the reviews. */
  readonly perimeters: readonly GroundPerimeter[] | null;
}

export interface GroundPerimeter {
  readonly id: string;
  readonly couloir: string;
  readonly wave: string;
  readonly basis: string;
  readonly decision: Decision;
  /** Row ids that nobody has reviewed yet, for which a complement was asked, and whose proofs are owed. */
  readonly toReview: readonly string[];
  readonly complement: readonly string[];
  readonly owed: readonly string[];
}

/** Why no label is issued. Closed; the sentences stand in `bin/words/label.ts`. */
export type LabelObstacle =
  | "key_algorithm"
  | "key_not_trusted"
  | "key_dates"
  | "verify_not_equal"
  | "signer_not_trusted"
  | "not_homologation"
  | "challenge_missing"
  | "challenge_not_agency"
  | "traces_missing"
  | "repeated"
  | "perimeter_unknown"
  | "to_review"
  | "complement_asked"
  | "owed"
  | "not_referencable"
  | "dates"
  | "unsayable";

export interface Obstacle {
  readonly reason: LabelObstacle;
  /** What the sentence of the reason names: a state, row ids, dates. */
  readonly detail: readonly string[];
}

export interface LabelRequest {
  readonly perimeter: string;
  readonly key: SigningKey;
  readonly trust: Trust;
  /** A person of the agency looked at the earlier attempts of every repeated scenario. */
  readonly repeatedExamined: boolean;
  readonly id: string;
  readonly issuedAt: string;
  readonly validUntil: string;
}

export type Issued =
  | { readonly label: Label; /** The signed file. */ readonly text: string; readonly obstacles: readonly [] }
  | { readonly label: null; readonly text: null; readonly obstacles: readonly Obstacle[] };

/** Signs the label, or names every obstacle at once. */
export function issueLabel(ground: LabelGround, request: LabelRequest): Issued {
  const { key, trust, id, issuedAt, validUntil } = request;
  const { candidate, perimeters } = ground;
  const perimeter = perimeters?.find((one) => one.id === request.perimeter);
  const issuer = issuerOf(key, trust);
  const obstacles = [
    ...keyObstacles(key, trust, issuedAt),
    ...sessionObstacles(ground.verify, request.repeatedExamined),
    ...(perimeter ? perimeterObstacles(perimeter) : []),
    ...(perimeters && !perimeter ? [obstacle("perimeter_unknown", ...perimeters.map((one) => one.id))] : []),
    ...(validUntil <= issuedAt ? [obstacle("dates", validUntil, issuedAt)] : []),
  ];
  if (!candidate || !perimeter || issuer === null || obstacles.length > 0) {
    // Nothing is issued on ground that is not there, whatever was said of it.
    return {
      label: null,
      text: null,
      obstacles: obstacles.length > 0 ? obstacles : [obstacle("verify_not_equal", "?")],
    };
  }
  const label: Label = {
    format: LABEL_FORMAT,
    id,
    candidate: { vendor: candidate.vendor, product: candidate.product, version: candidate.version },
    perimeter: {
      id: perimeter.id,
      couloir: perimeter.couloir,
      wave: perimeter.wave,
      basis: perimeter.basis,
    },
    decision: "referencable",
    ruleSet: ground.ruleSet,
    bundle: ground.bundle,
    reviews: ground.reviews,
    issuedAt,
    validUntil,
    issuer,
  };
  // What a checker could not read must never be signed.
  if (readLabel(label) === null) return { label: null, text: null, obstacles: [obstacle("unsayable")] };
  return { label, text: signEnvelope("label", Buffer.from(canonicalJson(label)), key), obstacles: [] };
}

function obstacle(reason: LabelObstacle, ...detail: readonly string[]): Obstacle {
  return { reason, detail };
}

/** The agency that a key belongs to by the trust file, whatever its roles and dates. */
function issuerOf(key: SigningKey, trust: Trust): string | null {
  return trust.agencies.find((agency) => agency.key.keyid === key.keyid)?.name ?? null;
}

function keyObstacles(key: SigningKey, trust: Trust, instant: string): readonly Obstacle[] {
  if (key.algorithm !== "ecdsa-p256") return [obstacle("key_algorithm", key.algorithm)];
  const own = trust.agencies.filter((agency) => agency.key.keyid === key.keyid && agency.roles.includes("label"));
  if (own.length === 0) return [obstacle("key_not_trusted", key.keyid)];
  return own.some((agency) => validAt(agency, instant)) ? [] : [obstacle("key_dates", instant.slice(0, 10))];
}

function sessionObstacles(
  { status, reason, signerTrusted, mode, challenge, tracesFound, repeated }: LabelGround["verify"],
  repeatedExamined: boolean,
): readonly Obstacle[] {
  const found: Obstacle[] = [];
  // What was not found out speaks for itself when verification stopped before it, and is an obstacle when it did not.
  const lacks = (value: unknown, good: unknown): boolean => (value === null ? status === "equal" : value !== good);
  if (status !== "equal") found.push(obstacle("verify_not_equal", status, ...(reason === null ? [] : [reason])));
  if (lacks(signerTrusted, true)) found.push(obstacle("signer_not_trusted"));
  if (lacks(mode, "homologation")) found.push(obstacle("not_homologation", mode ?? "?"));
  if (challenge === "other") found.push(obstacle("challenge_not_agency"));
  else if (lacks(challenge, "agency")) found.push(obstacle("challenge_missing"));
  if (challenge !== "none" && lacks(tracesFound, true)) found.push(obstacle("traces_missing"));
  // Whoever says to have looked at the attempts must have known them: what nobody counted, nobody looked at.
  if (repeated === null) found.push(...(status === "equal" ? [obstacle("repeated", "?")] : []));
  else if (repeated.length > 0 && !repeatedExamined) found.push(obstacle("repeated", ...repeated));
  return found;
}

function perimeterObstacles(perimeter: GroundPerimeter): readonly Obstacle[] {
  const found: Obstacle[] = [];
  if (perimeter.toReview.length > 0) found.push(obstacle("to_review", ...perimeter.toReview));
  if (perimeter.complement.length > 0) found.push(obstacle("complement_asked", ...perimeter.complement));
  if (perimeter.owed.length > 0) found.push(obstacle("owed", ...perimeter.owed));
  if (perimeter.decision !== "referencable") found.push(obstacle("not_referencable", perimeter.decision));
  return found;
}
