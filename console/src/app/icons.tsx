import type { ReactElement } from "react";
import type { Section } from "./feature";

/** The well seen from above: two rings of water and the eye of the spring. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true">
      <circle cx="11" cy="11" r="9.6" fill="none" stroke="var(--ws-brand)" strokeWidth="1.6" />
      <circle cx="11" cy="11" r="5.6" fill="none" stroke="var(--ws-brand)" strokeWidth="1.3" />
      <circle cx="11" cy="11" r="1.9" fill="var(--ws-brand)" />
    </svg>
  );
}

const drawings: Record<Section, ReactElement> = {
  home: (<><path d="M3 8.2 9 3l6 5.2V15H3z" /><path d="M7.2 15v-4.2h3.6V15" /></>),
  acquire: (<><circle cx="7.2" cy="6.2" r="2.8" /><path d="M2 15c.3-3 2.2-4.8 5.2-4.8 1.6 0 2.9.5 3.8 1.4M13.6 10.4v5M11.1 12.9h5" /></>),
  retain: <path d="M9 2.8c2.6 3 4.4 5.3 4.4 7.7A4.4 4.4 0 0 1 9 15a4.4 4.4 0 0 1-4.4-4.5c0-2.4 1.8-4.7 4.4-7.7z" />,
  convert: (<><path d="M3.2 6h11.6l-.9 9H4.1z" /><path d="M6.4 8V5.2a2.6 2.6 0 0 1 5.2 0V8" /></>),
  customers: (<><circle cx="9" cy="6" r="3" /><path d="M3.2 15.4c.4-3.4 2.6-5.4 5.8-5.4s5.4 2 5.8 5.4" /></>),
  insight: (<><path d="M3 3v12h12" /><path d="m5.6 11.4 3-3.4 2.4 2 3.8-4.8" /></>),
  settings: (<><path d="M3 5.4h7M13.6 5.4H15M3 12.6h1.4M8 12.6h7" /><circle cx="11.8" cy="5.4" r="1.8" /><circle cx="6.2" cy="12.6" r="1.8" /></>),
};

export function SectionIcon({ section }: { section: Section }) {
  return (
    <svg viewBox="0 0 18 18" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {drawings[section]}
    </svg>
  );
}
