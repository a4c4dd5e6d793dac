import { describe, expect, it } from "vitest";
import type { BackTest, BackTestRow } from "@/features/insight/lifetime/api";
import { furthest, perCustomer, totalWord, worthWord } from "@/features/insight/lifetime/reading";

const row = (earlier: number, customers: number, forecast: number, actual: number): BackTestRow => ({ earlier, customers, forecast, actual });
const test = (changes: Partial<BackTest>): BackTest => ({ error: 0, mean_absolute_error: 1, mean_absolute_error_of_none: 1, mean_absolute_error_of_same_rate: 1, ...changes }) as BackTest;

describe("the back-test in words", () => {
  it("compares groups by customer and leaves out those without anybody", () => {
    expect(perCustomer([row(0, 100, 20, 30), row(5, 0, 0, 0)])).toEqual([{ row: row(0, 100, 20, 30), forecast: 0.2, actual: 0.3 }]);
  });

  it("names the group that is furthest off, but not one of a handful of people", () => {
    const rows = [row(0, 1000, 200, 210), row(2, 100, 150, 100), row(6, 3, 9, 0)];
    expect(furthest(rows)?.row.earlier).toBe(2);
    expect(furthest([row(6, 3, 9, 0)])?.row.earlier).toBe(6);
    expect(furthest([])).toBeUndefined();
  });

  it("calls a total met within two of a hundred only", () => {
    expect([0.019, -0.019, 0.02, -0.3, null].map((error) => totalWord(test({ error })))).toEqual(["same", "same", "above", "below", "nothing"]);
  });

  it("says how it does against both simple guesses", () => {
    const worth = (model: number) => worthWord(test({ mean_absolute_error: model, mean_absolute_error_of_none: 0.5, mean_absolute_error_of_same_rate: 0.8 }));
    expect([0.4, 0.5, 0.6, 0.8, 0.9].map(worth)).toEqual(["better", "between", "between", "worse", "worse"]);
  });
});
