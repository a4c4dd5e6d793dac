/** How the back-test is read: pure, so that what the page says of it can be tested. */

import type { BackTest, BackTestRow } from "./api";

/** Fewer people than these say nothing about a group. */
export const fewest = 20;

export interface PerCustomer {
  row: BackTestRow;
  forecast: number;
  actual: number;
}

/** Purchases of one customer in the held-out weeks, by number of earlier purchases; groups without people are left out. */
export function perCustomer(rows: readonly BackTestRow[]): PerCustomer[] {
  return rows.filter((row) => row.customers > 0).map((row) => ({ row, forecast: row.forecast / row.customers, actual: row.actual / row.customers }));
}

/** The group of some size where forecast and fact lie furthest apart, each customer counted alike. */
export function furthest(rows: readonly BackTestRow[]): PerCustomer | undefined {
  const all = perCustomer(rows);
  const large = all.filter(({ row }) => row.customers >= fewest);
  return (large.length > 0 ? large : all).reduce<PerCustomer | undefined>(
    (worst, one) => (worst && Math.abs(worst.forecast - worst.actual) >= Math.abs(one.forecast - one.actual) ? worst : one),
    undefined,
  );
}

/** The groups that a line may be drawn through: those of some size, where there are two of them at least. */
export function drawn(rows: readonly BackTestRow[]): PerCustomer[] {
  const all = perCustomer(rows);
  const large = all.filter(({ row }) => row.customers >= fewest);
  return large.length >= 2 ? large : all;
}

export type TotalWord = "same" | "above" | "below" | "nothing";

/** Within two of a hundred the total counts as met. */
export function totalWord(test: BackTest): TotalWord {
  if (test.error === null) return "nothing";
  if (Math.abs(test.error) < 0.02) return "same";
  return test.error > 0 ? "above" : "below";
}

export type WorthWord = "better" | "between" | "worse";

/** Whether the model beats both simple guesses for single customers: that nobody comes back, that all go on at their own rate. */
export function worthWord(test: BackTest): WorthWord {
  const { mean_absolute_error: model, mean_absolute_error_of_none: none, mean_absolute_error_of_same_rate: rate } = test;
  if (model < Math.min(none, rate)) return "better";
  return model < Math.max(none, rate) ? "between" : "worse";
}
