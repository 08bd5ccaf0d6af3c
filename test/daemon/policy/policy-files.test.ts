import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { builtInPolicy } from "../../../src/daemon/policy/built-in.js";
import { openPolicyFiles, type PolicyFiles } from "../../../src/daemon/policy/policy-files.js";
import type { FileProblem } from "../../../src/daemon/yaml/checked-yaml.js";
import { inputOf } from "./input.js";

const opened: PolicyFiles[] = [];
afterEach(() => {
  for (const files of opened.splice(0)) files.close();
});

const allow = (models: string) =>
  `version: 1\nrules: [{ name: r, when: { models: ["${models}"] }, effect: allow }]\n`;
const deny = (models: string) => allow(models).replace("effect: allow", "effect: deny");

async function open(given: { organisation?: string; user?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "hoopx-policy-"));
  const organisation = join(folder, "organisation.yaml");
  const user = join(folder, "policy.yaml");
  if (given.organisation !== undefined) writeFileSync(organisation, given.organisation);
  if (given.user !== undefined) writeFileSync(user, given.user);
  const told: { hash: string; problems: readonly FileProblem[] }[] = [];
  const files = await openPolicyFiles({
    detectors: ["secrets"],
    organisation,
    user,
    changed: ({ hash }, problems) => told.push({ hash, problems }),
  });
  opened.push(files);
  const cwd = join(folder, "project", "inner");
  mkdirSync(join(folder, "project", ".hoopx"), { recursive: true });
  mkdirSync(cwd);
  return {
    files,
    told,
    user,
    organisation,
    project: join(folder, "project", ".hoopx", "policy.yaml"),
    session: { process: { cwd } },
    effect: async (model = "gpt-5-mini") =>
      (await files.current({ process: { cwd } })).evaluate(inputOf({ operation: { model } }))
        .effect,
  };
}

test("without a file the built-in policy is in force", async () => {
  const { files, effect, told } = await open();
  expect(await files.current()).toBe(builtInPolicy);
  expect(await effect()).toBe("allow");
  expect(told).toEqual([]);
});

test("an edit counts from the next look on, a file that goes leaves the built-in policy", async () => {
  const { files, user, effect, told } = await open({ user: allow("o3") });
  expect(await effect()).toBe("deny");
  writeFileSync(user, allow("gpt-*"));
  await files.refresh();
  expect(await effect()).toBe("allow");
  // Saved as editors do: a file of another name that takes its place.
  writeFileSync(`${user}~`, allow("o3"));
  renameSync(`${user}~`, user);
  await files.refresh();
  expect(await effect()).toBe("deny");
  expect(told).toHaveLength(3);
  rmSync(user);
  await files.refresh();
  await files.refresh();
  expect(await files.current()).toBe(builtInPolicy);
});

test("a broken edit keeps the last good one, is said once, and mended again", async () => {
  const { files, user, effect, told } = await open({ user: allow("gpt-*") });
  const { hash } = await files.current();
  writeFileSync(user, "version: 1\nrules: [{ name: r, wehn: {}, effect: deny }]\n");
  await files.refresh();
  await files.refresh();
  expect(await effect()).toBe("allow");
  expect((await files.current()).hash).toBe(hash);
  expect(files.problems()).toContainEqual({
    file: user,
    line: 2,
    column: 20,
    reason: "no key rules.0.wehn",
    hint: "did you mean when?",
  });
  expect(told).toHaveLength(2);
  writeFileSync(user, deny("gpt-*"));
  await files.refresh();
  expect(files.problems()).toEqual([]);
  expect(await effect()).toBe("deny");
});

test("a file that was never good denies everything, and says where", async () => {
  const { files } = await open({ organisation: "rules: [", user: allow("*") });
  const verdict = (await files.current()).evaluate(inputOf());
  expect(verdict.effect).toBe("deny");
  expect(verdict.reason).toMatch(
    /the organisation's policy cannot be read: .*organisation\.yaml:1:/,
  );
});

test("a file that cannot be read, is a folder or far too large is told, not passed over", async () => {
  const { files, user } = await open();
  mkdirSync(user);
  await files.refresh();
  expect(files.problems()[0]).toMatchObject({ file: user, reason: "it cannot be read (EISDIR)" });
  expect((await files.current()).evaluate(inputOf()).effect).toBe("deny");
  rmSync(user, { recursive: true });
  writeFileSync(user, `# ${"x".repeat(2 << 20)}\n${allow("*")}`);
  await files.refresh();
  expect(files.problems()[0]?.reason).toMatch(/it is over \d+ bytes/);
});

test("a project narrows the sessions started in it or below it, and no others", async () => {
  const { files, project, session, effect } = await open({ user: allow("*") });
  expect(await effect()).toBe("allow");
  writeFileSync(project, deny("gpt-*"));
  await files.refresh(session);
  expect(await effect()).toBe("deny");
  expect(await effect("o3")).toBe("allow");
  expect((await files.current()).evaluate(inputOf()).effect).toBe("allow");
  writeFileSync(project, allow("*"));
  const { problems } = await files.refresh(session);
  expect(problems[0]?.reason).toMatch(/can only narrow/);
  expect(await effect()).toBe("allow");
});

test("a project's broken file: the last good one, or nothing passes in it", async () => {
  const { files, project, session, effect } = await open({ user: allow("*") });
  writeFileSync(project, "version: 2\nrules: []");
  await files.refresh(session);
  expect(await effect()).toBe("deny");
  writeFileSync(project, deny("o3"));
  await files.refresh(session);
  expect(await effect()).toBe("allow");
  writeFileSync(project, "version: 2\nrules: []");
  const { problems } = await files.refresh(session);
  expect(await effect("o3")).toBe("deny");
  expect(problems).toMatchObject([{ file: project, line: 1 }]);
});

test("an edit is seen without anybody asking", async () => {
  const { files, user, told } = await open({ user: allow("o3") });
  writeFileSync(user, allow("gpt-5-mini-and-more*"));
  await expect.poll(() => told.length).toBe(2);
  expect((await files.current()).hash).toBe(told[1]?.hash);
});

test("requests that come together, the first of a project, all meet its rules", async () => {
  const { project, effect } = await open({ user: allow("*") });
  writeFileSync(project, deny("gpt-*"));
  expect(await Promise.all([effect(), effect(), effect()])).toEqual(["deny", "deny", "deny"]);
});

test("the user's edit reaches a project that is known", async () => {
  const { files, user, project, effect } = await open({ user: allow("*") });
  writeFileSync(project, deny("o3"));
  expect(await effect()).toBe("allow");
  writeFileSync(user, deny("gpt-*"));
  await files.refresh();
  expect(await effect()).toBe("deny");
  expect(await effect("o3")).toBe("deny");
});

test.skipIf(process.platform === "win32")(
  "what an agent puts in place of its project's file holds up nobody, and is no file",
  async () => {
    const { files, project, user, session, effect } = await open({ user: allow("*") });
    expect(await effect()).toBe("allow");
    for (const [make, why] of [
      [() => execFileSync("sh", ["-c", 'mkfifo "$0"', project]), "it is not a file"],
      [() => symlinkSync("/dev/zero", project), "it is not a file"],
    ] as const) {
      make();
      const { problems } = await files.refresh(session);
      expect(problems.map(({ reason }) => reason)).toEqual([why]);
      expect(await effect()).toBe("deny");
      rmSync(project);
      await files.refresh(session);
      await files.refresh(session);
      expect(await effect()).toBe("allow");
    }
    writeFileSync(user, deny("*"));
    await files.refresh();
    expect(await effect()).toBe("deny");
  },
);
