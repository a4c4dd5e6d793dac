/** Whether the API answered last time: one value for the page, shown as a bar while it is false. */

const listeners = new Set<() => void>();
let reachable = true;

function set(next: boolean): void {
  if (next === reachable) return;
  reachable = next;
  for (const listener of listeners) listener();
}

export const isReachable = () => reachable;
export const reportReachable = () => { set(true); };
export const reportUnreachable = () => { set(false); };

export function onReachable(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
