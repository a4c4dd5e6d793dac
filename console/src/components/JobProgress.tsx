import { useQuery } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { useEffect, useRef, useState } from "react";
import { api } from "@/api/client";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { ErrorState } from "./EmptyState";
import { useNotify } from "./useNotify";
import "./states.css";

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface JobView {
  state: JobState;
  /** Units finished; `total` null while it is not known yet. */
  done: number;
  total: number | null;
  /** Why it failed, or what it is doing, as the API says it. */
  message?: string | null;
}

export interface JobProgressProps<T> {
  /** The resource that the job works on; asked once a second until the job ends. */
  path: string;
  read: (resource: T) => JobView;
  /** POSTed to stop the job. Left out: cannot be stopped. */
  cancelPath?: string;
  onEnd?: (resource: T) => void;
}

const ended = (state: JobState) => state === "done" || state === "failed" || state === "cancelled";

/** True progress of something that runs on the server, with the time left as seen so far. */
export function JobProgress<T>({ path, read, cancelPath, onEnd }: JobProgressProps<T>) {
  const t = useT();
  const f = useFormat();
  const notify = useNotify();
  const [stopping, setStopping] = useState(false);
  const first = useRef<{ at: number; done: number }>(undefined);
  const told = useRef(false);
  const query = useQuery({
    queryKey: ["job", path],
    queryFn: ({ signal }) => api.get<T>(path, undefined, signal),
    refetchInterval: (q) => (q.state.data !== undefined && ended(read(q.state.data).state) ? false : 1000),
    gcTime: 0,
    staleTime: 0,
  });
  const data = query.data;
  const job = data === undefined ? undefined : read(data);
  useEffect(() => {
    if (data === undefined || !job || !ended(job.state) || told.current) return;
    told.current = true;
    onEnd?.(data);
  }, [data, job, onEnd]);
  const [left, setLeft] = useState<number>();
  useEffect(() => {
    if (!job || job.state !== "running" || job.total === null) return;
    first.current ??= { at: Date.now(), done: job.done };
    const gained = job.done - first.current.done;
    const seconds = (Date.now() - first.current.at) / 1000;
    setLeft(gained > 0 && seconds > 2 ? ((job.total - job.done) * seconds) / gained : undefined);
  }, [job]);

  if (!job) return query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null;
  const percent = job.state === "done" ? 100 : job.total ? Math.floor((job.done / job.total) * 100) : 0;
  const stop = async () => {
    if (!cancelPath) return;
    setStopping(true);
    try {
      await api.post(cancelPath);
      await query.refetch();
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setStopping(false);
    }
  };
  return (
    <div className="ws-job" role="status">
      <Progress percent={percent} showInfo={false} status={job.state === "failed" ? "exception" : "normal"} size={["100%", 6]} />
      <div className="ws-job-line">
        <span>{t(`common.job.${job.state}`)}</span>
        {job.total !== null && <span className="ws-muted">{t("common.job.progress", { done: job.done, total: job.total })}</span>}
        {job.state === "running" && left !== undefined && <span className="ws-muted">{t("common.job.left", { time: f.duration(left) })}</span>}
        {job.message && <span className={job.state === "failed" ? "ws-loss" : "ws-muted"}>{job.message}</span>}
        {cancelPath && !ended(job.state) && (
          <Button size="small" loading={stopping} onClick={() => void stop()}>{t("common.job.cancel")}</Button>
        )}
      </div>
    </div>
  );
}
