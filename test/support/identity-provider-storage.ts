/**
 * Storage of the identity provider in tests: what oidc-provider's adapter asks
 * for, in one map that outlives the provider, so that its keys can be rotated
 * and it can be stopped and started with its grants as they were.
 */
export interface Payload extends Record<string, unknown> {
  readonly grantId?: string;
  readonly userCode?: string;
  readonly uid?: string;
  consumed?: unknown;
}

/** The class that a provider is configured with; `stored` hears of each row when it is new. */
export function createStorage(stored: (model: string, id: string) => void) {
  const rows = new Map<string, Payload>();

  return class Adapter {
    readonly model: string;

    constructor(model: string) {
      this.model = model;
    }

    async upsert(id: string, payload: Payload): Promise<void> {
      const key = `${this.model} ${id}`;
      if (!rows.has(key)) stored(this.model, id);
      rows.set(key, payload);
    }

    async find(id: string): Promise<Payload | undefined> {
      return rows.get(`${this.model} ${id}`);
    }

    async findByUserCode(userCode: string): Promise<Payload | undefined> {
      return this.first((payload) => payload.userCode === userCode);
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      return this.first((payload) => payload.uid === uid);
    }

    async consume(id: string): Promise<void> {
      const payload = rows.get(`${this.model} ${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    }

    async destroy(id: string): Promise<void> {
      rows.delete(`${this.model} ${id}`);
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, payload] of rows) {
        if (key.startsWith(`${this.model} `) && payload.grantId === grantId) rows.delete(key);
      }
    }

    first(matches: (payload: Payload) => boolean): Payload | undefined {
      for (const [key, payload] of rows) {
        if (key.startsWith(`${this.model} `) && matches(payload)) return payload;
      }
      return undefined;
    }
  };
}
