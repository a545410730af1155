package cabinet;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Manifest;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.SignatureProperty;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import org.w3c.dom.Document;

/** The detached signature of a submission: IHE DSG with the signed properties of XAdES (domain notes dmp.md, section 2.6). */
final class Seal {
  static final String PURPOSE = "1.2.840.10065.1.12.1.14";
  private static final String PROPERTIES_TYPE = "http://uri.etsi.org/01903#SignedProperties";
  private static final Map<String, String> SPACES =
      Map.of("xa", "http://uri.etsi.org/01903/v1.3.2#", "ds", "http://www.w3.org/2000/09/xmldsig#");

  private Seal() {}

  /**
   * Signs the set and these documents. The first is named by the digest of its canonical form, the others of their bytes.
   */
  static byte[] sign(Settings.Identity signer, String setId, List<Clinical.Written> documents, boolean otherManner) {
    try {
      XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
      DigestMethod sha256 = factory.newDigestMethod(DigestMethod.SHA256, null);
      Tree properties = properties(signer);
      Document document = properties.document();
      document.removeChild(properties.element);
      DOMSignContext context = new DOMSignContext(signer.key(), document);
      if (!otherManner) context.setDefaultNamespacePrefix("ds");
      List<X509Certificate> certificates = new ArrayList<>(otherManner ? signer.chain() : List.of(signer.certificate()));
      Collections.reverse(certificates);
      List<Reference> named = new ArrayList<>();
      named.add(factory.newReference("urn:oid:" + setId, sha256, null, null, null, new byte[1]));
      for (Clinical.Written each : documents) {
        Transform canonical = factory.newTransform(CanonicalizationMethod.INCLUSIVE, (TransformParameterSpec) null);
        boolean first = named.size() == 1;
        byte[] bytes = first ? canonical(canonical, each.bytes(), context) : each.bytes();
        named.add(factory.newReference("urn:oid:" + each.uniqueId(), sha256, first ? List.of(canonical) : null, null,
            null, MessageDigest.getInstance("SHA-256").digest(bytes)));
      }
      Manifest manifest = factory.newManifest(named, "IHEManifest");
      SignatureProperty purpose = factory.newSignatureProperty(
          List.of(new DOMStructure(document.createTextNode(PURPOSE))), "#seal", "purposeOfSignature");
      XMLObject signed = factory.newXMLObject(
          List.of(manifest, factory.newSignatureProperties(List.of(purpose), null)), null, null, null);
      XMLObject qualified = factory.newXMLObject(List.of(new DOMStructure(properties.element)), null, null, null);
      Tree.first(properties.element, "SignedProperties").setIdAttribute("Id", true);
      SignedInfo info = factory.newSignedInfo(
          factory.newCanonicalizationMethod(otherManner ? CanonicalizationMethod.EXCLUSIVE
              : CanonicalizationMethod.INCLUSIVE_WITH_COMMENTS, (C14NMethodParameterSpec) null),
          factory.newSignatureMethod(otherManner ? SignatureMethod.RSA_SHA512 : SignatureMethod.RSA_SHA256, null),
          List.of(factory.newReference("#IHEManifest", sha256, null, Manifest.TYPE, null),
              factory.newReference("#seal-properties", sha256,
                  List.of(factory.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
                  PROPERTIES_TYPE, null)));
      KeyInfoFactory keys = factory.getKeyInfoFactory();
      factory.newXMLSignature(info, keys.newKeyInfo(List.of(keys.newX509Data(certificates))),
          List.of(signed, qualified), "seal", null).sign(context);
      return Tree.bytes(document, "UTF-8");
    } catch (Exception error) {
      throw new IllegalStateException("signature of the submission", error);
    }
  }

  private static byte[] canonical(Transform transform, byte[] bytes, DOMSignContext context) throws Exception {
    OctetStreamData form =
        (OctetStreamData) transform.transform(new OctetStreamData(new ByteArrayInputStream(bytes)), context);
    return form.getOctetStream().readAllBytes();
  }

  private static Tree properties(Settings.Identity signer) throws Exception {
    Tree qualifying = Tree.root(SPACES, "xa:QualifyingProperties", "Target", "#seal");
    Tree signed = qualifying.add("xa:SignedProperties", "Id", "seal-properties").add("xa:SignedSignatureProperties");
    signed.add("xa:SigningTime").text(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    Tree certificate = signed.add("xa:SigningCertificate").add("xa:Cert");
    Tree digest = certificate.add("xa:CertDigest");
    digest.put("ds:DigestMethod", "Algorithm", DigestMethod.SHA256);
    digest.add("ds:DigestValue").text(Base64.getEncoder().encodeToString(
        MessageDigest.getInstance("SHA-256").digest(signer.certificate().getEncoded())));
    Tree issuer = certificate.add("xa:IssuerSerial");
    issuer.add("ds:X509IssuerName").text(signer.certificate().getIssuerX500Principal().getName(X500Principal.RFC2253));
    issuer.add("ds:X509SerialNumber").text(signer.certificate().getSerialNumber().toString());
    signed.add("xa:SignaturePolicyIdentifier").put("xa:SignaturePolicyImplied");
    return qualifying;
  }
}
