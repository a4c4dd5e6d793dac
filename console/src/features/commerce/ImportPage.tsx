import { useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import { useParams } from "react-router";
import { useCan } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { JobProgress } from "@/components/JobProgress";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useRefreshList } from "@/components/ServerTable";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { importKey, importPath, mayRun, paths, useImport, type ImportRun } from "./api";
import { ImportStatus } from "./ImportStatus";
import { MappingForm } from "./MappingForm";
import { Reasons, RejectedLines, Report } from "./Report";
import "./commerce.css";

export default function ImportPage() {
  const id = Number(useParams()["importId"]);
  const run = useImport(id);
  return <QueryState query={run}>{(data) => <ImportBody key={data.id} run={data} />}</QueryState>;
}

function ImportBody({ run }: { run: ImportRun }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const facts = [run.format.toUpperCase(), f.bytes(run.size), t("commerce.import.uploadedBy", { who: run.created_by, at: f.moment(run.created_at) })];
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.convert") }, { label: t("commerce.menu.imports"), to: "/commerce/imports" }]}
        title={<>{run.filename} <ImportStatus run={run} /></>}
        documentTitle={run.filename}
        lede={facts.join(" · ")}
      />
      <div className="ws-stack">
        {run.status === "failed" && <Alert type="error" showIcon title={t("commerce.import.failed")} description={run.error_text ?? run.error} />}
        {run.status === "failed" && run.reasons.length > 0 && <><Reasons run={run} /><RejectedLines run={run} /></>}
        {mayRun(run) && (can("commerce.import.manage") ? <MappingForm run={run} /> : <EmptyState title={t("commerce.import.waits")} hint={t("commerce.import.waitsHint")} />)}
        {run.status === "running" && <Running run={run} />}
        {run.status === "done" && <Report run={run} />}
        {run.status === "cancelled" && <EmptyState title={t("commerce.import.cancelled")} hint={t("commerce.import.cancelledHint")} />}
      </div>
    </>
  );
}

function Running({ run }: { run: ImportRun }) {
  const t = useT();
  const can = useCan();
  const client = useQueryClient();
  const refresh = useRefreshList();
  // Every line is read once and written once: half of the way each.
  const read = (now: ImportRun) => ({
    state: now.status === "running" ? (now.phase === "queued" ? ("queued" as const) : ("running" as const)) : now.status === "done" ? ("done" as const) : now.status === "cancelled" ? ("cancelled" as const) : ("failed" as const),
    done: Math.floor((now.lines_read + now.lines_written) / 2),
    total: now.lines_total,
    message: now.cancel_requested && now.status === "running" ? t("commerce.import.stopping") : (now.error_text ?? t.lookup(`commerce.phase.${now.phase}`) ?? null),
  });
  return (
    <Panel title={t("commerce.import.running")} sub={t("commerce.import.runningHint")}>
      <JobProgress<ImportRun>
        path={importPath(run.id)}
        read={read}
        {...(can("commerce.import.manage") && { cancelPath: `${importPath(run.id)}/cancel` })}
        onEnd={(ended) => { client.setQueryData(importKey(run.id), ended); void refresh(paths.imports); void refresh(paths.orders); void client.invalidateQueries({ queryKey: ["order-sources"] }); }}
      />
    </Panel>
  );
}
