import { Form, Input, Radio } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { useCan } from "@/api/session";
import { FormDrawer } from "@/components/FormDrawer";
import { ServerTable, useRefreshList, type TableColumn } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { paths, type Decision, type OutboxEntry } from "./api";

const states = ["planned", "sending", "done", "refused", "unknown"] as const;
const looks = { planned: "ws-tag", sending: "ws-tag", done: "ws-tag is-brand", refused: "ws-tag is-loss", unknown: "ws-tag is-needs" } as const;
const decisions = ["took_effect", "had_no_effect", "send_again"] as const;

/** Calls that change something at WeCom; one whose outcome nobody knows waits here for a person. */
export function OutboxTable() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const notify = useNotify();
  const refresh = useRefreshList();
  const [judged, setJudged] = useState<OutboxEntry>();
  const kind = (entry: OutboxEntry) => t.lookup(`wecom.outbox.kinds.${entry.kind}`);
  const columns: TableColumn<OutboxEntry>[] = [
    { key: "kind", title: t("wecom.outbox.kind"), card: "title", render: (entry) => <>{kind(entry)}<code className="ws-code ws-sub">{entry.kind} {entry.id}</code></> },
    { key: "status", title: t("wecom.outbox.state"), card: "extra", render: (entry) => <span className={looks[entry.status]}>{t(`wecom.outbox.${entry.status}`)}</span> },
    { key: "created_at", title: t("wecom.outbox.created"), render: (entry) => f.exact(entry.created_at) },
    { key: "settled_at", title: t("wecom.outbox.settled"), render: (entry) => entry.settled_at && f.exact(entry.settled_at) },
    { key: "attempts", title: t("wecom.outbox.attempts"), align: "right", render: (entry) => f.number(entry.attempts) },
    { key: "error", title: t("wecom.outbox.error"), render: (entry) => entry.error && <span className="ws-small">{entry.error}{entry.errcode ? <code className="ws-code"> {entry.errcode}</code> : null}</span> },
  ];
  if (can("wecom.connection.manage")) {
    columns.push({
      key: "verbs", title: "", align: "right",
      render: (entry) => entry.status === "unknown" && <button type="button" className="ws-link" onClick={() => { setJudged(entry); }}>{t("wecom.outbox.decide")}</button>,
    });
  }
  return (
    <>
      <ServerTable<OutboxEntry>
        path={paths.outbox}
        columns={columns}
        rowKey={(entry) => entry.id}
        filters={[
          { kind: "select", name: "status", label: t("wecom.outbox.state"), multiple: true, options: states.map((value) => ({ value, label: t(`wecom.outbox.${value}`) })) },
        ]}
        refreshMs={5000}
        empty={{ title: t("wecom.outbox.empty"), hint: t("wecom.outbox.emptyHint") }}
      />
      <FormDrawer<Decision>
        open={judged !== undefined}
        title={t("wecom.outbox.decideTitle")}
        width={480}
        initial={{ decision: "took_effect" }}
        onClose={() => { setJudged(undefined); }}
        onSubmit={async (values) => {
          await api.post(`${paths.outbox}/${String(judged?.id)}/decide`, values);
          await refresh(paths.outbox);
          notify.done(t("wecom.outbox.decided"));
        }}
      >
        <p className="ws-ink2" style={{ marginBottom: 14 }}>{t("wecom.outbox.decideNote")}</p>
        <Form.Item name="decision">
          <Radio.Group style={{ display: "grid", gap: 8 }} options={decisions.map((value) => ({ value, label: t(`wecom.outbox.${value}`) }))} />
        </Form.Item>
        <Form.Item name="reference" label={t("wecom.outbox.reference")} extra={t("wecom.outbox.referenceHelp")}><Input /></Form.Item>
      </FormDrawer>
    </>
  );
}
