import { api } from "@/api/client";
import { useCan } from "@/api/session";
import { ServerTable, useRefreshList, type TableColumn } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { paths, type InboxEntry } from "./api";

const states = ["pending", "done", "ignored", "failed"] as const;
const looks = { pending: "ws-tag", done: "ws-tag is-brand", ignored: "ws-tag", failed: "ws-tag is-loss" } as const;

/** Callbacks as WeCom sent them, and what became of each. */
export function InboxTable() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const notify = useNotify();
  const refresh = useRefreshList();
  const again = async (entry: InboxEntry) => {
    try {
      await api.post(`${paths.inbox}/${String(entry.id)}/retry`);
      await refresh(paths.inbox);
      notify.done(t("wecom.inbox.retried"));
    } catch (failure) {
      notify.failed(failure);
    }
  };
  const columns: TableColumn<InboxEntry>[] = [
    {
      key: "event", title: t("wecom.inbox.event"), card: "title",
      render: (entry) => (
        <>
          {t.lookup(`wecom.inbox.kind.${entry.change_type}`)}
          <code className="ws-code ws-sub">{[entry.event, entry.change_type].filter(Boolean).join(".")}</code>
        </>
      ),
    },
    { key: "who", title: t("wecom.inbox.who"), render: (entry) => <code className="ws-code">{[entry.fields["UserID"], entry.fields["ExternalUserID"]].filter(Boolean).map(String).join(" · ")}</code> },
    { key: "sent_at", title: t("wecom.inbox.sent"), render: (entry) => f.exact(entry.sent_at) },
    { key: "received_at", title: t("wecom.inbox.received"), sort: true, render: (entry) => f.exact(entry.received_at) },
    { key: "status", title: t("wecom.inbox.state"), card: "extra", render: (entry) => <span className={looks[entry.status]}>{t(`wecom.inbox.${entry.status}`)}</span> },
    { key: "error", title: t("wecom.inbox.error"), render: (entry) => entry.error && <span className="ws-small">{entry.error}</span> },
  ];
  if (can("wecom.connection.manage")) {
    columns.push({
      key: "verbs", title: "", align: "right",
      render: (entry) => entry.status === "failed" && <button type="button" className="ws-link" onClick={() => void again(entry)}>{t("wecom.inbox.retry")}</button>,
    });
  }
  return (
    <ServerTable<InboxEntry>
      path={paths.inbox}
      columns={columns}
      rowKey={(entry) => entry.id}
      searchHint={t("wecom.inbox.search")}
      filters={[{ kind: "select", name: "status", label: t("wecom.inbox.state"), multiple: true, options: states.map((value) => ({ value, label: t(`wecom.inbox.${value}`) })) }]}
      refreshMs={5000}
      empty={{ title: t("wecom.inbox.empty"), hint: t("wecom.inbox.emptyHint") }}
    />
  );
}
