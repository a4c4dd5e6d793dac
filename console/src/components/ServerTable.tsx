import { DownloadOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Dropdown, Pagination, Spin, Table } from "antd";
import type { ColumnType, TableProps } from "antd/es/table";
import { useCallback, useState, type ReactNode } from "react";
import { api, type Query } from "@/api/client";
import type { Page } from "@/api/types";
import { useT } from "@/i18n";
import { EmptyState, ErrorState, type EmptyStateProps } from "./EmptyState";
import { RowCards } from "./RowCards";
import { TableToolbar, type TableFilter } from "./TableToolbar";
import { useIsPhone } from "./useMedia";
import { useListState } from "./useListState";
import { useNotify } from "./useNotify";
import "./table.css";

export interface TableColumn<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  /** Sortable, under this name of the API; `true`: under `key`. */
  sort?: boolean | string;
  /** Figures stand right. */
  align?: "left" | "right";
  width?: number;
  /** On phones: the card's heading, its right edge, one of its lines (default), or left out. */
  card?: "title" | "extra" | "line" | "hidden";
}

export interface ServerTableProps<T> {
  /** List endpoint: answers {items, total, page, page_size}. */
  path: string;
  columns: readonly TableColumn<T>[];
  rowKey: (row: T) => string | number;
  filters?: readonly TableFilter[];
  /** What the search box finds; left out: no search box. */
  searchHint?: string;
  /** Always sent: the list of one customer, of one import. */
  fixed?: Query;
  /** The API has `<path>/export`. */
  exportable?: boolean;
  /** Shown when there is nothing at all (not: nothing under these filters). */
  empty: EmptyStateProps;
  onRow?: (row: T) => void;
  /** Row in hand (open in a drawer). */
  activeKey?: string | number | undefined;
  /** Two lists on one page need a prefix for their address parameters. */
  prefix?: string;
  pageSize?: number;
  defaultSort?: string;
  /** Ask again by itself, in ms, while something runs. */
  refreshMs?: number | false;
  /** Beside search and filters. */
  toolbar?: ReactNode;
  /** A sentence over the table from the page at hand. */
  summary?: (page: Page<T>) => ReactNode;
}

export const listKey = (path: string) => ["list", path] as const;

/** `const refresh = useRefreshList(); await refresh("/api/v1/orders")` after a change. */
export function useRefreshList(): (path: string) => Promise<void> {
  const client = useQueryClient();
  return useCallback((path) => client.invalidateQueries({ queryKey: listKey(path) }), [client]);
}

/** Every list of the console: searched, filtered, sorted, paged on the server, kept in the address, exported. */
export function ServerTable<T extends object>(props: ServerTableProps<T>) {
  const { path, columns, rowKey, filters = [], fixed, empty, onRow, activeKey, refreshMs = false, summary } = props;
  const t = useT();
  const phone = useIsPhone();
  const list = useListState(filters.map((filter) => filter.name), props.prefix, props.pageSize, props.defaultSort);
  const { state } = list;
  const asked = { ...fixed, ...list.query };
  const query = useQuery({
    queryKey: [...listKey(path), asked],
    queryFn: ({ signal }) => api.get<Page<T>>(path, asked, signal),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const page = query.data;

  const sortName = (column: TableColumn<T>) => (column.sort === true ? column.key : column.sort || undefined);
  const order = state.sort.startsWith("-") ? "descend" : "ascend";
  const sorted = state.sort.replace(/^-/, "");
  const shown = columns.map<ColumnType<T>>((column) => ({
    key: column.key,
    title: column.title,
    align: column.align ?? "left",
    ...(column.width !== undefined && { width: column.width }),
    render: (_: unknown, row: T) => column.render(row),
    ...(sortName(column) && { sorter: true, sortOrder: sorted === sortName(column) ? order : null, showSorterTooltip: false }),
  }));
  const onChange: TableProps<T>["onChange"] = (_pages, _filters, sorter) => {
    const one = Array.isArray(sorter) ? sorter[0] : sorter;
    const column = columns.find((candidate) => candidate.key === one?.columnKey);
    const name = column && one?.order ? sortName(column) : undefined;
    list.change({ sort: name ? (one?.order === "descend" ? `-${name}` : name) : "" });
  };

  const nothing = page?.total === 0;
  const body = () => {
    if (query.isError && !page) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    if (!page) return <div className="ws-loading"><Spin delay={200} /></div>;
    if (nothing && !list.filtered) return <EmptyState {...empty} />;
    if (nothing) {
      return (
        <EmptyState
          title={t("common.table.nothingFound")}
          hint={t("common.table.nothingFoundHint")}
          action={<Button onClick={list.reset}>{t("common.action.reset")}</Button>}
        />
      );
    }
    if (phone) return <RowCards rows={page.items} columns={columns} rowKey={rowKey} onRow={onRow} />;
    return (
      <Table<T>
        dataSource={page.items}
        columns={shown}
        rowKey={rowKey}
        pagination={false}
        onChange={onChange}
        scroll={{ x: "max-content" }}
        loading={{ spinning: query.isPlaceholderData, delay: 250 }}
        rowClassName={(row) => [onRow ? "is-clickable" : "", activeKey !== undefined && rowKey(row) === activeKey ? "is-active" : ""].join(" ")}
        onRow={(row) => ({
          onClick: (event) => {
            // A link, a button or marked text inside the row is what the reader meant.
            if (!onRow || (event.target as HTMLElement).closest("a,button,input,label") || window.getSelection()?.toString()) return;
            onRow(row);
          },
        })}
      />
    );
  };

  return (
    <div className="ws-table">
      <TableToolbar list={list} filters={filters} searchHint={props.searchHint} right={<>{props.toolbar}{props.exportable && <ExportButton path={path} query={{ ...fixed, ...list.filterQuery }} disabled={nothing ?? true} />}</>} />
      {page && !nothing && summary && <div className="ws-table-summary">{summary(page)}</div>}
      {body()}
      {page && !nothing && (
        <div className="ws-table-foot">
          <span className="ws-small ws-muted">{t("common.table.total", { total: page.total })}</span>
          {page.total > Math.min(state.pageSize, 20) && (
            <Pagination
              current={state.page}
              pageSize={state.pageSize}
              total={page.total}
              onChange={(next, size) => { list.change({ page: size === state.pageSize ? next : 1, pageSize: size }); }}
              showSizeChanger={!phone}
              pageSizeOptions={[20, 50, 100]}
              simple={phone}
              size="small"
            />
          )}
        </div>
      )}
    </div>
  );
}

function ExportButton({ path, query, disabled }: { path: string; query: Query; disabled: boolean }) {
  const t = useT();
  const notify = useNotify();
  const [busy, setBusy] = useState(false);
  const run = async (format: string) => {
    setBusy(true);
    try {
      await api.download(`${path}/export`, { ...query, format }, `${path.split("/").pop() ?? "export"}.${format}`);
      notify.done(t("common.table.exported"));
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  const items = [
    { key: "csv", label: t("common.action.exportCsv") },
    { key: "xlsx", label: t("common.action.exportXlsx") },
  ];
  return (
    <Dropdown menu={{ items, onClick: ({ key }) => void run(key) }} trigger={["click"]} disabled={disabled}>
      <Button icon={<DownloadOutlined />} loading={busy}>{t("common.action.export")}</Button>
    </Dropdown>
  );
}
