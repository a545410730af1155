/** The bytes of a submission: which document belongs to which entry, and whether hash and size say so. */
import { binaryContent } from "../../protocols/mtom.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import type { XdsDocument, XdsSubmission } from "../../protocols/xds.js";
import type { RegistryError } from "./answers.js";
import { sha1 } from "./store.js";

export interface JoinedDocument {
  readonly entry: XdsDocument;
  readonly bytes: Uint8Array;
}

/** Joins each entry to the bytes named by `Document/@id`, through XOP or inline base64. */
export function joinContents(
  envelope: SoapEnvelope,
  submission: XdsSubmission,
): { readonly found: readonly JoinedDocument[]; readonly errors: readonly RegistryError[] } {
  const errors: RegistryError[] = [];
  const found: JoinedDocument[] = [];
  for (const entry of submission.documents) {
    const content = submission.contents.find((c) => c.id !== null && c.id === entry.id);
    const bytes = content ? binaryContent(content.node, envelope.multipart)?.bytes : null;
    if (bytes) found.push({ entry, bytes });
    else errors.push({ code: "XDSMissingDocument", context: `no document for the entry ${entry.id ?? "without id"}` });
  }
  for (const content of submission.contents) {
    if (submission.documents.some((d) => d.id !== null && d.id === content.id)) continue;
    const context = `no entry for the document ${content.id ?? "without id"}`;
    errors.push({ code: "XDSMissingDocumentMetadata", context });
  }
  return { found, errors: [...errors, ...found.flatMap(integrityErrors)] };
}

/** Hash and size are the repository's to compute; when the sender gives them they must be right. */
function integrityErrors({ entry, bytes }: JoinedDocument): RegistryError[] {
  const errors: RegistryError[] = [];
  const wrong = (what: string, given: string, real: string): void => {
    errors.push({
      code: "XDSRepositoryMetadataError",
      context: `${what} of ${entry.id}: ${given} given, ${real} found`,
    });
  };
  const hash = sha1(bytes);
  if (entry.hash !== null && entry.hash.toLowerCase() !== hash) wrong("hash", entry.hash, hash);
  if (entry.size !== null && entry.size !== String(bytes.length)) wrong("size", entry.size, String(bytes.length));
  return errors;
}
