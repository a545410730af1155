import { expect } from "chai";
import fc from "fast-check";
import { audiences, readJwt } from "../../protocols/jwt.js";

/** RFC 7519 §3.1, the example JWT. */
const RFC_7519 =
  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/** RFC 7519 §6.1, an unsecured JWT. */
const UNSECURED =
  "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

describe("protocols/jwt", () => {
  it("reads the example of RFC 7519", () => {
    const jwt = readJwt(RFC_7519);
    expect(jwt?.header).to.deep.equal({ typ: "JWT", alg: "HS256" });
    expect(jwt?.claims).to.deep.equal({ iss: "joe", exp: 1300819380, "http://example.com/is_root": true });
    expect(jwt?.signed).to.equal(true);
  });

  it("reads the unsecured example, and says that nothing seals it", () => {
    expect(readJwt(UNSECURED)).to.deep.include({ header: { alg: "none" }, signed: false });
  });

  it("gives null for what is not a compact JWT", () => {
    const good = part({ alg: "RS256" });
    for (const text of [
      "",
      "a.b",
      "a.b.c",
      `${good}.${good}`,
      `${good}.${part([1])}.x`,
      `${part("text")}.${good}.x`,
      `${part({ typ: "JWT" })}.${good}.x`,
      `${good}.${good}.x.y`,
      `${good}=.${good}.x`,
      `${good}.${part({ pad: "x".repeat(70_000) })}.x`,
    ]) {
      expect(readJwt(text), text.slice(0, 60)).to.equal(null);
    }
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.base64String()), { maxLength: 4 }), (parts) => {
        readJwt(parts.join("."));
      }),
    );
  });

  it("gives audiences as a list", () => {
    const of = (aud: unknown) => audiences({ header: {}, claims: { aud }, signed: true });
    expect(of("a")).to.deep.equal(["a"]);
    expect(of(["a", 2, "b"])).to.deep.equal(["a", "b"]);
    expect(of(undefined)).to.deep.equal([]);
  });
});
