import type { ReactNode } from "react";
import { Staleness, type StalenessProps } from "./Staleness";

export interface PanelProps {
  /** A sentence with a verb or a number, where the content allows one. */
  title?: ReactNode;
  sub?: ReactNode;
  staleness?: StalenessProps;
  /** Top right: a link, a switch, a short figure. */
  extra?: ReactNode;
  children?: ReactNode;
  className?: string;
}

/** White, one line around, no shadow: the only box. Inside it, hairlines. */
export function Panel({ title, sub, staleness, extra, children, className }: PanelProps) {
  return (
    <section className={className ? `ws-panel ${className}` : "ws-panel"}>
      {(title !== undefined || extra !== undefined || staleness) && (
        <div className="ws-panel-head">
          {title !== undefined && <h2>{title}</h2>}
          {(extra !== undefined || staleness) && (
            <span className="ws-panel-right">
              {extra}
              {staleness && <Staleness {...staleness} />}
            </span>
          )}
        </div>
      )}
      {sub && <p className="ws-panel-sub">{sub}</p>}
      {children !== undefined && <div className={title !== undefined ? "ws-panel-body" : undefined}>{children}</div>}
    </section>
  );
}
