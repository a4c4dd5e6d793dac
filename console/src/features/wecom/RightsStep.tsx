import { CheckOutlined, CloseOutlined } from "@ant-design/icons";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { Guide } from "./api";
import { TryButton } from "./TryButton";

/** Each right with what its read came to; what does not work says why and where to grant it. */
export function RightsStep({ guide }: { guide: Guide }) {
  const t = useT();
  const f = useFormat();
  const { test } = guide;
  return (
    <>
      <p className="ws-small ws-muted" style={{ marginBottom: 8 }}>{test?.at ? t("wecom.guide.rights.at", { moment: f.relative(test.at) }) : t("wecom.guide.rights.never")}</p>
      {test && (
        <ul className="ws-rows" style={{ marginBottom: 12 }}>
          {test.checks.map((check) => (
            <li key={check.name} className="ws-guide-right">
              {check.works ? <CheckOutlined style={{ color: "var(--ws-brand)", marginTop: 4 }} /> : <CloseOutlined style={{ color: "var(--ws-loss)", marginTop: 4 }} />}
              <span>
                {t(`wecom.guide.right.${check.name}.name`)}
                {!check.works && (
                  <>
                    <span className="ws-sub ws-loss">{t.lookup(`wecom.guide.reason.${check.reason}`) ?? check.message} <code className="ws-code">{check.reason}</code></span>
                    <span className="ws-sub">{t("wecom.guide.rights.grant")}{t.language === "zh" ? "：" : ": "}{t(`wecom.guide.right.${check.name}.grant`)}</span>
                  </>
                )}
              </span>
              {check.count != null && <span className="ws-muted ws-small">{t("wecom.guide.rights.count", { count: check.count })}</span>}
            </li>
          ))}
          {test.checks.length === 1 && !test.works && <li className="ws-muted">{t("wecom.guide.rights.notTried")}</li>}
        </ul>
      )}
      <TryButton guide={guide} />
    </>
  );
}
