import { Button, Spin, Tabs } from "antd";
import { useMemo, useState } from "react";
import { ErrorState } from "@/components/EmptyState";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { useCareReasons, useTimeline, type TimelineEvent } from "./api";
import { tellEvent } from "./timelineText";

/** Kinds of events behind each tab; none: all of them. */
const tabs = {
  all: [],
  friendship: ["friend_added", "friend_lost", "friend_removed", "transfer_failed", "chat_started", "archive_agreed"],
  groups: ["group_joined", "group_left"],
  messages: ["message_delivered", "message_refused", "welcome_sent", "welcome_failed"],
  orders: ["order_placed", "order_refunded", "lifecycle_changed"],
  marks: ["tag_added", "tag_removed", "remark_changed"],
  identity: ["identity_linked", "merged", "merge_undone"],
} as const satisfies Record<string, readonly string[]>;
type Tab = keyof typeof tabs;

export function TimelinePanel({ id }: { id: number }) {
  const t = useT();
  const [tab, setTab] = useState<Tab>("all");
  const query = useTimeline(id, tabs[tab]);
  const events = query.data?.pages.flatMap((page) => page.items) ?? [];
  const body = () => {
    if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    if (!query.data) return <div className="ws-loading"><Spin delay={200} /></div>;
    if (events.length === 0) return <p className="ws-muted">{t(tab === "all" ? "people.timeline.empty" : "people.timeline.emptyKind")}</p>;
    return (
      <>
        <ol className="ws-timeline" aria-busy={query.isPlaceholderData}>{events.map((event) => <Line key={event.id} event={event} />)}</ol>
        <div className="ws-timeline-foot">
          {query.hasNextPage
            ? <Button loading={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>{t("people.timeline.more")}</Button>
            : <span className="ws-small ws-muted">{t("people.timeline.begin")}</span>}
        </div>
      </>
    );
  };
  return (
    <Panel title={t("people.timeline.title")}>
      <Tabs
        size="small"
        activeKey={tab}
        onChange={(key) => { setTab(key as Tab); }}
        items={(Object.keys(tabs) as Tab[]).map((key) => ({ key, label: t(`people.timeline.tabs.${key}`) }))}
      />
      {body()}
    </Panel>
  );
}

function Line({ event }: { event: TimelineEvent }) {
  const t = useT();
  const f = useFormat();
  const reasons = useCareReasons().data;
  const sentences = useMemo(() => new Map(reasons?.map((one) => [one.code, one.text])), [reasons]);
  const told = tellEvent(event, t, f, sentences);
  return (
    <li className={told.tone}>
      <time dateTime={event.occurred_at} title={f.exact(event.occurred_at)}>{f.moment(event.occurred_at)}</time>
      <div>
        {told.title}
        {told.note && <span className="ws-sub">{told.note}</span>}
        {told.code && <code className="ws-code">{told.code}</code>}
      </div>
    </li>
  );
}
