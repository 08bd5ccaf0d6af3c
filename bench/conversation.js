/**
 * Conversation: what an agent sends turn by turn: all that was said before, and a
 * message more. The texts are prose and code that speak of keys, tokens and
 * passwords and hold none, as an agent's work does: they are dear to look at.
 */
const sentences = [
  "The client sends its access token in the authorization header, and the server checks the signature.",
  "Please rotate the api key before you commit, and never write the password into a log file.",
  "I looked at src/auth/session.ts: the secret is read from the environment, and the cookie is set twice.",
  "The test fails because the credential is expired; the token endpoint answers 401 with a JSON body.",
  "We keep the private key in the keychain, so that the config holds its name and nothing else.",
  "Next I run the build again, read what the compiler says, and mend the imports one after another.",
];
const code = [
  'export function readToken(headers) {\n  const value = headers.authorization ?? "";\n  return value.startsWith("Bearer ") ? value.slice(7) : undefined;\n}\n',
  'const password = process.env.DB_PASSWORD;\nif (password === undefined) {\n\tthrow new Error("set DB_PASSWORD");\n}\n',
  '  secretKey: config.get("aws.secretKey"),\n  apiKey: config.get("stripe.apiKey"), // from the vault\n',
  "for (const [name, token] of Object.entries(tokens)) {\n  console.log(name, token.length);\n}\n",
];

/** A text of about so many characters; the same for the same state. */
function textOf(next, pieces, characters) {
  let text = "";
  while (text.length < characters) {
    text += `${pieces[next() % pieces.length]} ${(next() % 9000) + 1000}. `;
  }
  return text;
}

/** What an agent adds with each turn: the model's call of a tool, and what the tool says. */
function turnOf(next, turn) {
  const call = `call_${turn}_${next()}`;
  const file = `src/part-${next() % 500}.ts`;
  return [
    { role: "assistant", content: textOf(next, sentences, 300) },
    {
      type: "function_call",
      call_id: call,
      name: "read_file",
      arguments: JSON.stringify({ path: file, why: sentences[next() % sentences.length] }),
    },
    { type: "function_call_output", call_id: call, output: textOf(next, code, 1500) },
    { role: "user", content: textOf(next, sentences, 200) },
  ];
}

const tools = ["read_file", "write_file", "run"].map((name) => ({
  type: "function",
  name,
  description: textOf(() => name.length, sentences, 400),
  parameters: { type: "object", properties: { path: { type: "string" }, why: { type: "string" } } },
  strict: true,
}));

/**
 * The bodies of one agent's turns, the first of about `bytes` bytes, each of the others with one
 * turn more. Each `number` is another conversation.
 */
export function conversationOf(number, bytes, turns) {
  let state = number + 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
  const input = [{ role: "user", content: textOf(next, sentences, 2000) }];
  let size = 0;
  let turn = 0;
  while (size < bytes) {
    const more = turnOf(next, turn);
    turn += 1;
    input.push(...more);
    size += JSON.stringify(more).length;
  }
  const instructions = textOf(next, sentences, 4000);
  return Array.from({ length: turns }, () => {
    input.push(...turnOf(next, turn));
    turn += 1;
    return JSON.stringify({ model: "gpt-4.1-mini", stream: false, instructions, input, tools });
  });
}
