/** curl sends TD3.x requests written by hand as three stacks write them; Python's email library reads the MTOM answer. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { patientIdOf } from "../services/dmp/client.js";
import { type Bench, openBench, ZOE } from "../services/dmp/registry-bench.js";
import { assertion } from "../services/dmp/registry-client.js";

const run = promisify(execFile);

/** A .NET client: `s:` and `a:`, the query in default namespaces, long time stamps in the header. */
const dotnet = (patientId: string, saml: string): string => `<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header><a:Action s:mustUnderstand="1">urn:ihe:iti:2007:RegistryStoredQuery</a:Action><a:MessageID>urn:uuid:0c5dbb66-7bde-4ba4-a0bb-1b4a0eb3ee01</a:MessageID><a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo><o:Security s:mustUnderstand="1" xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">${saml}</o:Security><a:To s:mustUnderstand="1">https://localhost/registry</a:To></s:Header><s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><AdhocQueryRequest federated="false" startIndex="0" maxResults="-1" xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"><ResponseOption returnType="LeafClass" returnComposedObjects="true"/><AdhocQuery id="urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d" xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><Slot name="$XDSDocumentEntryPatientId"><ValueList><Value>'${patientId}'</Value></ValueList></Slot>
<Slot name="$XDSDocumentEntryStatus"><ValueList><Value>('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved',
 'urn:asip:ci-sis:2010:StatusType:Archived')</Value></ValueList></Slot></AdhocQuery></AdhocQueryRequest></s:Body></s:Envelope>`;

/** A Java client (CXF): numbered prefixes declared on the payload, CDATA in the values, no addressing but the action. */
const java = (
  patientId: string,
  saml: string,
): string => `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope">
  <soap:Header>
    <Action xmlns="http://www.w3.org/2005/08/addressing">urn:ihe:iti:2007:RegistryStoredQuery</Action>
    <wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">${saml}</wsse:Security>
  </soap:Header>
  <soap:Body>
    <ns4:AdhocQueryRequest xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" xmlns:ns2="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" xmlns:ns4="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0">
      <ns4:ResponseOption returnType="ObjectRef"/>
      <AdhocQuery id="urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d">
        <Slot name="$XDSDocumentEntryPatientId"><ValueList><Value><![CDATA['${patientId.replaceAll("&amp;", "&")}']]></Value></ValueList></Slot>
        <Slot name="$XDSDocumentEntryStatus">
          <ValueList>
            <Value>('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')</Value>
            <Value>('urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated')</Value>
          </ValueList>
        </Slot>
      </AdhocQuery>
    </ns4:AdhocQueryRequest>
  </soap:Body>
</soap:Envelope>`;

/** A retrieval sent as MTOM although it has nothing to attach, its boundary quoted, its headers folded. */
const retrieval = (uniqueId: string, saml: string): string =>
  [
    "--MIME_boundary.1",
    "content-id: <0.root@client>",
    'content-type: application/xop+xml; charset=UTF-8;\r\n type="application/soap+xml"',
    "content-transfer-encoding: 8bit",
    "",
    `<?xml version='1.0' encoding='UTF-8'?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Header xmlns:w="http://www.w3.org/2005/08/addressing"><w:To>https://localhost/repository</w:To><w:MessageID>urn:uuid:0c5dbb66-7bde-4ba4-a0bb-1b4a0eb3ee02</w:MessageID><w:Action>urn:ihe:iti:2007:RetrieveDocumentSet</w:Action><sec:Security xmlns:sec="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">${saml}</sec:Security></e:Header><e:Body><RetrieveDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007"><DocumentRequest><RepositoryUniqueId>1.2.250.1.213.4.1.1.1.2</RepositoryUniqueId><DocumentUniqueId>${uniqueId}</DocumentUniqueId></DocumentRequest></RetrieveDocumentSetRequest></e:Body></e:Envelope>`,
    "--MIME_boundary.1--",
    "",
  ].join("\r\n");
const RETRIEVAL_TYPE =
  'Multipart/Related; boundary="MIME_boundary.1"; type="application/xop+xml"; start="<0.root@client>"; start-info="application/soap+xml"; action="urn:ihe:iti:2007:RetrieveDocumentSet"';

/** The editor kit's way: kit action, the set named by a symbolic id, no classifiedObject on the author. */
const archiving = (
  patientId: string,
  entryUuid: string,
  saml: string,
): string => `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Header><MessageID xmlns="http://www.w3.org/2005/08/addressing">urn:uuid:0c5dbb66-7bde-4ba4-a0bb-1b4a0eb3ee03</MessageID><To xmlns="http://www.w3.org/2005/08/addressing"/><Action mustUnderstand="true" xmlns="http://www.w3.org/2005/08/addressing">urn:ihe:iti:xds-b:2007:UpdateDocumentSet-b</Action><wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">${saml}</wsse:Security></soap:Header><soap:Body><ns4:SubmitObjectsRequest xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" xmlns:ns4="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"><RegistryObjectList><RegistryPackage id="SubmissionSet01"><Slot name="submissionTime"><ValueList><Value>20260101090000</Value></ValueList></Slot><Classification classificationScheme="urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d" id="cla1" nodeRepresentation=""><Slot name="authorPerson"><ValueList><Value>899900000011^EXEMPLE^CAMILLE^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS</Value></ValueList></Slot></Classification><Classification classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd" classifiedObject="SubmissionSet01" id="cla2"/><ExternalIdentifier id="ei1" identificationScheme="urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446" value="${patientId}^^20260101090000"/><ExternalIdentifier id="ei2" identificationScheme="urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832" value="1.2.3.4"/><ExternalIdentifier id="ei3" identificationScheme="urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8" value="1.2.3.4.5"/></RegistryPackage><Association associationType="urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus" id="association1" objectType="urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:Association" sourceObject="SubmissionSet01" targetObject="${entryUuid}"><Slot name="OriginalStatus"><ValueList><Value>urn:oasis:names:tc:ebxml-regrep:StatusType:Approved</Value></ValueList></Slot><Slot name="NewStatus"><ValueList>
<Value>urn:asip:ci-sis:2010:StatusType:Archived</Value></ValueList></Slot></Association></RegistryObjectList></ns4:SubmitObjectsRequest></soap:Body></soap:Envelope>`;

