/** The real national services are never a target of ours: no call leaves for them, whatever a configuration says. */

const NATIONAL_SUFFIXES = ["esante.gouv.fr", "ameli.fr", "dmp.gouv.fr", "mssante.fr"] as const;

/** The suffix under which the host of a URL (or a bare host) belongs to a national service, or null. */
export function nationalSuffix(target: string): string | null {
  const host = hostOf(target);
  return NATIONAL_SUFFIXES.find((suffix) => host === suffix || host.endsWith(`.${suffix}`)) ?? null;
}

function hostOf(target: string): string {
  try {
    return new URL(target).hostname.toLowerCase().replace(/\.+$/, "");
  } catch {
    const bare = target.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/[/:?#].*$/s, "");
    return bare.toLowerCase().replace(/\.+$/, "");
  }
}
