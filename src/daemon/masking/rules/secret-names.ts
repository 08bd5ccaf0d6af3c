/**
 * Secret names: words in the names of settings, variables and columns that say
 * that the value is a secret.
 */
export const passwordNames: readonly string[] = [
  "passw",
  "passphrase",
  "passcode",
  "pwd",
  "_pass",
  "dbpass",
  "-pass",
  "secret",
];
export const tokenNames: readonly string[] = [
  "token",
  "secret",
  "api_key",
  "apikey",
  "api-key",
  "api key",
  "access_key",
  "accesskey",
  "access-key",
  "private_key",
  "privatekey",
  "private-key",
  "auth_key",
  "authkey",
  "auth-key",
  "account_key",
  "accountkey",
  "account-key",
  "signing_key",
  "signingkey",
  "signing-key",
  "encryption_key",
  "encryptionkey",
  "encryption-key",
  "master_key",
  "masterkey",
  "master-key",
  "shared_key",
  "sharedkey",
  "service_key",
  "servicekey",
  "app_key",
  "appkey",
  "app-key",
  "license_key",
  "licensekey",
  "client_key",
  "storage_key",
  "admin_key",
  "security_key",
  "salt_key",
  "_salt",
  "x-auth",
  "_auth",
  "sessionid",
  "session_id",
  "consumer_key",
  "consumerkey",
];

/** Tokens that tell a page, or that a form was ours, are no secrets. */
export const noSecretsBefore =
  "(?<!srf[_-]?|authenticity[_-]?|next[_-]?|page[_-]?|continuation[_-]?|cancel(?:lation)?[_-]?)";
/** An expression of one of them. */
export const tokens = tokenNames
  .map((name) => (name === "token" ? `${noSecretsBefore}token` : name))
  .join("|");
