import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { demandFictitious, findPrivate, type PrivateFinding } from "../../bin/privacy-gate.js";
import { knownIdentities, knownOf } from "../../bin/privacy-known.js";
import type { Exchange, RecordingView } from "../../core/model/index.js";
import { packageRoot, SuiteError } from "../../core/model/index.js";
import { MistakesError } from "../../core/plan/problems.js";
import { loadRecording, recordingFolder } from "../../core/record/reader.js";
import { drawIdentities } from "../../services/shared/draw.js";
import { loadIdentities } from "../../services/shared/identities.js";
import { goodRun } from "../support/bundle.js";
import {
  assertion,
  cardCertificate,
  INS,
  jwt,
  makePlants,
  opaque,
  type Plant,
  RPPS,
  withLuhn,
} from "../support/private-plants.js";
import { CONTAINERS, escaped, glyphPdf, mail, zip } from "../support/proof-containers.js";

const root = packageRoot(import.meta.url);
const identities = loadIdentities(root);
const nobody = knownIdentities(identities, null);

const brief = ({ kind, form, weight }: PrivateFinding): string => `${weight} ${kind} ${form}`;

describe("private things in proofs", function () {
  let plants: Plant[];
  before(async () => {
    plants = await makePlants();
  });

  for (const { name, file, takes, make } of CONTAINERS) {
    it(`are all found in ${name}, and block`, async () => {
      for (const plant of plants) {
        if (takes === "text" && plant.is === "bytes") continue;
        const found = await findPrivate(new Map([[file, await make(plant.bytes)]]), nobody);
        expect([...new Set(found.map(brief))], `${plant.name} in ${name}`).to.include(
          `blocks ${plant.kind} ${plant.form}`,
        );
        for (const one of found) expect(one.file).to.equal(file);
      }
    });
  }

  it("are found in the text of a PDF whose bytes do not show it", async () => {
    for (const text of [`NIR ${INS} fin`, `RPPS ${RPPS} fin`, `Bearer ${opaque(12)}`]) {
      const pdf = glyphPdf(text);
      const found = await findPrivate(new Map([["a.pdf", pdf]]), nobody);
      expect(
        found.map(({ weight, via, offset }) => [weight, ...via, offset]),
        text,
      ).to.deep.equal([["blocks", "pdf-text", 0]]);
    }
    const attached = await findPrivate(new Map([["a.eml", mail(glyphPdf(`NIR ${INS}`), "base64")]]), nobody);
    expect(attached.map(({ via }) => via)).to.deep.equal([["base64", "pdf-text"]]);
  });

  it("are shown by a few characters only", async () => {
    for (const { name, kind, bytes } of plants) {
      const found = await findPrivate(new Map([["a", bytes]]), nobody);
      for (const { shown } of found) {
        if (kind === "key") expect(shown, name).to.match(/^(?:BEGIN |JWK |PuTTY|[A-Z0-9-]+$)/);
        else expect(bytes.toString("latin1"), name).not.to.include(shown);
      }
    }
  });

  it("are not: fixtures, drawn identities, test cards, tokens and assertions of a test set-up", async () => {
    const read = (name: string): [string, Buffer] => [
      name,
      readFileSync(path.join(root, "fixtures", "identities", name)),
    ];
    const files = new Map<string, Uint8Array>([read("patients.yaml"), read("professionals.yaml")]);
    files.set(
      "cards.txt",
      Buffer.from("RPPS 99700218896, 899700218896, f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:899700245667"),
    );
    files.set(
      "oids.txt",
      Buffer.from("1.2.250.1.213.1.4.8 1.2.250.1.213.1.4.10 1.2.250.1.213.1.4.11 1.2.250.1.71.4.2.1"),
    );
    files.set("vihf.xml", Buffer.from(assertion(await cardCertificate(0x83))));
    const drawn = drawIdentities(identities, Buffer.alloc(32, 7));
    files.set("drawn.json", Buffer.from(JSON.stringify(drawn)));
    expect((await findPrivate(files, nobody)).map((one) => [one.file, brief(one), one.shown])).to.deep.equal([]);
    const local = jwt({ iss: "https://localhost:8443/auth/realms/esante-wallet" });
    const told = await findPrivate(new Map([["log.txt", Buffer.from(local)]]), nobody);
    expect(told.map(brief)).to.deep.equal(["told token jwt"]);
  });

  it("whose nature is uncertain are told, not blocked", async () => {
    const file = Buffer.from(`<id root="1.2.250.1.71.4.2.1" extension="8${withLuhn("0123456789")}"/>`);
    expect((await findPrivate(new Map([["cda.xml", file]]), nobody)).map(brief)).to.deep.equal(["told rpps idnat"]);
  });
});

