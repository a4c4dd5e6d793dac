import { Who } from "@/components/CustomerAvatar";
import { dayFilter } from "@/components/DayFilter";
import { PageHeader } from "@/components/PageHeader";
import { ServerTable, type TableColumn } from "@/components/ServerTable";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { paths, type AuditEntry } from "./api";
import "./settings.css";

const areas = ["auth", "company", "people", "acquisition", "commerce", "segments", "outreach", "care", "wecom", "insight"] as const;

export default function AuditPage() {
  const t = useT();
  const f = useFormat();
  // Actions are named by their domain, which may say more than this catalogue knows: then the stable name stands.
  const verb = (action: string) => t.lookup(`settings.audit.actions.${action}`) ?? t.lookup(`${action.split(".")[0] ?? ""}.audit.${action}`);
  const thing = (type: string | null) => type && (t.lookup(`settings.audit.objects.${type}`) ?? type);
  const columns: TableColumn<AuditEntry>[] = [
    { key: "at", title: t("settings.audit.at"), sort: true, card: "extra", render: (entry) => <span className="ws-nowrap">{f.exact(entry.at)}{entry.address && <span className="ws-sub">{t("settings.audit.addressOf", { address: entry.address })}</span>}</span> },
    {
      key: "actor", title: t("settings.audit.actor"), card: "title",
      render: (entry) => <Who name={entry.actor_kind === "system" ? t("common.system") : entry.actor_name} kind="staff" note={entry.actor_kind === "token" ? t("settings.audit.token") : null} />,
    },
    { key: "action", title: t("settings.audit.action"), render: (entry) => <>{verb(entry.action)}<code className={verb(entry.action) ? "ws-code ws-sub" : "ws-code"}>{entry.action}</code></> },
    { key: "object", title: t("settings.audit.object"), render: (entry) => <span className="ws-audit-object">{thing(entry.object_type)} {entry.object_id && <span className="ws-code">{entry.object_id}</span>}</span> },
    { key: "detail", title: t("settings.audit.detail"), render: (entry) => Object.keys(entry.detail).length > 0 && <Detail detail={entry.detail} /> },
  ];
  return (
    <>
      <PageHeader crumbs={[{ label: t("shell.section.settings") }, { label: t("settings.menu.audit") }]} title={t("settings.audit.title")} lede={t("settings.audit.lede")} />
      <ServerTable<AuditEntry>
        path={paths.audit}
        columns={columns}
        rowKey={(entry) => entry.id}
        searchHint={t("settings.audit.search")}
        filters={[
          { kind: "select", name: "action", label: t("settings.audit.area"), options: areas.map((area) => ({ value: `${area}.`, label: t(`settings.audit.areas.${area}`) })) },
          dayFilter("since", t("settings.audit.since")),
          dayFilter("until", t("settings.audit.until"), true),
        ]}
        exportable
        pageSize={50}
        empty={{ title: t("settings.audit.empty"), hint: t("settings.audit.emptyHint") }}
      />
    </>
  );
}

/** Names and values as they were recorded; what is nested stays as it was written. */
function Detail({ detail }: { detail: AuditEntry["detail"] }) {
  const text = Object.entries(detail).map(([name, value]) => `${name}: ${typeof value === "object" && value !== null ? JSON.stringify(value) : String(value)}`);
  return <span className="ws-audit-detail">{text.join(", ")}</span>;
}
