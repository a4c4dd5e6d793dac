import { Form, InputNumber } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { useCan } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { FormDrawer } from "@/components/FormDrawer";
import { Panel } from "@/components/Panel";
import { RowCards } from "@/components/RowCards";
import type { TableColumn } from "@/components/ServerTable";
import type { StalenessProps } from "@/components/Staleness";
import { useIsPhone } from "@/components/useMedia";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { homeKey, homePath, type Home, type StoreRow } from "./api";

/** The stores side by side; the title says which one is above the target, or that none is. */
export function StoresPanel({ home, staleness }: { home: Home; staleness: StalenessProps }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const [editing, setEditing] = useState(false);
  const target = f.number(home.loss_target, home.loss_target % 1 === 0 ? 0 : 1);
  const rated = home.stores.filter((store) => store.loss_rate != null);
  const worst = [...rated].sort((a, b) => (b.loss_rate ?? 0) - (a.loss_rate ?? 0))[0];
  const above = worst && (worst.loss_rate ?? 0) > home.loss_target;
  const scale = Math.max(home.loss_target * 1.4, worst?.loss_rate ?? 0);
  const title = () => {
    if (!worst) return t("insight.home.stores.titlePlain");
    if (above) return t("insight.home.stores.title", { name: worst.name, rate: f.number(worst.loss_rate ?? 0, 1), target });
    return t("insight.home.stores.titleGood", { count: rated.length, target });
  };
  return (
    <Panel
      title={title()}
      sub={t("insight.home.stores.sub")}
      staleness={staleness}
      extra={can("insight.settings.write") && <button type="button" className="ws-link ws-small" onClick={() => { setEditing(true); }}>{t("insight.home.target.set")}</button>}
    >
      {home.stores.length === 0 ? (
        <EmptyState title={t("insight.home.stores.empty")} hint={t("insight.home.stores.emptyHint")} />
      ) : (
        <Stores home={home} target={target} scale={scale} />
      )}
      <TargetDrawer open={editing} value={home.loss_target} onClose={() => { setEditing(false); }} />
    </Panel>
  );
}

interface StoresProps {
  home: Home;
  target: string;
  /** The rate that fills a bar. */
  scale: number;
}

/** A table; on a phone a card a store, because seven columns do not fit there. */
function Stores({ home, target, scale }: StoresProps) {
  const t = useT();
  const f = useFormat();
  const phone = useIsPhone();
  const rate = (store: StoreRow) => <Rate store={store} target={home.loss_target} {...(!phone && { scale })} />;
  if (phone) {
    const columns: TableColumn<StoreRow>[] = [
      { key: "store", title: t("insight.home.stores.store"), card: "title", render: (store) => <StoreName store={store} /> },
      { key: "sales", title: t("insight.home.stores.sales"), card: "extra", render: (store) => <>{f.money(store.sales_fen, { round: true })}<span className="ws-sub">{t("insight.home.stores.salesOf", { orders: store.orders })}</span></> },
      { key: "friends", title: t("insight.home.stores.friends"), render: (store) => f.number(store.friends) },
      { key: "rate", title: t("insight.home.stores.rate"), render: rate },
      { key: "added", title: t("insight.home.stores.added"), render: (store) => f.number(store.new_friends) },
      { key: "lost", title: t("insight.home.stores.lost"), render: (store) => f.number(store.losses) },
    ];
    return <RowCards rows={home.stores} columns={columns} rowKey={(store) => store.store_id} />;
  }
  return (
    <div className="ws-scroll-x">
      <table className="ws-stores">
        <thead>
          <tr>
            <th>{t("insight.home.stores.store")}</th>
            <th className="ws-num">{t("insight.home.stores.friends")}</th>
            <th className="ws-num">{t("insight.home.stores.added")}</th>
            <th className="ws-num">{t("insight.home.stores.lost")}</th>
            <th className="ws-stores-rate">{t("insight.home.stores.rate")} <span className="ws-small">{t("insight.home.stores.target", { target })}</span></th>
            <th className="ws-num">{t("insight.home.stores.orders")}</th>
            <th className="ws-num">{t("insight.home.stores.sales")}</th>
          </tr>
        </thead>
        <tbody>
          {home.stores.map((store) => (
            <tr key={store.store_id}>
              <td><StoreName store={store} /></td>
              <td className="ws-num">{f.number(store.friends)}</td>
              <td className="ws-num">{f.number(store.new_friends)}</td>
              <td className="ws-num">{f.number(store.losses)}</td>
              <td className="ws-stores-rate">
                {rate(store)}
              </td>
              <td className="ws-num">{f.number(store.orders)}</td>
              <td className="ws-num">{f.money(store.sales_fen, { round: true })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function StoreName({ store }: { store: StoreRow }) {
  return <>{store.name}{store.city && <span className="ws-sub">{store.city}</span>}</>;
}

/** The figure, coral above the target; with a `scale` a bar before it, for which a card on a phone has no room. */
function Rate({ store, target, scale }: { store: StoreRow; target: number; scale?: number }) {
  const t = useT();
  const f = useFormat();
  if (store.loss_rate == null) return <span className="ws-muted ws-small">{t("insight.home.stores.noRate")}</span>;
  const above = store.loss_rate > target;
  const value = <span className={above ? "ws-num ws-loss" : "ws-num"}>{f.number(store.loss_rate, 1)}</span>;
  if (scale === undefined) return value;
  return (
    <span className="ws-rate">
      <span className="ws-rate-track">
        <i className={above ? "is-loss" : undefined} style={{ width: `${String((store.loss_rate / scale) * 100)}%` }} />
        <b style={{ left: `${String((target / scale) * 100)}%` }} />
      </span>
      {value}
    </span>
  );
}

function TargetDrawer({ open, value, onClose }: { open: boolean; value: number; onClose: () => void }) {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  return (
    <FormDrawer<{ loss_target: number }>
      open={open}
      title={t("insight.home.target.title")}
      width={480}
      initial={{ loss_target: value }}
      onClose={onClose}
      onSubmit={async (values) => {
        await api.put(`${homePath}/settings`, values);
        await client.invalidateQueries({ queryKey: homeKey });
        notify.done(t("insight.home.target.saved", { target: values.loss_target }));
      }}
    >
      <Form.Item name="loss_target" label={t("insight.home.target.label")} extra={t("insight.home.target.help")} rules={[{ required: true, message: t("insight.home.target.need") }]}>
        <InputNumber min={0.1} max={1000} step={0.5} style={{ width: 160 }} />
      </Form.Item>
    </FormDrawer>
  );
}
