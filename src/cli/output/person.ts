/** Person: how a person or workload is named in lines and tables. */
import type { IdentityView } from "../../contract/views.js";

/** The e-mail address, or the subject where there is none. */
export function personName({ email, subject }: Pick<IdentityView, "email" | "subject">): string {
  return email ?? subject;
}
