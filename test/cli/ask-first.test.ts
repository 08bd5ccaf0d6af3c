import { expect, test } from "vitest";
import { askFirst } from "../../src/cli/ask-first.js";

/** A person, or none, who answers each question the same way. */
function person(answer: boolean | undefined) {
  const asked: string[] = [];
  const prompter = {
    interactive: answer !== undefined,
    hidden: async () => "",
    confirm: async (question: string) => {
      asked.push(question);
      return answer === true;
    },
  };
  return { asked, context: { prompter } };
}

test("a person is asked; a no changes nothing", async () => {
  const yes = person(true);
  await askFirst(yes.context, "remove it?", {});
  expect(yes.asked).toEqual(["remove it?"]);
  await expect(askFirst(person(false).context, "remove it?", {})).rejects.toMatchObject({
    code: "cancelled",
  });
});

test("--yes answers, and a script is not asked", async () => {
  const told = person(false);
  await askFirst(told.context, "remove it?", { yes: true });
  await askFirst(person(undefined).context, "remove it?", {});
  expect(told.asked).toEqual([]);
});
