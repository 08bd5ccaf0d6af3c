/** Keys of those who send mail are found. */
import { mailingRules } from "../../../../src/daemon/masking/rules/mailing.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, mixed, uuid } = invented;

testRules(mailingRules, {
  found: [
    ["sendgrid-api-key", `S${"G."}${mixed(22)}.${mixed(43)}`, "SENDGRID_API_KEY=§"],
    ["brevo-api-key", `xkey${"sib-"}${hex(64)}-${mixed(16)}`, "api-key: §"],
    ["mailchimp-api-key", `${hex(32)}-us13`, "MAILCHIMP_API='§'"],
    ["mailchimp-api-key", `${hex(32)}-us6`, "https://any:§@us6.api.mailchimp.example"],
    ["mailgun-api-key", `key-${hex(32)}`, "mailgunToken=§"],
    ["mailgun-api-key", hex(32), "curl --user 'api:key-§'"],
    ["mailgun-api-key", `pubkey-${hex(32)}`, "mailgun_token: §"],
    ["mailgun-signing-key", `${hex(32)}-${hex(8)}-${hex(8)}`, "MAILGUN_KEY=§"],
    ["postmark-token", uuid(), "postmark: '§'"],
    ["postmark-token", uuid(), '-H "X-Postmark-Server-Token: §"'],
    ["resend-api-key", `re_${mixed(8)}_${mixed(24)}`, "new Resend('§')"],
    ["klaviyo-api-key", `pk_${hex(34)}`, "§"],
    ["phpmailer-credentials", "hunter2hunter2", "$mail->Password = '§';"],
  ],
  none: [
    "send it by mail, the key-value store has it",
    `a key-${"value".repeat(8)}`,
    "MAILCHIMP_API_KEY=<your key>-us1",
    "re_compile_the_pattern",
    `${hex(32)}-usual`,
  ],
});
