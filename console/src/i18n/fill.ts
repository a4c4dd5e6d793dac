/** Puts values into a message. Pure: no React, no settings but the number format. */

export type Values = Record<string, string | number>;

const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });

/**
 * `{name}` is replaced by the value (numbers get thousands separators and a real minus sign);
 * `{name|one|many}` chooses a word by the number, for languages that need it.
 */
export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{([^{}]+)\}/g, (whole, inner: string) => {
    const [name = "", one, many] = inner.split("|");
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined && many !== undefined) return Number(value) === 1 ? one : many;
    return typeof value === "number" ? number.format(value).replace("-", "\u2212") : value;
  });
}
