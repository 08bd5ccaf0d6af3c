/**
 * Generic commands: passwords as arguments, where no name stands beside them
 * but the program's own option. The same letters mean other things to other
 * programs, so each row names both.
 */
import { begins, notBefore, valueEnds } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { isGivenPassword } from "./secret-values.js";

interface Command {
  /** Without what follows them: the option's letters mean the same to all of these. */
  readonly programs: readonly string[];
  /** Expression of what stands between the program and the password, its last space included. */
  readonly option: string;
}

/** Other arguments in between, of the same command. */
const others = "[^\\n|;&]{0,200}?";
const space = "[ \\t]{1,4}";

const ldap = ["ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldapwhoami", "ldappasswd"];
const mongo = ["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"];
const mysql = [
  ...["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlshow", "mysqlcheck", "mysqlsh"],
  ...["mariadb", "mariadb-dump", "mariadb-admin"],
];

const commands: readonly Command[] = [
  { programs: ["sshpass"], option: `${others}[ ]-p[ ]{0,4}` },
  {
    programs: [
      "docker login",
      "podman login",
      "nerdctl login",
      "buildah login",
      "crane auth login",
    ],
    option: `${others}[ ]-p${space}`,
  },
  { programs: ["helm registry login", "oras login"], option: `${others}[ ]-p${space}` },
  { programs: ["az login", "oc login", "cf login", "cqlsh"], option: `${others}[ ]-p${space}` },
  // Behind a space it is a database's name.
  { programs: mysql, option: `${others}[ ]-p` },
  { programs: mongo, option: `${others}[ ](?:-p|--password)${space}` },
  { programs: ["redis-cli", "valkey-cli"], option: `${others}[ ](?:-a|--pass)${space}` },
  { programs: ["sqlcmd", "bcp "], option: `${others}[ ]-P[ ]{0,4}` },
  { programs: ["sqlplus"], option: `${others}[ ][\\w.$#-]{1,64}/` },
  { programs: ["gpg", "gpg2"], option: `${others}[ ]--passphrase(?:=|${space})` },
  { programs: ["openssl"], option: `${others}[ ]-pass(?:in|out)?${space}["']?pass:` },
  {
    programs: ["curl"],
    option: `${others}[ ](?:-u|-U|--user|--proxy-user)[ =]{0,4}["']?[^\\s"':$]{1,64}:`,
  },
  {
    programs: ["htpasswd"],
    option: `${others}[ ]-[A-Za-z]{0,6}b[A-Za-z]{0,6}[ ][^\\s]{1,160}[ ][^\\s]{1,64}[ ]`,
  },
  { programs: ldap, option: `${others}[ ]-w${space}` },
  {
    programs: ["smbclient", "rpcclient", "smbmap"],
    option: `${others}[ ]-U${space}["']?[^\\s"'%]{1,64}%`,
  },
  { programs: ["zip", "unzip"], option: `${others}[ ]-P[ ]{0,4}` },
  { programs: ["7z ", "7za ", "7zz ", "rar ", "unrar "], option: `${others}[ ]-h?p` },
  {
    programs: ["keytool", "jarsigner", "apksigner"],
    option: `${others}[ ]-(?:src|dest)?(?:store|key)pass${space}`,
  },
  { programs: ["net user", "net use"], option: `${space}[\\w.@\\\\:*-]{1,64}${space}` },
  {
    programs: ["rabbitmqctl add_user", "rabbitmqctl change_password"],
    option: `${space}[\\w.@-]{1,64}${space}`,
  },
  { programs: ["xfreerdp", "wfreerdp"], option: `${others}[ ]/p:` },
];

/** Statements, and programs that read names and passwords. */
const statements: readonly Command[] = [
  {
    programs: ["identified by", "identified with"],
    option: "(?:[ ][\\w\"'`]{1,40}[ ](?:BY|AS))?[ ]{1,4}",
  },
  {
    programs: ["login password", "encrypted password", "with password"],
    option: "[ ]{0,4}=?[ ]{0,4}",
  },
];

export const genericCommandRules: readonly Rule[] = [
  ...commands.flatMap(({ programs, option }) =>
    inEveryForm({
      detector: "command-password",
      about: `a password given to ${(programs[0] as string).trim()}`,
      keywords: programs,
      pattern: `${begins}(?:${programs.map((program) => literal(program.trim())).join("|")})(?:\\.exe)?${notBefore("\\w-")}${option}`,
    }),
  ),
  ...statements.flatMap(({ programs, option }) =>
    quotedForms({
      detector: "command-password",
      about: "a password in a statement",
      keywords: programs,
      anyCase: true,
      pattern: `(?:${programs.join("|")})${option}`,
    }),
  ),
  {
    detector: "command-password",
    about: "a password given to chpasswd",
    keywords: ["echo "],
    pattern: `echo[ ]{1,4}(?:-[en][ ]{1,4})?["']?[\\w.-]{1,32}:(?<secret>[^\\s"'|$]{3,128})["']?[ ]{0,4}\\|[^\\n|]{0,40}chpasswd`,
    accept: isArgument,
  },
];

type Row = Pick<Rule, "detector" | "about" | "keywords" | "pattern"> & Partial<Rule>;

function inEveryForm(row: Row): readonly Rule[] {
  const bare = `(?<secret>[^\\s"'\`<>|;&-][^\\s"'\`<>|;&]{2,127})${valueEnds}`;
  return [...quotedForms(row), { ...row, pattern: row.pattern + bare, accept: isArgument }];
}

function quotedForms(row: Row): readonly Rule[] {
  return ['"', "'"].map((quote) => ({
    ...row,
    pattern: `${row.pattern}${quote}(?<secret>(?:[^${quote}\\\\\\n]|\\\\[^\\n]){3,128})${quote}`,
    accept: isArgument,
  }));
}

/** Not a variable, a file, another option, nor what a manual writes. */
function isArgument(value: string): boolean {
  return (
    isGivenPassword(value) &&
    !/^(?:[-/?]|\.{1,2}\/)|^(?:env|file|fd|stdin):|^@|PASS(?:WORD|WD)?$|^(.)\1*$/.test(value)
  );
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
