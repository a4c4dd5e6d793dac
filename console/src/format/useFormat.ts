import { createContext, useContext, useMemo } from "react";
import { useLanguage } from "@/i18n";
import { now } from "./clock";
import * as dates from "./dates";
import * as numbers from "./numbers";

/** From the company's settings (GET /api/v1/me); before sign-in the defaults hold. */
export interface CompanyFormat {
  currency: string;
  timeZone: string;
}

export const CompanyFormatContext = createContext<CompanyFormat>({ currency: "CNY", timeZone: "Asia/Shanghai" });

type Instant = string | number | Date;
const asDate = (instant: Instant) => (instant instanceof Date ? instant : new Date(instant));

function build(settings: dates.DateSettings, currency: string) {
  return {
    number: numbers.formatNumber,
    signed: numbers.formatSigned,
    percent: numbers.formatPercent,
    bytes: numbers.formatBytes,
    /** Integer fen of the company's currency, or of the order's own. */
    money: (fen: number, options?: numbers.MoneyOptions & { currency?: string }) =>
      numbers.formatMoney(fen, options?.currency ?? currency, options),
    currencySymbol: numbers.currencySymbol(currency),
    date: (instant: Instant) => dates.formatDate(asDate(instant), now(), settings),
    dateTime: (instant: Instant) => dates.formatDateTime(asDate(instant), now(), settings),
    time: (instant: Instant) => dates.formatTime(asDate(instant), settings),
    exact: (instant: Instant) => dates.formatExact(asDate(instant), settings),
    day: (instant: Instant) => dates.formatDay(asDate(instant), settings),
    weekday: (instant: Instant) => dates.formatWeekday(asDate(instant), settings),
    moment: (instant: Instant) => dates.formatMoment(asDate(instant), now(), settings),
    relative: (instant: Instant) => dates.formatRelative(asDate(instant), now(), settings),
    duration: (seconds: number) => dates.formatDuration(seconds, settings.language),
    isoDay: (instant: Instant) => dates.isoDay(asDate(instant), settings.timeZone),
    /** Begin of a day ("2026-11-20") in the company's time zone, as the API takes instants. */
    dayStart: (day: string, days = 0) => dates.dayStart(day, settings.timeZone, days).toISOString(),
    /** Midnights between two instants in the company's time zone. */
    days: (from: Instant, until: Instant) => dates.daysBetween(asDate(from), asDate(until), settings.timeZone),
    timeZone: settings.timeZone,
  };
}

export type Format = ReturnType<typeof build>;

/** `const f = useFormat(); f.money(12900); f.relative(row.created_at)` */
export function useFormat(): Format {
  const { currency, timeZone } = useContext(CompanyFormatContext);
  const language = useLanguage();
  return useMemo(() => build({ language, timeZone }, currency), [language, timeZone, currency]);
}
