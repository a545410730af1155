import { expect } from "chai";
import { firstParagraph, inlineParts, plainText } from "../../reports/doc.js";

const page = `# dmp/x

## What is asked

Something.

## How to fix

Send \`id\` again,
as **one** value.

- not this

## Known ambiguities
`;

describe("reports/doc", () => {
  it("takes the first block under a heading, its lines joined", () => {
    expect(firstParagraph(page, "How to fix")).to.equal("Send `id` again, as **one** value.");
    expect(firstParagraph(page, "Known ambiguities")).to.equal(null);
    expect(firstParagraph(page, "Comment corriger")).to.equal(null);
    expect(firstParagraph("## How to fix\n\n## Next\n\ntext", "How to fix")).to.equal(null);
  });

  it("takes a list as sentences", () => {
    expect(firstParagraph("## How to fix\r\n\r\n- First.\r\n- Second.\r\n", "How to fix")).to.equal("First. Second.");
  });

  it("keeps code as code and drops the marks of emphasis and links", () => {
    const parts = inlineParts("Use `a_b*c` in **bold** and *this* ([page](https://example.org)).");
    expect(plainText(parts)).to.equal("Use a_b*c in bold and this (page (https://example.org)).");
    expect(parts.filter((part) => part.kind === "code").map((part) => part.text)).to.deep.equal(["a_b*c"]);
  });
});
