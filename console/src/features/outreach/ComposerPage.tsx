import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, InputNumber, Radio, Steps } from "antd";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { useMe } from "@/api/session";
import { previewOf } from "@/components/attachmentRules";
import { ConfirmButton } from "@/components/ConfirmButton";
import { EmptyState } from "@/components/EmptyState";
import { fieldPath } from "@/components/FormDrawer";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { PhonePreview } from "@/components/PhonePreview";
import { QueryState } from "@/components/QueryState";
import { useNotify } from "@/components/useNotify";
import { useRefreshList } from "@/components/ServerTable";
import { useT } from "@/i18n";
import { broadcastKey, broadcastsPath, onePath, pagePath, useBroadcast, type Broadcast, type BroadcastWish, type Content } from "./api";
import { ContentEditor } from "./ContentEditor";
import { SegmentField } from "./SegmentField";
import "./outreach.css";

const purposes = ["marketing", "service", "transactional"] as const;

export default function ComposerPage() {
  const { broadcastId } = useParams();
  const t = useT();
  const query = useBroadcast(broadcastId, false);
  if (broadcastId === undefined) return <Composer />;
  return (
    <QueryState query={query}>
      {(broadcast) => broadcast.status === "draft" || broadcast.status === "failed"
        ? <Composer broadcast={broadcast} />
        : <EmptyState title={t("outreach.compose.submittedAlready")} />}
    </QueryState>
  );
}

function Composer({ broadcast }: { broadcast?: Broadcast }) {
  const t = useT();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const refresh = useRefreshList();
  const [params] = useSearchParams();
  const [form] = Form.useForm<BroadcastWish>();
  const [busy, setBusy] = useState<"save" | "rehearse">();
  const [refusal, setRefusal] = useState<string>();
  const segment = Form.useWatch("segment_id", form) as number | undefined;
  const initial: Partial<BroadcastWish> = broadcast ?? {
    name: "", purpose: "marketing", control_percent: 10, result_days: 7, content: { text: "", attachments: [] },
    ...(Number(params.get("segment")) > 0 && { segment_id: Number(params.get("segment")) }),
  };

  const save = async (then: "save" | "rehearse") => {
    let values: BroadcastWish;
    try {
      values = await form.validateFields();
    } catch {
      return;
    }
    setBusy(then);
    setRefusal(undefined);
    try {
      const wish = { ...values, content: { text: values.content.text ?? "", attachments: values.content.attachments ?? [] } };
      const saved = broadcast ? await api.put<Broadcast>(onePath(broadcast.id), wish) : await api.post<Broadcast>(broadcastsPath, wish);
      client.setQueryData(broadcastKey(saved.id), saved);
      void refresh(broadcastsPath);
      if (then === "save") notify.done(t("outreach.compose.saved"));
      void navigate(pagePath(saved.id, then === "save" ? "/edit" : "/rehearsal"), { replace: then === "save" });
    } catch (failure) {
      if (!(failure instanceof ApiError)) {
        notify.failed(failure);
        return;
      }
      const named = Object.entries(failure.fields);
      form.setFields(named.map(([name, error]) => ({ name: fieldPath(name), errors: [error] })) as never);
      setRefusal(named.length > 0 ? t("common.error.checkFields") : failure.message);
    } finally {
      setBusy(undefined);
    }
  };
  const remove = async () => {
    if (!broadcast) return;
    await api.delete(onePath(broadcast.id));
    notify.done(t("outreach.compose.deleted"));
    void refresh(broadcastsPath);
    void navigate("/outreach/broadcasts");
  };

  return (
    <Form<BroadcastWish> form={form} layout="vertical" initialValues={initial} requiredMark={false} onFinish={() => void save("rehearse")}>
      <PageHeader
        crumbs={[{ label: t("outreach.section") }, { label: t("outreach.menu.broadcasts"), to: "/outreach/broadcasts" }]}
        title={t(broadcast ? "outreach.compose.titleEdit" : "outreach.compose.titleNew")}
        lede={t("outreach.compose.lede")}
        actions={
          <>
            {broadcast && <ConfirmButton danger question={t("outreach.compose.deleteQuestion")} consequence={t("outreach.compose.deleteConsequence")} verb={t("common.action.delete")} onConfirm={remove}>{t("outreach.compose.delete")}</ConfirmButton>}
            <Button loading={busy === "save"} onClick={() => void save("save")}>{t("outreach.compose.save")}</Button>
            <Button type="primary" loading={busy === "rehearse"} onClick={() => void save("rehearse")}>{t("outreach.compose.rehearse")}</Button>
          </>
        }
      />
      <BroadcastSteps current={segment === undefined ? 0 : 1} />
      {refusal && <Alert type="error" title={refusal} style={{ marginBottom: 14 }} />}
      <div className="ws-grid" style={{ gridTemplateColumns: "minmax(0,1fr) 300px" }}>
        <div className="ws-stack">
          <Panel title={t("outreach.compose.whom")}>
            <Form.Item name="segment_id" label={t("outreach.compose.segment")} rules={[{ required: true, message: t("outreach.compose.segmentHint") }]}>
              <SegmentField />
            </Form.Item>
            <Form.Item name="name" label={t("outreach.compose.name")} rules={[{ required: true, whitespace: true, message: t("common.error.required") }]}>
              <Input maxLength={60} placeholder={t("outreach.compose.nameHint")} />
            </Form.Item>
            <Form.Item name="purpose" label={t("outreach.compose.purpose")} extra={t("outreach.compose.purposeHint")} style={{ marginBottom: 0 }}>
              <Radio.Group options={purposes.map((one) => ({ value: one, label: t(`outreach.purpose.${one}`) }))} optionType="button" />
            </Form.Item>
          </Panel>
          <Panel title={t("outreach.compose.what")}><ContentEditor /></Panel>
          <Panel title={t("outreach.compose.measure")}>
            <div className="ws-measure">
              <Form.Item name="control_percent" label={t("outreach.compose.control")} extra={t("outreach.compose.controlHint")}>
                <InputNumber min={0} max={50} precision={0} suffix="%" style={{ width: 120 }} />
              </Form.Item>
              <Form.Item name="result_days" label={t("outreach.compose.days")} extra={t("outreach.compose.daysHint")}>
                <InputNumber min={1} max={90} precision={0} style={{ width: 120 }} />
              </Form.Item>
            </div>
          </Panel>
        </div>
        <Preview />
      </div>
    </Form>
  );
}

export function BroadcastSteps({ current }: { current: number }) {
  const t = useT();
  const names = ["audience", "content", "rehearsal", "submit"] as const;
  return <Steps className="ws-broadcast-steps" size="small" responsive={false} current={current} items={names.map((one) => ({ title: t(`outreach.compose.steps.${one}`) }))} />;
}

function Preview() {
  const t = useT();
  const me = useMe();
  const content = Form.useWatch((values: BroadcastWish) => values.content as Content | undefined);
  const messages = content ? previewOf(content.text ?? "", content.attachments ?? [], t("common.attachment.image")) : [];
  return (
    <div className="ws-preview">
      <h2>{t("outreach.compose.preview")}</h2>
      <PhonePreview
        sender={t("outreach.compose.previewSender")}
        company={me.company.name}
        messages={messages}
        {...(messages.length === 0 && { footnote: t("outreach.compose.previewEmpty") })}
      />
    </div>
  );
}