/** Types and SHA-1 of the parts of a MIME file, a line each. */
const PARTS = `
import email, email.policy, hashlib, sys
message = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.HTTP)
assert message.is_multipart() and not message.defects, message.defects
for part in message.iter_parts():
    data = part.get_payload(decode=True)
    print(part.get_content_type(), hashlib.sha1(data).hexdigest(), len(data))
`;

describe("peers: curl at the DMP registry and repository", () => {
  let bench: Bench;
  let folder: string;
  let stored: { uniqueId: string; entryUuid: string };

  before(async () => {
    bench = await openBench();
    folder = mkdtempSync(path.join(tmpdir(), "segur-curl-"));
    stored = await bench.deposit("Reçu par curl", { by: "ps-exemple" });
  });
  after(async () => {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Answer body and status; headers are left in `head.txt`. */
  const curl = async (service: string, type: string, body: string): Promise<string> => {
    const file = path.join(folder, "body.bin");
    writeFileSync(file, body);
    const { auth } = bench.context.pki.roles;
    const { stdout } = await run("curl", [
      ...["--silent", "--show-error", "--max-time", "20", "--cacert", bench.context.pki.caBundleFile],
      ...["--cert", auth.certFile, "--key", auth.keyFile, "--dump-header", path.join(folder, "head.txt")],
      ...["--output", path.join(folder, "answer.bin"), "--write-out", "%{http_code}"],
      ...["--header", `Content-Type: ${type}`, "--data-binary", `@${file}`, String(bench.service.endpoints[service])],
    ]);
    return `${readFileSync(path.join(folder, "answer.bin"), "utf8")}\n${stdout}`;
  };
  const SOAP = "application/soap+xml; charset=utf-8";
  const patientId = (): string => patientIdOf(bench.patient(ZOE)).replaceAll("&", "&amp;");
  const saml = (): string => assertion(bench.patient(ZOE));

  it("searches as a .NET client does", async () => {
    const answer = await curl("registry", SOAP, dotnet(patientId(), saml()));
    expect(answer).to.contain("ResponseStatusType:Success").and.to.contain(stored.uniqueId);
    expect(answer)
      .to.contain("<wsa:RelatesTo>urn:uuid:0c5dbb66-7bde-4ba4-a0bb-1b4a0eb3ee01</wsa:RelatesTo>")
      .and.to.match(/\n200$/);
  });

  it("searches as a Java client does", async () => {
    const answer = await curl("registry", SOAP, java(patientId(), saml()));
    expect(answer).to.contain(
      `<rim:ObjectRef xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" id="${stored.entryUuid}"/>`,
    );
  });

  it("retrieves in MTOM, and Python reads the same bytes", async () => {
    const answer = await curl("repository", RETRIEVAL_TYPE, retrieval(stored.uniqueId, saml()));
    expect(answer).to.contain("ResponseStatusType:Success");
    const type = /^content-type: (.*)\r$/im.exec(readFileSync(path.join(folder, "head.txt"), "utf8"))?.[1] ?? "";
    const message = path.join(folder, "message.mime");
    const head = Buffer.from(`Content-Type: ${type}\r\nMIME-Version: 1.0\r\n\r\n`);
    writeFileSync(message, Buffer.concat([head, readFileSync(path.join(folder, "answer.bin"))]));
    const { stdout } = await run("python3", ["-c", PARTS, message]);
    const documents = (await bench.service.control("documents")) as { uniqueId: string; hash: string; size: number }[];
    const facts = documents.find((d) => d.uniqueId === stored.uniqueId);
    const lines = stdout.trim().split("\n");
    expect(lines).to.have.length(2);
    expect(lines[0]).to.match(/^application\/xop\+xml /);
    expect(lines[1]).to.equal(`text/xml ${facts?.hash} ${facts?.size}`);
  });

  it("archives as the editor kit does", async () => {
    const answer = await curl("registry", SOAP, archiving(patientId(), stored.entryUuid, saml()));
    expect(answer).to.contain("urn:ihe:iti:2010:UpdateDocumentSet-Response").and.to.contain("Type:Success");
    const after = await curl("registry", SOAP, dotnet(patientId(), saml()));
    expect(after).to.contain('status="urn:asip:ci-sis:2010:StatusType:Archived"');
  });
});
