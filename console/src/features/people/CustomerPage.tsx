import { Alert, Button, Dropdown } from "antd";
import { useState } from "react";
import { Link, Navigate, useLocation, useNavigate, useParams } from "react-router";
import { ApiError } from "@/api/errors";
import { useCan } from "@/api/session";
import { correctionsText } from "@/components/corrections";
import { CustomerAvatar } from "@/components/CustomerAvatar";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { useNotify } from "@/components/useNotify";
import { now } from "@/format/clock";
import { useFormat } from "@/format/useFormat";
import { useT, type Translate } from "@/i18n";
import { refreshFromWecom, useCustomer, useOrderTotals, useRefreshCustomers, type Customer } from "./api";
import { CustomerFigures } from "./CustomerFigures";
import { GroupsPanel } from "./GroupsPanel";
import { FeaturesPanel } from "./FeaturesPanel";
import { IdentitiesPanel } from "./IdentitiesPanel";
import { MergeModal } from "./MergeModal";
import { MergesPanel } from "./MergesPanel";
import { nameOf, statusClass } from "./names";
import { OrdersPanel } from "./OrdersPanel";
import { OriginsPanel } from "./OriginsPanel";
import { RelationshipsPanel } from "./RelationshipsPanel";
import { TagsDrawer } from "./TagsDrawer";
import { TagsPanel } from "./TagsPanel";
import { TimelinePanel } from "./TimelinePanel";
import "./people.css";

export default function CustomerPage() {
  const t = useT();
  const id = Number(useParams().customerId);
  const query = useCustomer(id);
  const missing = !(Number.isSafeInteger(id) && id > 0) || (query.error instanceof ApiError && query.error.status === 404);
  if (missing) {
    return (
      <>
        <PageHeader crumbs={[{ label: t("people.menu.customers"), to: "/customers" }]} title={t("people.customers.titleOne")} />
        <EmptyState title={t("people.customer.gone")} action={<Link to="/customers">{t("people.customer.toList")}</Link>} />
      </>
    );
  }
  return (
    <QueryState query={query}>
      {(customer) => customer.id === id
        ? <CustomerView key={customer.id} customer={customer} />
        : <Navigate to={`/customers/${String(customer.id)}`} replace state={{ mergedFrom: id }} />}
    </QueryState>
  );
}

function CustomerView({ customer }: { customer: Customer }) {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  const location = useLocation();
  const mergedFrom = (location.state as { mergedFrom?: number } | null)?.mergedFrom;
  const [merging, setMerging] = useState(false);
  const [tagging, setTagging] = useState(false);
  const name = nameOf(t, customer);
  const changeable = customer.relationships.some((one) => one.changeable);
  const orders = can("commerce.order.read");
  return (
    <div className="ws-people">
      <PageHeader
        leading={<CustomerAvatar name={name} url={customer.avatar_url} size={52} />}
        crumbs={[{ label: t("shell.section.customers") }, { label: t("people.menu.customers"), to: "/customers" }]}
        documentTitle={name}
        title={<>{name}<span className={`${statusClass(customer.status)} ws-person-badge`}>{t(`people.status.${customer.status}`)}</span></>}
        lede={<Lede customer={customer} />}
        actions={
          <>
            <MoreVerbs customer={customer} onMerge={() => { setMerging(true); }} />
            {can("people.customer.write") && changeable && <Button onClick={() => { setTagging(true); }}>{t("people.customer.tag")}</Button>}
          </>
        }
      />
      {mergedFrom !== undefined && <Alert type="info" showIcon closable title={t("people.customer.mergedHere", { id: String(mergedFrom) })} style={{ marginBottom: 16 }} />}
      <CustomerFigures customer={customer} />
      <div className="ws-grid ws-person-grid">
        <div className="ws-stack">
          <IdentitiesPanel customer={customer} />
          <RelationshipsPanel customer={customer} />
          <TagsPanel customer={customer} onAdd={() => { setTagging(true); }} />
          <GroupsPanel customer={customer} />
        </div>
        <TimelinePanel id={customer.id} />
        <div className="ws-stack">
          {orders && <OrdersPanel id={customer.id} />}
          {can("acquisition.code.read") && <OriginsPanel id={customer.id} />}
          {can("insight.feature.read") && <FeaturesPanel id={customer.id} />}
          <MergesPanel customer={customer} />
        </div>
      </div>
      <TagsDrawer customer={customer} open={tagging} onClose={() => { setTagging(false); }} />
      <MergeModal
        target={merging ? { one: { id: customer.id, name: customer.name } } : undefined}
        onClose={() => { setMerging(false); }}
        onMerged={(survivor) => { if (survivor !== customer.id) void navigate(`/customers/${String(survivor)}`, { replace: true, state: { mergedFrom: customer.id } }); }}
      />
    </div>
  );
}

/** What is wanted now and then. Whom WeCom does not know can't be read there. */
function MoreVerbs({ customer, onMerge }: { customer: Customer; onMerge: () => void }) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const refreshPage = useRefreshCustomers();
  const [busy, setBusy] = useState(false);
  const refresh = async () => {
    setBusy(true);
    try {
      const what = correctionsText(t, (await refreshFromWecom(customer.id)).corrections);
      await refreshPage();
      notify.done(what ? t("people.customer.refreshed", { what }) : t("people.customer.refreshedSame"));
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  const items = [
    ...(can("people.customer.write") && customer.identities.some((one) => one.kind === "external_userid") ? [{ key: "refresh", label: t("people.customer.refresh") }] : []),
    ...(can("people.customer.merge") ? [{ key: "merge", label: t("people.customer.merge") }] : []),
  ];
  if (items.length === 0) return null;
  return (
    <Dropdown trigger={["click"]} disabled={busy} menu={{ items, onClick: ({ key }) => { if (key === "merge") onMerge(); else void refresh(); } }}>
      <Button loading={busy}>{t("common.action.more")}</Button>
    </Dropdown>
  );
}

/** Whole days of the calendar, as people count them: whoever was added at 23:00 is of yesterday an hour later. */
function friendFor(t: Translate, days: number): string {
  return days < 1 ? t("people.customer.lede.friendToday") : t("people.customer.lede.friendDays", { days });
}

/** "女，在半山集。和我们做了 313 天好友，买过 4 次。" */
function Lede({ customer }: { customer: Customer }) {
  const t = useT();
  const f = useFormat();
  const totals = useOrderTotals(customer.id).data;
  const friends = customer.relationships.filter((one) => one.status === "friend");
  const since = friends.map((one) => one.added_at).sort()[0];
  const parts = [
    t.lookup(`people.gender.${String(customer.gender)}`),
    customer.company_name && t("people.customer.lede.company", { company: customer.company_name }),
    since !== undefined
      ? friendFor(t, f.days(since, now()))
      : t(customer.relationships.length > 0 ? "people.customer.lede.notFriend" : "people.customer.lede.neverFriend"),
    totals && totals.orders > 0 && t("people.customer.lede.bought", { count: totals.orders }),
  ].filter(Boolean);
  return <>{parts.join(t.language === "zh" ? "，" : ", ")}{t.language === "zh" ? "。" : "."}</>;
}
