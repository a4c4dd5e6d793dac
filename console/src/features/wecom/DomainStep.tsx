import { Alert, Form, Input, Typography } from "antd";
import { Link } from "react-router";
import { useCan } from "@/api/session";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { Guide } from "./api";
import { Where } from "./GuideStep";
import { StepForm } from "./StepForm";

export function DomainStep({ guide }: { guide: Guide }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const { connection, public_host, host_is_public } = guide;
  const step = guide.steps.find((one) => one.name === "domain");
  const proof = `${location.origin}/WW_verify_${connection.domain_proof}.txt`;
  return (
    <>
      <Where>{t("wecom.guide.domain.where")}</Where>
      {!host_is_public && connection.sign_in_base_url === "" && <Alert type="warning" title={t("wecom.guide.domain.notPublic", { host: public_host })} style={{ marginBottom: 14 }} />}
      <dl className="ws-guide-copy">
        <dt>{t("wecom.guide.domain.host")}</dt>
        <dd><Typography.Text code copyable={{ tooltips: [t("common.action.copy"), t("common.action.copied")] }}>{public_host}</Typography.Text></dd>
      </dl>
      {connection.corp_id !== "" && (
        <StepForm initial={{ domain_proof: connection.domain_proof && `WW_verify_${connection.domain_proof}.txt` }}>
          <Form.Item name="domain_proof" label={t("wecom.guide.domain.proof")} extra={t("wecom.guide.domain.proofHelp")}><Input placeholder="WW_verify_….txt" autoComplete="off" /></Form.Item>
          {connection.domain_proof !== "" && <p className="ws-small" style={{ marginBottom: 12, overflowWrap: "anywhere" }}><a href={proof} target="_blank" rel="noreferrer">{t("wecom.guide.domain.proofServed", { url: proof })}</a></p>}
        </StepForm>
      )}
      <p className="ws-small ws-muted" style={{ marginTop: 12 }}>
        {step?.state === "done" && step.at ? t("wecom.guide.domain.done", { moment: f.relative(step.at) }) : t("wecom.guide.domain.waiting")}
      </p>
      {can("people.sign_in.manage") && <p style={{ marginTop: 8 }}><Link to="/settings/sign-in">{t("wecom.guide.domain.rules")}</Link></p>}
    </>
  );
}
