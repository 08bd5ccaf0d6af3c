/**
 * Sessions: the registry of those that live, and the rooms that hold something
 * of a session and let it go at its end, put together.
 */
import type { LiveFeed } from "../control/record/live-feed.js";
import type { Stopper } from "../lifecycle/stopper.js";
import { createMaskedSessions } from "../masking/masked-sessions.js";
import type { Masking } from "../masking/masking.js";
import type { Session } from "../model/session.js";
import type { PolicyFiles } from "../policy/policy-files.js";
import type { Sealing } from "../record/sealing.js";
import type { ReviewDesk } from "../reviews/review-desk.js";
import { createSessionRegistry, type SessionRegistry } from "../sessions/registry.js";
import type { Spending } from "../spending/spending.js";
import type { Store } from "../store/store.js";

export interface SessionsOptions {
  readonly store: Store;
  readonly masking: Masking;
  readonly policies: PolicyFiles;
  readonly now: () => Date;
}

/** Creates the registry; nothing is told of sessions, and none is restored yet. */
export function composeSessions({ store, masking, policies, now }: SessionsOptions) {
  return createSessionRegistry({
    ...store,
    masked: createMaskedSessions({ masking, policies }),
    now,
    leaseWithin: { started: 10_000, restored: 15_000 },
    watchEvery: 2_000,
  });
}

export interface SessionListeners {
  readonly registry: Pick<SessionRegistry, "observe">;
  readonly feed: LiveFeed;
  readonly spending: Spending;
  readonly masking: Masking;
  readonly desk: ReviewDesk;
  readonly sealing: Sealing;
  readonly stopper: Stopper;
}

/** Tells every room that wants to know of sessions; to be called before they are restored. */
export function tellOfSessions(listeners: SessionListeners): void {
  const { registry, feed, spending, masking, desk, sealing, stopper } = listeners;
  function over({ id }: Session): void {
    spending.forget(id);
    masking.forget(id);
    desk.sessionOver(id);
    sealing.sessionChanged();
    stopper.sessionEnded();
  }
  registry.observe(feed.sessions);
  registry.observe({ started: sealing.sessionChanged, ended: over, fault: over });
}
