/** Defects of the DMP slice that show over several operations: right, replacement, queue, consultation, management. */
import { createHash } from "node:crypto";
import type { Exchange, FaultSpec, VendorOperation } from "../../core/model/index.js";
import type { Showing } from "../fixtures/vendors/defects.js";
import { partsOf, requestText } from "../fixtures/vendors/reading.js";
import type { Answer, Road } from "../fixtures/vendors/road.js";

const PATIENT = "adrun-zoe";
const DOCUMENT = { typeCode: "11488-4", title: "Compte rendu", text: "Examen sans particularité." };

/** One file of a DMP that nothing happened to yet, the professional logged in. */
interface Stage {
  readonly road: Road;
  ask(operation: VendorOperation, input?: Record<string, unknown>): Promise<Answer>;
  /** A document by somebody else; gives its uniqueId. */
  deposit(document?: Record<string, unknown>): Promise<string>;
  right(state: string): Promise<unknown>;
  submit(input?: Record<string, unknown>): Promise<string>;
  /** The n-th upload, from 0; -1 = the last. */
  upload(index?: number): readonly string[];
  texts(operation: string): readonly string[];
}

const seen = (act: (stage: Stage) => Promise<boolean>, faults: readonly FaultSpec[] = []): Showing => ({
  faults,
  async shows(road) {
    await road.host.control("dmp", "reset", {});
    await road.login();
    const patientId = await road.put(PATIENT, "QUAL");
    const ask: Stage["ask"] = (operation, input = {}) => road.call(operation, { patientId, ...input });
    const control = async (command: string, args: Record<string, unknown>): Promise<{ uniqueId?: unknown }> =>
      (await road.host.control("dmp", command, { patient: PATIENT, ...args })) as { uniqueId?: unknown };
    return act({
      road,
      ask,
      deposit: async (document = {}) => String((await control("deposit", { document })).uniqueId),
      right: (state) => control("authorise", { professional: "ps-exemple", state }),
      submit: async (input = {}) => String((await ask("dmp.submit", { document: DOCUMENT, ...input })).uniqueId),
      upload: (index = -1) => partsOf(road.seen("dmp.submit").at(index)).map((part) => part.toString("utf8")),
      texts: (operation) => road.seen(operation).map(requestText),
    });
  },
});

const fault = (at: string, kind: string, args: Record<string, unknown> = {}): readonly FaultSpec[] => [
  { service: "dmp", at, kind, args },
];

/** Two documents in one signed submission: its parts. */
const signed = (shows: (parts: readonly string[]) => boolean): Showing =>
  seen(async ({ ask, upload }) => {
    await ask("dmp.submit", { documents: [DOCUMENT, { ...DOCUMENT, typeCode: "57833-6" }], signed: true });
    return shows(upload());
  });

/** A document and what replaces it: the parts of the second upload, and of the first. */
const replaced = (shows: (after: readonly string[], before: readonly string[]) => boolean): Showing =>
  seen(async ({ submit, upload }) => {
    await submit({ replaces: await submit() });
    return shows(upload(), upload(0));
  });

/** One document of ours after an action: the messages of TD3.3. */
const updated = (action: string, shows: (text: string) => boolean): Showing =>
  seen(async ({ ask, submit, texts }) => {
    await ask("dmp.update", { uniqueId: await submit(), action });
    return shows(texts("dmp.update").at(-1) ?? "");
  });

const purpose = (asked: Record<string, unknown>, shows: (text: string) => boolean): Showing =>
  seen(async ({ ask, texts }) => {
    await ask("dmp.search", asked);
    return shows(texts("dmp.search")[0] ?? "");
  });

const first = (answer: Answer): Answer => (answer.documents as readonly Answer[])[0] ?? {};
const of = (text: string | undefined, pattern: RegExp): string | undefined => pattern.exec(text ?? "")?.[1];
const codeOfPurpose = (text: string): string | undefined => of(text, /<PurposeOfUse [^>]*\bcode="(\w+)"/);
const answerText = (exchange: Exchange | undefined): string =>
  Buffer.from(exchange?.responseBytes ?? []).toString("latin1");
const BREAK = { purpose: "bris_de_glace", reason: "Coma" };

