import { Spin } from "antd";
import type { UseQueryResult } from "@tanstack/react-query";
import { ApiError } from "@/api/errors";
import { Who } from "@/components/CustomerAvatar";
import { EmptyState, ErrorState } from "@/components/EmptyState";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { Preview } from "./api";

type PreviewQuery = UseQueryResult<Preview>;
const isWrongInput = (error: unknown) => error instanceof ApiError && error.status === 422;

/** The live total, of how many, how long it took, how old the figures are. */
export function TotalPanel({ query, waiting, complete }: { query: PreviewQuery; waiting: boolean; complete: boolean }) {
  const t = useT();
  const f = useFormat();
  if (!complete || query.isError) {
    return <Panel className="ws-builder-total" title={t("segments.preview.now")}>{!complete || isWrongInput(query.error) ? <p className="ws-muted">{t("segments.preview.fixFirst")}</p> : <ErrorState error={query.error} onRetry={() => void query.refetch()} />}</Panel>;
  }
  const preview = query.data;
  if (!preview) return <Panel className="ws-builder-total" title={t("segments.preview.now")}><div className="ws-loading"><Spin delay={200} /></div></Panel>;
  const { freshness } = preview;
  return (
    <Panel
      className="ws-builder-total"
      title={waiting ? t("segments.preview.counting") : t("segments.preview.now")}
      staleness={{ at: freshness.as_of, limitSeconds: freshness.limit_minutes * 60 }}
    >
      <div aria-live="polite" style={{ opacity: waiting ? 0.55 : 1 }}>
        <span className="ws-hero">
          {f.number(preview.count)}
          <span className="ws-unit">{t("segments.preview.people")} · {t("segments.preview.took", { seconds: f.number(preview.took_ms / 1000, 2) })}</span>
        </span>
        <p className="ws-figure-note">
          {preview.total ? t("segments.preview.of", { total: preview.total, share: f.percent(preview.count / preview.total) }) : t("segments.preview.ofNone")}
        </p>
      </div>
      {freshness.stale && (
        <p className="ws-small ws-needs" style={{ marginTop: 6 }}>
          {freshness.as_of ? t("segments.preview.stale", { minutes: freshness.limit_minutes }) : t("segments.preview.nothingLoaded")}
        </p>
      )}
    </Panel>
  );
}

export function SamplePanel({ query, shown, onWhy, onAgain }: { query: PreviewQuery; shown: number | undefined; onWhy: (id: number) => void; onAgain: () => void }) {
  const t = useT();
  const people = query.isError ? undefined : query.data?.sample;
  if (!people) return null;
  if (people.length === 0) {
    return <Panel><EmptyState title={t("segments.preview.sampleNone")} hint={t("segments.preview.sampleNoneHint")} /></Panel>;
  }
  return (
    <Panel title={t("segments.preview.sampleTitle", { count: people.length })} extra={<button type="button" className="ws-link ws-small" onClick={onAgain}>{t("segments.preview.again")}</button>}>
      <div style={{ overflowX: "auto" }}>
        <table className="ws-sample">
          <thead>
            <tr>
              <th>{t("segments.preview.customer")}</th>
              <th>{t("segments.preview.store")}</th>
              <th>{t("segments.preview.staff")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <tr key={person.id} className={person.id === shown ? "is-active" : ""}>
                <td><Who name={person.name || t("segments.preview.noName")} note={person.name ? null : `#${String(person.id)}`} /></td>
                <td>{person.store_name || <span className="ws-muted">–</span>}</td>
                <td>{person.staff_name || <span className="ws-muted">{t("segments.preview.unreachable")}</span>}</td>
                <td className="ws-num">
                  <button type="button" className="ws-link" aria-pressed={person.id === shown} onClick={() => { onWhy(person.id); }}>
                    {person.id === shown ? t("segments.preview.looking") : t("segments.preview.why")}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
