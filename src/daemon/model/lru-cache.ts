/**
 * LRU cache: values that are costly to make, by their keys. When there are
 * more than fit, the one that was not asked for longest is dropped, and made
 * again when it is asked for.
 */
export interface LruCache<K, V> {
  /** The value of a key; `make` makes it where it is not there. */
  get(key: K, make: () => V): V;
}

/** Creates an empty cache for so many values. */
export function createLruCache<K, V>(most: number): LruCache<K, V> {
  // A map keeps its keys in the order in which they were set.
  const values = new Map<K, V>();
  return {
    get(key, make) {
      const value = values.has(key) ? (values.get(key) as V) : make();
      values.delete(key);
      values.set(key, value);
      for (const oldest of values.keys()) {
        if (values.size <= most) break;
        values.delete(oldest);
      }
      return value;
    },
  };
}
