import { Alert, Button, Drawer, Tabs } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { useCan } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { Figure } from "@/components/Figure";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { useAddress } from "@/components/useAddress";
import { useSegment, type SegmentDetail } from "../api";
import { WhyPanel } from "../WhyPanel";
import "../segments.css";
import { spans, useMembership, useSizes, type Membership, type Span } from "./api";
import { KeepDrawer } from "./KeepDrawer";
import { MovesTable, PeopleTable } from "./MovesTable";
import { SizePanel } from "./SizePanel";

/** /segments/:segmentId/membership: who is in it, who came and went. */
export default function MembershipPage() {
  const segment = useSegment(useParams().segmentId);
  return <QueryState query={segment}>{(found) => <Loaded segment={found} />}</QueryState>;
}

function Loaded({ segment }: { segment: SegmentDetail }) {
  const address = useAddress();
  const span = spans.find((one) => one === address.get("span")) ?? "month";
  const sizes = useSizes(segment.id, span);
  const membership = useMembership(segment.id, sizes.data?.kept ?? false);
  return (
    <QueryState query={sizes}>
      {({ kept }) => kept
        ? <QueryState query={membership}>{(found) => <View segment={segment} membership={found} span={span} />}</QueryState>
        : <View segment={segment} membership={null} span={span} />}
    </QueryState>
  );
}

interface ViewProps {
  segment: SegmentDetail;
  /** null: nobody keeps it up to date. */
  membership: Membership | null;
  span: Span;
}

function View({ segment, membership, span }: ViewProps) {
  const t = useT();
  const can = useCan();
  const address = useAddress();
  const [keeping, setKeeping] = useState(false);
  const [asked, setAsked] = useState<number>();
  const tab = address.get("list") === "people" || (!membership && address.get("list") !== "moves") ? "people" : "moves";
  const write = can("segments.segment.write") && !segment.archived_at;
  const size = membership?.refreshed_at ? membership.size : segment.last_count;
  const title = size === null ? segment.name : t("segments.membership.title", { name: segment.name, size });
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.insight") }, { label: t("segments.menu"), to: "/segments" }, { label: segment.name, to: `/segments/${String(segment.id)}` }]}
        title={title}
        documentTitle={segment.name}
        lede={segment.sentence ?? t("segments.list.broken")}
        actions={
          <>
            <Link to={`/segments/${String(segment.id)}`}><Button>{t("segments.membership.conditions")}</Button></Link>
            {write && membership && <Button onClick={() => { setKeeping(true); }}>{t("segments.membership.keep.open")}</Button>}
          </>
        }
      />
      {segment.archived_at && <Alert type="warning" showIcon={false} title={t("segments.membership.archived")} style={{ marginBottom: 12 }} />}
      {membership?.error && <Alert type="warning" showIcon={false} title={t("segments.membership.error", { error: membership.error })} style={{ marginBottom: 12 }} />}
      {membership ? <Kept segment={segment.id} membership={membership} span={span} onSpan={(next) => { address.set({ span: next === "month" ? undefined : next }); }} /> : (
        <section className="ws-panel" style={{ marginBottom: 16 }}>
          <EmptyState
            title={t("segments.membership.off")}
            hint={t("segments.membership.offHint")}
            action={write && <Button type="primary" onClick={() => { setKeeping(true); }}>{t("segments.membership.keep.start")}</Button>}
          />
        </section>
      )}
      <Tabs
        activeKey={tab}
        onChange={(key) => { address.set({ list: key }); }}
        items={[
          { key: "moves", label: t("segments.membership.tabs.moves"), children: <MovesTable segment={segment.id} kept={membership !== null} onWhy={setAsked} /> },
          { key: "people", label: t("segments.membership.tabs.people"), children: <PeopleTable segment={segment.id} onWhy={setAsked} /> },
        ]}
        destroyOnHidden
      />
      <KeepDrawer segment={segment.id} membership={membership} open={keeping} onClose={() => { setKeeping(false); }} />
      <Drawer open={asked !== undefined} onClose={() => { setAsked(undefined); }} size={480} title={t("segments.membership.why")} destroyOnHidden styles={{ wrapper: { maxWidth: "100vw" } }}>
        <p className="ws-small ws-muted" style={{ marginBottom: 12 }}>{t("segments.membership.whyNow")}</p>
        {asked !== undefined && <WhyPanel definition={JSON.stringify(segment.definition)} current customer={asked} onAsk={(id) => { if (id !== undefined) setAsked(id); }} />}
      </Drawer>
    </>
  );
}

interface KeptProps {
  segment: number;
  membership: Membership;
  span: Span;
  onSpan: (span: Span) => void;
}

/** The figures on top, and the line below them. */
function Kept({ segment, membership, span, onSpan }: KeptProps) {
  const t = useT();
  const f = useFormat();
  const points = useSizes(segment, span).data?.points ?? [];
  const sum = (way: "entered" | "left") => points.reduce((total, point) => total + point[way], 0);
  const during = t(`segments.membership.span.${span}`);
  const waiting = <span className="ws-muted">–</span>;
  return (
    <>
      <section className="ws-strip is-compact">
        <Figure size="medium" label={t("segments.membership.figure.size")} value={membership.refreshed_at ? f.number(membership.size) : waiting} unit={t("segments.preview.people")} note={membership.refreshed_at ? t("segments.membership.figure.refreshed", { when: f.relative(membership.refreshed_at) }) : t("segments.membership.figure.first")} />
        <Figure size="medium" label={t("segments.membership.figure.in", { span: during })} value={f.number(sum("entered"))} note={t("segments.membership.figure.moves")} />
        <Figure size="medium" label={t("segments.membership.figure.out", { span: during })} value={f.number(sum("left"))} note={t("segments.membership.figure.moves")} />
        <Figure
          size="medium"
          label={t("segments.membership.figure.mode")}
          value={membership.mode === "continuous" ? t("segments.membership.mode.continuous") : t("segments.membership.every", { minutes: membership.every_minutes })}
          note={membership.as_of ? t("segments.membership.figure.asOf", { when: f.relative(membership.as_of) }) : t("segments.preview.nothingLoaded")}
        />
      </section>
      <div style={{ marginBottom: 16 }}><SizePanel segment={segment} membership={membership} span={span} onSpan={onSpan} /></div>
    </>
  );
}
