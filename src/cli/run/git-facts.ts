/**
 * Git facts: the remote, branch and commit of the folder a run is started in,
 * read from git's own files (gitrepository-layout(5)): starting `git` would
 * cost more than all the rest of a run's start. What cannot be read is null.
 * No credential that stands in a remote's URL is ever kept.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { GitView } from "../../contract/views.js";
import { withoutCredentials } from "./plain-url.js";

/** Refs of the largest repositories take tens of megabytes; a run should not wait for more. */
const largestFile = 32 * 1024 ** 2;
const longest = 1024;
const commitId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** What git's files say of this folder; null outside a repository. */
export function gitFacts(folder: string): GitView | null {
  const gitFolder = findGitFolder(folder);
  if (gitFolder === undefined) return null;
  // A worktree has its own HEAD; branches and settings are the main repository's.
  const shared = lineOf(join(gitFolder, "commondir"));
  const common = shared === undefined ? gitFolder : resolve(gitFolder, shared);
  const head = lineOf(join(gitFolder, "HEAD")) ?? "";
  const ref = /^ref: (refs\/.+)$/.exec(head)?.[1];
  const branch = /^refs\/heads\/(.+)$/.exec(ref ?? "")?.[1] ?? null;
  const commit = ref === undefined ? head : commitOf(common, ref);
  return {
    remote: remoteOf(textOf(join(common, "config")) ?? "", branch),
    // What a repository with another store of refs has in place of a branch.
    branch: branch === ".invalid" ? null : (branch?.slice(0, longest) ?? null),
    commit: commit !== undefined && commitId.test(commit) ? commit : null,
  };
}

function findGitFolder(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = gitFolderAt(join(at, ".git"));
    if (found !== undefined) return found;
    if (at === dirname(at)) return undefined;
  }
}

/** `.git` is the folder itself, or in worktrees and submodules a file that names it. */
function gitFolderAt(path: string): string | undefined {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind?.isDirectory()) return path;
  if (!kind?.isFile()) return undefined;
  const named = /^gitdir: (.+)$/.exec(lineOf(path) ?? "")?.[1];
  return named === undefined ? undefined : resolve(dirname(path), named);
}

function commitOf(common: string, ref: string): string | undefined {
  if (ref.split("/").includes("..")) return undefined;
  const loose = lineOf(join(common, ref));
  if (loose !== undefined) return loose;
  const packed = textOf(join(common, "packed-refs")) ?? "";
  const end = packed.indexOf(` ${ref}\n`);
  return end === -1 ? undefined : packed.slice(packed.lastIndexOf("\n", end) + 1, end);
}

/** The remote that the branch follows, else `origin`, else the first there is. */
function remoteOf(config: string, branch: string | null): string | null {
  const urls = new Map<string, string>();
  let followed: string | undefined;
  let section = "";
  let name = "";
  for (const line of config.split("\n")) {
    const heading = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (heading !== null) {
      section = (heading[1] ?? "").toLowerCase();
      name = (heading[2] ?? "").replaceAll(/\\(.)/g, "$1");
      continue;
    }
    const [, key = "", value = ""] = /^\s*([\w-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (section === "remote" && key.toLowerCase() === "url" && !urls.has(name)) {
      urls.set(name, settingOf(value));
    }
    const ours = section === "branch" && name === branch;
    if (ours && key.toLowerCase() === "remote") followed = settingOf(value);
  }
  const url = urls.get(followed ?? "") ?? urls.get("origin") ?? [...urls.values()][0];
  return url === undefined ? null : (withoutCredentials(url)?.slice(0, longest) ?? null);
}

/** A setting's value without quotes and without a comment behind it. */
function settingOf(line: string): string {
  const text = line.slice(0, 4 * longest);
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, "$1");
  return text.replace(/\s+[#;].*$/, "").trim();
}

function lineOf(path: string): string | undefined {
  return textOf(path)?.split("\n")[0]?.trim();
}

function textOf(path: string): string | undefined {
  try {
    // The repository's author may have put a pipe there, which would be waited for.
    const found = statSync(path);
    return !found.isFile() || found.size > largestFile ? undefined : readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
