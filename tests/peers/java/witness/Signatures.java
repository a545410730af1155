package witness;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.URIDereferencer;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.Manifest;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** XML signatures, validated by javax.xml.crypto under its secure settings. */
final class Signatures {
  private static final String DS = XMLSignature.XMLNS;
  private static final String SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
  private static final String XADES = "http://uri.etsi.org/01903/v1.3.2#";
  private static final String PROPERTIES_TYPE = "http://uri.etsi.org/01903#SignedProperties";

  private Signatures() {}

  /** `file`: a SOAP envelope whose one assertion is signed, enveloped, as a whole. */
  static String assertion(JsonObject task) throws Exception {
    Document document = parse(task.get("file").getAsString());
    NodeList assertions = document.getElementsByTagNameNS(SAML, "Assertion");
    if (assertions.getLength() != 1) return assertions.getLength() + " assertions";
    Element assertion = (Element) assertions.item(0);
    Element signature = child(assertion, DS, "Signature");
    if (signature == null) return "no signature";
    DOMValidateContext context = context(signature);
    context.setIdAttributeNS(assertion, null, "ID");
    XMLSignature read = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
    List<Reference> references = read.getSignedInfo().getReferences();
    if (references.size() != 1 || !references.get(0).getURI().equals("#" + assertion.getAttribute("ID"))) {
      return "the reference is not the assertion";
    }
    return validity(read, context);
  }

  /**
   * `file`: a detached signature (DSG). `documents`: where the bytes of each `urn:oid:` of the manifest are; `set`: the `urn:oid:`
   * of the submission set, whose digest is the constant zero byte.
   */
  static String submission(JsonObject task) throws Exception {
    Document document = parse(task.get("file").getAsString());
    Element signature = document.getDocumentElement();
    DOMValidateContext context = context(signature);
    Element properties = (Element) document.getElementsByTagNameNS(XADES, "SignedProperties").item(0);
    if (properties == null) return "no signed properties";
    context.setIdAttributeNS(properties, null, "Id");
    XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
    XMLSignature read = factory.unmarshalXMLSignature(context);
    String valid = validity(read, context);
    if (!valid.equals("good")) return valid;
    boolean covered = read.getSignedInfo().getReferences().stream().anyMatch((reference) ->
        PROPERTIES_TYPE.equals(reference.getType())
            && reference.getURI().equals("#" + properties.getAttribute("Id")));
    if (!covered) return "the signed properties are not signed";
    Element digest = (Element) properties.getElementsByTagNameNS(DS, "DigestValue").item(0);
    byte[] expected = MessageDigest.getInstance("SHA-256").digest(certificate(read).getEncoded());
    if (!Arrays.equals(expected, Base64.getMimeDecoder().decode(digest.getTextContent()))) {
      return "the signed certificate is another";
    }
    JsonObject documents = task.getAsJsonObject("documents");
    URIDereferencer before = factory.getURIDereferencer();
    context.setURIDereferencer((uri, any) -> {
      if (!documents.has(uri.getURI())) return before.dereference(uri, any);
      try {
        return new OctetStreamData(
            new ByteArrayInputStream(Files.readAllBytes(Path.of(documents.get(uri.getURI()).getAsString()))));
      } catch (java.io.IOException error) {
        throw new javax.xml.crypto.URIReferenceException(error);
      }
    });
    return manifest(read, context, task.get("set").getAsString(), documents);
  }

  private static String manifest(XMLSignature signature, DOMValidateContext context, String set, JsonObject documents)
      throws Exception {
    int named = 0;
    boolean whole = false;
    for (XMLObject object : signature.getObjects()) {
      for (Object part : object.getContent()) {
        if (!(part instanceof Manifest manifest)) continue;
        for (Reference reference : manifest.getReferences()) {
          if (reference.getURI().equals(set)) whole = Arrays.equals(reference.getDigestValue(), new byte[1]);
          else if (!documents.has(reference.getURI())) return "names a stranger: " + reference.getURI();
          else if (reference.validate(context)) named += 1;
          else return "the digest of a document is wrong";
        }
      }
    }
    if (!whole) return "the set is not named";
    return named == documents.size() ? "good" : "a document is not named";
  }

  private static String validity(XMLSignature signature, DOMValidateContext context) throws Exception {
    if (signature.validate(context)) return "good";
    return signature.getSignatureValue().validate(context) ? "a digest is wrong" : "the signature value is wrong";
  }

  /** The public key is that of the certificate given; who issued it is judged elsewhere. */
  private static DOMValidateContext context(Element signature) throws Exception {
    XMLSignature read = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(new DOMStructure(signature));
    DOMValidateContext context =
        new DOMValidateContext(KeySelector.singletonKeySelector(certificate(read).getPublicKey()), signature);
    context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
    return context;
  }

  private static X509Certificate certificate(XMLSignature signature) {
    for (Object info : signature.getKeyInfo().getContent()) {
      if (!(info instanceof X509Data data)) continue;
      for (Object each : data.getContent()) if (each instanceof X509Certificate found) return found;
    }
    throw new IllegalArgumentException("no certificate");
  }

  private static Element child(Element parent, String space, String name) {
    for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && space.equals(element.getNamespaceURI()) && name.equals(element.getLocalName())) {
        return element;
      }
    }
    return null;
  }

  private static Document parse(String file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(new File(file));
  }
}
