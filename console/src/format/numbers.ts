/** Numbers as the console writes them. Pure functions; the React side is useFormat. */

export const minus = "\u2212";

const grouped = new Map<number, Intl.NumberFormat>();

function formatter(digits: number): Intl.NumberFormat {
  let found = grouped.get(digits);
  if (!found) {
    found = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    grouped.set(digits, found);
  }
  return found;
}

/** 20316 -> "20,316"; -3.25 with 1 digit -> "−3.3" */
export function formatNumber(value: number, digits = 0): string {
  const text = formatter(digits).format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? minus + text : text;
}

/** With a plus sign for gains: differences to another period or to the control group. */
export function formatSigned(value: number, digits = 0): string {
  const text = formatNumber(value, digits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A share 0..1 -> "25.0%"; what would be rounded to nothing -> "<0.1%" */
export function formatPercent(share: number, digits = 1): string {
  const text = formatNumber(share * 100, digits);
  const least = 10 ** -digits;
  // A few of many are not none.
  return share > 0 && !/[1-9]/.test(text) ? `<${formatNumber(least, digits)}%` : `${text}%`;
}

/** "CNY" -> "¥". An unknown currency shows its code and a space, so that the figure never loses its unit. */
export function currencySymbol(currency: string): string {
  try {
    const parts = new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay: "narrowSymbol" }).formatToParts(0);
    const symbol = parts.find((part) => part.type === "currency")?.value ?? currency;
    return /^[A-Z]{3}$/.test(symbol) ? `${symbol} ` : symbol;
  } catch {
    return `${currency} `;
  }
}

export interface MoneyOptions {
  /** Whole units only: for figures where fen do not matter. */
  round?: boolean;
  /** Plus sign for gains. */
  signed?: boolean;
}

/** Integer fen (hundredths) -> "¥1,234" or "¥1,234.50"; the sign stands before the symbol. */
export function formatMoney(fen: number, currency: string, { round = false, signed = false }: MoneyOptions = {}): string {
  const digits = round || fen % 100 === 0 ? 0 : 2;
  const text = formatter(digits).format(Math.abs(fen) / 100);
  const nothing = !/[1-9]/.test(text);
  const sign = nothing ? "" : fen < 0 ? minus : signed ? "+" : "";
  return sign + currencySymbol(currency) + text;
}

/** 1536 -> "1.5 KB" */
export function formatBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatNumber(value, unit === 0 || value >= 100 ? 0 : 1)} ${units[unit] ?? ""}`;
}
