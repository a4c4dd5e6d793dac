/** Only a path of this console: an address given by somebody else must not lead away after the sign-in. */
export function returnPath(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith("/sign-in") ? next : "/";
}
