import { expect } from "chai";
import fc from "fast-check";
import { strToU8, unzipSync, zipSync } from "fflate";
import {
  cellKey,
  columnLetter,
  readSheets,
  readWorkbook,
  WORKBOOK_LIMITS,
  WorkbookRefused,
  writeWorkbook,
} from "../../protocols/workbook/index.js";
import { escapeCellText } from "../../protocols/workbook/text.js";
import { makeParts, makeWorkbook } from "./workbook-build.js";

/** Waits for the refusal; a workbook that is read fails the test. */
async function refusal(work: Promise<unknown>): Promise<WorkbookRefused> {
  try {
    await work;
  } catch (error) {
    if (error instanceof WorkbookRefused) return error;
    throw error;
  }
  throw new Error("not refused");
}

const reasonOf = async (bytes: Uint8Array): Promise<string> => (await refusal(readSheets(bytes))).reason;
const simple = { sheets: [{ name: "A", rows: [["x"]] }] };

describe("workbook, what is refused", () => {
  it("says which other format it is", async () => {
    const ole = Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0, 0]);
    const ods = zipSync({ mimetype: [strToU8("application/vnd.oasis.opendocument.spreadsheet"), { level: 0 }] });
    expect(await reasonOf(new Uint8Array())).to.equal("empty");
    expect(await reasonOf(ole)).to.equal("old_excel_or_password");
    expect(await reasonOf(ods)).to.equal("opendocument");
    expect(await reasonOf(zipSync({ "xl/workbook.bin": strToU8("x") }))).to.equal("binary_excel");
    expect(await reasonOf(strToU8("ID;Exigence\nINS.01;Le système DOIT\n"))).to.equal("text_file");
    expect(await reasonOf(Buffer.from("\ufeffID;Exigence\n", "utf16le"))).to.equal("text_file");
    expect(await reasonOf(Uint8Array.from([0, 1, 2, 3, 0, 9]))).to.equal("not_a_workbook");
    expect(await reasonOf(zipSync({ "word/document.xml": strToU8("<a/>") }))).to.equal("no_workbook_parts");
  });

  it("holds the archive to its bounds", async () => {
    const good = makeWorkbook(simple);
    expect(await reasonOf(good.slice(0, good.length - 30))).to.equal("archive_broken");
    const tooLong = new Uint8Array(WORKBOOK_LIMITS.fileBytes + 1);
    expect(await reasonOf(tooLong)).to.equal("archive_too_large");
    const bomb = makeWorkbook({ ...simple, parts: { "xl/media/zeros.bin": new Uint8Array(8 * 1024 * 1024) } });
    const refused = await refusal(readSheets(bomb));
    expect(refused.reason).to.equal("archive_too_large");
    expect(refused.facts).to.deep.equal({ problem: "ratio" });
    const many = Object.fromEntries(
      Array.from({ length: WORKBOOK_LIMITS.entries + 1 }, (_, n): [string, string] => [`xl/media/${n}`, ""]),
    );
    expect(await reasonOf(makeWorkbook({ ...simple, parts: many }))).to.equal("archive_too_large");
  });

  it("refuses entries that are not what they say", async () => {
    const climbing = zipSync({ ...Object.fromEntries(makeParts(simple)), "../x.xml": strToU8("<a/>") });
    expect(await reasonOf(climbing)).to.equal("archive_entry");
    const link = zipSync({
      ...Object.fromEntries(makeParts(simple)),
      "xl/link.xml": [strToU8("/etc/passwd"), { os: 3, attrs: 0xa1ff * 0x10000 }],
    });
    expect((await refusal(readSheets(link))).facts).to.deep.equal({ problem: "link" });
    const twice = Buffer.from(makeWorkbook({ ...simple, parts: { "xl/stylez.xml": "<a/>" } }));
    const renamed = Buffer.from(twice.toString("latin1").replaceAll("xl/stylez.xml", "xl/styles.xml"), "latin1");
    expect((await refusal(readSheets(renamed))).facts).to.deep.equal({ problem: "name_twice" });
    const stored = Buffer.from(zipSync(Object.fromEntries(makeParts(simple)), { level: 0 }));
    stored[stored.indexOf("inlineStr")] = 0x49;
    expect((await refusal(readSheets(stored))).facts).to.deep.equal({ problem: "crc_differs" });
  });

  it("refuses document types, entities and broken XML in the parts it reads, and reads no other part", async () => {
    const doctype = `<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>`;
    expect(await reasonOf(makeWorkbook({ ...simple, parts: { "xl/sharedStrings.xml": doctype } }))).to.equal(
      "xml_doctype",
    );
    expect(await reasonOf(makeWorkbook({ ...simple, parts: { "xl/styles.xml": "<a>" } }))).to.equal("xml_broken");
    expect(await reasonOf(makeWorkbook({ ...simple, parts: { "xl/styles.xml": "<a>&b;</a>" } }))).to.equal(
      "xml_broken",
    );
    const latin = Uint8Array.from([0x3c, 0x61, 0x3e, 0xe9, 0x3c, 0x2f, 0x61, 0x3e]);
    expect(await reasonOf(makeWorkbook({ ...simple, parts: { "xl/styles.xml": latin } }))).to.equal("xml_broken");
    const deep = "<a>".repeat(100) + "</a>".repeat(100);
    expect((await refusal(readSheets(makeWorkbook({ ...simple, parts: { "xl/styles.xml": deep } })))).facts).to.include(
      {
        why: "too deep",
      },
    );
    const unread = { "customXml/item1.xml": doctype, "xl/drawings/drawing1.xml": "<a>", "docProps/app.xml": doctype };
    expect(await readSheets(makeWorkbook({ ...simple, parts: unread }))).to.deep.equal([{ name: "A", rows: [["x"]] }]);
  });

  it("refuses content that makes no sense", async () => {
    const sheet = (rows: string): Uint8Array =>
      makeWorkbook({
        ...simple,
        parts: { "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${rows}</sheetData></worksheet>` },
      });
    expect(await reasonOf(sheet(`<row r="1"><c><v>1</v></c></row>`))).to.equal("content_invalid");
    expect(await reasonOf(sheet(`<row r="0"><c r="A0"><v>1</v></c></row>`))).to.equal("content_invalid");
    expect(await reasonOf(sheet(`<row r="1"><c r="A1" t="s"><v>7</v></c></row>`))).to.equal("content_invalid");
    expect(await reasonOf(sheet(`<row r="1"><c r="A1" t="odd"><v>7</v></c></row>`))).to.equal("content_invalid");
    expect(await reasonOf(sheet(`<row r="1"><c r="B1"><v>7</v></c><c r="A1"><v>7</v></c></row>`))).to.equal(
      "content_invalid",
    );
    expect(await reasonOf(makeWorkbook({ sheets: [] }))).to.equal("content_invalid");
    const relations = `<Relationships>${[1, 2].map((n) => `<Relationship Id="rId${n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>`).join("")}</Relationships>`;
    const shared = {
      sheets: [...simple.sheets, { name: "B", rows: [] }],
      parts: { "xl/_rels/workbook.xml.rels": relations },
    };
    expect((await refusal(readSheets(makeWorkbook(shared)))).facts).to.deep.equal({ why: "two sheets in one part" });
    expect(await reasonOf(makeWorkbook({ ...simple, parts: { "xl/worksheets/sheet1.xml": null } }))).to.equal(
      "content_invalid",
    );
    const twins = { sheets: [...simple.sheets, { name: "a", rows: [] }] };
    expect((await refusal(readSheets(makeWorkbook(twins)))).facts).to.deep.equal({ why: "sheet name twice" });
  });

  it("bounds sheets, rows, columns, cells and merged cells", async () => {
    const sheet = (rows: string, after = ""): Uint8Array =>
      makeWorkbook(
        {
          ...simple,
          parts: { "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${rows}</sheetData>${after}</worksheet>` },
        },
        0,
      );
    const factsOf = async (bytes: Uint8Array): Promise<string[]> => {
      const refused = await refusal(readSheets(bytes));
      expect(refused.reason).to.equal("too_many_cells");
      return Object.keys(refused.facts);
    };
    const far = WORKBOOK_LIMITS.rows + 1;
    expect(await factsOf(sheet(`<row r="${far}"><c r="A${far}"><v>1</v></c></row>`))).to.include("rows");
    expect(await factsOf(sheet(`<row r="1"><c r="XFD1"><v>1</v></c></row>`))).to.include("columns");
    expect(await factsOf(sheet(`<row r="90000"><c r="ALL90000"><v>1</v></c></row>`))).to.include("area");
    const merges = `<mergeCell ref="A1:A2"/>`.repeat(WORKBOOK_LIMITS.merges + 1);
    expect(await factsOf(sheet("", `<mergeCells>${merges}</mergeCells>`))).to.include("merges");
    const names = Array.from({ length: WORKBOOK_LIMITS.sheets + 1 }, (_, n) => ({ name: `S${n}`, rows: [] }));
    expect(await factsOf(makeWorkbook({ sheets: names }))).to.include("sheets");
    // Formatted rows without content reach the end of the sheet in honest files.
    expect(
      await readSheets(sheet(`<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576" s="0"/></row>`)),
    ).to.deep.equal([{ name: "A", rows: [["1"]] }]);
  });
});

