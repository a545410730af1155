import { expect } from "chai";
import { at, attr, descendants, select, trimmed, type XmlNode } from "../../../protocols/xml.js";
import { existsRequest, SOAP_TYPE } from "./client.js";
import { type Desk, openDesk } from "./desk.js";

describe("services/dmp, TD0.2", () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk.close());
  afterEach(() => desk.service.control("reset"));

  const ask = async (args?: Record<string, unknown>, key = "adrun-zoe"): Promise<XmlNode> => {
    const act = () => desk.exists(key);
    const { soap } = args ? await desk.withFault({ at: "exists", kind: "says", args }, act) : await act();
    return soap.payload ?? never();
  };
  const line = (answer: XmlNode, key: string): XmlNode | null => {
    const lines = select(answer, "attentionLine");
    return at(lines.find((l) => attr(at(l, "keyWordText"), "code") === key) ?? null, "value");
  };
  const flag = (answer: XmlNode, code: string): string | null => {
    const observations = descendants(answer, "administrativeObservation");
    return attr(at(observations.find((o) => attr(at(o, "code"), "code") === code) ?? null, "value"), "value");
  };
  const event = "controlActProcess/subject/registrationEvent";

  it("says the four states of the authorisation", async () => {
    const codes = { valid: "VALIDE", expired: "EXPIRE", denied: "INTERDIT", none: "NON_EXISTE" };
    for (const [authorisation, code] of Object.entries(codes)) {
      expect(attr(line(await ask({ authorisation }), "AUTORISATION"), "code")).to.equal(code);
    }
    expect(attr(line(await ask(), "AUTORISATION"), "code")).to.equal("VALIDE");
  });

  it("says the authorisation the access book holds for this professional", async () => {
    await desk.service.control("authorise", { patient: "adrun-zoe", professional: "ps-exemple", state: "expired" });
    expect(attr(line(await ask(), "AUTORISATION"), "code")).to.equal("EXPIRE");
    expect(attr(line(await ask(undefined, "corse-anthony"), "AUTORISATION"), "code")).to.equal("VALIDE");
  });

  it("says attending physician, MES attachment and internet account", async () => {
    const plain = await ask();
    expect(attr(line(plain, "STATUT_MT"), "value")).to.equal("false");
    expect(flag(plain, "RATTACHEMENT_ENS")).to.equal("false");
    const all = await ask({ attending: true, attached: true, internetAccount: true });
    expect(attr(line(all, "STATUT_MT"), "value")).to.equal("true");
    expect(flag(all, "RATTACHEMENT_ENS")).to.equal("true");
    expect(flag(all, "COMPTE_INTERNET_OUVERT")).to.equal("true");
  });

  it("says when and why a file was closed", async () => {
    const own = await ask(undefined, "ecetinsi-pierre-alain");
    expect(attr(at(own, `${event}/effectiveTime`), "value")).to.match(/^\d{14}$/);
    expect(attr(at(own, "controlActProcess/reasonOf/detectedIssueEvent/code"), "code")).to.equal(
      "FERMETURE_DEMANDE_PATIENT",
    );
    const closure = { date: "20240229120000", motive: "AUTRE", reason: "Décès & succession" };
    const said = await ask({ closure });
    expect(attr(at(said, `${event}/subject1/patient/statusCode`), "code")).to.equal("terminated");
    expect(attr(at(said, `${event}/effectiveTime`), "value")).to.equal(closure.date);
    const issue = at(said, "controlActProcess/reasonOf/detectedIssueEvent");
    expect(attr(at(issue, "code"), "code")).to.equal("AUTRE");
    expect(trimmed(at(issue, "text"))).to.equal("Décès & succession");
    const bare = await ask({ closure: { date: null, motive: null, reason: null } });
    expect(at(bare, `${event}/effectiveTime`)).to.equal(null);
    expect(at(bare, "controlActProcess/reasonOf")).to.equal(null);
  });

  it("keeps the order of the schema: subject, reason, acknowledgement of the query", async () => {
    const said = await ask({ state: "closed" });
    const names = (at(said, "controlActProcess")?.children ?? []).flatMap((c) => (typeof c === "string" ? [] : c.name));
    expect(names).to.deep.equal(["reasonCode", "subject", "reasonOf", "queryAck"]);
  });

  it("says other traits than the software's", async () => {
    const traits = { familyName: "AUTRE", birthDate: "1970-01-02" };
    const person = at(await ask({ traits }), `${event}/subject1/patient/patientPerson`);
    expect(trimmed(at(person, "name/family"))).to.equal("AUTRE");
    expect(trimmed(at(person, "name/given"))).to.equal("ZOE");
    expect(attr(at(person, "birthTime"), "value")).to.equal("19700102");
  });

  it("says NF when the state is none, with neither patient nor authorisation", async () => {
    const said = await ask({ state: "none" });
    expect(attr(at(said, "controlActProcess/queryAck/queryResponseCode"), "code")).to.equal("NF");
    expect(descendants(said, "patient")).to.have.length(0);
    expect(select(said, "attentionLine")).to.have.length(0);
  });

  it("answers AE with a code and a text", async () => {
    const fault = { at: "exists", kind: "hl7-error", args: { code: "DMPClosed", text: "Refusé" } };
    const { soap, code } = await desk.withFault(fault, () => desk.exists("adrun-zoe"));
    expect(code).to.equal("AE");
    const acknowledgement = at(soap.payload, "acknowledgement");
    expect(attr(acknowledgement, "typeCode")).to.equal("AE");
    expect(attr(at(acknowledgement, "acknowledgementDetail/code"), "code")).to.equal("DMPClosed");
    expect(trimmed(at(acknowledgement, "acknowledgementDetail/text"))).to.equal("Refusé");
    const plain = await desk.withFault({ at: "exists", kind: "hl7-error" }, () => desk.exists("adrun-zoe"));
    const detail = at(plain.soap.payload, "acknowledgement/acknowledgementDetail/code");
    expect(attr(detail, "code")).to.equal("INTERR");
  });

  it("takes no argument it does not know, and no wrong value", async () => {
    for (const args of [{ opposed: true }, { authorisation: "maybe" }, { closure: { day: "x" } }, { traits: null }]) {
      const act = () => {
        const { ins } = desk.patient("adrun-zoe");
        return desk.call("patients", SOAP_TYPE, existsRequest(ins?.oid ?? "", ins?.matricule ?? "", ""));
      };
      const answer = await desk.withFault({ at: "exists", kind: "says", args }, act);
      expect(answer.status).to.equal(500);
      expect(desk.context.logs.at(-1)).to.contain('the fault "says" of the DMP mock');
    }
  });
});

function never(): never {
  throw new Error("no answer");
}
