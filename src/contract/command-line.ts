/**
 * Command line: a program's words as one line for people. The command line says
 * what it starts in this form, and the daemon writes what the kernel says in
 * the same form, so that the two can be compared.
 */

/** The words as one line, quoted where a shell would need it. */
export function commandLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
