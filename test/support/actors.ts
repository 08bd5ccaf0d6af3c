/** Actors of a test's own: a person outside of all runs, unless the test says otherwise. */
import type { Actor } from "../../src/daemon/control/caller.js";
import type { Identity } from "../../src/daemon/model/identity.js";

const systemUser: Identity = {
  ...{ issuer: "os:test", subject: "tester", email: null, groups: [], profile: null },
};

/** An Actor with every permission, outside of all runs. */
export function actorWith(changes: Partial<Actor> = {}): Actor {
  return {
    proof: { kind: "untold", why: "a test" },
    objection: () => undefined,
    client: () => "test",
    identity: async () => systemUser,
    program: () => null,
    runsAround: () => [],
    runner: ({ runnerPid = 0, cwd, user }) => ({
      ...{ runnerPid, runnerStart: null, cwd, user, isClaim: true },
    }),
    isRunnerOf: () => true,
    ...changes,
  };
}
