package cabinet;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import jakarta.activation.DataHandler;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.UnsupportedEncodingException;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import javax.net.ssl.SSLException;

/** MSSanté: a mail with its archive and its PDF, handed to the operator by Jakarta Mail (domain notes mssante.md). */
final class Mail {
  private static final int LABEL = 40;

  private final Settings settings;
  private final Psc psc;

  Mail(Settings settings, Psc psc) {
    this.settings = settings;
    this.psc = psc;
  }

  /** Message-ID of the mail that the operator took. */
  String send(Patient patient, Practitioner sender, JsonObject input) {
    Session session = session();
    try {
      InternetAddress from = new InternetAddress(mailbox(sender), sender.givenName() + "_" + sender.familyName(), "UTF-8");
      boolean citizen = false;
      List<InternetAddress> recipients = new ArrayList<>();
      for (JsonElement each : input.getAsJsonArray("recipients")) {
        JsonObject recipient = each.getAsJsonObject();
        boolean toPatient = recipient.get("type").getAsString().equals("citizen");
        citizen = citizen || toPatient;
        if (toPatient && !patient.qualified()) throw new Refusal("Pas d'adresse : l'identité n'est pas qualifiée");
        recipients.add(new InternetAddress(toPatient
            ? patient.matricule() + "@" + settings.endpoint("mss", "citizenDomain") : recipient.get("address").getAsString()));
      }
      String id = "<" + UUID.randomUUID() + "@" + settings.endpoint("mss", "domain") + ">";
      MimeMessage mail = new MimeMessage(session) {
        @Override
        protected void updateMessageID() throws MessagingException {
          setHeader("Message-ID", id);
        }
      };
      mail.setFrom(from);
      mail.setRecipients(Message.RecipientType.TO, recipients.toArray(new InternetAddress[0]));
      mail.setSentDate(new Date());
      mail.setHeader("X-MSS-NIL", settings.at("candidate", "nil"));
      if (citizen && Uploads.flag(input, "noReply")) mail.setHeader("X-MSS-MES", "FIN");
      MimeBodyPart text = new MimeBodyPart();
      text.setText(input.get("body").getAsString(), "UTF-8");
      if (!input.has("document") || input.get("document").isJsonNull()) {
        mail.setSubject("Message du cabinet", "UTF-8");
        mail.setText(input.get("body").getAsString(), "UTF-8");
      } else {
        Clinical.Written document =
            Clinical.write(patient, sender, input.getAsJsonObject("document"), null, settings.otherManner, false);
        String label = Clinical.typeLabel(document.typeCode());
        String person = plain(patient.text("birthName")) + " " + plain(patient.text("firstName"));
        mail.setSubject("XDM/1.0/DDM+" + label.substring(0, Math.min(LABEL, label.length())) + " " + person + " "
            + birthDay(patient), "UTF-8");
        mail.setHeader("X-MSS-CODECDA", document.typeCode());
        mail.setHeader("X-MSS-INS", patient.qualified() ? "O" : "N");
        String today = LocalDate.now(Clinical.HERE).format(DateTimeFormatter.BASIC_ISO_DATE);
        mail.setContent(new MimeMultipart(text,
            attached("IHE_XDM.zip", "application/zip", Archive.of(document, patient, sender, settings)),
            attached(today + "_" + label + "_" + person.replace(' ', '_') + ".pdf", "application/pdf", document.page())));
      }
      mail.saveChanges();
      hand(session, mail, mailbox(sender));
      return id;
    } catch (UnsupportedEncodingException | MessagingException error) {
      throw new Refusal("Le message n'est pas parti : " + error.getMessage());
    }
  }

  /** A token the operator refuses is replaced once; a mail that may have been taken is not sent again. */
  private void hand(Session session, MimeMessage mail, String user) throws MessagingException {
    try (Transport transport = session.getTransport("smtp")) {
      String host = settings.endpoint("mss", "smtpHost");
      int port = Integer.parseInt(settings.endpoint("mss", "smtpPort"));
      try {
        transport.connect(host, port, user, psc.accessToken(false));
      } catch (MessagingException refused) {
        if (!aboutToken(refused)) throw refused;
        transport.connect(host, port, user, psc.accessToken(true));
      }
      transport.sendMessage(mail, mail.getAllRecipients());
    }
  }

  /** An operator says no to a token, or hangs up on it. */
  private static boolean aboutToken(MessagingException refused) {
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException || String.valueOf(cause.getMessage()).contains("STARTTLS")) return false;
    }
    return refused instanceof AuthenticationFailedException || String.valueOf(refused.getMessage()).contains("[EOF]");
  }

  private Session session() {
    Properties properties = new Properties();
    properties.put("mail.smtp.starttls.enable", "true");
    properties.put("mail.smtp.starttls.required", "true");
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    properties.put("mail.smtp.ssl.socketFactory", settings.tls(null).getSocketFactory());
    properties.put("mail.smtp.auth", "true");
    properties.put("mail.smtp.auth.mechanisms", "XOAUTH2");
    properties.put("mail.smtp.auth.xoauth2.two.line.authentication.format", Boolean.toString(settings.otherManner));
    properties.put("mail.smtp.connectiontimeout", "20000");
    properties.put("mail.smtp.timeout", "20000");
    return Session.getInstance(properties);
  }

  private static MimeBodyPart attached(String name, String type, byte[] bytes) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setDataHandler(new DataHandler(new ByteArrayDataSource(bytes, type)));
    part.setFileName(name);
    part.setDisposition(Part.ATTACHMENT);
    part.setHeader("Content-Transfer-Encoding", "base64");
    return part;
  }

  private String mailbox(Practitioner sender) {
    return (plain(sender.givenName()) + "." + plain(sender.familyName())).toLowerCase(Locale.ROOT) + "@"
        + settings.endpoint("mss", "domain");
  }

  private static String birthDay(Patient patient) {
    String[] parts = patient.text("birthDate").split("-");
    return parts[2] + "/" + parts[1] + "/" + parts[0];
  }

  /** Capitals without accents. */
  private static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}", "").toUpperCase(Locale.ROOT);
  }
}