export const DMP_LIFE: Readonly<Record<string, Showing>> = {
  "dmp-traits-ignored": seen(
    async ({ ask }) => (await ask("dmp.exists")).identityAlert === false,
    fault("exists", "says", { traits: { birthDate: "1901-01-01" } }),
  ),
  "dmp-closure-not-told": seen(
    async ({ ask }) => (await ask("dmp.exists")).closure === null,
    fault("exists", "says", { closure: { motive: "FERMETURE_DEMANDE_PATIENT" } }),
  ),
  "dmp-authorisation-misread": seen(async ({ ask, right, road }) => {
    await right("none");
    await ask("dmp.search");
    return road.seen("dmp.search").length === 1;
  }),
  "dmp-authorise-despite-opposition": seen(async ({ ask, road }) => {
    await ask("patient.choice", { consultation: "opposed" });
    await ask("dmp.authorise", { action: "add" });
    return road.seen("dmp.authorise").length === 1;
  }),

  "dmp-replace-as-new": replaced(
    ([envelope = "", cda = ""]) => !envelope.includes("RPLC") && !cda.includes("relatedDocument"),
  ),
  "dmp-replace-wrong-target": replaced(([envelope]) => /RPLC"[^>]*targetObject="urn:oid:/.test(envelope ?? "")),
  "dmp-replace-cda-unlinked": replaced(
    ([envelope = "", cda = ""]) => envelope.includes("RPLC") && !cda.includes("relatedDocument"),
  ),
  "dmp-replace-new-set-id": replaced(
    (after, before) => of(after[1], /\n {2}<setId root="([^"]+)/) !== of(before[1], /\n {2}<setId root="([^"]+)/),
  ),
  "dmp-replace-version-kept": replaced(([, cda]) => of(cda, /\n {2}<versionNumber value="(\d)/) === "1"),

  "dmp-visibility-ignored": seen(async ({ submit, upload }) => {
    await submit({ visibility: { hiddenFromPatient: true } });
    return !upload()[0]?.includes("INVISIBLE_PATIENT");
  }),
  "dmp-visibility-gateway-code": seen(async ({ submit, upload }) => {
    await submit({ visibility: { hiddenFromRepresentatives: true } });
    return upload()[0]?.includes('"INVISIBLE_REP_LEGAUX"') === true;
  }),
  "dmp-visibility-pair": seen(async ({ submit, road }) => {
    await submit({ visibility: { hiddenFromPatient: true, maskedFromProfessionals: true } });
    return road.seen("dmp.submit").length === 1;
  }),
  "dmp-several-lacks-member": signed(
    ([envelope = ""]) =>
      envelope.includes('<rim:ExtrinsicObject id="Document02"') &&
      !/HasMember"[^>]*targetObject="Document02"/.test(envelope),
  ),
  "dmp-signature-digest": signed((parts) => {
    const [, claimed = ""] = of(parts[3], /Id="IHEManifest">(.*?)<\/ds:Manifest>/)?.match(/DigestValue>[^<]+/g) ?? [];
    // The honest digest is that of the canonical document; the defect's, that of its identifier.
    const uniqueId = of(parts[1], /<id root="([^"]+)"\/>/) ?? "";
    return claimed === `DigestValue>${createHash("sha256").update(uniqueId).digest("base64")}`;
  }),
  "dmp-signature-one-only": signed((parts) => parts[3]?.match(/URI="urn:oid:/g)?.length === 2),
  "dmp-signature-purpose-missing": signed((parts) => parts[3]?.includes("purposeOfSignature") === false),
  "dmp-signature-invalid": signed((parts) => (of(parts[3], /SignatureValue>([^<]+)/) ?? "").length < 100),
  "dmp-signature-visible": signed(([envelope = ""]) => !envelope.includes("MASQUE_PS")),
  "dmp-signature-not-associated": signed(
    ([envelope = ""]) => envelope.includes('id="Signature01"') && !envelope.includes("AssociationType:signs"),
  ),

  "dmp-no-automatic-upload": seen(async ({ ask, road }) => {
    await ask("document.validate", { document: DOCUMENT });
    return road.seen("dmp.submit").length === 0;
  }),
  "dmp-optout-ignored": seen(async ({ ask, road }) => {
    await ask("document.validate", { document: DOCUMENT, keepLocal: true });
    return road.seen("dmp.submit").length === 1;
  }),
  "dmp-optout-sticky": seen(async ({ ask, road }) => {
    await ask("document.validate", { document: DOCUMENT, keepLocal: true });
    await ask("document.validate", { document: DOCUMENT });
    return road.seen("dmp.submit").length === 0;
  }),
  "dmp-opposition-ignored": seen(async ({ ask, road }) => {
    await ask("patient.choice", { upload: "opposed" });
    await ask("document.validate", { document: DOCUMENT });
    return road.seen("dmp.submit").length === 1;
  }),
  "dmp-queue-lost": seen(
    async ({ ask, road }) => {
      await ask("document.validate", { document: DOCUMENT });
      await ask("dmp.pending", { retry: true });
      return road.seen("dmp.submit").length === 0;
    },
    fault("connection", "http-503"),
  ),
  "dmp-queue-told-sent": seen(
    async ({ ask }) => (await ask("document.validate", { document: DOCUMENT })).upload === "sent",
    fault("connection", "http-503"),
  ),
  "dmp-replay-duplicates": seen(
    async ({ ask }) => {
      await ask("document.validate", { document: DOCUMENT });
      await ask("dmp.pending", { retry: true });
      return ((await ask("dmp.search")).documents as unknown[]).length === 2;
    },
    fault("submit", "answer-lost"),
  ),
  "dmp-replay-storm": seen(
    async ({ ask, road }) => {
      await ask("document.validate", { document: DOCUMENT });
      await ask("dmp.pending", { retry: true });
      return road.seen("dmp.submit").length === 5;
    },
    fault("connection", "http-503"),
  ),

  "dmp-search-before-right": seen(async ({ ask, road }) => {
    await ask("dmp.search");
    return road.seen("dmp.exists").length === 0 && road.seen("dmp.search").length === 1;
  }),
  "dmp-consultation-refused-ignored": seen(async ({ ask, road }) => {
    await ask("patient.choice", { consultation: "opposed" });
    await ask("dmp.search");
    return road.seen("dmp.search").length === 1;
  }),
  "dmp-filters-dropped": seen(async ({ ask, texts }) => {
    await ask("dmp.search", { filters: { typeCode: "11488-4" } });
    return !texts("dmp.search")[0]?.includes("11488-4");
  }),
  "dmp-search-every-status": seen(async ({ ask, texts }) => {
    await ask("dmp.search");
    return texts("dmp.search")[0]?.includes("StatusType:Deleted") === true;
  }),
  "dmp-search-no-status": seen(async ({ ask, texts }) => {
    await ask("dmp.search");
    return !texts("dmp.search")[0]?.includes("$XDSDocumentEntryStatus");
  }),
  "dmp-search-other-patient": seen(async ({ ask, texts }) => {
    await ask("dmp.search");
    return of(texts("dmp.search")[0], /PatientId".*?'([0-9AB]+)/s) === "109076322088835";
  }),
  "dmp-retrieve-other-repository": seen(async ({ ask, deposit, texts }) => {
    await ask("dmp.retrieve", { uniqueIds: [await deposit()] });
    return !texts("dmp.retrieve")[0]?.includes("<x:RepositoryUniqueId>1.2.250.1.213.4.1.1.1.2<");
  }),
  "dmp-times-not-local": seen(async ({ ask, deposit, road }) => {
    await deposit();
    const shown = String(first(await ask("dmp.search")).creationTime);
    const utc = of(answerText(road.seen("dmp.search")[0]), /creationTime".*?(\d{14})</s) ?? "";
    return shown.slice(0, 19).replace(/\D/g, "") === utc;
  }),
  "dmp-hidden-not-told": seen(async ({ ask, deposit }) => {
    const uniqueIds = [await deposit({ visibility: ["INVISIBLE_PATIENT"] })];
    return first(await ask("dmp.retrieve", { uniqueIds })).alert === null;
  }),
  "dmp-retrieve-corrupts": seen(async ({ ask, deposit, road }) => {
    const { size } = first(await ask("dmp.retrieve", { uniqueIds: [await deposit()] }));
    const whole = answerText(road.seen("dmp.retrieve")[0]);
    const start = whole.indexOf("\r\n\r\n", whole.lastIndexOf("Content-ID")) + 4;
    return whole.indexOf("\r\n--", start) - start !== size;
  }),
  "dmp-retrieve-cut-kept": seen(
    async ({ ask, deposit }) => (await ask("dmp.retrieve", { uniqueIds: [await deposit()] })).status === "done",
    fault("retrieve", "cut-answer"),
  ),
  "dmp-break-glass-without-reason": purpose(BREAK, (text) => !text.includes("Mode_Acces_Raison")),
  "dmp-break-glass-wrong-code": purpose(BREAK, (text) => codeOfPurpose(text) === "brisDeGlace"),
  "dmp-break-glass-as-normal": purpose(BREAK, (text) => codeOfPurpose(text) === "normal"),
  "dmp-regulation-as-break-glass": purpose({ purpose: "centre_15" }, (text) => codeOfPurpose(text) === "bris_de_glace"),

  "dmp-delete-other-document": seen(async ({ ask, submit }) => {
    const kept = await submit();
    const uniqueId = await submit();
    await ask("dmp.update", { uniqueId, action: "delete" });
    const left = ((await ask("dmp.search")).documents as readonly Answer[]).map((one) => one.uniqueId);
    return left.includes(uniqueId) && !left.includes(kept);
  }),
  "dmp-delete-not-own": seen(async ({ ask, deposit, road }) => {
    await ask("dmp.update", { uniqueId: await deposit(), action: "delete" });
    return road.seen("dmp.update").length === 1;
  }),
  "dmp-archive-deletes": updated("archive", (text) => text.includes("StatusType:Deleted")),
  "dmp-mask-hides-from-patient": updated(
    "mask",
    (text) => text.includes("INVISIBLE_PATIENT") && !text.includes("MASQUE_PS"),
  ),
  "dmp-update-version-missing": updated("mask", (text) => text !== "" && !text.includes("PreviousVersion")),
  "dmp-update-logical-id-missing": updated("mask", (text) => text !== "" && !text.includes(" lid=")),
  "dmp-update-loses-metadata": updated("mask", (text) => text !== "" && !text.includes("AMBULATOIRE")),
  "dmp-update-unconfirmed": seen(async ({ ask, submit, road }) => {
    const uniqueId = await submit({ visibility: { hiddenFromPatient: true } });
    await ask("dmp.update", { uniqueId, action: "show-patient", confirmed: false });
    return road.seen("dmp.update").length === 1;
  }),
};
