import { defineCheck } from "../../core/model/index.js";
import { mailHeaders, readAddresses } from "../../protocols/mime.js";
import { at, MAIL_OPERATIONS, sentMails } from "./helpers/mails.js";

const RULE = "REF2 v1.0 ECO.2.2.7 (§3.5) / MSS/va1.16 (mssante.md §2.1)";

/** Label beside the sender's address. The mailbox type, which decides its form, cannot be told from a mail: remarks only. */
export default defineCheck({
  id: "mss/from-label",
  title: { fr: "Libellé d'expéditeur parlant", en: "Meaningful sender label" },
  reads: MAIL_OPERATIONS,
  messages: {
    absent: {
      weight: "remark",
      source: `${RULE}; Known ambiguities: mailbox type behind a From label`,
      mark: "unconfirmed",
      witness: "none",
      fr: "L'en-tête From n'a pas de libellé à côté de l'adresse {address}.",
      en: "The From header has no label beside the address {address}.",
    },
    form: {
      weight: "remark",
      source: `${RULE}; Known ambiguities: mailbox type behind a From label`,
      mark: "unconfirmed",
      witness: "none",
      fr: "Libellé « {observed} » : pour une boîte personnelle, Titre_Prenom_NOM_Entité est attendu.",
      en: "Label “{observed}”: for a personal mailbox Title_Given_NAME_Entity is expected.",
    },
  },
  evaluate(seen, report) {
    for (const mail of sentMails(seen)) {
      const authors = mailHeaders(mail.mail, "From").flatMap((header) => readAddresses(header.encoded).slice(0, 1));
      if (authors.length > 0) report.observed(at(mail, "From"));
      for (const { name, address } of authors) {
        if (name === "" || name === address) report.finding("absent", at(mail, "From"), { address });
        // Given name then name in capitals, joined by an underscore, somewhere in the label.
        else if (!/(?<=[^_])_\p{Lu}[\p{Lu}' -]*(?:_|$)/u.test(name))
          report.finding("form", at(mail, "From"), { observed: name });
      }
    }
  },
});
