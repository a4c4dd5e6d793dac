import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { useCan } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT, type Translate } from "@/i18n";
import { lifetimeKey, startFit, useLifetimeValue, type LifetimeValue } from "./api";
import { BackTestPanel } from "./BackTestPanel";
import { FitStrip, OutlookPanel, ParametersPanel } from "./ModelPanels";
import { totalWord } from "./reading";
import "../analysis/analysis.css";

/** How often and for how much customers will buy, and how right that was the last time. */
export default function LifetimePage() {
  const query = useLifetimeValue();
  return <QueryState query={query}>{(found) => <View found={found} />}</QueryState>;
}

function titleOf(t: Translate, found: LifetimeValue, percent: (share: number) => string): string {
  const test = found.back_test;
  if (!found.model) return t("lifetime.menu");
  if (!test) return t("lifetime.titleUntested");
  return t(`lifetime.title.${totalWord(test)}`, { weeks: Math.round(test.held_out_weeks), forecast: Math.round(test.forecast), actual: test.actual, share: percent(Math.abs(test.error ?? 0)) });
}

function View({ found }: { found: LifetimeValue }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const { model } = found;
  const refusedSince = found.model !== null && found.last?.status === "refused";
  const fit = can("insight.lifetime_value.fit") && <FitButton found={found} primary={found.last === null} />;
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.insight") }, { label: t("lifetime.menu") }]}
        title={titleOf(t, found, f.percent)}
        documentTitle={t("lifetime.menu")}
        lede={model && found.fitted_at ? t("lifetime.lede", { from: model.observed_from, until: model.observed_until, customers: model.customers, when: f.moment(found.fitted_at) }) : t("lifetime.about")}
        actions={model && fit}
      />
      {found.fitting && <Progress found={found} />}
      {refusedSince && found.last?.reason && !found.fitting && (
        <Alert type="warning" showIcon={false} style={{ marginBottom: 12 }} title={t("lifetime.refusedSince", { when: f.moment(found.last.at), text: found.last.reason.text })} />
      )}
      {model ? (
        <div className="ws-stack">
          <FitStrip found={found} model={model} />
          <BackTestPanel test={found.back_test} reason={found.back_test_reason?.text} fittedAt={found.fitted_at} />
          <div className="ws-grid" style={{ gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)", alignItems: "start" }}>
            <ParametersPanel model={model} fittedAt={found.fitted_at} />
            <OutlookPanel model={model} fittedAt={found.fitted_at} />
          </div>
          <p className="ws-note">{t("lifetime.limits")}</p>
        </div>
      ) : (
        <EmptyState
          title={found.last?.reason ? found.last.reason.text : t("lifetime.empty")}
          hint={t(found.last?.reason?.code === "NOT_CONVERGED" ? "lifetime.notConvergedHint" : "lifetime.emptyHint")}
          action={
            <span style={{ display: "inline-flex", gap: 10, flexWrap: "wrap", justifyContent: "center" }}>
              {can("commerce.import.read") && <Link to="/commerce/imports"><Button>{t("analysis.goImport")}</Button></Link>}
              {fit}
            </span>
          }
        />
      )}
    </>
  );
}

/** What runs now, since when, and how long the last one took: the fit itself knows no steps. */
function Progress({ found }: { found: LifetimeValue }) {
  const t = useT();
  const f = useFormat();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const began = Date.now();
    const timer = setInterval(() => { setSeconds(Math.round((Date.now() - began) / 1000)); }, 1000);
    return () => { clearInterval(timer); };
  }, []);
  const before = found.last ? t("lifetime.fit.before", { time: f.duration(Math.max(1, found.last.seconds)) }) : "";
  return (
    <Alert
      type="info"
      role="status"
      showIcon={false}
      style={{ marginBottom: 12 }}
      title={`${t(found.fitting === "running" ? "lifetime.fit.running" : "lifetime.fit.waiting", { time: f.duration(seconds) })} ${before}`}
    />
  );
}

function FitButton({ found, primary }: { found: LifetimeValue; primary: boolean }) {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  const [starting, setStarting] = useState(false);
  const asked = useRef(false);
  const { fitting, last } = found;
  useEffect(() => {
    if (!asked.current || fitting !== null || starting) return;
    asked.current = false;
    if (last?.status === "fitted") notify.done(t("lifetime.fit.done"));
  }, [fitting, last, starting, notify, t]);
  const run = async () => {
    setStarting(true);
    try {
      await startFit();
      await client.invalidateQueries({ queryKey: lifetimeKey });
      asked.current = true;
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setStarting(false);
    }
  };
  return <Button type={primary ? "primary" : "default"} loading={starting || fitting !== null} onClick={() => void run()}>{t(primary ? "lifetime.fit.first" : "lifetime.fit.start")}</Button>;
}
