/** `segur label show|check|revoke|page`: what anybody does with a label, and what the agency does after it issued one. */
import { lstatSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { packageRoot, SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { MAX_ENVELOPE, parseEnvelope, payloadJson, signedBy } from "../../core/seal/envelope.js";
import { instantOf, isDay, isInstant } from "../../core/seal/instants.js";
import { type PublicKey, type SigningKey } from "../../core/seal/keys.js";
import { isLabelId, type Label, readLabel } from "../../core/seal/label.js";
import { checkLabel, type LabelAnswer, labelKeys } from "../../core/seal/label-check.js";
import { Refusal } from "../../core/seal/refusal.js";
import { nextRevocations, readRevocations } from "../../core/seal/revocations.js";
import { type Trust, validAt } from "../../core/seal/trust.js";
import { visible } from "../../reports/safe.js";
import { withLock } from "../lock.js";
import type { ExitCode, Lang } from "../output.js";
import { loadPrivateKey, loadTrust } from "../trust.js";
import { ANSWER_WORDS, fillWords, LABEL_WORDS, spokenInstant } from "../words/label.js";
import { writeNewFile } from "../write-new.js";

export interface ShowOptions {
  readonly json?: boolean;
  readonly lang: Lang;
}

/** What the file says, believed by nobody. */
export function showLabel(file: string, options: ShowOptions): ExitCode {
  const bytes = readSmall(file);
  let label: Label | null = null;
  let keyids: readonly string[] = [];
  try {
    const envelope = parseEnvelope(bytes, "label", file);
    label = readLabel(payloadJson(envelope, file));
    keyids = envelope.signatures.map((one) => one.keyid);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  if (!label) {
    throw new SuiteError("ERR_FILE", "this file is not a label", {
      where: file,
      mend: "give the file that `segur label issue` wrote (.label.json)",
    });
  }
  if (options.json) {
    print({ format: "segur-label-show/1", verified: false, keyids, label });
    return 0;
  }
  const words = LABEL_WORDS[options.lang];
  const hints = keyids.map((id) => `  ${words.keyHints} : ${visible(id)}`);
  process.stdout.write(`${[words.unverified, ...fieldLines(label, null, options.lang), ...hints].join("\n")}\n`);
  return 0;
}

export interface CheckLabelOptions {
  readonly trust: string;
  readonly revocations?: string;
  readonly at: string;
  readonly json?: boolean;
  readonly lang: Lang;
}

export function checkLabelFile(file: string, options: CheckLabelOptions): ExitCode {
  const trust = loadTrust(options.trust, schemas());
  const answer = checkLabel({
    label: readSmall(file),
    list: options.revocations === undefined ? null : readSmall(options.revocations),
    keys: labelKeys(trust),
    at: instantAsked(options.at, Date.now()),
  });
  if (options.json) print({ format: "segur-label-check/1", ...answer });
  else process.stdout.write(answerText(answer, options.lang));
  return exitOf(answer);
}

/** 0 valid; 1 forged, revoked, expired, not yet valid; 2 nothing can be told. */
export function exitOf({ state }: LabelAnswer): ExitCode {
  if (state === "valid") return 0;
  return state === "cannot_tell" ? 2 : 1;
}

/** The answer in words, as the page gives it: the answer, why, what the label says, the list relied on. */
export function answerText(answer: LabelAnswer, lang: Lang): string {
  const words = ANSWER_WORDS[lang];
  const slots = spokenSlots(answer);
  const lines = [fillWords(words.states[answer.state], slots)];
  if (answer.reason) lines.push(fillWords(words.reasons[answer.reason], slots));
  if (answer.revocation) lines.push(fillWords(words.revocation, { reason: visible(answer.revocation.reason) }));
  if (answer.label) lines.push("", words.says, ...fieldLines(answer.label, answer.keyid, lang));
  if (answer.list) lines.push("", fillWords(words.list, slots));
  return `${lines.join("\n")}\n`;
}

function spokenSlots({ at, label, list, revocation }: LabelAnswer): Readonly<Record<string, string>> {
  const instants = {
    at,
    ...(label ? { issuedAt: label.issuedAt, validUntil: label.validUntil } : {}),
    ...(list ? { thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate } : {}),
    ...(revocation ? { on: revocation.on } : {}),
  };
  const spoken = Object.entries(instants).map(([name, instant]) => [name, spokenInstant(instant)] as const);
  return { ...Object.fromEntries(spoken), ...(list ? { number: String(list.number) } : {}) };
}

function fieldLines(label: Label, keyid: string | null, lang: Lang): readonly string[] {
  const { fields, decision, none } = ANSWER_WORDS[lang];
  const { candidate, perimeter } = label;
  const pairs: readonly (readonly [string, string])[] = [
    [fields.vendor, candidate.vendor],
    [fields.product, candidate.product],
    [fields.version, candidate.version],
    [fields.perimeter, perimeter.id],
    [fields.basis, perimeter.basis],
    [fields.decision, decision[label.decision]],
    [fields.issuer, label.issuer],
    [fields.issuedAt, spokenInstant(label.issuedAt)],
    [fields.validUntil, spokenInstant(label.validUntil)],
    [fields.id, label.id],
    [fields.bundle, label.bundle],
    [fields.reviews, label.reviews ?? none],
    [fields.ruleSet, label.ruleSet],
    ...(keyid === null ? [] : [[fields.keyid, keyid] as const]),
  ];
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `  ${name.padEnd(width)} : ${visible(value)}`);
}

/**
 * The instant a user means: `now`, an instant, or a day. A day that is over means its end, today means now: a list that is
 * good now need not be good tonight.
 */
export function instantAsked(text: string, clock: number): string {
  const now = instantOf(clock);
  if (text === "now" || text === now.slice(0, 10)) return now;
  if (isInstant(text)) return text;
  if (isDay(text)) return `${text}T23:59:59Z`;
  throw new SuiteError("ERR_USAGE", `"${text}" is not a day`, {
    where: "--at",
    mend: "Write a day of the calendar, such as 2026-11-21.",
  });
}

export interface RevokeOptions {
  readonly list: string;
  readonly key: string;
  readonly trust?: string;
  readonly reason?: string;
  readonly refresh?: boolean;
  /** Creates the list. Without it a list that is not there is a mistake: a fresh one forgets what was revoked. */
  readonly first?: boolean;
  /** Days until the next list. */
  readonly next: string;
  readonly json?: boolean;
  readonly lang: Lang;
}

/** `label`: a label file or its id; undefined with --refresh. */
export function revokeLabel(label: string | undefined, options: RevokeOptions): ExitCode {
  const { lang, reason } = options;
  if ((label === undefined) !== (options.refresh === true)) {
    throw usage("name a label to revoke, or --refresh to issue the list again", "one of the two");
  }
  if (label !== undefined && reason === undefined) {
    throw usage("a revocation has no reason", "add --reason: it is published with the list");
  }
  const days = /^\d{1,3}$/.test(options.next) ? Number(options.next) : 0;
  if (days < 1 || days > 366) throw usage(`"${options.next}" is no number of days`, "give 1 to 366 days to --next");
  const key = loadPrivateKey(options.key, undefined, lang);
  if (key.algorithm !== "ecdsa-p256") throw notLabelKey(options.key, "a list is signed with ECDSA P-256");
  const own =
    options.trust === undefined
      ? null
      : agencyOf(key, loadTrust(options.trust, schemas()), instantOf(Date.now()), options.key);
  const agencyKeys = own?.keys ?? [key];
  const target = label === undefined ? null : targetOf(label, agencyKeys);
  // Two revocations at once must not lose each other's entry.
  const list = withLock(options.list, () => {
    const old = oldList(options.list, options.first === true);
    const issuer = own?.name ?? (old ? issuerOfList(old, options.list) : (target?.issuer ?? null));
    if (issuer === null) {
      throw usage(
        "nothing says whose list this is",
        "add --trust keys.yaml, in which the key stands under the agency's name",
      );
    }
    if (target?.issuer && target.issuer !== issuer) {
      throw usage(`the label is one of ${JSON.stringify(target.issuer)}`, "revoke it in the list of that agency");
    }
    const clock = Date.now(); // here, so that a list written a moment ago is not later than this
    const next = nextRevocations({
      old,
      where: options.list,
      key,
      agencyKeys,
      issuer,
      now: instantOf(clock),
      nextUpdate: instantOf(clock + days * 86_400_000),
      revoke: target ? { id: target.id, reason: reason ?? "" } : null,
    });
    writeNewFile(options.list, next.text, old !== null);
    return next.list;
  });
  if (options.json) {
    print({
      format: "segur-label-revoke/1",
      file: path.resolve(options.list),
      labelRead: target && target.issuer !== null,
      list,
    });
    return 0;
  }
  const words = LABEL_WORDS[lang];
  const done = target ? fillWords(words.revoked, { id: target.id }) : words.refreshed;
  const unread = target?.issuer === null ? `${words.idUnread}\n` : "";
  const slots = {
    number: String(list.number),
    thisUpdate: spokenInstant(list.thisUpdate),
    nextUpdate: spokenInstant(list.nextUpdate),
  };
  process.stderr.write(`${options.list}\n`);
  process.stdout.write(`${done}\n${unread}${fillWords(ANSWER_WORDS[lang].list, slots)}\n`);
  return 0;
}

function usage(what: string, mend: string): SuiteError {
  return new SuiteError("ERR_USAGE", what, { mend });
}

function notLabelKey(where: string, what: string): SuiteError {
  return new SuiteError("ERR_KEY", what, {
    where,
    mend: "give the agency's key that signs its labels",
  });
}

/** The agency a key signs labels for today, with all the keys it ever signed labels with. */
function agencyOf(
  key: SigningKey,
  trust: Trust,
  now: string,
  where: string,
): { readonly name: string; readonly keys: readonly PublicKey[] } {
  const all = labelKeys(trust);
  const own = all.find((one) => one.key.keyid === key.keyid && validAt(one, now));
  if (!own) throw notLabelKey(where, "the trust file does not let this key sign labels today");
  return { name: own.name, keys: all.filter((one) => one.name === own.name).map((one) => one.key) };
}

/** The label to revoke: an id is taken as it is (`issuer` null), a file must be one of the agency's own. */
function targetOf(
  label: string,
  agencyKeys: readonly PublicKey[],
): { readonly id: string; readonly issuer: string | null } {
  if (isLabelId(label)) return { id: label, issuer: null };
  const bytes = readSmall(label);
  try {
    const envelope = parseEnvelope(bytes, "label", label);
    const own = signedBy(envelope, agencyKeys) ? readLabel(payloadJson(envelope, label)) : null;
    if (own) return { id: own.id, issuer: own.issuer };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  throw new SuiteError("ERR_FILE", "this file is not a label signed by this agency", {
    where: label,
    mend: "give a label of yours, or its id (32 hexadecimal digits); --trust names your earlier keys",
  });
}

/** What an old list says of its issuer, empty when it says nothing; believed only once `nextRevocations` found it genuine. */
function issuerOfList(bytes: Uint8Array, where: string): string {
  try {
    return readRevocations(payloadJson(parseEnvelope(bytes, "revocations", where), where))?.issuer ?? "";
  } catch (error) {
    if (error instanceof Refusal) return "";
    throw error;
  }
}

function schemas(): ReturnType<typeof openSchemas> {
  return openSchemas(path.join(packageRoot(import.meta.url), "specs", "schemas"));
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** The list to go on with, null for the very first one. Throws SuiteError ERR_FILE when that is not what is there. */
function oldList(file: string, first: boolean): Uint8Array | null {
  // A link that leads nowhere is a list that was lost, not one that never was.
  const there = lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  if (!there && !first) {
    throw new SuiteError("ERR_FILE", "the list to extend is not there", {
      where: file,
      mend: "correct the path; only when this agency never had a list, add --first (a fresh list forgets what was revoked)",
    });
  }
  if (there && first) {
    throw new SuiteError("ERR_FILE", "--first creates a list, and this file is already there", {
      where: file,
      mend: "leave --first out to extend the list; a first list goes into a file that does not exist",
    });
  }
  return there ? readSmall(file) : null;
}

/** A signed file. Throws SuiteError ERR_FILE when it is none that could be one. */
function readSmall(file: string): Uint8Array {
  try {
    const facts = statSync(file);
    // A pipe or a device would never end.
    if (facts.isFile() && facts.size <= MAX_ENVELOPE) return readFileSync(file);
  } catch (cause) {
    throw new SuiteError("ERR_FILE", "the file cannot be read", { where: file, mend: "Correct the path.", cause });
  }
  throw new SuiteError("ERR_FILE", "the file is no plain file, or is too large", {
    where: file,
    mend: "Correct the path.",
  });
}
