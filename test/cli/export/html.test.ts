/** The page: what it is made of, and, where there is a browser, what it does there. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromium, openPage, type Page } from "../../support/chromium.js";
import { hostile, hostileSource, sampleSource, written } from "./sample.js";

const contentOf = (page: string, tag: string) =>
  [...page.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, "g"))].map(
    ([, text]) => text ?? "",
  );

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

test("its policy lets its own script and style run, and nothing be fetched", async () => {
  const page = await written("html", sampleSource());
  const [data = "", script = ""] = contentOf(page, "script");
  const [style = ""] = contentOf(page, "style");
  expect(
    /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.split("; "),
  ).toEqual([
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page.replace(data, "")).not.toMatch(
    /https?:|\bsrc=|\bhref=|url\(|@import| on\w+="| style="/,
  );
  expect(page).toContain('<html lang="en">');
});

test("nothing that was said is markup, or ends the script it stands in", async () => {
  for (const source of [sampleSource(), hostileSource()]) {
    const page = await written("html", source);
    expect(page).not.toContain("<img");
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    const { items } = JSON.parse(contentOf(page, "script")[0] ?? "");
    expect(JSON.stringify(items)).toContain("<img src=x onerror=alert(1)>");
  }
});

describe.skipIf(chromium() === undefined)("in a browser", { timeout: 120_000 }, () => {
  let folder: string;
  let page: Page;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hoopx-page-"));
    page = await open("page.html", await written("html", sampleSource()));
  }, 120_000);
  afterAll(async () => {
    await page?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(name: string, text: string, width?: number): Promise<Page> {
    writeFileSync(join(folder, name), text);
    return openPage(chromium() ?? "", pathToFileURL(join(folder, name)).href, width);
  }
  const shown = () =>
    page.evaluate<number>("document.querySelectorAll('article:not([hidden])').length");
  const where = () => page.evaluate<string>("document.getElementById('where').textContent");

  test("all of the conversation is there as text, what was masked is marked", async () => {
    expect(await page.evaluate("document.querySelectorAll('main section').length")).toBe(4);
    expect(await page.evaluate("document.querySelectorAll('main h2')[2].textContent")).toContain(
      "#3",
    );
    expect(await page.evaluate("document.querySelector('.call pre').textContent")).toBe(
      '{"city":"Oslo"}',
    );
    expect(await page.evaluate("document.querySelector('mark').textContent")).toBe(
      "[masked:github-token]#1",
    );
    expect(await page.evaluate("document.querySelectorAll('.stop h3')[1].textContent")).toBe(
      "✗ denied, rule no-destructive-sql",
    );
    expect(await page.evaluate("document.querySelectorAll('img, main script').length")).toBe(0);
    expect(page.complaints()).toEqual([]);
  });

  test("keys move it, play it, search it and explain themselves", async () => {
    const all = await shown();
    await page.press("Home");
    expect([await shown(), await where()]).toEqual([0, "at the beginning"]);
    await page.press("ArrowRight");
    await page.press("ArrowRight");
    expect([await shown(), await where()]).toEqual([1, "turn 2 of 20"]);
    await page.press("ArrowLeft");
    expect(await shown()).toBe(0);
    await page.press("j");
    await page.press("j");
    expect(await where()).toBe("turn 14 of 20");
    await page.press("k");
    expect(await where()).toBe("turn 7 of 20");
    await page.press("End");
    expect(await shown()).toBe(all);

    await page.press("/");
    for (const letter of "drop") await page.press(letter);
    expect(await page.evaluate("document.getElementById('matches').textContent")).toBe("1 of 1");
    await page.press("Escape");
    await page.press("?");
    expect(await page.evaluate("document.getElementById('help').open")).toBe(true);
    await page.evaluate("document.getElementById('close').click()");

    // Played as fast as it goes it comes to its end by itself.
    for (let times = 0; times < 5; times += 1) await page.press("ArrowUp");
    await page.press("End");
    await page.press(" ");
    await page.evaluate(
      "new Promise((done) => { const look = () => document.getElementById('play').textContent === 'Play' ? done() : requestAnimationFrame(look); look(); })",
    );
    expect(await shown()).toBe(all);
    expect(page.complaints()).toEqual([]);
  });

  test("it is dark where the system is, and where that is asked for", async () => {
    const back = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    await page.media({ "prefers-color-scheme": "light" });
    expect(await back()).toBe("rgb(255, 255, 255)");
    await page.media({ "prefers-color-scheme": "dark" });
    expect(await back()).toBe("rgb(13, 17, 23)");
    await page.press("t");
    expect(await back()).toBe("rgb(255, 255, 255)");
    await page.press("t");
    expect(await back()).toBe("rgb(13, 17, 23)");
  });

  test("on a narrow screen nothing is wider than the screen, whatever was said", async () => {
    const narrow = await open("narrow.html", await written("html", hostileSource()), 360);
    expect(
      await narrow.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth",
      ),
    ).toBe(true);
    expect(await narrow.evaluate("document.querySelectorAll('img').length")).toBe(0);
    expect(await narrow.evaluate<string>("document.querySelector('h1').textContent")).toContain(
      hostile.split("\n")[0],
    );
    expect(narrow.complaints()).toEqual([]);
    await narrow.close();
  });
});
