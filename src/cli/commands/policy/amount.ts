/** Amount: a number from 0 up, as budgets count. */
import { wrongValue } from "../../parse.js";

/** Reads what was spent. */
export function parseAmount(option: string): (text: string) => number {
  return (text) => {
    if (/^\d{1,12}(\.\d{1,6})?$/.test(text)) return Number(text);
    throw wrongValue(option, "a number from 0 up", text, "1000");
  };
}
