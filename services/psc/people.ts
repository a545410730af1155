/** The fictitious professionals as PSC shows them: subject, ID token claims, userinfo (psc.md §6). */
import type { ProfessionalFixture } from "../../core/model/index.js";

/** Identifier of the user federation in `sub` (`f:<uuid>:<national id>`, psc.md §6.1); fictitious. */
const FEDERATION = "00000000-1111-2222-3333-444444444444";

/** The level PSC grants today; `eidas1` is also the value to request (psc.md §6.1). */
export const ACR = "eidas1";

export function subjectOf(nationalId: string): string {
  return `f:${FEDERATION}:${nationalId}`;
}

/** The national identifier inside a subject, as `preferred_username`. */
export function nationalIdOf(subject: string): string {
  return subject.slice(subject.lastIndexOf(":") + 1);
}

export function findBySubject(
  professionals: readonly ProfessionalFixture[],
  subject: string,
): ProfessionalFixture | undefined {
  return professionals.find(({ nationalId }) => subjectOf(nationalId) === subject);
}

/** Claims of the ID token besides the protocol's own (psc.md §6.2). */
export function idTokenClaims(person: ProfessionalFixture, clientId: string, session: string): Record<string, unknown> {
  return {
    azp: clientId,
    sid: session,
    session_state: session,
    preferred_username: person.nationalId,
    given_name: person.givenName,
    family_name: person.familyName,
    SubjectNameID: person.claims.SubjectNameID,
  };
}

/** Claims of the access token and of introspection besides the protocol's own (psc.md §6.1). */
export function accessTokenClaims(
  person: ProfessionalFixture,
  facts: { clientId: string; session: string; authTime: number; nonce: string; acr: string },
): Record<string, unknown> {
  return {
    auth_time: facts.authTime,
    typ: "Bearer",
    azp: facts.clientId,
    preferred_username: person.nationalId,
    nonce: facts.nonce,
    session_state: facts.session,
    sid: facts.session,
    acr: facts.acr,
    authMode: person.claims.authMode,
    otherIds: person.claims.otherIds,
    SubjectNameID: person.claims.SubjectNameID,
  };
}

/** Names of every claim a professional may have in userinfo, for the provider's list. */
export function claimNames(professionals: readonly ProfessionalFixture[]): string[] {
  return [...new Set(professionals.flatMap(({ claims }) => Object.keys(claims)))];
}
