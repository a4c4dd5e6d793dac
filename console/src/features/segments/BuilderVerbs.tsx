import { useQueryClient } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { api } from "@/api/client";
import { useCan } from "@/api/session";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { TagDrawer } from "./TagDrawer";
import { onePath, segmentKey, type SegmentDetail, type Snapshot } from "./api";

export interface Save {
  busy: boolean;
  run: () => Promise<void>;
}

interface VerbsProps {
  segment: SegmentDetail | undefined;
  dirty: boolean;
  complete: boolean;
  onHistory: () => void;
  save: Save;
}

/** What can be done with the segment in hand. All but saving speak of the saved one. */
export function BuilderVerbs({ segment, dirty, complete, onHistory, save }: VerbsProps) {
  const t = useT();
  const can = useCan();
  const hint = dirty ? t("segments.builder.saveFirst") : undefined;
  const write = can("segments.segment.write");
  return (
    <>
      {segment && <Link to={`/segments/${String(segment.id)}/membership`}><Button>{t("segments.membership.open")}</Button></Link>}
      {segment && <MoreVerbs segment={segment} dirty={dirty} onHistory={onHistory} />}
      {segment && !segment.archived_at && can("outreach.broadcast.write") && (
        dirty ? <Button disabled title={hint}>{t("segments.builder.broadcast")}</Button>
          : <Link to={`/outreach/broadcasts/new?segment=${String(segment.id)}`}><Button>{t("segments.builder.broadcast")}</Button></Link>
      )}
      {write && <Button type="primary" loading={save.busy} disabled={!complete || (segment !== undefined && !dirty)} onClick={() => void save.run()}>{t("segments.builder.save")}</Button>}
    </>
  );
}

function MoreVerbs({ segment, dirty, onHistory }: { segment: SegmentDetail; dirty: boolean; onHistory: () => void }) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [tagging, setTagging] = useState(false);
  const file = (format: "csv" | "xlsx") => async () => {
    await api.download(`${onePath(segment.id)}/people/export`, { format }, `${segment.name}.${format}`);
    notify.done(t("segments.verb.exported"));
  };
  const deeds: Record<string, () => void | Promise<void>> = {
    history: onHistory,
    overlap: () => navigate(`/insight/analysis/overlap?ids=${String(segment.id)}`),
    snapshot: async () => {
      const taken = await api.post<Snapshot>(`${onePath(segment.id)}/snapshots`);
      notify.done(t("segments.builder.snapshotTaken", { count: taken.size }));
      await client.invalidateQueries({ queryKey: [...segmentKey(segment.id), "snapshots"] });
    },
    tag: () => { setTagging(true); },
    csv: file("csv"),
    xlsx: file("xlsx"),
  };
  const run = async (name: string) => {
    setBusy(true);
    try {
      await deeds[name]?.();
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  const saved = (key: string, label: string) => ({ key, label: dirty ? `${label} · ${t("segments.builder.saveFirst")}` : label, disabled: dirty });
  const items = [
    { key: "history", label: t("segments.builder.history") },
    ...(can("segments.segment.write") ? [saved("snapshot", t("segments.builder.snapshot"))] : []),
    ...(can("segments.people.tag") ? [saved("tag", t("segments.tagging.open"))] : []),
    ...(can("insight.analysis.read") ? [{ key: "overlap", label: t("segments.builder.overlap") }] : []),
    ...(can("segments.people.export") ? [saved("csv", t("segments.verb.exportCsv")), saved("xlsx", t("segments.verb.exportXlsx"))] : []),
  ];
  return (
    <>
      <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => void run(key) }}>
        <Button loading={busy}>{t("common.action.more")}</Button>
      </Dropdown>
      {can("segments.people.tag") && <TagDrawer segment={segment} open={tagging} onClose={() => { setTagging(false); }} />}
    </>
  );
}
