import { Fragment, useEffect, type ReactNode } from "react";
import { Link } from "react-router";
import { useT } from "@/i18n";

export interface Crumb {
  label: string;
  to?: string;
}

export interface PageHeaderProps {
  /** The way here, without the page itself being repeated where the title says it. */
  crumbs?: readonly Crumb[];
  /** A sentence that says what is the case: "今天加了 86 位好友，走了 3 位". */
  title: ReactNode;
  /** Name of the browser tab, when the title is not plain text. */
  documentTitle?: string;
  lede?: ReactNode;
  actions?: ReactNode;
  /** Before the title: an avatar. */
  leading?: ReactNode;
}

export function PageHeader({ crumbs, title, documentTitle, lede, actions, leading }: PageHeaderProps) {
  const t = useT();
  const tab = documentTitle ?? (typeof title === "string" ? title : undefined);
  useEffect(() => {
    document.title = tab ? `${tab} · ${t("shell.brand")}` : t("shell.brand");
  }, [tab, t]);
  return (
    <header className="ws-head">
      {leading}
      <div className="ws-head-text">
        {crumbs && crumbs.length > 0 && (
          <nav className="ws-crumb">
            {crumbs.map((crumb, index) => (
              <Fragment key={crumb.label}>
                {index > 0 && <i>/</i>}
                {crumb.to ? <Link to={crumb.to}>{crumb.label}</Link> : crumb.label}
              </Fragment>
            ))}
          </nav>
        )}
        <h1>{title}</h1>
        {lede && <p className="ws-head-lede">{lede}</p>}
      </div>
      {actions && <div className="ws-head-actions">{actions}</div>}
    </header>
  );
}
