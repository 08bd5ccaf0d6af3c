/**
 * Policy status: which policy is in force, and what is wrong with the files it
 * is read from. As in `views.ts`, scripts rely on these keys.
 */
export interface PolicyStatusView {
  /** Of organisation and user; a session's project can add to it. */
  readonly hash: string;
  /** Why a file as it is now is not, or not wholly, in force. */
  readonly problems: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly reason: string;
    readonly hint: string | null;
  }[];
}
