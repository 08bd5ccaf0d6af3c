/** Amount: a number from 0 up, as budgets count. The value is never repeated in an error. */
import { usage } from "../../cli-error.js";

/** Reads what was spent. */
export function parseAmount(option: string): (text: string) => number {
  return (text) => {
    if (/^\d{1,12}(\.\d{1,6})?$/.test(text)) return Number(text);
    throw usage(`${option} takes a number from 0 up`, `write ${option} 1000`);
  };
}
