import { Form, Input } from "antd";
import { api } from "@/api/client";
import { FormDrawer } from "@/components/FormDrawer";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";

interface Values {
  old: string;
  password: string;
}

export function OwnPasswordDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT();
  const notify = useNotify();
  return (
    <FormDrawer<Values>
      open={open}
      title={t("settings.password.title")}
      initial={{}}
      width={480}
      footnote={t("settings.password.note")}
      onClose={onClose}
      onSubmit={async (values) => {
        await api.post("/api/v1/me/password", values);
        notify.done(t("settings.password.done"));
      }}
    >
      <Form.Item name="old" label={t("settings.password.old")} rules={[{ required: true, message: t("settings.users.needPassword") }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item name="password" label={t("settings.password.next")} extra={t("settings.password.help")} rules={[{ required: true, message: t("settings.users.needPassword") }]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </FormDrawer>
  );
}
