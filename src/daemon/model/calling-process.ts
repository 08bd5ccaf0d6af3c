/**
 * Calling process: the program that opened the socket an exchange came on, as
 * the record names it.
 */
export interface CallingProcess {
  readonly pid: number;
  /** Path of the program; its short name where the path cannot be read. */
  readonly executable: string;
  readonly startedAt: Date;
}
