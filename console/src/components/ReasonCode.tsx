import type { ReactNode } from "react";
import "./states.css";

/** The sentence is for people; the stable code stands small beside it, never instead of it. */
export function ReasonCode({ code, children }: { code: string; children: ReactNode }) {
  return (
    <span className="ws-reason">
      {children}
      <code className="ws-code">{code}</code>
    </span>
  );
}
