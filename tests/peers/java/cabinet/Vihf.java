package cabinet;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.ExcC14NParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import org.w3c.dom.Element;

/** The VIHF: a SAML 2.0 assertion signed with the certificate of signature (domain notes dmp.md, section 3). */
final class Vihf {
  private static final Map<String, String> SPACES = Map.of(
      "sa", "urn:oasis:names:tc:SAML:2.0:assertion",
      "v3", "urn:hl7-org:v3",
      "xs", "http://www.w3.org/2001/XMLSchema",
      "xsi", "http://www.w3.org/2001/XMLSchema-instance");

  private final Settings settings;

  Vihf(Settings settings) {
    this.settings = settings;
  }

  /** Why the user opens the file: code of TRE_R248, and the words typed when the glass is broken. */
  record Purpose(String code, String reason) {
    static final Purpose NORMAL = new Purpose("normal", "");

    String label() {
      return switch (code) {
        case "normal" -> "Accès normal";
        case "bris_de_glace" -> "Accès bris de glace";
        default -> "Accès centre de régulation";
      };
    }
  }

  Element assertion(Practitioner user, Instant loggedIn, Patient patient, Purpose purpose) {
    Settings.Identity signer = settings.identity("sign");
    String id = "A" + UUID.randomUUID();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    if (settings.otherManner) now = now.truncatedTo(ChronoUnit.SECONDS);
    Tree assertion = Tree.rooted(SPACES, settings.otherManner ? "v3" : "", "sa:Assertion")
        .with("ID", id, "Version", "2.0", "IssueInstant", now.toString());
    assertion.add("sa:Issuer", "Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName")
        .text(issuer(signer.certificate().getSubjectX500Principal()));
    Tree subject = assertion.add("sa:Subject");
    subject.add("sa:NameID", "Format",
        settings.otherManner ? "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified" : null).text(user.nationalId());
    if (settings.otherManner) {
      assertion.put("sa:Conditions", "NotBefore", now.minusSeconds(60).toString(), "NotOnOrAfter",
          now.plusSeconds(3600).toString());
    }
    Tree statement = assertion.add("sa:AuthnStatement", "AuthnInstant",
        loggedIn.truncatedTo(ChronoUnit.SECONDS).toString(), "SessionIndex", settings.otherManner ? id : null);
    Tree context = statement.add("sa:AuthnContext");
    context.add("sa:AuthnContextClassRef").text("urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorUnregistered");
    context.add("sa:AuthnContextDecl").text("APP_BROWSER_AUTH");
    Tree attributes = assertion.add("sa:AttributeStatement");
    value(attributes, "Ressource_URN", "urn:dmp");
    value(attributes, "VIHF_Version", "3.0");
    value(attributes, "Authentification_Mode", "INDIRECTE_RENFORCEE");
    value(attributes, "LPS_Nom", settings.at("candidate", "product"));
    value(attributes, "LPS_Version", settings.at("candidate", "version"));
    value(attributes, "LPS_ID_HOMOLOGATION_DMP", settings.at("candidate", "nil"));
    value(attributes, "Identifiant_Structure", user.structureId());
    value(attributes, "Secteur_Activite", user.sector() + "^" + Practitioner.SECTORS);
    value(attributes, "urn:oasis:names:tc:xspa:1.0:subject:subject-id", user.familyName() + " " + user.givenName());
    value(attributes, "urn:oasis:names:tc:xacml:2.0:resource:resource-id", patient.asIdentifier());
    Tree roles = attribute(attributes, "urn:oasis:names:tc:xacml:2.0:subject:role");
    coded(roles, "v3:Role", user.profession(), "1.2.250.1.71.1.2.7", "professions", "Médecin");
    coded(roles, "v3:Role", user.skill(), "1.2.250.1.71.4.2.5", "savoir-faire", user.skillLabel());
    coded(attribute(attributes, "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"), "v3:PurposeOfUse",
        purpose.code(), "1.2.250.1.213.1.1.4.248", "mode acces VIHF 2.0", purpose.label());
    if (!purpose.reason().isEmpty()) value(attributes, "Mode_Acces_Raison", purpose.reason());
    sign(assertion.element, subject.element, id, signer);
    if (settings.flawed("assertion-touched")) {
      Tree.first(assertion.element, "AuthnStatement").setAttribute("SessionIndex", "other");
    }
    return assertion.element;
  }

  private String issuer(X500Principal signer) {
    return settings.otherManner ? signer.toString() : signer.getName(X500Principal.RFC2253);
  }

  private Tree attribute(Tree attributes, String name) {
    return attributes.add("sa:Attribute", "Name", name, "NameFormat",
        settings.otherManner ? "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified" : null);
  }

  private void value(Tree attributes, String name, String text) {
    Tree value = attribute(attributes, name).add("sa:AttributeValue");
    value.text(text);
    if (settings.otherManner) value.with("xsi:type", "xs:string");
  }

  private void coded(Tree attribute, String name, String code, String system, String systemName, String label) {
    attribute.add("sa:AttributeValue").add(name, "xsi:type", settings.otherManner ? "CE" : "v3:CE", "code", code,
        "codeSystem", system, "codeSystemName", systemName, "displayName", label);
  }

  /**
   * Enveloped, before the subject, exclusive canonical form. One manner lists prefixes and gives the certificate alone; the
   * other uses SHA-512 and no prefix, and gives the whole chain in the order of XMLDSig, which is any order.
   */
  private void sign(Element assertion, Element before, String id, Settings.Identity signer) {
    try {
      XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
      Transform enveloped = factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null);
      Transform exclusive = factory.newTransform(CanonicalizationMethod.EXCLUSIVE,
          settings.otherManner ? null : new ExcC14NParameterSpec(List.of("ds", "sa", "#default", "xs", "xsi")));
      Reference reference = factory.newReference("#" + id,
          factory.newDigestMethod(settings.otherManner ? DigestMethod.SHA512 : DigestMethod.SHA256, null),
          List.of(enveloped, exclusive), null, null);
      SignedInfo info = factory.newSignedInfo(
          factory.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
          factory.newSignatureMethod(
              settings.otherManner ? SignatureMethod.RSA_SHA512 : SignatureMethod.RSA_SHA256, null), List.of(reference));
      List<X509Certificate> certificates = new ArrayList<>(List.of(signer.certificate()));
      if (settings.otherManner) {
        certificates = new ArrayList<>(signer.chain());
        Collections.reverse(certificates);
      }
      KeyInfoFactory keys = factory.getKeyInfoFactory();
      DOMSignContext context = new DOMSignContext(signer.key(), assertion, before);
      if (!settings.otherManner) context.setDefaultNamespacePrefix("ds");
      context.setIdAttributeNS(assertion, null, "ID");
      factory.newXMLSignature(info, keys.newKeyInfo(List.of(keys.newX509Data(certificates))))
          .sign(context);
    } catch (Exception error) {
      throw new IllegalStateException("signature of the VIHF", error);
    }
  }
}
