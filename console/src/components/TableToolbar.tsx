import { FilterOutlined, SearchOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useT } from "@/i18n";
import { useIsPhone } from "./useMedia";
import type { ListControl } from "./useListState";

interface FilterBase {
  /** Query parameter of the API. */
  name: string;
  label: string;
}

export interface SelectFilter extends FilterBase {
  kind: "select";
  options: readonly { value: string; label: string }[];
  multiple?: boolean;
}

export interface CustomFilter extends FilterBase {
  kind: "custom";
  /** A picker or a date: values are the raw texts of the address. */
  render: (values: readonly string[], set: (values: string[]) => void) => ReactNode;
}

export type TableFilter = SelectFilter | CustomFilter;

interface TableToolbarProps {
  list: ListControl;
  filters: readonly TableFilter[];
  searchHint?: string | undefined;
  right?: ReactNode;
}

export function TableToolbar({ list, filters, searchHint, right }: TableToolbarProps) {
  const t = useT();
  const { state, change } = list;
  // On a phone many filters would push the list off the screen: they open on demand, and stay while one is set.
  const phone = useIsPhone();
  const [opened, setOpened] = useState(false);
  const few = filters.length < 2;
  const chosen = filters.some((filter) => (state.filters[filter.name] ?? []).length > 0);
  const shown = phone && !few && !opened && !chosen ? [] : filters;
  const set = (name: string) => (values: string[]) => { change({ filters: { ...state.filters, [name]: values } }); };
  return (
    <div className="ws-toolbar">
      <div className="ws-toolbar-filters">
        {searchHint !== undefined && <SearchBox value={state.q} hint={searchHint} onChange={(q) => { change({ q }); }} />}
        {shown.map((filter) => {
          const values = state.filters[filter.name] ?? [];
          if (filter.kind === "custom") return <span key={filter.name}>{filter.render(values, set(filter.name))}</span>;
          const common = { allowClear: true, placeholder: filter.label, "aria-label": filter.label, popupMatchSelectWidth: false, options: [...filter.options] };
          return filter.multiple ? (
            <Select<string[]> key={filter.name} {...common} mode="multiple" maxTagCount={1} value={[...values]} onChange={set(filter.name)} style={{ minWidth: 140 }} />
          ) : (
            <Select<string> key={filter.name} {...common} value={values[0] ?? null} onChange={(value: string | undefined) => { set(filter.name)(value ? [value] : []); }} style={{ minWidth: 110 }} />
          );
        })}
        {list.filtered && <Button type="link" onClick={list.reset}>{t("common.action.reset")}</Button>}
      </div>
      {phone && !few && !chosen && <Button icon={<FilterOutlined />} aria-expanded={opened} onClick={() => { setOpened(!opened); }}>{t("common.table.filters")}</Button>}
      {right && <span className="ws-toolbar-right">{right}</span>}
    </div>
  );
}

/** Asks a third of a second after the last key, at once on Enter; never in the middle of a Chinese word being composed. */
function SearchBox({ value, hint, onChange }: { value: string; hint: string; onChange: (q: string) => void }) {
  const [text, setText] = useState(value);
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setText(value);
    }
  }, [value]);
  const send = (next: string) => {
    clearTimeout(timer.current);
    if (next.trim() === sent.current) return;
    sent.current = next.trim();
    onChange(next.trim());
  };
  const later = (next: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => { send(next); }, 300);
  };
  return (
    <Input
      className="ws-toolbar-search"
      prefix={<SearchOutlined style={{ color: "var(--ws-ink-3)" }} />}
      placeholder={hint}
      aria-label={hint}
      value={text}
      allowClear
      onCompositionStart={() => { composing.current = true; }}
      onCompositionEnd={(event) => { composing.current = false; later(event.currentTarget.value); }}
      onChange={(event) => { setText(event.target.value); if (!composing.current) later(event.target.value); }}
      onPressEnter={() => { send(text); }}
    />
  );
}
