/**
 * Mailing: keys of those who send mail and run lists for others, from K to Z
 * in the alphabet, and the passwords their libraries are given.
 */
import { ends, notBehind } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

export const mailingRules: readonly Rule[] = [
  byBeginning(
    { detector: "sendgrid-api-key", about: "SendGrid key" },
    ["SG."],
    "[A-Za-z0-9_=-]{16,32}\\.[A-Za-z0-9_=-]{32,64}",
  ),
  byBeginning(
    { detector: "sendgrid-api-key", about: "SendGrid key, its parts unmarked", accept: mixed },
    ["SG."],
    "[A-Za-z0-9_=.-]{60,70}",
  ),
  byBeginning(
    { detector: "brevo-api-key", about: "Brevo (Sendinblue) key" },
    ["xkeysib-", "xsmtpsib-"],
    "[A-Fa-f0-9]{64}-[A-Za-z0-9]{16}",
  ),
  byName(
    { detector: "mailchimp-api-key", about: "Mailchimp key" },
    ["mailchimp", "mandrill", "mc_api"],
    "[0-9a-f]{32}-us[0-9]{1,2}",
  ),
  {
    detector: "mailchimp-api-key",
    about: "Mailchimp key by its data centre",
    keywords: ["-us1", "-us2", "-us3", "-us4", "-us5", "-us6", "-us7", "-us8", "-us9"],
    before: 32,
    pattern: `${notBehind("A-Za-z0-9_-")}[0-9a-f]{32}-us[0-9]{1,2}${ends}`,
  },
  byName(
    { detector: "mandrill-api-key", about: "Mandrill key", accept: mixed },
    ["mandrill"],
    "(?:md-)?[a-z0-9_-]{22}",
  ),
  byName(
    { detector: "mailgun-api-key", about: "Mailgun private key" },
    ["mailgun"],
    "(?:key-)?[0-9a-f]{32}",
  ),
  byName(
    { detector: "mailgun-api-key", about: "Mailgun public key" },
    ["mailgun"],
    "pubkey-[0-9a-f]{32}",
  ),
  byName(
    { detector: "mailgun-signing-key", about: "Mailgun key in three parts" },
    ["mailgun"],
    "[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}",
  ),
  {
    detector: "mailgun-api-key",
    about: "Mailgun key near its name",
    keywords: ["mailgun"],
    anyCase: true,
    pattern: `mailgun[^\\r\\n]{0,40}key-(?<secret>[a-z0-9]{32})${ends}`,
    accept: mixed,
  },
  // `key` alone is a word; it stays, and prose is not held for it.
  byBeginning(
    { detector: "mailgun-api-key", about: "Mailgun key" },
    ["key-"],
    "(?<secret>[0-9a-f]{32})",
  ),
  byBeginning(
    { detector: "mailgun-api-key", about: "Mailgun public key" },
    ["pubkey-"],
    "(?<secret>[0-9a-f]{32})",
  ),
  byName({ detector: "mailjet-key", about: "Mailjet key or secret" }, ["mailjet"], "[0-9a-f]{32}"),
  byBeginning(
    { detector: "mailersend-api-token", about: "MailerSend token" },
    ["mlsn."],
    "[0-9a-f]{64}",
  ),
  byName(
    { detector: "mailerlite-api-key", about: "MailerLite key of old" },
    ["mailerlite"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "mailtrap-api-token", about: "Mailtrap token" },
    ["mailtrap"],
    "(?:[0-9a-f]{32}|[0-9a-f]{14})",
  ),
  byName({ detector: "moosend-api-key", about: "Moosend key" }, ["moosend"], uuid),
  byName(
    { detector: "omnisend-api-key", about: "Omnisend key" },
    ["omnisend"],
    "[a-z0-9]{24}-[a-z0-9]{50}",
  ),
  byName(
    { detector: "ortto-api-key", about: "Ortto key", accept: mixed },
    ["ortto"],
    "PRK-[a-z0-9_-]{20,60}",
  ),
  byName(
    { detector: "postmark-token", about: "Postmark server or account token" },
    ["postmark"],
    uuid,
  ),
  {
    detector: "postmark-token",
    about: "Postmark token in its header",
    keywords: ["x-postmark-"],
    anyCase: true,
    pattern: `X-Postmark-(?:Server|Account)-Token["']?[ ]?[:,=][ ]?["']?(?<secret>${uuid})`,
  },
  byBeginning(
    { detector: "resend-api-key", about: "Resend key", accept: mixed },
    ["re_"],
    "[A-Za-z0-9]{8,10}_[A-Za-z0-9_]{20,30}",
  ),
  byName({ detector: "sparkpost-api-key", about: "SparkPost key" }, ["sparkpost"], "[0-9a-f]{40}"),
  byName(
    { detector: "sendpulse-secret", about: "SendPulse secret" },
    ["sendpulse"],
    "[0-9a-f]{32}",
  ),
  byName({ detector: "smtp2go-api-key", about: "SMTP2GO key" }, ["smtp2go"], "api-[a-z0-9]{32}"),
  byName(
    { detector: "socketlabs-api-key", about: "SocketLabs key", accept: mixed },
    ["socketlabs"],
    "[a-z0-9]{20}",
  ),
  byName({ detector: "loops-api-key", about: "Loops key" }, ["loops_", "loops."], "[0-9a-f]{32}"),
  byName(
    { detector: "klaviyo-api-key", about: "Klaviyo private key" },
    ["klaviyo"],
    "pk_[0-9a-f]{34}",
  ),
  byBeginning(
    { detector: "klaviyo-api-key", about: "Klaviyo private key" },
    ["pk_"],
    "[0-9a-f]{34}",
  ),
  byName(
    { detector: "nylas-api-key", about: "Nylas key" },
    ["nylas"],
    "(?:nyk_v0_)?[a-z0-9]{30,64}",
  ),
  byBeginning({ detector: "nylas-api-key", about: "Nylas key" }, ["nyk_v0_"], "[A-Za-z0-9]{60,70}"),
  byName(
    { detector: "zerobounce-api-key", about: "ZeroBounce key" },
    ["zerobounce"],
    "[0-9a-f]{32}",
  ),
  {
    detector: "phpmailer-credentials",
    about: "PHPMailer's server, user and password",
    keywords: ["mail->host", "mail->username", "mail->password"],
    anyCase: true,
    pattern:
      "mail->(?:Host|Username|Password)\\s{0,16}=\\s{0,16}[\"'](?<secret>[^\"'\\r\\n]{1,128})[\"']",
  },
];
