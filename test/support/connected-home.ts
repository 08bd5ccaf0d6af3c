/** Connected home: what most end-to-end tests begin with. */
import { afterAll } from "vitest";
import { createHome, type TestHome } from "./home.js";
import { type ModelApi, startModelApi } from "./model-api.js";

/** A home whose connection `openai` leads to a model API that knows `key`; both end after the file's tests. */
export async function connectedHome(
  key: string,
): Promise<{ readonly api: ModelApi; readonly home: TestHome }> {
  const api = await startModelApi({ key });
  const home = createHome();
  afterAll(async () => {
    await home.dispose();
    await api.close();
  });
  await home.connect(api.baseUrl, key);
  return { api, home };
}
