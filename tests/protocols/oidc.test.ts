import { expect } from "chai";
import fc from "fast-check";
import { readOidcAnswer, readOidcRequest, textMember } from "../../protocols/oidc.js";

function request(lines: readonly string[], body = ""): Uint8Array {
  return Buffer.from(`${[...lines, `Content-Length: ${Buffer.byteLength(body)}`].join("\r\n")}\r\n\r\n${body}`);
}

function post(fields: string, headers: readonly string[] = []): Uint8Array {
  return request(
    ["POST /token HTTP/1.1", "Host: a", "Content-Type: application/x-www-form-urlencoded; charset=utf-8", ...headers],
    fields,
  );
}

describe("protocols/oidc", () => {
  it("reads an authorization request, plus and percent alike", () => {
    const read = readOidcRequest(request(["GET /auth?scope=openid+scope_all&state=a%20b&x HTTP/1.1", "Host: a"]));
    expect(read?.path).to.equal("/auth");
    expect(read?.params.get("scope")).to.equal("openid scope_all");
    expect(read?.params.get("state")).to.equal("a b");
    expect(read?.params.get("x")).to.equal("");
    expect(read?.client).to.deep.equal({ method: "none", id: null, secret: null });
  });

  it("reads the Basic example of RFC 6749 §2.3.1", () => {
    const read = readOidcRequest(
      post("grant_type=refresh_token", ["Authorization: Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"]),
    );
    expect(read?.client).to.deep.equal({ method: "basic", id: "s6BhdRkqt3", secret: "7Fjfp0ZBr1KtDRbnfVdmIw" });
    expect(read?.params.get("grant_type")).to.equal("refresh_token");
  });

  it("reads credentials in the form, assertions, and none", () => {
    expect(readOidcRequest(post("client_id=c&client_secret=s"))?.client).to.deep.equal({
      method: "post",
      id: "c",
      secret: "s",
    });
    expect(readOidcRequest(post("client_id=c&client_assertion=x"))?.client.method).to.equal("assertion");
    expect(readOidcRequest(post("client_id=c"))?.client).to.deep.equal({ method: "none", id: "c", secret: null });
    expect(readOidcRequest(post("", ["Authorization: Basic !!"]))?.client.method).to.equal("none");
  });

  it("says where a bearer token stood (RFC 6750 §2)", () => {
    const inHeader = request(["GET /userinfo HTTP/1.1", "Host: a", "Authorization: Bearer mF_9.B5f-4.1JqM"]);
    expect(readOidcRequest(inHeader)?.bearer).to.deep.equal({ token: "mF_9.B5f-4.1JqM", where: "header" });
    const inQuery = request(["GET /userinfo?access_token=t HTTP/1.1", "Host: a"]);
    expect(readOidcRequest(inQuery)?.bearer).to.deep.equal({ token: "t", where: "query" });
    expect(readOidcRequest(post("access_token=t"))?.bearer).to.deep.equal({ token: "t", where: "body" });
  });

  it("does not take a body that is no form for a form", () => {
    const read = readOidcRequest(request(["POST /token HTTP/1.1", "Host: a", "Content-Type: text/plain"], "code=1"));
    expect([...(read?.form ?? [])]).to.deep.equal([]);
  });

  it("reads answers: JSON members, redirects, neither", () => {
    const json = readOidcAnswer(
      request(["HTTP/1.1 200 OK", "Content-Type: application/json"], '{"access_token":"t","n":1}'),
    );
    expect(textMember(json, "access_token")).to.equal("t");
    expect(textMember(json, "n")).to.equal(null);
    const redirect = readOidcAnswer(request(["HTTP/1.1 302 Found", "Location: https://a/cb?code=1"]));
    expect(redirect).to.deep.equal({ status: 302, location: "https://a/cb?code=1", json: null });
    expect(readOidcAnswer(request(["HTTP/1.1 200 OK", "Content-Type: application/json"], "[1]"))?.json).to.equal(null);
    expect(readOidcAnswer(null)).to.equal(null);
  });

  it("never throws on foreign bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (bytes, text) => {
        readOidcRequest(bytes);
        readOidcAnswer(bytes);
        readOidcRequest(post(text, [`Authorization: ${text.replace(/[\r\n]/g, "")}`]));
      }),
    );
  });
});
