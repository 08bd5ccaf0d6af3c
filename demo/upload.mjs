// An agent that does what needs a person's word: it sends a file out.
import OpenAI, { toFile } from "openai";

try {
  const file = await toFile(Buffer.from("the customer list"), "customers.csv");
  const { id } = await new OpenAI().files.create({ file, purpose: "user_data" });
  console.log(`agent: uploaded as ${id}`);
} catch (error) {
  // Broken into lines that fit a narrow terminal.
  console.log(`agent: ${error.message}`.replace(/(.{1,76})(?: |$)/g, "$1\n").trimEnd());
}
