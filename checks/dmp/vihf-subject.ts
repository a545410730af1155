/** Who the VIHF speaks of and how that person logged in: NameID and AuthnStatement. */
import { defineCheck } from "../../core/model/index.js";
import { VIHF_ATTRIBUTE } from "../../protocols/saml.js";
import { forEachVihf, VIHF_CALLS } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";

const CLASSES = "urn:oasis:names:tc:SAML:2.0:ac:classes:";
/** Classes of SAML 2.0 authn context §3.4. */
const KNOWN_CLASSES = new Set(
  `InternetProtocol InternetProtocolPassword Kerberos MobileOneFactorUnregistered MobileTwoFactorUnregistered
  MobileOneFactorContract MobileTwoFactorContract Password PasswordProtectedTransport PreviousSession X509 PGP SPKI XMLDSig
  Smartcard SmartcardPKI SoftwarePKI Telephony NomadTelephony PersonalTelephony PersonalizedTelephony
  AuthenticatedTelephony SecureRemotePassword TLSClient TimeSyncToken unspecified`.split(/\s+/),
);
const AIR = "INDIRECTE_RENFORCEE";
const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const CLOCK_SKEW = 5 * 60_000;

export default defineCheck({
  id: "dmp/vihf-subject",
  title: {
    fr: "Le VIHF nomme l'utilisateur et dit comment il s'est authentifié",
    en: "The VIHF names the user and tells how that person logged in",
  },
  reads: VIHF_CALLS,
  messages: {
    name_absent: {
      weight: "breach",
      source: `${SOURCE.vihf}: Subject/NameID`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Subject/NameID (identifiant du professionnel) est obligatoire ; il est absent ou vide.",
      en: "Subject/NameID (identifier of the professional) is mandatory; it is absent or empty.",
    },
    name_form: {
      weight: "remark",
      source: `${SOURCE.vihf}; PS_IdNat, ou <structure>/<identifiant interne> (dmp.md §3)`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "NameID « {observed} » n'est pas un identifiant national de professionnel : un RPPS s'écrit précédé du chiffre 8.",
      en: "NameID “{observed}” is no national identifier of a professional: an RPPS number is written with the digit 8 before it.",
    },
    statement: {
      weight: "breach",
      source: `${SOURCE.vihf}: AuthnStatement/@AuthnInstant; SAML 2.0 core §2.7.2`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Un AuthnStatement avec AuthnInstant est attendu ; {count} AuthnStatement observé(s), AuthnInstant « {observed} ».",
      en: "One AuthnStatement with an AuthnInstant is expected; {count} AuthnStatement observed, AuthnInstant “{observed}”.",
    },
    instant_form: {
      weight: "breach",
      source: "SAML 2.0 core §1.3.3: times are xs:dateTime in UTC (dmp.md §3)",
      mark: "standard",
      witness: WITNESS.kitVihf,
      fr: "AuthnInstant doit être une date-heure UTC (…Z) ; observé : « {observed} ».",
      en: "AuthnInstant must be a UTC date and time (…Z); observed: “{observed}”.",
    },
    instant_later: {
      weight: "remark",
      source: "SAML 2.0 core §2.7.2: the authentication came before the assertion that tells of it",
      mark: "inferred",
      witness: "none",
      fr: "AuthnInstant ({observed}) est postérieur à l'émission du VIHF ({issued}).",
      en: "AuthnInstant ({observed}) is later than the issue of the VIHF ({issued}).",
    },
    class_absent: {
      weight: "breach",
      source: `${SOURCE.vihf}: AuthnContextClassRef`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "AuthnContextClassRef (moyen d'authentification de l'utilisateur) est obligatoire ; il est absent ou vide.",
      en: "AuthnContextClassRef (means by which the user logged in) is mandatory; it is absent or empty.",
    },
    class_unknown: {
      weight: "breach",
      source: `${SOURCE.vihf}: one of the classes of SAML 2.0 authn context §3.4`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "AuthnContextClassRef « {observed} » n'est pas une classe de SAML 2.0 (urn:oasis:names:tc:SAML:2.0:ac:classes:…).",
      en: "AuthnContextClassRef “{observed}” is no class of SAML 2.0 (urn:oasis:names:tc:SAML:2.0:ac:classes:…).",
    },
    declaration_absent: {
      weight: "remark",
      source:
        "kit éditeur DMP, VIHF INDIRECTE_RENFORCEE : AuthnContextDecl dit l'authentification primaire (dmp.md §1.3, §3)",
      mark: "kit",
      witness: WITNESS.kitVihf,
      fr: "En authentification indirecte renforcée, AuthnContextDecl dit l'authentification primaire ; il est absent.",
      en: "In reinforced indirect authentication, AuthnContextDecl tells the primary authentication; it is absent.",
    },
    declaration_unexpected: {
      weight: "remark",
      source: "kit éditeur DMP : AuthnContextDecl en mode INDIRECTE_RENFORCEE seulement (dmp.md §3)",
      mark: "kit",
      witness: WITNESS.kitVihf,
      fr: "AuthnContextDecl n'est attendu qu'en mode INDIRECTE_RENFORCEE ; observé en mode {mode} : « {observed} ».",
      en: "AuthnContextDecl is expected in mode INDIRECTE_RENFORCEE only; observed in mode {mode}: “{observed}”.",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, (vihf, at) => {
      const { nameId, authnInstant, authnContextClassRef: cls, authnContextDecl: declaration } = vihf;
      if (!nameId) report.finding("name_absent", at("Subject/NameID"));
      // Eleven digits are an RPPS number, nine an ADELI number, both without the digit that says so.
      else if (/^(\d{11}|\d{9})$/.test(nameId)) report.finding("name_form", at("Subject/NameID"), { observed: nameId });
      const statement = at("AuthnStatement");
      if (vihf.authnStatements !== 1 || !authnInstant) {
        report.finding("statement", statement, { count: vihf.authnStatements, observed: authnInstant });
      } else if (!UTC.test(authnInstant)) report.finding("instant_form", statement, { observed: authnInstant });
      else if (later(authnInstant, vihf.issueInstant)) {
        report.finding("instant_later", statement, { observed: authnInstant, issued: vihf.issueInstant });
      }
      if (vihf.authnStatements > 0 && !cls) report.finding("class_absent", statement);
      else if (cls && !(cls.startsWith(CLASSES) && KNOWN_CLASSES.has(cls.slice(CLASSES.length)))) {
        report.finding("class_unknown", statement, { observed: cls });
      }
      const mode = modeOf(vihf.attributes);
      if (mode === AIR && !declaration) report.finding("declaration_absent", statement);
      if (mode !== null && mode !== AIR && declaration) {
        report.finding("declaration_unexpected", statement, { mode, observed: declaration });
      }
    });
  },
});

/** The spelling of the kit's samples counts too: its own message is elsewhere. */
function modeOf(attributes: ReadonlyMap<string, readonly string[]>): string | null {
  const values = [VIHF_ATTRIBUTE.mode, "Authentification_mode"].flatMap((name) => attributes.get(name) ?? []);
  return values.find((value) => value !== "") ?? null;
}

function later(instant: string, issued: string | null): boolean {
  return issued !== null && UTC.test(issued) && Date.parse(instant) > Date.parse(issued) + CLOCK_SKEW;
}
