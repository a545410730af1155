/**
 * Messages as other stacks lay them out, each written here from what is publicly known of the stack: whatever the layout,
 * the same submission and the same bytes must come out.
 */
import { expect } from "chai";
import { binaryContent } from "../../protocols/mtom.js";
import { readSoapEnvelope, SoapError } from "../../protocols/soap.js";
import { readSubmitObjects, XDS_UUID } from "../../protocols/xds.js";

const SOAP12 = "http://www.w3.org/2003/05/soap-envelope";
const SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/";
const XOP = "http://www.w3.org/2004/08/xop/include";

/** A text of several lines and one of every byte: the first has nothing to escape, the second everything. */
const TEXT = Buffer.from(
  "<ClinicalDocument>\r\n  <title>Compte rendu numéro 1 = été</title>\r\n</ClinicalDocument>\r\n",
);
const BYTES = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, i) => i)), Buffer.from("\r\n--\r\n")]);
const DOCUMENTS = [
  { id: "Document01", uniqueId: "1.2.3.1", mimeType: "text/xml", title: "Été", bytes: TEXT },
  { id: "Document02", uniqueId: "1.2.3.2", mimeType: "application/octet-stream", title: "Octets", bytes: BYTES },
] as const;

/** An ITI-41 request; `inner` gives what stands in each xdsb:Document. */
function envelope(inner: readonly string[], soap = SOAP12): string {
  const entries = DOCUMENTS.map(
    ({ id, uniqueId, mimeType, title }) =>
      `<r:ExtrinsicObject id="${id}" mimeType="${mimeType}" objectType="${XDS_UUID.stableDocument}"><r:Name><r:LocalizedString value="${title}"/></r:Name><r:ExternalIdentifier identificationScheme="${XDS_UUID.uniqueId}" value="${uniqueId}"/></r:ExtrinsicObject>`,
  );
  const set = `<r:RegistryPackage id="Set"><r:ExternalIdentifier identificationScheme="${XDS_UUID.setUniqueId}" value="1.2.3"/><r:Classification classifiedObject="Set" classificationNode="${XDS_UUID.submissionSet}"/></r:RegistryPackage>`;
  const documents = DOCUMENTS.map(({ id }, i) => `<d:Document id="${id}">${inner[i] ?? ""}</d:Document>`);
  return `<e:Envelope xmlns:e="${soap}"><e:Header/><e:Body><d:ProvideAndRegisterDocumentSetRequest xmlns:d="urn:ihe:iti:xds-b:2007"><l:SubmitObjectsRequest xmlns:l="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"><r:RegistryObjectList xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">${entries.join("")}${set}</r:RegistryObjectList></l:SubmitObjectsRequest>${documents.join("")}</d:ProvideAndRegisterDocumentSetRequest></e:Body></e:Envelope>`;
}

const include = (href: string): string => `<xop:Include xmlns:xop="${XOP}" href="${href}"/>`;

interface Piece {
  readonly head: readonly string[];
  readonly body: Uint8Array | string;
}

interface Layout {
  readonly eol?: string;
  readonly before?: string;
  readonly end?: string;
}

function packageOf(boundary: string, pieces: readonly Piece[], layout: Layout = {}): Buffer {
  const { eol = "\r\n", before = "", end = eol } = layout;
  const parts = pieces.map(({ head, body }) =>
    Buffer.concat([
      Buffer.from(`--${boundary}${eol}${head.map((line) => line + eol).join("")}${eol}`),
      Buffer.from(body),
      Buffer.from(eol),
    ]),
  );
  return Buffer.concat([Buffer.from(before), ...parts, Buffer.from(`--${boundary}--${end}`)]);
}

/** What the reader makes of a message: all that must not depend on the layout. */
function read(contentType: string, message: Uint8Array): object {
  const soap = readSoapEnvelope(message, contentType);
  const { submissionSet, documents, contents } = readSubmitObjects(soap.body);
  return {
    version: soap.version,
    set: submissionSet?.uniqueId,
    documents: documents.map(({ id, uniqueId, mimeType, title }) => {
      const content = contents.find((one) => one.id === id);
      const held = content && binaryContent(content.node, soap.multipart);
      return { id, uniqueId, mimeType, title, bytes: held ? Buffer.from(held.bytes).toString("hex") : null };
    }),
  };
}

const expected = (version: "1.1" | "1.2" = "1.2"): object => ({
  version,
  set: "1.2.3",
  documents: DOCUMENTS.map(({ id, uniqueId, mimeType, title, bytes }) => ({
    id,
    uniqueId,
    mimeType,
    title,
    bytes: bytes.toString("hex"),
  })),
});

