import { defineBroken, type Mutation, type RecordingEditor } from "../../../core/model/index.js";
import {
  addSignature,
  type ManifestLine,
  manifestOf,
  type SignatureOptions,
  signatureXml,
} from "../helpers/signed-upload.js";

/** Signs the upload of the ordinary scenario, with a manifest or an entry that differs. */
function signed(
  lines: (honest: ManifestLine[]) => ManifestLine[],
  options: SignatureOptions = {},
  entry?: (xml: string) => string,
): (r: RecordingEditor) => void {
  return (r) => {
    const manifest = lines(manifestOf(r.exchange("dmp.submit", "dmp-submit")));
    addSignature(r, signatureXml(manifest, r.key("sign"), options), entry);
  };
}
const honest = (lines: ManifestLine[]): ManifestLine[] => lines;
const OTHER = `${"A".repeat(43)}=`;

const entryCases: readonly Mutation[] = [
  ["not masked", /<r:Classification [^>]*nodeRepresentation="MASQUE_PS"[\s\S]*?<\/r:Classification>/],
  ["no purpose among the events", /<r:Classification [^>]*2c6b8cb7[\s\S]*?<\/r:Classification>/],
].map(([id, from]) => ({
  id: `entry: ${String(id)}`,
  message: "entry",
  edit: signed(honest, {}, (xml) => xml.replace(from as RegExp, "")),
}));

export default defineBroken({
  check: "dmp/submission-signature",
  mutations: [
    { id: "a text instead of a signature", message: "unreadable", edit: (r) => addSignature(r, "signed") },
    { id: "another XML document", message: "unreadable", edit: (r) => addSignature(r, "<Manifest/>") },
    {
      id: "manifest changed after signing",
      message: "invalid",
      edit: signed(honest, { afterwards: (xml) => xml.replace("<ds:DigestValue>AA==", "<ds:DigestValue>AQ==") }),
    },
    {
      id: "value of another signature",
      message: "invalid",
      edit: signed(honest, { afterwards: (xml) => xml.replace(/SignatureValue>.{8}/, "SignatureValue>AAAAAAAA") }),
    },
    {
      id: "two manifests of one id",
      message: "invalid",
      edit: signed(honest, {
        afterwards: (xml) =>
          xml.replace("<ds:Object>", '<ds:Object><ds:Manifest Id="IHEManifest"></ds:Manifest></ds:Object><ds:Object>'),
      }),
    },
    { id: "signature of its own properties", message: "no_manifest", edit: signed(honest, { covers: "properties" }) },
    { id: "empty manifest", message: "no_manifest", edit: signed(() => []) },
    { id: "manifest without the set", message: "set_not_covered", edit: signed((lines) => lines.slice(1)) },
    { id: "manifest without the document", message: "not_covered", edit: signed((lines) => lines.slice(0, 1)) },
    {
      id: "digest of another document",
      message: "document_digest",
      edit: signed((lines) => lines.map((line, index) => (index === 0 ? line : { ...line, digest: OTHER }))),
    },
    {
      id: "algorithm outside the list",
      message: "not_judged",
      edit: signed(honest, { digestMethod: "http://www.w3.org/2007/05/xmldsig-more#sha3-256" }),
    },
    {
      id: "a digest for the set",
      message: "set_digest",
      edit: signed((lines) => lines.map((line, index) => (index === 0 ? { ...line, digest: OTHER } : line))),
    },
    {
      id: "a document of another message",
      message: "stray",
      edit: signed((lines) => [...lines, { uri: "urn:oid:1.2.250.1.999.1.2", digest: OTHER }]),
    },
    { id: "purpose of another kind", message: "purpose", edit: signed(honest, { purpose: "1.2.840.10065.1.12.1.5" }) },
    ...entryCases,
    {
      id: "signature that is not linked to the set",
      message: "not_linked",
      edit: signed(honest, {}, (xml) => xml.replace("AssociationType:signs", "AssociationType:APND")),
    },
    {
      id: "signed by the TLS certificate",
      message: "signer",
      edit: (r) => addSignature(r, signatureXml(manifestOf(r.exchange("dmp.submit", "dmp-submit")), r.key("auth"))),
    },
    {
      id: "digests made with SHA-1",
      message: "sha1",
      // The digests no longer match either: the algorithm is what is of interest here.
      also: ["document_digest"],
      edit: signed(honest, { digestMethod: "http://www.w3.org/2000/09/xmldsig#sha1" }),
    },
  ],
  defects: [
    { defect: "dmp-signature-digest", message: "document_digest", scenarios: ["dmp-submit-several"] },
    { defect: "dmp-signature-one-only", message: "not_covered", scenarios: ["dmp-submit-several"] },
    { defect: "dmp-signature-invalid", message: "invalid", scenarios: ["dmp-submit-several"] },
    { defect: "dmp-signature-purpose-missing", message: "purpose", scenarios: ["dmp-submit-several"] },
    { defect: "dmp-signature-visible", message: "entry", scenarios: ["dmp-submit-several"] },
    { defect: "dmp-signature-not-associated", message: "not_linked", scenarios: ["dmp-submit-several"] },
  ],
});
