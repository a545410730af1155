import { expect } from "chai";
import { readSoapEnvelope, type SoapEnvelope } from "../../../protocols/soap.js";
import { at, attr, descendants, trimmed } from "../../../protocols/xml.js";
import { envelope, SOAP_TYPE } from "./client.js";
import { type Desk, openDesk } from "./desk.js";

const ACTION = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization";

describe("services/dmp, TD0.3", () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  const send = async (content: string, token = desk.token("adrun-zoe")): Promise<SoapEnvelope> => {
    const body = `<setAuthorization xmlns="urn:si-dmp-habilitations">${content}</setAuthorization>`;
    const answer = await desk.call("habilitations", SOAP_TYPE, envelope(ACTION, token, body));
    return readSoapEnvelope(answer.body, String(answer.headers["content-type"]));
  };
  const ask = (action: string, token?: string): Promise<SoapEnvelope> => send(`<action>${action}</action>`, token);
  const output = (soap: SoapEnvelope, name: string): string | null => trimmed(at(soap.payload, `output/${name}`));
  const authorisation = async (): Promise<string | null> => {
    const { soap } = await desk.exists("adrun-zoe");
    const lines = descendants(soap.body, "attentionLine");
    return attr(at(lines[0] ?? null, "value"), "code");
  };

  it("removes and adds the authorisation that TD0.2 tells of", async () => {
    const removed = await ask("SUPPRESSION");
    expect(removed.addressing.action).to.equal(`${ACTION}Response`);
    expect(removed.payload?.name).to.equal("setAuthorizationResponse");
    expect(output(removed, "status")).to.equal("DMPOk");
    expect(await authorisation()).to.equal("NON_EXISTE");
    expect(output(await ask("AJOUT"), "context")).to.contain("ajoutée");
    expect(await authorisation()).to.equal("VALIDE");
    expect(output(await ask("AJOUT"), "context")).to.contain("déjà présente");
  });

  it("knows again after a restart who was authorised", async () => {
    await ask("SUPPRESSION");
    const again = await openDesk(desk.context);
    try {
      const { soap } = await again.exists("adrun-zoe");
      expect(attr(at(descendants(soap.body, "attentionLine")[0] ?? null, "value"), "code")).to.equal("NON_EXISTE");
    } finally {
      await again.service.stop();
    }
  });

  it("leaves the authorisation when only the attending physician is withdrawn", async () => {
    expect(output(await send("<action>SUPPRESSION</action><role>MEDECIN_TRAITANT</role>"), "status")).to.equal("DMPOk");
    expect(await authorisation()).to.equal("VALIDE");
  });

  const refusals: readonly (readonly [string, () => Promise<SoapEnvelope>, string])[] = [
    ["an action that is none", () => ask("MODIFICATION"), "action"],
    ["a request without action", () => send(""), "action"],
    ["a patient without DMP", () => ask("AJOUT", desk.token("adrtrois-toussaint")), "pas de DMP"],
    ["a closed DMP", () => ask("AJOUT", desk.token("ecetinsi-pierre-alain")), "fermé"],
    [
      "the indirect mode",
      () =>
        ask(
          "AJOUT",
          desk.token("adrun-zoe", (xml) => xml.replace("INDIRECTE_RENFORCEE", "INDIRECTE")),
        ),
      "indirecte",
    ],
    [
      "break-glass",
      () =>
        ask(
          "AJOUT",
          desk.token("adrun-zoe", (xml) => xml.replace('code="normal"', 'code="bris_de_glace"')),
        ),
      "accès normal",
    ],
  ];
  for (const [what, act, why] of refusals) {
    it(`refuses ${what} with a fault that makes up no code`, async () => {
      const soap = await act();
      expect(soap.fault?.code).to.equal("Sender");
      expect(soap.fault?.subcodes).to.deep.equal([]);
      expect(soap.fault?.reason).to.contain(why);
    });
  }

  it("refuses another transaction of the same service", async () => {
    const body = '<listAuthorizationByPatient xmlns="urn:si-dmp-habilitations"/>';
    const answer = await desk.call("habilitations", SOAP_TYPE, envelope(ACTION, "", body));
    expect(readSoapEnvelope(answer.body).fault?.reason).to.contain("listAuthorizationByPatient");
    expect(desk.context.view().exchanges.at(-1)?.operation).to.equal("dmp.unexpected");
  });

  it("plays the scripted faults", async () => {
    const status = { at: "authorise", kind: "status", args: { status: "DMPAutre", context: "Non" } };
    const said = await desk.withFault(status, () => ask("SUPPRESSION"));
    expect([output(said, "status"), output(said, "context")]).to.deep.equal(["DMPAutre", "Non"]);
    expect(await authorisation()).to.equal("VALIDE");
    const faulted = await desk.withFault({ at: "authorise", kind: "soap-fault" }, () => ask("SUPPRESSION"));
    expect(faulted.fault?.subcodes).to.deep.equal(["DMPInvalidCertificate"]);
    expect(desk.context.view().exchanges.at(-1)?.operation).to.equal("dmp.authorise");
  });
});
