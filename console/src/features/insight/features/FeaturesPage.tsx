import { SearchOutlined } from "@ant-design/icons";
import { Alert, Button, Input, Select } from "antd";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { useCan } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { Figure } from "@/components/Figure";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useAddress } from "@/components/useAddress";
import { useFormat } from "@/format/useFormat";
import { useT, type Translate } from "@/i18n";
import { pathOf } from "../analysis/names";
import { useFeatures, useFeatureStand, type Feature } from "./api";
import { FeatureSettingsDrawer } from "./FeatureSettingsDrawer";
import "@/components/table.css";
import "./features.css";

const groups = ["buying", "rhythm", "value", "traits", "attention"] as const;
type Group = (typeof groups)[number];

interface Worded {
  feature: Feature;
  title: string;
  definition: string;
}

/** What is computed about each customer: every feature with its meaning, and how fresh all of them are. */
export default function FeaturesPage() {
  const t = useT();
  const can = useCan();
  const query = useFeatures();
  const [setting, setSetting] = useState(false);
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.insight") }, { label: t("features.menu") }]}
        title={query.data ? t("features.title", { count: query.data.length }) : t("features.menu")}
        documentTitle={t("features.menu")}
        lede={t("features.lede")}
        actions={can("insight.feature.configure") && <Button onClick={() => { setSetting(true); }}>{t("features.settings.open")}</Button>}
      />
      <Stand />
      <QueryState query={query}>{(features) => <Catalogue features={features} />}</QueryState>
      <FeatureSettingsDrawer open={setting} onClose={() => { setSetting(false); }} />
    </>
  );
}

/** When everybody was last computed, from which facts, and against whom scores are measured. */
function Stand() {
  const t = useT();
  const f = useFormat();
  const { data } = useFeatureStand();
  if (!data) return null;
  const never = <span className="ws-muted">{t("features.stand.never")}</span>;
  return (
    <>
      {data.rebuilding && <Alert type="info" showIcon={false} title={t("features.stand.rebuilding")} style={{ marginBottom: 12 }} />}
      <section className="ws-strip is-compact">
        <Figure size="medium" label={t("features.stand.day")} value={data.day ?? never} note={t("features.stand.dayNote")} />
        <Figure size="medium" label={t("features.stand.asOf")} value={data.as_of ? f.relative(data.as_of) : never} note={t("features.stand.asOfNote")} />
        <Figure size="medium" label={t("features.stand.measured")} value={data.measured_at ? f.moment(data.measured_at) : never} note={data.buyers === null ? undefined : t("features.stand.buyers", { buyers: data.buyers })} />
      </section>
    </>
  );
}

function worded(t: Translate, features: readonly Feature[]): Worded[] {
  const zh = t.language === "zh";
  return features.map((feature) => ({ feature, title: zh ? feature.title_zh : feature.title_en, definition: zh ? feature.definition_zh : feature.definition_en }));
}

function Catalogue({ features }: { features: readonly Feature[] }) {
  const t = useT();
  const address = useAddress();
  const q = address.get("q") ?? "";
  const group = groups.find((one) => one === address.get("group"));
  const found = useMemo(() => {
    const wanted = q.trim().toLowerCase();
    return worded(t, features).filter(({ feature, title, definition }) =>
      (group === undefined || feature.group === group) && [feature.name, title, definition, feature.formula].some((text) => text.toLowerCase().includes(wanted)));
  }, [t, features, q, group]);
  return (
    <>
      <div className="ws-toolbar ws-feature-bar">
        <Input
          className="ws-toolbar-search"
          prefix={<SearchOutlined style={{ color: "var(--ws-ink-3)" }} />}
          placeholder={t("features.search")}
          aria-label={t("features.search")}
          value={q}
          allowClear
          onChange={(event) => { address.set({ q: event.target.value || undefined }); }}
        />
        <Select<Group>
          aria-label={t("features.group")}
          placeholder={t("features.group")}
          value={group ?? null}
          allowClear
          popupMatchSelectWidth={false}
          options={groups.map((one) => ({ value: one, label: t(`features.groups.${one}`) }))}
          onChange={(next: Group | undefined) => { address.set({ group: next }); }}
          style={{ minWidth: 130 }}
        />
      </div>
      {found.length === 0 ? (
        <EmptyState title={t("common.table.nothingFound")} hint={t("features.nothing")} action={<Button onClick={() => { address.set({ q: undefined, group: undefined }); }}>{t("common.action.reset")}</Button>} />
      ) : (
        <div className="ws-stack">
          {groups.map((one) => <GroupPanel key={one} group={one} features={found.filter(({ feature }) => feature.group === one)} />)}
        </div>
      )}
    </>
  );
}

function GroupPanel({ group, features }: { group: Group; features: readonly Worded[] }) {
  const t = useT();
  if (features.length === 0) return null;
  return (
    <Panel title={t(`features.groups.${group}`)} sub={t(`features.groupAbout.${group}`)}>
      <ul className="ws-features">
        {features.map((one) => <FeatureRow key={one.feature.name} {...one} />)}
      </ul>
    </Panel>
  );
}

/** Instants have no distribution: days since say more. */
const spread = (feature: Feature) => feature.kind !== "instant";

function FeatureRow({ feature, title, definition }: Worded) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const values = feature.choices.map((choice) => (t.language === "zh" ? choice.zh : choice.en));
  const unit = t(`features.kind.${feature.kind}`);
  return (
    <li id={feature.name}>
      <div className="ws-feature-name">
        {title}
        <span className="ws-code">{feature.name}</span>
      </div>
      <div className="ws-feature-what">
        <p>{definition}</p>
        {values.length > 0 && <p className="ws-small ws-muted">{t("features.values", { values: values.join(t.language === "zh" ? "、" : ", ") })}</p>}
        <p className="ws-code">{feature.formula}</p>
        <p className="ws-small ws-muted">{t("features.source", { source: feature.source })}</p>
      </div>
      <span className="ws-feature-unit ws-small ws-ink2">{feature.kind === "money" ? `${unit} ${f.currencySymbol.trim()}` : unit}</span>
      <span className="ws-feature-go">
        {spread(feature) && can("insight.analysis.read") && <Link to={`${pathOf("distribution")}?field=${feature.name}`}>{t("features.distribution")}</Link>}
      </span>
    </li>
  );
}
