import { Link } from "react-router";
import { useCan } from "@/api/session";
import { useWecomStatus } from "@/api/status";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";

/** Foot of the sidebar: whether WeCom is connected, and when everything was last reconciled with it. */
export function WecomFoot() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const { data } = useWecomStatus();
  if (!data) return null;
  const text = (
    <>
      {data.connected ? t("shell.wecom.connected") : <span className="ws-needs">{t("shell.wecom.notConnected")}</span>}
      {data.connected && <br />}
      {data.connected && (data.last_full_sync_at ? t("shell.wecom.lastSync", { moment: f.moment(data.last_full_sync_at) }) : t("shell.wecom.never"))}
    </>
  );
  return <div className="ws-nav-foot">{can("wecom.connection.read") ? <Link to="/settings/wecom">{text}</Link> : text}</div>;
}
