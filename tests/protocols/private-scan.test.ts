import { createHash, generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import { scanPrivate } from "../../protocols/private-scan.js";
import { hasLuhnKey, rppsNumbersIn } from "../../protocols/rpps-number.js";
import { secretKeysIn } from "../../protocols/secret-keys.js";
import { secretTokensIn } from "../../protocols/secret-tokens.js";
import { ENCODINGS } from "../support/encodings.js";
import {
  assertion,
  cardCertificate,
  INS,
  javaKeyStore,
  jwt,
  makePlants,
  opaque,
  type Plant,
  RPPS,
  withLuhn,
} from "../support/private-plants.js";

/** `kind form offset via` of everything recognised. */
function all(bytes: Uint8Array | string): string[] {
  const { found } = scanPrivate(Buffer.from(bytes), { judge: () => "blocks" });
  return found.map(({ kind, form, offset, via }) => [kind, form, offset, ...via].join(" "));
}

const rppsOf = (text: string): string[] => {
  return [...rppsNumbersIn(Buffer.from(text))].map(
    ({ rpps, form, named }) => `${rpps} ${form}${named ? " named" : ""}`,
  );
};
const tokensOf = (text: string): string[] => [...secretTokensIn(text)].map(({ form, value }) => `${form} ${value}`);
const keysOf = (bytes: Buffer): string[] => [...secretKeysIn(bytes, bytes.toString("latin1"))].map(({ form }) => form);

describe("numbers that could be an RPPS", () => {
  const SEEN: Readonly<Record<string, readonly [string, string]>> = {
    "eleven digits": [`n° ${RPPS}.`, `${RPPS} bare`],
    "after its word": [`RPPS : ${RPPS}`, `${RPPS} bare named`],
    "in groups after its word": [`RPPS n° ${RPPS.replace(/..(?=.)/g, "$& ")}`, `${RPPS} bare named`],
    "with no-break spaces after its word": [`rpps:${RPPS.replace(/...(?=.)/g, "$&\u00a0")}`, `${RPPS} bare named`],
    "as national identifier": [`<id root="1.2.250.1.71.4.2.1" extension="8${RPPS}"/>`, `${RPPS} idnat named`],
    "in HL7": [`ROL|||8${RPPS}^NOM^PRENOM^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS`, `${RPPS} idnat named`],
    "in FHIR": [`"system":"https://rpps.esante.gouv.fr","value":"${RPPS}"`, `${RPPS} bare named`],
    "in a subject of PSC": [`"sub":"f:0b6f6c1e-0000-4000-8000-000000000001:8${RPPS}"`, `${RPPS} idnat`],
    "of an employee": [`6${RPPS}/AGENT00001`, `${RPPS} employee`],
    "of a structure": [`OU=4${RPPS}001,`, `${RPPS} structure`],
  };
  for (const [name, [text, expected]] of Object.entries(SEEN)) {
    it(`are seen ${name}`, () => expect(rppsOf(text), text).to.deep.equal([expected]));
  }

  const wrong = `${RPPS.slice(0, 10)}${(Number(RPPS.slice(10)) + 1) % 10}`;
  const OTHERS: Readonly<Record<string, string>> = {
    "a wrong key": wrong,
    "a part of a longer number": `${RPPS}00`,
    "an arc of an OID": `1.2.250.${RPPS}`,
    "an OID that goes on": `${RPPS}.1`,
    "the end of a UUID": `3b87a27e-fad2-4ba9-8b50-8${RPPS}`,
    "glued to letters": `x${RPPS} ${RPPS}x`,
    "twelve digits with another prefix": `7${RPPS}`,
    "fifteen digits with another prefix": `5${RPPS}001`,
    "groups without the word": RPPS.replace(/..(?=.)/g, "$& "),
  };
  for (const [name, text] of Object.entries(OTHERS)) {
    it(`are not: ${name}`, () => expect(rppsOf(text), text).to.deep.equal([]));
  }

  it("have the key of Luhn, as the published test cards have", () => {
    for (const card of ["99700218896", "99700245667", "99700296140"]) expect(hasLuhnKey(card), card).to.equal(true);
    expect(hasLuhnKey("99700218895")).to.equal(false);
  });
});

describe("tokens", () => {
  const token = opaque();
  const SEEN: Readonly<Record<string, readonly [string, string]>> = {
    "an access token in JSON": [`{"access_token":"${token}"}`, `access_token ${token}`],
    "one in JSON inside JSON": [`{\\"access_token\\":\\"${token}\\"}`, `access_token ${token}`],
    "a refresh token in a form": [`grant_type=refresh_token&refresh_token=${token}&x=1`, `refresh_token ${token}`],
    "a refresh token in YAML": [`refresh_token: ${token}`, `refresh_token ${token}`],
    "a header": [`Authorization: Bearer ${token}\r\n`, `bearer ${token}`],
    "a client secret": [`"client_secret" : "Zz9-secret"`, "client_secret Zz9-secret"],
    "Basic credentials": ["Authorization: Basic bGdjOkEyYjRjNmQ4\r\n", "basic bGdjOkEyYjRjNmQ4"],
    "a password in an address": ["postgres://lgc:Zz9secret@db:5432/", "password Zz9secret"],
  };
  for (const [name, [text, expected]] of Object.entries(SEEN)) {
    it(`are seen: ${name}`, () => expect(tokensOf(text), text).to.deep.equal([expected]));
  }

  const OTHERS: Readonly<Record<string, string>> = {
    "words about them": "Bearer authentication; the access_token is a token; Basic authentication scheme",
    "metadata of a provider": `{"access_token":null,"token_endpoint_auth_methods":["client_secret_basic","client_secret_post"]}`,
    "a placeholder": `client_secret=xxxxxxxxxx access_token=<token> Bearer YOUR_TOKEN_HERE_1 refresh_token=********************`,
    "a shortened token": "Authorization: Bearer eyJhbGciOiJSUzI1Ni...",
    code: "form.set('client_secret', psc.secret); client_secret: config.secret1",
    "an address with a port": "https://exemple.fr:8443/chemin@truc",
    "the examples of a maker": "AKIAIOSFODNN7EXAMPLE",
    "three words with dots": "eyJhb.eyJzd.sig and www.exemple.fr",
    "a schema of assertions": `<xs:element name="Assertion"/> <saml:Assertion> urn:oasis:names:tc:SAML:2.0:assertion`,
  };
  for (const [name, text] of Object.entries(OTHERS)) {
    it(`are not: ${name}`, () => expect(tokensOf(text), text).to.deep.equal([]));
  }

  it("that are JWT are told once, with their issuer", () => {
    const value = jwt({ iss: "https://exemple.fr" });
    for (const text of [`Bearer ${value}`, `{"access_token":"${value}"}`, `a=${value}&b`, `jeton ${value}.`]) {
      const found = [...secretTokensIn(text)];
      expect(found.map(({ form, value: seen, issuer }) => [form, seen, issuer])).to.deep.equal([
        ["jwt", value, "https://exemple.fr"],
      ]);
    }
  });

  it("that are not signed are JWT too", () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const value = `${part({ alg: "none" })}.${part({ sub: "x" })}.`;
    expect(tokensOf(`id_token_hint=${value}&`)).to.deep.equal([`jwt ${value}`]);
  });

  it("that are assertions say what their certificate is", async () => {
    for (const [cardType, signer] of [
      [0x03, "production"],
      [0x83, "test"],
      [null, "other"],
    ] as const) {
      const [found] = [...secretTokensIn(assertion(await cardCertificate(cardType)))];
      expect(found?.signer, String(cardType)).to.equal(signer);
    }
    const [unsigned] = [...secretTokensIn(assertion(null))];
    expect(unsigned?.signer).to.equal(null);
  });
});

