/** E-mail, telephone, network and payment: what is found anywhere, and what only looks like it. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { personalFinders } from "../../../../src/daemon/masking/personal/catalogue.js";

function foundBy(name: string, text: string): readonly string[] {
  const findings = personalFinders([name]).flatMap((finder) => finder.find(text));
  // Not what is a part of another.
  return findings
    .filter(({ end }, at) => findings.slice(0, at).every((other) => other.end < end))
    .map(({ start, end }) => text.slice(start, end));
}

const cases: readonly (readonly [detector: string, text: string, found: readonly string[]])[] = [
  [
    "email",
    "write to kermit+news@mail.pond.example, or k@xn--kgbechtv.xn--p1ai.",
    ["kermit+news@mail.pond.example", "k@xn--kgbechtv.xn--p1ai"],
  ],
  ["email", "an rené@größe.example", ["rené@größe.example"]],
  ["email", "mailto:kermit@pond.example?subject=x", ["kermit@pond.example"]],
  ["email", "@decorator, pkg@1.2.3, git@host:path, logo@2x.png", []],
  [
    "phone",
    "call +49 30 5550 1234 or +1 (212) 555-0147.",
    ["+49 30 5550 1234", "+1 (212) 555-0147"],
  ],
  ["phone", "(212) 555-0147 and 212-555-0147", ["(212) 555-0147", "212-555-0147"]],
  ["phone", "01 57 39 04 21", ["01 57 39 04 21"]],
  ["phone", "my phone: 030 5550123", ["030 5550123"]],
  ["phone", "id 030 5550123, 2125550147", []],
  ["phone", "tel 2125550147", ["2125550147"]],
  ["phone", "a + 12345678901234567890, +1 and +1.5", []],
  ["tr-phone", "0532 573 90 42", ["0532 573 90 42"]],
  ["ph-mobile", "0917-573-9042", ["0917-573-9042"]],
  ["phone", "Telepono: 09175739042", ["09175739042"]],
  ["card", "4539 5739 0421 8375", ["4539 5739 0421 8375"]],
  [
    "card",
    "cards 4539573904218375, 4539-5739-0421-8375",
    ["4539573904218375", "4539-5739-0421-8375"],
  ],
  ["card", "4539573904218376 45395739042183750 x4539573904218375", []],
  ["card", "378282246310005", ["378282246310005"]],
  ["iban", "to DE49 5739 0421 8375 7390 42 today", ["DE49 5739 0421 8375 7390 42"]],
  ["iban", "DE49573904218375739042 then", ["DE49573904218375739042"]],
  ["iban", "DE50 5739 0421 8375 7390 42", []],
  ["ip", "from 93.184.216.34:443, [2606:2800:220:1::5]", ["93.184.216.34", "2606:2800:220:1::5"]],
  [
    "ip",
    "::ffff:10.1.2.3 64:ff9b::192.0.2.9/96 fe80::5a7e%wlan0",
    ["::ffff:10.1.2.3", "64:ff9b::192.0.2.9/96", "fe80::5a7e%wlan0"],
  ],
  ["ip", "127.0.0.1 0.0.0.0 ::1 :: 10.1.2.3 192.168.7.7 256.1.1.1 1.2.3", []],
  ["ip", "version 4.3.2.1, v4.3.2.1, 1.2.3.4.5", []],
  ["ip", "ns::sink ab::cd at 12:34:56", []],
  ["private-ip", "10.1.2.3 and 192.168.7.0/24", ["10.1.2.3", "192.168.7.0/24"]],
  [
    "mac",
    "5a:7e:39:04:2b:86 5A-7E-39-04-2B-86 5a7e.3904.2b86",
    ["5a:7e:39:04:2b:86", "5A-7E-39-04-2B-86", "5a7e.3904.2b86"],
  ],
  ["mac", "ff:ff:ff:ff:ff:ff 5a:7e:39:04:2b 5a:7e:39:04:2b:86:11", []],
  ["date-of-birth", "born on 14 June 1983, seen 3/4/2020", ["14 June 1983", "3/4/2020"]],
  ["date-of-birth", `released 14.6.1983${" ".repeat(40)}`, []],
  ["date", "on 2026-01-05T10:11:12Z and 14.6.1983", ["2026-01-05T10:11:12Z", "14.6.1983"]],
  ["url", "see https://pond.example/a?b=c, pond.example", ["https://pond.example/a?b=c,"]],
  ["url", "www.pond", []],
  [
    "crypto-wallet",
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    ["BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"],
  ],
  ["crypto-wallet", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", []],
];

test.each(cases)("%s in %j: %j", (detector, text, found) => {
  expect(foundBy(detector, text)).toEqual(found);
});

test("a Bitcoin address has four bytes of a hash at its end", () => {
  const address = base58checked(
    Buffer.concat([Buffer.from([0]), sha256(Buffer.from("pond")).subarray(0, 20)]),
  );
  expect(foundBy("crypto-wallet", `pay ${address} now`)).toEqual([address]);
  expect(
    foundBy("crypto-wallet", `pay ${address.slice(0, -1)}${address.endsWith("z") ? "y" : "z"}`),
  ).toEqual([]);
});

const sha256 = (data: Buffer) => createHash("sha256").update(data).digest();

function base58checked(payload: Buffer): string {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  const bytes = Buffer.concat([payload, sha256(sha256(payload)).subarray(0, 4)]);
  let number = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (; number > 0n; number /= 58n) text = alphabet[Number(number % 58n)] + text;
  return `1${text}`;
}
