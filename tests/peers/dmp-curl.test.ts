/** curl, with the client certificates of the test PKI, posts a TD0.2 and an MTOM TD2.1 to the DMP mock. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { PkiRole, RunningService } from "../../core/model/index.js";
import { dmpService } from "../../services/dmp/index.js";
import { existsRequest, patientIdOf, SOAP_TYPE, signedVihf, submitRequest } from "../services/dmp/client.js";
import { type TestContext, testContext } from "../support/context.js";

const run = promisify(execFile);

describe("peers: curl at the DMP mock", () => {
  let context: TestContext;
  let service: RunningService;
  let folder: string;

  before(async () => {
    context = await testContext();
    service = await dmpService.start(context);
    folder = mkdtempSync(path.join(tmpdir(), "segur-curl-"));
  });
  after(async () => {
    await service.stop();
    context.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const curl = async (role: PkiRole | null, url: string, type: string, body: string | Uint8Array): Promise<string> => {
    const file = path.join(folder, "body.bin");
    writeFileSync(file, body);
    const entry = role === null ? null : context.pki.roles[role];
    const { stdout } = await run("curl", [
      ...["--silent", "--show-error", "--max-time", "20", "--cacert", context.pki.caBundleFile],
      ...(entry ? ["--cert", entry.certFile, "--key", entry.keyFile] : []),
      ...["--header", `Content-Type: ${type}`, "--data-binary", `@${file}`, "--write-out", "\n%{http_code}", url],
    ]);
    return stdout;
  };
  const zoe = () => {
    const found = context.patients.find((p) => p.key === "adrun-zoe");
    if (!found) throw new Error("no patient");
    return found;
  };

  it("asks whether the DMP exists", async () => {
    const patient = zoe();
    const request = existsRequest(
      patient.ins?.oid ?? "",
      patient.ins?.matricule ?? "",
      signedVihf(context.pki, patient),
    );
    const answer = await curl("auth", String(service.endpoints.patients), SOAP_TYPE, request);
    expect(answer)
      .to.contain('<queryResponseCode code="OK"/>')
      .and.to.match(/\n200$/);
  });

  it("uploads a document in MTOM", async () => {
    const patient = zoe();
    const request = submitRequest({ patientId: patientIdOf(patient), assertion: signedVihf(context.pki, patient) });
    const answer = await curl("auth", String(service.endpoints.repository), request.contentType, request.body);
    expect(answer)
      .to.contain("ResponseStatusType:Success")
      .and.to.match(/\n200$/);
    const stored = (await service.control("documents")) as { uniqueId: string }[];
    expect(stored.map((d) => d.uniqueId)).to.include(request.uniqueId);
  });

  it("is refused without a certificate", async () => {
    let code: unknown = null;
    try {
      await curl(null, String(service.endpoints.patients), SOAP_TYPE, "<x/>");
    } catch (error) {
      code = (error as { code?: unknown }).code;
    }
    expect(code).to.be.oneOf([35, 52, 55, 56]);
  });
});
