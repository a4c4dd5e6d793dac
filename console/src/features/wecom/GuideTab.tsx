import { Alert } from "antd";
import { useState, type ReactNode } from "react";
import { useCan } from "@/api/session";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useT } from "@/i18n";
import { AddressStep } from "./AddressStep";
import { AppStep } from "./AppStep";
import { CallbackStep } from "./CallbackStep";
import { CompanyStep } from "./CompanyStep";
import { DomainStep } from "./DomainStep";
import { FeaturesPanel } from "./FeaturesPanel";
import { GuideStep } from "./GuideStep";
import { RightsStep } from "./RightsStep";
import { SyncPanel } from "./SyncPanel";
import { useGuide, type Guide, type Step } from "./api";
import "./wecom.css";

/** The way to a working connection. States come from what happened, so the page can be left and looked at again. */
export function GuideTab() {
  const guide = useGuide();
  return <QueryState query={guide}>{(data) => <Steps guide={data} />}</QueryState>;
}

function Steps({ guide }: { guide: Guide }) {
  const t = useT();
  const can = useCan();
  const done = guide.steps.filter((step) => step.state === "done").length;
  const failed = guide.steps.filter((step) => step.state === "failed").length;
  const total = guide.steps.length;
  const first = guide.steps.find((step) => step.state === "failed") ?? guide.steps.find((step) => step.state === "todo");
  const [open, setOpen] = useState(first?.name);
  const now = guide.steps.find((step) => step.name === open)?.state;
  const [before, setBefore] = useState({ open, now });
  if (before.open !== open || before.now !== now) {
    setBefore({ open, now });
    // What was open is done: on to the next. Not for the callback, whose fresh secrets would vanish from the page.
    if (before.open === open && now === "done" && open !== "callback") setOpen(first?.name);
  }
  const manage = can("wecom.connection.manage");
  const title = failed > 0 ? t("wecom.guide.title.failed", { count: failed }) : done === total ? t("wecom.guide.title.done", { total }) : t("wecom.guide.title.todo", { done, total });
  const bodies: Record<Step["name"], ReactNode> = {
    company: <CompanyStep guide={guide} />,
    app: <AppStep guide={guide} />,
    callback: <CallbackStep guide={guide} />,
    address: <AddressStep guide={guide} />,
    rights: <RightsStep guide={guide} />,
    domain: <DomainStep guide={guide} />,
    sync: null,
  };
  return (
    <div className="ws-grid" style={{ gridTemplateColumns: "minmax(0,1fr) 360px" }}>
      <Panel title={title} sub={t("wecom.guide.sub")}>
        {!manage && <Alert type="info" title={t("wecom.guide.readOnly")} style={{ marginBottom: 8 }} />}
        <ol className="ws-guide">
          {guide.steps.map((step, index) => (
            <GuideStep key={step.name} step={step} number={index + 1} open={open === step.name} onToggle={() => { setOpen(open === step.name ? undefined : step.name); }}>
              {step.name === "sync" ? <SyncPanel connected={guide.connection.connected} /> : bodies[step.name]}
            </GuideStep>
          ))}
        </ol>
      </Panel>
      <div className="ws-stack">
        <FeaturesPanel test={guide.test} />
      </div>
    </div>
  );
}
