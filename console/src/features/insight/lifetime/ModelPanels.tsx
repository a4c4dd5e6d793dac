import { Figure } from "@/components/Figure";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { FiguresTable } from "../analysis/FiguresTable";
import { Meaning } from "../analysis/Meaning";
import type { Fitted, LifetimeValue } from "./api";

/** The night fits anew; older than this, it did not. */
const limitSeconds = 3 * 86_400;

export function FitStrip({ found, model }: { found: LifetimeValue; model: Fitted }) {
  const t = useT();
  const f = useFormat();
  const { repeat, one_time } = model;
  return (
    <section className="ws-strip is-compact" style={{ marginBottom: 0 }}>
      <Figure size="medium" label={<Meaning metric="lv_customers" />} value={f.number(model.customers)} note={t("lifetime.strip.split", { repeat: repeat.customers, once: one_time.customers })} />
      <Figure size="medium" label={<Meaning metric="lv_alive" />} value={repeat.alive === null ? <span className="ws-muted">{t("common.unknown")}</span> : f.number(repeat.alive)} note={repeat.alive === null || repeat.customers === 0 ? undefined : t("lifetime.strip.alive", { share: f.percent(repeat.alive / repeat.customers) })} />
      <Figure size="medium" label={<Meaning metric="lv_ahead" title={t("lifetime.strip.ahead", { days: 90 })} />} value={f.number(repeat.purchases_90d + one_time.purchases_90d)} note={t("lifetime.strip.inYear", { count: Math.round(repeat.purchases_365d + one_time.purchases_365d) })} />
      <Figure size="medium" label={t("lifetime.strip.fitted")} value={found.fitted_at ? f.relative(found.fitted_at) : "–"} note={t("lifetime.strip.window", { from: model.observed_from, until: model.observed_until })} />
    </section>
  );
}

interface PanelProps {
  model: Fitted;
  fittedAt: string | null;
}

interface Parameter {
  metric: string;
  value: string;
}

/** The seven parameters, how well they explain the data, and whether the fit can be trusted. */
export function ParametersPanel({ model, fittedAt }: PanelProps) {
  const t = useT();
  const f = useFormat();
  const { purchases, spending, purchases_fit: often, spending_fit: much } = model;
  const digits = (value: number) => (value < 0.0001 ? "<0.0001" : f.number(value, value >= 100 ? 1 : value >= 1 ? 3 : 4));
  const starts = { often: `${String(often.starts_agreed)}/${String(often.starts)}`, much: `${String(much.starts_agreed)}/${String(much.starts)}` };
  const agreed = often.starts_agreed > 1 && much.starts_agreed > 1;
  const notes = [
    t(agreed ? "lifetime.parameters.agreed" : "lifetime.parameters.alone", starts),
    often.at_limit && t("lifetime.parameters.atLimit"),
    much.at_limit && t("lifetime.parameters.atLimitSpending"),
    Math.abs(model.value_correlation) > 0.3 && t("lifetime.parameters.correlated"),
  ];
  return (
    <Panel title={t("lifetime.parameters.title")} sub={t("lifetime.parameters.sub")} {...(fittedAt && { staleness: { at: fittedAt, limitSeconds } })}>
      <h3 className="ws-subhead">{t("lifetime.parameters.often")}</h3>
      <Parameters
        label={t("lifetime.parameters.often")}
        rows={[
          { metric: "lv_r", value: digits(purchases.r) },
          { metric: "lv_alpha", value: t("lifetime.parameters.weeks", { value: digits(purchases.alpha) }) },
          { metric: "lv_a", value: digits(purchases.a) },
          { metric: "lv_b", value: digits(purchases.b) },
          { metric: "lv_log_likelihood", value: f.number(often.log_likelihood, 1) },
        ]}
      />
      <h3 className="ws-subhead" style={{ marginTop: 14 }}>{t("lifetime.parameters.much")}</h3>
      <Parameters
        label={t("lifetime.parameters.much")}
        rows={[
          { metric: "lv_p", value: digits(spending.p) },
          { metric: "lv_q", value: digits(spending.q) },
          { metric: "lv_gamma", value: f.money(Math.round(spending.gamma), { round: spending.gamma > 10_000 }) },
          { metric: "lv_log_likelihood", value: f.number(much.log_likelihood, 1) },
          { metric: "lv_value_correlation", value: f.number(model.value_correlation, 2) },
        ]}
      />
      {notes.filter((note) => note !== false).map((note) => <p key={note} className="ws-note">{note}</p>)}
    </Panel>
  );
}

function Parameters({ rows, label }: { rows: readonly Parameter[]; label: string }) {
  const t = useT();
  return (
    <FiguresTable
      label={label}
      rows={rows}
      rowKey={(row) => row.metric}
      columns={[
        { key: "name", name: true, head: t("lifetime.parameters.name"), render: (row) => <Meaning metric={row.metric} /> },
        { key: "value", head: t("lifetime.parameters.value"), render: (row) => row.value },
      ]}
    />
  );
}

/** What the model expects, one-time buyers apart: of them it can't say who is still there. */
export function OutlookPanel({ model, fittedAt }: PanelProps) {
  const t = useT();
  const f = useFormat();
  const rows = [
    { name: t("lifetime.outlook.repeat"), ...model.repeat },
    { name: t("lifetime.outlook.once"), ...model.one_time },
  ];
  return (
    <Panel title={t("lifetime.outlook.title", { count: Math.round(model.repeat.purchases_90d + model.one_time.purchases_90d) })} sub={t("lifetime.outlook.sub")} {...(fittedAt && { staleness: { at: fittedAt, limitSeconds } })}>
      <FiguresTable
        label={t("lifetime.outlook.table")}
        rows={rows}
        rowKey={(row) => row.name}
        columns={[
          { key: "name", name: true, head: t("lifetime.outlook.who"), render: (row) => row.name },
          { key: "customers", head: t("lifetime.test.customers"), render: (row) => f.number(row.customers) },
          { key: "alive", head: <Meaning metric="lv_alive" />, render: (row) => (row.alive === null ? <span className="ws-muted">{t("lifetime.outlook.cannot")}</span> : f.number(row.alive)) },
          { key: "p90", head: <Meaning metric="lv_ahead" title={t("lifetime.outlook.days", { days: 90 })} />, render: (row) => f.number(row.purchases_90d) },
          { key: "p365", head: <Meaning metric="lv_ahead" title={t("lifetime.outlook.days", { days: 365 })} />, render: (row) => f.number(row.purchases_365d) },
        ]}
      />
      <p className="ws-note">{t("lifetime.outlook.note")}</p>
    </Panel>
  );
}
