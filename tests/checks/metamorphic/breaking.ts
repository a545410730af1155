/** Rewritings that break a request of the DMP: whatever reads XML, ebRIM or signatures rightly cannot take them for the same. */

export type Breaking = readonly [operation: string, name: string, change: (xml: string) => string];

const P = "(?:[\\w.-]+:)?";
const slotOf = (name: string): RegExp => new RegExp(`<(${P})Slot name="${name}">[\\s\\S]*?</\\1Slot>`);
const SLOTS = [
  "submissionTime",
  "creationTime",
  "serviceStartTime",
  "languageCode",
  "legalAuthenticator",
  "sourcePatientId",
];
const CODES = [
  ["contentTypeCode", "aa543740-bdda-424e-8c96-df4873be8500"],
  ["classCode", "41a5887f-8865-4c09-adf7-e362475b143a"],
  ["typeCode", "f0306f51-975f-434e-a61c-c59651d33983"],
  ["formatCode", "a09d5840-386c-46f2-b5ad-9c3699a4309d"],
  ["confidentialityCode", "f4f85eac-e6cb-4883-b524-f2705394840f"],
  ["healthcareFacilityTypeCode", "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"],
  ["practiceSettingCode", "cccf5598-8b07-4b77-a05e-ae952c785ead"],
] as const;
const AUTHORS = [
  ["SubmissionSet.author", "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"],
  ["DocumentEntry.author", "93606bcf-9494-43ec-9b4e-a7748d1a838d"],
] as const;
const IDENTIFIERS = [
  ["SubmissionSet.patientId", "6b5aea1a-874d-4603-a4bc-96a0a7b38446"],
  ["SubmissionSet.sourceId", "554ac39e-e3fe-47fe-b233-965d2a147832"],
  ["SubmissionSet.uniqueId", "96fdda7c-d067-4183-912e-bf5ee74998a8"],
  ["DocumentEntry.patientId", "58a6f841-87b3-4a3e-92fd-a8ffeff98427"],
  ["DocumentEntry.uniqueId", "2e82c1f6-a085-4c72-9da3-8640a32e42ab"],
] as const;
const NAMESPACES = [
  ["dmp.submit", "urn:ihe:iti:xds-b:2007"],
  ["dmp.submit", "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"],
  ["dmp.submit", "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"],
  ["dmp.search", "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"],
  ["dmp.search", "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"],
  ["dmp.retrieve", "urn:ihe:iti:xds-b:2007"],
  ["dmp.update", "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"],
  ["dmp.update", "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"],
  ["dmp.exists", "urn:hl7-org:v3"],
] as const;

/** The element (classification or identifier) of that scheme. */
function ofScheme(uuid: string, change: (element: string) => string): (xml: string) => string {
  const pattern = new RegExp(
    `<(${P})(Classification|ExternalIdentifier)\\b[^>]*urn:uuid:${uuid}[^>]*>[\\s\\S]*?</\\1\\2>`,
  );
  return (xml) => xml.replace(pattern, change);
}

const unbound = (element: string): string =>
  element.replace(/^<[\w.-]+:(\w+)([\s\S]*)<\/[\w.-]+:(\w+)>$/, '<$1 xmlns=""$2</$3>');

