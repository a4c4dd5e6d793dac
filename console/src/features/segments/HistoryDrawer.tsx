import { Drawer } from "antd";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { useSnapshots, useVersions, type Version } from "./api";

interface HistoryDrawerProps {
  segment: number;
  current: number;
  open: boolean;
  onClose: () => void;
  onLoad: (version: Version) => void;
}

/** What was saved, and the people that were written down. */
export function HistoryDrawer({ segment, current, open, onClose, onLoad }: HistoryDrawerProps) {
  const t = useT();
  const f = useFormat();
  const versions = useVersions(segment, open);
  const snapshots = useSnapshots(segment, open);
  return (
    <Drawer open={open} onClose={onClose} title={t("segments.history.title")} size={520}>
      <div className="ws-stack">
        <Panel title={t("segments.history.versions")}>
          <QueryState query={versions}>
            {(list) => (
              <ul className="ws-rows">
                {list.map((version) => (
                  <li key={version.version}>
                    <div style={{ display: "flex", gap: 12 }}>
                      <strong>{t("segments.history.version", { version: version.version })}</strong>
                      <span className="ws-muted">{version.name}</span>
                      <span style={{ marginLeft: "auto" }}>
                        {version.version === current
                          ? <span className="ws-tag is-brand">{t("segments.history.current")}</span>
                          : <button type="button" className="ws-link" onClick={() => { onLoad(version); }}>{t("segments.history.load")}</button>}
                      </span>
                    </div>
                    <p className="ws-small ws-ink2">{version.sentence}</p>
                    <p className="ws-small ws-muted">{t("segments.history.by", { who: version.saved_by, when: f.moment(version.saved_at) })}</p>
                  </li>
                ))}
              </ul>
            )}
          </QueryState>
        </Panel>
        <Panel title={t("segments.history.snapshots")}>
          <QueryState query={snapshots}>
            {(list) => list.length === 0 ? <p className="ws-muted">{t("segments.history.none")}</p> : (
              <ul className="ws-rows">
                {list.map((snapshot) => (
                  <li key={snapshot.id}>
                    <strong>{t("segments.history.snapshot", { count: snapshot.size })}</strong>
                    <p className="ws-small ws-muted">{t("segments.history.by", { who: snapshot.taken_by, when: f.moment(snapshot.taken_at) })} · {t("segments.history.asOf", { when: f.moment(snapshot.as_of) })}</p>
                  </li>
                ))}
              </ul>
            )}
          </QueryState>
        </Panel>
      </div>
    </Drawer>
  );
}
