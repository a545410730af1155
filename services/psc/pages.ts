/** The few pages a person sees at PSC. Plain HTML, no script: a browser or our own user agent can use them. */
import type { ProfessionalFixture } from "../../core/model/index.js";

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b35; background: #fff; }
.notice { border-left: 4px solid #b34000; padding-left: 1rem; }
label { display: block; padding: .4rem 0; }
button { font: inherit; padding: .6rem 1.2rem; margin: 1rem 1rem 0 0; }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="notice">Banc d'essai local : ce n'est pas Pro Santé Connect. Identités fictives uniquement.<br>
<span lang="en">Local test bench: this is not Pro Santé Connect. Fictitious identities only.</span></p>
${body}
</body>
</html>
`;
}

/** Choice of the professional. Posts `professional` (national id), or `cancel`. */
export function loginPage(action: string, client: string, professionals: readonly ProfessionalFixture[]): string {
  const choices = professionals.map(
    ({ key, nationalId, givenName, familyName }, index) =>
      `<label><input type="radio" name="professional" value="${escapeHtml(nationalId)}" data-key="${escapeHtml(key)}"${index === 0 ? " checked" : ""}> ` +
      `${escapeHtml(givenName)} ${escapeHtml(familyName)} <small>${escapeHtml(nationalId)}</small></label>`,
  );
  return page(
    "Connexion d'un professionnel",
    `<p>Le logiciel <strong>${escapeHtml(client)}</strong> demande une connexion.</p>
<form id="login" method="post" action="${escapeHtml(action)}">
<fieldset><legend>Qui se connecte ?</legend>
${choices.join("\n")}
</fieldset>
<button type="submit" name="answer" value="login">Se connecter</button>
<button type="submit" name="answer" value="cancel">Annuler</button>
</form>`,
  );
}

/** Asked when nobody tells which session to close. Posts `answer=logout`. */
export function logoutPage(action: string): string {
  return page(
    "Déconnexion",
    `<form id="logout" method="post" action="${escapeHtml(action)}">
<button type="submit" name="answer" value="logout">Se déconnecter</button>
</form>`,
  );
}

export function loggedOutPage(): string {
  return page("Déconnecté", "<p>La session est fermée.</p>");
}

export function errorPage(error: string, description: string): string {
  return page("Demande refusée", `<p><code>${escapeHtml(error)}</code> ${escapeHtml(description)}</p>`);
}
