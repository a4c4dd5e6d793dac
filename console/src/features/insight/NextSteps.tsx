import { Button } from "antd";
import { Link } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Panel } from "@/components/Panel";
import { useT } from "@/i18n";
import type { NextStep } from "./api";

const dots: Record<NextStep["tone"], string> = { setup: "is-open", needs_you: "is-needs", offer: "is-offer" };

/** What waits, with the verb that does it. While nothing is connected, the first step is the page's one action. */
export function NextSteps({ steps, setup }: { steps: readonly NextStep[]; setup: boolean }) {
  const t = useT();
  return (
    <Panel title={t(setup ? "insight.home.steps.setup" : "insight.home.steps.title")}>
      {steps.length === 0 && <EmptyState title={t("insight.home.steps.none")} hint={t("insight.home.steps.noneHint")} />}
      <ul className="ws-rows ws-steps">
        {steps.map((step, index) => (
          <li key={step.code + step.link}>
            <i className={dots[step.tone]} />
            <p>
              {step.title}
              <span className="ws-sub">{step.detail}</span>
            </p>
            <Link to={step.link}>{setup && index === 0 ? <Button type="primary">{step.action}</Button> : step.action}</Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
