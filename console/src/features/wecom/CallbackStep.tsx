import { Alert, Button, Form, Input, InputNumber, Space, Typography } from "antd";
import { useState } from "react";
import { useCan } from "@/api/session";
import { ConfirmButton } from "@/components/ConfirmButton";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { Guide } from "./api";
import { Where } from "./GuideStep";
import { newCallbackSecrets } from "./secrets";
import { StepForm, useSaveStep } from "./StepForm";

interface Pair {
  token: string;
  aes_key: string;
}

/** The pair is made in this browser, saved, and shown here until the page is left: nothing gives it out again. */
export function CallbackStep({ guide }: { guide: Guide }) {
  const t = useT();
  const f = useFormat();
  const notify = useNotify();
  const manage = useCan()("wecom.connection.manage");
  const save = useSaveStep();
  const [fresh, setFresh] = useState<Pair>();
  const [own, setOwn] = useState(false);
  const [busy, setBusy] = useState(false);
  const { connection, public_host, host_is_public } = guide;
  const stored = connection.token_set && connection.aes_key_set;
  const local = connection.sign_in_base_url !== "" || !connection.base_url.includes("qyapi.weixin.qq.com");

  const generate = async () => {
    const pair = newCallbackSecrets();
    setBusy(true);
    try {
      await save(pair);
      setFresh(pair);
      setOwn(false);
    } finally {
      setBusy(false);
    }
  };
  const copy = (value: string) => (
    <Typography.Text code copyable={{ tooltips: [t("common.action.copy"), t("common.action.copied")] }}>{value}</Typography.Text>
  );
  return (
    <>
      <Where>{t("wecom.guide.callback.where")}</Where>
      {!host_is_public && !local && <Alert type="warning" title={t("wecom.guide.callback.notPublic", { host: public_host })} style={{ marginBottom: 14 }} />}
      {fresh && <Alert type="warning" title={t("wecom.guide.callback.now")} style={{ marginBottom: 10 }} />}
      <dl className="ws-guide-copy">
        <dt>{t("wecom.guide.callback.url")}</dt>
        <dd>{copy(connection.callback_url)}</dd>
        {fresh && (
          <>
            <dt>{t("wecom.guide.callback.token")}</dt>
            <dd>{copy(fresh.token)}</dd>
            <dt>{t("wecom.guide.callback.aesKey")}</dt>
            <dd>{copy(fresh.aes_key)}</dd>
          </>
        )}
      </dl>
      {stored && !fresh && <p className="ws-ink2" style={{ marginBottom: 10 }}>{t("wecom.guide.callback.stored")}</p>}
      {stored && (
        <p role="status" style={{ marginBottom: 12 }}>
          {connection.callback_verified_at
            ? <span className="ws-brand">{t("wecom.guide.callback.verified", { moment: f.relative(connection.callback_verified_at) })}</span>
            : <span className="ws-needs">{t("wecom.guide.callback.waiting")}</span>}
          <span className="ws-sub">{guide.last_callback_at ? t("wecom.guide.callback.lastCallback", { moment: f.relative(guide.last_callback_at) }) : t("wecom.guide.callback.noCallback")}</span>
        </p>
      )}
      {manage && !own && (
        <Space wrap>
          {stored ? (
            <ConfirmButton
              verb={t("wecom.guide.callback.regenerate")}
              question={t("wecom.guide.callback.regenerateQuestion")}
              consequence={t("wecom.guide.callback.regenerateConsequence")}
              onConfirm={generate}
            />
          ) : (
            <Button type="primary" loading={busy} disabled={!connection.corp_id} onClick={() => { generate().catch(notify.failed); }}>{t("wecom.guide.callback.generate")}</Button>
          )}
          <button type="button" className="ws-link" style={{ whiteSpace: "normal", textAlign: "left" }} onClick={() => { setOwn(true); }}>{t("wecom.guide.callback.mine")}</button>
        </Space>
      )}
      {own && (
        <StepForm initial={{ token: "", aes_key: "", callback_tolerance_seconds: connection.callback_tolerance_seconds }} secrets={["token", "aes_key"]} onSaved={() => { setFresh(undefined); setOwn(false); }}>
          <Form.Item name="token" label={t("wecom.guide.callback.token")}>
            <Input.Password autoComplete="off" placeholder={connection.token_set ? t("wecom.guide.keep") : undefined} />
          </Form.Item>
          <Form.Item name="aes_key" label={t("wecom.guide.callback.aesKey")}>
            <Input.Password autoComplete="off" placeholder={connection.aes_key_set ? t("wecom.guide.keep") : undefined} />
          </Form.Item>
          <Form.Item name="callback_tolerance_seconds" label={t("wecom.guide.callback.tolerance")} extra={t("wecom.guide.callback.toleranceHelp")}>
            <InputNumber min={30} max={86_400} precision={0} />
          </Form.Item>
        </StepForm>
      )}
    </>
  );
}
