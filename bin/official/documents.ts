/** The CDA documents that exchanges carry, with their bytes: uploads, archives of mails, files given alone. */
import type { Exchange } from "../../core/model/index.js";
import { healthDocuments, submissionOf } from "../../checks/dmp/helpers/submission.js";
import { recogniseFile } from "../../protocols/kind.js";
import { leafParts, type Mail, MailError, readMail } from "../../protocols/mime.js";
import { readSmtp } from "../../protocols/smtp.js";
import { readXdm } from "../../protocols/xdm.js";

export interface CarriedDocument {
  /** Entry id of the submission, or path in the archive; null for a file that is the document itself. */
  readonly place: string | null;
  readonly bytes: Uint8Array;
}

/** In the order carried. What an exchange carries that is no CDA is left out. */
export function documentsIn(exchange: Exchange): readonly CarriedDocument[] {
  switch (exchange.operation) {
    case "dmp.submit": {
      const submission = submissionOf(exchange);
      if (!submission) return [];
      return healthDocuments(submission).flatMap(({ entry, bytes, cda }) =>
        bytes && (cda || recogniseFile(bytes, "") === "cda") ? [{ place: entry.id, bytes }] : [],
      );
    }
    case "mss.submit": {
      const answers = exchange.responseBytes ?? new Uint8Array();
      const { transactions } = readSmtp(exchange.requestBytes, answers, { part: "transaction" });
      return transactions.flatMap(({ message, dataComplete }) => (message && dataComplete ? inMail(message) : []));
    }
    case "file.mail":
      return inMail(exchange.requestBytes);
    case "file.xdm":
      return inArchive(exchange.requestBytes);
    case "file.cda":
      return [{ place: null, bytes: exchange.requestBytes }];
    default:
      return [];
  }
}

function inMail(bytes: Uint8Array): readonly CarriedDocument[] {
  let mail: Mail;
  try {
    mail = readMail(bytes);
  } catch (error) {
    if (error instanceof MailError) return [];
    throw error;
  }
  return leafParts(mail)
    .filter((part) => recogniseFile(part.body, part.fileName ?? "") === "xdm")
    .flatMap((part) => inArchive(part.body));
}

function inArchive(bytes: Uint8Array): readonly CarriedDocument[] {
  const archive = readXdm(bytes);
  if (!archive.ok) return [];
  return archive.xdm.subsets
    .flatMap((subset) => subset.files)
    .flatMap((file) => {
      const { data } = file.entry;
      return data && recogniseFile(data, file.name) === "cda" ? [{ place: file.path, bytes: data }] : [];
    });
}
