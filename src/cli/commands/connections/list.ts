/**
 * `hoopx connections`: the list.
 */
import type { ConnectionView } from "../../../contract/views.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { renderTable } from "../../output/table.js";
import { ago } from "../../output/time.js";

export async function run(context: Context): Promise<undefined> {
  const { client, stdout, colours, now } = context;
  const { connectionProblems } = await client.connect();
  const connections = await client.call("connectionsList");
  for (const problem of connectionProblems) context.note(`not used: ${problem}`);
  if (context.json) {
    printJson(stdout, connections);
    return;
  }
  if (connections.length === 0 && connectionProblems.length === 0) {
    context.note("no connections yet: hoopx connections add openai");
    return;
  }
  // A default says something only where there is another to choose.
  const providerShort = ({ provider, default: isDefault }: ConnectionView) => {
    const several = connections.filter((other) => other.provider === provider).length > 1;
    return several && isDefault ? `${provider} (default)` : provider;
  };
  stdout.write(
    renderTable(
      [
        {
          title: "NAME",
          value: (row) => row.name,
          paint: (text) => colours.bold(text),
          flexible: 8,
        },
        { title: "PROVIDER", value: (row) => row.provider, short: providerShort, drop: 2 },
        { title: "BASE URL", value: (row) => row.baseUrl, flexible: 16 },
        { title: "CREDENTIAL", value: (row) => row.credential.lifetime, drop: 1 },
        { title: "STORE", value: (row) => row.credential.secretStore ?? "-", drop: 3 },
        {
          title: "SET",
          value: (row) => row.rotatedAt ?? row.createdAt,
          short: (row) => ago(row.rotatedAt ?? row.createdAt, now()),
          paint: (text) => colours.dim(text),
          drop: 0,
        },
      ],
      connections,
      context.table,
    ),
  );
}