export const BREAKING: readonly Breaking[] = [
  ...SLOTS.flatMap((name): Breaking[] => [
    ["dmp.submit", `no slot ${name}`, (xml) => xml.replace(slotOf(name), "")],
    ["dmp.submit", `slot ${name} in capitals`, (xml) => xml.replace(`name="${name}"`, `name="${name.toUpperCase()}"`)],
    [
      "dmp.submit",
      `slot ${name} without its list`,
      (xml) => xml.replace(slotOf(name), (s) => s.replace(/<\/?[\w.:-]*ValueList>/g, "")),
    ],
    ["dmp.submit", `slot ${name} in no namespace`, (xml) => xml.replace(slotOf(name), unbound)],
    ["dmp.submit", `slot ${name} twice`, (xml) => xml.replace(slotOf(name), "$&$&")],
    [
      "dmp.submit",
      `slot ${name} with an empty value`,
      (xml) => xml.replace(slotOf(name), (s) => s.replace(/(Value>)[^<]*(<)/, "$1$2")),
    ],
  ]),
  ...[...CODES, ...AUTHORS].flatMap(([name, uuid]): Breaking[] => [
    ["dmp.submit", `no ${name}`, ofScheme(uuid, () => "")],
    ["dmp.submit", `${name} under another scheme`, (xml) => xml.replace(uuid, uuid.replace(/.$/, "e"))],
    ["dmp.submit", `${name} in no namespace`, ofScheme(uuid, unbound)],
    [
      "dmp.submit",
      `${name} of another object`,
      ofScheme(uuid, (c) => c.replace(/classifiedObject="[^"]*"/, 'classifiedObject="Other01"')),
    ],
  ]),
  ...CODES.flatMap(([name, uuid]): Breaking[] => [
    [
      "dmp.submit",
      `${name} without a code`,
      ofScheme(uuid, (c) => c.replace(/nodeRepresentation="[^"]*"/, 'nodeRepresentation=""')),
    ],
    ["dmp.submit", `${name} without a nomenclature`, ofScheme(uuid, (c) => c.replace("codingScheme", "codingscheme"))],
    [
      "dmp.submit",
      `${name} without a label`,
      ofScheme(uuid, (c) => c.replace(/<(?:[\w.-]+:)?LocalizedString[^>]*>/, "")),
    ],
  ]),
  ...AUTHORS.map(([name, uuid]): Breaking => [
    "dmp.submit",
    `${name} without a person`,
    ofScheme(uuid, (c) => c.replace("authorPerson", "authorperson")),
  ]),
  ...IDENTIFIERS.flatMap(([name, uuid]): Breaking[] => [
    ["dmp.submit", `no ${name}`, ofScheme(uuid, () => "")],
    ["dmp.submit", `${name} under another scheme`, (xml) => xml.replace(uuid, uuid.replace(/.$/, "c"))],
    ["dmp.submit", `${name} without a value`, ofScheme(uuid, (c) => c.replace(/ value="[^"]*"(?=[ >])/, ' value=""'))],
    ["dmp.submit", `${name} in no namespace`, ofScheme(uuid, unbound)],
    ["dmp.submit", `${name} twice`, ofScheme(uuid, (c) => `${c}${c}`)],
    [
      "dmp.submit",
      `${name} of another object`,
      ofScheme(uuid, (c) => c.replace(/registryObject="[^"]*"/, 'registryObject="Other01"')),
    ],
  ]),
  ...["mimeType", "objectType", "id"].map((name): Breaking => [
    "dmp.submit",
    `an entry without ${name}`,
    (xml) =>
      xml.replace(/<(?:[\w.-]+:)?ExtrinsicObject [^>]*>/, (tag) => tag.replace(new RegExp(` ${name}="[^"]*"`), "")),
  ]),
  ["dmp.submit", "no association", (xml) => xml.replace(/<((?:[\w.-]+:)?Association)\b[\s\S]*?<\/\1>/, "")],
  ["dmp.submit", "a membership of another type", (xml) => xml.replace(":HasMember", ":hasMember")],
  [
    "dmp.submit",
    "a membership of a stranger",
    (xml) => xml.replace(/targetObject="[^"]*"/, 'targetObject="Document09"'),
  ],
  ["dmp.submit", "no mark of a submission set", (xml) => xml.replace(/classificationNode="[^"]*"/, "")],
  ["dmp.submit", "a document under another id", (xml) => xml.replace(/(:Document id=")[^"]*/, "$1Document09")],
  ["dmp.submit", "a document that names no part", (xml) => xml.replace(/href="cid:/, 'href="cid:x')],
  ...NAMESPACES.map(([operation, uri]): Breaking => [
    operation,
    `the namespace ${uri} misspelt`,
    (xml) => xml.replace(/(?<=:Body>)[\s\S]*/, (body) => body.replace(`="${uri}"`, `="${uri}x"`)),
  ]),
  ...["dmp.exists", "dmp.submit", "dmp.search", "dmp.retrieve", "dmp.update", "dmp.authorise"].flatMap(
    (operation): Breaking[] => [
      [operation, "white space inside the signed VIHF", (xml) => xml.replace(/(?=<saml:AttributeStatement)/, "\n")],
      [operation, "a letter changed in the signed VIHF", (xml) => xml.replace("EXEMPLE CAMILLE", "EXEMPLE CAMILLF")],
      [
        operation,
        "another prefix inside the signed VIHF",
        (xml) => xml.replaceAll("saml:", "sam2:").replace("xmlns:saml=", "xmlns:sam2="),
      ],
      [operation, "the VIHF outside wsse:Security", (xml) => xml.replace(/<(\/?)w:Security/g, "<$1w:Securite")],
      [operation, "the VIHF in another namespace", (xml) => xml.replace("SAML:2.0:assertion", "SAML:1.0:assertion")],
    ],
  ),
  // Of TD0.3 neither is known well enough to block.
  ...["dmp.exists", "dmp.submit", "dmp.search", "dmp.retrieve", "dmp.update"].flatMap((operation): Breaking[] => [
    [operation, "no action in the header", (xml) => xml.replace(/<(a:Action)\b[\s\S]*?<\/\1>/, "")],
    [
      operation,
      "SOAP 1.1",
      (xml) => xml.replace("http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/"),
    ],
  ]),
  ["dmp.search", "a query without an id", (xml) => xml.replace(/(AdhocQuery [^>]*)id="[^"]*"/, '$1id=""')],
  [
    "dmp.search",
    "no status in FindDocuments",
    (xml) => xml.replace("$XDSDocumentEntryStatus", "$XDSDocumentEntrystatus"),
  ],
  [
    "dmp.search",
    "no patient in FindDocuments",
    (xml) => xml.replace("$XDSDocumentEntryPatientId", "$XDSDocumentEntryPatientID"),
  ],
  ["dmp.search", "a patient without quotes", (xml) => xml.replace(/>'(\d{13}[^']*)'</, ">$1<")],
  ["dmp.retrieve", "no repository", (xml) => xml.replace(/RepositoryUniqueId/g, "RepositoryUniqueID")],
  ["dmp.retrieve", "no document", (xml) => xml.replace(/DocumentUniqueId/g, "DocumentUniqueID")],
  ["dmp.retrieve", "another repository", (xml) => xml.replace(/(RepositoryUniqueId>)[^<]*/, "$11.2.3.4")],
];
