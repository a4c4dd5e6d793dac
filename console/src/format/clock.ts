/** The server's time. It may have travelled (a demo against the simulator), so that the browser's clock is no measure. */

let ahead = 0;

/** The API says its own time with each answer (header `x-now`, ISO-8601); without it the browser's clock counts. */
export function noteServerTime(header: string | null): void {
  const said = header ? Date.parse(header) : NaN;
  if (!Number.isNaN(said)) ahead = said - Date.now();
}

export function now(): Date {
  return new Date(Date.now() + ahead);
}
