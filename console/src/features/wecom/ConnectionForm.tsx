import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, InputNumber, Space } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { useCan } from "@/api/session";
import { fieldPath } from "@/components/FormDrawer";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { connectionKey, paths, type Connection, type Wish } from "./api";

/** Secrets that stand already are left out of what is sent, so that saving does not wipe them. */
export function ConnectionForm({ known }: { known: Connection }) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const client = useQueryClient();
  const [form] = Form.useForm<Wish>();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const manage = can("wecom.connection.manage");

  const save = async ({ secret, token, aes_key, ...plain }: Wish) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const body = { ...plain, secret: secret || null, token: token || null, aes_key: aes_key || null };
      const saved = await api.put<Connection>(paths.company, body);
      client.setQueryData(connectionKey, saved);
      await client.invalidateQueries({ queryKey: ["wecom"] });
      form.setFieldsValue({ secret: "", token: "", aes_key: "" });
      notify.done(t("wecom.form.saved"));
    } catch (failure) {
      if (!(failure instanceof ApiError)) {
        notify.failed(failure);
        return;
      }
      const fields = Object.entries(failure.fields);
      form.setFields(fields.map(([name, error]) => ({ name: fieldPath(name), errors: [error] })) as never);
      setRefusal(fields.length > 0 ? t("common.error.checkFields") : failure.message);
    } finally {
      setBusy(false);
    }
  };
  const kept = (set: boolean) => (set ? t("wecom.form.keep") : undefined);
  return (
    <Form<Wish>
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!manage}
      initialValues={{ corp_id: known.corp_id, name: known.name, agent_id: known.agent_id, base_url: known.base_url, callback_tolerance_seconds: known.callback_tolerance_seconds }}
      onFinish={(values) => void save(values)}
      style={{ maxWidth: 560 }}
    >
      {known.last_error && <Alert type="warning" title={known.last_error} style={{ marginBottom: 14 }} />}
      {refusal && <Alert type="error" title={refusal} style={{ marginBottom: 14 }} />}
      <Form.Item name="corp_id" label={t("wecom.form.corpId")} extra={t("wecom.form.corpIdHelp")} rules={[{ required: true, whitespace: true, message: t("wecom.form.needCorpId") }]}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t("wecom.form.name")}><Input /></Form.Item>
      <Form.Item name="agent_id" label={t("wecom.form.agentId")}><InputNumber min={0} precision={0} style={{ width: "100%" }} /></Form.Item>
      <Form.Item name="secret" label={t("wecom.form.secret")} extra={t("wecom.form.secretHelp")}>
        <Input.Password autoComplete="off" placeholder={kept(known.secret_set)} />
      </Form.Item>
      <Form.Item name="token" label={t("wecom.form.token")}>
        <Input.Password autoComplete="off" placeholder={kept(known.token_set)} />
      </Form.Item>
      <Form.Item name="aes_key" label={t("wecom.form.aesKey")} extra={t("wecom.form.aesKeyHelp")}>
        <Input.Password autoComplete="off" placeholder={kept(known.aes_key_set)} />
      </Form.Item>
      <Form.Item name="base_url" label={t("wecom.form.baseUrl")} extra={t("wecom.form.baseUrlHelp")}><Input /></Form.Item>
      <Form.Item label={t("wecom.form.tolerance")} extra={t("wecom.form.toleranceHelp")}>
        <Space>
          <Form.Item name="callback_tolerance_seconds" noStyle><InputNumber min={30} max={86_400} precision={0} /></Form.Item>
          {t("wecom.form.seconds")}
        </Space>
      </Form.Item>
      {manage && <Button type="primary" htmlType="submit" loading={busy}>{t("wecom.form.save")}</Button>}
    </Form>
  );
}
