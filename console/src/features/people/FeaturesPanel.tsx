import { Spin } from "antd";
import { Link } from "react-router";
import { useCan } from "@/api/session";
import { Definition } from "@/components/Definition";
import { ErrorState } from "@/components/EmptyState";
import { Panel } from "@/components/Panel";
import { useFormat, type Format } from "@/format/useFormat";
import { useT } from "@/i18n";
import { useCustomerFeatures, type CustomerFeature } from "./api";

const groups = ["rhythm", "value", "traits", "attention", "buying"] as const;
const windowed = /^(orders|spent)_(\d+d|ever)$/;

/** A value as it is read: money, days, a share; null stays null. */
function written(f: Format, one: CustomerFeature): string | null {
  if (one.value === null) return null;
  if (one.label !== null) return one.label;
  const value = Number(one.value);
  switch (one.kind) {
    case "money": return f.money(Math.round(value), { round: true });
    case "instant": return f.date(String(one.value));
    case "probability": return f.percent(value, 0);
    case "amount": return f.number(value, 1);
    case "choice":
    case "reference": return String(one.value);
    default: return f.number(value);
  }
}

/** What is computed about this customer, by heading; what each means is one click away. */
export function FeaturesPanel({ id }: { id: number }) {
  const t = useT();
  const can = useCan();
  const query = useCustomerFeatures(id);
  const found = query.data;
  const body = () => {
    if (query.isError && !found) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    if (!found) return <div className="ws-loading"><Spin delay={200} /></div>;
    return (
      <div className="ws-traits">
        {groups.map((group) => <Group key={group} name={group} features={found.features.filter((one) => one.group === group)} />)}
      </div>
    );
  };
  return (
    <Panel
      title={t("people.features.title")}
      sub={t("people.features.sub")}
      extra={can("insight.feature.read") && <Link className="ws-small" to="/insight/features">{t("people.features.all")}</Link>}
    >
      {body()}
    </Panel>
  );
}

function Group({ name, features }: { name: (typeof groups)[number]; features: readonly CustomerFeature[] }) {
  const t = useT();
  const single = features.filter((one) => !windowed.test(one.name));
  const windows = features.filter((one) => windowed.test(one.name));
  if (features.length === 0) return null;
  return (
    <section>
      <h3 className="ws-subhead">{t(`features.groups.${name}`)}</h3>
      {windows.length > 0 && <Windows features={windows} />}
      <dl className="ws-trait-list">
        {single.map((one) => (
          <div key={one.name}>
            <dt>{one.title}<Definition title={one.title} definition={one.definition} /></dt>
            <dd><Value one={one} /></dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Value({ one }: { one: CustomerFeature }) {
  const t = useT();
  const f = useFormat();
  const text = written(f, one);
  if (text === null) return <span className="ws-muted">{t("people.features.none")}</span>;
  const unit = one.kind === "days" ? ` ${t("segments.field.window.days")}` : "";
  return <span {...(one.kind === "instant" && { title: f.exact(String(one.value)) })}>{text}{unit && <span className="ws-small ws-muted">{unit}</span>}</span>;
}

/** The same two figures over several windows: a small table instead of a dozen lines. */
function Windows({ features }: { features: readonly CustomerFeature[] }) {
  const t = useT();
  const by = new Map(features.map((one) => [one.name, one]));
  const spans = [...new Set(features.map((one) => one.name.replace(windowed, "$2")))];
  const head = (what: "orders" | "spent") => {
    const ever = by.get(`${what}_ever`);
    return <>{t(`people.features.${what}`)}{ever && <Definition title={ever.title} definition={ever.definition} />}</>;
  };
  const cell = (name: string) => { const one = by.get(name); return one && <Value one={one} />; };
  return (
    <table className="ws-trait-windows">
      <thead><tr><th scope="col">{t("people.features.window")}</th><th scope="col" className="ws-num">{head("orders")}</th><th scope="col" className="ws-num">{head("spent")}</th></tr></thead>
      <tbody>
        {spans.map((span) => (
          <tr key={span}>
            <th scope="row">{span === "ever" ? t("people.features.ever") : t("people.features.days", { days: Number(span.replace("d", "")) })}</th>
            <td className="ws-num">{cell(`orders_${span}`)}</td>
            <td className="ws-num">{cell(`spent_${span}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
