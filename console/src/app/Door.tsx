import type { ReactNode } from "react";
import { setLanguage, useT } from "@/i18n";
import { Logo } from "./icons";
import "./shell.css";

/** The frame of the pages before sign-in. */
export function Door({ wide = false, children }: { wide?: boolean; children: ReactNode }) {
  const t = useT();
  return (
    <div className="ws-door">
      <div className={wide ? "ws-door-box is-wide" : "ws-door-box"}>
        <div className="ws-door-brand">
          <Logo size={30} />
          <span>{t.language === "zh" ? <>活水 <small>Wellspring</small></> : "Wellspring"}</span>
        </div>
        {children}
      </div>
      <footer className="ws-door-foot">
        <span>{t("shell.foot")}</span>
        <button type="button" className="ws-link" onClick={() => { setLanguage(t.language === "zh" ? "en" : "zh"); }}>
          {t("shell.user.language")}
        </button>
      </footer>
    </div>
  );
}
