import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, InputNumber } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";

/** Whole numbers by field name, as the endpoint gives and takes them. */
type Limits = Record<string, number>;

export interface LimitsPanelProps {
  /** GET reads the limits, PUT writes all of them. */
  path: string;
  title: string;
  sub: string;
  fields: { name: string; label: string; min: number; max: number }[];
}

export function LimitsPanel({ path, title, sub, fields }: LimitsPanelProps) {
  const limits = useQuery({ queryKey: [path], queryFn: ({ signal }) => api.get<Limits>(path, undefined, signal) });
  return (
    <Panel title={title} sub={sub}>
      <QueryState query={limits}>{(known) => <LimitsForm path={path} fields={fields} known={known} />}</QueryState>
    </Panel>
  );
}

function LimitsForm({ path, fields, known }: Pick<LimitsPanelProps, "path" | "fields"> & { known: Limits }) {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  const [form] = Form.useForm<Limits>();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const save = async (values: Limits) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      client.setQueryData([path], await api.put<Limits>(path, values));
      notify.done(t("common.saved"));
    } catch (failure) {
      if (!(failure instanceof ApiError)) {
        notify.failed(failure);
        return;
      }
      form.setFields(Object.entries(failure.fields).map(([name, error]) => ({ name, errors: [error] })));
      setRefusal(Object.keys(failure.fields).length > 0 ? t("common.error.checkFields") : failure.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form<Limits> form={form} layout="vertical" requiredMark={false} initialValues={known} onFinish={(values) => void save(values)}>
      {refusal && <Alert type="error" title={refusal} style={{ marginBottom: 14 }} />}
      {fields.map(({ name, label, min, max }) => (
        <Form.Item key={name} name={name} label={label} rules={[{ required: true, message: t("settings.company.needNumber", { min, max }) }]}>
          <InputNumber<number> min={min} max={max} precision={0} style={{ width: 220 }} />
        </Form.Item>
      ))}
      <Button htmlType="submit" loading={busy}>{t("common.action.save")}</Button>
    </Form>
  );
}
