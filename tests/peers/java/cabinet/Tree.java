package cabinet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** An element being written, with the prefixes it may use. Also: XML read without doctype, and found by local name. */
final class Tree {
  final Element element;
  private final Map<String, String> spaces;
  private final String bare;

  private Tree(Element element, Map<String, String> spaces, String bare) {
    this.element = element;
    this.spaces = spaces;
    this.bare = bare;
  }

  /** A new document. Every prefix is declared on its root; attributes are given as name, value, name, value. */
  static Tree root(Map<String, String> spaces, String name, String... attributes) {
    return rooted(spaces, "", name).with(attributes);
  }

  /** The same; elements of the prefix `bare` are written without it, in a default namespace; attributes keep it. */
  static Tree rooted(Map<String, String> spaces, String bare, String name) {
    Document document = builder().newDocument();
    document.setXmlStandalone(true);
    Tree tree = new Tree(document.createElementNS(space(spaces, name), written(name, bare)), spaces, bare);
    document.appendChild(tree.element);
    spaces.forEach((prefix, uri) -> tree.declare("xmlns:" + prefix, uri));
    if (!bare.isEmpty()) tree.declare("xmlns", spaces.get(bare));
    return tree;
  }

  /** A new child, which is given back. A null value leaves its attribute out. */
  Tree add(String name, String... attributes) {
    Element child = document().createElementNS(space(spaces, name), written(name, bare));
    element.appendChild(child);
    return new Tree(child, spaces, bare).with(attributes);
  }

  /** A new child without children of its own; gives this element back. */
  Tree put(String name, String... attributes) {
    add(name, attributes);
    return this;
  }

  Tree with(String... attributes) {
    for (int index = 0; index < attributes.length; index += 2) {
      String name = attributes[index];
      if (attributes[index + 1] == null) continue;
      element.setAttributeNS(name.contains(":") ? space(spaces, name) : null, name, attributes[index + 1]);
    }
    return this;
  }

  Tree text(String text) {
    element.appendChild(document().createTextNode(text));
    return this;
  }

  /** Puts a comment before the root. */
  void before(String comment) {
    document().insertBefore(document().createComment(comment), document().getDocumentElement());
  }

  /** Takes over an element of another document, with its declarations. */
  Tree adopt(Element foreign) {
    element.appendChild(document().importNode(foreign, true));
    return this;
  }

  /** That element of the same document, to be written on with the same prefixes. */
  Tree under(Element other) {
    return new Tree(other, spaces, bare);
  }

  Document document() {
    return element.getOwnerDocument();
  }

  byte[] bytes() {
    return bytes(document(), "UTF-8");
  }

  static byte[] bytes(Document document, String encoding) {
    try {
      Transformer writer = TransformerFactory.newInstance().newTransformer();
      writer.setOutputProperty(OutputKeys.ENCODING, encoding);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      writer.transform(new DOMSource(document), new StreamResult(out));
      return out.toByteArray();
    } catch (javax.xml.transform.TransformerException error) {
      throw new IllegalStateException(error);
    }
  }

  static Document parse(byte[] bytes) {
    try {
      return builder().parse(new ByteArrayInputStream(bytes));
    } catch (org.xml.sax.SAXException | java.io.IOException error) {
      throw new Refusal("Réponse illisible : " + error.getMessage());
    }
  }

  /** All elements of that local name, in document order. */
  static List<Element> all(Node from, String localName) {
    Document document = from instanceof Document whole ? whole : from.getOwnerDocument();
    var found = from instanceof Document
        ? document.getElementsByTagNameNS("*", localName)
        : ((Element) from).getElementsByTagNameNS("*", localName);
    List<Element> elements = new ArrayList<>();
    for (int index = 0; index < found.getLength(); index++) elements.add((Element) found.item(index));
    return elements;
  }

  /** The first element at the end of the path of local names, or null. */
  static Element first(Node from, String... path) {
    Node at = from;
    for (String name : path) {
      Element next = null;
      for (Element candidate : all(at, name)) {
        next = candidate;
        break;
      }
      if (next == null) return null;
      at = next;
    }
    return (Element) at;
  }

  /** Attribute of the element at the end of the path; empty when there is none. */
  static String attribute(Node from, String name, String... path) {
    Element found = first(from, path);
    return found == null ? "" : found.getAttribute(name);
  }

  static String textOf(Node from, String... path) {
    Element found = first(from, path);
    return found == null ? "" : found.getTextContent().strip();
  }

  private void declare(String name, String uri) {
    element.setAttributeNS(XMLConstants.XMLNS_ATTRIBUTE_NS_URI, name, uri);
  }

  private static String written(String name, String bare) {
    return !bare.isEmpty() && name.startsWith(bare + ":") ? name.substring(bare.length() + 1) : name;
  }

  private static String space(Map<String, String> spaces, String name) {
    int colon = name.indexOf(':');
    if (name.startsWith("xml:")) return XMLConstants.XML_NS_URI;
    String prefix = colon < 0 ? "" : name.substring(0, colon);
    String uri = spaces.get(prefix);
    if (uri == null && colon >= 0) throw new IllegalArgumentException("no namespace for " + name);
    return uri;
  }

  private static DocumentBuilder builder() {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder;
    } catch (javax.xml.parsers.ParserConfigurationException error) {
      throw new IllegalStateException(error);
    }
  }
}
