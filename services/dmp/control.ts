/** Control commands of a scenario: what other people do to a DMP meanwhile, and what the mock saw. README.md lists them. */
import { type PatientFixture, SuiteError } from "../../core/model/index.js";
import { CONFIDENTIALITY_CODES, SCHEMES } from "../../protocols/codes.js";
import { parseCx, RIM_NS, XDS_UUID } from "../../protocols/xds.js";
import { attr, elements, parseXml, type XmlNode } from "../../protocols/xml.js";
import { AUTHORISATIONS, type PatientChoices } from "./access.js";
import { isNewest } from "./entries.js";
import { withStatus } from "./metadata.js";
import type { DmpRoom } from "./room.js";
import type { StoredEntry } from "./store.js";
import { confidentiality, deposit, SOMEBODY_ELSE, type ThirdParty } from "./third-party.js";
import { nextVersion } from "./update.js";

type Args = Readonly<Record<string, unknown>>;

const COMMANDS: Readonly<Record<string, (room: DmpRoom, args: Reader) => unknown>> = {
  deposit: depositDocument,
  hide: hideDocument,
  choose,
  authorise,
  accesses,
};

export const CONTROL_COMMANDS: readonly string[] = Object.keys(COMMANDS);

export function control(room: DmpRoom, command: string, args: Record<string, unknown>): unknown {
  const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!run) throw new SuiteError("ERR_USAGE", `the DMP mock has no control command ${command}`);
  return run(room, reader(command, args));
}

interface Reader {
  text(name: string): string | null;
  /** Null when absent; a wrong value is refused. */
  flag(name: string): boolean | null;
  texts(name: string): readonly string[] | null;
  object(name: string): Reader | null;
  wrong(name: string, wanted: string): SuiteError;
}

function reader(command: string, args: Args): Reader {
  const wrong = (name: string, wanted: string): SuiteError =>
    new SuiteError("ERR_USAGE", `the control command ${command} of the DMP mock cannot be run with these arguments`, {
      where: `${name}: ${wanted}`,
      mend: "the arguments are listed in services/dmp/README.md",
    });
  const value = (name: string): unknown => (Object.hasOwn(args, name) ? args[name] : undefined) ?? null;
  return {
    wrong,
    text(name) {
      const found = value(name);
      if (found !== null && typeof found !== "string") throw wrong(name, "a text");
      return found;
    },
    flag(name) {
      const found = value(name);
      if (found !== null && typeof found !== "boolean") throw wrong(name, "true or false");
      return found;
    },
    texts(name) {
      const found = value(name);
      if (found === null) return null;
      if (!Array.isArray(found) || found.some((one) => typeof one !== "string")) throw wrong(name, "a list of texts");
      return found as readonly string[];
    },
    object(name) {
      const found = value(name);
      if (found === null) return null;
      if (typeof found !== "object" || Array.isArray(found)) throw wrong(name, "an object");
      return reader(command, found as Args);
    },
  };
}

function patientOf(room: DmpRoom, args: Reader): PatientFixture {
  const key = args.text("patient");
  const patient = room.context.patients.find((p) => p.key === key);
  if (!patient?.ins) throw args.wrong("patient", "the key of a fictitious patient who has an INS");
  return patient;
}

/** National id of a professional given by key or by national id; null when the argument is absent. */
function professional(room: DmpRoom, args: Reader, name: string): string | null {
  const given = args.text(name);
  if (given === null) return null;
  const found = room.context.professionals.find((p) => p.key === given || p.nationalId === given);
  if (!found) throw args.wrong(name, "the key or the national id of a fictitious professional");
  return found.nationalId;
}

function visibilityCodes(args: Reader, name: string): readonly string[] {
  const codes = args.texts(name) ?? [];
  const known = codes.every((code) => CONFIDENTIALITY_CODES.values.get(code) === SCHEMES.visibility);
  if (!known) throw args.wrong(name, "codes among MASQUE_PS, INVISIBLE_PATIENT, INVISIBLE_REPRESENTANTS_LEGAUX");
  return codes;
}

function depositDocument(room: DmpRoom, args: Reader): unknown {
  const patient = patientOf(room, args);
  const document = args.object("document") ?? reader("deposit", {});
  const eventDate = document.text("eventDate") ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(eventDate)) throw document.wrong("eventDate", "YYYY-MM-DD");
  const change = deposit(patient, authorOf(room, args), {
    title: document.text("title") ?? "Compte rendu de consultation",
    typeCode: document.text("typeCode") ?? "11488-4",
    text: document.text("text") ?? "Document déposé par un autre professionnel.",
    visibility: visibilityCodes(document, "visibility"),
    eventDate,
  });
  const status = document.text("status") ?? "Approved";
  if (status !== "Approved" && status !== "Archived") throw document.wrong("status", "Approved or Archived");
  const entries = (change.entries ?? []).map((entry) => withStatus(entry, status));
  room.store.commit({ ...change, entries });
  return { uniqueId: entries[0]?.uniqueId ?? null, entryUuid: entries[0]?.entryUuid ?? null };
}

