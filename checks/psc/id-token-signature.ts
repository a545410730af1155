import { defineCheck } from "../../core/model/index.js";
import type { Jwt } from "../../protocols/jwt.js";
import { judgePoison, POISON_READS } from "./helpers/poisoned.js";

/** Signs that the bytes show; a false signature under a published key shows to nobody without that key. */
const SHOWS: Readonly<Record<string, (idToken: Jwt) => boolean>> = {
  "alg-none": ({ signed, header }) => !signed && header.alg === "none",
  "hs256-pubkey": ({ header }) => header.alg === "HS256",
};

/** Fault to message. All four tokens fail for whoever verifies the signature with the published keys. */
const FORGERIES = {
  "bad-signature": "forged",
  "kid-unknown": "forged",
  "alg-none": "unsigned",
  "hs256-pubkey": "confused",
} as const;

/**
 * OIDC Core lets a client that got the token straight from the token endpoint rely on TLS instead: the suite is stricter
 * on purpose (psc.md §15), and says so as remarks.
 */
const SOURCE =
  "OpenID Connect Core 1.0 §3.1.3.7 point 6, which allows TLS instead for this flow; the ANS Keycloak connector verifies (psc.md §10 points 3 and 4, §15, S7)";
const WITNESS = "OpenID Foundation conformance suite, oidcc-client-test-invalid-sig-rs256 and -idtoken-sig-none";

export default defineCheck({
  id: "psc/id-token-signature",
  title: {
    fr: "Jeton d'identité à la signature fausse ou absente : refusé",
    en: "ID token with a false or missing signature: refused",
  },
  reads: POISON_READS,
  scenarios: ["psc-login-bad-signature", "psc-login-kid-unknown"],
  expects: "silence",
  messages: {
    forged: {
      weight: "remark",
      source: SOURCE,
      mark: "observed",
      witness: WITNESS,
      fr: "Le jeton d'identité n'était pas signé par une clé publiée ({fault}) et a été accepté.",
      en: "The ID token was not signed by a published key ({fault}) and was accepted.",
    },
    unsigned: {
      weight: "remark",
      source: SOURCE,
      mark: "observed",
      witness: WITNESS,
      fr: "Le jeton d'identité n'était pas signé du tout ({fault}) et a été accepté.",
      en: "The ID token was not signed at all ({fault}) and was accepted.",
    },
    confused: {
      weight: "remark",
      source: "RFC 8725 §2.1 and §3.1 for clients that verify signatures (psc.md §10 point 4)",
      mark: "observed",
      witness: "jose refuses it",
      fr: "Le jeton d'identité était scellé en HS256 avec la clé publique ({fault}) et a été accepté.",
      en: "The ID token was sealed in HS256 with the public key ({fault}) and was accepted.",
    },
  },
  evaluate(seen, report) {
    for (const [kind, message] of Object.entries(FORGERIES)) {
      const shows = SHOWS[kind];
      judgePoison(seen, report, { kind, operation: "psc.token", message, ...(shows ? { shows } : {}) });
    }
  },
});
