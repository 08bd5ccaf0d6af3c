/**
 * Masked sessions: what a session says of itself (its command, title, labels,
 * repository and CI job) is text like any other, and secrets in it are masked
 * before anything keeps, shows or judges it.
 */
import type { MaskingTerms } from "../model/masking-terms.js";
import type { Session } from "../model/session.js";
import type { Masking } from "./masking.js";

export interface MaskedSessionsOptions {
  readonly masking: Masking;
  /** The policy of each session's folder says what is masked. */
  readonly policies: {
    current(session: Session): MaskingPolicy | Promise<MaskingPolicy>;
  };
}

interface MaskingPolicy {
  readonly masking: MaskingTerms;
}

/** Creates what masks a session, by the policy of its folder. */
export function createMaskedSessions({ masking, policies }: MaskedSessionsOptions) {
  return async function masked(session: Session): Promise<Session> {
    const { masking: terms } = await policies.current(session);
    const opened = masking.open(session.id, terms);
    const hide = (text: string) => opened.mask(text).text;
    const { process } = session;
    return {
      ...session,
      title: session.title === null ? null : hide(session.title),
      labels: hideAll(session.labels, hide),
      process: {
        ...process,
        command: hide(process.command),
        git: process.git && hideAll(process.git, hide),
        ci: process.ci && hideAll(process.ci, hide),
      },
    };
  };
}

function hideAll<Facts extends object>(facts: Facts, hide: (text: string) => string): Facts {
  const entries = Object.entries(facts) as [string, string | null][];
  return Object.fromEntries(
    entries.map(([name, text]) => [name, text === null ? null : hide(text)]),
  ) as Facts;
}
