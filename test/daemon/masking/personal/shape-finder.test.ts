/** The finder of shapes: any cut says what the whole says, prose hardly waits, nothing is slow. */
import { expect, test } from "vitest";
import type { Finding } from "../../../../src/daemon/masking/engine/finding.js";
import {
  personalDetectors,
  personalFinders,
  personalNames,
} from "../../../../src/daemon/masking/personal/catalogue.js";

const [finder] = personalFinders(["personal", "date", "url", "private-ip"]);
if (finder === undefined) throw new Error("no finder");

const texts = [
  "write to kermit+news@mail.pond.example, please",
  "my card is 4539 5739 0421 8375 and no other",
  "IBAN DE49 5739 0421 8375 7390 42. Or call +49 30 5550 1234.",
  "573 904 2186 is his NHS number",
  "passport: KE5739042, and RM5739043 too",
  "KE5739042\nRM5739043 and then prose",
  "from 93.184.216.34:443 and 2606:2800:220:1::5, mac 5a:7e:39:04:2b:86",
  "born on 14 June 1983; see https://pond.example/a?b=c and so on",
  "1657304287",
  '"value":"1657304287',
  "1657304287 things were counted in all of the files that we had",
  "card 4539 5739 0421 8375 12/27 123, and 4539 5739 0421 8375 2028 too",
  "call (212) 555-0147 2 times or 212-555-0147 31 times",
  "git@pond.example:a/b.git, k@pond.example: yes, k@pond.example:/srv/x k@pond.example:no",
  "version 4.3.2.1 of 3.5 at 12:34:56",
];

test.each(texts)("cut anywhere, what is certain is what the whole says: %s", (text) => {
  const whole = merged(finder.find(text));
  for (const size of [1, 2, 3, 7]) {
    let certain = 0;
    const got: Finding[] = [];
    for (let end = size; certain < text.length; end += size) {
      const part = text.slice(0, end);
      const last = end >= text.length + size;
      const found = finder.find(part);
      let open = last ? part.length : finder.pending(part);
      for (const one of found) if (one.end > open && one.start < open) open = one.start;
      expect(open, part).toBeGreaterThanOrEqual(certain);
      got.push(...found.filter((one) => one.end > certain && one.end <= open));
      certain = open;
      if (last) break;
    }
    expect(merged(got)).toEqual(whole);
  }
});

test("prose waits for its last words only", () => {
  const prose = "It is to be noted that no man is an island; and so we go on to say: never again. ";
  for (let end = 1; end <= prose.length; end += 1) {
    expect(end - finder.pending(prose.slice(0, end)), prose.slice(0, end)).toBeLessThan(24);
  }
  expect(finder.pending("all is said.\n\n")).toBe("all is said.\n\n".length);
});

test.each([
  ["digits", "1"],
  ["digits and spaces", "1234 "],
  ["digits and dots", "1."],
  ["colons", "a:"],
  ["at signs", "a@"],
  ["labels", "a@a.a-"],
  ["domains", "aa.bb-"],
  ["pluses", "+1 (2) "],
  ["hyphens", "12-"],
  ["letters and digits", "DE12 AB34 "],
  ["quotes", "0x0"],
])("hostile %s are read to their end", (_name, piece) => {
  // What backtracks without bounds would take hours for this, and end in the test's own limit.
  const text = piece.repeat(Math.ceil(50_000 / piece.length));
  expect(finder.pending(text)).toBeGreaterThan(text.length - 500);
  expect(finder.find(text).every(({ start, end }) => end - start < 400)).toBe(true);
});

test("a detector is switched on by its name and by its groups", () => {
  expect(personalFinders([])).toEqual([]);
  expect(personalFinders(["secrets", "no-such-thing"])).toEqual([]);
  expect(names("us-ssn")).toEqual(["us-ssn"]);
  expect(names("phone")).toEqual(["ph-mobile", "phone", "tr-phone"]);
  expect(names("national-id")).toContain("de-tax-id");
  expect(names("national-id")).not.toContain("email");
  expect(names("personal")).toEqual(expect.arrayContaining(["email", "card", "iban", "us-ssn"]));
  expect(names("personal")).not.toContain("date");
  expect(personalNames).toEqual(expect.arrayContaining(["personal", "national-id", "date", "url"]));
  const [ssn] = personalFinders(["us-ssn"]);
  expect(ssn?.find("572-04-3186 kermit@pond.example").map(({ detector }) => detector)).toEqual([
    "us-ssn",
  ]);

  function names(name: string) {
    return personalDetectors
      .filter((one) => one.name === name || one.groups.includes(name))
      .map((one) => one.name);
  }
});

/** Those that overlap as one, without their names. */
function merged(findings: readonly Finding[]) {
  const rows: { start: number; end: number }[] = [];
  for (const { start, end } of [...findings].sort((a, b) => a.start - b.start)) {
    const last = rows.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else rows.push({ start, end });
  }
  return rows;
}

test("the name of a JSON value that says nothing leaves it alone, any other does not", () => {
  const found = (text: string) => finder.find(text).map(({ start, end }) => text.slice(start, end));
  expect(found('"value":"1657304287')).toEqual(["1657304287"]);
  expect(found('"Text":"1657304287')).toEqual(["1657304287"]);
  expect(found('"order":"1657304287')).toEqual([]);
  expect(found('"value":"so many: 1657304287')).toEqual([]);
});
