import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { RunFolder, RunMeta } from "../../bin/run-folder.js";
import { createRecording } from "../../core/record/recorder.js";
import { NAMES, sha256 } from "../../core/seal/bundle/manifest.js";
import { generateKeyPem } from "../../core/seal/keys.js";
import { CANDIDATE, copyOfRun, goodRun, jsonOf, keyPair, unpack, verified } from "../support/bundle.js";
import { certificateAuthority } from "../support/certificates.js";
import { segurInProcess } from "../support/in-process.js";

describe("segur seal", function () {
  let folder: string;
  let good: string;
  let key: string;

  const put = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const out = (): string => path.join(folder, "b.segur.zip");
  before(async () => {
    good = (await goodRun()).folder.path;
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-seal-"));
    key = put("vendor.key", generateKeyPem("ed25519").privatePem);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe("writes a bundle", () => {
    it("beside the run's folder, and says its name and digest", async () => {
      const run = await copyOfRun();
      const { code, stdout, stderr } = await segurInProcess(["seal", run.path, "--key", key]);
      expect(code, stderr).to.equal(0);
      const file = `${run.path}.segur.zip`;
      const bytes = readFileSync(file);
      expect(stdout).to.include(file).and.to.include(sha256(bytes));
      expect((await verified(bytes)).status).to.equal("equal");
    });

    it("where asked, with the facts as JSON", async () => {
      const { code, stdout } = await segurInProcess(["seal", good, "--key", key, "-o", out(), "--json"]);
      expect(code).to.equal(0);
      const bytes = readFileSync(out());
      const { keyid } = (await verified(bytes)).signer ?? {};
      expect(JSON.parse(stdout)).to.deep.equal({ file: out(), sha256: sha256(bytes), size: bytes.length, keyid });
    });

    it("that is the same to the byte when sealed again", async () => {
      for (const name of ["a.segur.zip", "b.segur.zip"]) {
        await segurInProcess(["seal", good, "--key", key, "-o", path.join(folder, name)]);
      }
      const [a, b] = ["a", "b"].map((name) => readFileSync(path.join(folder, `${name}.segur.zip`)));
      expect(a && b && a.equals(b)).to.equal(true);
    });

    it("that holds recording, run, judged result and proofs, and nothing private of the run's folder", async () => {
      await segurInProcess(["seal", good, "--key", key, "-o", out()]);
      const files = await unpack(readFileSync(out()));
      const names = [...files.keys()].filter((name) => !name.startsWith("recording/"));
      expect(names).to.deep.equal([
        NAMES.attestation,
        NAMES.manifest,
        "proofs/0001-1.png",
        "proofs/0001-2.pdf",
        NAMES.result,
        NAMES.run,
        NAMES.signer,
      ]);
      for (const name of readdirSync(path.join(good, "recording"), { recursive: true, encoding: "utf8" })) {
        if (name !== "streams") expect(files.has(`recording/${name}`), name).to.equal(true);
      }
    });

    it("with the verdicts that judging gives, whatever result.json of the folder says", async () => {
      const run = await copyOfRun();
      const before = readFileSync(run.file("run.json"));
      writeFileSync(run.file("result.json"), '{"format":"segur-result/1","gate":{"checks":"passed"}}\n');
      const { code, stderr } = await segurInProcess(["seal", run.path, "--key", key, "-o", out()]);
      expect(code, stderr).to.equal(0);
      expect(jsonOf(await unpack(readFileSync(out())), NAMES.result)).to.have.property("perimeters");
      expect((await verified(readFileSync(out()))).status).to.equal("equal");
      expect(readFileSync(run.file("run.json")).equals(before), "the run's folder is left alone").to.equal(true);
    });

    it("signed with a certificate, whose chain goes with it", async () => {
      const root = await certificateAuthority({ subject: "CN=AC fictive" });
      const { privatePem, publicPem } = generateKeyPem("ecdsa-p256");
      const chain = (await root.issue({ subject: "CN=Éditeur fictif", publicPem })) + root.pem;
      const args = ["--key", put("c.key", privatePem), "--cert", put("chain.pem", chain), "-o", out()];
      const { code, stderr } = await segurInProcess(["seal", good, ...args]);
      expect(code, stderr).to.equal(0);
      const files = await unpack(readFileSync(out()));
      expect(Buffer.from(files.get(NAMES.signer) ?? "").toString()).to.equal(chain);
      expect((await verified(readFileSync(out()))).signer?.subject).to.equal("CN=Éditeur fictif");
    });

    it("in place of another with --force only", async () => {
      put("b.segur.zip", "what stood there");
      const refused = await segurInProcess(["seal", good, "--key", key, "-o", out()]);
      expect(refused.code).to.equal(2);
      expect(readFileSync(out(), "utf8")).to.equal("what stood there");
      const { code } = await segurInProcess(["seal", good, "--key", key, "-o", out(), "--force"]);
      expect(code).to.equal(0);
      expect((await verified(readFileSync(out()))).status).to.equal("equal");
    });
  });

  describe("refuses, writes nothing and says what, where and what to do", () => {
    interface Refused {
      readonly what: string;
      /** Options after `seal RUN`, `--key` left out where none is given. */
      readonly args: () => Promise<readonly string[]> | readonly string[];
      readonly run?: () => Promise<RunFolder>;
      readonly code: string;
      readonly fr: string;
      readonly en: string;
      /** Part of the line `where:`. */
      readonly where: string;
    }
    const keyed = (): readonly string[] => ["--key", key, "-o", out()];
    const withKey = (name: string, pem: () => string) => (): readonly string[] => {
      return ["--key", put(name, pem()), "-o", out()];
    };
    const withCertificate = async (pem: () => Promise<string> | string): Promise<readonly string[]> => {
      return [...keyed(), "--cert", put("cert.pem", await pem())];
    };
    const withProofs = (files: readonly string[]) => (): Promise<RunFolder> =>
      copyOfRun((meta) => {
        const { config, ...rest } = meta as unknown as RunMeta;
        const [id = ""] = Object.keys(config.proofs);
        return { ...rest, config: { ...config, proofs: { [id]: { files } } } };
      });

    const cases: readonly Refused[] = [
      {
        what: "a key that is not there",
        args: () => ["--key", path.join(folder, "nothing.key"), "-o", out()],
        code: "ERR_KEY",
        fr: "ce fichier n'existe pas",
        en: "there is no such file",
        where: "nothing.key",
      },
      {
        what: "an RSA key",
        args: withKey("rsa.key", () =>
          generateKeyPairSync("rsa", { modulusLength: 2048 })
            .privateKey.export({ type: "pkcs8", format: "pem" })
            .toString(),
        ),
        code: "ERR_KEY",
        fr: "la clé n'est ni Ed25519 ni ECDSA sur P-256",
        en: "the key is neither Ed25519 nor ECDSA on P-256",
        where: "rsa.key",
      },
      {
        what: "an encrypted key",
        args: withKey("locked.key", () =>
          createPrivateKey(generateKeyPem("ed25519").privatePem)
            .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" })
            .toString(),
        ),
        code: "ERR_KEY",
        fr: "la clé privée est chiffrée",
        en: "the private key is encrypted",
        where: "locked.key",
      },
      {
        what: "a public key",
        args: withKey("vendor.pub", () => generateKeyPem("ed25519").publicPem),
        code: "ERR_KEY",
        fr: "ce n'est pas une clé privée",
        en: "this is not a private key",
        where: "vendor.pub",
      },
      {
        what: "the certificate of another key",
        args: () =>
          withCertificate(async () => {
            const root = await certificateAuthority({ subject: "CN=AC fictive" });
            return root.issue({ subject: "CN=Un autre", publicPem: keyPair().pem });
          }),
        code: "ERR_KEY",
        fr: "le certificat n'est pas celui de la clé",
        en: "the certificate is not that of the key",
        where: "cert.pem",
      },
      {
        what: "a certificate that is none",
        args: () => withCertificate(() => "no certificate"),
        code: "ERR_KEY",
        fr: "ce n'est pas un certificat",
        en: "this is not a certificate",
        where: "cert.pem",
      },
      {
        what: "an output that stands already",
        args: () => ["--key", key, "-o", put("taken.zip", "")],
        code: "ERR_FILE",
        fr: "le fichier existe déjà",
        en: "the file is already there",
        where: "taken.zip",
      },
      {
        what: "an output in a folder that is not there",
        args: () => ["--key", key, "-o", path.join(folder, "nowhere", "b.zip")],
        code: "ERR_FILE",
        fr: "le fichier ne peut pas être écrit",
        en: "the file cannot be written",
        where: "nowhere",
      },
      {
        what: "a run in which nothing was executed",
        args: keyed,
        run: async () => {
          const run = await copyOfRun();
          const { id } = JSON.parse(readFileSync(run.file("run.json"), "utf8")) as RunMeta;
          rmSync(run.recording, { recursive: true });
          createRecording(run.recording, { id, candidate: CANDIDATE }).close();
          return run;
        },
        code: "ERR_SEAL",
        fr: "rien n'a été exécuté dans cette exécution",
        en: "nothing was executed in this run",
        where: "copy-",
      },
      {
        what: "a run made with another rule set",
        args: keyed,
        run: () => copyOfRun((meta) => ({ ...meta, ruleSet: "0".repeat(64) })),
        code: "ERR_RULE_SET",
        fr: "l'exécution a été faite avec un autre jeu de règles",
        en: "the run was made with another rule set",
        where: "copy-",
      },
      {
        what: "a proof whose file is gone",
        args: keyed,
        run: withProofs([path.join(tmpdir(), "segur-no-such-proof.png")]),
        code: "ERR_SEAL",
        fr: "un fichier de la preuve",
        en: "a file of the proof",
        where: "segur-no-such-proof.png",
      },
      {
        what: "a proof whose file is a folder",
        args: keyed,
        run: withProofs([tmpdir()]),
        code: "ERR_SEAL",
        fr: "n'est pas là, ou est trop grand",
        en: "is not there, or is too large",
        where: tmpdir(),
      },
      {
        what: "a recording that is damaged",
        args: keyed,
        run: async () => {
          const run = await copyOfRun();
          writeFileSync(path.join(run.recording, "events.jsonl"), "{\n{}\n");
          return run;
        },
        code: "ERR_RECORDING",
        fr: "",
        en: "",
        where: "events.jsonl",
      },
      {
        what: "a folder that is no run",
        args: keyed,
        run: async () => ({ ...(await copyOfRun()), path: mkdirIn(folder, "empty") }),
        code: "ERR_RUN_FOLDER",
        fr: "aucune exécution ne s'appelle",
        en: "no run named",
        where: "empty",
      },
    ];

    for (const { what, args, run, code, fr, en, where } of cases) {
      it(what, async () => {
        const name = run ? (await run()).path : good;
        const options = await args();
        const target = options[options.indexOf("-o") + 1] ?? "";
        const stood = existsSync(target);
        for (const [lang, words] of [
          ["fr", [fr, "où :", "que faire :"]],
          ["en", [en, "where:", "what to do:"]],
        ] as const) {
          const told = await segurInProcess(["seal", name, ...options, "--lang", lang]);
          expect(told.code, told.stderr).to.equal(2);
          expect(told.stdout).to.equal("");
          for (const word of [...words, `[${code}]`, where]) expect(told.stderr, lang).to.include(word);
          expect(told.stderr).to.not.match(/^\s+at /m);
        }
        expect(existsSync(target), "nothing is written").to.equal(stood);
        expect(readdirSync(folder).filter((entry) => entry.endsWith(".tmp"))).to.deep.equal([]);
      });
    }

    it("a call without key", async () => {
      const told = await segurInProcess(["seal", good, "--lang", "en"]);
      expect(told.code).to.equal(2);
      expect(told.stderr).to.include("--key");
    });
  });
});

function mkdirIn(folder: string, name: string): string {
  const made = path.join(folder, name);
  mkdirSync(made);
  return made;
}
