/** A verification as a person reads it on a terminal. Everything in it may be foreign: it is made visible-safe. */
import { visible } from "../reports/safe.js";
import type { Lang } from "./output.js";
import { setAsideReason } from "./set-aside.js";
import type { Verification } from "./verification.js";
import { refusalText } from "./words/refusals.js";
import { VERIFY_WORDS } from "./words/verify.js";

/** Differences told; the others are counted. */
const MAX_SHOWN = 20;

export function verificationText(verification: Verification, lang: Lang): string {
  const words = VERIFY_WORDS[lang];
  const { status, claims, signer, challenge, countersignature, refusal, recomputed, differences } = verification;
  const lines = [words.status[status]];
  const fact = (name: string, value: string): void => {
    lines.push(`  ${name.padEnd(22)} ${visible(value)}`);
  };
  if (refusal) {
    const { sentence, mend } = refusalText(refusal, lang);
    fact(words.reason, `${sentence} [${refusal.reason}]`);
    if (refusal.where) fact(words.where, refusal.where);
    fact(words.mend, mend);
  }
  fact(words.digest, verification.bundle.sha256);
  if (claims) {
    const { vendor, product, version } = claims.candidate;
    fact(words.candidate, `${vendor} – ${product} ${version}`);
    fact(words.run, `${claims.run.id}, ${claims.run.startedAt} – ${claims.run.endedAt}`);
    fact(words.mode, words.modes[claims.mode]);
    if (status === "cannot_recompute") {
      const rules = claims.rules ? `${claims.rules.name} ${claims.rules.version} (${claims.rules.digest})` : null;
      fact(words.mend, words.needed(claims.tool.version, claims.ruleSet, rules));
    }
  }
  if (signer) {
    fact(words.signer, signer.trusted ? words.signerTrusted : words.signerUnknown);
    fact("", `${signer.algorithm} ${signer.keyid}${signer.subject === null ? "" : ` ${signer.subject}`}`);
  }
  if (recomputed) {
    fact(
      words.challenge,
      challenge
        ? `${challenge.id}, ${challenge.issuer ?? words.issuerUnknown}, ${words.traced(challenge.traced, challenge.expected)}`
        : words.noChallenge,
    );
    fact(
      words.countersignature,
      countersignature ? (countersignature.issuer ?? words.issuerUnknown) : words.noCountersignature,
    );
    for (const { id, decision, reason } of recomputed.perimeters) {
      const own = decision === "referencable" && claims?.mode === "sandbox";
      const why = reason ? ` (${words.reasons[reason]})` : own ? ` (${words.own})` : "";
      fact(words.decision, `${id} ${words.decisions[decision]}${why}`);
    }
  }
  for (const { reason, rows } of recomputed?.setAside ?? [])
    fact(words.setAside, `${setAsideReason(reason, lang)} (${rows})`);
  for (const { scenario, attempts } of recomputed?.repeated ?? [])
    fact(words.repeated, words.played(scenario, attempts));
  if (differences.length > 0) lines.push(`  ${words.differences(differences.length)}`);
  for (const { kind, id, perimeter, claimed, recomputed: found, detail } of differences.slice(0, MAX_SHOWN)) {
    const name = perimeter === null ? id : `${perimeter} ${id}`;
    const sides = `${words.claimed} ${String(claimed)}, ${words.recomputed} ${String(found)}`;
    lines.push(`    ${visible(`${kind} ${name} (${detail}): ${sides}`)}`);
  }
  if (differences.length > MAX_SHOWN) lines.push(`    ${words.more(differences.length - MAX_SHOWN)}`);
  lines.push(words.notADecision);
  return `${lines.join("\n")}\n`;
}
