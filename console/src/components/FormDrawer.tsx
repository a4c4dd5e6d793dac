import { Alert, App, Button, Drawer, Form, type FormInstance } from "antd";
import { useState, type ReactNode } from "react";
import { ApiError } from "@/api/errors";
import { useT } from "@/i18n";
import { layout } from "@/theme/theme";
import { useNotify } from "./useNotify";
import "./states.css";

export interface FormDrawerProps<Values extends object> {
  open: boolean;
  title: ReactNode;
  initial: Partial<Values>;
  onClose: () => void;
  /** Rejects with ApiError: its `fields` go beside the inputs, anything else on top. */
  onSubmit: (values: Values) => Promise<unknown>;
  submitLabel?: string;
  /** Left of the buttons: what stays true whatever is saved. */
  footnote?: ReactNode;
  width?: number;
  children: ReactNode | ((form: FormInstance<Values>) => ReactNode);
}

/** "welcome.attachments.0.url" -> ["welcome", "attachments", 0, "url"] */
export function fieldPath(name: string): (string | number)[] {
  return name.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

export function FormDrawer<Values extends object>(props: FormDrawerProps<Values>) {
  const { open, title, initial, onClose, onSubmit, submitLabel, footnote, width = layout.drawerWidth, children } = props;
  const t = useT();
  const notify = useNotify();
  const { modal } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();

  const submit = async (values: Values) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await onSubmit(values);
      onClose();
    } catch (failure) {
      if (!(failure instanceof ApiError)) {
        notify.failed(failure);
        return;
      }
      // A field that this form does not show would vanish: then its sentence goes on top instead.
      const named = Object.entries(failure.fields).map(([name, error]) => ({ name: fieldPath(name), errors: [error] }));
      const shown = named.filter(({ name }) => form.getFieldInstance(name as never) !== undefined || form.isFieldTouched(name as never));
      form.setFields(named as never);
      setRefusal(named.length > 0 && shown.length === named.length ? t("common.error.checkFields") : [failure.message, ...Object.values(failure.fields)].join(" "));
    } finally {
      setBusy(false);
    }
  };

  const leave = () => {
    if (!form.isFieldsTouched()) {
      onClose();
      return;
    }
    void modal.confirm({ title: t("common.leave"), icon: null, okText: t("common.action.discard"), cancelText: t("common.action.keepEditing"), onOk: onClose });
  };

  return (
    <Drawer
      open={open}
      onClose={leave}
      size={width}
      closable={{ placement: "end" }}
      title={<span className="ws-drawer-title">{title}</span>}
      destroyOnHidden
      afterOpenChange={(shown) => { if (!shown) setRefusal(undefined); }}
      styles={{ wrapper: { maxWidth: "100vw", boxShadow: "var(--ws-drawer-shadow)" }, mask: { background: "transparent" } }}
      footer={
        <div style={{ display: "flex", alignItems: "center", gap: 10 }}>
          <span className="ws-small ws-muted" style={{ marginRight: "auto" }}>{footnote}</span>
          <Button onClick={leave}>{t("common.action.cancel")}</Button>
          <Button type="primary" loading={busy} onClick={() => { form.submit(); }}>
            {submitLabel ?? t("common.action.save")}
          </Button>
        </div>
      }
    >
      {refusal && <Alert type="error" title={refusal} style={{ marginBottom: 14 }} />}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={initial as Values}
        onFinish={(values) => void submit(values)}
        scrollToFirstError={{ block: "center" }}
        requiredMark={false}
        preserve={false}
      >
        {typeof children === "function" ? children(form) : children}
        {/* The visible button stands in the footer, outside the form: without one inside, Enter would do nothing. */}
        <button type="submit" hidden disabled={busy} />
      </Form>
    </Drawer>
  );
}
