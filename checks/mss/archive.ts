import { defineCheck, type Report } from "../../core/model/index.js";
import type { Xdm } from "../../protocols/xdm.js";
import type { ZipEntryProblem } from "../../protocols/zip.js";
import {
  ARCHIVE_NAME,
  ARCHIVE_OPERATIONS,
  type Archive,
  archiveParts,
  archives,
  at,
  inputOf,
  pdfParts,
  type SentMail,
  sendStepOf,
  sentMails,
} from "./helpers/mails.js";

const ATTACHMENT = "REF2 v1.0 ECO.2.1.1 / MSS/CONF.23 (mssante.md §2.3, V)";
const LAYOUT = "IHE ITI TF-2 3.32.4.1.2, media layout (mssante.md §2.4)";
/** Problems of an entry that the sender made on purpose or by carelessness about names, not by damage. */
const UNSAFE: readonly ZipEntryProblem[] = ["unsafe_name", "link", "encrypted", "ratio", "too_large"];

/** The archive of a mail with documents: there, named, readable, laid out as ITI-32 has it. */
export default defineCheck({
  id: "mss/archive",
  title: { fr: "Archive IHE_XDM.zip présente et bien formée", en: "IHE_XDM.zip archive present and well formed" },
  reads: ARCHIVE_OPERATIONS,
  messages: {
    absent: {
      weight: "breach",
      source: ATTACHMENT,
      mark: "verified",
      witness: "CI-SIS volet Transmission au LPS (IG-MDM)",
      fr: "Le message porte un document de santé et n'a pas d'archive IHE_XDM.zip.",
      en: "The mail carries a health document and has no IHE_XDM.zip archive.",
    },
    name: {
      weight: "breach",
      source: ATTACHMENT,
      mark: "verified",
      witness: "CI-SIS volet Transmission au LPS (IG-MDM): forwarding rules on the attachment's name",
      fr: "L'archive se nomme « {observed} » ; IHE_XDM.zip est attendu (casse indifférente).",
      en: "The archive is named “{observed}”; IHE_XDM.zip is expected (case aside).",
    },
    several: {
      weight: "breach",
      source: ATTACHMENT,
      mark: "verified",
      witness: "CI-SIS volet Transmission au LPS (IG-MDM): one archive",
      fr: "Le message a {count} archives ; une seule est prévue.",
      en: "The mail has {count} archives; only one is foreseen.",
    },
    "media-type": {
      weight: "remark",
      source: "mssante.md, Known ambiguities: archive media type",
      mark: "unconfirmed",
      witness: "none",
      fr: "L'archive est de type {observed} ; application/zip est usuel.",
      en: "The archive has the type {observed}; application/zip is usual.",
    },
    disposition: {
      weight: "remark",
      source: "mssante.md §2.3, samples",
      mark: "inferred",
      witness: "none",
      fr: "L'archive n'est pas une pièce jointe codée en base64 (Content-Disposition {disposition}, {encoding}).",
      en: "The archive is no attachment in base64 (Content-Disposition {disposition}, {encoding}).",
    },
    unreadable: {
      weight: "breach",
      source: `${LAYOUT}; PKWARE APPNOTE 6.3`,
      mark: "standard",
      witness: "yauzl and Info-ZIP unzip refuse it",
      fr: "L'archive n'est pas un fichier ZIP lisible ({reason}).",
      en: "The archive is no readable ZIP file ({reason}).",
    },
    "entry-damaged": {
      weight: "breach",
      source: `${LAYOUT}; PKWARE APPNOTE 6.3`,
      mark: "standard",
      witness: "Info-ZIP unzip -t",
      fr: "L'entrée {entry} de l'archive est abîmée ({problem}).",
      en: "The entry {entry} of the archive is damaged ({problem}).",
    },
    "entry-unsafe": {
      weight: "remark",
      source: "mssante.md §2.4: no absolute path, no .., no backslash, no link, bounded expansion",
      mark: "inferred",
      witness: "yauzl refuses such names",
      fr: "L'entrée {entry} de l'archive n'est pas ouverte par prudence ({problem}).",
      en: "The entry {entry} of the archive is not opened, out of caution ({problem}).",
    },
    "metadata-absent": {
      weight: "breach",
      source: LAYOUT,
      mark: "standard",
      witness: "IHE samples of iheos-toolkit2 (XDM-Samples)",
      fr: "L'archive n'a pas de METADATA.XML dans un dossier de IHE_XDM.",
      en: "The archive has no METADATA.XML in a folder of IHE_XDM.",
    },
    "root-file-absent": {
      weight: "breach",
      source: LAYOUT,
      mark: "standard",
      witness: "IHE samples of iheos-toolkit2 (XDM-Samples)",
      fr: "L'archive n'a pas de {file} à sa racine.",
      en: "The archive has no {file} at its root.",
    },
    "file-missing": {
      weight: "breach",
      source: "IHE ITI TF-2 3.32.4.1.2: URI names the file of the document (mssante.md §2.5)",
      mark: "standard",
      witness: "none",
      fr: "METADATA.XML désigne {uri}, absent de l'archive.",
      en: "METADATA.XML points at {uri}, which is not in the archive.",
    },
    subsets: {
      weight: "remark",
      source: "mssante.md §2.4: one subset only, SUBSET01",
      mark: "unconfirmed",
      witness: "none",
      fr: "Dossiers sous IHE_XDM : {observed} ; un seul, SUBSET01, est prévu.",
      en: "Folders under IHE_XDM: {observed}; a single one, SUBSET01, is foreseen.",
    },
    names: {
      weight: "remark",
      source: "mssante.md §2.4: ISO 9660 level 1 names, as implementations write them",
      mark: "third-party",
      witness: "none",
      fr: "Nom {observed} : majuscules et forme 8.3 sont attendues dans l'archive.",
      en: "Name {observed}: capitals and 8.3 form are expected in the archive.",
    },
    duplicates: {
      weight: "remark",
      source: "mssante.md §2.4",
      mark: "inferred",
      witness: "none",
      fr: "Le nom {observed} figure plusieurs fois dans l'archive.",
      en: "The name {observed} stands several times in the archive.",
    },
  },
  evaluate(seen, report) {
    for (const mail of sentMails(seen)) {
      const asked = inputOf(sendStepOf(seen, mail.exchange), "document");
      if (mail.archive) judgeAttachment(mail, report);
      else if ((asked !== undefined && asked !== null) || isDocumentMail(mail)) {
        report.observed(at(mail));
        report.finding("absent", at(mail));
      }
    }
    for (const archive of archives(seen)) judgeContent(archive, report);
  },
});

