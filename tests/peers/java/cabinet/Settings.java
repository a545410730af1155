package cabinet;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Where the services are and what to present to them, as the file named by SEGUR_ENV says. */
final class Settings {
  /** Key, certificate and chain (certificate first) of a PKCS#12 file. */
  record Identity(KeyStore store, char[] password, PrivateKey key, X509Certificate certificate, List<X509Certificate> chain) {}

  private final JsonObject json;
  private final List<String> flaws;
  /** The other of two manners of writing the same messages, as different and as legal as the first. */
  final boolean otherManner;

  Settings(Path file, List<String> flaws, boolean otherManner) throws Exception {
    json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    this.flaws = flaws;
    this.otherManner = otherManner;
  }

  /** Text at the end of a path of members. */
  String at(String... path) {
    JsonObject object = json;
    for (int index = 0; index < path.length - 1; index++) object = object.getAsJsonObject(path[index]);
    return object.get(path[path.length - 1]).getAsString();
  }

  String endpoint(String service, String name) {
    return at("services", service, "endpoints", name);
  }

  Identity identity(String role) {
    try (InputStream in = Files.newInputStream(Path.of(at("pki", role, "p12")))) {
      char[] password = at("pki", role, "p12Password").toCharArray();
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      String alias = store.aliases().nextElement();
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate each : store.getCertificateChain(alias)) chain.add((X509Certificate) each);
      return new Identity(store, password, (PrivateKey) store.getKey(alias, password), chain.get(0), chain);
    } catch (Exception error) {
      throw new IllegalStateException("PKCS#12 of " + role, error);
    }
  }

  /** TLS that trusts the test authority only, and presents that role's certificate; null presents none. */
  SSLContext tls(String role) {
    try (InputStream in = Files.newInputStream(Path.of(at("pki", "caBundle")))) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null);
      int index = 0;
      for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("authority-" + index++, authority);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      KeyManagerFactory own = null;
      if (role != null) {
        Identity identity = identity(role);
        own = KeyManagerFactory.getInstance("PKIX");
        own.init(identity.store(), identity.password());
      }
      SSLContext context = SSLContext.getInstance(otherManner ? "TLSv1.2" : "TLS");
      context.init(own == null ? null : own.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (Exception error) {
      throw new IllegalStateException("TLS", error);
    }
  }

  /** Whether this mistake is made on purpose. */
  boolean flawed(String name) {
    return flaws.contains(name);
  }
}
