/** Instants (ISO-8601, UTC) as the console writes them, in the company's time zone. Pure; `now` is passed in. */

import type { Language } from "@/i18n/language";

export interface DateSettings {
  language: Language;
  timeZone: string;
}

interface Parts {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

const cache = new Map<string, Intl.DateTimeFormat>();

function cached(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options);
    cache.set(key, found);
  }
  return found;
}

function parts(instant: Date, timeZone: string): Parts {
  const format = cached("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const found: Record<string, string> = {};
  for (const part of format.formatToParts(instant)) found[part.type] = part.value;
  return found as unknown as Parts;
}

const locale = (language: Language) => (language === "zh" ? "zh-CN" : "en-GB");
const dayOf = (p: Parts) => `${p.year}-${p.month}-${p.day}`;

/** "2026-11-20" in the company's time zone: what the API takes as a day. */
export function isoDay(instant: Date, timeZone: string): string {
  return dayOf(parts(instant, timeZone));
}

/** The instant at which a day ("2026-11-20") begins in the time zone; `days` later for a later one. */
export function dayStart(day: string, timeZone: string, days = 0): Date {
  const guess = Date.parse(`${day}T00:00:00Z`) + days * 86_400_000;
  const p = parts(new Date(guess), timeZone);
  const seen = Date.UTC(Number(p.year), Number(p.month) - 1, Number(p.day), Number(p.hour), Number(p.minute), Number(p.second));
  return new Date(guess - (seen - guess));
}

/** Midnights of the time zone between two instants: 0 on the same day. */
export function daysBetween(from: Date, until: Date, timeZone: string): number {
  return Math.round((Date.parse(isoDay(until, timeZone)) - Date.parse(isoDay(from, timeZone))) / 86_400_000);
}

/** "11-20", or "2025-11-20" outside the current year. */
export function formatDate(instant: Date, now: Date, { timeZone }: DateSettings): string {
  const p = parts(instant, timeZone);
  return p.year === parts(now, timeZone).year ? `${p.month}-${p.day}` : dayOf(p);
}

/** "11-20 15:42" */
export function formatDateTime(instant: Date, now: Date, settings: DateSettings): string {
  return `${formatDate(instant, now, settings)} ${formatTime(instant, settings)}`;
}

/** "15:42" */
export function formatTime(instant: Date, { timeZone }: DateSettings): string {
  const p = parts(instant, timeZone);
  return `${p.hour}:${p.minute}`;
}

/** "2026-11-20 15:42:07": where the second counts (audit). */
export function formatExact(instant: Date, { timeZone }: DateSettings): string {
  const p = parts(instant, timeZone);
  return `${dayOf(p)} ${p.hour}:${p.minute}:${p.second}`;
}

/** "11 月 20 日，周四" or "Thursday 20 November" */
export function formatDay(instant: Date, { language, timeZone }: DateSettings): string {
  if (language === "en") {
    return cached("en-GB", { timeZone, weekday: "long", day: "numeric", month: "long" }).format(instant);
  }
  const p = parts(instant, timeZone);
  const weekday = cached("zh-CN", { timeZone, weekday: "short" }).format(instant);
  return `${String(Number(p.month))} 月 ${String(Number(p.day))} 日，${weekday}`;
}

/** "周四" or "Thursday" */
export function formatWeekday(instant: Date, { language, timeZone }: DateSettings): string {
  return cached(locale(language), { timeZone, weekday: language === "zh" ? "short" : "long" }).format(instant);
}

/** Timeline style: "今天 14:52", "昨天 19:06", "11-08 20:14". */
export function formatMoment(instant: Date, now: Date, settings: DateSettings): string {
  const { language, timeZone } = settings;
  const day = isoDay(instant, timeZone);
  const time = formatTime(instant, settings);
  if (day === isoDay(now, timeZone)) return language === "zh" ? `今天 ${time}` : `today ${time}`;
  const yesterday = isoDay(new Date(now.getTime() - 86_400_000), timeZone);
  if (day === yesterday) return language === "zh" ? `昨天 ${time}` : `yesterday ${time}`;
  return formatDateTime(instant, now, settings);
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "4 分钟前", "in 2 hours"; under a minute "刚刚" / "just now". */
export function formatRelative(instant: Date, now: Date, { language }: DateSettings): string {
  const seconds = (instant.getTime() - now.getTime()) / 1000;
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) < size) continue;
    const amount = Math.trunc(seconds / size);
    if (language === "en") return new Intl.RelativeTimeFormat("en", { numeric: "always" }).format(amount, unit);
    const name = { day: "天", hour: "小时", minute: "分钟" }[unit as "day" | "hour" | "minute"];
    return `${String(Math.abs(amount))} ${name}${amount < 0 ? "前" : "后"}`;
  }
  return language === "zh" ? "刚刚" : "just now";
}

/** Whole seconds -> "50 分钟", "1 小时 20 分", "45 秒" */
export function formatDuration(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const zh = language === "zh";
  if (hours > 0) return zh ? `${String(hours)} 小时 ${String(minutes)} 分` : `${String(hours)} h ${String(minutes)} min`;
  if (minutes > 0) return zh ? `${String(minutes)} 分 ${String(rest)} 秒` : `${String(minutes)} min ${String(rest)} s`;
  return zh ? `${String(rest)} 秒` : `${String(rest)} s`;
}
