import { Form, Input, InputNumber } from "antd";
import { useT } from "@/i18n";
import type { Guide } from "./api";
import { Where } from "./GuideStep";
import { StepForm } from "./StepForm";

export function AppStep({ guide: { connection } }: { guide: Guide }) {
  const t = useT();
  return (
    <>
      <Where>{t("wecom.guide.app.where")}</Where>
      <StepForm initial={{ agent_id: connection.agent_id || null, secret: "" }} secrets={["secret"]} thenTry>
        <Form.Item name="agent_id" label={t("wecom.guide.app.agentId")} rules={[{ required: true, message: t("wecom.guide.app.needAgentId") }]}>
          <InputNumber min={1} precision={0} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="secret" label={t("wecom.guide.app.secret")} rules={connection.secret_set ? [] : [{ required: true, message: t("wecom.guide.app.needSecret") }]}>
          <Input.Password autoComplete="off" placeholder={connection.secret_set ? t("wecom.guide.keep") : undefined} />
        </Form.Item>
      </StepForm>
    </>
  );
}