describe("workbook, what is read", () => {
  it("reads every kind of cell as text and says what it was", async () => {
    const shared = `<sst><si><t>plain</t></si><si><r><t>ri</t></r><r><t xml:space="preserve">ch </t></r><rPh><t>no</t></rPh></si><si><t>a_x000D_&#10;b</t></si></sst>`;
    const file = makeWorkbook({
      sheets: [
        {
          name: "A",
          rows: [
            [
              { t: "s", inner: "<v>0</v>" },
              { t: "s", inner: "<v>1</v>" },
              { t: "s", inner: "<v>2</v>" },
              { inner: "<v>1.1000000000000001</v>", s: 2 },
              { inner: "<v>45000</v>", s: 1 },
              { inner: "<v>45000.5</v>", s: 1 },
              { t: "b", inner: "<v>1</v>" },
            ],
            [
              { t: "str", inner: "<f>A1&amp;B1</f><v>stored</v>" },
              { inner: "<f>1+1</f><v>2</v>" },
              { inner: "<f>1+1</f>" },
              { t: "e", inner: "<f>1/0</f><v>#DIV/0!</v>" },
              " kept ",
            ],
            [],
            ["last", null, ""],
            [],
          ],
        },
        { name: "B", hidden: true, rows: [] },
      ],
      parts: { "xl/sharedStrings.xml": shared },
    });
    const [a, b] = await readWorkbook(file);
    expect(a?.rows).to.deep.equal([
      ["plain", "rich ", "a\r\nb", "1.1", "2023-03-15", "2023-03-15 12:00:00", "VRAI"],
      ["stored", "2", "", "", " kept "],
      [],
      ["last"],
    ]);
    expect([...(a?.natures ?? [])]).to.deep.equal([
      [cellKey(1, 4), "number"],
      [cellKey(1, 5), "date"],
      [cellKey(1, 6), "date"],
      [cellKey(1, 7), "boolean"],
      [cellKey(2, 2), "number"],
    ]);
    expect([...(a?.formulas ?? [])]).to.deep.equal([1, 2, 3, 4].map((column) => cellKey(2, column)));
    expect([...(a?.errors ?? [])]).to.deep.equal([cellKey(2, 4)]);
    expect([a?.hidden, b?.hidden, b?.rows]).to.deep.equal([false, true, []]);
  });

  it("reads line ends of the parts as XML has them", async () => {
    const part = `<worksheet><sheetData>\r\n<row r="1"><c r="A1" t="inlineStr"><is><t>a\r\nb\rc</t></is></c></row></sheetData></worksheet>`;
    const file = makeWorkbook({ ...simple, parts: { "xl/worksheets/sheet1.xml": part } });
    expect(await readSheets(file)).to.deep.equal([{ name: "A", rows: [["a\nb\nc"]] }]);
  });

  it("reads references, CDATA and comments as XML has them", async () => {
    const text = "&#128512;&#x1F600;&#233;<!-- &#128512; --><![CDATA[<&#128512;>]]>&lt;&amp;amp;";
    const part = `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${text}</t></is></c></row></sheetData></worksheet>`;
    const file = makeWorkbook({ ...simple, parts: { "xl/worksheets/sheet1.xml": part } });
    expect(await readSheets(file)).to.deep.equal([{ name: "A", rows: [["😀😀é<&#128512;><&amp;"]] }]);
  });

  it("reads UTF-16 parts and prefixed elements", async () => {
    const part = `\ufeff<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>é</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`;
    const file = makeWorkbook({ ...simple, parts: { "xl/worksheets/sheet1.xml": Buffer.from(part, "utf16le") } });
    expect(await readSheets(file)).to.deep.equal([{ name: "A", rows: [["é"]] }]);
  });

  it("finds sheets whose names are escaped", async () => {
    const file = makeWorkbook({ sheets: [{ name: "A_x0042_&", rows: [["x"]] }] });
    expect(await readSheets(file)).to.deep.equal([{ name: "AB&", rows: [["x"]] }]);
  });

  it("names columns as spreadsheets do", () => {
    expect([1, 26, 27, 702, 703, 16384].map(columnLetter)).to.deep.equal(["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
  });

  it("survives any bytes with a named refusal", async () => {
    const good = makeWorkbook({ sheets: [{ name: "A", rows: [["x", 1], ["y"]] }] });
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), async (at, value, end) => {
        const bytes = good.slice(0, end < good.length / 2 ? good.length : end);
        bytes[at % bytes.length] = value;
        try {
          await readSheets(bytes);
        } catch (error) {
          expect(error).to.be.instanceOf(WorkbookRefused);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("workbook, what is written", () => {
  /** Texts with the pieces that go wrong: escapes, line ends, controls, halves of pairs, formula signs, names of the prototype. */
  const pieces = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.constantFrom(
      "_x000D_",
      "_x005F_",
      "_x0041",
      "_",
      "x0041_",
      "\r",
      "\n",
      "\t",
      "\r\n",
      "=1+1",
      "+",
      "-",
      "@SUM",
      "'",
    ),
    fc.constantFrom(
      "\0",
      "\u0001",
      "\ufffd",
      "\ufffe",
      "\uffff",
      "\ud800",
      "\udc00",
      "\u{1f600}",
      "\u{1ffff}",
      "\u0085",
    ),
    fc.constantFrom(
      "constructor",
      "__proto__",
      "toString",
      "\ue000",
      "39.01",
      "1.10",
      "2024-01-01",
      "VRAI",
      "1e5",
      " ",
      "\u00a0",
    ),
    fc.constantFrom("&amp;", "<b>", "]]>", '"', "&#10;"),
  );
  const texts = fc.array(pieces, { maxLength: 6 }).map((list) => list.join(""));

  it("is read again without loss, whatever the text", async () => {
    const rows = fc.array(fc.array(texts, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, async (cells) => {
        const file = await writeWorkbook([{ name: "A", columns: ["a", "b", "c", "d"], rows: cells }]);
        const [sheet] = await readSheets(file);
        const expected = cells.map((row) => {
          const kept = [...row];
          while (kept.length > 0 && kept[kept.length - 1] === "") kept.pop();
          return kept;
        });
        while (expected.length > 0 && expected[expected.length - 1]?.length === 0) expected.pop();
        expect(sheet?.rows).to.deep.equal([["a", "b", "c", "d"], ...expected]);
      }),
      { numRuns: 60 },
    );
  });

  it("holds 32,767 characters in a cell and refuses one more", async () => {
    const most = "é\n".repeat(16_383) + "!";
    const file = await writeWorkbook([{ name: "A", columns: ["a"], rows: [[most]] }]);
    expect((await readSheets(file))[0]?.rows[1]).to.deep.equal([most]);
    const refused = await refusal(writeWorkbook([{ name: "A", columns: ["a", "b"], rows: [["", `${most}!`]] }]));
    expect([refused.reason, refused.at, refused.facts]).to.deep.equal([
      "text_too_long",
      "A!B2",
      { characters: 32_768, most: 32_767 },
    ]);
  });

  it("writes texts as texts, numbers as numbers, and never a formula", async () => {
    const rows = [["=1+1", "+33", "-1", "@x", "39.01", 12.5, "2024-01-01"]];
    const file = await writeWorkbook([{ name: "A", columns: ["a", "b", "c", "d", "e", "f", "g"], rows }]);
    const [sheet] = await readWorkbook(file);
    expect(sheet?.rows[1]).to.deep.equal(["=1+1", "+33", "-1", "@x", "39.01", "12.5", "2024-01-01"]);
    expect([...(sheet?.natures ?? [])]).to.deep.equal([[cellKey(2, 6), "number"]]);
    expect(sheet?.formulas.size).to.equal(0);
    const xml = Buffer.from(unzipSync(file)["xl/worksheets/sheet1.xml"] ?? []).toString("utf8");
    expect(xml).not.to.match(/<f[ >]/);
    expect(xml).to.match(/<pane [^>]*state="frozen"/);
    // The format of texts, so that a cell somebody edits does not become a number.
    const style = /<c r="E2" s="([0-9]+)"/.exec(xml)?.[1] ?? "";
    const styles = Buffer.from(unzipSync(file)["xl/styles.xml"] ?? []).toString("utf8");
    const cellStyles = styles.slice(styles.indexOf("<cellXfs"), styles.indexOf("</cellXfs>"));
    const format = cellStyles.split("<xf ")[Number(style) + 1] ?? "";
    const text = /<numFmt numFmtId="([0-9]+)" formatCode="@"\/>/.exec(styles)?.[1];
    expect(format).to.include(`numFmtId="${text}"`);
  });

  it("gives the same bytes for the same tables", async () => {
    const sheets = [{ name: "A", columns: ["a"], rows: [["x"], [1]] }];
    const [first, second] = [await writeWorkbook(sheets), await writeWorkbook(sheets)];
    expect(Buffer.compare(first, second)).to.equal(0);
    // The date of every entry is the first one the format knows.
    expect(Buffer.from(first).readUInt32LE(10)).to.equal(0x00210000);
  });

  it("refuses names, rows and numbers that Excel would repair", async () => {
    const named = async (...names: string[]): Promise<string> =>
      (await refusal(writeWorkbook(names.map((name) => ({ name, columns: ["a"], rows: [] }))))).reason;
    for (const bad of ["", " ", "x".repeat(32), "a/b", "a:b", "[a]", "'a", "a'"])
      expect(await named(bad)).to.equal("sheet_name");
    expect(await named("A", "a")).to.equal("sheet_name");
    const rows = (row: (string | number)[]): Promise<unknown> =>
      writeWorkbook([{ name: "A", columns: ["a"], rows: [row] }]);
    expect((await refusal(rows(["a", "b"]))).reason).to.equal("row_shape");
    expect((await refusal(rows([Number.NaN]))).at).to.equal("A!A2");
  });

  it("escapes only what has to be", () => {
    expect(escapeCellText("a_b _xyz_ é 😀\n\t")).to.equal("a_b _xyz_ é 😀\n\t");
    expect(escapeCellText("_x000D_\r\0")).to.equal("_x005F_x000D__x000D__x0000_");
    expect(escapeCellText("\ud800x\udc00\u{1ffff}")).to.equal("_xD800_x_xDC00__xD83F__xDFFF_");
  });

  it("writes names of the prototype as plain texts, for readers that know no escapes", async () => {
    const rows = [["constructor", "\ue000constructor", "\ue000", "__proto__", " \ue000"]];
    const file = await writeWorkbook([{ name: "A", columns: ["a", "toString", "c", "d", "e"], rows }]);
    expect((await readSheets(file))[0]?.rows).to.deep.equal([["a", "toString", "c", "d", "e"], ...rows]);
    const texts = Buffer.from(unzipSync(file)["xl/sharedStrings.xml"] ?? []).toString("utf8");
    expect(texts).to.include("<t>constructor</t>").and.include("<t>__proto__</t>");
  });
});
