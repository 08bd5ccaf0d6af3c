/**
 * Schema: the shape of a policy file (docs/policy.md). It is the published
 * JSON Schema too, docs/policy.schema.json, from which editors complete; so
 * each key says here what it does.
 */
import * as z from "zod";

const word = z.string().min(1).max(1024);
const words = z.array(word).min(1).max(1000);
const globs = (what: string) =>
  words.describe(`${what}: one of these matches. * is any run of characters, ? one.`);

const times = "a time such as 90s, 15m, 8h or 7d";
const durationForm = /^[1-9]\d{0,5}(s|m|h|d)$/;
const duration = z.string().regex(durationForm, `must be ${times}`);
const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 09:00 or 17:30");

const text = z.strictObject({
  contains: words.optional().describe("Texts, in any case; one of them is enough."),
  matches: words
    .optional()
    .describe("Regular expressions (RE2: linear time, no backreferences); one is enough."),
});

const toolList = (what: string) =>
  z.union([
    globs(what),
    z.strictObject({
      any: globs(what).optional().describe("At least one that the request declares."),
      only: words.optional().describe("All that the request declares, none declared included."),
    }),
  ]);

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const tests = {
  subjects: globs("Subject of who asks").optional(),
  emails: globs("E-mail address of who asks, in any case").optional(),
  groups: globs("Group of who asks").optional(),
  issuers: globs("Issuer of who asks; os:HOST for the operating system's user").optional(),
  commands: globs("The run's command line").optional(),
  hosts: globs("Host the run is on, in any case").optional(),
  ci: z
    .union([z.boolean(), globs("CI system the run belongs to: github-actions …")])
    .optional()
    .describe("Whether, or in which system, the run is a CI job."),
  processCheck: z
    .enum(["tree", "unavailable"])
    .optional()
    .describe("Whether the session's token is held to its run's processes."),
  connections: globs("Connection the request goes to").optional(),
  operations: globs(
    'A class (read, inference, write, admin, unknown), an action ("files.*") or "METHOD /path"',
  ).optional(),
  models: globs("Model asked for").optional(),
  tools: toolList("Function, custom tool or hosted tool that the request declares").optional(),
  hostedTools: toolList("Tool that runs at the provider: web_search, mcp:LABEL …").optional(),
  stream: z.boolean().optional().describe("Whether the reply is to be streamed."),
  store: z.boolean().optional().describe("Whether the provider is to keep the reply."),
  background: z.boolean().optional().describe("Whether the provider is to work on its own."),
  requestBytes: z
    .strictObject({
      over: z.int().min(0).optional(),
      under: z.int().min(1).optional(),
    })
    .optional()
    .describe("Size of the request's body, bytes, before anything unpacks it."),
  time: z
    .strictObject({
      from: clock.optional(),
      to: clock.optional().describe("Not included; before `from` it is the next day's."),
      days: z.array(z.enum(days)).min(1).optional(),
      zone: word.optional().describe("IANA time zone; UTC where none is named."),
    })
    .optional()
    .describe("Time of day and days of the week."),
  prompt: text.optional().describe("Any text the model will read."),
  toolCall: z
    .strictObject({
      names: globs("Name of the tool").optional(),
      kinds: z
        .array(z.enum(["function", "custom", "hosted"]))
        .min(1)
        .optional(),
      arguments: text.optional().describe("What the model wants the tool to be given."),
    })
    .optional()
    .describe("A tool call in the model's reply; all that is asked of it has to hold."),
  budget: z
    .strictObject({
      requests: z.int().min(0).optional(),
      tokens: z.int().min(0).optional(),
      cost: z.number().min(0).optional().describe("US dollars, estimated."),
      per: z
        .enum(["session", "identity", "day"])
        .describe("This session; this identity today; all identities today (UTC)."),
    })
    .optional()
    .describe("Matches once one of these is used up."),
};

type WhenTests = { readonly [Key in keyof typeof tests]?: z.infer<(typeof tests)[Key]> };

/** A condition as the file has it: all of its keys have to match. */
export interface When extends WhenTests {
  readonly all?: readonly When[] | undefined;
  readonly any?: readonly When[] | undefined;
  readonly not?: When | undefined;
}

const when: z.ZodType<When> = z
  .lazy(() =>
    z.strictObject({
      ...tests,
      all: z.array(when).min(1).optional().describe("All of these match."),
      any: z.array(when).min(1).optional().describe("One of these matches."),
      not: when.optional().describe("This does not match."),
    }),
  )
  .meta({ id: "when", description: "All keys have to match; none matches everything." });

const reviewers = z.strictObject({
  groups: words.optional(),
  subjects: words.optional(),
  emails: words.optional(),
});

const review = z.strictObject({
  by: reviewers.optional().describe("Who may answer; absent: the person at the keyboard."),
  self: z.boolean().optional().describe("May who asked answer? True unless said otherwise."),
  timeout: duration.optional().describe("How long it stays open; 10m unless said."),
  remember: z
    .union([
      z.enum(["once", "session"]),
      z.string().regex(durationForm, `must be once, session or ${times}`),
    ])
    .optional()
    .describe("The longest an approval may speak for like requests: once, session or a time."),
  approvals: z.int().min(1).max(10).optional().describe("Different reviewers that it needs."),
});

export const ruleSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-zA-Z0-9][\w.-]{0,79}$/,
      "must be up to 80 letters, digits, dots, hyphens and underscores",
    )
    .describe("Names the rule in decisions and errors; once in a file."),
  when,
  effect: z
    .enum(["allow", "review", "deny"])
    .describe("The strictest matching effect wins: deny, review, allow."),
  message: z.string().min(1).max(1000).optional().describe("Told to the agent that is stopped."),
  review: review.optional().describe("Terms of a review."),
  onDeny: z
    .enum(["error", "tell-model"])
    .optional()
    .describe("What becomes of a denied tool call: an error, or a refusal the model reads."),
});

export type RuleInFile = z.infer<typeof ruleSchema>;

const detectorName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    "must be up to 40 lower-case letters, digits and hyphens, as [masked:name] shows it",
  );

const masking = z.strictObject({
  detectors: z
    .array(word)
    .max(1000)
    .optional()
    .describe("Detectors and groups of them; absent: secrets. docs/masking.md lists them."),
  patterns: z
    .array(
      z.strictObject({
        name: detectorName,
        match: word.describe("A regular expression (RE2); all it matches is hidden."),
      }),
    )
    .max(200)
    .optional()
    .describe("Detectors of your own, as expressions."),
  words: z
    .array(z.strictObject({ name: detectorName, words: z.array(word).min(1).max(10_000) }))
    .max(200)
    .optional()
    .describe("Detectors of your own, as lists of words, in any case."),
  requests: z
    .enum(["off", "record", "mask", "deny", "review"])
    .optional()
    .describe(
      "What becomes of findings in requests: masked in the record (the usual), masked before they leave, denied, held for a review, or nothing.",
    ),
  restore: z
    .boolean()
    .optional()
    .describe("With requests: mask, what was replaced is put back in the reply for the agent."),
});

export type MaskingInFile = z.infer<typeof masking>;

/** Rules that a file may have. */
export const mostRules = 1000;

export const policySchema = z
  .strictObject({
    version: z.literal(1),
    rules: z.array(ruleSchema).max(mostRules),
    masking: masking.optional().describe("What is hidden in replies, requests and the record."),
  })
  .meta({
    title: "hoopx policy",
    description: "Which identity may do what; what no rule allows is denied.",
  });

/** The published schema. */
export function policyJsonSchema(): unknown {
  return z.toJSONSchema(policySchema, { io: "input" });
}
