import { Tabs } from "antd";
import { useSearchParams } from "react-router";
import { useWecomStatus } from "@/api/status";
import { Figure } from "@/components/Figure";
import { PageHeader } from "@/components/PageHeader";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { GuideTab } from "./GuideTab";
import { InboxTable } from "./InboxTable";
import { OutboxTable } from "./OutboxTable";

export default function WecomPage() {
  const t = useT();
  const f = useFormat();
  const [params, setParams] = useSearchParams();
  const { data: status } = useWecomStatus(5000);
  const trouble = status ? status.inbox_failed + status.outbox_unknown : 0;
  const title = () => {
    if (!status) return t("settings.menu.wecom");
    if (!status.connected) return t("wecom.title.notConnected");
    if (trouble > 0) return t("wecom.title.trouble", { count: trouble });
    return status.sync_running ? t("wecom.title.syncing") : t("wecom.title.connected", { name: status.company_name });
  };
  const ago = (instant: string | null) => (instant ? f.relative(instant) : t("wecom.never"));
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.settings") }, { label: t("settings.menu.wecom") }]}
        title={title()}
        lede={status && (status.connected ? t("wecom.lede.connected", { callback: ago(status.last_callback_at), sync: ago(status.last_full_sync_at) }) : t("wecom.lede.notConnected"))}
      />
      {status?.connected && (
        <section className="ws-strip is-compact">
          <Figure size="medium" label={t("wecom.health.pending")} value={f.number(status.inbox_pending)} />
          <Figure size="medium" label={t("wecom.health.failed")} value={f.number(status.inbox_failed)} tone={status.inbox_failed > 0 ? "needs" : "ink"} />
          <Figure size="medium" label={t("wecom.health.open")} value={f.number(status.outbox_open)} />
          <Figure size="medium" label={t("wecom.health.unknown")} value={f.number(status.outbox_unknown)} tone={status.outbox_unknown > 0 ? "needs" : "ink"} />
        </section>
      )}
      <Tabs
        activeKey={params.get("tab") ?? "connection"}
        onChange={(tab) => { setParams(tab === "connection" ? {} : { tab }, { replace: true }); }}
        destroyOnHidden
        items={[
          { key: "connection", label: t("wecom.tab.connection"), children: <GuideTab /> },
          { key: "inbox", label: t("wecom.tab.inbox"), children: <InboxTable /> },
          { key: "outbox", label: t("wecom.tab.outbox"), children: <OutboxTable /> },
        ]}
      />
    </>
  );
}
