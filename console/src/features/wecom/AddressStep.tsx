import { Alert, Typography } from "antd";
import { useT } from "@/i18n";
import type { Guide } from "./api";
import { Where } from "./GuideStep";
import { TryButton } from "./TryButton";

/** Only WeCom knows which address it sees; it says so when it refuses it. */
export function AddressStep({ guide }: { guide: Guide }) {
  const t = useT();
  const step = guide.steps.find((one) => one.name === "address");
  const refused = step?.state === "failed";
  const address = step?.detail ?? "";
  return (
    <>
      <Where>{t("wecom.guide.address.where")}</Where>
      {refused && (
        <Alert
          type="error"
          style={{ marginBottom: 12 }}
          title={address ? t("wecom.guide.address.refused", { address }) : t("wecom.guide.address.refusedUnknown")}
          description={address && <Typography.Text code copyable={{ tooltips: [t("common.action.copy"), t("common.action.copied")] }}>{address}</Typography.Text>}
        />
      )}
      {!refused && <p className="ws-ink2">{t(step?.state === "done" ? "wecom.guide.address.works" : "wecom.guide.address.unknown")}</p>}
      <p className="ws-small ws-muted" style={{ margin: "4px 0 12px" }}>{t("wecom.guide.address.proxy")}</p>
      <TryButton guide={guide} />
    </>
  );
}
