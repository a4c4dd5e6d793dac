import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, InputNumber, Switch } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { ReasonCode } from "@/components/ReasonCode";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";

type Policy = components["schemas"]["PolicyView"];
type Cap = components["schemas"]["CapView"];
type Change = components["schemas"]["CapChange"];
type Reason = components["schemas"]["ReasonView"];

const policyPath = "/api/v1/care/policy";
const policyKey = ["care-policy"] as const;

export default function CarePolicyPage() {
  const query = useQuery({ queryKey: policyKey, queryFn: ({ signal }) => api.get<Policy>(policyPath, undefined, signal) });
  return <QueryState query={query}>{(policy) => <Editor policy={policy} />}</QueryState>;
}

const changeOf = (cap: Cap): Change => ({ purpose: cap.purpose, max_touches: cap.max_touches, window_days: cap.window_days, enabled: cap.enabled });

function Editor({ policy }: { policy: Policy }) {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  const may = useCan()("care.policy.change");
  const [caps, setCaps] = useState<readonly Change[]>(policy.caps.map(changeOf));
  const [busy, setBusy] = useState(false);
  const dirty = policy.caps.some((cap, index) => JSON.stringify(changeOf(cap)) !== JSON.stringify(caps[index]));
  const change = (purpose: string, next: Partial<Change>) => { setCaps(caps.map((one) => (one.purpose === purpose ? { ...one, ...next } : one))); };
  const save = async () => {
    setBusy(true);
    try {
      const saved = await api.put<Policy>(policyPath, { caps });
      client.setQueryData(policyKey, saved);
      setCaps(saved.caps.map(changeOf));
      notify.done(t("outreach.care.saved"));
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  const marketing = policy.caps.find((cap) => cap.purpose === "marketing");
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.settings") }, { label: t("outreach.care.menu") }]}
        title={marketing?.enabled ? t("outreach.care.title", { days: marketing.window_days, count: marketing.max_touches }) : t("outreach.care.titleOff")}
        lede={t("outreach.care.lede")}
        actions={may ? <Button type="primary" loading={busy} disabled={!dirty} onClick={() => void save()}>{t("outreach.care.save")}</Button> : <span className="ws-muted">{t("outreach.care.readOnly")}</span>}
      />
      <div className="ws-stack">
        <Panel title={t("outreach.care.capsTitle")} sub={t("outreach.care.capsSub")} staleness={{ live: true }}>
          <ul className="ws-rows">
            {policy.caps.map((cap, index) => (
              <CapLine key={cap.purpose} cap={cap} wish={caps[index] ?? changeOf(cap)} may={may} onChange={(next) => { change(cap.purpose, next); }} />
            ))}
          </ul>
          <p className="ws-small ws-muted">{t("outreach.care.exempt")}</p>
        </Panel>
        <ReasonsPanel />
      </div>
    </>
  );
}

function CapLine({ cap, wish, may, onChange }: { cap: Cap; wish: Change; may: boolean; onChange: (next: Partial<Change>) => void }) {
  const t = useT();
  const f = useFormat();
  const name = t(`outreach.purpose.${cap.purpose}`);
  return (
    <li style={{ display: "flex", flexWrap: "wrap", gap: "8px 20px", alignItems: "center" }}>
      <span style={{ flex: "0 0 116px" }}>
        <strong>{name}</strong>
        <span className="ws-sub">{cap.default_enabled ? t("outreach.care.default", { days: cap.default_window_days, count: cap.default_max_touches }) : t("outreach.care.defaultOff")}</span>
      </span>
      <Switch checked={wish.enabled} disabled={!may} checkedChildren={t("outreach.care.on")} unCheckedChildren={t("outreach.care.off")} onChange={(enabled) => { onChange({ enabled }); }} aria-label={`${name} ${t("outreach.care.limit")}`} />
      {wish.enabled && <span style={{ display: "inline-flex", gap: 8, alignItems: "center" }}>
        <InputNumber min={1} max={366} precision={0} disabled={!may} value={wish.window_days} onChange={(value) => { if (value) onChange({ window_days: value }); }} aria-label={`${name} ${t("outreach.care.window")}`} style={{ width: 72 }} /> {t("outreach.care.days")}
        <InputNumber min={0} max={100} precision={0} disabled={!may} value={wish.max_touches} onChange={(value) => { if (value !== null) onChange({ max_touches: value }); }} aria-label={`${name} ${t("outreach.care.limit")}`} style={{ width: 72 }} /> {t("outreach.care.perDays")}
      </span>}
      <span className="ws-small ws-muted" style={{ marginLeft: "auto", textAlign: "right" }}>
        {t("outreach.care.useText", { open: cap.open, spent: cap.spent_in_window })}
        {cap.enabled && <> · {t("outreach.care.atCap")} {t("outreach.care.atCapText", { count: cap.at_cap })}</>}
        {cap.updated_at && <span className="ws-sub">{t("outreach.care.changed", { when: f.moment(cap.updated_at) })}</span>}
      </span>
    </li>
  );
}

function ReasonsPanel() {
  const t = useT();
  const query = useQuery({ queryKey: ["care-reasons", t.language], queryFn: ({ signal }) => api.get<Reason[]>("/api/v1/care/reasons", undefined, signal), staleTime: Infinity });
  return (
    <QueryState query={query}>
      {(reasons) => (
        <Panel title={t("outreach.care.reasonsTitle", { count: reasons.length })} sub={t("outreach.care.reasonsSub")}>
          <ul className="ws-rows">
            {reasons.map((one) => (
              <li key={one.code} style={{ display: "flex", gap: 12, alignItems: "baseline" }}>
                <ReasonCode code={one.code}>{one.text}</ReasonCode>
                <span className="ws-tag is-line" style={{ marginLeft: "auto", flex: "none" }}>{t(one.stage === "withheld" ? "outreach.care.withheld" : "outreach.care.refused")}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </QueryState>
  );
}
