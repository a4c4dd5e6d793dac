import { UploadOutlined } from "@ant-design/icons";
import { Progress, Upload, type UploadProps } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useQueryClient } from "@tanstack/react-query";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { ServerTable, useRefreshList, type TableColumn } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { importKey, importPage, paths, previewKey, uploadFile, type ImportRun } from "./api";
import { ImportStatus } from "./ImportStatus";
import "./commerce.css";

const statuses = ["uploaded", "mapped", "running", "done", "failed", "cancelled"] as const;

export default function ImportsPage() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const columns: TableColumn<ImportRun>[] = [
    { key: "filename", title: t("commerce.imports.file"), sort: true, card: "title", render: (row) => <><Link to={importPage(row.id)}>{row.filename}</Link><span className="ws-sub">{row.format.toUpperCase()} · {f.bytes(row.size)}</span></> },
    { key: "source", title: t("commerce.orders.source"), render: (row) => row.source || "–" },
    { key: "status", title: t("commerce.imports.status"), card: "extra", render: (row) => <ImportStatus run={row} /> },
    { key: "lines", title: t("commerce.imports.lines"), align: "right", render: (row) => (row.lines_total === null ? "–" : f.number(row.status === "done" ? row.lines_read : row.lines_total)) },
    { key: "taken", title: t("commerce.imports.taken"), align: "right", render: (row) => (row.status === "done" ? f.number(Number(row.counts["lines_taken"])) : "–") },
    { key: "rejected", title: t("commerce.imports.rejected"), align: "right", render: (row) => (row.status === "done" ? f.number(Number(row.counts["lines_rejected"])) : "–") },
    { key: "created_at", title: t("commerce.imports.uploaded"), sort: true, render: (row) => <>{f.moment(row.created_at)}<span className="ws-sub">{row.created_by}</span></> },
  ];
  const manage = can("commerce.import.manage");
  return (
    <>
      <PageHeader crumbs={[{ label: t("shell.section.convert") }, { label: t("commerce.menu.imports") }]} title={t("commerce.menu.imports")} lede={t("commerce.imports.lede")} />
      {manage && <UploadBox />}
      <ServerTable<ImportRun>
        path={paths.imports}
        columns={columns}
        rowKey={(row) => row.id}
        searchHint={t("commerce.imports.search")}
        filters={[{ kind: "select", name: "status", label: t("commerce.imports.status"), multiple: true, options: statuses.map((one) => ({ value: one, label: t(`commerce.status.${one}`) })) }]}
        refreshMs={5_000}
        onRow={(row) => { void navigate(importPage(row.id)); }}
        empty={{ title: t("commerce.imports.empty"), hint: manage ? t("commerce.imports.emptyHint") : t("commerce.imports.emptyNoRight") }}
      />
    </>
  );
}

/** A file is dropped or chosen, sent with real progress, and its page opens with the guess. */
function UploadBox() {
  const t = useT();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const refresh = useRefreshList();
  const [share, setShare] = useState<number>();
  const send: NonNullable<UploadProps["customRequest"]> = ({ file }) => {
    setShare(0);
    uploadFile(file as File, setShare)
      .then(async (answer) => {
        client.setQueryData(importKey(answer.run.id), answer.run);
        client.setQueryData(previewKey(answer.run.id), answer.preview);
        await refresh(paths.imports);
        await navigate(importPage(answer.run.id));
      })
      .catch(notify.failed)
      .finally(() => { setShare(undefined); });
  };
  return (
    <div className="ws-import-drop">
      <Upload.Dragger accept=".csv,.tsv,.txt,.xlsx,.parquet" showUploadList={false} customRequest={send} disabled={share !== undefined} multiple={false}>
        {share === undefined ? (
          <>
            <UploadOutlined className="ws-import-icon" />
            <p>{t("commerce.imports.drop")}</p>
            <p className="ws-small ws-muted">{t("commerce.imports.dropHint")}</p>
          </>
        ) : (
          <div className="ws-import-sending">
            <Progress percent={Math.floor(share * 100)} />
            <p className="ws-small ws-muted">{share < 1 ? t("commerce.imports.sending") : t("commerce.imports.looking")}</p>
          </div>
        )}
      </Upload.Dragger>
    </div>
  );
}
