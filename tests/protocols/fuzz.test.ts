import { deflateRawSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { findNumber } from "../../checks/helpers/deep-search.js";
import { CdaError, readCda } from "../../protocols/cda.js";
import { expectedEntry } from "../../protocols/cda-xds.js";
import { CertificateError, readCertificate } from "../../protocols/certificate.js";
import { agrees, instantOf, readHl7Time, toUtc, utcSeconds } from "../../protocols/hl7-time.js";
import { readHttpRequest, readHttpResponse } from "../../protocols/http.js";
import { readInsAnswer, readInsRequest } from "../../protocols/ins.js";
import { audiences, readJwt } from "../../protocols/jwt.js";
import { recogniseFile } from "../../protocols/kind.js";
import { allParts, MailError, partText, readAddresses, readMail, readParameters } from "../../protocols/mime.js";
import { MultipartError, parseContentType, partContent, readMultipart, resolveXop } from "../../protocols/mtom.js";
import { readDetachedSignature } from "../../protocols/dsg.js";
import { readOidcAnswer, readOidcRequest } from "../../protocols/oidc.js";
import { readPdf } from "../../protocols/pdf.js";
import { readVihf } from "../../protocols/saml.js";
import { compileSchematron, runSchematron, SchematronError } from "../../protocols/schematron/index.js";
import { readSmtp, readXoauth2 } from "../../protocols/smtp.js";
import { readSoapEnvelope, SoapError } from "../../protocols/soap.js";
import { readClientHello } from "../../protocols/tls-hello.js";
import { readXdm } from "../../protocols/xdm.js";
import { readRegistryResponse, readSubmitObjects, XdsError } from "../../protocols/xds.js";
import {
  matchesLike,
  parseQueryCode,
  readQueryResponse,
  readQueryValue,
  readRetrieveRequest,
  readRetrieveResponse,
  readStoredQuery,
  readUpdateRequest,
  XdsQueryError,
} from "../../protocols/xds-query.js";
import { compileXsd, XsdError } from "../../protocols/xsd.js";
import { elements, parseXml, pathOf, XmlError } from "../../protocols/xml.js";
import { verifyXmlSignature } from "../../protocols/xmldsig.js";
import { crc32, readZip } from "../../protocols/zip.js";

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

const SCHEMA = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:string"/></xs:schema>`;
const RULES = `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><pattern id="p"><let name="n" value="count(//*)"/><rule context="*"><assert test="$n &gt; 1 and not(@id = '')">few</assert></rule></pattern></schema>`;
const XSD = compileXsd({ read: () => Buffer.from(SCHEMA) }, "a.xsd");
const SCHEMATRON = compileSchematron({ read: () => Buffer.from(RULES), paths: () => ["a.sch"] }, "a.sch");

/** Each reader of foreign bytes with the only errors it may throw. */
const READERS: readonly {
  readonly name: string;
  readonly read: (bytes: Uint8Array) => unknown;
  readonly errors: readonly (new (...args: never[]) => Error)[];
}[] = [
  { name: "xml", read: (b) => parseXml(b), errors: [XmlError] },
  { name: "soap", read: (b) => readSoapEnvelope(b, null), errors: [SoapError] },
  { name: "mtom", read: (b) => readMultipart(b, 'multipart/related; boundary="b"'), errors: [MultipartError] },
  { name: "content type", read: (b) => parseContentType(latin1(b)), errors: [] },
  { name: "ins request", read: (b) => readInsRequest(b, null), errors: [SoapError] },
  { name: "ins answer", read: (b) => readInsAnswer(b, null), errors: [SoapError] },
  { name: "cda", read: (b) => expectedEntry(readCda(b)), errors: [XmlError, CdaError] },
  { name: "xds", read: (b) => readSubmitObjects(b), errors: [XmlError, XdsError] },
  { name: "stored query", read: (b) => readStoredQuery(parseXml(b)), errors: [XmlError, XdsQueryError] },
  { name: "retrieval", read: (b) => readRetrieveRequest(parseXml(b)), errors: [XmlError, XdsQueryError] },
  { name: "update", read: (b) => readUpdateRequest(parseXml(b)), errors: [XmlError, XdsQueryError] },
  {
    name: "registry answers",
    read: (b) => {
      const root = parseXml(b);
      return [readRetrieveResponse(root), readQueryResponse(root), readRegistryResponse(root)];
    },
    errors: [XmlError],
  },
  {
    name: "query values",
    read: (b) => [readQueryValue(latin1(b)), parseQueryCode(latin1(b)), matchesLike(latin1(b), latin1(b).slice(0, 40))],
    errors: [],
  },
  { name: "detached signature", read: (b) => readDetachedSignature(b), errors: [] },
  {
    name: "schema",
    read: (b) => compileXsd({ read: () => b }, "a.xsd").dispose(),
    errors: [XsdError],
  },
  { name: "schema, on a document", read: (b) => XSD.validate(b, parseXml(b)), errors: [XmlError] },
  {
    name: "schematron",
    read: (b) => runSchematron(compileSchematron({ read: () => b, paths: () => ["a.sch"] }, "a.sch"), b),
    errors: [SchematronError, XmlError],
  },
  { name: "schematron, on a document", read: (b) => runSchematron(SCHEMATRON, b), errors: [XmlError] },
  {
    name: "mtom contents",
    read: (b) => {
      const multipart = readMultipart(b, 'multipart/related; boundary="b"');
      return multipart.parts.map((one) => [partContent(one), resolveXop(multipart, `cid:${latin1(one.body)}`)]);
    },
    errors: [MultipartError],
  },
  {
    name: "soap with a charset",
    read: (b) => readSoapEnvelope(b, `text/xml; charset=${latin1(b)}`),
    errors: [SoapError],
  },
  { name: "vihf", read: (b) => readVihf(b), errors: [XmlError] },
  { name: "signature", read: (b) => verifyXmlSignature(b), errors: [] },
  { name: "mail", read: (b) => allParts(readMail(b)).map(partText), errors: [MailError] },
  { name: "addresses", read: (b) => readAddresses(latin1(b)), errors: [] },
  { name: "smtp", read: (b) => readSmtp(b, Buffer.from("220 a\r\n250 b\r\n250 c\r\n354 d\r\n250 e\r\n")), errors: [] },
  { name: "smtp answers", read: (b) => readSmtp(Buffer.from("EHLO a\r\nDATA\r\n.\r\n"), b), errors: [] },
  { name: "xoauth2", read: (b) => readXoauth2(latin1(b)), errors: [] },
  { name: "zip", read: (b) => readZip(b), errors: [] },
  { name: "xdm", read: (b) => readXdm(b), errors: [] },
  { name: "jwt", read: (b) => audiences(readJwt(latin1(b)) ?? { header: {}, claims: {}, signed: false }), errors: [] },
  { name: "oidc request", read: (b) => readOidcRequest(b), errors: [] },
  { name: "oidc answer", read: (b) => readOidcAnswer(b), errors: [] },
  { name: "http request", read: (b) => readHttpRequest(b), errors: [] },
  { name: "http response", read: (b) => readHttpResponse(b), errors: [] },
  { name: "client hello", read: (b) => readClientHello(b), errors: [] },
  { name: "certificate", read: (b) => readCertificate(b), errors: [CertificateError] },
  { name: "kind", read: (b) => recogniseFile(b, "x"), errors: [] },
  { name: "pdf", read: (b) => readPdf(b), errors: [] },
  { name: "deep search", read: (b) => findNumber(b, "1800675123456"), errors: [] },
  {
    name: "times",
    read: (b) => {
      const text = latin1(b);
      return [readHl7Time(text), toUtc(text), utcSeconds(text), instantOf(text), agrees(text, text)];
    },
    errors: [],
  },
];

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const SOAP = "http://www.w3.org/2003/05/soap-envelope";
const packed = deflateRawSync(Buffer.from("content"));
/** Grammatical beginnings, so that mutations get past the first test of each reader. */
const SEEDS: readonly Buffer[] = [
  `<s:Envelope xmlns:s="${SOAP}"><s:Header/><s:Body><RECSANSVITALE xmlns="http://www.cnamts.fr/INSiRecSans"><Prenom>A</Prenom></RECSANSVITALE></s:Body></s:Envelope>`,
  `<s:Envelope xmlns:s="${SOAP}"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code></s:Fault></s:Body></s:Envelope>`,
  `<ClinicalDocument xmlns="urn:hl7-org:v3"><templateId root="constructor"/><id root="1.2" extension="3"/><recordTarget><patientRole><id root="1.2.250.1.213.1.4.10" extension="1"/></patientRole></recordTarget><component><nonXMLBody><text mediaType="text/plain" representation="B64">YQ==</text></nonXMLBody></component></ClinicalDocument>`,
  `<l xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><RegistryObjectList><ExtrinsicObject id="__proto__"><Slot name="URI"><ValueList><Value>1|a</Value><Value>2|b</Value></ValueList></Slot></ExtrinsicObject></RegistryObjectList></l>`,
  `<a ID="_a"><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI="#_a"><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>AA==</DigestValue></Reference></SignedInfo><SignatureValue>AA==</SignatureValue></Signature></a>`,
  `--b\r\nContent-ID: <a>\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--b\r\nContent-ID: <a>\r\n\r\nb\r\n--b--\r\n`,
  `From: "a\\"" <a@b>\r\nSubject: =?utf-8?Q?=C3?= =?utf-8?B?qQ==?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b; __proto__*0*=utf-8''x\r\n\r\n--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3D \t\r\n=\r\n--b--\r\n`,
  `MAIL FROM:<a@b> SIZE=1\r\nRCPT TO:<c@d>\r\nDATA\r\n..a\r\n.\r\nAUTH XOAUTH2 dXNlcj1h\r\n`,
  `POST /token?a=b HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na=b&c\r\n0\r\n\r\n`,
  `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"__proto__":1}`,
  `${part({ alg: "none", __proto__: null })}.${part({ aud: ["a", 1] })}.`,
  `%PDF-1.7\n1 0 obj\nstream\n(a\\(b)\nendstream\nxref\ntrailer <</Encrypt 1 0 R>>\nstartxref\n20\n%%EOF`,
  "20261121193000.123+0100",
  SCHEMA,
  RULES,
  `<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><q:ResponseOption returnType="LeafClass"/><AdhocQuery id="urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"><Slot name="$XDSDocumentEntryPatientId"><ValueList><Value>('a''b',1)</Value></ValueList></Slot></AdhocQuery></q:AdhocQueryRequest>`,
  `<RetrieveDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007"><DocumentRequest><RepositoryUniqueId>1</RepositoryUniqueId><DocumentUniqueId>2</DocumentUniqueId></DocumentRequest></RetrieveDocumentSetRequest>`,
  `<l:SubmitObjectsRequest xmlns:l="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><RegistryObjectList><Association id="a" associationType="urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus" sourceObject="s" targetObject="t"><Slot name="NewStatus"><ValueList><Value>x</Value></ValueList></Slot></Association></RegistryObjectList></l:SubmitObjectsRequest>`,
  `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI="#m"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>AA==</DigestValue></Reference></SignedInfo><SignatureValue>AA==</SignatureValue><Object><Manifest Id="m"><Reference URI="urn:oid:1.2"><DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/><DigestValue>AA==</DigestValue></Reference></Manifest></Object></Signature>`,
]
  .map((text): Buffer => Buffer.from(text, "latin1"))
  .concat(
    archive([{ name: "IHE_XDM/SUBSET01/METADATA.XML", packed, size: 7, crc: crc32(Buffer.from("content")) }]),
    Buffer.from("160301001b0100001703030000000000000000000000000000000000000000", "hex"),
  );

const TOKENS = [
  "\0",
  "\r\n\r\n",
  "\ud800",
  "\u202e",
  "__proto__",
  "constructor",
  "99999999999999999999",
  "-1",
  "NaN",
  "&#0;",
  "]]>",
  "<!--",
  "<?xml version='1.0' encoding='utf-7'?>",
  "<!DOCTYPE a [<!ENTITY b 'c'>]>",
  "=?x?Q?=?=",
  "%",
  "((((",
  '"""',
  "\\\\\\",
  "--b",
  ";;;===***",
].map((text) => Buffer.from(text));

/** A seed with a few cuts, flips, doublings and hostile insertions. */
const hostile = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.tuple(fc.nat(4), fc.nat(), fc.nat(), fc.constantFrom(...TOKENS)), { minLength: 1, maxLength: 6 }),
  )
  .map(([seed, edits]) => {
    let bytes: Buffer = Buffer.from(seed);
    for (const [kind, a, b, token] of edits) {
      const at = bytes.length === 0 ? 0 : a % bytes.length;
      const to = Math.min(bytes.length, at + (b % 40));
      if (kind === 0) bytes = bytes.subarray(0, at);
      else if (kind === 1)
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([b & 0xff]), bytes.subarray(at + 1)]);
      else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
      else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
      else bytes = Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(at)]);
    }
    return new Uint8Array(bytes);
  });