// ---- a recording -------------------------------------------------------------------------------------------------------

interface Message {
  readonly name: string;
  readonly operation: string;
  readonly takes: "text" | "bytes";
  /** An assertion in it stands as one of the vendor does by protocol. */
  readonly asserts?: true;
  make(content: Buffer): Buffer;
}

const http = (head: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${head}\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
const soap = (content: string): Buffer =>
  Buffer.from(
    `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body><x>${content}</x></soap:Body></soap:Envelope>`,
  );

const MESSAGES: readonly Message[] = [
  {
    name: "a header",
    operation: "psc.userinfo",
    takes: "text",
    make: (content) => http(`GET /userinfo HTTP/1.1\r\nX-Trace: ${content.toString()}`, Buffer.alloc(0)),
  },
  {
    name: "an address",
    operation: "psc.authorize",
    takes: "text",
    make: (content) => http(`GET /auth?q=${encodeURIComponent(content.toString())}&x=1 HTTP/1.1`, Buffer.alloc(0)),
  },
  {
    name: "a SOAP body",
    operation: "ins.search",
    takes: "text",
    make: (content) => http("POST /ins HTTP/1.1", soap(escaped(content.toString()))),
  },
  {
    name: "an assertion's place",
    operation: "dmp.exists",
    takes: "text",
    asserts: true,
    make: (content) => http("POST /dmp HTTP/1.1", soap(content.toString())),
  },
  {
    name: "a document in base64",
    operation: "dmp.submit",
    takes: "bytes",
    make: (content) =>
      http("POST /dmp HTTP/1.1", soap(Buffer.concat([Buffer.from("<cda>texte</cda>\n"), content]).toString("base64"))),
  },
  {
    name: "a part of MTOM",
    operation: "dmp.submit",
    takes: "bytes",
    asserts: true,
    make: (content) =>
      http(
        'POST /dmp HTTP/1.1\r\nContent-Type: multipart/related; boundary="b"',
        Buffer.concat([
          Buffer.from("--b\r\nContent-Type: application/octet-stream\r\n\r\n"),
          content,
          Buffer.from("\r\n--b--\r\n"),
        ]),
      ),
  },
  {
    name: "chunks",
    operation: "dmp.submit",
    takes: "bytes",
    asserts: true,
    make: (content) => {
      const half = Math.floor(content.length / 2);
      const part = (bytes: Buffer): Buffer =>
        Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
      return Buffer.concat([
        Buffer.from("POST /dmp HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"),
        part(content.subarray(0, half)),
        part(content.subarray(half)),
        Buffer.from("0\r\n\r\n"),
      ]);
    },
  },
  {
    name: "a mail",
    operation: "mss.submit",
    takes: "bytes",
    make: (content) =>
      Buffer.concat([
        Buffer.from("EHLO lps\r\nMAIL FROM:<a@exemple.fr>\r\nDATA\r\n"),
        mail(zip({ "IHE_XDM.ZIP": zip({ "DOC.XML": content }) }), "base64"),
        Buffer.from(".\r\nQUIT\r\n"),
      ]),
  },
];

const BEFORE = Buffer.from("GET / HTTP/1.1\r\n\r\n");

/** A recording of one connection with two exchanges; the second is the message. */
function recordingOf(message: Buffer, operation: string): { view: RecordingView; files: Map<string, Uint8Array> } {
  const stream = Buffer.concat([BEFORE, message]);
  const exchange = (id: string, name: string, start: number, end: number): Exchange => ({
    id,
    connection: "c0001",
    direction: "in",
    service: "dmp",
    operation: name,
    scenario: "essai#1",
    startedAt: "2026-11-22T06:00:00.000Z",
    endedAt: "2026-11-22T06:00:00.100Z",
    request: { stream: "c0001.in", start, end },
    response: null,
    complete: true,
    faults: [],
    requestBytes: stream.subarray(start, end),
    responseBytes: null,
    conn: null,
  });
  const exchanges = [
    exchange("x0001", "psc.discovery", 0, BEFORE.length),
    exchange("x0002", operation, BEFORE.length, stream.length),
  ];
  const meta = { format: "segur-recording/1", id: "essai" } as unknown as RecordingView["meta"];
  return {
    view: { meta, connections: [], exchanges, events: [], runs: [] },
    files: new Map([["recording/streams/c0001.in", stream]]),
  };
}

async function gate(
  message: Buffer,
  operation: string,
): Promise<{ blocked: readonly string[]; told: readonly string[] }> {
  const { view, files } = recordingOf(message, operation);
  try {
    const { told } = await demandFictitious(files, { view, identities, challenge: null, proofs: [] });
    return { blocked: [], told };
  } catch (error) {
    if (!(error instanceof SuiteError) || error.code !== "ERR_SEAL") throw error;
    const problems = error instanceof MistakesError ? error.problems : [];
    return { blocked: problems.map(({ where, what }) => `${where} ${what}`), told: [] };
  }
}

describe("private things in exchanges", function () {
  let plants: Plant[];
  before(async () => {
    plants = await makePlants();
  });

  for (const { name, operation, takes, asserts, make } of MESSAGES) {
    it(`are found in ${name}, and block or are told, with their place`, async () => {
      for (const plant of plants) {
        const text = plant.bytes.toString();
        if (takes === "text" && plant.is === "bytes") continue;
        if (name === "a header" && text.includes("\n")) continue;
        if (name === "an assertion's place" && plant.form !== "saml") continue;
        const message = make(plant.bytes);
        const { blocked, told } = await gate(message, operation);
        const what = `${plant.name} in ${name}`;
        // A real card's never stands there by right.
        const own = asserts && plant.form === "saml" && plant.inExchange === "told" ? null : plant.inExchange;
        const [some, none] = own === "blocks" ? [blocked, told] : [told, blocked];
        expect(none, what).to.deep.equal([]);
        if (own === null) expect(some, what).to.deep.equal([]);
        else expect(some.length, what).to.be.greaterThan(0);
        for (const line of some) {
          const at = /^recording\/streams\/c0001\.in:(\d+) \(x0002 ([\w.]+), essai#1\)/.exec(line);
          expect(at?.[2], line).to.equal(operation);
          expect(Number(at?.[1]), line).to.be.within(BEFORE.length, BEFORE.length + message.length);
        }
        const plain = message.indexOf(plant.bytes);
        if (own === "blocks" && plain >= 0 && (plant.kind === "ins" || plant.kind === "rpps")) {
          expect(blocked[0], what).to.include(`c0001.in:${BEFORE.length + plain} (`);
        }
      }
    });
  }

  it("are named with what to do: an exchange is never redacted, a proof may be replaced", async () => {
    const { view, files } = recordingOf(Buffer.from(`GET /?ins=${INS} HTTP/1.1\r\n\r\n`), "ins.search");
    files.set("proofs/0001-1.txt", Buffer.from(jwt({ sub: "x" })));
    const proofs = [{ id: "MSS/CONF.16.01.01", name: "journal.txt", file: "proofs/0001-1.txt" }];
    let mends: readonly string[] = [];
    let places: readonly string[] = [];
    try {
      await demandFictitious(files, { view, identities, challenge: null, proofs });
    } catch (error) {
      if (!(error instanceof MistakesError)) throw error;
      mends = error.problems.map(({ mend }) => mend);
      places = error.problems.map(({ where }) => where);
    }
    expect(places).to.deep.equal([
      "proofs/0001-1.txt:0 (MSS/CONF.16.01.01, journal.txt)",
      `recording/streams/c0001.in:${BEFORE.length + 10} (x0002 ins.search, essai#1)`,
    ]);
    expect(mends).to.deep.equal([
      "Replace this proof by one without it (segur proof RUN --remove, then --add), seal again, and revoke what was shown.",
      "Run again with the fictitious identities of the suite only.",
    ]);
  });
});

describe("what the recording knows", function () {
  let view: RecordingView;
  let files: Map<string, Uint8Array>;
  before(async () => {
    const { folder } = await goodRun();
    const recording = recordingFolder(folder.recording);
    view = loadRecording(recording);
    files = new Map(recording.names().map((name) => [`recording/${name}`, recording.read(name) ?? new Uint8Array()]));
  });

  const textOf = (operation: string, side: "requestBytes" | "responseBytes", part: RegExp): string => {
    for (const exchange of view.exchanges) {
      if (exchange.operation !== operation) continue;
      const hit = part.exec(Buffer.from(exchange[side] ?? []).toString("latin1"));
      if (hit) return hit[1] ?? "";
    }
    throw new Error(`nothing like it in ${operation}`);
  };

  it("is no leak in its exchanges: a faithful run against the mock services is told nothing of", async () => {
    expect(await demandFictitious(files, { view, identities, challenge: null, proofs: [] })).to.deep.equal({
      unseen: [],
      told: [],
    });
  });

  it("is no leak in a proof: its tokens, credentials and assertions", async () => {
    const known = knownOf(view, identities, null);
    const access = textOf("psc.token", "responseBytes", /"access_token":"([^"]+)"/);
    const refresh = textOf("psc.token", "responseBytes", /"refresh_token":"([^"]+)"/);
    const basic = textOf("psc.token", "requestBytes", /Basic (\S+)/i);
    const vihf = textOf("dmp.submit", "requestBytes", /(<saml:Assertion[^]*<\/saml:Assertion>)/);
    const logs = [`Bearer ${access}`, `refresh_token=${refresh}`, `Authorization: Basic ${basic}`, vihf];
    for (const log of logs) {
      const proof = new Map([["log.txt", Buffer.from(log)]]);
      expect((await findPrivate(proof, known)).map(brief), log.slice(0, 40)).to.deep.equal([]);
    }
    // Without the recording nobody knows them, and what can be told from themselves is.
    const strange = await findPrivate(new Map(logs.map((log, i) => [`${i}`, Buffer.from(log)])), nobody);
    expect(strange.map(brief)).to.deep.equal(["told token jwt", "blocks token refresh_token", "blocks token basic"]);
  });

  it("is what our mock signed, even where it issued it in no answer of this recording", async () => {
    const access = textOf("psc.token", "responseBytes", /"access_token":"([^"]+)"/);
    const known = { ...knownOf(view, identities, null), tokens: new Set<string>() };
    expect(known.signers.length).to.be.greaterThan(0);
    expect(await findPrivate(new Map([["a", Buffer.from(access)]]), known)).to.deep.equal([]);
    const forged = `${access.slice(0, -6)}AAAAAA`;
    expect((await findPrivate(new Map([["a", Buffer.from(forged)]]), known)).map(brief)).to.deep.equal([
      "told token jwt",
    ]);
  });

  it("is not what the vendor sent and the mock repeated", async () => {
    const token = jwt({ iss: "https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet" });
    const { blocked } = await gate(Buffer.from(`GET /auth?state=${token} HTTP/1.1\r\n\r\n`), "psc.authorize");
    expect(blocked).to.have.lengthOf(1);
    expect(blocked[0]).to.include("a token (JWT) that the mock services did not issue: eyJh…");
  });

  it("is a token issued here under the name of a national host: the vendor may give our mock such a name", async () => {
    const token = jwt({ iss: "https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet" });
    const call = Buffer.from(`GET /userinfo HTTP/1.1\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    const { view: seen, files: sent } = recordingOf(call, "psc.userinfo");
    const [first, ...others] = seen.exchanges;
    if (!first) throw new Error("no exchange");
    const issued = http("HTTP/1.1 200 OK", Buffer.from(JSON.stringify({ access_token: token })));
    const exchanges = [{ ...first, operation: "psc.token", responseBytes: issued }, ...others];
    const facts = { identities, challenge: null, proofs: [] };
    const report = await demandFictitious(sent, { ...facts, view: { ...seen, exchanges } });
    expect(report).to.deep.equal({ unseen: [], told: [] });
    expect((await gate(call, "psc.userinfo")).blocked).to.have.lengthOf(1);
  });

  it("is a client assertion and a client secret at the token endpoint, and nowhere else", async () => {
    const own = jwt({ iss: "demo-lgc", sub: "demo-lgc", aud: "https://localhost/token" });
    const body = Buffer.from(`grant_type=authorization_code&client_assertion=${own}&client_secret=Zz9-secret-du-test`);
    const message = http("POST /token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded", body);
    expect(await gate(message, "psc.token")).to.deep.equal({ blocked: [], told: [] });
    expect((await gate(message, "psc.unexpected")).told).to.have.lengthOf(1);
  });
});

describe("mailboxes, archives and members that cannot be opened", () => {
  it("are told, not blocked", async () => {
    const closed = Buffer.from(zipSync({ "a.txt": strToU8(`NIR ${INS}`) }, { level: 6 }));
    closed.writeUInt16LE(1, 6); // the flag of encryption
    const { view, files } = recordingOf(Buffer.from("GET / HTTP/1.1\r\n\r\n"), "psc.discovery");
    files.set("proofs/0001-1.zip", closed);
    const { unseen } = await demandFictitious(files, { view, identities, challenge: null, proofs: [] });
    expect(unseen).to.deep.equal(["proofs/0001-1.zip:0 zip:a.txt [encrypted]"]);
  });
});