/** `by`: a professional of the test base; somebody else when absent. The structure is the first of the exercise. */
function authorOf(room: DmpRoom, args: Reader): ThirdParty {
  const nationalId = professional(room, args, "by");
  const found = room.context.professionals.find((p) => p.nationalId === nationalId);
  if (!found) return SOMEBODY_ELSE;
  const structure = /"ancienIdentifiantDeLaStructure":"(\d+)"/.exec(JSON.stringify(found.claims))?.[1];
  const { familyName, givenName } = found;
  return { nationalId: found.nationalId, familyName, givenName, structure: structure ?? SOMEBODY_ELSE.structure };
}

/** The patient changes the visibility of a document: a new version of its metadata. */
function hideDocument(room: DmpRoom, args: Reader): unknown {
  const entry = namedEntry(room, args);
  const codes = visibilityCodes(args, "codes");
  const next = nextVersion(room, entry, withCodes(parseXml(entry.xml), codes), ["N", ...codes]);
  room.store.commit(next.change);
  return { uniqueId: entry.uniqueId, entryUuid: next.entry.entryUuid, version: next.entry.version };
}

/** By `uniqueId`, by `title`, else the last document of the patient. */
function namedEntry(room: DmpRoom, args: Reader): StoredEntry {
  const patient = patientOf(room, args);
  const uniqueId = args.text("uniqueId");
  const title = args.text("title");
  const found = [...room.store.entries.values()].filter(
    (entry) =>
      isNewest(room, entry) &&
      entry.status === "Approved" &&
      parseCx(entry.patientId)?.id === patient.ins?.matricule &&
      (uniqueId === null || entry.uniqueId === uniqueId) &&
      (title === null || entry.title === title),
  );
  const last = found[found.length - 1];
  if (!last) throw args.wrong("uniqueId, title", "a current document of the patient");
  return last;
}

/** The object with other visibility codes; the level (`N`) stays. */
function withCodes(node: XmlNode, codes: readonly string[]): XmlNode {
  const visibility = (e: XmlNode): boolean =>
    attr(e, "classificationScheme") === XDS_UUID.confidentiality && attr(e, "nodeRepresentation") !== "N";
  const added = parseXml(`<o xmlns="${RIM_NS}">${codes.map(confidentiality).join("")}</o>`);
  return { ...node, children: [...elements(node).filter((e) => !visibility(e)), ...elements(added)] };
}

const OPPOSITIONS: Readonly<Record<string, Partial<PatientChoices>>> = {
  none: { opposedToUpload: false, opposedToConsultation: false },
  upload: { opposedToUpload: true, opposedToConsultation: false },
  consultation: { opposedToUpload: false, opposedToConsultation: true },
  both: { opposedToUpload: true, opposedToConsultation: true },
};

function choose(room: DmpRoom, args: Reader): unknown {
  const { key } = patientOf(room, args);
  const before = room.access.choices(key);
  const blocked = professional(room, args, "blockProfessional");
  const unblocked = professional(room, args, "unblockProfessional");
  const attending = professional(room, args, "attending");
  const oppose = args.text("oppose");
  const opposition = oppose === null ? {} : Object.hasOwn(OPPOSITIONS, oppose) ? OPPOSITIONS[oppose] : null;
  if (!opposition) throw args.wrong("oppose", "none, upload, consultation or both");
  const refusesEmergency = args.flag("refuseEmergency");
  const refusesRegulation = args.flag("refuseRegulation");
  const list = blocked === null ? before.blocked : [...new Set([...before.blocked, blocked])];
  room.access.choose(key, {
    ...opposition,
    blocked: list.filter((id) => id !== unblocked),
    ...(attending === null ? {} : { attending: [attending] }),
    ...(refusesEmergency === null ? {} : { refusesEmergency }),
    ...(refusesRegulation === null ? {} : { refusesRegulation }),
  });
  return room.access.choices(key);
}

function authorise(room: DmpRoom, args: Reader): unknown {
  const { key } = patientOf(room, args);
  const nationalId = professional(room, args, "professional");
  if (nationalId === null) throw args.wrong("professional", "needed");
  const state = AUTHORISATIONS.find((known) => known === args.text("state"));
  if (!state) throw args.wrong("state", AUTHORISATIONS.join(", "));
  room.access.setAuthorisation(key, nationalId, state);
  return { patient: key, professional: nationalId, state };
}

function accesses(room: DmpRoom, args: Reader): unknown {
  const patient = args.text("patient");
  return room.access.journal.filter((access) => patient === null || access.patient === patient);
}
