import { CheckOutlined, CloseOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { api } from "@/api/client";
import { Panel } from "@/components/Panel";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { paths, type ConnectionTest } from "./api";

/** Tries each right the product needs; what does not work says why and what to mend. */
export function ConnectionTestPanel() {
  const t = useT();
  const notify = useNotify();
  const test = useMutation({ mutationFn: () => api.post<ConnectionTest>(paths.test), onError: notify.failed });
  const done = test.data;
  return (
    <Panel
      title={done ? t(done.works ? "wecom.test.works" : "wecom.test.fails") : t("wecom.test.title")}
      sub={t("wecom.test.sub")}
      extra={<Button size="small" loading={test.isPending} onClick={() => { test.mutate(); }}>{t("wecom.test.run")}</Button>}
    >
      {done && (
        <ul className="ws-rows">
          {done.checks.map((check) => (
            <li key={check.name} style={{ display: "grid", gridTemplateColumns: "20px 1fr auto" }}>
              {check.works ? <CheckOutlined style={{ color: "var(--ws-brand)" }} /> : <CloseOutlined style={{ color: "var(--ws-loss)" }} />}
              <span>
                {t(`wecom.test.${check.name}`)}
                {!check.works && <span className="ws-sub">{check.message} <code className="ws-code">{check.reason}</code></span>}
              </span>
              {check.count != null && <span className="ws-muted ws-small">{t("wecom.test.count", { count: check.count })}</span>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
