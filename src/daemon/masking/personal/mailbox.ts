/**
 * Mailbox: whether a text with an `@` is an e-mail address. In commands and
 * code it is a login on another machine, a package with its version, a
 * service's unit, a label: an agent whose command has one hidden cannot run it.
 */
import type { Surroundings, Verdict } from "./surroundings.js";

/** Endings of units and files that are no country's and no registry's domain. */
const endings = new Set(
  (
    "service socket device mount automount swap target path timer slice scope " +
    "png jpg jpeg gif svg webp avif ico bmp heic tif tiff mp3 mp4 wav webm pdf " +
    "js mjs cjs jsx ts tsx css scss html htm xml json yaml yml toml lock conf cfg ini env log txt csv sql " +
    "rb cpp hpp java kt swift php vue lua wasm map exe dll dylib jar war whl deb rpm apk iso img " +
    "gz tgz tar bz xz zst rar bak tmp orig patch diff sock key pem crt"
  ).split(" "),
);

/** Words of Kotlin and Swift that an `@` gives a label to. */
const labelled = /^(?:this|super|return|break|continue)$/i;
/** Accounts that version control logs in with. */
const versionControl = /^(?:git|hg|svn)$/i;
const remoteCommand = /(?:^|[\s;&|("'`])(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id)\s[^\n;&|]*$/;

/** `no` where what stands around, or its own parts, say that it is something else. */
export function isMailbox({ before, written, after, goesOn }: Surroundings): Verdict {
  const at = written.lastIndexOf("@");
  const [account, host] = [written.slice(0, at), written.slice(at + 1)];
  const labels = host.split(".");
  if (endings.has((labels.at(-1) as string).toLowerCase())) return "no";
  if (isVersion(labels.slice(0, -1))) return "no";
  if (labelled.test(account) || after.startsWith("(")) return "no";
  // The part of a URL that says who logs in.
  if (/:\/\/[^\s/]*$/.test(before)) return "no";
  if (remoteCommand.test(before)) return "no";
  if (versionControl.test(account) && after.startsWith(":")) return "no";
  // `deploy@web1.example.com:/srv/app`: a path on another machine.
  if (/^:[\w.~-]{0,64}\//.test(after)) return "no";
  return goesOn && /^(?::[\w.~-]{0,64})?$/.test(after) ? "open" : "yes";
}

/** `1.3.0`, `v1.2.3`, `7.2`; and `2x`, a picture's size. A domain of one number (`163.com`) is one. */
function isVersion(labels: readonly string[]): boolean {
  if (/^\d+x$/i.test(labels[0] as string)) return true;
  return labels.length > 1 && labels.every((label) => /^v?\d+$/i.test(label));
}
