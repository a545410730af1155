package cabinet;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** MTOM packages, written and read with Jakarta Mail. */
final class Mtom {
  /** What is sent: the header Content-Type and the bytes under it. */
  record Packed(String contentType, byte[] bytes) {}

  /** What came: the envelope, and the other parts by Content-ID without its brackets. */
  record Unpacked(byte[] envelope, Map<String, byte[]> parts) {}

  private static final String ROOT = "enveloppe@cabinet.example";

  private Mtom() {}

  /**
   * One manner puts the envelope last: `start` says which part is the root (RFC 2387, section 3.2). The other puts it first,
   * with a preamble before, and its documents in base64.
   */
  static Packed pack(byte[] envelope, String action, LinkedHashMap<String, byte[]> parts, boolean otherManner) {
    try {
      MimeMultipart all = new MimeMultipart("related");
      String rootType = otherManner ? "application/xop+xml; type=\"application/soap+xml\"; charset=utf-8"
          : "application/xop+xml; charset=UTF-8; type=\"application/soap+xml; action=\\\"" + action + "\\\"\"";
      MimeBodyPart root = part(ROOT, rootType, envelope, "binary");
      if (otherManner) {
        all.setPreamble("SOAP 1.2, MTOM");
        all.addBodyPart(root);
      }
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        String id = part.getKey();
        all.addBodyPart(otherManner
            ? part(id, "application/octet-stream", Base64.getMimeEncoder().encode(part.getValue()), "base64")
            : part(id, "text/xml", part.getValue(), "binary"));
      }
      if (!otherManner) all.addBodyPart(root);
      ContentType type = new ContentType(all.getContentType());
      type.setParameter("type", "application/xop+xml");
      type.setParameter("start", "<" + ROOT + ">");
      type.setParameter("start-info", "application/soap+xml");
      type.setParameter("action", action);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      all.writeTo(out);
      return new Packed(type.toString().replaceAll("\\r\\n\\s+", " "), out.toByteArray());
    } catch (IOException | MessagingException error) {
      throw new IllegalStateException("MTOM", error);
    }
  }

  /** Takes an envelope alone too: an answer without attachments need not be a package. */
  static Unpacked unpack(String contentType, byte[] bytes) {
    try {
      ContentType type = new ContentType(contentType);
      if (!type.match("multipart/related")) return new Unpacked(bytes, Map.of());
      MimeMultipart all = new MimeMultipart(new ByteArrayDataSource(bytes, contentType));
      if (!all.isComplete()) throw new Refusal("La réponse du DMP est coupée");
      String start = type.getParameter("start");
      byte[] envelope = null;
      Map<String, byte[]> parts = new HashMap<>();
      for (int index = 0; index < all.getCount(); index++) {
        BodyPart part = all.getBodyPart(index);
        String id = ((MimeBodyPart) part).getContentID();
        byte[] content = part.getInputStream().readAllBytes();
        boolean root = start == null ? index == 0 : start.equals(id);
        if (root) envelope = content;
        else if (id != null) parts.put(id.replaceAll("^<|>$", ""), content);
      }
      if (envelope == null) throw new Refusal("La réponse du DMP n'a pas d'enveloppe");
      return new Unpacked(envelope, parts);
    } catch (IOException | MessagingException error) {
      throw new Refusal("La réponse du DMP est illisible : " + error.getMessage());
    }
  }

  /** `bytes`: already in that transfer encoding. */
  private static MimeBodyPart part(String id, String type, byte[] bytes, String encoding) throws MessagingException {
    InternetHeaders headers = new InternetHeaders();
    headers.setHeader("Content-ID", "<" + id + ">");
    headers.setHeader("Content-Type", type);
    headers.setHeader("Content-Transfer-Encoding", encoding);
    return new MimeBodyPart(headers, bytes);
  }
}
