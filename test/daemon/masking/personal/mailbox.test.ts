/** An e-mail address is found; what only has an `@` in it is left to work. */
import { expect, test } from "vitest";
import { personalFinders } from "../../../../src/daemon/masking/personal/catalogue.js";
import { isMailbox } from "../../../../src/daemon/masking/personal/mailbox.js";
import { surroundingsOf } from "../../../../src/daemon/masking/personal/surroundings.js";

const found = (text: string) =>
  personalFinders(["email"])
    .flatMap((finder) => finder.find(text))
    .map(({ start, end }) => text.slice(start, end));

test.each([
  "git clone git@github.com:acme/app.git",
  "git remote add up git@gitlab.example.org:team/x.git",
  "git clone ssh://git@github.com/acme/app.git",
  "npm i git+https://ada@git.example.org/acme/app.git",
  "systemctl restart user@1000.service postgresql@14-main.service backup@nightly.timer",
  "this@MainActivity.finish() return@forEach.also { skip() } super@Outer.run()",
  "left-pad@1.3.0.tgz redis@7.2.conf mod@v1.2.3.zip python@3.11.rb",
  "sprite@2x.heic logo@2x.png docker.sock@proxy.socket",
  "scp app.tgz deploy@web1.example.com:/srv/app",
  "rsync -a backup@nas.example.net:/data/ .",
  "ssh -p 2222 deploy@web1.example.com",
])("stays: %s", (text) => {
  expect(found(text)).toEqual([]);
});

test.each([
  ["ada.moss@example.org: please answer", "ada.moss@example.org"],
  ["From: Ada <a.moss@uni.example.ac.uk>", "a.moss@uni.example.ac.uk"],
  ["mailto:help-desk@example.com?subject=x", "help-desk@example.com"],
  ["li7788@163.com", "li7788@163.com"],
  ["sara@example.rs, ivan@mail.md", "sara@example.rs"],
  ["git config user.email dev.sun@example.io", "dev.sun@example.io"],
  ["ada@example.org:hunter2x", "ada@example.org"],
])("found in %s", (text, address) => {
  expect(found(text)).toContain(address);
});

test("a text that may go on as a path is not decided yet", () => {
  const verdict = (text: string, whole: boolean) =>
    isMailbox(surroundingsOf(text, 0, "ada@example.org".length, whole));
  expect(verdict("ada@example.org:srv", false)).toBe("open");
  expect(verdict("ada@example.org:srv", true)).toBe("yes");
  expect(verdict("ada@example.org:srv/", false)).toBe("no");
  expect(verdict("ada@example.org, and", false)).toBe("yes");
});
