import { SearchOutlined } from "@ant-design/icons";
import type { UseQueryResult } from "@tanstack/react-query";
import { Button, Checkbox, Input, Table } from "antd";
import type { ColumnsType } from "antd/es/table";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { useCan } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { QueryState } from "@/components/QueryState";
import { RowCards } from "@/components/RowCards";
import type { TableColumn } from "@/components/ServerTable";
import { useIsPhone } from "@/components/useMedia";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { Department, Organisation } from "./api";
import { StoreDrawer } from "./StoreDrawer";

type Row = Department & { children?: Row[] };
const openUpTo = 60;

function matches(one: Department, q: string, storesOnly: boolean): boolean {
  if (storesOnly && one.kind !== "store") return false;
  return [one.name, one.store?.code, one.store?.city].some((text) => text?.toLowerCase().includes(q));
}

/** Nested for antd's tree table; a search keeps the branches on the way to what was found. */
function tree(items: readonly Department[], found: readonly Department[]): Row[] {
  const above = new Map(items.map((one) => [one.id, one.parent_id]));
  const wanted = new Set<number>();
  for (const one of found) for (let at: number | null | undefined = one.id; at != null && !wanted.has(at); at = above.get(at)) wanted.add(at);
  const rows = new Map<number, Row>();
  const roots: Row[] = [];
  for (const one of items) {
    if (!wanted.has(one.id)) continue;
    const row: Row = { ...one };
    rows.set(one.id, row);
    const parent = one.parent_id === null ? undefined : rows.get(one.parent_id);
    if (parent) (parent.children ??= []).push(row);
    else roots.push(row);
  }
  return roots;
}

export function DepartmentsTree({ organisation }: { organisation: UseQueryResult<Organisation> }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const phone = useIsPhone();
  const navigate = useNavigate();
  const [q, setQ] = useState("");
  const [storesOnly, setStoresOnly] = useState(false);
  const [edited, setEdited] = useState<Department>();
  const items = organisation.data?.departments;
  const wanted = q.trim().toLowerCase();
  const found = useMemo(() => (items ?? []).filter((one) => matches(one, wanted, storesOnly)), [items, wanted, storesOnly]);
  const rows = useMemo(() => tree(items ?? [], found), [items, found]);
  const write = can("people.organisation.write");

  const columns: TableColumn<Department>[] = [
    {
      key: "name", title: t("people.organisation.name"), card: "title",
      render: (row) => (
        <>
          {row.name}
          {row.kind !== "department" && <span className={row.kind === "store" ? "ws-tag is-brand" : "ws-tag"} style={{ marginLeft: 8 }}>{t(`people.organisation.kinds.${row.kind}`)}</span>}
          {row.store?.address && <span className="ws-sub ws-people-cut">{row.store.address}</span>}
        </>
      ),
    },
    { key: "code", title: t("people.organisation.code"), render: (row) => row.store?.code && <span className="ws-code">{row.store.code}</span> },
    { key: "city", title: t("people.organisation.city"), render: (row) => row.store?.city },
    { key: "hours", title: t("people.organisation.hours"), render: (row) => row.store?.hours && <span className="ws-nowrap">{row.store.hours}</span> },
    { key: "staff", title: t("people.organisation.staff"), align: "right", render: (row) => f.number(row.staff) },
    {
      key: "friends", title: t("people.organisation.friends"), align: "right", card: "extra",
      render: (row) => can("people.customer.read") && row.friends > 0
        ? <Link to={`/customers?store_id=${String(row.id)}&status=friend`}>{f.number(row.friends)}</Link>
        : f.number(row.friends),
    },
    {
      key: "verbs", title: "", align: "right",
      render: (row) => (
        <span className="ws-people-verbs">
          <Link to={`/organisation?tab=staff&department_id=${String(row.id)}`}>{t("people.organisation.seeStaff")}</Link>
          {write && <button type="button" className="ws-link" onClick={() => { setEdited(row); }}>{t("people.organisation.edit")}</button>}
        </span>
      ),
    },
  ];
  const shown: ColumnsType<Row> = columns.map((column) => ({ key: column.key, title: column.title, align: column.align ?? "left", render: (_: unknown, row: Row) => column.render(row) }));
  const search = t("people.organisation.search");
  const list = (all: readonly Department[]) => {
    if (found.length === 0) return <EmptyState title={t("people.organisation.nothing")} action={<Button onClick={() => { setQ(""); setStoresOnly(false); }}>{t("common.action.reset")}</Button>} />;
    if (phone) return <RowCards rows={found} columns={columns} rowKey={(row) => row.id} />;
    // A large tree opens its first levels only; a search opens everything that was found.
    const searched = wanted !== "" || storesOnly;
    const opened = searched || all.length <= openUpTo ? all : all.filter((one) => one.parent_id === null);
    return (
      <div className="ws-table">
        <Table<Row>
          key={searched ? `found ${wanted} ${String(storesOnly)}` : "all"}
          dataSource={rows}
          columns={shown}
          rowKey="id"
          pagination={false}
          scroll={{ x: "max-content" }}
          expandable={{ defaultExpandedRowKeys: opened.map((one) => one.id), indentSize: 20 }}
        />
      </div>
    );
  };
  return (
    <>
      <div className="ws-toolbar">
        <Input className="ws-toolbar-search" prefix={<SearchOutlined style={{ color: "var(--ws-ink-3)" }} />} allowClear placeholder={search} aria-label={search} value={q} onChange={(event) => { setQ(event.target.value); }} />
        <Checkbox checked={storesOnly} onChange={(event) => { setStoresOnly(event.target.checked); }}>{t("people.organisation.storesOnly")}</Checkbox>
      </div>
      <QueryState query={organisation}>
        {(data) => data.departments.length === 0
          ? (
            <EmptyState
              title={t("people.organisation.empty")}
              hint={t("people.organisation.emptyHint")}
              action={can("wecom.connection.manage") && <Button type="primary" onClick={() => { void navigate("/settings/wecom"); }}>{t("people.customers.toWecom")}</Button>}
            />
          )
          : list(data.departments)}
      </QueryState>
      <StoreDrawer department={edited} onClose={() => { setEdited(undefined); }} />
    </>
  );
}
