import { useQueryClient } from "@tanstack/react-query";
import { Form, InputNumber } from "antd";
import { api } from "@/api/client";
import { FormDrawer } from "@/components/FormDrawer";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { settingsPath, useSettings, type Settings } from "./api";

export function SettingsDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  const { data } = useSettings(open);
  const save = async (values: Settings) => {
    const saved = await api.put<Settings>(settingsPath, values);
    client.setQueryData(["segment-settings"], saved);
    notify.done(t("segments.settings.saved", { minutes: saved.max_staleness_minutes }));
  };
  if (!data) return null;
  return (
    <FormDrawer<Settings> key={data.max_staleness_minutes} open={open} width={480} title={t("segments.settings.title")} initial={data} onClose={onClose} onSubmit={save} submitLabel={t("common.action.save")}>
      <Form.Item
        name="max_staleness_minutes"
        label={t("segments.settings.label")}
        extra={t("segments.settings.help")}
        rules={[{ required: true, type: "integer", min: 1, max: 1440, message: t("segments.settings.need") }]}
      >
        <InputNumber<number> min={1} max={1440} precision={0} suffix={t("segments.settings.unit")} style={{ width: 180 }} />
      </Form.Item>
      <Form.Item
        name="max_million_rows"
        label={t("segments.settings.rows.label")}
        extra={t("segments.settings.rows.help")}
        rules={[{ required: true, type: "integer", min: 1, max: 10_000_000, message: t("segments.settings.rows.need") }]}
      >
        <InputNumber<number> min={1} max={10_000_000} precision={0} suffix={t("segments.settings.rows.unit")} style={{ width: 220 }} />
      </Form.Item>
    </FormDrawer>
  );
}
