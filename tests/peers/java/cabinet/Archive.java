package cabinet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** IHE_XDM.zip of one document (domain notes mssante.md, sections 2.4 and 2.5), made by java.util.zip. */
final class Archive {
  private static final String FOLDER = "IHE_XDM/SUBSET01/";
  private static final String FILE = "DOC0001.XML";

  private Archive() {}

  static byte[] of(Clinical.Written document, Patient patient, Practitioner sender, Settings settings) {
    Tree metadata = Tree.root(Metadata.SPACES, "lcm:SubmitObjectsRequest");
    Tree list = metadata.add("reg:RegistryObjectList");
    Metadata.set(list, "lot", Clinical.newId(), sender, patient.asIdentifier());
    Metadata.document(list, "doc-1", document.bytes(), List.of(), FILE, settings);
    Metadata.member(list, "lot", "doc-1");
    String software = settings.at("candidate", "product") + " " + settings.at("candidate", "version") + ", "
        + settings.at("candidate", "vendor");
    String readme = String.join("\r\n", "Emetteur : " + sender.structureName(), "Application : " + software,
        "Ouvrir INDEX.HTM pour lire le document.", "Fichiers : " + FOLDER + "METADATA.XML, " + FOLDER + FILE, "");
    Tree index = Tree.rooted(java.util.Map.of("h", "http://www.w3.org/1999/xhtml"), "h", "h:html");
    index.add("h:head").add("h:title").text("Envoi de " + sender.structureName());
    Tree page = index.add("h:body");
    page.add("h:p").text(sender.structureName());
    page.add("h:p").add("h:a", "href", "README.TXT").text("README.TXT");
    page.add("h:p").add("h:a", "href", FOLDER + FILE).text(document.title());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, "INDEX.HTM", index.bytes());
      put(zip, "README.TXT", readme.getBytes(StandardCharsets.UTF_8));
      put(zip, FOLDER + FILE, document.bytes());
      put(zip, FOLDER + "METADATA.XML", metadata.bytes());
    } catch (IOException error) {
      throw new IllegalStateException(error);
    }
    return out.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(bytes);
    zip.closeEntry();
  }
}
