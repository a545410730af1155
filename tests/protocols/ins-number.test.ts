import { createHash, randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { nirKey } from "../../protocols/ins.js";
import { findRealLookingIns, type InsScan, numbersIn, realInsIn } from "../../protocols/ins-number.js";
import { ENCODINGS, type Encoding } from "../support/encodings.js";

/** Nobody's, but nothing in it says so: the commune exists. Made for these tests. */
const NUMBER = withKey("1850478006084");

function withKey(number: string): string {
  return `${number}${nirKey(number) ?? ""}`;
}

function scan(text: string | Uint8Array, fictitious: readonly string[] = []): InsScan {
  const bytes = typeof text === "string" ? Buffer.from(text, "utf8") : text;
  return findRealLookingIns(bytes, { fictitious: new Set(fictitious) });
}

const [N, KEY] = [NUMBER.slice(0, 13), NUMBER.slice(13)];
const SPACED = `1 85 04 78 006 084 ${KEY}`;

describe("numbers that could be a real person's", () => {
  const WRITTEN: Readonly<Record<string, string>> = {
    "in one piece": NUMBER,
    "after a colon": `NIR:${NUMBER};`,
    "in an XML attribute": `<id root="1.2.250.1.213.1.4.8" extension="${NUMBER}"/>`,
    "in HL7": `PID|||${NUMBER}^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.8&ISO^INS`,
    "at the end of a sentence": `Le numéro ${NUMBER}.`,
    "after a letter with an accent": `é${NUMBER}`,
    "with spaces": SPACED,
    "with no-break spaces": SPACED.replaceAll(" ", "\u00a0"),
    "with narrow no-break spaces": SPACED.replaceAll(" ", "\u202f"),
    "with mixed spaces": SPACED.replace(" ", "\u00a0"),
    "with dots": SPACED.replaceAll(" ", "."),
    "with hyphens": SPACED.replaceAll(" ", "-"),
    "as a form writes spaces": SPACED.replaceAll(" ", "+"),
    "the key apart": `${N} ${KEY}`,
    "the key after a slash": `${N} / ${KEY}`,
    "the key in brackets": `${N} (${KEY})`,
    "the key after its word": `1 85 04 78 006 084 clé ${KEY}`,
    "the key in an element of its own": `<NumIdentifiant>${N}</NumIdentifiant><Cle>${KEY}</Cle>`,
    "the key in an element with a numbered prefix": `<ns2:NumIdentifiant>${N}</ns2:NumIdentifiant>\n  <ns2:Cle>${KEY}</ns2:Cle>`,
    "the key in a member of its own": `{"numero":"${N}","cleNir":"${KEY}"}`,
    "born in Corsica": withKey("185042A006084"),
    "born in Corsica, small letters": withKey("185042B006084").toLowerCase(),
    "born in Corsica, in groups": withKey("185042A006084").replace(
      /^(.)(..)(..)(..)(...)(...)(..)$/,
      "$1 $2 $3 $4 $5 $6 $7",
    ),
    "born overseas": withKey("2850497411001"),
    "born abroad": withKey("2850499352001"),
    "born abroad, nobody knows where": withKey("2850499999001"),
    "month unknown": withKey("1853078006084"),
    "in a datamatrix": `IS010000000000000000000000S1${NUMBER}S21.2.250.1.213.1.4.8S3JEAN`,
    "after a line break in JSON": `{"text":"ligne\\n${NUMBER}"}`,
  };
  for (const [name, text] of Object.entries(WRITTEN)) {
    it(`sees one ${name}`, () => {
      expect(scan(text).found, text).to.have.lengthOf(1);
    });
  }

  it("sees Latin-1 no-break spaces", () => {
    expect(scan(Buffer.from(SPACED.replaceAll(" ", "\u00a0"), "latin1")).found).to.have.lengthOf(1);
  });

  const OTHERS: Readonly<Record<string, string>> = {
    "a wrong key": `${N}${String((Number(KEY) % 97) + 1).padStart(2, "0")}`,
    "no key": `${N} and nothing`,
    "a key far from it": `${N}${" ".repeat(120)}${KEY}`,
    "other digits where the key would be": `{"at":${N},"article":${KEY}}`,
    "sex 3": withKey("3850478006084"),
    "a provisional number, sex 7": withKey("7850478006084"),
    "month 13": withKey("1851378006084"),
    "month 00": withKey("1850078006084"),
    "a part of a longer run of digits": `9${NUMBER}`,
    "a run that goes on": `${NUMBER}0`,
    "glued to letters": `ID${NUMBER}`,
    "letters glued to it": `${NUMBER}x`,
    "the last arc of an OID": `1.2.250.1.${NUMBER}`,
    "an arc inside an OID": `${NUMBER}.4.1`,
    "a fraction": `0.${NUMBER}`,
    "groups with different separators": `1 85-04 78 006 084 ${KEY}`,
    "groups of other widths": `1 850 478 006 084 ${KEY}`,
    "the commune that nobody has": withKey("1850478999084"),
    "the commune that nobody has, in Corsica": withKey("185042A999084"),
  };
  for (const [name, text] of Object.entries(OTHERS)) {
    it(`leaves alone ${name}`, () => {
      expect(scan(text).found, text).to.deep.equal([]);
    });
  }

  it("leaves alone numbers known to be nobody's, in capitals", () => {
    const corsican = withKey("185042A006084");
    expect(scan(`${NUMBER} ${corsican.toLowerCase()}`, [NUMBER, corsican]).found).to.deep.equal([]);
    expect(scan(NUMBER, [corsican]).found).to.have.lengthOf(1);
  });

  it("says where, and shows no more than three characters", () => {
    const text = `12345 ${NUMBER}`;
    expect(scan(text).found).to.deep.equal([{ offset: 6, shown: `1${"·".repeat(12)}${KEY}`, via: [] }]);
    const mail = Buffer.from(`body\r\n\r\n${Buffer.from(text).toString("base64")}\r\n`);
    expect(scan(mail).found).to.deep.equal([{ offset: 16, shown: `1${"·".repeat(12)}${KEY}`, via: ["base64"] }]);
  });

  it("tells once what stands in a text and in the same text without its escapes", () => {
    expect(scan(`${NUMBER} &amp; a %20 text`).found).to.have.lengthOf(1);
    expect(scan(`${NUMBER} &amp; ${NUMBER}`).found).to.have.lengthOf(2);
  });

  it("names the file", () => {
    const files: [string, Uint8Array][] = [
      ["a.txt", Buffer.from("nothing")],
      ["b.txt", Buffer.from(NUMBER)],
    ];
    const { found, unseen } = realInsIn(files, { fictitious: new Set() });
    expect(found.map(({ file, offset }) => `${file}:${offset}`)).to.deep.equal(["b.txt:0"]);
    expect(unseen).to.deep.equal([]);
  });

  it("lists no more than a hundred", () => {
    expect(scan(`${NUMBER} `.repeat(500)).found).to.have.lengthOf(100);
  });

  /** A number of a mother, father or child that could exist, in one of the usual written forms. */
  const written = fc
    .record({
      sex: fc.constantFrom("1", "2"),
      year: fc.integer({ min: 0, max: 99 }),
      month: fc.integer({ min: 1, max: 12 }),
      department: fc.constantFrom("01", "2A", "2B", "13", "75", "95", "97", "99"),
      commune: fc.integer({ min: 1, max: 990 }),
      order: fc.integer({ min: 1, max: 999 }),
      form: fc.constantFrom("", " ", "\u00a0", "-"),
    })
    .map(({ sex, year, month, department, commune, order, form }) => {
      const two = (value: number) => String(value).padStart(2, "0");
      const three = (value: number) => String(value).padStart(3, "0");
      const groups = [sex, two(year), two(month), department, three(commune), three(order)];
      return [...groups, nirKey(groups.join("")) ?? ""].join(form);
    });

  /** Encodings one inside another, each able to take what the one before gives. */
  const chains = fc.array(fc.nat(), { minLength: 0, maxLength: 4 }).map((picks) => {
    let kind: "bytes" | "text" = "text";
    const chain: Encoding[] = [];
    for (const pick of picks) {
      const able = ENCODINGS.filter(({ takes }) => takes === "bytes" || kind === "text");
      const encoding = able[pick % able.length];
      if (!encoding) continue;
      chain.push(encoding);
      if (encoding.gives !== "same") kind = encoding.gives;
    }
    return chain;
  });

  /** Words around it, so that it is a text and neither end touches the number. */
  const around = fc.array(fc.constantFrom("le", "patient", "né", "en", "<b>", "a=b", "100%", "R&D", "\\", "{"), {
    maxLength: 30,
  });

  it("is found through any chain of encodings", () => {
    fc.assert(
      fc.property(written, chains, around, around, (number, chain, before, after) => {
        const text = `${before.join(" ")}\n${number}\n${after.join(" ")}`;
        // Escapes that stand for a character take ASCII only.
        const plain = chain.some(({ takes }) => takes === "text") ? text.replace(/[^\n -~]/g, " ") : text;
        const bytes = chain.reduce(
          (content, encoding) => Buffer.concat([Buffer.from("x: "), encoding.encode(content), Buffer.from("\r\n")]),
          Buffer.from(plain, "utf8"),
        );
        const { found, unseen } = scan(bytes);
        expect(unseen).to.deep.equal([]);
        const told = `${chain.map(({ name }) => name).join(" in ")}: ${JSON.stringify(plain)}`;
        // In UTF-16 it may be told twice, once per byte order.
        expect(new Set(found.map(({ shown }) => shown)), told).to.deep.equal(
          new Set([`${number.charAt(0)}${"·".repeat(12)}${number.slice(-2)}`]),
        );
      }),
      { numRuns: 1500 },
    );
  });

  /** Noise that depends on nothing but its name: the counts below are facts, not chances. */
  function noise(name: string, size: number): Buffer {
    const blocks: Buffer[] = [];
    for (let i = 0; i * 32 < size; i += 1) blocks.push(createHash("sha256").update(`${name} ${i}`).digest());
    return Buffer.concat(blocks).subarray(0, size);
  }

  it("is not found in random hexadecimal, base64, UUIDs, OIDs and times", function () {
    const bytes = noise("noise", 1_500_000);
    const uuids = Array.from({ length: 40_000 }, (_, i) => {
      const hex = bytes.toString("hex", i * 16, i * 16 + 16);
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    });
    const oids = Array.from({ length: 40_000 }, (_, i) => {
      const hex = bytes.toString("hex", i * 16, i * 16 + 16);
      return `2.25.${BigInt(`0x${hex}`)} 1.2.250.1.${bytes.readUInt32BE(i * 8)}.${bytes.readUInt32BE(i * 8 + 4)}`;
    });
    const times = Array.from({ length: 40_000 }, (_, i) => {
      const at = new Date(1.6e12 + bytes.readUInt32BE(i * 4) * 40);
      return `${at.getTime()} ${at.toISOString()} ${at.toISOString().replace(/\D/g, "").slice(0, 14)}+0100`;
    });
    for (const text of [
      bytes.toString("hex"),
      bytes.toString("base64"),
      uuids.join("\n"),
      oids.join("\n"),
      times.join("\n"),
    ]) {
      expect(scan(text).found.map(({ offset }) => text.slice(offset - 5, offset + 25))).to.deep.equal([]);
    }
  });

  it("is found in random numbers of 15 digits as often as the key allows", () => {
    const bytes = noise("digits", 8 * 200_000);
    let hits = 0;
    for (let i = 0; i < 200_000; i += 1) {
      const digits = String(bytes.readBigUInt64BE(i * 8) % 10n ** 15n).padStart(15, "0");
      hits += [...numbersIn(Buffer.from(digits))].length;
    }
    // Two sexes of ten, 92 months of a hundred, one key of a hundred: 0.18 % of numbers drawn blindly.
    expect(hits / 200_000).to.be.within(0.0016, 0.0021);
  });

  it("never throws, whatever the bytes", () => {
    for (let i = 0; i < 300; i += 1) expect(() => scan(randomBytes(500))).not.to.throw();
  });
});