interface Lying {
  readonly name: string;
  readonly packed: Buffer;
  readonly size: number;
  readonly crc: number;
}

/** An archive of which every entry points at the one content. */
function archive(entries: readonly Lying[]): Buffer {
  const first = entries[0];
  if (!first) throw new Error("no entry");
  const name = Buffer.from(first.name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const start = Buffer.concat([local, name, first.packed]);
  const centrals = entries.map((entry) => {
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(entry.crc, 16);
    central.writeUInt32LE(entry.packed.length, 20);
    central.writeUInt32LE(entry.size, 24);
    central.writeUInt16LE(entry.name.length, 28);
    return Buffer.concat([central, Buffer.from(entry.name)]);
  });
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(start.length, 16);
  return Buffer.concat([start, directory, end]);
}

function codeOf(read: () => unknown): string {
  try {
    read();
    return "read";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe("readers under hostile bytes", () => {
  for (const { name, read, errors } of READERS) {
    it(`${name}: its own errors and no other`, () => {
      const fine = (bytes: Uint8Array): void => {
        try {
          read(bytes);
        } catch (error) {
          if (!errors.some((type) => error instanceof type)) throw error;
        }
      };
      for (const seed of SEEDS) fine(seed);
      fc.assert(fc.property(hostile, fine), { seed: 20261121, numRuns: 120 });
      fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fine), { seed: 7, numRuns: 60 });
    });
  }

  describe("time grows with the bytes, not with their square", () => {
    const size = 200_000;
    const spaces = " ".repeat(size);
    const cases: readonly (readonly [string, () => unknown])[] = [
      ["a parameter with spaces inside", () => readParameters(`a/b; x=y${spaces}z`)],
      [
        "spaces before no line end in quoted-printable",
        () => readMail(Buffer.from(`Content-Transfer-Encoding: quoted-printable\r\n\r\n${spaces}z`)),
      ],
      ["escaped quotes in a name that never close", () => readAddresses(`"${'\\"'.repeat(size)}`)],
      [
        "spaces in an SMTP path",
        () =>
          readSmtp(
            Buffer.from(`MAIL FROM:<a>${spaces.slice(0, 60_000)}\rx\r\n`.repeat(20)),
            Buffer.from("220 a\r\n250 b\r\n"),
          ),
      ],
      [
        "escaped brackets in a PDF text",
        () => findNumber(Buffer.from(`%PDF-\nstream\n${"(\\".repeat(size)}\nendstream`), "1234567890123"),
      ],
      [
        "streams of a PDF that share their end",
        () => findNumber(Buffer.from(`%PDF-\n${"stream\n".repeat(size / 7)}endstream`), "1234567890123"),
      ],
      ["the longest base64 run", () => findNumber(Buffer.alloc(8_000_000, "A"), "1234567890123")],
      [
        "commas in Transfer-Encoding",
        () => readHttpRequest(Buffer.from(`GET / HTTP/1.1\r\nTransfer-Encoding: ${`,${spaces}`}x\r\n\r\n`)),
      ],
      [
        "brackets in a Content-ID",
        () =>
          readMultipart(
            Buffer.from(`--b\r\nContent-ID: <${">".repeat(16_000)}x\r\n\r\n--b--`),
            "multipart/related; boundary=b",
          ),
      ],
      ["quotes in a Content-Type", () => parseContentType(`a/b;x="${"\\a".repeat(size)}`)],
      ["comments before a root that never comes", () => recogniseFile(Buffer.from("<!---->".repeat(size / 7)), "x")],
    ];
    for (const [name, run] of cases) {
      // Work that grows with the square would take minutes; what a busy machine adds is not told here.
      it(name, run);
    }
  });

  it("does not multiply namespace declarations in scope", () => {
    const many = Array.from({ length: 1100 }, (_, i) => `xmlns:p${i}="urn:${i}"`).join(" ");
    const xml = `<a ${many}>${'<b xmlns:q="urn:q"/>'.repeat(1100)}</a>`;
    expect(codeOf(() => parseXml(xml))).to.equal("too_large");
    expect(codeOf(() => parseXml(`<a ${many}>${"<b/>".repeat(1100)}</a>`))).to.equal("read");
  });

  it("names the place of each of many siblings in one pass", () => {
    const root = parseXml(`<a>${"<b/><c/>".repeat(30_000)}<d/></a>`);
    const began = performance.now();
    const places = elements(root).map(pathOf);
    expect(performance.now() - began).to.be.lessThan(1500);
    expect([places[0], places[59_999], places[60_000]]).to.deep.equal(["/a/b[1]", "/a/c[30000]", "/a/d"]);
  });

  it("counts elements and attributes, which cost more than their bytes", () => {
    expect(codeOf(() => parseXml(`<a>${"<b/>".repeat(100)}</a>`, { maxNodes: 100 }))).to.equal("too_large");
    const attributes = Array.from({ length: 100 }, (_, i) => `c${i}=""`).join(" ");
    expect(codeOf(() => parseXml(`<a ${attributes}/>`, { maxNodes: 100 }))).to.equal("too_large");
    expect(codeOf(() => parseXml(`<a>${"<b/>".repeat(99)}</a>`, { maxNodes: 100 }))).to.equal("read");
  });

  it("counts parts before it keeps them, and bounds header fields", () => {
    const head = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    expect(codeOf(() => readMail(Buffer.from(head + "--b\r\n".repeat(100_000))))).to.equal("too_many_parts");
    let nested = "";
    for (let i = 0; i < 1000; i += 1) nested += `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`;
    expect(codeOf(() => readMail(Buffer.from(nested)))).to.equal("too_deep");
    expect(codeOf(() => readMail(Buffer.from(`A: ${"b".repeat(2_000_000)}\r\n\r\n`)))).to.equal("too_many_headers");
  });

  it("keeps parameters that are called as members of every object", () => {
    const { parameters } = readParameters('a/b; constructor=c; __proto__="d"; toString*0=e; toString*1=f');
    expect(Object.entries(parameters)).to.deep.equal([
      ["constructor", "c"],
      ["__proto__", "d"],
      ["tostring", "ef"],
    ]);
  });

  it("reads quoted-printable as RFC 2045 has it", () => {
    const body = (text: string): string =>
      latin1(readMail(Buffer.from(`Content-Transfer-Encoding: quoted-printable\r\n\r\n${text}`)).body);
    expect(body("a=3Db \t\r\nc  d\t\n=  \r\ne=\r\nf =20 ")).to.equal("a=b\r\nc  d\nef  ");
    expect(body("=zz=4")).to.equal("=zz=4");
    expect(readMail(Buffer.from("Content-Transfer-Encoding: quoted-printable\r\n\r\n=zz")).problems).to.include(
      "quoted_printable_garbage",
    );
  });

  it("counts what it inflates in vain: many entries over one bomb do not add up", () => {
    const bomb = deflateRawSync(Buffer.alloc(40 * 1024 * 1024), { level: 9 });
    const entries = Array.from({ length: 1500 }, (_, i) => ({ name: `f${i}`, packed: bomb, size: 1, crc: 0 }));
    const began = performance.now();
    expect(readZip(archive(entries), { maxTotalBytes: 32 * 1024 * 1024 })).to.deep.equal({
      ok: false,
      reason: "too_large",
    });
    expect(performance.now() - began).to.be.lessThan(1500);
  });

  it("takes no algorithm, template or transform for known because every object has a member of that name", () => {
    const seed = latin1(SEEDS[4] ?? Buffer.alloc(0));
    const with_ = (from: string, to: string): string | null =>
      verifyXmlSignature(Buffer.from(seed.replace(from, to))).reason;
    for (const name of ["constructor", "toString", "__proto__"]) {
      expect(with_("http://www.w3.org/2001/04/xmlenc#sha256", name)).to.equal("algorithm");
      expect(with_("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", name)).to.equal("algorithm");
      expect(with_("http://www.w3.org/2001/10/xml-exc-c14n#", name)).to.equal("algorithm");
      const cda = `<ClinicalDocument xmlns="urn:hl7-org:v3"><templateId root="${name}"/></ClinicalDocument>`;
      expect(expectedEntry(readCda(Buffer.from(cda))).formatCode).to.equal(null);
    }
  });

  it("gives no entity to the signature verifier", () => {
    const lol = `<!DOCTYPE a [<!ENTITY a "${"x".repeat(1000)}"><!ENTITY b "${"&a;".repeat(1000)}">]><a ID="_a" b="&b;"/>`;
    expect(verifyXmlSignature(Buffer.from(lol)).reason).to.equal("dtd");
    expect(verifyXmlSignature(Buffer.from(`\ufeff${lol}`, "utf16le")).reason).to.equal("dtd");
  });

  it("finds a number that chunks, UTF-16, references, folded or gzipped bodies hide", () => {
    const number = "1800675123456";
    const post = (headers: string, body: Buffer | string): Buffer =>
      Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${headers}\r\n\r\n`), Buffer.from(body)]);
    expect(
      findNumber(post("Transfer-Encoding: chunked", "6\r\n180067\r\n7\r\n5123456\r\n0\r\n\r\n"), number),
    ).not.to.equal(null);
    expect(findNumber(Buffer.from(`\ufeff<a>${number}</a>`, "utf16le"), number)).to.deep.equal(["utf-16"]);
    expect(findNumber(Buffer.from("1&#56;00&#x36;75123456"), number)).not.to.equal(null);
    const base64 = Buffer.from(`${"x".repeat(50)}${number}${"y".repeat(60)}`).toString("base64");
    const lines = (width: number): string => base64.replace(new RegExp(`.{${width}}`, "g"), "$&\n      ");
    for (const width of [76, 77, 78, 79])
      expect(findNumber(Buffer.from(lines(width)), number)).to.deep.equal(["base64"]);
  });
});
