import { useMemo } from "react";
import { LineChart } from "@/components/LineChart";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { FiguresTable } from "../analysis/FiguresTable";
import { Meaning } from "../analysis/Meaning";
import type { BackTest, BackTestRow } from "./api";
import { drawn, fewest, furthest, perCustomer, totalWord, worthWord } from "./reading";

/** From here on earlier purchases are one group. */
const top = 7;

interface BackTestPanelProps {
  test: BackTest | null;
  reason: string | undefined;
  fittedAt: string | null;
}

/** What the model would have said a while ago, held against what happened. */
export function BackTestPanel({ test, reason, fittedAt }: BackTestPanelProps) {
  const t = useT();
  if (!test) {
    return (
      <Panel title={t("lifetime.test.none")}>
        <p className="ws-ink2">{reason ?? t("lifetime.test.noneHint")}</p>
      </Panel>
    );
  }
  return <Tested test={test} fittedAt={fittedAt} />;
}

function Tested({ test, fittedAt }: { test: BackTest; fittedAt: string | null }) {
  const t = useT();
  const f = useFormat();
  const weeks = Math.round(test.held_out_weeks);
  const worst = furthest(test.rows);
  const groups = useMemo(() => perCustomer(test.rows), [test]);
  const points = useMemo(() => drawn(test.rows), [test]);
  const earlier = (row: BackTestRow) => (row.earlier === top ? t("lifetime.test.orMore", { count: top }) : t("lifetime.test.times", { count: row.earlier }));
  const x = useMemo(() => points.map(({ row }) => (row.earlier === top ? `${String(top)}+` : String(row.earlier))), [points]);
  const lines = useMemo(
    () => [
      { name: t("lifetime.test.actual"), values: points.map((one) => one.actual) },
      { name: t("lifetime.test.forecast"), values: points.map((one) => one.forecast), tone: "control" as const },
    ],
    [points, t],
  );
  const format = useMemo(() => (value: number) => f.number(value, value < 10 ? 2 : 1), [f]);
  const title = worst ? t("lifetime.test.title", { group: earlier(worst.row), forecast: format(worst.forecast), actual: format(worst.actual) }) : t("lifetime.test.titlePlain");
  const said = { model: f.number(test.mean_absolute_error, 2), none: f.number(test.mean_absolute_error_of_none, 2), rate: f.number(test.mean_absolute_error_of_same_rate, 2) };
  return (
    <Panel
      title={title}
      sub={t("lifetime.test.sub", { fitted: Math.round(test.calibration_weeks), weeks, customers: test.customers })}
      {...(fittedAt && { staleness: { at: fittedAt, limitSeconds: 3 * 86_400 } })}
    >
      <LineChart x={x} lines={lines} format={format} axisFormat={(value) => f.number(value, value % 1 === 0 ? 0 : 1)} labelWidth={96} height={220} label={t("lifetime.test.chart", { weeks })} />
      <p className="ws-note" style={{ margin: "6px 0 14px" }}>{t("lifetime.test.axis", { weeks })}{points.length < groups.length && ` ${t("lifetime.test.notDrawn", { fewest })}`}</p>
      <FiguresTable
        label={t("lifetime.test.table")}
        rows={groups}
        rowKey={({ row }) => row.earlier}
        columns={[
          { key: "earlier", name: true, head: t("lifetime.test.earlier"), render: ({ row }) => <>{earlier(row)}{row.customers < fewest && <span className="ws-sub">{t("lifetime.test.few")}</span>}</> },
          { key: "customers", head: t("lifetime.test.customers"), render: ({ row }) => f.number(row.customers) },
          { key: "actual", head: <Meaning metric="lv_actual" />, render: ({ row }) => f.number(row.actual) },
          { key: "forecast", head: <Meaning metric="lv_forecast" />, render: ({ row }) => f.number(row.forecast) },
          { key: "actualEach", head: t("lifetime.test.actualEach"), render: (one) => format(one.actual) },
          { key: "forecastEach", head: t("lifetime.test.forecastEach"), render: (one) => format(one.forecast) },
          { key: "off", head: t("lifetime.test.off"), render: (one) => f.signed(one.forecast - one.actual, 2) },
        ]}
      />
      <h3 className="ws-subhead" style={{ marginTop: 18 }}>{t("lifetime.test.honest")}</h3>
      <p>
        <Meaning metric="lv_error" title={t(`lifetime.test.total.${totalWord(test)}`, { forecast: Math.round(test.forecast), actual: test.actual, share: f.percent(Math.abs(test.error ?? 0)) })} />
      </p>
      <p>
        <Meaning metric="lv_absolute_error" title={t("lifetime.test.each", said)} />
      </p>
      <p className="ws-ink2">{t(`lifetime.test.worth.${worthWord(test)}`)}</p>
    </Panel>
  );
}