/** A saved mail without its archive tells by the headers that belong to documents that it should have one. */
function isDocumentMail(mail: SentMail): boolean {
  return pdfParts(mail.mail).length > 0 && mail.mail.headers.some((h) => h.name.toLowerCase() === "x-mss-codecda");
}

function judgeAttachment(mail: SentMail, report: Report): void {
  const part = mail.archive?.part;
  if (!part) return;
  const where = at(mail, `part ${part.path}`);
  report.observed(where);
  const count = archiveParts(mail.mail).length;
  if (count > 1) report.finding("several", where, { count });
  if (!ARCHIVE_NAME.test(part.fileName ?? "")) report.finding("name", where, { observed: part.fileName });
  if (part.mediaType !== "application/zip") report.finding("media-type", where, { observed: part.mediaType });
  if (part.disposition !== "attachment" || part.encoding !== "base64") {
    report.finding("disposition", where, { disposition: part.disposition ?? "–", encoding: part.encoding });
  }
}

function judgeContent(archive: Archive, report: Report): void {
  const where = at(archive, archive.part?.fileName ?? "archive");
  if (!archive.part) report.observed(where);
  if (!archive.xdm) {
    report.finding("unreadable", where, { reason: archive.reason });
    return;
  }
  const { xdm } = archive;
  for (const { name, problem } of xdm.archive.entries) {
    if (problem === null) continue;
    report.finding(UNSAFE.includes(problem) ? "entry-unsafe" : "entry-damaged", where, { entry: name, problem });
  }
  if (!xdm.subsets.some((subset) => subset.metadata)) report.finding("metadata-absent", where);
  if (!xdm.readme) report.finding("root-file-absent", where, { file: "README.TXT" });
  if (!xdm.index) report.finding("root-file-absent", where, { file: "INDEX.HTM" });
  for (const entry of archive.missing) report.finding("file-missing", where, { uri: entry.uri ?? "–" });
  judgeNames(xdm, where, report);
}

function judgeNames(xdm: Xdm, where: ReturnType<typeof at>, report: Report): void {
  const folders = xdm.subsets.map((subset) => subset.name);
  if (folders.length > 1 || (folders[0] !== undefined && folders[0].toUpperCase() !== "SUBSET01")) {
    report.finding("subsets", where, { observed: folders.join(", ") });
  }
  const odd = xdm.notIso9660[0];
  if (odd !== undefined) report.finding("names", where, { observed: odd });
  for (const observed of xdm.archive.duplicates) report.finding("duplicates", where, { observed });
}
