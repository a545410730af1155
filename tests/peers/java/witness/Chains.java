package witness;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * `file`: a chain as PEM, end entity first; `root`: the DER or PEM of the only authority trusted; `lists`: revocation lists as
 * PEM, or absent: no revocation is looked at; `server`: true when the end entity is a TLS server, else it is a TLS client.
 */
final class Chains {
  private Chains() {}

  static String judge(JsonObject task) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null);
    try (InputStream in = Files.newInputStream(Path.of(task.get("root").getAsString()))) {
      trusted.setCertificateEntry("root", factory.generateCertificate(in));
    }
    X509Certificate[] chain;
    try (InputStream in = Files.newInputStream(Path.of(task.get("file").getAsString()))) {
      chain = factory.generateCertificates(in).toArray(new X509Certificate[0]);
    }
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, new X509CertSelector());
    parameters.setRevocationEnabled(task.has("lists"));
    if (task.has("lists")) {
      Collection<? extends CRL> lists =
          factory.generateCRLs(new ByteArrayInputStream(Files.readAllBytes(Path.of(task.get("lists").getAsString()))));
      parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(new CertPathTrustManagerParameters(parameters));
    X509TrustManager manager = (X509TrustManager) trust.getTrustManagers()[0];
    try {
      if (task.has("server")) manager.checkServerTrusted(chain, "UNKNOWN");
      else manager.checkClientTrusted(chain, "UNKNOWN");
      return "good";
    } catch (CertificateException refusal) {
      for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
        if (cause instanceof CertPathValidatorException found) return found.getReason().toString();
      }
      return refusal.getMessage().contains("key usage") ? "UNSUITABLE_USAGE" : refusal.getMessage();
    }
  }
}
