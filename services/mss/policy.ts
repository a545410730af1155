/** What the operator answers, apart from what the protocol library answers by itself. One source per line in README.md. */
import type { FaultSpec, ProfessionalFixture, TokenBoard } from "../../core/model/index.js";

/** Domain of the operator's own mailboxes, those of the fixtures. */
export const OWN_DOMAIN = "cabinet-demo.mssante.example";
/** Domain of the citizens' mailboxes. */
export const CITIZEN_DOMAIN = "patient.mssante.fr";
/** Domains of the white list besides these two: another operator's, so that mail for elsewhere can be accepted. */
export const LISTED_DOMAINS: readonly string[] = ["hopital-demo.mssante.example"];

/** Limit advertised by SIZE, in bytes (RFC 1870). */
export const SIZE_LIMIT = 25 * 1024 * 1024;

/** A reply that refuses. `text` starts with its enhanced status code (RFC 3463). */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

export const REFUSALS = {
  starttlsFirst: { code: 530, text: "5.7.0 Must issue a STARTTLS command first" },
  starttlsRefused: { code: 454, text: "4.7.0 TLS not available due to temporary reason" },
  busy: { code: 421, text: "4.3.2 Service busy, closing connection" },
  authUnavailable: { code: 454, text: "4.7.0 Temporary authentication failure" },
  mailboxNotTheirs: { code: 535, text: "5.7.8 Mailbox not open to the holder of this token" },
  notEntitled: { code: 553, text: "5.7.1 Sender address not owned by the authenticated user" },
  unknownRecipient: { code: 550, text: "5.1.1 Mailbox unknown" },
  unlistedDomain: { code: 550, text: "5.7.1 Domain outside the trust space" },
  mailboxFull: { code: 452, text: "4.2.2 Mailbox full" },
  mailboxFullForGood: { code: 552, text: "5.2.2 Mailbox full" },
  tooBig: { code: 552, text: "5.3.4 Message too big" },
  greylisted: { code: 451, text: "4.7.1 Try again later" },
  tooManyRecipients: { code: 452, text: "4.5.3 Too many recipients" },
} as const satisfies Record<string, Refusal>;

/** Payload of the 334 that tells a refused bearer token. */
export const TOKEN_REFUSED = { status: "401", schemes: "bearer", scope: "mail" } as const;

/** Refusal that a scripted fault asks for at a point of the transaction; null when the kind is no refusal. */
export function refusalOf(fault: FaultSpec): Refusal | null {
  switch (fault.kind) {
    case "busy-421":
      return REFUSALS.busy;
    case "auth-unavailable":
      return REFUSALS.authUnavailable;
    case "sender-not-entitled":
      return REFUSALS.notEntitled;
    case "unknown-recipient":
      return REFUSALS.unknownRecipient;
    case "unlisted-domain":
      return REFUSALS.unlistedDomain;
    case "mailbox-full":
      return fault.args?.permanent === true ? REFUSALS.mailboxFullForGood : REFUSALS.mailboxFull;
    case "too-big":
      return REFUSALS.tooBig;
    case "greylisting":
      return REFUSALS.greylisted;
    case "too-many":
      return REFUSALS.tooManyRecipients;
    default:
      return null;
  }
}

/** The person a live token speaks for; null when the token is unknown, dead, or of nobody we know. */
export function holderOf(
  token: string,
  tokens: TokenBoard,
  professionals: readonly ProfessionalFixture[],
): ProfessionalFixture | null {
  const known = tokens.lookup(token);
  if (!known?.live) return null;
  // PSC subjects are `f:<uuid>:<national id>`.
  const nationalId = known.subject.split(":").at(-1);
  return professionals.find((person) => person.nationalId === nationalId) ?? null;
}

export function mayUse(person: ProfessionalFixture, mailbox: string): boolean {
  return person.mailboxes.some((own) => own.toLowerCase() === mailbox.toLowerCase());
}

/** Null when mail for the address is taken. */
export function recipientRefusal(address: string, professionals: readonly ProfessionalFixture[]): Refusal | null {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  if (domain === OWN_DOMAIN) {
    return professionals.some((person) => mayUse(person, address)) ? null : REFUSALS.unknownRecipient;
  }
  return domain === CITIZEN_DOMAIN || LISTED_DOMAINS.includes(domain) ? null : REFUSALS.unlistedDomain;
}
