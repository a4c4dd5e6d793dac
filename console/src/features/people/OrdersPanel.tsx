import { Button, Spin } from "antd";
import { ErrorState } from "@/components/EmptyState";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { useCustomerOrders } from "./api";

export function OrdersPanel({ id }: { id: number }) {
  const t = useT();
  const f = useFormat();
  const query = useCustomerOrders(id);
  const orders = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  const body = () => {
    if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    if (!query.data) return <div className="ws-loading"><Spin delay={200} /></div>;
    if (orders.length === 0) return <p className="ws-muted">{t("people.orders.empty")}<span className="ws-sub">{t("people.orders.emptyHint")}</span></p>;
    return (
      <ul className="ws-rows">
        {orders.map((order) => (
          <li key={order.id} className="ws-person-order">
            <span title={f.exact(order.placed_at)}>{f.date(order.placed_at)}<span className="ws-sub">{[order.store_name, order.source, order.number].filter(Boolean).join(" · ")}</span></span>
            <span className="ws-num">
              {f.money(order.total_fen)}
              <span className="ws-sub">{order.refunded_fen > 0 ? <span className="ws-loss">{t("people.orders.refunded", { amount: f.money(order.refunded_fen) })}</span> : t("people.orders.lines", { count: order.lines })}</span>
            </span>
          </li>
        ))}
      </ul>
    );
  };
  return (
    <Panel title={total > 0 ? t("people.orders.title", { count: total }) : t("people.orders.titleNone")}>
      {body()}
      {query.hasNextPage && <div className="ws-timeline-foot"><Button type="link" loading={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>{t("people.orders.more")}</Button></div>}
    </Panel>
  );
}
