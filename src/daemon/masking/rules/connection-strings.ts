/**
 * Connection strings: URLs and lists of settings that carry a password. What
 * leads to a database is hidden whole, for its host is the other half of the
 * way in; of any other URL only the password is.
 */
import type { Rule } from "../engine/rule.js";
import { isGivenPassword } from "./secret-values.js";

const databases =
  "postgres(?:ql)?|mysqlx?|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|mssql|sqlserver|oracle|cockroachdb|clickhouse|cassandra|neo4j(?:\\+s)?|bolt|couchdb|influxdb|nats|mqtts?|ldaps?|smtps?|imaps?|pop3s?|kafka|snowflake|vertica|db2|memcached|elasticsearch";

export const connectionStringRules: readonly Rule[] = [
  {
    detector: "connection-string",
    about: "a database's URL with a password",
    keywords: [
      "jdbc:",
      "postgres",
      "mysql",
      "mariadb",
      "mongodb",
      "redis",
      "amqp",
      "mssql",
      "sqlserver",
      "oracle",
      "cockroachdb",
      "clickhouse",
      "cassandra",
      "neo4j",
      "bolt:",
      "couchdb",
      "influxdb",
      "nats:",
      "mqtt",
      "ldap",
      "smtp",
      "imap",
      "pop3",
      "kafka:",
      "snowflake",
      "vertica",
      "db2:",
      "memcached",
      "elasticsearch",
    ],
    pattern: `(?:jdbc|${databases})(?:\\+\\w{2,12})?:(?<secret>(?:\\w{2,12}:)?//[^\\s"'\`<>:@/]{0,128}:[^\\s"'\`<>@]{1,256}@[^\\s"'\`<>;)]{1,256})`,
    anyCase: true,
    accept: isUserInfo,
  },
  {
    detector: "connection-string",
    about: "a database's URL with a password among its parameters",
    keywords: ["jdbc:", "postgres"],
    pattern:
      "(?:jdbc:\\w{2,20}|postgres(?:ql)?):[^\\s\"'`<>]{1,256}[?&;](?:password|pwd)=(?<secret>[^\\s\"'`<>&;]{3,128})",
    anyCase: true,
    accept: isGivenPassword,
  },
  {
    detector: "url-password",
    about: "a password in a URL",
    keywords: ["://"],
    pattern:
      "://[^\\s\"'`<>:@/?#()]{0,128}:(?<secret>[^\\s\"'`<>@/?#(){}[\\]]{2,256})@[A-Za-z0-9[]",
    accept: isUrlPassword,
  },
  {
    detector: "connection-string",
    about: "the user in a list of settings with a password",
    keywords: ["user", "uid="],
    pattern:
      "(?:user(?:[ _]?(?:id|name))?|uid)[ \\t]?=[ \\t]?(?<secret>[^\\s;\"'=(){}$]{2,128});[ \\t]?(?:password|pwd)[ \\t]?=[ \\t]?[^\\s;\"'(){}$]{2,128}[;\"']",
    anyCase: true,
  },
  {
    detector: "connection-string",
    about: "a password in a list of settings",
    keywords: ["password", "pwd"],
    pattern: "(?<=[;\"' ])(?:password|pwd)=(?<secret>[^\\s;\"'(){}$<>%]{3,128})[;\"']",
    anyCase: true,
    accept: (value) => value === "secret" || isGivenPassword(value),
  },
];

/** The part before the last `@` has a password that is one. */
function isUserInfo(value: string): boolean {
  const [user = "", ...rest] = value
    .slice(value.indexOf("//") + 2, value.lastIndexOf("@"))
    .split(":");
  const password = rest.join(":");
  if (user === password) return false;
  return !/^(?:[x*.]{2,}|<.*>|\[.*\]|\$.*|%.*%|\{.*|pass(?:word)?|pwd)$|\$\{|\{\{|your|example/i.test(
    password,
  );
}

function isUrlPassword(value: string): boolean {
  return (
    isGivenPassword(value) &&
    !/^(?:\d{1,5}|test|foo|bar|baz|pa?ss\w?|abc|xyz|guest|x+|p)$/i.test(value)
  );
}
