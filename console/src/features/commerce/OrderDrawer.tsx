import { Drawer } from "antd";
import { Link } from "react-router";
import { Figure } from "@/components/Figure";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { layout } from "@/theme/theme";
import { useOrder, type OrderView } from "./api";
import "./commerce.css";

export function OrderDrawer({ id, onClose }: { id: number | undefined; onClose: () => void }) {
  const t = useT();
  const order = useOrder(id);
  const title = order.data && order.data.id === id ? t("commerce.order.title", { number: order.data.number }) : t("commerce.order.loading");
  return (
    <Drawer open={id !== undefined} onClose={onClose} title={title} size={layout.drawerWidth} destroyOnHidden>
      {id !== undefined && <QueryState query={order}>{(data) => <OrderBody order={data} />}</QueryState>}
    </Drawer>
  );
}

function OrderBody({ order }: { order: OrderView }) {
  const t = useT();
  const f = useFormat();
  return (
    <div className="ws-stack">
      <div className="ws-order-figures">
        <Figure label={t("commerce.orders.total")} value={f.money(order.total_fen)} size="medium" />
        <Figure label={t("commerce.orders.refunded")} value={f.money(order.refunded_fen)} size="medium" tone={order.refunded_fen ? "loss" : "ink"} />
        <Figure label={t("commerce.order.net")} value={f.money(order.total_fen - order.refunded_fen)} size="medium" />
      </div>
      <dl className="ws-kv">
        <dt>{t("commerce.orders.placedAt")}</dt><dd>{f.exact(order.placed_at)}</dd>
        <dt>{t("commerce.orders.source")}</dt><dd>{order.source}</dd>
        <dt>{t("commerce.orders.customer")}</dt>
        <dd>{order.customer ? <Link to={`/customers/${String(order.customer.id)}`}>{order.customer.name || t("commerce.orders.customerNumber", { id: order.customer.id })}</Link> : t("commerce.order.nobody")}</dd>
        {order.store_name && <><dt>{t("commerce.orders.store")}</dt><dd>{order.store_name}</dd></>}
        <dt>{t("commerce.orders.goods")}</dt><dd>{f.money(order.goods_fen)}</dd>
        {order.postage_fen !== 0 && <><dt>{t("commerce.kind.postage")}</dt><dd>{f.money(order.postage_fen)}</dd></>}
        {order.adjustment_fen !== 0 && <><dt>{t("commerce.kind.adjustment")}</dt><dd>{f.money(order.adjustment_fen)}</dd></>}
      </dl>
      <Panel title={t("commerce.order.lines", { count: order.order_lines.length })}>
        <ul className="ws-rows">
          {order.order_lines.map((line) => (
            <li key={line.id} className="ws-order-line">
              <span>
                {line.description || line.code}
                <span className="ws-sub">{line.code} · {line.quantity} × {line.unit_price}{line.kind !== "goods" && <> · {t(`commerce.kind.${line.kind}`)}</>}</span>
              </span>
              <span className="ws-num">
                {f.money(line.amount_fen)}
                {line.refunded_quantity > 0 && <span className="ws-sub ws-loss">{t("commerce.order.lineRefunded", { count: line.refunded_quantity, amount: f.money(line.refunded_fen) })}</span>}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
      {order.refunds.length > 0 && (
        <Panel title={t("commerce.order.refunds", { count: order.refunds.length })}>
          <ul className="ws-rows">
            {order.refunds.map((refund) => (
              <li key={refund.id} className="ws-order-line">
                <span>
                  {refund.number}
                  <span className="ws-sub">{f.exact(refund.refunded_at)} · {refund.lines.map((line) => `${line.description || line.code} × ${String(line.quantity)}`).join("，")}</span>
                </span>
                <span className="ws-num ws-loss">{f.money(refund.lines.reduce((sum, line) => sum + line.amount_fen, 0))}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}
