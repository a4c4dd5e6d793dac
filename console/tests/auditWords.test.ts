import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { translator } from "@/i18n";

const source = "../src/wellspring";
// Verbs that the two ledgers of broadcasts and live codes put behind their name.
const built = {
  "acquisition.live_code": ["create", "change", "retry", "archive", "restore"],
  "outreach.broadcast": ["create", "change", "delete", "submit"],
};

test("every action of the audit log has words in both languages", () => {
  const written = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".py"))
    .flatMap((file) => [...readFileSync(`${source}/${file}`, "utf8").matchAll(/action="([a-z_.]+)"/g)])
    .flatMap(([, action]) => (action ? [action] : []));
  expect(written.length).toBeGreaterThan(30);
  const actions = [...written, ...Object.entries(built).flatMap(([name, verbs]) => verbs.map((verb) => `${name}.${verb}`))];
  for (const language of ["zh", "en"] as const) {
    const { lookup } = translator(language);
    const words = (action: string) => lookup(`settings.audit.actions.${action}`) ?? lookup(`${action.split(".")[0] ?? ""}.audit.${action}`);
    expect(actions.filter((action) => words(action) === undefined)).toEqual([]);
  }
});
