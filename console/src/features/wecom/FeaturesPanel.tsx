import { CheckOutlined, CloseOutlined, MinusOutlined } from "@ant-design/icons";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { ConnectionTest } from "./api";

const names = ["organisation", "customers", "groups", "tags", "live_codes", "broadcasts", "sign_in"];

/** What the connection is good for, by the last test. */
export function FeaturesPanel({ test }: { test: ConnectionTest | null }) {
  const t = useT();
  const f = useFormat();
  const features = test?.features ?? names.map((name) => ({ name, missing: undefined }));
  return (
    <Panel title={t("wecom.guide.rights.features")} sub={test?.at ? t("wecom.guide.rights.at", { moment: f.relative(test.at) }) : t("wecom.guide.rights.never")}>
      <ul className="ws-rows">
        {features.map(({ name, missing }) => {
          const first = missing?.[0];
          return (
            <li key={name} className="ws-guide-right">
              {missing === undefined ? <MinusOutlined style={{ color: "var(--ws-ink-4)", marginTop: 4 }} /> : first === undefined ? <CheckOutlined style={{ color: "var(--ws-brand)", marginTop: 4 }} /> : <CloseOutlined style={{ color: "var(--ws-loss)", marginTop: 4 }} />}
              <span>
                {t.lookup(`wecom.guide.feature.${name}`) ?? name}
                {first !== undefined && <span className="ws-sub ws-loss">{t("wecom.guide.rights.featureLacks", { right: t(`wecom.guide.right.${first}.name`) })}</span>}
              </span>
              {missing?.length === 0 && <span className="ws-small ws-muted">{t("wecom.guide.rights.featureWorks")}</span>}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
