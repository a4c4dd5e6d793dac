import { Button } from "antd";
import { useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { useCan } from "@/api/session";
import { CustomerAvatar } from "@/components/CustomerAvatar";
import { dayFilter } from "@/components/DayFilter";
import { StaffPicker, StorePicker, TagPicker } from "@/components/Pickers";
import { ServerTable, type TableColumn } from "@/components/ServerTable";
import type { TableFilter } from "@/components/TableToolbar";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { paths, type CustomerRow } from "./api";
import { nameOf, statusClass, statuses } from "./names";

const ids = (values: readonly string[]) => values.map(Number).filter((id) => id > 0);
const tagsInRow = 4;
type Named = { id: number; name: string };

export function CustomersTable() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const location = useLocation();
  // Who links here with a member of staff chosen says their name: the picker may not have them among its first.
  const [known] = useState(() => (location.state as { staff?: Named } | null)?.staff);

  const filters: TableFilter[] = [
    { kind: "select", name: "status", label: t("people.customers.status"), options: statuses.map((value) => ({ value, label: t(`people.status.${value}`) })) },
    { kind: "custom", name: "store_id", label: t("people.customers.store"), render: (values, set) => <StorePicker multiple={false} value={ids(values)} onChange={(chosen) => { set(chosen.map(String)); }} placeholder={t("people.customers.store")} style={{ width: 118 }} /> },
    { kind: "custom", name: "staff_id", label: t("people.customers.staff"), render: (values, set) => <StaffPicker multiple={false} value={ids(values)} known={known ? [known] : []} onChange={(chosen) => { set(chosen.map(String)); }} placeholder={t("people.customers.staff")} style={{ width: 118 }} /> },
    { kind: "custom", name: "tag_id", label: t("people.customers.tags"), render: (values, set) => <TagPicker value={ids(values)} onChange={(chosen) => { set(chosen.slice(0, 20).map(String)); }} placeholder={t("people.customers.tags")} style={{ minWidth: 112, width: "auto" }} /> },
    dayFilter("added_from", t("people.customers.addedFrom")),
    dayFilter("added_until", t("people.customers.addedUntil"), true),
    { kind: "select", name: "has_mobile", label: t("people.customers.mobile"), options: [{ value: "true", label: t("people.customers.hasMobile") }, { value: "false", label: t("people.customers.noMobile") }] },
  ];
  const columns: TableColumn<CustomerRow>[] = [
    { key: "name", title: t("people.customers.name"), sort: true, card: "title", render: (row) => <CustomerCell row={row} /> },
    { key: "status", title: t("people.customers.status"), card: "extra", render: (row) => <span className={statusClass(row.status)}>{t(`people.status.${row.status}`)}</span> },
    { key: "staff", title: t("people.customers.staff"), render: (row) => <FriendsCell row={row} /> },
    { key: "tags", title: t("people.customers.tags"), render: (row) => row.tags.length > 0 && <TagsCell row={row} /> },
    { key: "mobile", title: t("people.customers.mobile"), render: (row) => row.mobile_masked && <span className="ws-nowrap">{row.mobile_masked}</span> },
    { key: "first_added_at", title: t("people.customers.added"), sort: true, align: "right", render: (row) => row.first_added_at && <span className="ws-nowrap" title={f.exact(row.first_added_at)}>{f.date(row.first_added_at)}</span> },
  ];
  return (
    <ServerTable<CustomerRow>
      path={paths.customers}
      columns={columns}
      rowKey={(row) => row.id}
      searchHint={t("people.customers.search")}
      filters={filters}
      exportable={can("people.customer.export")}
      defaultSort="-first_added_at"
      empty={{
        title: t("people.customers.empty"),
        hint: t("people.customers.emptyHint"),
        action: can("wecom.connection.manage") && <Button type="primary" onClick={() => { void navigate("/settings/wecom"); }}>{t("people.customers.toWecom")}</Button>,
      }}
      onRow={(row) => { void navigate(`/customers/${String(row.id)}`); }}
    />
  );
}

/** Avatar, name, and below it the remarks that staff wrote, where they differ from it. */
function CustomerCell({ row }: { row: CustomerRow }) {
  const t = useT();
  const name = nameOf(t, row);
  const remarks = [...new Set(row.relationships.map((one) => one.remark).filter((remark) => remark && remark !== row.name))];
  const note = [row.company_name, ...remarks].filter(Boolean).join(" · ");
  return (
    <span className="ws-who">
      <CustomerAvatar name={name} url={row.avatar_url} />
      <span>
        <Link className="ws-people-name" to={`/customers/${String(row.id)}`}>{name}</Link>
        {note && <span className="ws-sub ws-people-cut">{note}</span>}
      </span>
    </span>
  );
}

function FriendsCell({ row }: { row: CustomerRow }) {
  const t = useT();
  const friends = row.relationships.filter((one) => one.status === "friend");
  const shown = friends.length > 0 ? friends : row.relationships;
  const first = shown[0];
  if (!first) return null;
  return (
    <span>
      {first.staff_name}
      {shown.length > 1 && <span className="ws-small ws-muted"> {t("people.customers.more", { count: shown.length - 1 })}</span>}
      {first.store_name && <span className="ws-sub">{first.store_name}</span>}
    </span>
  );
}

function TagsCell({ row }: { row: CustomerRow }) {
  const t = useT();
  return (
    <span className="ws-tags ws-people-tags">
      {row.tags.slice(0, tagsInRow).map((tag) => <span key={tag.id} className="ws-tag">{tag.name}</span>)}
      {row.tags.length > tagsInRow && <span className="ws-small ws-muted">{t("people.customers.moreTags", { count: row.tags.length - tagsInRow })}</span>}
    </span>
  );
}
