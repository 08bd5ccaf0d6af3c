// Asks what is hidden in a review that waits: by itself, for one piece, from a child that has none of the
// run's variables and no parent left, and with the command line.
import { approver, control, end, nothing, quoted, spawn, spawnSync } from "./tools.mjs";

const { REVIEW: id, HOOPX: hoopx } = process.env;
const path = `/v1/reviews/${id}/reveal`;
const answers = [await control("POST", path, {}), await control("POST", path, { pieces: [1] })];

const fled = approver(id, "reveal");
spawn("sh", ["-c", `(${quoted(fled.command)} &)`], { env: nothing, stdio: "ignore" });
const apart = approver(id, "reveal");
const [program, ...words] = apart.command;
spawn(program, words, { env: nothing, stdio: "ignore", detached: true });

const shown = spawnSync(process.execPath, [hoopx, "reviews", "show", id, "--reveal", "--json"]);
const look = await control("GET", `/v1/reviews/${id}`);
end({
  statuses: answers.map(({ status }) => status),
  codes: answers.map(({ body }) => body.code),
  fled: await fled.status(),
  apart: await apart.status(),
  command: shown.status,
  seen: JSON.stringify(answers) + shown.stdout + shown.stderr + JSON.stringify(look.body),
});
