import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { CertificateError, nameText, readCertificate, valuesOf } from "../../protocols/certificate.js";
import { testContext } from "../support/context.js";

/** ISRG Root X1, a public certificate that we did not make: PrintableString names, UTCTime, no subject alternative name. */
const FOREIGN = `-----BEGIN CERTIFICATE-----
MIIFazCCA1OgAwIBAgIRAIIQz7DSQONZRGPgu2OCiwAwDQYJKoZIhvcNAQELBQAw
TzELMAkGA1UEBhMCVVMxKTAnBgNVBAoTIEludGVybmV0IFNlY3VyaXR5IFJlc2Vh
cmNoIEdyb3VwMRUwEwYDVQQDEwxJU1JHIFJvb3QgWDEwHhcNMTUwNjA0MTEwNDM4
WhcNMzUwNjA0MTEwNDM4WjBPMQswCQYDVQQGEwJVUzEpMCcGA1UEChMgSW50ZXJu
ZXQgU2VjdXJpdHkgUmVzZWFyY2ggR3JvdXAxFTATBgNVBAMTDElTUkcgUm9vdCBY
MTCCAiIwDQYJKoZIhvcNAQEBBQADggIPADCCAgoCggIBAK3oJHP0FDfzm54rVygc
h77ct984kIxuPOZXoHj3dcKi/vVqbvYATyjb3miGbESTtrFj/RQSa78f0uoxmyF+
0TM8ukj13Xnfs7j/EvEhmkvBioZxaUpmZmyPfjxwv60pIgbz5MDmgK7iS4+3mX6U
A5/TR5d8mUgjU+g4rk8Kb4Mu0UlXjIB0ttov0DiNewNwIRt18jA8+o+u3dpjq+sW
T8KOEUt+zwvo/7V3LvSye0rgTBIlDHCNAymg4VMk7BPZ7hm/ELNKjD+Jo2FR3qyH
B5T0Y3HsLuJvW5iB4YlcNHlsdu87kGJ55tukmi8mxdAQ4Q7e2RCOFvu396j3x+UC
B5iPNgiV5+I3lg02dZ77DnKxHZu8A/lJBdiB3QW0KtZB6awBdpUKD9jf1b0SHzUv
KBds0pjBqAlkd25HN7rOrFleaJ1/ctaJxQZBKT5ZPt0m9STJEadao0xAH0ahmbWn
OlFuhjuefXKnEgV4We0+UXgVCwOPjdAvBbI+e0ocS3MFEvzG6uBQE3xDk3SzynTn
jh8BCNAw1FtxNrQHusEwMFxIt4I7mKZ9YIqioymCzLq9gwQbooMDQaHWBfEbwrbw
qHyGO0aoSCqI3Haadr8faqU9GY/rOPNk3sgrDQoo//fb4hVC1CLQJ13hef4Y53CI
rU7m2Ys6xt0nUW7/vGT1M0NPAgMBAAGjQjBAMA4GA1UdDwEB/wQEAwIBBjAPBgNV
HRMBAf8EBTADAQH/MB0GA1UdDgQWBBR5tFnme7bl5AFzgAiIyBpY9umbbjANBgkq
hkiG9w0BAQsFAAOCAgEAVR9YqbyyqFDQDLHYGmkgJykIrGF1XIpu+ILlaS/V9lZL
ubhzEFnTIZd+50xx+7LSYK05qAvqFyFWhfFQDlnrzuBZ6brJFe+GnY+EgPbk6ZGQ
3BebYhtF8GaV0nxvwuo77x/Py9auJ/GpsMiu/X1+mvoiBOv/2X/qkSsisRcOj/KK
NFtY2PwByVS5uCbMiogziUwthDyC3+6WVwW6LLv3xLfHTjuCvjHIInNzktHCgKQ5
ORAzI4JMPJ+GslWYHb4phowim57iaztXOoJwTdwJx4nLCgdNbOhdjsnvzqvHu7Ur
TkXWStAmzOVyyghqpZXjFaH3pO3JLF+l+/+sKAIuvtd7u+Nxe5AW0wdeRlN8NwdC
jNPElpzVmbUq4JUagEiuTDkHzsxHpFKVK7q4+63SM1N95R1NbdWhscdCb+ZAJzVc
oyi3B43njTOQ5yOf+1CceWxG1bQVs5ZufpsMljq4Ui0/1lvh+wjChP4kqKOJ2qxq
4RgqsahDYVvTH9w7jXbyLeiNdd8XM2w9U/t7y0Ff/9yi0GE44Za4rF2LN9d11TPA
mRGunUHBcnWEvgJBQl9nJEiU0Zsnvgc/ubhPgXRR4Xq37Z0j4r7g1SgEEzwxA57d
emyPxgcYxn/eR44/KJ4EBs+lVDR3veyJm+kXQ99b21/+jh5Xos1AnX5iItreGCc=
-----END CERTIFICATE-----`;

describe("protocols/certificate", () => {
  it("reads a foreign certificate as node does", () => {
    const node = new X509Certificate(FOREIGN);
    const facts = readCertificate(node.raw);
    expect(nameText(facts.subject)).to.equal("C=US, O=Internet Security Research Group, CN=ISRG Root X1");
    expect(facts.serialNumber).to.equal(node.serialNumber.toLowerCase());
    expect(Date.parse(facts.notBefore)).to.equal(Date.parse(node.validFrom));
    expect(Date.parse(facts.notAfter)).to.equal(Date.parse(node.validTo));
    expect(facts.keyUsage).to.deep.equal(["keyCertSign", "cRLSign"]);
    expect(facts.authority).to.equal(true);
    expect([facts.extendedKeyUsage, facts.cardType, facts.names]).to.deep.equal([null, null, []]);
  });

  it("reads the extensions of a test certificate", async function () {
    const context = await testContext();
    const facts = readCertificate(new X509Certificate(context.pki.roles.insi.certPem).raw);
    context.dispose();
    expect(valuesOf(facts.subject, "CN")).to.deep.equal(["INSI-AUTO"]);
    expect(valuesOf(facts.issuer, "OU")).to.deep.equal(["0002 000000000", "IGC-SANTE TEST"]);
    expect(facts.cardType).to.equal(0x83);
    expect(facts.authority).to.equal(false);
  });

  it("throws its own error on cut and on random bytes, never another", () => {
    const der = new X509Certificate(FOREIGN).raw;
    for (let end = 0; end < der.length; end += 7) {
      expect(() => readCertificate(der.subarray(0, end)), `cut at ${end}`).to.throw(CertificateError);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(der.length - 1), fc.nat(255), (random, at, value) => {
        const changed = Uint8Array.from(der);
        changed[at] = value;
        for (const bytes of [random, changed]) {
          try {
            readCertificate(bytes);
          } catch (error) {
            if (!(error instanceof CertificateError)) throw error;
          }
        }
      }),
    );
  });
});
