import { LinkOutlined, PictureOutlined } from "@ant-design/icons";
import { Button, Form, Input, Progress, Upload, type UploadProps } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { ATTACHMENTS_MOST, byteLength, mediaPath, mediaUrl, TEXT_BYTES, type Media } from "./api";

const listName = ["content", "attachments"];

/** Text and up to nine attachments, in the order they are sent. */
export function ContentEditor() {
  const t = useT();
  const text = (Form.useWatch(["content", "text"]) as string | undefined) ?? "";
  const used = byteLength(text);
  return (
    <>
      <Form.Item
        name={["content", "text"]}
        label={t("outreach.compose.text")}
        extra={<span className={used > TEXT_BYTES ? "ws-loss" : undefined}>{t("outreach.compose.bytes", { used, most: TEXT_BYTES })} · {t("outreach.compose.textHint")}</span>}
        rules={[{ validator: (_, value: string | undefined) => byteLength(value ?? "") <= TEXT_BYTES ? Promise.resolve() : Promise.reject(new Error(t("outreach.compose.bytes", { used: byteLength(value ?? ""), most: TEXT_BYTES }))) }]}
      >
        <Input.TextArea autoSize={{ minRows: 4, maxRows: 14 }} aria-label={t("outreach.compose.text")} />
      </Form.Item>
      <Form.Item label={t("outreach.compose.attachments")}>
        <Attachments />
      </Form.Item>
    </>
  );
}

function Attachments() {
  const t = useT();
  const form = Form.useFormInstance();
  const kindOf = (index: number) => form.getFieldValue([...listName, index, "kind"]) as string | undefined;
  return (
    <Form.List name={listName}>
      {(fields, { add, remove }) => (
        <>
          {fields.map(({ key, name }) => (
            <div className="ws-attach" key={key}>
              <header>
                <span>{t(kindOf(name) === "image" ? "outreach.compose.image" : "outreach.compose.link")}</span>
                <button type="button" className="ws-link" onClick={() => { remove(name); }}>{t("outreach.compose.remove")}</button>
              </header>
              <Form.Item name={[name, "kind"]} hidden><Input /></Form.Item>
              {kindOf(name) === "image" ? <ImageRow index={name} /> : <LinkRow index={name} />}
            </div>
          ))}
          <div className="ws-attach-add">
            <PictureButton disabled={fields.length >= ATTACHMENTS_MOST} onUploaded={(media) => { add({ kind: "image", media_file_id: media.id }); }} />
            <Button size="small" icon={<LinkOutlined />} disabled={fields.length >= ATTACHMENTS_MOST} onClick={() => { add({ kind: "link", title: "", url: "", desc: "", pic_url: "" }); }}>{t("outreach.compose.addLink")}</Button>
            <span className="ws-small ws-muted">{t("outreach.compose.attachmentsHint")}</span>
          </div>
        </>
      )}
    </Form.List>
  );
}

function PictureButton({ disabled, onUploaded }: { disabled: boolean; onUploaded: (media: Media) => void }) {
  const t = useT();
  const notify = useNotify();
  const [share, setShare] = useState<number>();
  const send: NonNullable<UploadProps["customRequest"]> = ({ file }) => {
    const body = new FormData();
    body.append("file", file as File);
    setShare(0);
    api.upload<Media>(mediaPath, body, setShare).then(onUploaded).catch(notify.failed).finally(() => { setShare(undefined); });
  };
  if (share !== undefined) return <Progress percent={Math.round(share * 100)} size="small" format={() => t("outreach.compose.uploading")} style={{ width: 180 }} />;
  return (
    <Upload accept="image/png,image/jpeg" showUploadList={false} customRequest={send} disabled={disabled}>
      <Button size="small" icon={<PictureOutlined />} disabled={disabled}>{t("outreach.compose.addImage")}</Button>
    </Upload>
  );
}

function ImageRow({ index }: { index: number }) {
  const t = useT();
  const form = Form.useFormInstance();
  const id = form.getFieldValue([...listName, index, "media_file_id"]) as number;
  return (
    <Form.Item name={[index, "media_file_id"]} valuePropName="data-id" style={{ marginBottom: 0 }}>
      <img src={mediaUrl(id)} alt={t("outreach.compose.image")} />
    </Form.Item>
  );
}

const linkFields = [
  { name: "title", label: "outreach.compose.linkTitle" },
  { name: "url", label: "outreach.compose.linkUrl" },
  { name: "desc", label: "outreach.compose.linkDesc" },
  { name: "pic_url", label: "outreach.compose.linkPicture" },
] as const;

/** What is wrong with a link is said by the API beside the field: one set of rules for console and API. */
function LinkRow({ index }: { index: number }) {
  const t = useT();
  return (
    <>
      {linkFields.map(({ name, label }) => (
        <Form.Item key={name} name={[index, name]} style={{ marginBottom: 8 }}>
          <Input placeholder={t(label)} aria-label={t(label)} />
        </Form.Item>
      ))}
    </>
  );
}