describe("private keys", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

  it("are not: public keys, certificates, words about them, empty examples", async () => {
    const others = [
      publicKey.export({ type: "spki", format: "pem" }).toString(),
      JSON.stringify(publicKey.export({ format: "jwk" })),
      '{"kty":"RSA","n":"abc"} and {"d":"abcdefghijklmnopqrstuvwxyz"}',
      "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----",
      "-----BEGIN PRIVATE KEY-----\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n-----END PRIVATE KEY-----",
      "the file begins with -----BEGIN RSA PRIVATE KEY----- and is base64",
    ].map((text) => Buffer.from(text));
    const binaries = [
      publicKey.export({ type: "spki", format: "der" }),
      publicKey.export({ type: "pkcs1", format: "der" }),
      await cardCertificate(0x83),
      javaKeyStore(2),
    ];
    for (const bytes of [...others, ...binaries]) expect(all(bytes), bytes.toString("latin1", 0, 60)).to.deep.equal([]);
  });

  it("are one, where a store holds keys", () => {
    const der = privateKey.export({ type: "pkcs8", format: "der" });
    expect(keysOf(Buffer.concat([Buffer.from("before"), der, der]))).to.deep.equal(["pkcs8", "pkcs8"]);
  });
});

describe("private things, each in each encoding", function () {
  let plants: Plant[];
  before(async () => {
    plants = await makePlants();
  });

  it("are recognised as they are, at their place, and never shown whole", () => {
    for (const { name, kind, form, bytes } of plants) {
      const { found } = scanPrivate(Buffer.concat([Buffer.from("avant\n"), bytes, Buffer.from("\naprès\n")]), {
        judge: () => "blocks",
      });
      expect(
        found.map((one) => `${one.kind} ${one.form}`),
        name,
      ).to.deep.equal([`${kind} ${form}`]);
      const [one] = found;
      expect(one?.offset, name).to.be.within(6, 6 + bytes.length);
      if (kind !== "key") expect(one?.shown, name).to.match(/…|·{5}/);
    }
  });

  it("are found through every encoding", () => {
    for (const { name, kind, form, bytes, is } of plants) {
      for (const encoding of ENCODINGS) {
        // Cut in the middle of words, a token is no token.
        if (encoding.takes === "text" && is === "bytes") continue;
        if (encoding.name === "cut-by-tags" && kind !== "ins" && kind !== "rpps") continue;
        const encoded = Buffer.concat([
          Buffer.from("x: "),
          encoding.encode(
            Buffer.concat([
              Buffer.from("texte avant\n"),
              bytes,
              Buffer.from("\ntexte après\n".normalize("NFD").replace(/[^\n -~]/g, "")),
            ]),
          ),
          Buffer.from("\r\n"),
        ]);
        const found = all(encoded).filter((one) => one.startsWith(`${kind} ${form} `));
        expect(found, `${name} in ${encoding.name}`).not.to.deep.equal([]);
      }
    }
  });
});

