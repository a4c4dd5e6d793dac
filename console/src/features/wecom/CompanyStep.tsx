import { Form, Input } from "antd";
import { useState } from "react";
import { useT } from "@/i18n";
import type { Guide } from "./api";
import { Where } from "./GuideStep";
import { StepForm } from "./StepForm";

const official = "https://qyapi.weixin.qq.com";

export function CompanyStep({ guide: { connection } }: { guide: Guide }) {
  const t = useT();
  const [advanced, setAdvanced] = useState(connection.base_url !== official || connection.sign_in_base_url !== "");
  return (
    <>
      <Where>{t("wecom.guide.company.where")}</Where>
      <StepForm
        initial={{ corp_id: connection.corp_id, name: connection.name, ...(advanced && { base_url: connection.base_url, sign_in_base_url: connection.sign_in_base_url }) }}
        thenTry={connection.connected}
      >
        <Form.Item name="corp_id" label={t("wecom.guide.company.corpId")} rules={[{ required: true, whitespace: true, message: t("wecom.guide.company.needCorpId") }]}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="name" label={t("wecom.guide.company.name")}><Input /></Form.Item>
        {advanced ? (
          <>
            <Form.Item name="base_url" label={t("wecom.guide.company.baseUrl")} extra={t("wecom.guide.company.baseUrlHelp")} initialValue={connection.base_url}><Input /></Form.Item>
            <Form.Item name="sign_in_base_url" label={t("wecom.guide.company.signInBaseUrl")} extra={t("wecom.guide.company.signInBaseUrlHelp")} initialValue={connection.sign_in_base_url}><Input /></Form.Item>
          </>
        ) : (
          <p style={{ marginBottom: 14 }}><button type="button" className="ws-link" onClick={() => { setAdvanced(true); }}>{t("wecom.guide.company.advanced")}</button></p>
        )}
      </StepForm>
    </>
  );
}
