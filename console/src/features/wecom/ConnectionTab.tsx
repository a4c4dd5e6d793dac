import { Typography } from "antd";
import { useCan } from "@/api/session";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useT } from "@/i18n";
import { useConnection } from "./api";
import { ConnectionForm } from "./ConnectionForm";
import { ConnectionTestPanel } from "./ConnectionTestPanel";
import { SyncPanel } from "./SyncPanel";

export function ConnectionTab() {
  const t = useT();
  const can = useCan();
  const connection = useConnection();
  return (
    <QueryState query={connection}>
      {(known) => (
        <div className="ws-grid" style={{ gridTemplateColumns: "minmax(0,1fr) 420px" }}>
          <Panel title={t("wecom.form.title")} sub={t("wecom.form.sub")}>
            <ConnectionForm key={known.corp_id} known={known} />
          </Panel>
          <div className="ws-stack">
            <Panel title={t("wecom.callback.title")} sub={t("wecom.callback.help")}>
              <Typography.Text code copyable={{ tooltips: [t("common.action.copy"), t("common.action.copied")] }} style={{ overflowWrap: "anywhere" }}>
                {known.callback_url}
              </Typography.Text>
            </Panel>
            {can("wecom.connection.manage") && known.connected && <ConnectionTestPanel />}
            <SyncPanel connected={known.connected} />
          </div>
        </div>
      )}
    </QueryState>
  );
}
