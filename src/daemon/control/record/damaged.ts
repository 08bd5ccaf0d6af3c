/**
 * Damaged: an exchange whose record cannot be read. By its name, since this room
 * knows the store by its types: the rest of the session is shown all the same.
 */

/** Is it the store's word for an exchange that cannot be read? */
export function isDamaged(error: unknown): boolean {
  return error instanceof Error && error.name === "FramesDamaged";
}
