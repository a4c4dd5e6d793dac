import { Button } from "antd";
import { Link, useNavigate } from "react-router";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { StaffPicker, StorePicker } from "@/components/Pickers";
import { ServerTable, type TableColumn } from "@/components/ServerTable";
import type { TableFilter } from "@/components/TableToolbar";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { paths, type GroupRow } from "./api";
import { groupNameOf, groupStatusClass, groupStatuses } from "./names";
import "./people.css";

const ids = (values: readonly string[]) => values.map(Number).filter((id) => id > 0);

export default function GroupsPage() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const filters: TableFilter[] = [
    { kind: "select", name: "status", label: t("people.groups.status"), options: groupStatuses.map((value) => ({ value, label: t(`people.groups.statuses.${value}`) })) },
    { kind: "custom", name: "store_id", label: t("people.groups.store"), render: (values, set) => <StorePicker multiple={false} value={ids(values)} onChange={(chosen) => { set(chosen.map(String)); }} placeholder={t("people.groups.store")} style={{ width: 130 }} /> },
    { kind: "custom", name: "owner_id", label: t("people.groups.owner"), render: (values, set) => <StaffPicker multiple={false} value={ids(values)} onChange={(chosen) => { set(chosen.map(String)); }} placeholder={t("people.groups.owner")} style={{ width: 130 }} /> },
  ];
  const columns: TableColumn<GroupRow>[] = [
    { key: "name", title: t("people.groups.name"), sort: true, card: "title", render: (row) => <Link className="ws-people-name" to={`/groups/${String(row.id)}`}>{groupNameOf(t, row)}</Link> },
    { key: "status", title: t("people.groups.status"), card: "extra", render: (row) => <span className={groupStatusClass(row.status)} title={row.dismissed_at ? f.exact(row.dismissed_at) : undefined}>{t(`people.groups.statuses.${row.status}`)}</span> },
    { key: "owner", title: t("people.groups.owner"), render: (row) => row.owner_name && <span>{row.owner_name}{row.store_name && <span className="ws-sub">{row.store_name}</span>}</span> },
    { key: "customer_count", title: t("people.groups.customers"), sort: true, align: "right", render: (row) => f.number(row.customer_count) },
    { key: "member_count", title: t("people.groups.members"), sort: true, align: "right", render: (row) => f.number(row.member_count) },
    { key: "created_at", title: t("people.groups.created"), sort: true, align: "right", render: (row) => row.created_at && <span className="ws-nowrap" title={f.exact(row.created_at)}>{f.date(row.created_at)}</span> },
  ];
  return (
    <div className="ws-people">
      <PageHeader
        crumbs={[{ label: t("shell.section.customers") }, { label: t("people.menu.groups") }]}
        title={t("people.menu.groups")}
        lede={t("people.groups.lede")}
      />
      <ServerTable<GroupRow>
        path={paths.groups}
        columns={columns}
        rowKey={(row) => row.id}
        searchHint={t("people.groups.search")}
        filters={filters}
        exportable={can("people.group.export")}
        defaultSort="-created_at"
        summary={(page) => t("people.groups.found", { count: page.total })}
        empty={{
          title: t("people.groups.empty"),
          hint: t("people.groups.emptyHint"),
          action: can("wecom.connection.manage") && <Button type="primary" onClick={() => { void navigate("/settings/wecom"); }}>{t("people.groups.toWecom")}</Button>,
        }}
        onRow={(row) => { void navigate(`/groups/${String(row.id)}`); }}
      />
    </div>
  );
}
