import { Link } from "react-router";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { useOrigins } from "./api";

export function OriginsPanel({ id }: { id: number }) {
  const t = useT();
  const f = useFormat();
  const origins = useOrigins(id);
  return (
    <Panel title={t("people.origins.title")}>
      <QueryState query={origins}>
        {({ items }) => items.length === 0
          ? <p className="ws-muted">{t("people.origins.empty")}</p>
          : (
            <ul className="ws-rows">
              {items.map((one) => (
                <li key={`${one.at}-${String(one.live_code.id)}`} className="ws-person-row">
                  <div className="ws-person-main">
                    {one.channel_path}
                    <span className="ws-sub"><Link to={`/acquisition/live-codes?code=${String(one.live_code.id)}`}>{one.live_code.name}</Link></span>
                    <span className="ws-sub" title={f.exact(one.at)}>{[f.date(one.at), one.staff && t("people.origins.to", { staff: one.staff.name })].filter(Boolean).join(" · ")}</span>
                  </div>
                  <span className={one.still_friends ? "ws-tag is-brand" : "ws-tag is-loss"}>{t(one.still_friends ? "people.origins.still" : "people.origins.ended")}</span>
                </li>
              ))}
            </ul>
          )}
      </QueryState>
    </Panel>
  );
}
