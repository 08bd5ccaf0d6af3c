import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gitFacts } from "../../../src/cli/run/git-facts.js";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "hoopx-git-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

const id = "0123456789abcdef0123456789abcdef01234567";

/** The files of a repository, without git. */
function repository(files: Readonly<Record<string, string>>, below = ".git") {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, below, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  }
}

test("outside a repository there is nothing to say", () => {
  expect(gitFacts(folder)).toBeNull();
});

test("branch, commit and remote, from a folder below", () => {
  repository({
    HEAD: "ref: refs/heads/feature/x\n",
    "refs/heads/feature/x": `${id}\n`,
    config: `[core]\n\tbare = false\n[remote "origin"]\n\turl = https://ada:ghp_secret@git.example/a.git\n\tfetch = +refs\n`,
  });
  const below = join(folder, "src", "deep");
  mkdirSync(below, { recursive: true });
  expect(gitFacts(below)).toEqual({
    remote: "https://git.example/a.git",
    branch: "feature/x",
    commit: id,
  });
});

test("a packed ref, one with a longer name beside it", () => {
  repository({
    HEAD: "ref: refs/heads/main\n",
    "packed-refs": `# pack-refs with: peeled fully-peeled sorted\n${"f".repeat(40)} refs/heads/mainline\n${id} refs/heads/main\n^${"e".repeat(40)}\n`,
  });
  expect(gitFacts(folder)).toEqual({ remote: null, branch: "main", commit: id });
});

test("a detached head has a commit and no branch; a new repository a branch and no commit", () => {
  repository({ HEAD: `${id}\n` });
  expect(gitFacts(folder)).toEqual({ remote: null, branch: null, commit: id });
  repository({ HEAD: "ref: refs/heads/main\n" });
  expect(gitFacts(folder)).toEqual({ remote: null, branch: "main", commit: null });
});

test("the remote that the branch follows goes before origin, and origin before others", () => {
  const remotes = `[remote "a"]\n url = "https://h/a;b" ; why\n[Remote "origin"]\n URL = https://h/o # c\n`;
  repository({ HEAD: "ref: refs/heads/main\n", config: remotes });
  expect(gitFacts(folder)?.remote).toBe("https://h/o");
  repository({ config: `${remotes}[branch "main"]\n remote = a\n` });
  expect(gitFacts(folder)?.remote).toBe("https://h/a;b");
  repository({ config: `[remote "b"]\nurl=git@h:b\n` });
  expect(gitFacts(folder)?.remote).toBe("git@h:b");
});

test.each([
  ["refs that lead elsewhere", { HEAD: "ref: refs/heads/../../config\n", config: `${id}\n` }],
  ["a head that is nonsense", { HEAD: "\u0000\u0001" }],
  ["no head", { description: "x" }],
  ["a head that is a folder", { "HEAD/x": "" }],
])("%s: nothing is made of it", (_, files) => {
  repository(files);
  expect(gitFacts(folder)).toMatchObject({ commit: null });
});

test("another store of refs: the branch it pretends is none", () => {
  repository({ HEAD: "ref: refs/heads/.invalid\n" });
  expect(gitFacts(folder)).toEqual({ remote: null, branch: null, commit: null });
});

const hasGit = spawnSync("git", ["--version"]).status === 0;

test.runIf(hasGit)("what git itself made: a commit, a worktree, packed refs", () => {
  const git = (...words: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...words], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: folder },
    }).trim();
  git("init", "-q", "-b", "trunk");
  git("commit", "-q", "--allow-empty", "-m", "one");
  git("remote", "add", "origin", "https://tok@git.example/a");
  const commit = git("rev-parse", "HEAD");
  const facts = { remote: "https://git.example/a", branch: "trunk", commit };
  expect(gitFacts(folder)).toEqual(facts);
  const tree = join(folder, "tree");
  git("worktree", "add", "-q", "-b", "side", tree);
  expect(gitFacts(tree)).toEqual({ ...facts, branch: "side" });
  git("pack-refs", "--all");
  expect(gitFacts(tree)).toEqual({ ...facts, branch: "side" });
  expect(gitFacts(folder)).toEqual(facts);
});

test.skipIf(process.platform === "win32")("pipes and endless values are not waited for", () => {
  const url = `https://git.example/a.git${" ".repeat(1 << 20)}x`;
  repository({ HEAD: id, config: `[remote "origin"]\n\turl = ${url}\n` });
  expect(gitFacts(folder)).toMatchObject({ commit: id, remote: "https://git.example/a.git" });
  rmSync(join(folder, ".git/HEAD"));
  execFileSync("sh", ["-c", 'mkfifo "$0"', join(folder, ".git/HEAD")]);
  expect(gitFacts(folder)).toMatchObject({ commit: null });
});
