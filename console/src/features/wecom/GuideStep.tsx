import { CheckOutlined, CloseOutlined, DownOutlined, UpOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { Step } from "./api";

const looks = { done: "ws-tag is-brand", todo: "ws-tag", failed: "ws-tag is-loss" } as const;

export interface GuideStepProps {
  step: Step;
  number: number;
  open: boolean;
  onToggle: () => void;
  children: ReactNode;
}

/** One step: what it is and how it stands on one line, the rest when it is opened. */
export function GuideStep({ step, number, open, onToggle, children }: GuideStepProps) {
  const t = useT();
  const f = useFormat();
  const name = step.name === "sync" ? "syncStep" : step.name;
  const reason = step.reason && (t.lookup(`wecom.guide.${step.name}.reason.${step.reason}`) ?? t.lookup(`wecom.guide.reason.${step.reason}`));
  const seen = step.state === "done" && step.at ? f.relative(step.at) : undefined;
  return (
    <li>
      <button type="button" className="ws-guide-head" aria-expanded={open} onClick={onToggle}>
        <span className={`ws-guide-mark is-${step.state}`} aria-hidden="true">
          {step.state === "done" ? <CheckOutlined /> : step.state === "failed" ? <CloseOutlined /> : number}
        </span>
        <span>
          <strong>{t(`wecom.guide.${name}.title`)}</strong>
          <span className={step.state === "failed" ? "ws-sub ws-loss" : "ws-sub"}>{reason || seen || t(`wecom.guide.${name}.why`)}</span>
        </span>
        <span className={looks[step.state]}>{t(`wecom.guide.state.${step.state}`)}</span>
        {open ? <UpOutlined /> : <DownOutlined />}
      </button>
      {open && <div className="ws-guide-body">{children}</div>}
    </li>
  );
}

/** Where to click at WeCom. */
export function Where({ children }: { children: ReactNode }) {
  const t = useT();
  return <p className="ws-guide-where"><b>{t("wecom.guide.where")}</b>{children}</p>;
}
