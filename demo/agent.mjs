// The demo's agent: the OpenAI Agents SDK with one function tool, as its
// documentation writes one. There is no key in here and none around it.
import { Agent, run, tool } from "@openai/agents";
import { z } from "zod";

const weather = tool({
  name: "weather",
  description: "Says how the weather is in a city.",
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `21 degrees and sunny in ${city}`,
});

const agent = new Agent({
  name: "forecaster",
  model: "gpt-mock",
  instructions: "Answer in one sentence.",
  tools: [weather],
});

const { OPENAI_API_KEY: key = "", OPENAI_BASE_URL: address } = process.env;
console.log(`agent: my OPENAI_API_KEY is ${key.slice(0, 4)}… (a session token)`);
console.log(`agent: my OPENAI_BASE_URL is ${address}`);

const question = "How is the weather in Lisbon?";
console.log(`agent: asking "${question}"`);
const result = await run(agent, question, { stream: true });
process.stdout.write("model: ");
for await (const text of result.toTextStream()) process.stdout.write(text);
await result.completed;
console.log();
