import { Form, Input } from "antd";
import { api } from "@/api/client";
import { FormDrawer } from "@/components/FormDrawer";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { paths, type User } from "./api";

export function ResetPasswordDrawer({ user, onClose }: { user: User | undefined; onClose: () => void }) {
  const t = useT();
  const notify = useNotify();
  return (
    <FormDrawer<{ password: string }>
      open={user !== undefined}
      title={t("settings.users.resetTitle", { name: user?.name ?? "" })}
      initial={{}}
      width={480}
      footnote={t("settings.users.resetNote")}
      onClose={onClose}
      onSubmit={async (values) => {
        await api.post(`${paths.users}/${String(user?.id)}/password`, values);
        notify.done(t("settings.users.resetDone"));
      }}
    >
      <Form.Item name="password" label={t("settings.users.newPassword")} extra={t("settings.users.passwordHelp")} rules={[{ required: true, message: t("settings.users.needPassword") }]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </FormDrawer>
  );
}
