// An agent whose one tool deletes a file of its folder: the one its model
// names. Whether it may is decided before it hears what the model asks for.
import { existsSync, rmSync } from "node:fs";
import { Agent, run, tool } from "@openai/agents";
import { z } from "zod";

const deleteFile = tool({
  name: "delete_file",
  description: "Deletes a file.",
  parameters: z.object({ path: z.string() }),
  execute: ({ path }) => {
    rmSync(path, { force: true });
    return `deleted ${path}`;
  },
});
const agent = new Agent({ name: "cleaner", model: "gpt-mock", tools: [deleteFile] });

console.log('agent: asking "Delete the file Report"');
try {
  const { finalOutput } = await run(agent, "Delete the file Report");
  console.log(`model: ${finalOutput}`);
} catch (error) {
  // Broken into lines that fit a narrow terminal.
  console.log(`agent: ${error.message}`.replace(/(.{1,76})(?: |$)/g, "$1\n").trimEnd());
}
console.log(`agent: the file Report is ${existsSync("Report") ? "still here" : "gone"}`);
