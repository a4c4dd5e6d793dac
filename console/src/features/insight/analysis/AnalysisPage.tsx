import { CopyOutlined, DownloadOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { NavLink } from "react-router";
import { api, type Query } from "@/api/client";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { SegmentPicker } from "@/components/Pickers";
import { QueryState } from "@/components/QueryState";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { analysisPath, type Answer } from "./api";
import { analyses, pathOf, type AnalysisName } from "./names";
import { useAddress, type Address } from "@/components/useAddress";
import "./analysis.css";

interface AnalysisPageProps<T> {
  name: AnalysisName;
  query: UseQueryResult<Answer<T>>;
  asked: Query;
  /** A sentence that states the finding. */
  title: (found: T) => string;
  /** There is nothing to find: the page says what it is for instead. */
  empty?: (found: T) => boolean;
  lede?: (found: T) => ReactNode;
  /** What can be chosen besides the segment. */
  settings?: ReactNode;
  /** Overlap chooses its segments itself. */
  segment?: boolean;
  /** Nothing is asked yet: this instead of the answer. */
  before?: ReactNode;
  children: (answer: Answer<T>) => ReactNode;
}

/** The frame of every analysis: finding, ways to the others, what is asked, the answer. */
export function AnalysisPage<T>({ name, query, asked, title, empty, lede, settings, segment = true, before, children }: AnalysisPageProps<T>) {
  const t = useT();
  const address = useAddress();
  const label = t(`analysis.name.${name}`);
  const data = before || !query.data || empty?.(query.data.found) ? undefined : query.data;
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.insight") }, { label: t("analysis.menu") }, { label }]}
        title={data ? title(data.found) : label}
        documentTitle={label}
        lede={data ? lede?.(data.found) : t(`analysis.about.${name}`)}
        actions={<Actions name={name} asked={asked} disabled={!data} />}
      />
      <Ways />
      <div className="ws-analysis-bar">
        {settings}
        {segment && <SegmentField address={address} />}
      </div>
      <div className={query.isPlaceholderData ? "ws-analysis is-asking" : "ws-analysis"} aria-busy={query.isFetching}>
        {before ?? <QueryState query={query}>{(answer) => <>{children(answer)}</>}</QueryState>}
      </div>
    </>
  );
}

function Ways() {
  const t = useT();
  const here = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the row is wider than the screen: the one in hand comes into sight, without moving the page.
    const row = here.current;
    const on = row?.querySelector<HTMLElement>("[aria-current=page]");
    if (row && on) row.scrollLeft = on.offsetLeft - row.clientWidth / 2 + on.clientWidth / 2;
  }, []);
  return (
    <nav className="ws-ways" aria-label={t("analysis.menu")} ref={here}>
      {analyses.map((one) => <NavLink key={one} to={pathOf(one)} end>{t(`analysis.name.${one}`)}</NavLink>)}
    </nav>
  );
}

function SegmentField({ address }: { address: Address }) {
  const t = useT();
  const can = useCan();
  const chosen = Number(address.get("segment_id")) || undefined;
  if (!can("segments.segment.read")) return null;
  return (
    <SegmentPicker
      multiple={false}
      placeholder={t("analysis.segment")}
      value={chosen ? [chosen] : []}
      onChange={([id]) => { address.set({ segment_id: id === undefined ? undefined : String(id) }); }}
      style={{ width: 220 }}
    />
  );
}

function Actions({ name, asked, disabled }: { name: AnalysisName; asked: Query; disabled: boolean }) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const [busy, setBusy] = useState(false);
  const run = async (format: string) => {
    setBusy(true);
    try {
      await api.download(`${analysisPath(name)}/export`, { ...asked, format }, `${name}.${format}`);
      notify.done(t("common.table.exported"));
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      notify.done(t("analysis.linkCopied"));
    } catch {
      notify.done(t("common.copyFailed"));
    }
  };
  const items = [{ key: "csv", label: t("common.action.exportCsv") }, { key: "xlsx", label: t("common.action.exportXlsx") }];
  return (
    <>
      <Button icon={<CopyOutlined />} onClick={() => void copy()}>{t("analysis.copyLink")}</Button>
      {can("insight.analysis.export") && (
        <Dropdown menu={{ items, onClick: ({ key }) => void run(key) }} trigger={["click"]} disabled={disabled}>
          <Button icon={<DownloadOutlined />} loading={busy}>{t("common.action.export")}</Button>
        </Dropdown>
      )}
    </>
  );
}
