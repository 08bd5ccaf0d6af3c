/** docs/cli.md: the command table as a page. */
import type { CommandSpec } from "../../src/cli/commands/command.js";
import { commands } from "../../src/cli/commands/index.js";

const opening = `# hoopx on the command line

Made from the command table (\`src/cli/commands\`) by \`npx vitest run test/cli/generated.test.ts -u\`; do not edit.

Every command takes \`--json\` (one JSON document on stdout; live streams are one object a line), \`-q, --quiet\`,
\`--no-color\`, \`-h, --help\` and \`-V, --version\`, before or after its name. \`NO_COLOR\` and \`FORCE_COLOR\` are heeded.
Tables are for terminals; elsewhere rows are tab-separated, with full values and no titles.

An error is two lines on stderr, \`error: …\` and \`hint: …\` with the command that mends it; with \`--json\` it is
\`{"error":{"code","message","hint"}}\` on stdout (for \`run\`, whose stdout is its command's, on stderr). Several mistakes
are counted by the message and listed below it, a line each; with \`--json\` in \`details\`.
Exit codes: 0 done, 1 failed, 2 usage, 3 denied, 4 login needed, 8 review pending; 130 interrupted.
`;

/** The page. */
export function renderReference(): string {
  return opening + commands.map((spec) => section(spec, ["hoopx"])).join("");
}

function section(spec: CommandSpec, parents: readonly string[]): string {
  if (spec.hidden) return "";
  const path = [...parents, spec.name];
  const words = (spec.arguments ?? []).map(({ name, optional, variadic }) => {
    const shown = name.toUpperCase() + (variadic ? "…" : "");
    return optional ? `[${shown}]` : shown;
  });
  const options = (spec.options ?? []).map(({ flags, description, choices, fallback }) => {
    const notes = [
      choices && `one of ${choices.join(", ")}`,
      fallback !== undefined && `default ${fallback}`,
    ].filter((note) => note);
    // A row of a table is one line; the line break is for the terminal.
    const said = description.replaceAll(/\s*\n\s*/g, " ");
    return `| \`${flags}\` | ${said}${notes.length > 0 ? ` (${notes.join("; ")})` : ""} |\n`;
  });
  return [
    `\n${"#".repeat(parents.length + 1)} ${path.join(" ")}\n\n`,
    `${spec.summary}.\n`,
    spec.description && `\n${block(spec.description)}\n`,
    spec.load && `\n\`${[...path, ...words].join(" ")}\`\n`,
    options.length > 0 && `\n| option | |\n|---|---|\n${options.join("")}`,
    spec.examples.length > 0 && `\n\`\`\`sh\n${spec.examples.join("\n")}\n\`\`\`\n`,
    ...(spec.commands ?? []).map((child) => section(child, path)),
  ]
    .filter((part) => part)
    .join("");
}

/** Indented lines are commands to copy. */
function block(text: string): string {
  return /^ {2}/m.test(text) ? `\`\`\`text\n${text}\n\`\`\`` : text;
}
