import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form } from "antd";
import { useState, type ReactNode } from "react";
import { api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { useCan } from "@/api/session";
import { fieldPath } from "@/components/FormDrawer";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { guideKey, paths, type Change, type ConnectionTest, type Guide } from "./api";

/** Saves part of the connection; afterwards the guide shows what that changed. */
export function useSaveStep() {
  const client = useQueryClient();
  return async (change: Change) => {
    const guide = await api.patch<Guide>(paths.company, change);
    client.setQueryData(guideKey, guide);
    await client.invalidateQueries({ queryKey: ["wecom"] });
  };
}

/** Tries every right; the guide keeps what came out. */
export function useTryConnection() {
  const client = useQueryClient();
  return async () => {
    const test = await api.post<ConnectionTest>(paths.test);
    await client.invalidateQueries({ queryKey: guideKey });
    return test;
  };
}

interface StepFormProps {
  initial: Change;
  /** What stands here already and is left empty to keep it: not sent when empty. */
  secrets?: readonly (keyof Change)[];
  thenTry?: boolean;
  onSaved?: (values: Change) => void;
  children: ReactNode;
}

export function StepForm({ initial, secrets = [], thenTry = false, onSaved, children }: StepFormProps) {
  const t = useT();
  const notify = useNotify();
  const manage = useCan()("wecom.connection.manage");
  const save = useSaveStep();
  const tryIt = useTryConnection();
  const [form] = Form.useForm<Change>();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();

  const submit = async (values: Change) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await save(Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== "" || !secrets.includes(name as keyof Change))));
      for (const name of secrets) form.setFieldValue(name, "");
      onSaved?.(values);
      if (thenTry) await tryIt();
      notify.done(t("wecom.guide.saved"));
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
  return (
    <Form<Change> form={form} layout="vertical" requiredMark={false} disabled={!manage} initialValues={initial} onFinish={(values) => void submit(values)} style={{ maxWidth: 480 }}>
      {refusal && <Alert type="error" title={refusal} style={{ marginBottom: 14 }} />}
      {children}
      {manage && <Button type="primary" htmlType="submit" loading={busy}>{t(thenTry ? "wecom.guide.saveAndTry" : "wecom.guide.save")}</Button>}
    </Form>
  );
}
