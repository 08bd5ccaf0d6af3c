/**
 * Plain URL: another party's address without what may be secret in it.
 * Tokens are commonly kept in the user's place of a remote's URL, and in
 * queries; they must reach neither the record nor a screen.
 */

/** Without user, password, query and fragment; undefined for a form in which a secret could hide. */
export function withoutCredentials(text: string): string | undefined {
  // `helper::command …` (gitremote-helpers(7)) may hold anything.
  if (/^[\w+.-]+::/.test(text)) return undefined;
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) {
    if (!URL.canParse(text)) return undefined;
    const { protocol, username, host, pathname } = new URL(text);
    // ssh's user is part of the address, and never a secret; of the web's it often is one.
    const user = protocol === "ssh:" && username !== "" ? `${username}@` : "";
    return `${protocol}//${user}${host}${pathname}`;
  }
  // git@host:path, or a path of this machine.
  const short = /^(?:([^/@:]+)(:[^/@]*)?@)?([^@?#]*)$/.exec(text);
  if (short === null) return undefined;
  const [, user, password, rest = ""] = short;
  return user === undefined || password !== undefined ? rest : `${user}@${rest}`;
}
