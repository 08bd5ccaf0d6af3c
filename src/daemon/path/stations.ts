/**
 * Stations: steps in their order, run in one turn of the event loop until one
 * of them waits. `await` between all of them would cost a promise and a turn
 * of the microtask queue each, and few of them wait.
 */
import type { Station } from "./exchange.js";

// biome-ignore lint/suspicious/noExplicitAny: the builder's types hold what the list cannot say.
type AnyStation = Station<any, unknown>;

/** A list of stations; each takes what the one before it returns, so the compiler holds their order. */
export class Stations<In, Out> {
  readonly #list: readonly AnyStation[];

  private constructor(list: readonly AnyStation[]) {
    this.#list = list;
  }

  static from<In, Out>(first: Station<In, Out>): Stations<In, Out> {
    return new Stations<In, Out>([first]);
  }

  /** The same list with one more at its end. */
  to<Next>(station: Station<Out, Next>): Stations<In, Next> {
    return new Stations<In, Next>([...this.#list, station]);
  }

  /** Takes an exchange through all of them; rejects, or throws, with what the first of them threw. */
  pass(exchange: In): Out | Promise<Out> {
    let reached: unknown = exchange;
    const list = this.#list;
    for (let at = 0; at < list.length; at += 1) {
      reached = (list[at] as AnyStation)(reached);
      if (reached instanceof Promise) return this.#rest(reached, at + 1);
    }
    return reached as Out;
  }

  async #rest(waited: Promise<unknown>, from: number): Promise<Out> {
    const list = this.#list;
    let reached = await waited;
    for (let at = from; at < list.length; at += 1) {
      reached = (list[at] as AnyStation)(reached);
      if (reached instanceof Promise) reached = await reached;
    }
    return reached as Out;
  }
}
