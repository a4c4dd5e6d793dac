import { Form, Input } from "antd";
import { Attachments } from "@/components/Attachments";
import { attachmentsRule, byteLength, TEXT_BYTES } from "@/components/attachmentRules";
import { useT } from "@/i18n";

/** Text and up to nine attachments, in the order they are sent. */
export function ContentEditor() {
  const t = useT();
  const text = (Form.useWatch(["content", "text"]) as string | undefined) ?? "";
  const used = byteLength(text);
  const bytes = (value: string) => t("outreach.compose.bytes", { used: byteLength(value), most: TEXT_BYTES });
  return (
    <>
      <Form.Item
        name={["content", "text"]}
        label={t("outreach.compose.text")}
        extra={<span className={used > TEXT_BYTES ? "ws-loss" : undefined}>{bytes(text)} · {t("outreach.compose.textHint")}</span>}
        rules={[{ validator: (_, value: string | undefined) => byteLength(value ?? "") <= TEXT_BYTES ? Promise.resolve() : Promise.reject(new Error(bytes(value ?? ""))) }]}
      >
        <Input.TextArea autoSize={{ minRows: 4, maxRows: 14 }} aria-label={t("outreach.compose.text")} />
      </Form.Item>
      <Form.Item name={["content", "attachments"]} label={t("outreach.compose.attachments")} help="" style={{ marginBottom: 0 }} rules={[attachmentsRule]}>
        <Attachments />
      </Form.Item>
    </>
  );
}
