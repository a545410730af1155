package cabinet;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDMetadata;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.color.PDOutputIntent;

/** The page a patient would be given, as a PDF/A-1b: embedded font, output intent, XMP. */
final class Paper {
  private static final File FONT = new File("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");
  private static final int WIDTH = 80;
  private static final String XMP = """
      <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
      <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
      <pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
      </rdf:RDF></x:xmpmeta>
      <?xpacket end="w"?>""";

  private Paper() {}

  static byte[] print(String... paragraphs) {
    try (PDDocument document = new PDDocument()) {
      document.setVersion(1.4f);
      PDPage page = new PDPage(PDRectangle.A4);
      document.addPage(page);
      PDType0Font font = PDType0Font.load(document, FONT);
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.beginText();
        content.setFont(font, 11);
        content.setLeading(16);
        content.newLineAtOffset(60, 770);
        for (String paragraph : paragraphs) {
          for (String line : paragraph.split("\n")) {
            for (int from = 0; from == 0 || from < line.length(); from += WIDTH) {
              content.showText(line.substring(from, Math.min(line.length(), from + WIDTH)));
              content.newLine();
            }
          }
        }
        content.endText();
      }
      byte[] colours = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
      PDOutputIntent intent = new PDOutputIntent(document, new ByteArrayInputStream(colours));
      intent.setInfo("sRGB");
      intent.setOutputCondition("sRGB");
      intent.setOutputConditionIdentifier("sRGB");
      document.getDocumentCatalog().addOutputIntent(intent);
      PDMetadata metadata = new PDMetadata(document);
      metadata.importXMPMetadata(XMP.getBytes(StandardCharsets.UTF_8));
      document.getDocumentCatalog().setMetadata(metadata);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return out.toByteArray();
    } catch (IOException error) {
      throw new IllegalStateException("PDF", error);
    }
  }
}
