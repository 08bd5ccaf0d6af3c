/**
 * Chromium: a page in a headless browser, where one is installed: its script
 * asked, its keys pressed, its complaints collected. Spoken over the
 * DevTools protocol's pipe, so that no port is opened.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";

export interface Page {
  /** The value of an expression, as JSON has it. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** A key as a person presses it: ` `, `ArrowLeft`, `j` … */
  press(key: string): Promise<void>;
  media(features: Readonly<Record<string, string>>): Promise<void>;
  /** Violations, errors and requests that it made. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

/** Path of the browser; undefined where there is none. */
export function chromium(): string | undefined {
  // A snap's browser sees neither the files of a test nor its pipes.
  const folders = (process.env.PATH ?? "").split(delimiter).filter((path) => !/snap/.test(path));
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(runs);
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Opens a page and waits until its script ran. */
export async function openPage(program: string, address: string, width = 1000): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), "hoopx-chromium-"));
  const child = spawn(
    program,
    [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"],
      ...[`--user-data-dir=${profile}`, `--window-size=${width},900`, "about:blank"],
    ],
    {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      env: { ...process.env, HOME: profile },
    },
  );
  const complaints: string[] = [];
  const send = speak(child, ({ method, params }) => {
    if (method === "Log.entryAdded") complaints.push(params.entry?.text ?? "");
    if (method === "Runtime.exceptionThrown") complaints.push("an exception");
    const url = params.request?.url;
    if (method === "Network.requestWillBeSent" && url !== address) complaints.push(`asked ${url}`);
  });
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const page = (method: string, params: object = {}) => send(method, params, sessionId);
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await page(`${domain}.enable`);
  await page("Page.navigate", { url: address });

  async function evaluate<Value>(expression: string): Promise<Value> {
    const answer = await page("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (answer.exceptionDetails !== undefined) throw new Error(`it threw: ${expression}`);
    return answer.result.value as Value;
  }
  // Asked again until the page answers: an evaluation of the page before ends with it.
  for (let ready = false; !ready; ) {
    const asked = `location.href === ${JSON.stringify(address)} && document.documentElement.dataset.ready === "true"`;
    ready = await evaluate<boolean>(asked).catch(() => false);
  }

  return {
    evaluate,
    async press(key) {
      const text = key.length === 1 ? { text: key } : {};
      await page("Input.dispatchKeyEvent", { type: "keyDown", key, ...text });
      await page("Input.dispatchKeyEvent", { type: "keyUp", key });
    },
    async media(values) {
      const features = Object.entries(values).map(([name, value]) => ({ name, value }));
      await page("Emulation.setEmulatedMedia", { features });
    },
    complaints: () => complaints,
    async close() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the protocol's own answers, a dozen shapes
type Any = any;

/** Commands by their numbers over the pipe; messages end with a zero byte. */
function speak(child: ChildProcess, event: (message: { method: string; params: Any }) => void) {
  const [, , , input, output] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, (message: Any) => void>();
  let last = 0;
  let rest = "";
  output.setEncoding("utf8").on("data", (chunk: string) => {
    const messages = (rest + chunk).split("\0");
    rest = messages.pop() ?? "";
    for (const text of messages) {
      const message = JSON.parse(text);
      if (message.id === undefined) event(message);
      else waiting.get(message.id)?.(message);
    }
  });
  child.once("exit", () => {
    for (const answer of waiting.values()) answer({ error: { message: "the browser ended" } });
  });
  return function send(method: string, params: object, sessionId?: string): Promise<Any> {
    last += 1;
    const id = last;
    input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => {
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  };
}
