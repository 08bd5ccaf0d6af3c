/** The record is not the one that was sealed last: what would hide that is not done. */
export class RecordAltered extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "RecordAltered";
    this.hint = hint;
  }
}
