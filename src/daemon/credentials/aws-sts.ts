/**
 * AWS STS: the keys of a role by the login's JWT (AssumeRoleWithWebIdentity),
 * which then sign each request. The role session is named for the person, so
 * that CloudTrail names them too.
 */
import type { Connection } from "../model/connection.js";
import type { Identity } from "../model/identity.js";
import { createSignature } from "./sigv4.js";
import { type CredentialSource, configOf } from "./source.js";
import { type ExchangeOptions, subjectFor } from "./subject.js";
import { unusable, xmlText } from "./token-call.js";
import { carried } from "./token-reply.js";

/** Creates the source of AWS role credentials. */
export function createAwsStsSource(options: ExchangeOptions): CredentialSource {
  const { subjects, call, now } = options;
  return {
    async obtain(connection, identity, signal) {
      const config = configOf(connection, "aws-sts");
      const { region, service = "bedrock", roleArn } = config;
      const url = config.tokenUrl ?? endpointOf(region);
      const { token } = await subjectFor(subjects, config, identity, signal);
      const { text, clock } = await call({
        connection,
        url,
        // Documented as XML; JSON comes to those who ask, and is documented nowhere.
        headers: { accept: "text/xml" },
        form: {
          Action: "AssumeRoleWithWebIdentity",
          Version: "2011-06-15",
          RoleArn: roleArn,
          RoleSessionName: sessionName(identity),
          WebIdentityToken: token.reveal(),
        },
        secrets: [token],
        signal,
      });
      const part = (name: string) => xmlText(text, name) ?? missing(connection, url, name);
      const expires = Date.parse(part("Expiration"));
      if (Number.isNaN(expires))
        throw unusable(connection, url, "with an Expiration that is not a date");
      return createSignature({
        connection,
        keys: {
          accessKeyId: carried(part("AccessKeyId"), connection, url).reveal(),
          secretAccessKey: carried(part("SecretAccessKey"), connection, url),
          sessionToken: carried(part("SessionToken"), connection, url),
        },
        region,
        service,
        lifetime: expires - clock,
        seenAs: xmlText(text, "Arn") ?? roleArn,
        ahead: clock - now().getTime(),
        now,
      });
    },
  };
}

function endpointOf(region: string): string {
  const china = region.startsWith("cn-");
  return `https://sts.${region}.amazonaws.com${china ? ".cn" : ""}/`;
}

/** 2 to 64 of the characters that STS takes. */
function sessionName({ email, subject }: Identity): string {
  const name = (email ?? subject).replace(/[^\w+=,.@-]+/g, "-").slice(0, 64);
  return name.length < 2 ? `hoopx-${name}` : name;
}

function missing(connection: Connection, url: string, name: string): never {
  throw unusable(connection, url, `without ${name}`);
}
