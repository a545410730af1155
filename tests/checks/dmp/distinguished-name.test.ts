import { expect } from "chai";
import { discouragedTypes, nameKey, readName } from "../../../checks/dmp/helpers/distinguished-name.js";
import type { NameAttribute } from "../../../protocols/certificate.js";

const SUBJECT: readonly NameAttribute[] = [
  { type: "C", value: "FR" },
  { type: "ST", value: "Rhône (69)" },
  { type: "O", value: "CABINET, DUPONT & FILS" },
  { type: "OU", value: "499900000011001" },
  { type: "CN", value: "cachet" },
];

function same(text: string, subject = SUBJECT): boolean {
  const name = readName(text);
  return name !== null && nameKey(name.attributes) === nameKey(subject);
}

describe("checks/dmp distinguished names", () => {
  it("compares whatever the order, the case and the escaping", () => {
    expect(same("CN=cachet,OU=499900000011001,O=CABINET\\, DUPONT & FILS,ST=Rhône (69),C=FR")).to.equal(true);
    expect(same('c=FR, st=RHÔNE  (69), o="CABINET, DUPONT & FILS", ou=499900000011001, cn=Cachet')).to.equal(true);
    expect(same("CN=cachet,OU=499900000011001,O=CABINET\\2C DUPONT & FILS,ST=Rh\\C3\\B4ne (69),C=FR")).to.equal(true);
    expect(same("CN=cachet,OU=499900000011001,O=CABINET\\, DUPONT & FILS,S=Rhône (69),C=FR")).to.equal(true);
  });

  it("reads OIDs, DER values and several attributes in one RDN", () => {
    const person: NameAttribute[] = [
      { type: "C", value: "FR" },
      { type: "SN", value: "TERRAL" },
      { type: "GN", value: "ADEMIS" },
      { type: "CN", value: "899900000011" },
    ];
    expect(same("CN=899900000011+2.5.4.4=#0c0654455252414c+OID.2.5.4.42=#1306414445" + "4d4953,C=FR", person)).to.equal(
      true,
    );
    expect(same("CN=899900000011+SURNAME=TERRAL+G=ADEMIS,C=FR", person)).to.equal(true);
  });

  it("tells different names apart", () => {
    expect(same("CN=cachet,OU=499900000011001,O=CABINET\\, DUPONT & FILS,C=FR")).to.equal(false);
    expect(same("CN=cachet2,OU=499900000011001,O=CABINET\\, DUPONT & FILS,ST=Rhône (69),C=FR")).to.equal(false);
    expect(same("CN=499900000011001,OU=cachet,O=CABINET\\, DUPONT & FILS,ST=Rhône (69),C=FR")).to.equal(false);
  });

  it("refuses what is no name, and tells the spellings the guide names as wrong", () => {
    for (const text of ["", "cachet", "=x", "CN=a,,C=FR", "urn:x:y"]) expect(readName(text)).to.equal(null);
    const written = readName("CN=a,S=Paris (75),G=CAMILLE");
    expect(written && discouragedTypes(written)).to.deep.equal(["S", "G"]);
  });
});
