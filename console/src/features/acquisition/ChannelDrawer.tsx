import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, InputNumber } from "antd";
import { api } from "@/api/client";
import { FormDrawer } from "@/components/FormDrawer";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { channelsKey, paths, type Channel } from "./api";
import { ChannelPicker } from "./ChannelPicker";

interface Values {
  name: string;
  parent_id: number | null;
  /** In whole units of the currency; the API takes fen. */
  cost: number | null;
  note: string;
}

export type ChannelTarget = { channel: Channel } | { below: number | null };

export function ChannelDrawer({ target, onClose }: { target: ChannelTarget | undefined; onClose: () => void }) {
  const t = useT();
  const f = useFormat();
  const notify = useNotify();
  const client = useQueryClient();
  const known = target && "channel" in target ? target.channel : undefined;
  const below = target && "below" in target ? target.below : null;

  const save = async (values: Values) => {
    const body = { name: values.name, parent_id: values.parent_id ?? null, cost_fen: Math.round((values.cost ?? 0) * 100), note: values.note ?? "" };
    if (known) await api.patch(`${paths.channels}/${String(known.id)}`, body);
    else await api.post(paths.channels, body);
    await client.invalidateQueries({ queryKey: channelsKey });
    notify.done(t(known ? "acquisition.channel.saved" : "acquisition.channel.made", { name: values.name }));
  };

  return (
    <FormDrawer<Values>
      key={known?.id ?? `below-${String(below)}`}
      open={target !== undefined}
      width={480}
      title={known ? <>{t("acquisition.channel.edit")} <span style={{ marginInlineStart: 8 }}>{known.name}</span></> : t("acquisition.channel.create")}
      initial={known ? { name: known.name, parent_id: known.parent_id, cost: known.cost_fen / 100, note: known.note } : { parent_id: below, cost: null, note: "" }}
      onClose={onClose}
      onSubmit={save}
      submitLabel={known ? t("common.action.save") : t("acquisition.channel.createVerb")}
    >
      <Form.Item name="name" label={t("acquisition.channel.name")} rules={[{ required: true, whitespace: true, message: t("acquisition.channel.needName") }]}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="parent_id" label={t("acquisition.channel.parent")}>
        <ChannelPicker placeholder={t("acquisition.channel.parentNone")} without={known?.id} />
      </Form.Item>
      <Form.Item name="cost" label={t("acquisition.channel.cost")} extra={t("acquisition.channel.costHelp")}>
        <InputNumber<number> min={0} max={99_999_999_999} precision={2} prefix={f.currencySymbol} style={{ width: 220 }} />
      </Form.Item>
      <Form.Item name="note" label={t("acquisition.channel.note")}>
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </FormDrawer>
  );
}
