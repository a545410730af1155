/** The one refusal of a VIHF that is known with its code. The rest is for the checks to judge. */
import { readVihf, securityAssertions } from "../../protocols/saml.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import { type SoapAnswer, soapFault } from "./answers.js";

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";

/** The real DMP refuses a VIHF signed by an authentication certificate (dmp.md §1.3, S9). */
export function refusedSigner(envelope: SoapEnvelope): SoapAnswer | null {
  const assertion = securityAssertions(envelope)[0];
  const uses = (assertion ? readVihf(assertion)?.signerCertificate : null)?.keyUsage ?? [];
  if (!uses.includes(CLIENT_AUTH) || uses.includes(EMAIL_PROTECTION)) return null;
  return soapFault(
    envelope,
    "Sender",
    "DMPInvalidCertificate",
    "Le certificat de signature du jeton VIHF n'est pas un certificat de signature.",
  );
}
