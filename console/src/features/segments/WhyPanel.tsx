import { useState } from "react";
import { Link } from "react-router";
import { useCan } from "@/api/session";
import { ErrorState } from "@/components/EmptyState";
import { Panel } from "@/components/Panel";
import { CustomerPicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import { useExplanation, type Verdict } from "./api";

interface WhyPanelProps {
  definition: string;
  /** The definition is whole and nobody is typing: only then is it worth asking. */
  current: boolean;
  customer: number | undefined;
  onAsk: (id: number | undefined) => void;
}

/** Why one person is in or out: every condition, whether it holds, and what is the case. */
export function WhyPanel({ definition, current, customer, onAsk }: WhyPanelProps) {
  const t = useT();
  const can = useCan();
  const [asking, setAsking] = useState(false);
  const query = useExplanation(definition, customer, current);
  const told = customer === undefined ? undefined : query.data;
  const name = told?.name || `#${String(told?.customer_id ?? "")}`;
  const title = told ? t(told.inside ? "segments.why.inside" : "segments.why.outside", { name }) : t("segments.why.title");
  return (
    <Panel title={title} sub={told ? t("segments.why.live") : undefined}>
      {!told && !query.isError && <p className="ws-muted">{t("segments.why.hint")}</p>}
      {query.isError && customer !== undefined && <ErrorState error={query.error} />}
      {told && <ul className="ws-why"><Node verdict={told.root} wanted /></ul>}
      <div style={{ display: "flex", gap: 20, marginTop: 10, flexWrap: "wrap", alignItems: "center" }}>
        {told && can("people.customer.read") && <Link to={`/customers/${String(told.customer_id)}`}>{t("segments.why.open")}</Link>}
        {can("people.customer.read") && (asking || !told ? (
          <div style={{ flex: "1 1 200px" }}>
            <CustomerPicker value={[]} placeholder={t("segments.why.ask")} onChange={(ids: number[]) => { onAsk(ids[0]); setAsking(false); }} />
          </div>
        ) : (
          <button type="button" className="ws-link" onClick={() => { setAsking(true); }}>{t("segments.why.ask")}</button>
        ))}
      </div>
    </Panel>
  );
}

/** `wanted`: inside "none of", a condition that does not hold is what lets the person in. */
function Node({ verdict, wanted }: { verdict: Verdict; wanted: boolean }) {
  if (verdict.children.length === 0) {
    const good = verdict.holds === wanted;
    return (
      <li className={good ? "" : "is-no"}>
        <Mark good={good} />
        <span>
          {verdict.text}
          <span className="ws-sub">{verdict.clause}</span>
        </span>
      </li>
    );
  }
  const inner = verdict.kind === "none" ? !wanted : wanted;
  return (
    <>
      <li className="is-head">{verdict.clause} · {verdict.text}</li>
      {verdict.children.map((child) => child.children.length > 0
        ? <li key={child.path} style={{ display: "block", padding: 0 }}><ul><Node verdict={child} wanted={inner} /></ul></li>
        : <Node key={child.path} verdict={child} wanted={inner} />)}
    </>
  );
}

function Mark({ good }: { good: boolean }) {
  const t = useT();
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" fill="none" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" role="img" aria-label={t(good ? "common.yes" : "common.no")} stroke={good ? "var(--ws-brand)" : "var(--ws-ink-4)"}>
      <path d={good ? "m2.5 7.4 3 3 6-6.6" : "M3 7h8"} />
    </svg>
  );
}
