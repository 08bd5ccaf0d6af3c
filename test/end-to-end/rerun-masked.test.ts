/**
 * A session whose prompt held a secret is run again: the record has a mark in
 * its place, the agent sends the secret as before, and no difference shows it.
 */
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { connectedHome } from "../support/connected-home.js";
import { agentsFolder } from "../support/home.js";
import { root } from "../support/sources.js";

const key = "sk-real-rerun-masked-0123456789abcdef";
/** Made here: it opens nothing. */
const secret = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5".slice(0, 36)}`;
const output = "I asked the tool, and it says: 21 degrees and sunny in Lisbon\n";
const { api, home } = await connectedHome(key);

beforeAll(async () => {
  symlinkSync(join(root, "node_modules"), join(home.path, "node_modules"));
});

/** The agent with another question. */
function agentAsking(question: string): string {
  const file = join(home.path, `agent-${question.length}.mjs`);
  const text = readFileSync(join(agentsFolder, "agent.mjs"), "utf8");
  writeFileSync(file, text.replace("How is the weather in Lisbon?", question));
  return file;
}

test("a mark in the record matches the secret that stood there, and a difference has none of it", async () => {
  const program = agentAsking(`My token is ${secret}. How is the weather in Lisbon?`);
  const recorded = await home.hoopx(["run", "--", process.execPath, program]);
  expect(`${recorded.code} ${recorded.stdout}`, recorded.stderr).toBe(`0 ${output}`);
  const { id } = await home.lastSession();
  const { stdout: conversation } = await home.hoopx(["replay", id, "--instant"]);
  expect(conversation).toContain("My token is [masked:");
  expect(conversation).not.toContain(secret);
  await api.close();

  const again = await home.hoopx(["replay", id, "--strict", "--", process.execPath, program]);
  expect(`${again.code} ${again.stdout}`, again.stderr).toBe(`0 ${output}`);

  const changed = agentAsking(`My token is ${secret}. How is the weather in Lisbon, then?`);
  const report = join(home.path, "junit.xml");
  const missed = await home.hoopx([
    ...["replay", id, "--report", report],
    ...["--", process.execPath, changed],
  ]);
  expect(missed.code).toBe(1);
  // `last` is never a re-run.
  const [rerun] = await home.json<readonly { readonly id: string }[]>(["sessions"]);
  const { stdout: shown } = await home.hoopx(["replay", rerun?.id ?? "", "--instant"]);
  for (const text of [missed.stderr, readFileSync(report, "utf8"), shown]) {
    expect(text).toContain("in Lisbon, then?");
    expect(text).not.toContain(secret.slice(0, 20));
  }
});