describe("private things in noise", () => {
  function noise(name: string, size: number): Buffer {
    const blocks: Buffer[] = [];
    for (let i = 0; i * 32 < size; i += 1) blocks.push(createHash("sha256").update(`${name} ${i}`).digest());
    return Buffer.concat(blocks).subarray(0, size);
  }

  it("are not found in random bytes, hexadecimal, base64 and UUIDs", function () {
    const bytes = noise("noise", 1_000_000);
    const uuids = Array.from({ length: 40_000 }, (_, i) => {
      const hex = bytes.toString("hex", i * 16, i * 16 + 16);
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    });
    for (const text of [
      bytes,
      bytes.toString("hex"),
      bytes.toString("base64"),
      bytes.toString("base64url"),
      uuids.join("\n"),
    ]) {
      expect(all(text)).to.deep.equal([]);
    }
  });

  it("an RPPS is found in random digits as often as its key allows", () => {
    const bytes = noise("digits", 8 * 200_000);
    let hits = 0;
    for (let i = 0; i < 200_000; i += 1) {
      const digits = String(bytes.readBigUInt64BE(i * 8) % 10n ** 11n).padStart(11, "0");
      for (const { rpps } of rppsNumbersIn(Buffer.from(digits))) if (rpps.startsWith("10")) hits += 1;
    }
    // One key of ten, two digits of a hundred: 0.1 %.
    expect(hits / 200_000).to.be.within(0.0007, 0.0013);
  });

  it("never throws, whatever the bytes", () => {
    for (let i = 0; i < 200; i += 1) expect(() => all(noise(`bytes ${i}`, 700))).not.to.throw();
    for (const head of ["3082", "30820000", "feedfeed00000002", "cececece00000002ffffffff", "95", "c5ff", "30800201"]) {
      for (let i = 0; i < 40; i += 1) {
        const bytes = Buffer.concat([Buffer.from(head, "hex"), noise(`${head} ${i}`, i)]);
        expect(() => all(bytes), bytes.toString("hex")).not.to.throw();
      }
    }
  });
});

