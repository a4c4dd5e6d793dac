import { describe, expect, it } from "vitest";
import { daysBetween, dayStart, formatDate, formatDay, formatMoment, formatRelative, isoDay } from "@/format/dates";
import { formatMoney, formatNumber, formatPercent, formatSigned } from "@/format/numbers";

const zh = { language: "zh", timeZone: "Asia/Shanghai" } as const;
const en = { language: "en", timeZone: "Asia/Shanghai" } as const;
const now = new Date("2026-11-20T07:42:00Z"); // Friday 15:42 in Shanghai

describe("numbers", () => {
  it("writes a real minus sign, and none before zero", () => {
    expect(formatNumber(-1234)).toBe("\u22121,234");
    expect(formatNumber(-0.01, 1)).toBe("0.0");
    expect(formatSigned(2.62, 2)).toBe("+2.62");
    expect(formatPercent(0.2504)).toBe("25.0%");
  });
  it("writes money from fen: fen only where there are some, the sign before the symbol", () => {
    expect(formatMoney(13200, "CNY")).toBe("¥132");
    expect(formatMoney(13250, "CNY")).toBe("¥132.50");
    expect(formatMoney(-96800, "CNY")).toBe("\u2212¥968");
    expect(formatMoney(13250, "GBP", { round: true })).toBe("£133");
    expect(formatMoney(100, "CNY", { signed: true })).toBe("+¥1");
    expect(formatMoney(-40, "CNY", { round: true })).toBe("¥0");
  });
});

describe("dates", () => {
  it("are in the company's time zone, not the browser's", () => {
    expect(isoDay(new Date("2026-11-19T16:30:00Z"), zh.timeZone)).toBe("2026-11-20");
    expect(formatMoment(new Date("2026-11-19T16:30:00Z"), now, zh)).toBe("今天 00:30");
    expect(formatMoment(new Date("2026-11-19T11:06:00Z"), now, zh)).toBe("昨天 19:06");
    expect(formatMoment(new Date("2026-11-08T12:14:00Z"), now, en)).toBe("11-08 20:14");
  });
  it("name the year only when it is another one", () => {
    expect(formatDate(new Date("2026-01-11T04:00:00Z"), now, zh)).toBe("01-11");
    expect(formatDate(new Date("2025-01-11T04:00:00Z"), now, zh)).toBe("2025-01-11");
  });
  it("say the day in words", () => {
    expect(formatDay(now, zh)).toBe("11 月 20 日，周五");
    expect(formatDay(now, en)).toBe("Friday 20 November");
  });
  it("say how long ago", () => {
    expect(formatRelative(new Date(now.getTime() - 30_000), now, zh)).toBe("刚刚");
    expect(formatRelative(new Date(now.getTime() - 4 * 60_000), now, zh)).toBe("4 分钟前");
    expect(formatRelative(new Date(now.getTime() + 2 * 3_600_000), now, en)).toBe("in 2 hours");
  });
  it("find the begin of a day where clocks change", () => {
    expect(dayStart("2026-11-20", "Asia/Shanghai").toISOString()).toBe("2026-11-19T16:00:00.000Z");
    expect(dayStart("2026-03-29", "Europe/London", 1).toISOString()).toBe("2026-03-29T23:00:00.000Z");
  });

  it("counts days by the calendar, and few of many as more than none", () => {
    const at = (text: string) => new Date(text);
    expect(daysBetween(at("2026-11-19T15:59:00Z"), at("2026-11-19T16:01:00Z"), "Asia/Shanghai")).toBe(1);
    expect(daysBetween(at("2026-11-19T16:01:00Z"), at("2026-11-20T15:59:00Z"), "Asia/Shanghai")).toBe(0);
    expect(formatPercent(0.0001)).toBe("<0.1%");
    expect(formatPercent(0)).toBe("0.0%");
  });
});
