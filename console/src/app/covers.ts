/** "/customers/12" belongs to "/customers"; "/" only to itself. */
export function covers(entryPath: string, location: string): boolean {
  return entryPath === "/" ? location === "/" : location === entryPath || location.startsWith(`${entryPath}/`);
}