function refusal(contentType: string, message: Uint8Array): string {
  try {
    read(contentType, message);
    return "read";
  } catch (error) {
    return error instanceof SoapError ? `${error.code}/${error.detail}` : String(error);
  }
}

describe("foreign messages", () => {
  describe("stacks", () => {
    // Boundary and ids: `MIMEBoundaryurn_uuid_`, `<N.urn:uuid:…@apache.org>` in the tests of Spring Web Services for Axiom;
    // unquoted boundary, `start` without brackets and `action` in a test of the NIST toolkit (ServletTest.groovy).
    it("Axis2 with Axiom, as the NIST toolkit sends it", () => {
      const boundary = "MIMEBoundaryurn_uuid_0A1B2C3D4E5F60718293A4B5C6D7E8";
      const id = (n: number): string => `${n}.urn:uuid:0A1B2C3D4E5F60718293A4B5C6D7E${n}@apache.org`;
      const head = (type: string, n: number): string[] => [
        `Content-Type: ${type}`,
        "Content-Transfer-Encoding: binary",
        `Content-ID: <${id(n)}>`,
      ];
      const message = packageOf(boundary, [
        {
          head: head('application/xop+xml; charset=UTF-8; type="application/soap+xml"', 0),
          body: envelope([include(`cid:${id(1)}`), include(`cid:${id(2)}`)]),
        },
        { head: head("text/xml", 1), body: TEXT },
        { head: head("application/octet-stream", 2), body: BYTES },
      ]);
      const type = `multipart/related; boundary=${boundary}; type="application/xop+xml"; start="${id(0)}"; start-info="application/soap+xml"; action="urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"`;
      expect(read(type, message)).to.deep.equal(expected());
    });

    // CXF-2669: the identifier ends in a namespace URI, plain in the header and encoded in the reference. Header order and
    // `root.message@cxf.apache.org` as in answers quoted in scandihealth/lpr3-docs issue 271; a line end comes first.
    it("CXF", () => {
      const boundary = "uuid:d695bb93-11a6-46ca-93c6-000000000001";
      const head = (type: string, id: string): string[] => [
        `Content-Type: ${type}`,
        "Content-Transfer-Encoding: binary",
        `Content-ID: <${id}>`,
      ];
      const message = packageOf(
        boundary,
        [
          {
            head: head(
              'application/xop+xml; charset=UTF-8; type="application/soap+xml"',
              "root.message@cxf.apache.org",
            ),
            body: envelope([
              include("cid:0001-1@http%3A%2F%2Fcxf.apache.org%2F"),
              include("cid:0001-2@urn%3Aihe%3Aiti%3Axds-b%3A2007"),
            ]),
          },
          { head: head("text/xml", "0001-1@http://cxf.apache.org/"), body: TEXT },
          // Since 3.5.3 the header may be encoded too (apache/cxf pull request 1028).
          { head: head("application/octet-stream", "0001-2@urn%3Aihe%3Aiti%3Axds-b%3A2007"), body: BYTES },
        ],
        { before: "\r\n", end: "" },
      );
      const type = `multipart/related; type="application/xop+xml"; boundary="${boundary}"; start="<root.message@cxf.apache.org>"; start-info="application/soap+xml; action=\\"urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b\\""`;
      expect(read(type, message)).to.deep.equal(expected());
    });

    // `http://tempuri.org/0` and 8bit: Microsoft's description of the web services protocols of WCF (R4144), and its captured
    // headers `boundary="uuid:…+id=5"`.
    it("WCF", () => {
      const boundary = "uuid:898b3ded-c057-48c5-9f07-000000000001+id=5";
      const id = (n: number): string =>
        n === 0 ? "http://tempuri.org/0" : `http://tempuri.org/${n}/63870000000000000${n}`;
      const message = packageOf(boundary, [
        {
          head: [
            `Content-ID: <${id(0)}>`,
            "Content-Transfer-Encoding: 8bit",
            'Content-Type: application/xop+xml;charset=utf-8;type="application/soap+xml"',
          ],
          body: envelope([1, 2].map((n) => include(`cid:${encodeURIComponent(id(n))}`))),
        },
        ...[TEXT, BYTES].map((body, i) => ({
          head: [
            `Content-ID: <${id(i + 1)}>`,
            "Content-Transfer-Encoding: binary",
            "Content-Type: application/octet-stream",
          ],
          body,
        })),
      ]);
      const type = `multipart/related; type="application/xop+xml";start="<${id(0)}>";boundary="${boundary}";start-info="application/soap+xml"`;
      expect(read(type, message)).to.deep.equal(expected());
    });

    // `rootpart*…@example.jaxws.sun.com`, `Content-Id`, SOAP 1.1 in XOP: a capture quoted at coderanch.com, topic 637546.
    it("Metro with SOAP 1.1", () => {
      const unique = "b0ef6adc-44fa-47ba-a7a7-000000000001";
      const message = packageOf(`uuid:${unique}`, [
        {
          head: [
            `Content-Id: <rootpart*${unique}@example.jaxws.sun.com>`,
            'Content-Type: application/xop+xml;charset=utf-8;type="text/xml"',
            "Content-Transfer-Encoding: binary",
          ],
          body: `<?xml version='1.0' encoding='UTF-8'?>${envelope(
            ["1", "2"].map((n) => include(`cid:${n}@example.jaxws.sun.com`)),
            SOAP11,
          )}`,
        },
        ...[TEXT, BYTES].map((body, i) => ({
          head: [
            `Content-Id: <${i + 1}@example.jaxws.sun.com>`,
            "Content-Type: application/octet-stream",
            "Content-Transfer-Encoding: binary",
          ],
          body,
        })),
      ]);
      const type = `multipart/related; start="<rootpart*${unique}@example.jaxws.sun.com>"; type="application/xop+xml"; boundary="uuid:${unique}"; start-info="text/xml"`;
      expect(read(type, message)).to.deep.equal(expected("1.1"));
    });

    // `--==…==`, `<SOAP-ENV:Envelope>` and a charset in start-info: gSOAP 2.7 requests in public print and imaging clients.
    it("gSOAP", () => {
      const boundary = "==/M14b4Q+AaLKDhTt1KMYtzg3B01HEVADh279uL7umG4pn==";
      const head = (type: string, id: string): string[] => [
        `Content-Type: ${type}`,
        "Content-Transfer-Encoding: binary",
        `Content-ID: <${id}>`,
      ];
      const message = packageOf(boundary, [
        {
          head: head("application/xop+xml; charset=utf-8; type=application/soap+xml", "SOAP-ENV:Envelope"),
          body: `<?xml version="1.0" encoding="UTF-8"?>\n${envelope([include("cid:id1"), include("cid:id2")])}`,
        },
        { head: head("text/xml", "id1"), body: TEXT },
        { head: head("application/octet-stream", "id2"), body: BYTES },
      ]);
      const type = `multipart/related; boundary="${boundary}"; type="application/xop+xml"; start="<SOAP-ENV:Envelope>"; start-info="application/soap+xml; charset=utf-8"`;
      expect(read(type, message)).to.deep.equal(expected());
    });

    // No `start`, capitals, start-info first: the request quoted in gematik/api-ePA issue 3.
    it("a .NET client written by hand", () => {
      const boundary = "_MIME_MTOM_Boundary_";
      const message = packageOf(boundary, [
        { head: ["Content-Type: application/xop+xml"], body: envelope([include("cid:a"), include("cid:b")]) },
        { head: ["CONTENT-ID: <a>"], body: TEXT },
        { head: ["content-id: <b>"], body: BYTES },
      ]);
      const type = `Multipart/Related; start-info="text/xml"; type="application/xop+xml"; boundary=${boundary}; action="urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"`;
      expect(read(type, message)).to.deep.equal(expected());
    });

    // `----=_Part_0_…`, folding and SOAP 1.1: JavaMail under SAAJ, as its captured Content-Types in public test suites; the parts
    // are named by `href` or by a `cid:` text (WS-I Attachments Profile 1.0 §4.4), never by XOP.
    it("SAAJ: SOAP with Attachments is read, but its references are not those of ITI-41", () => {
      const boundary = "----=_Part_0_6330713.1171639717331";
      const message = packageOf(boundary, [
        {
          head: ["Content-Type: text/xml; charset=UTF-8", "Content-Transfer-Encoding: 8bit", "Content-ID: <R>"],
          body: envelope(["cid:one", "cid:two"], SOAP11),
        },
        { head: ["Content-Type: text/xml", "Content-ID: <one>"], body: TEXT },
        { head: ["Content-Type: application/octet-stream;\r\n\tname=two", "Content-ID:\r\n <two>"], body: BYTES },
      ]);
      const type = `multipart/related; type="text/xml"; start="<R>"; \tboundary="${boundary}"`;
      const { documents } = read(type, message) as { documents: { bytes: string | null }[] };
      // Not the four bytes that `cid:one` would give when taken for base64.
      expect(documents.map((document) => document.bytes)).to.deep.equal([null, null]);
      const { multipart } = readSoapEnvelope(message, type);
      expect(multipart?.parts.map((part) => part.contentId)).to.deep.equal(["R", "one", "two"]);
      expect(multipart?.parts[2]?.contentType?.parameters.name).to.equal("two");
    });

    it("inline base64, alone or as the only part of a package", () => {
      const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/.{76}/g, "$&\r\n");
      const xml = envelope([`\n${base64(TEXT)}\n`, base64(BYTES)]);
      expect(read('application/soap+xml; charset="utf-8"', Buffer.from(xml))).to.deep.equal(expected());
      const type = 'multipart/related; type="application/xop+xml"; boundary=b';
      expect(read(type, packageOf("b", [{ head: [], body: xml }]))).to.deep.equal(expected());
    });
  });

  describe("layouts any stack may use (RFC 2045, 2046, 2387, 2392)", () => {
    const ROOT: Piece = {
      head: ["Content-Type: application/xop+xml", "Content-ID: <root>"],
      body: envelope([include("cid:one"), include("cid:two")]),
    };
    const ONE: Piece = { head: ["Content-ID: <one>"], body: TEXT };
    const TWO: Piece = { head: ["Content-ID: <two>"], body: BYTES };
    const type = (rest: string): string => `multipart/related; type="application/xop+xml"; ${rest}`;
    const same = (contentType: string, message: Buffer): void => {
      expect(read(contentType, message)).to.deep.equal(expected());
    };
    const encoded = (head: string, body: string, id = "one"): Piece => ({
      head: [`Content-Transfer-Encoding: ${head}`, `Content-ID: <${id}>`],
      body,
    });

    it("the root is the part `start` names, wherever it stands", () => {
      const message = packageOf("b", [TWO, ROOT, ONE]);
      same(type('boundary=b; start="<root>"'), message);
      same(type("boundary=b; start=root"), message);
    });

    it("without `start` the root is the first part, and no other is looked for", () => {
      same(type("boundary=b"), packageOf("b", [ROOT, TWO, ONE]));
      expect(refusal(type("boundary=b"), packageOf("b", [TWO, ROOT, ONE]))).to.equal("xml/bad_encoding");
    });

    for (const boundary of ["a:b=c", "it's (one) of, two?", "dots...", "=_=", "'q'", "-", "x".repeat(70)]) {
      it(`boundary ${boundary.slice(0, 20)}`, () => {
        const content = packageOf(boundary, [ROOT, ONE, TWO]);
        same(type(`boundary="${boundary}"`), content);
        if (!/[\s;,]/.test(boundary)) same(type(`boundary=${boundary}; x=y`), content);
      });
    }

    it("a Content-Type folded, commented, with an empty parameter, or cut as RFC 2231 has it", () => {
      const content = packageOf("b b", [ROOT, ONE, TWO]);
      for (const rest of [
        'boundary="b b"',
        'boundary="b b" (comment); start="<root>"',
        '; boundary="b b";',
        'BOUNDARY*0="b "; boundary*1=b',
      ])
        same(`multipart/related; type=text/xml (so); ${rest}`, content);
    });

    it("bare line feeds, padding, no final line end, preamble and epilogue", () => {
      const pieces = [ROOT, ONE, TWO];
      same(type("boundary=b"), packageOf("b", pieces, { eol: "\n" }));
      same(type("boundary=b"), packageOf("b", pieces, { end: "" }));
      same(
        type("boundary=b"),
        packageOf("b", pieces, { before: "This is MIME.\r\n--bb\r\n", end: "\r\n--b\r\n\r\nno" }),
      );
      same(
        type("boundary=b"),
        Buffer.from(packageOf("b", pieces).toString("latin1").replaceAll("--b\r\n", "--b \t\r\n"), "latin1"),
      );
    });

    it("parts in base64 and in quoted-printable, the root too", () => {
      const lines = (bytes: Buffer): string => bytes.toString("base64").replace(/.{60}/g, "$&\r\n");
      const quoted = [...TEXT.toString("latin1").replaceAll("\r\n", "\n")]
        .map((c) =>
          c === "\n"
            ? "\r\n"
            : /[ -<>-~]/.test(c)
              ? c
              : `=${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
        )
        .join("")
        .replace("Compte", "=\r\nComp=  \r\nte");
      const root: Piece = encoded("base64", lines(Buffer.from(ROOT.body)), "root");
      same(
        type("boundary=b"),
        packageOf("b", [root, encoded("Quoted-Printable", quoted), encoded("BASE64 (so)", lines(BYTES), "two")]),
      );
    });

    it("Content-IDs bare, commented, encoded, with + and spaces", () => {
      for (const [header, href] of [
        ["one", "cid:one"],
        ["(c) <one> (d)", "cid:one"],
        ["<a+b@c>", "cid:a+b@c"],
        ["<a+b@c>", "CID:a%2Bb%40c"],
        ["<a%40c>", "cid:a%40c"],
        ["<100%>", "cid:100%"],
        ["<a b>", "cid:a%20b"],
        ["\r\n\t<one>", "cid:one"],
      ] as const) {
        const root = { ...ROOT, body: envelope([include(href), include("cid:two")]) };
        same(type("boundary=b"), packageOf("b", [root, { head: [`Content-ID: ${header}`], body: TEXT }, TWO]));
      }
    });

    it("an identifier decoded goes before one that only looks the same", () => {
      const root = { ...ROOT, body: envelope([include("cid:a%20b"), include("cid:two")]) };
      const [plain, other] = ["<a b>", "<a%20b>"].map((id) => [`Content-ID: ${id}`]);
      const message = packageOf("b", [
        root,
        { head: other ?? [], body: "other" },
        { head: plain ?? [], body: TEXT },
        TWO,
      ]);
      same(type("boundary=b"), message);
    });
  });

  describe("the encoding of the envelope (RFC 7303 §3)", () => {
    const xml = envelope([TEXT.toString("base64"), BYTES.toString("base64")]);
    const swapped = Buffer.from(xml, "utf16le").swap16();
    const rooted = (charset: string, body: Uint8Array): [string, Buffer] => [
      'multipart/related; boundary=b; charset=us-ascii; type="application/xop+xml"',
      packageOf("b", [{ head: [`Content-Type: application/xop+xml; charset=${charset}`], body }]),
    ];

    it("UTF-16 by the parameter, by the byte order mark, in a part or alone", () => {
      expect(read("application/soap+xml; charset=UTF-16LE", Buffer.from(xml, "utf16le"))).to.deep.equal(expected());
      expect(read("application/soap+xml; charset='utf-16'", swapped)).to.deep.equal(expected());
      expect(read("application/soap+xml", Buffer.from(`\ufeff${xml}`, "utf16le"))).to.deep.equal(expected());
      expect(read(...rooted('"UTF-16"', swapped))).to.deep.equal(expected());
      expect(read(...rooted("utf-8", Buffer.from(`\ufeff${xml}`, "utf16le")))).to.deep.equal(expected());
    });

    it("the parameter goes before the declaration, as .NET writes utf-16 into UTF-8", () => {
      const declared = Buffer.from(`<?xml version="1.0" encoding="utf-16"?>${xml}`);
      expect(read("application/soap+xml; charset=utf-8", declared)).to.deep.equal(expected());
      const bytes = readSoapEnvelope(declared, "text/xml; charset=utf-8").bytes;
      // Whoever reads these bytes again has no parameter: they no longer claim another encoding.
      expect(Buffer.from(bytes).toString()).to.equal(`<?xml version="1.0"?>${xml}`);
      expect(refusal("application/soap+xml", declared)).to.match(/^xml\//);
    });

    it("ISO 8859-1 by the parameter or the declaration; us-ascii says nothing", () => {
      const latin = Buffer.from(xml, "latin1");
      expect(read("text/xml; charset=ISO-8859-1", latin)).to.deep.equal(expected());
      const declared = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${xml}`, "latin1");
      expect(read("text/xml", declared)).to.deep.equal(expected());
      expect(read("text/xml; charset=us-ascii", Buffer.from(xml))).to.deep.equal(expected());
    });

    it("keeps the very bytes where they say their encoding themselves", () => {
      const bytes = Buffer.from(xml);
      for (const charset of ["", "; charset=utf-8", "; charset=UTF-8"])
        expect(readSoapEnvelope(bytes, `text/xml${charset}`).bytes).to.equal(bytes);
    });

    it("refuses what is not in the encoding, and encodings no one may send", () => {
      expect(refusal("text/xml; charset=utf-8", Buffer.from(xml, "latin1"))).to.equal("xml/bad_encoding");
      for (const charset of ["utf-7", "utf-32", "hz-gb-2312", "nonsense"]) {
        expect(refusal(`text/xml; charset=${charset}`, Buffer.from(xml))).to.equal("xml/bad_encoding");
        const declared = `<?xml version="1.0" encoding="${charset}"?>${xml}`;
        expect(refusal("text/xml", Buffer.from(declared))).to.equal("xml/bad_encoding");
      }
    });
  });
});
