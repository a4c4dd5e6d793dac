/** Shapes that every part of the API shares. Generated types of single resources come from ./schema (pnpm gen:api). */

/** Answer of every list endpoint. */
export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
}

/** Instant, ISO-8601 in UTC. */
export type Instant = string;
/** Integer hundredths of the company's currency. */
export type Fen = number;
