/**
 * Cloud, Google: API keys, OAuth clients and their tokens, service accounts,
 * Firebase. The key file of a service account is hidden as a whole: its other
 * fields say whose key it is.
 */
import { begins, ends, notBefore, notBehind } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere, written } from "./anywhere.js";
import { assigned } from "./shapes.js";

export const googleRules: readonly Rule[] = [
  {
    detector: "google-api-key",
    about: "Google API key, as Maps, Gemini and Firebase take it",
    keywords: ["AIza"],
    exact: true,
    pattern: `${notBehind("A-Za-z0-9")}AIza[A-Za-z0-9_-]{35}${notBefore("A-Za-z0-9_")}`,
    accept: written,
  },
  {
    detector: "google-api-key",
    about: "Google API key bound to a service account",
    keywords: ["AQ.Ab8RN6"],
    exact: true,
    pattern: `${begins}AQ\\.Ab8RN6[A-Za-z0-9_-]{30,80}${ends}`,
  },
  anywhere(
    { detector: "google-client-secret", about: "Google OAuth client secret" },
    ["GOCSPX-"],
    "[A-Za-z0-9_-]{20,36}",
  ),
  {
    detector: "google-client-secret",
    about: "Google OAuth client secret as it was until 2021",
    keywords: ["client_secret", "clientsecret", "client-secret"],
    anyCase: true,
    pattern: assigned("client[_-]?secret", "[A-Za-z0-9_-]{24}"),
    accept: (secret) => !isPlaceholder(secret) && /\d/.test(secret) && /[A-Z]/.test(secret),
  },
  {
    detector: "google-client-id",
    about: "Google OAuth client ID",
    keywords: [".apps.googleusercontent.com"],
    before: 50,
    pattern: `${begins}[0-9]{1,15}-[a-z0-9]{24,34}\\.apps\\.googleusercontent\\.com`,
    accept: (id) => !isPlaceholder(id.slice(0, -".apps.googleusercontent.com".length)),
  },
  {
    detector: "google-access-token",
    about: "Google OAuth access token",
    keywords: ["ya29."],
    exact: true,
    pattern: `${begins}ya29\\.[A-Za-z0-9_-]{20,2000}(?:\\.[A-Za-z0-9_-]{20,1000})?`,
    accept: written,
  },
  {
    detector: "google-refresh-token",
    about: "Google OAuth refresh token",
    keywords: ["1//0"],
    exact: true,
    pattern: `${notBehind("A-Za-z0-9_/.")}1//0[A-Za-z0-9_-]{38,120}${ends}`,
  },
  {
    detector: "google-service-account",
    about: "key file of a Google service account",
    keywords: ["service_account"],
    before: 56,
    pattern:
      '\\{[\\s\\\\rnt]{0,24}"type\\\\?"\\s{0,4}:\\s{0,4}\\\\?"service_account\\\\?"[^{}]{1,400}"private_key[^{}]{20,6000}\\}',
  },
  {
    detector: "google-service-account",
    about: "key ID of a Google service account",
    keywords: ["private_key_id"],
    pattern: assigned("private_key_id", "[0-9a-f]{40}"),
  },
  {
    detector: "google-storage-key",
    about: "HMAC key ID of Google Cloud Storage",
    keywords: ["GOOG1", "GOOG4"],
    exact: true,
    pattern: `${begins}GOOG[14][A-Z0-9]{19,58}${notBefore("A-Za-z0-9-")}`,
  },
  {
    detector: "firebase-server-key",
    about: "Firebase Cloud Messaging server key",
    keywords: ["AAAA"],
    exact: true,
    pattern: `${begins}AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{100,160}`,
  },
  {
    detector: "google-recaptcha-secret",
    about: "reCAPTCHA secret",
    keywords: ["recaptcha"],
    anyCase: true,
    pattern: assigned("recaptcha[\\w.-]{0,24}(?:secret|private)", "6L[A-Za-z0-9_-]{38}"),
  },
];
