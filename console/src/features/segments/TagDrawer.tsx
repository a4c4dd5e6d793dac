import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import { ErrorState } from "@/components/EmptyState";
import { JobProgress, type JobView } from "@/components/JobProgress";
import { TagPicker } from "@/components/Pickers";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { onePath, segmentKey, type SegmentDetail } from "./api";

type Tagging = components["schemas"]["SegmentTaggingView"];
type TaggingPreview = components["schemas"]["SegmentTaggingPreview"];

const taggingsPath = (segment: number) => `${onePath(segment)}/taggings`;
const taggingsKey = (segment: number) => [...segmentKey(segment), "taggings"] as const;

interface TagDrawerProps {
  segment: SegmentDetail;
  open: boolean;
  onClose: () => void;
}

/** A tag on everybody of the segment: first how many it would be, then done in the background. */
export function TagDrawer({ segment, open, onClose }: TagDrawerProps) {
  const t = useT();
  const client = useQueryClient();
  const runs = useQuery({ queryKey: taggingsKey(segment.id), queryFn: ({ signal }) => api.get<Tagging[]>(taggingsPath(segment.id), undefined, signal), enabled: open });
  const again = () => client.invalidateQueries({ queryKey: taggingsKey(segment.id) });
  const running = runs.data?.filter((run) => run.status === "running") ?? [];
  const ended = runs.data?.filter((run) => run.status !== "running") ?? [];
  return (
    <Drawer open={open} onClose={onClose} title={t("segments.tagging.title")} size={480} destroyOnHidden styles={{ wrapper: { maxWidth: "100vw" } }}>
      <p className="ws-ink2" style={{ marginBottom: 16 }}>{t("segments.tagging.about")}</p>
      {runs.isError && <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />}
      {running.map((run) => <Running key={run.id} segment={segment.id} run={run} onEnd={() => void again()} />)}
      {running.length === 0 && <Choose segment={segment.id} onStarted={() => void again()} />}
      {ended.length > 0 && <Ended runs={ended} />}
    </Drawer>
  );
}

function Choose({ segment, onStarted }: { segment: number; onStarted: () => void }) {
  const t = useT();
  const notify = useNotify();
  const [tag, setTag] = useState<number>();
  const [busy, setBusy] = useState(false);
  const preview = useQuery({
    queryKey: [...taggingsKey(segment), "preview", tag],
    queryFn: ({ signal }) => api.get<TaggingPreview>(`${taggingsPath(segment)}/preview`, { tag_id: tag }, signal),
    enabled: tag !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });
  const found = tag === undefined || preview.isPlaceholderData ? undefined : preview.data;
  const start = async () => {
    setBusy(true);
    try {
      await api.post<Tagging>(taggingsPath(segment), { tag_id: tag });
      onStarted();
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <TagPicker multiple={false} value={tag === undefined ? [] : [tag]} onChange={(ids: number[]) => { setTag(ids[0]); }} placeholder={t("common.picker.tag")} />
      {preview.isError && tag !== undefined && <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />}
      {found && (
        <dl className="ws-kv" style={{ margin: "16px 0" }}>
          <dt>{t("segments.tagging.people")}</dt><dd>{t("segments.builder.people", { count: found.people })}</dd>
          <dt>{t("segments.tagging.friendships")}</dt><dd>{t("segments.tagging.friendshipsOf", { count: found.friendships })}</dd>
          <dt>{t("segments.tagging.carrying")}</dt><dd>{t("segments.tagging.friendshipsOf", { count: found.carrying })}</dd>
          <dt>{t("segments.tagging.unreachable")}</dt><dd>{t("segments.builder.people", { count: found.unreachable })}</dd>
        </dl>
      )}
      <Button type="primary" style={{ marginTop: found ? 0 : 16 }} disabled={!found || found.friendships === 0} loading={busy || (tag !== undefined && preview.isFetching)} onClick={() => void start()}>
        {found && found.friendships > 0 ? t("segments.tagging.start", { count: found.friendships }) : t("segments.tagging.startNone")}
      </Button>
      {found?.friendships === 0 && <p className="ws-small ws-muted" style={{ marginTop: 8 }}>{t("segments.tagging.nobody")}</p>}
    </>
  );
}

function Running({ segment, run, onEnd }: { segment: number; run: Tagging; onEnd: () => void }) {
  const t = useT();
  const read = (now: Tagging): JobView => ({ state: now.status, done: now.seen, total: now.total, message: t("segments.tagging.tagged", { count: now.tagged }) });
  const path = `${taggingsPath(segment)}/${String(run.id)}`;
  return (
    <section>
      <h3 className="ws-subhead">{t("segments.tagging.running", { tag: run.tag_name })}</h3>
      <JobProgress<Tagging> path={path} read={read} cancelPath={`${path}/cancel`} onEnd={onEnd} />
    </section>
  );
}

function Ended({ runs }: { runs: readonly Tagging[] }) {
  const t = useT();
  const f = useFormat();
  return (
    <section style={{ marginTop: 24 }}>
      <h3 className="ws-subhead">{t("segments.tagging.before")}</h3>
      <ul className="ws-rows">
        {runs.map((run) => (
          <li key={run.id}>
            <div style={{ display: "flex", gap: 12 }}>
              <span>{run.tag_name}</span>
              <span className={run.status === "failed" ? "ws-loss" : "ws-muted"} style={{ marginLeft: "auto" }}>{t(`segments.tagging.status.${run.status}`)}</span>
            </div>
            <p className="ws-small ws-muted">{t("segments.tagging.ended", { people: run.seen, count: run.tagged, who: run.started_by, when: f.moment(run.started_at) })}</p>
            {run.error && <p className="ws-small ws-loss">{run.error}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
