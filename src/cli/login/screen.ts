/**
 * Screen: what a person sees of a login, on stderr, since stdout may be
 * another program's. What to do stands last before the countdown, where it is
 * seen however high the QR code is; every text of the provider's is escaped.
 */
import type { AuthorizationEvent, DeviceCodeEvent } from "../../contract/events.js";
import type { Context } from "../context.js";
import { colours, hasColour } from "../output/colour.js";
import { escapeLine } from "../output/escape.js";
import { lasting } from "../output/time.js";
import { qrCode } from "./qr-code.js";

export interface LoginScreen {
  device(event: DeviceCodeEvent, opened: boolean): Promise<void>;
  browser(event: AuthorizationEvent, opened: boolean): void;
  /** Takes the countdown away. */
  close(): void;
}

const clearLine = "\r\u001b[K";

/** Creates the screen of one login. */
export function createLoginScreen(context: Context): LoginScreen {
  const { stderr, environment, quiet, color } = context;
  const colour = hasColour({ wanted: color, isTTY: stderr.isTTY, environment });
  const paint = colours(colour);
  const say = (text: string) => stderr.write(`${text}\n`);
  let timer: NodeJS.Timeout | undefined;

  function countDown(seconds: number, what: string): void {
    if (quiet) return;
    if (!stderr.isTTY) {
      say(`waiting for ${what}, for ${lasting(seconds * 1000)} at most`);
      return;
    }
    const end = performance.now() + seconds * 1000;
    const draw = () => {
      const left = lasting(Math.max(1, Math.round((end - performance.now()) / 1000)) * 1000);
      const text = `waiting for ${what}, ${left} left (Ctrl-C gives up)`;
      stderr.write(`${clearLine}${paint.dim(text.slice(0, stderr.columns - 1))}`);
    };
    draw();
    timer = setInterval(draw, 1_000);
  }

  return {
    async device({ userCode, verificationUri, verificationUriComplete, expiresIn }, opened) {
      const { columns } = stderr;
      const picture =
        stderr.isTTY && !quiet && verificationUriComplete !== null
          ? await qrCode(verificationUriComplete, { columns, colour, environment })
          : undefined;
      if (picture !== undefined) {
        for (const line of picture) say(line);
        say("");
      }
      const other = picture === undefined ? "" : ", or scan the picture";
      say(
        opened
          ? "Your browser shows the page; see that the code is the same."
          : `To log in, open this page and enter the code${other}:`,
      );
      say(`  page  ${paint.cyan(escapeLine(verificationUri))}`);
      say(`  code  ${paint.bold(escapeLine(userCode))}`);
      if (!stderr.isTTY && verificationUriComplete !== null) {
        say(`  both  ${escapeLine(verificationUriComplete)}`);
      }
      countDown(expiresIn, "you to enter it");
    },

    browser({ authorizationUrl, expiresIn }, opened) {
      say(
        opened
          ? "Your browser shows the login; if it does not, open this page:"
          : "To log in, open this page in a browser on this machine:",
      );
      say(`  ${paint.cyan(escapeLine(authorizationUrl))}`);
      countDown(expiresIn, "the browser to come back");
    },

    close() {
      clearInterval(timer);
      if (timer !== undefined) stderr.write(clearLine);
      timer = undefined;
    },
  };
}
