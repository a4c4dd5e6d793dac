import { useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { useCan } from "@/api/session";
import { useLabel, useT } from "@/i18n";
import { covers } from "./covers";
import type { Section } from "./feature";
import { Logo, SectionIcon } from "./icons";
import { visibleSections, type NavSection } from "./nav";
import { WecomFoot } from "./WecomFoot";

/** Sections that are one page: drawn as a single entry. */
const single: ReadonlySet<Section> = new Set(["home"]);
/** A hairline stands before these. */
const ruled: ReadonlySet<Section> = new Set(["acquire", "customers"]);

export function Sidebar({ onNavigate }: { onNavigate?: () => void }) {
  const t = useT();
  const can = useCan();
  return (
    <nav className="ws-nav" aria-label={t("shell.menu.main")}>
      <Link to="/" className="ws-nav-brand" {...(onNavigate && { onClick: onNavigate })}>
        <Logo />
        <span>{t.language === "zh" ? <>活水 <small>Wellspring</small></> : "Wellspring"}</span>
      </Link>
      <ul>
        {visibleSections(can).map((nav) => (
          <SectionItem key={nav.section} nav={nav} onNavigate={onNavigate} />
        ))}
      </ul>
      <WecomFoot />
    </nav>
  );
}

function SectionItem({ nav, onNavigate }: { nav: NavSection; onNavigate: (() => void) | undefined }) {
  const { section, entries } = nav;
  const label = useLabel();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const current = entries.some((entry) => covers(entry.path, pathname));
  const [opened, setOpened] = useState<boolean>();
  const open = opened ?? current;
  const name = label(`shell.section.${section}`);
  const rule = ruled.has(section) && <li className="ws-nav-rule" aria-hidden="true" />;
  const [first] = entries;
  if (single.has(section) && first) {
    return (
      <>
        {rule}
        <li>
          <Link to={first.path} className={current ? "ws-nav-item is-on" : "ws-nav-item"} aria-current={current ? "page" : undefined} {...(onNavigate && { onClick: onNavigate })}>
            <SectionIcon section={section} />
            {name}
          </Link>
        </li>
      </>
    );
  }
  return (
    <>
      {rule}
      <li>
        <button
          type="button"
          className={current ? "ws-nav-item is-open" : "ws-nav-item"}
          aria-expanded={open}
          onClick={() => {
            // A closed section opens on its first page: one click less than opening it and choosing.
            if (!open && first && !onNavigate) void navigate(first.path);
            setOpened(current ? !open : !open);
          }}
        >
          <SectionIcon section={section} />
          {name}
        </button>
        {open && (
          <ul>
            {entries.map((entry) => {
              const on = covers(entry.path, pathname);
              return (
                <li key={entry.path}>
                  <Link to={entry.path} className={on ? "ws-nav-item is-sub is-on" : "ws-nav-item is-sub"} aria-current={on ? "page" : undefined} {...(onNavigate && { onClick: onNavigate })}>
                    {label(entry.label)}
                  </Link>
                </li>
              );
            })}
          </ul>
        )}
      </li>
    </>
  );
}