describe("numbers cut by tags, or in scientific notation", () => {
  const cut = (between: string): string => `${INS.slice(0, 5)}${between}${INS.slice(5)}`;
  const SEEN: Readonly<Record<string, string>> = {
    "runs of a word processor": `<w:t>${cut('</w:t></w:r><w:r w:rsidR="00AB12CD"><w:rPr><w:b/><w:lang w:val="fr-FR"/></w:rPr><w:t>')}</w:t>`,
    "runs laid out on lines": `<w:t>${cut('</w:t>\n  </w:r>\n  <w:proofErr w:type="spellStart"/>\n  <w:r>\n    <w:t xml:space="preserve">')}</w:t>`,
    "emphasis in HTML": `<p>${cut("<b>")}</b></p>`,
    "spans of an OpenDocument": `<text:p>${cut('</text:span><text:span text:style-name="T1">')}</text:p>`,
    "shared strings of a workbook": `<si><r><t>${cut("</t></r><r><rPr><b/></rPr><t>")}</t></r></si>`,
    "the narrative of a CDA": `<paragraph>${cut('<content styleCode="Bold">')}</content></paragraph>`,
    "groups in spans": `<span>1 85 04 </span><span>78 006 084 ${INS.slice(13)}</span>`,
  };
  for (const [name, text] of Object.entries(SEEN)) {
    it(`are seen: ${name}`, () => {
      const found = all(text).filter((one) => one.startsWith("ins "));
      expect(found, text).to.have.lengthOf(1);
      const digit = name === "groups in spans" ? text.indexOf("1 85") : text.indexOf(INS.slice(0, 5));
      expect(found[0]).to.equal(`ins ins ${digit} cut-by-tags`);
    });
  }

  it("are not: cells, paragraphs, lines", () => {
    for (const between of [
      "</td><td>",
      "</w:t></w:r></w:p><w:p><w:r><w:t>",
      "<br/>",
      "</v></c><c><v>",
      "</li>\n<li>",
      "</b>,<b>",
    ]) {
      expect(all(`<p>${cut(between)}</p>`), between).to.deep.equal([]);
    }
  });

  it("are seen as a library writes large numbers of a workbook", () => {
    const written = `${INS.slice(0, 1)}.${INS.slice(1)}E14`;
    expect(all(`<c><v>${written}</v></c>`)).to.deep.equal(["ins ins 6 scientific-notation"]);
    // Zeros at the end are left out.
    const round = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]
      .map((order) => withLuhn(`10999${String(order).padStart(5, "0")}`))
      .find((number) => number.endsWith("0"));
    if (round !== undefined) {
      const short = `${round.slice(0, 1)}.${round.slice(1).replace(/0+$/, "")}E10`;
      expect(all(`<v>${short}</v>`)).to.deep.equal(["rpps bare 3 scientific-notation"]);
    }
    expect(all(`<v>1${written}</v><v>${written}5</v><v>0.${written}</v>`)).to.deep.equal([]);
  });
});
