/** The JDK judges what the reference vendor signs, the tokens of the PSC mock and the chains of the test PKI. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { PkiRole } from "../../core/model/index.js";
import { makeVariant, type VariantKind } from "../../services/pki/variants.js";
import { identifierOf, partsOf, requestText } from "../fixtures/vendors/reading.js";
import { openRoad, type Road } from "../fixtures/vendors/road.js";
import { compileJava } from "./java/run.js";

const DOCUMENTS = [
  { typeCode: "11488-4", title: "Compte rendu", text: "Été, <naïf> & œuvre." },
  { typeCode: "57833-6", title: "Ordonnance", text: "Ordonnance fictive." },
];

/** `expected`: the verdict, or how it begins. */
interface Task {
  readonly task: Readonly<Record<string, unknown>>;
  readonly expected: string;
}

describe("peers: the JDK as a witness", function () {
  this.timeout(120_000);
  let road: Road;
  let folder: string;
  let java: readonly string[];
  let envelope: string;
  let signature: string;
  let submission: Record<string, unknown>;
  let token: string;
  let keys: string;
  let files = 0;

  const file = (content: string | Uint8Array): string => {
    files += 1;
    const target = path.join(folder, `${files}.bin`);
    writeFileSync(target, content);
    return target;
  };

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-witness-"));
    [java, road] = await Promise.all([compileJava(folder, "witness"), openRoad({ services: ["psc", "dmp"] })]);
    await road.inScenario([], async () => {
      await road.login();
      const patientId = await road.put("adrun-zoe", "QUAL");
      await road.call("dmp.submit", { patientId, documents: DOCUMENTS, signed: true });
      const asked = requestText(road.seen("dmp.exists")[0]);
      const [root, ...parts] = partsOf(road.seen("dmp.submit")[0]).map((part) => Buffer.from(part));
      envelope = asked.slice(asked.indexOf("\r\n\r\n") + 4);
      signature = parts.at(-1)?.toString("utf8") ?? "";
      const documents = parts.slice(0, -1).map((part) => {
        const id = /<id root="([^"]+)"/.exec(part.toString("utf8"))?.[1] ?? "";
        return [`urn:oid:${id}`, file(part)];
      });
      const set = identifierOf(root?.toString("utf8") ?? "", "XDSSubmissionSet.uniqueId");
      submission = { kind: "submission", set: `urn:oid:${set}`, documents: Object.fromEntries(documents) };
      const bodyOf = (operation: string): string => {
        const text = Buffer.from(road.seen(operation)[0]?.responseBytes ?? []).toString("utf8");
        return text.slice(text.indexOf("\r\n\r\n") + 4);
      };
      token = (JSON.parse(bodyOf("psc.token")) as { id_token: string }).id_token;
      keys = bodyOf("psc.jwks");
    });
  });
  after(async () => {
    await road.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** One JVM for all tasks of a test. */
  const holds = (tasks: Readonly<Record<string, Task>>): void => {
    const input = JSON.stringify(Object.values(tasks).map(({ task }) => task));
    const done = spawnSync("java", [...java, "witness.Main"], { input, encoding: "utf8", timeout: 60_000 });
    if (done.error) throw done.error;
    expect(done.status, done.stderr).to.equal(0);
    const verdicts = JSON.parse(done.stdout) as string[];
    const observed = Object.keys(tasks).map((name, index) => [name, verdicts[index]]);
    const expected = Object.entries(tasks).map(([name, task]) => [name, task.expected]);
    expect(Object.fromEntries(observed)).to.deep.equal(Object.fromEntries(expected));
  };
  const changed = (text: string, from: string | RegExp, to: string): string => {
    const other = text.replace(from, to);
    expect(other).not.to.equal(text);
    return other;
  };

  it("verifies the VIHF of the reference vendor, and none that was touched", () => {
    const judged = (xml: string, expected: string): Task => ({
      task: { kind: "assertion", file: file(xml) },
      expected,
    });
    holds({
      "as sent": judged(envelope, "good"),
      "another user": judged(changed(envelope, /NameID>8/, "NameID>9"), "a digest is wrong"),
      "another purpose": judged(changed(envelope, 'code="normal"', 'code="centre_15"'), "a digest is wrong"),
      "another value": judged(
        changed(envelope, /SignatureValue>[^<]{4}/, "SignatureValue>AAAA"),
        "the signature value is wrong",
      ),
      "another id": judged(changed(envelope, / ID="./, ' ID="z'), "the reference is not the assertion"),
    });
  });

  it("verifies the signature of its submission, with the digests of its documents and its signed properties", () => {
    const judged = (xml: string, expected: string, change: object = {}): Task => ({
      task: { ...submission, file: file(xml), ...change },
      expected,
    });
    const documents = submission["documents"] as Record<string, string>;
    const [[first = ""] = [], [second = ""] = []] = Object.entries(documents);
    const swapped = { documents: { [first]: documents[second], [second]: documents[first] } };
    holds({
      "as sent": judged(signature, "good"),
      "another time": judged(changed(signature, /SigningTime>\d{4}/, "SigningTime>1999"), "a digest is wrong"),
      "another document named": judged(changed(signature, /(urn:oid:2\.25\.\d+)(\d)/, "$1$20"), "a digest is wrong"),
      "documents exchanged": judged(signature, "the digest of a document is wrong", swapped),
      "another set": judged(signature, `names a stranger: ${String(submission["set"])}`, { set: "urn:oid:2.25.1" }),
    });
  });

  it("verifies the ID token of the PSC mock with the keys it publishes", () => {
    const [head = "", body = "", value = ""] = token.split(".");
    const claims = Buffer.from(Buffer.from(body, "base64url").toString("utf8").replace("EXEMPLE", "ESSAI")).toString(
      "base64url",
    );
    const judged = (text: string, expected: string): Task => ({ task: { kind: "token", token: text, keys }, expected });
    holds({
      "as sent": judged(token, "good"),
      "other claims": judged([head, claims, value].join("."), "the signature is wrong"),
    });
  });

  it("accepts the chains of the test PKI, and refuses its variants for the reason they are made for", async () => {
    const pki = road.context.pki;
    const chain = (pem: string, expected: string, more: object = {}): Task => ({
      task: { kind: "chain", root: pki.rootCerFile, file: file(pem), ...more },
      expected,
    });
    const variant = async (kind: VariantKind): Promise<string> => (await makeVariant(pki.folder, kind)).certPem;
    const role = (name: PkiRole): string => pki.roles[name].certPem;
    const revoked = await makeVariant(pki.folder, "revoked");
    const lists = { lists: file(revoked.crlPem ?? "") };
    holds({
      auth: chain(role("auth"), "good"),
      insi: chain(role("insi"), "good"),
      server: chain(role("server"), "good", { server: true }),
      expired: chain(await variant("expired"), "EXPIRED"),
      "not yet valid": chain(await variant("not-yet-valid"), "NOT_YET_VALID"),
      foreign: chain(await variant("foreign-authority"), "NO_TRUST_ANCHOR"),
      "made for a server": chain(await variant("wrong-usage"), "UNSUITABLE_USAGE"),
      revoked: chain(revoked.certPem, "REVOKED", lists),
      "revoked, without its lists": chain(revoked.certPem, "good"),
      "not revoked, with the lists": chain(role("auth"), "good", lists),
    });
  });
});
